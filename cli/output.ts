/** Writes one line for programs and for pipes. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line for people, which no pipe takes for a result. */
export function noteLine(line: string): void {
  process.stderr.write(`${line}\n`);
}
