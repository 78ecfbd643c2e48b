import { Command } from "commander";
import type { Assessment } from "../assessment/assessment";
import type { DeclaredFleet } from "../../fleet/kinds";
import { licenseMetrics } from "../metrics/license-metrics";
import { openMetricsText } from "../metrics/open-metrics";
import { messageOf } from "../../provider/text/errors";
import { ALL_KINDS } from "../../provider/kinds";
import { shown } from "../../provider/text/shown";
import { systemClock } from "../../provider/time/clock";
import { usageOf } from "../report/usage";
import { recordOf } from "../report/usage-record";
import { assessFromEnvironment } from "./assess";
import { fleetArgument } from "./fleet-argument";
import { appendToHistory, refuseHistory } from "./history-option";
import { noteLine, printLine } from "./output";
import { readSystems } from "./read-systems";
import { tenantIds, type TenantsOptions } from "./tenants-option";
import { UserError } from "./user-error";
import { outputFile, thereAlready, writeWhole } from "./whole-file";

interface MetricsOptions extends TenantsOptions {
  readonly output?: string;
  readonly history?: string;
}

const EXAMPLES = `
Examples:
  npx pulumi-voice-licenses metrics
  npx pulumi-voice-licenses metrics licenses.yaml \\
    --output /var/lib/node_exporter/textfile/voice_licenses.prom
  npx pulumi-voice-licenses metrics --tenants foo,bar --history usage.jsonl

Where a system or an object cannot be read, it exits with 1 and writes nothing:
a gap in the figures is better than a drop to zero. See docs/monitoring.md.
`;

/** `voice-licenses metrics`: licences, use and drift as OpenMetrics text. */
export function metricsCommand(): Command {
  return new Command("metrics")
    .description(
      `Reads all ${ALL_KINDS}, or the tenants that are named, and prints licences and their use as OpenMetrics text; with a fleet file also how many objects have drifted. Writes nothing to the systems.`,
    )
    .argument("[file]", "a fleet file: count what is not as declared, and what is declared nowhere")
    .option("--output <file>", "the file to replace as a whole; - is standard output, the default")
    .option("--tenants <ids>", "only these tenants, with commas between (default: all that the gateway lists)")
    .option("--tenants-file <file>", "the same from a file, one id a line; # begins a comment")
    .option("--history <file>", "also append the use to this file, a line a run, for rightsize and report")
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, options: MetricsOptions) => {
      await metrics(file, options);
    });
}

async function metrics(file: string | undefined, options: MetricsOptions): Promise<void> {
  const { history } = options;
  const output = outputFile(options.output);
  if (output !== undefined && thereAlready("--output", output)?.isDirectory() === true) {
    throw new UserError(`--output ${output} is a directory: give the path of a file, such as voice_licenses.prom.`);
  }
  if (history !== undefined) {
    refuseHistory(history);
  }
  const fleet = file === undefined ? undefined : fleetArgument(file, { allowEmpty: true });
  const tenants = tenantIds(options);
  const holdings = await readSystems({ tenants, appRegistrations: true, licensesInUse: true, stock: false });
  if (typeof holdings.tenantList === "object") {
    throw new UserError(`${holdings.tenantList.refused}: name the tenants with --tenants or --tenants-file.`);
  }
  if (holdings.unread.length > 0) {
    throw new Error(holdings.unread.join("\n"));
  }
  const assessment = fleet === undefined ? undefined : await assessed(fleet, tenants);
  for (const note of holdings.notes) {
    noteLine(`note: ${note}`);
  }
  const now = systemClock.now();
  const usage = usageOf(holdings, now, { ...holdings, pool: undefined });
  write(openMetricsText(licenseMetrics(usage, assessment)), output);
  if (history !== undefined) {
    appendToHistory(history, recordOf(usage, new Date(now), holdings.tenantList === "whole" ? "all" : "named"));
  }
}

async function assessed(fleet: DeclaredFleet, tenants: readonly string[] | undefined): Promise<Assessment> {
  const unmanaged = tenants === undefined ? ("all" as const) : { tenants };
  const assessment = await assessFromEnvironment(fleet, { unmanaged, shard: undefined });
  if (assessment.errors.length > 0) {
    const lines = assessment.errors.map(({ kind, name, message }) => `${kind} ${shown(name)}: ${shown(message)}`);
    throw new Error(lines.join("\n"));
  }
  return assessment;
}

function write(text: string, output: string | undefined): void {
  if (output === undefined) {
    printLine(text.trimEnd());
    return;
  }
  try {
    writeWhole(output, text);
  } catch (error) {
    throw new UserError(
      `--output ${output} cannot be written (${messageOf(error)}): give the path of a file in a directory that exists and can be written to.`,
    );
  }
}
