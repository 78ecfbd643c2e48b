import { counted } from "../provider/text/count";
import { Command } from "commander";
import { mistakeLines } from "../fleet/mistake";
import { ExitCode, type Finish } from "./exit-code";
import { readFleetArgument } from "./fleet-argument";
import { printLine } from "./output";

interface ValidateOptions {
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  voice-licenses validate licenses.yaml
  voice-licenses validate licenses.yaml --json

Exit codes: 0 no mistakes, 1 mistakes, or the file cannot be read.
`;

/** `voice-licenses validate`: a fleet file in itself, offline. */
export function validateCommand(finish: Finish): Command {
  return new Command("validate")
    .summary("check a fleet file, offline")
    .description(
      "Checks a fleet file in itself: its form, impossible values, and what is declared twice. Each mistake is told with its file, line and column. Asks no API, and needs no Pulumi.",
    )
    .argument("<file>", "the fleet file, for example licenses.yaml")
    .option(
      "--json",
      "print JSON: {version, valid, customers, tenants, mistakes: [{file, line, column, path, message}]}",
    )
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action((file: string, { json }: ValidateOptions) => {
      const read = readFleetArgument(file);
      const mistakes = "mistakes" in read ? read.mistakes : [];
      const { customers, tenants } = "fleet" in read ? read.fleet : { customers: [], tenants: [] };
      if (json === true) {
        printLine(
          JSON.stringify(
            {
              version: 1,
              valid: mistakes.length === 0,
              customers: customers.length,
              tenants: tenants.length,
              mistakes: mistakes.map(({ at, path, message }) => ({ file, ...at, path, message })),
            },
            undefined,
            2,
          ),
        );
      } else if (mistakes.length > 0) {
        printLine([...mistakeLines(file, mistakes), `${counted(mistakes.length, "mistake")} in ${file}.`].join("\n"));
      } else {
        printLine(
          `${file}: ${counted(customers.length, "customer")} and ${counted(tenants.length, "tenant")}, no mistakes.`,
        );
      }
      finish(mistakes.length > 0 ? ExitCode.error : ExitCode.clean);
    });
}
