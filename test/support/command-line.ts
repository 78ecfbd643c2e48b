import { runProgram } from "../../cli/commands/program";

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let previous: Promise<unknown> = Promise.resolve();

/**
 * Runs the command line in this process, with this environment alone; what it writes is kept from the terminal. One after another,
 * because a process has one environment and one standard output.
 */
export function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const run = previous.then(() => captured(args, environment));
  previous = run.catch(() => undefined);
  return run;
}

async function captured(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
  const written = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const originals = streams.map((name) => process[name].write.bind(process[name]));
  const before = process.env;
  process.env = { PATH: before["PATH"], ...environment };
  streams.forEach((name) => {
    process[name].write = (text: string | Uint8Array): boolean => {
      written[name] += String(text);
      return true;
    };
  });
  try {
    return { code: await runProgram(["node", "voice-licenses", ...args]), ...written };
  } finally {
    process.env = before;
    streams.forEach((name, index) => {
      const original = originals[index];
      if (original !== undefined) {
        process[name].write = original;
      }
    });
  }
}
