import { messageOf } from "../../provider/text/errors";
import { counted, enumerated } from "../../provider/text/count";
import { jsonText } from "../../provider/text/json-text";
import { shown } from "../../provider/text/shown";
import path from "node:path";
import { Command, Option } from "commander";
import { type ExportedFleet, toFleet } from "../export/exported-fleet";
import { fleetTypeScript } from "../export/fleet-typescript";
import { fleetYaml } from "../export/fleet-yaml";
import { configurationLines } from "../export/next-steps";
import { checkFleet } from "../../fleet/check-fleet";
import { claimsOf, type DeclaredFleet } from "../../fleet/kinds";
import { summedUp, withoutPlace } from "../../fleet/mistake";
import { fitsAny } from "../inventory/pattern";
import { ALL_KINDS, KINDS, SECTIONS } from "../../provider/kinds";
import { claimText } from "../../provider/resource/claim";
import { fleetArgument } from "./fleet-argument";
import { noteLine, printLine } from "./output";
import { readSystems } from "./read-systems";
import { tenantIds, type TenantsOptions } from "./tenants-option";
import { UserError } from "./user-error";
import { outputFile, thereAlready, writeWhole } from "./whole-file";

interface ExportOptions extends TenantsOptions {
  readonly output?: string;
  readonly format: "yaml" | "ts";
  readonly force?: true;
  readonly json?: true;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly onlyLicensed?: true;
  readonly managedBy?: string;
  readonly appRegistrations: boolean;
}

const EXAMPLES = `
Examples:
  npx pulumi-voice-licenses export --output licenses.yaml
  npx pulumi-voice-licenses export --tenants foo,bar --only-licensed > new.yaml
  npx pulumi-voice-licenses export --exclude 'lab-*' \\
    --managed-by licenses.yaml --output new.yaml
  npx pulumi-voice-licenses export --format ts --output index.ts

What an API does not reveal, the secrets of App Registrations, is left to the
stack's configuration: the lines to run stand at the top of the file. The same
systems give the same text, so that a daily export makes a meaningful diff.
`;

/** `voice-licenses export`: the systems as a fleet file, which \`pulumi up\` then adopts without a write. */
export function exportCommand(): Command {
  const collect = (pattern: string, earlier: readonly string[]): string[] => [...earlier, pattern];
  return new Command("export")
    .description(
      `Reads all ${ALL_KINDS}, or the tenants that are named, and writes a licenses.yaml that declares just what is there. Service packs stand in it as comments. Writes nothing to the systems.`,
    )
    .option("--tenants <ids>", "the tenants to read, with commas between (default: all that the gateway lists)")
    .option("--tenants-file <file>", "the same from a file, one id a line; # begins a comment")
    .option("--output <file>", "the file to write; - is standard output, the default")
    .option(
      "--json",
      `print JSON of what was written: {version, file, ${SECTIONS.join(", ")}, undeclarable, leftOut, next}; needs --output`,
    )
    .option("--force", "replace the file where it exists")
    .addOption(
      new Option("--format <format>", "a fleet file, or a Pulumi program").choices(["yaml", "ts"]).default("yaml"),
    )
    .option(
      "--include <pattern>",
      "only customers and tenants like this, with * and ?: GUID, name or id; may be repeated",
      collect,
      [],
    )
    .option("--exclude <pattern>", "none like this; may be repeated", collect, [])
    .option("--only-licensed", "leave out services that are not licensed, and tenants where none is")
    .option("--managed-by <file>", "leave out what this fleet file declares already")
    .option("--no-app-registrations", "do not read App Registrations: one list call in place of one call a customer")
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action(async (options: ExportOptions) => {
      await exportFleet(options);
    });
}

async function exportFleet(options: ExportOptions): Promise<void> {
  const { output, force, json, format, include, exclude, onlyLicensed, managedBy } = options;
  const file = outputFile(output);
  if (file !== undefined) {
    refuseOutput(file, force === true);
  } else if (json === true) {
    throw new UserError("--json needs --output FILE: without one, the fleet file itself goes to standard output.");
  }
  const declared = declarationsOf(managedBy === undefined ? undefined : fleetArgument(managedBy, { allowEmpty: true }));
  const isIncluded = fitsAny(include);
  const isExcluded = fitsAny(exclude);
  const held = await readSystems({
    tenants: tenantIds(options),
    appRegistrations: options.appRegistrations,
    licensesInUse: false,
    stock: false,
  });
  if (typeof held.tenantList === "object") {
    throw new UserError(`${held.tenantList.refused}: name the tenants to export with --tenants or --tenants-file.`);
  }
  const fleet = toFleet(held, {
    isWanted: (calledBy) => (include.length === 0 || calledBy.some(isIncluded)) && !calledBy.some(isExcluded),
    onlyLicensed: onlyLicensed === true,
    isClaimed: (claim) => declared.has(claim),
  });
  const yaml = fleetYaml(fleet);
  refuseUndeclarable(yaml);
  const text = format === "yaml" ? yaml : fleetTypeScript(fleet);
  if (file === undefined) {
    process.stdout.write(text);
  } else {
    writeOutput(file, text);
    printLine(json === true ? jsonOf(file, fleet) : `${file}: ${summaryOf(fleet)}`);
  }
  if (SECTIONS.every((section) => held[section].length === 0)) {
    noteLine("warning: the systems show no customer with a licence, and no tenant: check what their users may see.");
  }
  for (const note of held.notes) {
    noteLine(`note: ${note}`);
  }
  for (const { what, why } of fleet.leftOut) {
    noteLine(`warning: left out: ${shown(what)}: ${shown(why)}`);
  }
  for (const step of json === true ? [] : configurationLines(fleet)) {
    noteLine(`next: ${step}`);
  }
}

/** Before anything is read: a file that cannot be written should not cost a call for each object. */
function refuseOutput(output: string, isForced: boolean): void {
  const existing = thereAlready("--output", output);
  if (existing?.isDirectory() === true) {
    throw new UserError(`${output} is a directory: give the path of a file.`);
  }
  if (existing?.isFile() === true && !isForced) {
    throw new UserError(`${output} already exists: give --force to replace it.`);
  }
  const folder = path.dirname(output);
  if (thereAlready("--output", output, folder)?.isDirectory() !== true) {
    throw new UserError(`${folder} is not a directory: create it first.`);
  }
}

function writeOutput(file: string, text: string): void {
  try {
    writeWhole(file, text);
  } catch (error) {
    throw new UserError(`--output ${file} cannot be written (${messageOf(error)}).`);
  }
}

function declarationsOf(fleet: DeclaredFleet | undefined): ReadonlySet<string> {
  return new Set(
    fleet === undefined ? [] : SECTIONS.flatMap((section) => claimsOf(section, fleet[section])).map(claimText),
  );
}

/** What the systems hold may be odder than what can be declared; a file that `pulumi up` refuses helps nobody. */
function refuseUndeclarable(yaml: string): void {
  const checked = checkFleet(yaml);
  if ("mistakes" in checked) {
    throw new UserError(
      [
        "The systems hold what no fleet file can declare; nothing was written. Leave it out with --exclude:",
        // The file is not written: places in it would lead nowhere.
        ...summedUp(checked.mistakes.map(withoutPlace)),
      ].join("\n"),
    );
  }
}

function jsonOf(file: string, fleet: ExportedFleet): string {
  const { sections, undeclarable, leftOut } = fleet;
  return jsonText({
    version: 1,
    file,
    ...Object.fromEntries([...sections].map(([section, objects]) => [section, objects.length])),
    undeclarable: undeclarable.length,
    ...(leftOut.length === 0 ? {} : { leftOut }),
    next: configurationLines(fleet),
  });
}

function summaryOf({ sections, undeclarable }: ExportedFleet): string {
  const counts = [...sections].map(([section, objects]) => counted(objects.length, KINDS[section].noun));
  const left =
    undeclarable.length === 0 ? "" : `; ${counted(undeclarable.length, "customer")} cannot be declared, see its end`;
  return `${enumerated(counts, "and")}${left}`;
}
