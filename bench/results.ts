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

/** How long APIs that are far away take for each answer. */
export const FAR_LATENCY_MS = 200;

/** A preview of new resources by such APIs. */
export const FAR = `preview of new, ${FAR_LATENCY_MS} ms`;

/** What one side is compared with. Each ratio is of the first side to another. */
interface Comparison {
  readonly first: string;
  readonly others: readonly [string, string];
  /** The side whose processor time and memory stand beside the first one's, and whose state. */
  readonly usage: string;
  readonly state: string;
}

/** The native plugin beside the dynamic form, and beside what the engine costs at least. */
export function nativeTable(samples: readonly Sample[]): string {
  return comparisonTable(samples, {
    first: "native",
    others: ["dynamic", "floor"],
    usage: "dynamic",
    state: "dynamic",
  });
}

/** The dynamic form beside two that do nothing. */
export function dynamicTable(samples: readonly Sample[]): string {
  return comparisonTable(samples, {
    first: "dynamic",
    others: ["textbook", "floor"],
    usage: "floor",
    state: "textbook",
  });
}

/** A row for each size and operation of the first side; empty cells where another was not measured. */
function comparisonTable(samples: readonly Sample[], { first, others, usage, state }: Comparison): string {
  const head = [
    ...["kind", "size", "operation", `${first}, s`, ...others],
    ...others.map((other) => `${first} / ${other}`),
    ...["engine CPU, s", "plugin CPU, s", "plugin, MB", "state, kB", "requests each"],
  ];
  const groups = grouped(samples, ({ kind, size, operation }) => `${kind} ${size} ${operation}`);
  const rows = [...groups.values()].flatMap((group) => {
    const of = (name: string): Sample | undefined => group.find(({ side }) => side === name);
    const measured = of(first);
    return measured === undefined
      ? []
      : [
          [
            ...[measured.kind, String(measured.size), measured.operation, measured.seconds.toFixed(1)],
            ...others.map((other) => of(other)?.seconds.toFixed(1) ?? ""),
            ...others.map((other) => ratio(measured.seconds, of(other)?.seconds)),
            both(measured.engineCpu, of(usage)?.engineCpu, 1),
            both(measured.pluginCpu, of(usage)?.pluginCpu, 1),
            both(measured.pluginMemory, of(usage)?.pluginMemory, 0),
            both(thousands(measured.stateBytes), thousands(of(state)?.stateBytes), 0),
            requestsEach(measured),
          ],
        ];
  });
  return markdownTable(head, rows);
}

/** A change of all by this package, and by a script with the same client: a row for each size. */
export function scriptTable(samples: readonly Sample[]): string {
  const groups = grouped(samples, ({ kind, size }) => `${kind} ${size}`);
  return markdownTable(
    [
      "kind",
      "size",
      "deploy, native, s",
      "dynamic",
      "script, one after another",
      "script, all at once",
      "requests each, script",
    ],
    [...groups.values()].flatMap((group) => {
      const of = (side: string): Sample | undefined =>
        group.find((one) => one.side === side && one.operation === "deploy");
      const inTurn = of("scriptInTurn");
      return inTurn === undefined
        ? []
        : [
            [
              inTurn.kind,
              String(inTurn.size),
              ...["native", "dynamic", "scriptInTurn", "scriptAtOnce"].map(
                (side) => of(side)?.seconds.toFixed(1) ?? "",
              ),
              requestsEach(inTurn),
            ],
          ];
    }),
  );
}

/** A table in Markdown; no text where it has no rows. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0
    ? ""
    : [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function ratio(one: number, other: number | undefined): string {
  return other === undefined ? "" : (one / other).toFixed(2);
}

/** Two figures, or the first alone. */
function both(one: number | undefined, other: number | undefined, digits: number): string {
  return [one, other].flatMap((figure) => (figure === undefined ? [] : [figure.toFixed(digits)])).join(" / ");
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
