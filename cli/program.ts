import { Command, CommanderError } from "commander";

import { noteLine } from "./output";
import { simulateCommand } from "./simulate";
import { packageVersion } from "./version";

const EXAMPLES = `
Examples:
  voice-licenses simulate --port 4010          both APIs on this machine, to try things
  voice-licenses help simulate                 what a command can do

Connection settings come from the environment. Exit codes: 0 done, 1 error.
`;

/** The commands, one file each. */
const COMMANDS: readonly (() => Command)[] = [simulateCommand];

function asOneLine(text: string): string {
  return `${text.trim().replaceAll(/\s*\n\s*/g, " ")}\n`;
}

/** Applied to each command, since commander hands these settings down only when a command is made by its parent. */
function withOurManners(command: Command): Command {
  return command.exitOverride().configureOutput({
    outputError: (text, write) => {
      write(asOneLine(text));
    },
  });
}

function buildProgram(): Command {
  const program = withOurManners(new Command("voice-licenses"))
    .description("Tools around voice-service licences kept with Pulumi.")
    .version(packageVersion())
    .addHelpText("after", EXAMPLES);
  for (const command of COMMANDS) {
    program.addCommand(withOurManners(command()));
  }
  return program;
}

/** Runs the command line; the exit code is 0 when done, 1 for an error that has been told in one line, without a stack. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode;
    }
    const text = error instanceof Error ? error.message : String(error);
    noteLine(`error: ${text}`);
    return 1;
  }
}
