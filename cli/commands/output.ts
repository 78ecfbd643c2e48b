import { withoutCommands } from "../../provider/text/pipeline-commands";

/** Writes one line for programs and for pipes; nothing in it is a command to the pipeline that may log it. */
export function printLine(line: string): void {
  process.stdout.write(`${withoutCommands(line)}\n`);
}

/** Writes one line for people, which no pipe takes for a result. */
export function noteLine(line: string): void {
  process.stderr.write(`${withoutCommands(line)}\n`);
}
