import { Command, CommanderError } from "commander";

import { completionCommand } from "./completion";
import { driftCommand } from "./drift";
import { exportCommand } from "./export";
import { ExitCode, type Finish } from "./exit-code";
import { noteLine } from "./output";
import { planCommand } from "./plan";
import { reportCommand } from "./report";
import { simulateCommand } from "./simulate";
import { validateCommand } from "./validate";
import { packageVersion } from "./version";

const EXAMPLES = `
Examples:
  voice-licenses export --output licenses.yaml  the systems as a fleet file
  voice-licenses validate licenses.yaml         check a fleet file, offline
  voice-licenses plan licenses.yaml             what pulumi up would call
  voice-licenses drift licenses.yaml            declared against real
  voice-licenses report --output report         how licences are used, as a page
  voice-licenses simulate --port 4010           both APIs on this machine
  voice-licenses help drift                     what a command can do

Connection settings come from the environment: LIVE_PLATFORM_BASE_URL,
TENANT_GATEWAY_BASE_URL and so on, see the README.
Exit codes: 0 done and clean, 7 drift, 1 error.
`;

/** The commands, one file each. */
const COMMANDS: readonly ((finish: Finish) => Command)[] = [
  exportCommand,
  validateCommand,
  planCommand,
  driftCommand,
  reportCommand,
  simulateCommand,
  completionCommand,
];

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

/** Commander's own shows the whole help, without a word, for a command that there is not. */
function helpCommand(): Command {
  const command = new Command("help")
    .summary("display help for command")
    .argument("[command]")
    .allowExcessArguments(false)
    .action((name?: string) => {
      const shown = name === undefined ? command.parent : command.parent?.commands.find((one) => one.name() === name);
      if (shown === undefined) {
        command.error(`error: unknown command '${String(name)}'`);
      }
      shown?.outputHelp();
    });
  return command;
}

function buildProgram(finish: Finish): Command {
  const program = withOurManners(new Command("voice-licenses"))
    .description("Tools around voice-service licences kept with Pulumi.")
    .version(packageVersion())
    .addHelpText("after", EXAMPLES);
  program.helpCommand(false).addCommand(withOurManners(helpCommand()));
  for (const command of COMMANDS) {
    program.addCommand(withOurManners(command(finish)));
  }
  return program;
}

/** Runs the command line; gives the exit code, {@link ExitCode.error} for an error that has been told without a stack. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let exitCode: ExitCode = ExitCode.clean;
  try {
    await buildProgram((code) => {
      exitCode = code;
    }).parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode;
    }
    const text = error instanceof Error ? error.message : String(error);
    noteLine(`error: ${text}`);
    return ExitCode.error;
  }
}
