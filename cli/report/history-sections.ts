import type { UsePoint } from "../history/trend";
import type { UseOverTime } from "../history/use-over-time";
import { escaped, grouped, remark, type Section } from "./markup";
import { dataTable } from "./table";

/** How many lines a chart holds, as with bars. */
const MOST_LINES = 20;
/** How many points a line is drawn with: it is no wider on the page. */
const MOST_POINTS = 200;

/** How use has changed, and what will be exhausted. */
export function historySections(history: UseOverTime): Section[] {
  const { looks, services, tenants, forecasts } = history;
  const points = services.flatMap((one) => one.points);
  const times = points.map(({ at }) => at);
  if (looks < 2 || times.length === 0) {
    return [
      {
        id: "over-time",
        title: "Use over time",
        content: [
          remark("The history has no earlier figures of these tenants: run the report again, with the same history."),
        ],
      },
    ];
  }
  const [from, to] = times.reduce(([least, most], at) => [Math.min(least, at), Math.max(most, at)], [Infinity, 0]);
  return [
    {
      id: "forecasts",
      title: "Services that will be exhausted",
      content: [
        ...(forecasts.length === 0
          ? [remark("No use rises to its limit within a year, as far as at least three days of history tell.")]
          : [
              remark("If use goes on as it has on the days of the history, by a straight line; the first first."),
              dataTable(
                "Services that will be exhausted",
                [
                  { title: "Tenant" },
                  { title: "Service" },
                  { title: "Kind", isExact: true },
                  { title: "Allocated", isNumber: true },
                  { title: "In use", isNumber: true },
                  { title: "In packs", isNumber: true },
                  { title: "More a day", isNumber: true },
                  { title: "Exhausted on", isExact: true },
                ],
                forecasts.map(({ tenantId, service, kind, allocated, inUse, inPacks, perDay, exhaustedOn }) => [
                  tenantId,
                  service,
                  kind === "groupServices" ? "group" : "user",
                  allocated,
                  inUse,
                  inPacks,
                  perDay.toFixed(perDay < 10 ? 2 : 0),
                  exhaustedOn,
                ]),
              ),
            ]),
      ],
    },
    {
      id: "over-time",
      title: "Use over time",
      content: [
        remark(`Licences in use, as read ${grouped(looks)} times from ${day(from)} to ${day(to)}.`),
        lineChart(
          "By service",
          services.map(({ service, kind, points: all }) => ({
            label: `${service} (${kind === "groupServices" ? "group" : "user"})`,
            points: all,
          })),
          [from, to],
        ),
        lineChart(
          "By tenant",
          tenants.map(({ tenantId, points: all }) => ({ label: tenantId, points: all })),
          [from, to],
        ),
      ],
    },
  ];
}

interface Line {
  readonly label: string;
  readonly points: readonly UsePoint[];
}

function lineChart(title: string, lines: readonly Line[], span: readonly [from: number, to: number]): string {
  const drawn = lines.filter(({ points }) => points.some(({ inUse }) => inUse > 0)).slice(0, MOST_LINES);
  return [
    `<figure class="chart">`,
    `<figcaption class="legend">${escaped(title)}</figcaption>`,
    `<ul class="bars">${drawn.map((line) => row(line, span)).join("\n")}</ul>`,
    ...(drawn.length < lines.length
      ? [remark(`The ${drawn.length} with the most in use, of ${grouped(lines.length)}.`)]
      : []),
    "</figure>",
  ].join("\n");
}

function row({ label, points }: Line, [from, to]: readonly [number, number]): string {
  const values = points.map(({ inUse }) => inUse);
  const most = values.reduce((greatest, value) => Math.max(greatest, value), 1);
  const least = values.reduce((smallest, value) => Math.min(smallest, value), most);
  const x = ({ at }: UsePoint): number => (to === from ? 0 : Math.round(((at - from) / (to - from)) * 1000));
  const y = ({ inUse }: UsePoint): number => 95 - Math.round((inUse / most) * 90);
  const corners = thinned(points).map((point) => `${x(point)},${y(point)}`);
  const picture = `<svg class="line" aria-hidden="true" viewBox="0 0 1000 100" preserveAspectRatio="none"><polyline points="${corners.join(" ")}"/></svg>`;
  const note = `${grouped(values[0] ?? 0)} → ${grouped(values.at(-1) ?? 0)} (${grouped(least)} to ${grouped(most)})`;
  return `<li><span class="label">${escaped(label)}</span>${picture}<span class="note">${note}</span></li>`;
}

/** The highest of each group of neighbours, so that no peak is lost. */
function thinned(points: readonly UsePoint[]): UsePoint[] {
  const size = Math.ceil(points.length / MOST_POINTS);
  return Array.from({ length: Math.ceil(points.length / Math.max(size, 1)) }, (_, index) =>
    points.slice(index * size, (index + 1) * size).reduce((high, point) => (point.inUse > high.inUse ? point : high)),
  );
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
