import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { idsOf } from "../../fleet/kinds";
import { messageOf } from "../../provider/text/errors";
import { jsonText } from "../../provider/text/json-text";
import { systemClock } from "../../provider/time/clock";
import { customersCsv } from "../report/customers-csv";
import { reportPage } from "../report/page";
import { servicesCsv } from "../report/services-csv";
import { usageOf } from "../report/usage";
import { recordOf } from "../report/usage-record";
import { UseHistory, type UseOverTime } from "../history/use-over-time";
import type { UsageRecord } from "../history/usage-record";
import { appendToHistory, eachOfHistory, refuseHistory } from "./history-option";
import { fleetArgument } from "./fleet-argument";
import { noteLine, printLine } from "./output";
import { readSystems } from "./read-systems";
import { tenantIds, type TenantsOptions } from "./tenants-option";
import { UserError } from "./user-error";
import { isStandardOutput, thereAlready, writeWhole } from "./whole-file";

/** How far back the page shows use. */
const HISTORY_DAYS = 90;

interface ReportOptions extends TenantsOptions {
  readonly output?: string;
  readonly title: string;
  readonly json?: true;
  readonly appRegistrations: boolean;
  readonly licensesInUse: boolean;
  readonly pool?: number;
  readonly history?: string;
}

const EXAMPLES = `
Examples:
  npx pulumi-voice-licenses report --output report
  npx pulumi-voice-licenses report licenses.yaml --output report
  npx pulumi-voice-licenses report --tenants-file tenants.txt \\
    --output /var/www/licences --title "Licences, north" --pool 10000
  npx pulumi-voice-licenses report --output report --history usage.jsonl
  npx pulumi-voice-licenses report licenses.yaml --json | jq '.nearlyExhausted'

It writes index.html (one page that needs nothing else), usage.json,
customers.csv and services.csv, and replaces those of an earlier report.
A reseller's user of the gateway sees, and reports, only its own tenants.

Exit codes: 0 reported, also where the gateway does not give its list of
tenants (notes says so), 1 error.
`;

/** `voice-licenses report`: how licences are used, as a page, CSV and JSON. */
export function reportCommand(): Command {
  return new Command("report")
    .description(
      "Reads all customers, and all tenants or those of a fleet file or an option, and writes how their licences are used: allocated against in use, exhausted, unused, secrets that expire soon, service packs, and the gateway's own stock. Writes nothing to the systems.",
    )
    .argument("[file]", "a fleet file: only its tenants are read (default: all that the gateway lists)")
    .option("--output <folder>", "the directory to write to; created if necessary")
    .option("--tenants <ids>", "only these tenants, and those of the file, with commas between")
    .option("--tenants-file <file>", "the same from a file, one id a line; # begins a comment")
    .option("--title <text>", "the title of the page", "Voice licences in use")
    .option(
      "--json",
      "print JSON: {version, at, systems, notes, customers, licenses, services, totals, tenants, servicePacks, stock, pool, exhausted, nearlyExhausted, unused, expiring}, and with --history history: {looks, forecasts}; --output may be left out",
    )
    .option(
      "--pool <licences>",
      "your own pool of Live Platform licences, to show what is sold and what is left",
      wholeNumber,
    )
    .option(
      "--history <file>",
      "append the use to this file, a line a run, and show use over time and what will be exhausted",
    )
    .option("--no-app-registrations", "do not read App Registrations, which takes a call a customer")
    .option("--no-licenses-in-use", "do not read the licences in use, which takes a call a customer")
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, options: ReportOptions) => {
      const { output } = options;
      if (output !== undefined) {
        refuseOutput(output);
      } else if (options.json !== true) {
        throw new UserError("report needs --output FOLDER, to write the page, or --json.");
      }
      if (options.history !== undefined) {
        refuseHistory(options.history);
      }
      const fleet = file === undefined ? undefined : fleetArgument(file, { allowEmpty: true });
      const declared = fleet === undefined ? undefined : idsOf("tenants", fleet.tenants);
      const named = tenantIds(options);
      const holdings = await readSystems({
        tenants:
          declared === undefined && named === undefined
            ? undefined
            : [...new Set([...(declared ?? []), ...(named ?? [])])],
        appRegistrations: options.appRegistrations,
        licensesInUse: options.licensesInUse,
        stock: true,
      });
      const { tenantList } = holdings;
      const notes = [
        ...holdings.notes,
        ...(typeof tenantList === "object"
          ? [`No tenant is shown: ${tenantList.refused}. Name the tenants with --tenants or --tenants-file.`]
          : tenantList === "whole"
            ? ["The tenants are all that the gateway's user may see; a reseller's user sees only its own."]
            : []),
      ];
      for (const note of tenantList === "whole" ? holdings.notes : notes) {
        noteLine(`note: ${note}`);
      }
      const now = systemClock.now();
      const usage = usageOf(holdings, now, { ...holdings, pool: options.pool, notes });
      const record = recordOf(usage, new Date(now), tenantList === "whole" ? "all" : "named");
      const history = options.history === undefined ? undefined : await useOverTime(options.history, record);
      // The history itself has every look.
      const overTime = history === undefined ? {} : { history: { looks: history.looks, forecasts: history.forecasts } };
      const json = jsonText({ version: 1, at: new Date(now).toISOString(), ...usage, ...overTime });
      if (output !== undefined) {
        write(output, {
          "usage.json": `${json}\n`,
          "customers.csv": customersCsv(usage),
          "services.csv": servicesCsv(usage),
          "index.html": reportPage(usage, options.title, new Date(now), history),
        });
      }
      printLine(
        options.json === true || output === undefined
          ? json
          : `${path.join(output, "index.html")}: open it in a browser; beside it usage.json, customers.csv and services.csv.`,
      );
      if (options.history !== undefined) {
        appendToHistory(options.history, record);
      }
    });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,12}$/.test(text)) {
    throw new InvalidArgumentError("Give a whole number, for example 10000.");
  }
  return Number(text);
}

/** Before anything is read: a directory that cannot be created should not cost a call for each customer. */
function refuseOutput(output: string): void {
  if (isStandardOutput(output)) {
    throw new UserError(`--output ${output}: a report is several files; give the path of a directory.`);
  }
  for (let above = path.resolve(output); ; above = path.dirname(above)) {
    const there = thereAlready("--output", output, above);
    if (above === path.dirname(above) || there?.isDirectory() === true) {
      return;
    }
    if (there !== undefined) {
      const what = above === path.resolve(output) ? "is a file" : `cannot be created, because ${above} is a file`;
      throw new UserError(`--output ${output} ${what}: give the path of a directory; it is created if necessary.`);
    }
  }
}

/** How use has changed before this look; a history that does not exist yet has no look. */
async function useOverTime(file: string, now: UsageRecord): Promise<UseOverTime> {
  const history = new UseHistory(now);
  if (existsSync(file)) {
    await eachOfHistory(file, HISTORY_DAYS, (record) => {
      history.add(record);
    });
  }
  return history.result();
}

function write(output: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(output, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      writeWhole(path.join(output, name), text);
    }
  } catch (error) {
    throw new UserError(
      `--output ${output} cannot be written (${messageOf(error)}): give the path of a directory that can be.`,
    );
  }
}
