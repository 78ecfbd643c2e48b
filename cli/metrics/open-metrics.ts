import { shown } from "../../provider/text/shown";

/** One family of gauges in the OpenMetrics text format. */
export interface GaugeFamily {
  /** Letters, digits and underscores; ends with the unit where there is one. */
  readonly name: string;
  readonly help: string;
  readonly unit?: "seconds";
  readonly samples: readonly Sample[];
}

/** One gauge: its labels and its value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Families as OpenMetrics text, which Prometheus and its textfile collector read. A family without samples is left out.
 *
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function openMetricsText(families: readonly GaugeFamily[]): string {
  return [...families.filter(({ samples }) => samples.length > 0).flatMap(linesOf), "# EOF", ""].join("\n");
}

function linesOf({ name, help, unit, samples }: GaugeFamily): string[] {
  return [
    `# TYPE ${name} gauge`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escaped(help)}`,
    ...distinct(samples).map(({ labels, value }) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
      return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
    }),
  ];
}

/** Of samples with the same labels the first: one series twice, and Prometheus takes none of the whole text. */
function distinct(samples: readonly Sample[]): Sample[] {
  const first = new Map<string, Sample>();
  for (const sample of samples) {
    const key = Object.values(sample.labels).map(escaped).join('"');
    if (!first.has(key)) {
      first.set(key, sample);
    }
  }
  return [...first.values()];
}

/** Names come from outside: what would garble a terminal or a line is written out, what would end a label is escaped. */
function escaped(text: string): string {
  return shown(text, Infinity).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
