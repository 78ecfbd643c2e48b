import type { Start } from "./plugin-start";
import { FAR, markdownTable, type Sample } from "./results";

/** What the native plugin is to reach. */
const MOST = {
  start: 0.5,
  memory: 0.65,
  memoryOfThousand: 120,
  deploy: 0.85,
  refresh: 1,
  farPreview: 1,
} as const;

/** A figure that is to be at most so large, and where it was seen. */
interface Seen {
  readonly where: string;
  readonly figure: number;
}

/** Each target of the native plugin, and what this run shows of it; all figures without a unit are native / dynamic. */
export function targetTable(samples: readonly Sample[], starts: readonly Start[]): string {
  const times = (operation: string): Seen[] => ratios(samples, operation, ({ seconds }) => seconds);
  const thousand = samples.filter(({ side, size }) => side === "native" && size === 1000);
  const memory = thousand.flatMap(({ operation, pluginMemory }) =>
    pluginMemory === undefined ? [] : [{ where: operation, figure: pluginMemory }],
  );
  return markdownTable(
    ["target", "at most", "seen", "met"],
    [
      target(
        "start of the plugin",
        MOST.start,
        startRatio(starts, ({ milliseconds }) => milliseconds),
      ),
      target(
        "memory at rest",
        MOST.memory,
        startRatio(starts, (start) => start.memory),
      ),
      target(
        "memory in a deploy",
        MOST.memory,
        ratios(samples, "deploy", ({ pluginMemory }) => pluginMemory),
      ),
      target("memory with 1,000 resources, MB", MOST.memoryOfThousand, memory, 0),
      target("deploy", MOST.deploy, times("deploy")),
      target("refresh", MOST.refresh, times("refresh")),
      target(FAR, MOST.farPreview, times(FAR)),
    ],
  );
}

/** A row; whether it is met is decided by the figures as they are shown. */
function target(name: string, most: number, seen: readonly Seen[], digits = 2): string[] {
  const shown = seen.map(({ where, figure }) => `${where} ${figure.toFixed(digits)}`.trim());
  const isMet = seen.every(({ figure }) => Number(figure.toFixed(digits)) <= most);
  return [name, String(most), shown.join(", ") || "not measured", seen.length === 0 ? "" : isMet ? "yes" : "no"];
}

function startRatio(starts: readonly Start[], figureOf: (start: Start) => number): Seen[] {
  const [native, dynamic] = (["native", "dynamic"] as const).map((wanted) =>
    median(starts.filter(({ side }) => side === wanted).map(figureOf)),
  );
  return native === undefined || dynamic === undefined
    ? []
    : [{ where: `${native.toFixed(0)} of ${dynamic.toFixed(0)}:`, figure: native / dynamic }];
}

function ratios(
  samples: readonly Sample[],
  operation: string,
  figureOf: (sample: Sample) => number | undefined,
): Seen[] {
  const of = (wanted: string): Sample[] =>
    samples.filter((sample) => sample.operation === operation && sample.side === wanted);
  return of("native").flatMap((native) => {
    const dynamic = of("dynamic").find(({ kind, size }) => kind === native.kind && size === native.size);
    const [one, other] = [figureOf(native), dynamic === undefined ? undefined : figureOf(dynamic)];
    return one === undefined || other === undefined
      ? []
      : [{ where: `${native.size} ${native.kind}`, figure: one / other }];
  });
}

/** The one in the middle. */
function median(figures: readonly number[]): number | undefined {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)];
}
