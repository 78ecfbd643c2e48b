import { Command } from "commander";
import { type CheckedFleet, type DeclaredFleet } from "../fleet/check-fleet";
import { FILE_START, type Mistake, mistakeLines } from "../fleet/mistake";
import { counted } from "../provider/text/count";
import { jsonText } from "../provider/text/json-text";
import { ExitCode, type Finish } from "./exit-code";
import { isEmpty, readFleetArgument } from "./fleet-argument";
import { noteLine, printLine } from "./output";

interface ValidateOptions {
  readonly json?: true;
  readonly allowEmpty?: true;
}

const EXAMPLES = `
Examples:
  npx pulumi-voice-licenses validate licenses.yaml
  npx pulumi-voice-licenses validate licenses.yaml --json

Exit codes: 0 no mistakes, 1 mistakes, or the file cannot be read.
`;

/** `voice-licenses validate`: a fleet file in itself, offline. */
export function validateCommand(finish: Finish): Command {
  return new Command("validate")
    .description(
      "Checks a fleet file in itself: its form, impossible values, and what is declared twice. Shows each mistake with its file, line and column, and warns of names with white space that is hard to see. Contacts no system, and needs no Pulumi.",
    )
    .argument("<file>", "the fleet file, for example licenses.yaml")
    .option(
      "--json",
      "print JSON: {version, valid, customers, tenants, mistakes, warnings: [{file, line, column, path, message}]}",
    )
    .option("--allow-empty", "accept a file that declares no customer and no tenant")
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action((file: string, { json, allowEmpty }: ValidateOptions) => {
      const { fleet, mistakes, warnings } = verdictOn(readFleetArgument(file), allowEmpty === true);
      const { customers, tenants } = fleet;
      if (json === true) {
        const listed = (all: readonly Mistake[]): unknown[] =>
          all.map(({ at, path, message }) => ({ file, ...at, path, message }));
        printLine(
          jsonText({
            version: 1,
            valid: mistakes.length === 0,
            customers: customers.length,
            tenants: tenants.length,
            mistakes: listed(mistakes),
            warnings: listed(warnings),
          }),
        );
      } else {
        for (const line of mistakeLines(file, warnings)) {
          noteLine(`warning: ${line}`);
        }
        printLine(
          mistakes.length > 0
            ? [...mistakeLines(file, mistakes), `${counted(mistakes.length, "mistake")} in ${file}.`].join("\n")
            : `${file}: ${counted(customers.length, "customer")} and ${counted(tenants.length, "tenant")}, no mistakes.`,
        );
      }
      finish(mistakes.length > 0 ? ExitCode.error : ExitCode.clean);
    });
}

interface Verdict {
  readonly fleet: DeclaredFleet;
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
}

/** A file that declares nothing is a mistake, unless it is meant: `pulumi up` would remove everything from the stack. */
function verdictOn(checked: CheckedFleet, allowEmpty: boolean): Verdict {
  if ("mistakes" in checked) {
    return { fleet: { customers: [], tenants: [] }, mistakes: checked.mistakes, warnings: [] };
  }
  const message =
    "declares no customer and no tenant, so `pulumi up` would remove all that the stack holds: --allow-empty permits it.";
  const mistakes = isEmpty(checked.fleet) && !allowEmpty ? [{ at: FILE_START, path: "", message }] : [];
  return { ...checked, mistakes };
}
