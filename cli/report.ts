import { messageOf } from "../provider/errors";
import { existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { customersCsv, servicesCsv } from "../report/csv";
import { reportPage } from "../report/page";
import { type Usage, usageOf } from "../report/usage";
import { systemClock } from "../provider/time/clock";
import { fleetArgument } from "./fleet-argument";
import { printLine } from "./output";
import { readSystems } from "./read-systems";
import { tenantIds, type TenantsOptions } from "./tenants-option";
import { UserError } from "./user-error";
import { isStandardOutput, writeWhole } from "./whole-file";

interface ReportOptions extends TenantsOptions {
  readonly output: string;
  readonly title: string;
  readonly json?: true;
  readonly appRegistrations: boolean;
}

const EXAMPLES = `
Examples:
  voice-licenses report licenses.yaml --output report
  voice-licenses report --tenants-file tenants.txt --output /var/www/licences \\
    --title "Licences, north"
  voice-licenses report licenses.yaml --output report --json |
    jq '.nearlyExhausted'

It writes index.html (one page that needs nothing else), usage.json,
customers.csv and services.csv, and replaces those of an earlier report.
`;

/** `voice-licenses report`: how licences are used, as a page, CSV and JSON. */
export function reportCommand(): Command {
  return new Command("report")
    .description(
      "Reads all customers, the tenants of a fleet file and those that are named, and writes how their licences are used: allocated against in use, nearly exhausted, unused, and secrets that expire soon. Writes nothing to the systems.",
    )
    .argument("[file]", "a fleet file, whose tenants are read")
    .requiredOption("--output <folder>", "the directory to write to; created if necessary")
    .option("--tenants <ids>", "also these tenants, with commas between: the gateway has no list of tenants")
    .option("--tenants-file <file>", "the same from a file, one id a line")
    .option("--title <text>", "the title of the page", "Voice licences in use")
    .option("--json", "also print usage.json")
    .option("--no-app-registrations", "do not read App Registrations: one list call in place of one call a customer")
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, options: ReportOptions) => {
      refuseOutput(options.output);
      const declared = file === undefined ? [] : fleetArgument(file).tenants.map(({ inputs }) => inputs.tenantId);
      const ids = [...new Set([...declared, ...(tenantIds(options) ?? [])])];
      const { customers, tenants } = await readSystems(ids, options.appRegistrations);
      const now = systemClock.now();
      write(usageOf(customers, tenants, now), new Date(now), options);
    });
}

/** Before anything is read: a directory that cannot be created should not cost a call for each customer. */
function refuseOutput(output: string): void {
  if (isStandardOutput(output)) {
    throw new UserError(`--output ${output}: a report is several files; give the path of a directory.`);
  }
  for (let above = path.resolve(output); ; above = path.dirname(above)) {
    const isThere = existsSync(above);
    if (above === path.dirname(above) || (isThere && statSync(above).isDirectory())) {
      return;
    }
    if (isThere) {
      const what = above === path.resolve(output) ? "is a file" : `cannot be created, because ${above} is a file`;
      throw new UserError(`--output ${output} ${what}: give the path of a directory; it is created if necessary.`);
    }
  }
}

function write(usage: Usage, at: Date, { output, title, json }: ReportOptions): void {
  const asJson = JSON.stringify({ version: 1, at: at.toISOString(), ...usage }, undefined, 2);
  const page = path.join(output, "index.html");
  try {
    mkdirSync(output, { recursive: true });
    writeWhole(path.join(output, "usage.json"), `${asJson}\n`);
    writeWhole(path.join(output, "customers.csv"), customersCsv(usage));
    writeWhole(path.join(output, "services.csv"), servicesCsv(usage));
    writeWhole(page, reportPage(usage, title, at));
  } catch (error) {
    throw new UserError(
      `--output ${output} cannot be written (${messageOf(error)}): give the path of a directory that can be.`,
    );
  }
  printLine(
    json === true ? asJson : `${page}: open it in a browser; beside it usage.json, customers.csv and services.csv.`,
  );
}
