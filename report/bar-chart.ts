import { escaped } from "./markup";

/** One bar: how much of a whole. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What stands behind the bar, where it is a share of something. */
  readonly of?: number;
  /** What is written at its end. */
  readonly note: string;
}

const ROW = 26;
const LABEL_WIDTH = 250;
const BAR_WIDTH = 330;
const NOTE_WIDTH = 140;
const MOST_LABEL = 36;

/** Horizontal bars as a picture of its own, in the colours of the page; a table beside it tells the same to who cannot see it. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const most = Math.max(1, ...bars.map(({ value, of = 0 }) => Math.max(value, of)));
  const width = LABEL_WIDTH + BAR_WIDTH + NOTE_WIDTH;
  const height = bars.length * ROW + 4;
  const length = (value: number): string => ((value / most) * BAR_WIDTH).toFixed(1);
  const rows = bars.map(({ label, value, of, note }, index) => {
    const y = index * ROW + 4;
    const short = label.length > MOST_LABEL ? `${label.slice(0, MOST_LABEL - 1)}…` : label;
    return [
      `<text class="label" x="${LABEL_WIDTH - 8}" y="${y + 14}" text-anchor="end">${escaped(short)}<title>${escaped(label)}</title></text>`,
      ...(of === undefined
        ? []
        : [`<rect class="whole" x="${LABEL_WIDTH}" y="${y}" width="${length(of)}" height="18" rx="3"/>`]),
      `<rect class="part${of !== undefined && value >= of * 0.9 ? " full" : ""}" x="${LABEL_WIDTH}" y="${y}" width="${length(value)}" height="18" rx="3"/>`,
      `<text class="note" x="${LABEL_WIDTH + Number(length(Math.max(value, of ?? 0))) + 6}" y="${y + 14}">${escaped(note)}</text>`,
    ].join("");
  });
  return `<div class="scroll"><svg role="img" aria-label="${escaped(title)}" viewBox="0 0 ${width} ${height}" style="max-width:${width}px">${rows.join("\n")}</svg></div>`;
}
