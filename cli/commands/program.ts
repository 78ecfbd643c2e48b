import { Command, CommanderError } from "commander";
import { ExitCode, type Finish } from "./exit-code";
import { messageOf } from "../../provider/text/errors";
import { withoutCommands } from "../../provider/text/pipeline-commands";
import { shownLines } from "../../provider/text/shown";
import { noteLine } from "./output";
import { packageVersion } from "./version";

const EXAMPLES = `
Examples:
  npx pulumi-voice-licenses doctor
  npx pulumi-voice-licenses export --output licenses.yaml
  npx pulumi-voice-licenses validate licenses.yaml
  npx pulumi-voice-licenses plan licenses.yaml
  npx pulumi-voice-licenses drift licenses.yaml
  npx pulumi-voice-licenses report --output report
  npx pulumi-voice-licenses rightsize licenses.yaml
  npx pulumi-voice-licenses simulate
  npx pulumi-voice-licenses help drift

Connection settings come from the environment: LIVE_PLATFORM_BASE_URL,
TENANT_GATEWAY_BASE_URL and so on, see docs/configuration.md.
Exit codes: 0 done and clean, 7 drift, 1 error.
`;

/** A command of this program. Its module is loaded when it is called: most of them load the clients of both systems. */
interface Subcommand {
  readonly name: string;
  /** What the list of commands says of it. */
  readonly summary: string;
  readonly load: () => (finish: Finish) => Command;
}

/* eslint-disable @typescript-eslint/no-require-imports -- An import would load all of them for each. */
/** The commands, a file each. */
const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: "export",
    summary: "write what the systems hold as a fleet file",
    load: () => (require("./export") as typeof import("./export")).exportCommand,
  },
  {
    name: "validate",
    summary: "check a fleet file, offline",
    load: () => (require("./validate") as typeof import("./validate")).validateCommand,
  },
  {
    name: "plan",
    summary: "show what pulumi up would call for a fleet file",
    load: () => (require("./plan") as typeof import("./plan")).planCommand,
  },
  {
    name: "drift",
    summary: "compare a fleet file with what the systems hold",
    load: () => (require("./drift") as typeof import("./drift")).driftCommand,
  },
  {
    name: "publish",
    summary: "comment on a change, keep the drift issue, or post to a webhook",
    load: () => (require("./publish") as typeof import("./publish")).publishCommand,
  },
  {
    name: "report",
    summary: "show how licences are used, as a page, CSV and JSON",
    load: () => (require("./report") as typeof import("./report")).reportCommand,
  },
  {
    name: "doctor",
    summary: "check settings, network, login and one read of both systems",
    load: () => (require("./doctor") as typeof import("./doctor")).doctorCommand,
  },
  {
    name: "metrics",
    summary: "print licences, use and drift as figures for Prometheus",
    load: () => (require("./metrics") as typeof import("./metrics")).metricsCommand,
  },
  {
    name: "rightsize",
    summary: "fit what a fleet file declares to the licences in use",
    load: () => (require("./rightsize") as typeof import("./rightsize")).rightsizeCommand,
  },
  {
    name: "simulate",
    summary: "run both APIs on this machine, to try things without a real system",
    load: () => (require("./simulate") as typeof import("./simulate")).simulateCommand,
  },
  {
    name: "completion",
    summary: "print what a shell needs to complete commands",
    load: () => (require("./completion") as typeof import("./completion")).completionCommand,
  },
];
/* eslint-enable @typescript-eslint/no-require-imports */

function asOneLine(text: string): string {
  return `${text.trim().replaceAll(/\s*\n\s*/g, " ")}\n`;
}

/** Applied to each command, since commander hands these settings down only when a command is made by its parent. */
function withOurManners(command: Command): Command {
  return command.exitOverride().configureOutput({
    outputError: (text, write) => {
      write(withoutCommands(asOneLine(text)));
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

/** The commands whose options are needed: the one that is called or asked about; all of them for what completes them. */
function neededBy([first, second]: readonly string[]): (name: string) => boolean {
  if (first === "completion") {
    return () => true;
  }
  const called = first === "help" ? second : first;
  return (name) => name === called;
}

function buildProgram(words: readonly string[], finish: Finish): Command {
  const program = withOurManners(new Command("pulumi-voice-licenses"))
    .description("Tools around voice-service licences kept with Pulumi.")
    .version(packageVersion())
    .addHelpText("after", EXAMPLES);
  program.helpCommand(false).addCommand(withOurManners(helpCommand()));
  const isNeeded = neededBy(words);
  for (const { name, summary, load } of SUBCOMMANDS) {
    const command = isNeeded(name) ? load()(finish) : new Command(name);
    program.addCommand(withOurManners(command.summary(summary)));
  }
  return program;
}

/** Runs the command line; gives the exit code, {@link ExitCode.error} for an error that has been reported without a stack. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let exitCode: ExitCode = ExitCode.clean;
  try {
    const program = buildProgram(argv.slice(2), (code) => {
      exitCode = code;
    });
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode;
    }
    noteLine(`error: ${shownLines(messageOf(error))}`);
    return ExitCode.error;
  }
}
