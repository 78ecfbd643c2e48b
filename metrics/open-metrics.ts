/** One family of gauges in the OpenMetrics text format. */
export interface GaugeFamily {
  /** Letters, digits and underscores; ends with the unit where there is one. */
  readonly name: string;
  readonly help: string;
  readonly unit?: "seconds";
  readonly samples: readonly Sample[];
}

/** One gauge: its labels, which no other sample of its family may have as well, and its value. */
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
    ...samples.map(({ labels, value }) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
      return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
    }),
  ];
}

/** Names come from outside: what would end a label or a line is escaped, other control characters become U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, "\uFFFD");
}
