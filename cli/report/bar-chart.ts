import { counted, escaped, grouped, remark } from "./markup";
import { NEARLY_EXHAUSTED, percentUsed } from "./share";

/** One bar: a number, or how much of a whole. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What stands behind the bar, where it is a share of something. */
  readonly of?: number;
  /** It needs someone to look at it; where it is a share, that follows from the share. */
  readonly isBad?: boolean;
}

interface Chart {
  /** What the chart shows, for who cannot see it. */
  readonly title: string;
  /** What is counted, in the plural: `customers`. */
  readonly unit: string;
  /** What bars are of: `allocated`. Without it there is no legend. */
  readonly whole?: { readonly part: string; readonly whole: string };
  /** The table that has what is not drawn: `the table of all services`. */
  readonly table?: string;
  /** `numbers`: the longest bar is the greatest number. `shares`: each whole is as long as the others. */
  readonly scale: "numbers" | "shares";
}

/** How many bars a chart holds; the tables have everything. */
const MOST_BARS = 20;

/** Horizontal bars, the first {@link MOST_BARS} of them. Each is a line of text with a picture of it, so that it reads without the pictures too. */
export function barChart({ title, unit, whole, table = "the table", scale }: Chart, bars: readonly Bar[]): string {
  const shown = bars.slice(0, MOST_BARS);
  const most = Math.max(1, ...shown.map(({ value, of = 0 }) => Math.max(value, of)));
  const rows = shown.map((bar) => row(bar, scale === "shares" ? Math.max(1, bar.of ?? 0) : most, unit));
  return [
    `<figure class="chart" aria-label="${escaped(title)}">`,
    ...(whole === undefined ? [] : [legend(whole)]),
    `<ul class="bars">${rows.join("\n")}</ul>`,
    ...(shown.length < bars.length
      ? [remark(`The first ${shown.length} of ${grouped(bars.length)}; ${table} has all.`)]
      : []),
    "</figure>",
  ].join("\n");
}

function row({ label, value, of, isBad = false }: Bar, most: number, unit: string): string {
  const percent = percentUsed({ allocated: of ?? 0, used: value });
  const note =
    of === undefined
      ? counted(value, unit.replace(/s$/, ""), unit)
      : `${grouped(value)} of ${grouped(of)} ${unit}${percent === null ? "" : ` (${grouped(percent)} %)`}`;
  const isFull = isBad || (percent !== null && percent >= NEARLY_EXHAUSTED * 100);
  const picture = [
    ...(of === undefined ? [] : [rectangle("whole", of / most)]),
    rectangle(isFull ? "part full" : "part", value / most),
  ];
  return `<li><span class="label">${escaped(label)}</span>${svg("bar", picture.join(""))}<span class="note">${escaped(note)}</span></li>`;
}

/** @param share of the width; more than 1 is cut off, and what is more than nothing can be seen */
function rectangle(className: string, share: number): string {
  return `<rect class="${className}" width="${Math.ceil(Math.min(share, 1) * 1000)}" height="1"/>`;
}

function svg(className: string, content: string): string {
  return `<svg class="${className}" aria-hidden="true" viewBox="0 0 1000 1" preserveAspectRatio="none">${content}</svg>`;
}

function legend({ part, whole }: { readonly part: string; readonly whole: string }): string {
  const entry = (className: string, text: string): string =>
    `<span>${svg("swatch", rectangle(className, 1))} ${escaped(text)}</span>`;
  return `<figcaption class="legend">${[
    entry("part", part),
    entry("part full", `${part}, ${NEARLY_EXHAUSTED * 100} % and more`),
    entry("whole", whole),
  ].join("\n")}</figcaption>`;
}
