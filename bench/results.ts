/** One thing that was measured, once. */
export interface Sample {
  readonly kind: string;
  readonly size: number;
  readonly operation: string;
  readonly side: string;
  readonly seconds: number;
  readonly engineCpu?: number;
  readonly pluginCpu?: number;
  readonly pluginMemory?: number;
  readonly stateBytes?: number;
  /** Requests that the APIs received, without logins. */
  readonly requests?: number;
}

/** What is compared with what, by the sides' names. */
const RATIOS = [
  ["ours", "textbook"],
  ["ours", "floor"],
] as const;

/** Of several samples of the same, the fastest: what else runs on a machine only ever makes it slower. */
export function best(samples: readonly Sample[]): Sample[] {
  const fastest = new Map<string, Sample>();
  for (const sample of samples) {
    const key = JSON.stringify([sample.kind, sample.size, sample.operation, sample.side]);
    const earlier = fastest.get(key);
    if (earlier === undefined || sample.seconds < earlier.seconds) {
      fastest.set(key, sample);
    }
  }
  return [...fastest.values()];
}

/** How long `ours` takes beside others: a line for each operation and size. */
export function ratioLines(samples: readonly Sample[]): string[] {
  const groups = grouped(samples, ({ kind, size, operation }) => `${kind}, ${size}, ${operation}`);
  return [...groups].flatMap(([name, group]) => {
    const of = (side: string): number | undefined => group.find((sample) => sample.side === side)?.seconds;
    const ratios = RATIOS.flatMap(([one, other]) => {
      const [first, second] = [of(one), of(other)];
      return first === undefined || second === undefined ? [] : [`${(first / second).toFixed(2)} × ${other}`];
    });
    return ratios.length === 0 ? [] : [`${name}: ${ratios.join(", ")}`];
  });
}

const COLUMNS: readonly (readonly [string, (sample: Sample) => string])[] = [
  ["kind", ({ kind }) => kind],
  ["size", ({ size }) => String(size)],
  ["operation", ({ operation }) => operation],
  ["side", ({ side }) => side],
  ["seconds", ({ seconds }) => seconds.toFixed(1)],
  ["engine CPU s", ({ engineCpu }) => shown(engineCpu, 1)],
  ["plugin CPU s", ({ pluginCpu }) => shown(pluginCpu, 1)],
  ["plugin MB", ({ pluginMemory }) => shown(pluginMemory, 0)],
  ["state kB", ({ stateBytes }) => shown(stateBytes === undefined ? undefined : stateBytes / 1000, 0)],
  ["requests each", ({ requests, size }) => shown(requests === undefined ? undefined : requests / size, 2)],
];

/** All samples as a table in Markdown. */
export function resultTable(samples: readonly Sample[]): string {
  const rows = samples.map((sample) => COLUMNS.map(([, cell]) => cell(sample)));
  const all = [COLUMNS.map(([title]) => title), COLUMNS.map(() => "---"), ...rows];
  const widths = COLUMNS.map((_, index) => Math.max(...all.map((row) => (row[index] ?? "").length)));
  return all
    .map((row) =>
      row.map((cell, index) => (cell === "---" ? "-".repeat(widths[index] ?? 3) : cell.padEnd(widths[index] ?? 0))),
    )
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

/** Samples by a name that a function gives them, in their order. */
export function grouped(samples: readonly Sample[], nameOf: (sample: Sample) => string): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const name = nameOf(sample);
    groups.set(name, [...(groups.get(name) ?? []), sample]);
  }
  return groups;
}

function shown(value: number | undefined, digits: number): string {
  return value === undefined ? "" : value.toFixed(digits);
}
