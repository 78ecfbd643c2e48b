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

/** Three sides of the same. */
interface Compared {
  readonly ours: Sample;
  readonly textbook: Sample;
  readonly floor: Sample;
}

const COMPARISON: readonly (readonly [string, (sides: Compared) => string])[] = [
  ["kind", ({ ours }) => ours.kind],
  ["size", ({ ours }) => String(ours.size)],
  ["operation", ({ ours }) => ours.operation],
  ["ours, s", ({ ours }) => ours.seconds.toFixed(1)],
  ["textbook", ({ textbook }) => textbook.seconds.toFixed(1)],
  ["floor", ({ floor }) => floor.seconds.toFixed(1)],
  ["ours / textbook", ({ ours, textbook }) => (ours.seconds / textbook.seconds).toFixed(2)],
  ["ours / floor", ({ ours, floor }) => (ours.seconds / floor.seconds).toFixed(2)],
  ["engine CPU, s", ({ ours, floor }) => both(ours.engineCpu, floor.engineCpu, 1)],
  ["plugin CPU, s", ({ ours, floor }) => both(ours.pluginCpu, floor.pluginCpu, 1)],
  ["plugin, MB", ({ ours, floor }) => both(ours.pluginMemory, floor.pluginMemory, 0)],
  ["state, kB", ({ ours, textbook }) => both(thousands(ours.stateBytes), thousands(textbook.stateBytes), 0)],
  ["requests each", ({ ours }) => requestsEach(ours)],
];

/** Ours beside two that do nothing: a row for each size and operation. CPU and memory are beside the floor's, state beside the textbook's. */
export function comparisonTable(samples: readonly Sample[]): string {
  const groups = grouped(samples, ({ kind, size, operation }) => `${kind} ${size} ${operation}`);
  return markdownTable(
    COMPARISON.map(([title]) => title),
    [...groups.values()].flatMap((group) => {
      const [ours, textbook, floor] = ["ours", "textbook", "floor"].map((side) =>
        group.find((one) => one.side === side),
      );
      return ours === undefined || textbook === undefined || floor === undefined
        ? []
        : [COMPARISON.map(([, cell]) => cell({ ours, textbook, floor }))];
    }),
  );
}

/** A change of all by this package, and by a script with the same client: a row for each size. */
export function scriptTable(samples: readonly Sample[]): string {
  const groups = grouped(samples, ({ kind, size }) => `${kind} ${size}`);
  return markdownTable(
    ["kind", "size", "ours: deploy, s", "script, one after another", "script, all at once", "requests each, script"],
    [...groups.values()].flatMap((group) => {
      const of = (side: string): Sample | undefined =>
        group.find((one) => one.side === side && one.operation === "deploy");
      const [ours, inTurn, atOnce] = [of("ours"), of("scriptInTurn"), of("scriptAtOnce")];
      return ours === undefined || inTurn === undefined || atOnce === undefined
        ? []
        : [
            [
              ours.kind,
              String(ours.size),
              ...[ours, inTurn, atOnce].map(({ seconds }) => seconds.toFixed(1)),
              requestsEach(inTurn),
            ],
          ];
    }),
  );
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function both(one: number | undefined, other: number | undefined, digits: number): string {
  return one === undefined || other === undefined ? "" : `${one.toFixed(digits)} / ${other.toFixed(digits)}`;
}

function thousands(count: number | undefined): number | undefined {
  return count === undefined ? undefined : count / 1000;
}

function requestsEach({ requests, size }: Sample): string {
  return requests === undefined ? "" : String(Number((requests / size).toPrecision(2)));
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
