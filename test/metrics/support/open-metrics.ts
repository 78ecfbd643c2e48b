import assert from "node:assert/strict";

/** One sample as a reader takes it from the text. */
export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = String.raw`([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?[0-9]+(?:\\.[0-9]+)?)$`);

/**
 * Reads OpenMetrics text of gauges, strictly: each family once and in one piece, its type, unit and help before its samples, no series
 * twice, `# EOF` as the last line and nothing behind it.
 */
export function readOpenMetrics(text: string): ReadSample[] {
  assert.ok(text.endsWith("\n# EOF\n") || text === "# EOF\n", "ends with # EOF and a line feed");
  const lines = text.slice(0, -"# EOF\n".length).split("\n").slice(0, -1);
  const families = new Set<string>();
  const series = new Set<string>();
  let family = "";
  let described = new Set<string>();
  return lines.flatMap((line): ReadSample[] => {
    const [, keyword, name = "", rest = ""] = new RegExp(`^# (TYPE|UNIT|HELP) (${NAME}) (.*)$`).exec(line) ?? [];
    if (keyword !== undefined) {
      if (name !== family) {
        assert.ok(!families.has(name), `family ${name} comes twice`);
        families.add(name);
        family = name;
        described = new Set();
      }
      assert.ok(!described.has(keyword), `${keyword} ${name} comes twice, or after a sample`);
      described.add(keyword);
      assert.ok(keyword !== "TYPE" || rest === "gauge", line);
      assert.ok(keyword !== "UNIT" || name.endsWith(`_${rest}`), line);
      assert.ok(keyword !== "HELP" || /^(?:[^\\\n"]|\\[\\n"])*$/.test(rest), line);
      return [];
    }
    const [, of = "", labelText = "", ...groups] = SAMPLE.exec(line) ?? [];
    assert.equal(of, family, `not a sample of ${family}: ${line}`);
    described.add("TYPE").add("UNIT").add("HELP");
    assert.ok(!series.has(`${of}{${labelText}}`), `a series comes twice: ${line}`);
    series.add(`${of}{${labelText}}`);
    const labels = Array.from(labelText.matchAll(new RegExp(LABEL, "g")), ([, label = "", value = ""]) => [
      label,
      value.replaceAll(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character)),
    ]);
    assert.equal(new Set(labels.map(([label]) => label)).size, labels.length, `a label comes twice: ${line}`);
    return [{ name: of, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(groups.at(-1)) }];
  });
}
