import type { Mutant } from "./mutants";
import type { Result } from "./run";

/** How a run ended. */
export interface Report {
  /** A table by file and the list of survivors, in Markdown. */
  readonly text: string;
  /** The share of mutants that a test noticed, from 0 to 1. */
  readonly score: number;
}

/** Sums up a run. */
export function reportOf(results: readonly Result[]): Report {
  const files = [...new Set(results.map(({ mutant }) => mutant.file))];
  const rows = files.map((file) =>
    row(
      file,
      results.filter(({ mutant }) => mutant.file === file),
    ),
  );
  const missed = results.filter(({ end }) => !isNoticed(end));
  const list = missed.map(
    ({ mutant, end }) => `- ${placeOf(mutant)}${end === "unreached" ? " (no test runs it)" : ""}`,
  );
  return {
    score: scoreOf(results),
    text: [
      table(["file", "mutants", "killed", "timed out", "survived", "score"], [...rows, row("all", results)]),
      ...(list.length === 0 ? [] : [`Survivors:\n\n${list.join("\n")}`]),
    ].join("\n\n"),
  };
}

function placeOf({ file, line, within, change }: Mutant): string {
  return `${file}:${line} ${within}: \`${change}\``;
}

function isNoticed(end: Result["end"]): boolean {
  return end === "killed" || end === "timedOut";
}

function scoreOf(results: readonly Result[]): number {
  return results.length === 0 ? 1 : results.filter(({ end }) => isNoticed(end)).length / results.length;
}

function row(name: string, results: readonly Result[]): string[] {
  const count = (...ends: readonly Result["end"][]): string =>
    String(results.filter(({ end }) => ends.includes(end)).length);
  // Rounded down: 100 % means that nothing survived.
  const percent = (Math.floor(scoreOf(results) * 1000) / 10).toFixed(1);
  return [
    name,
    String(results.length),
    count("killed"),
    count("timedOut"),
    count("survived", "unreached"),
    `${percent} %`,
  ];
}

/** The first column to the left, all others to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [head, rule, ...rows].map(line).join("\n");
}
