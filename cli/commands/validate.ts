import { Command } from "commander";
import { type Mistake, mistakeLines } from "../../fleet/mistake";
import { KINDS, type Section, SECTIONS } from "../../provider/kinds";
import { counted, enumerated } from "../../provider/text/count";
import { jsonText } from "../../provider/text/json-text";
import { ExitCode, type Finish } from "./exit-code";
import { type AllowEmpty, allowEmptyOption, readFleetArgument } from "./fleet-argument";
import { noteLine, printLine } from "./output";

interface ValidateOptions extends AllowEmpty {
  readonly json?: true;
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
      `print JSON: {version, valid, ${SECTIONS.join(", ")}, mistakes, warnings: [{file, line, column, path, message}]}`,
    )
    .addOption(allowEmptyOption())
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action((file: string, { json, ...options }: ValidateOptions) => {
      const checked = readFleetArgument(file, options);
      const countOf = (section: Section): number => ("fleet" in checked ? checked.fleet[section].length : 0);
      const { mistakes, warnings } = { mistakes: [], warnings: [], ...checked };
      if (json === true) {
        const listed = (all: readonly Mistake[]): unknown[] =>
          all.map(({ at, path, message }) => ({ file, ...at, path, message }));
        printLine(
          jsonText({
            version: 1,
            valid: mistakes.length === 0,
            ...Object.fromEntries(SECTIONS.map((section) => [section, countOf(section)])),
            mistakes: listed(mistakes),
            warnings: listed(warnings),
          }),
        );
      } else {
        for (const line of mistakeLines(file, warnings)) {
          noteLine(`warning: ${line}`);
        }
        const counts = SECTIONS.map((section) => counted(countOf(section), KINDS[section].noun));
        printLine(
          mistakes.length > 0
            ? [...mistakeLines(file, mistakes), `${counted(mistakes.length, "mistake")} in ${file}.`].join("\n")
            : `${file}: ${enumerated(counts, "and")}, no mistakes.`,
        );
      }
      finish(mistakes.length > 0 ? ExitCode.error : ExitCode.clean);
    });
}
