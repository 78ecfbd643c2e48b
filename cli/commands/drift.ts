import { Command, Option } from "commander";
import type { Assessment } from "../assessment/assessment";
import { driftJson } from "../assessment/formats/json";
import { driftJunit } from "../assessment/formats/junit";
import { driftMarkdown } from "../assessment/formats/markdown";
import { driftTable } from "../assessment/formats/table";
import { shown } from "../../provider/text/shown";
import { idlePatterns, ignoring } from "../assessment/ignore";
import type { Shard } from "../../fleet/shard";
import { assessFromEnvironment } from "./assess";
import { ExitCode, type Finish } from "./exit-code";
import { type AllowEmpty, allowEmptyOption, fleetArgument } from "./fleet-argument";
import { noteLine, printLine } from "./output";
import { paintFor } from "./paint";
import { shardOption } from "./shard-option";
import { tenantIds, type TenantsOptions } from "./tenants-option";

type FailOn = "drift" | "unmanaged" | "nothing";

interface DriftOptions extends TenantsOptions, AllowEmpty {
  readonly format: "table" | "json" | "markdown" | "junit";
  readonly json?: true;
  readonly failOn: FailOn;
  readonly ignore: readonly string[];
  readonly shard?: Shard;
}

const EXAMPLES = `
Examples:
  npx pulumi-voice-licenses drift licenses.yaml
  npx pulumi-voice-licenses drift licenses.yaml --format markdown > drift.md
  npx pulumi-voice-licenses drift licenses.yaml --tenants-file tenants.txt \\
    --fail-on unmanaged
  npx pulumi-voice-licenses drift licenses.yaml --ignore 'tenants.lab-*' \\
    --ignore 'customers.*.licensedUsersCount'

Exit codes: 0 as declared, 7 drift, 1 error. A system that cannot be
reached is an error, never drift.
App Registration secrets are taken as unchanged: the platform masks them.
`;

/** `voice-licenses drift`: declared against real, without Pulumi's state. */
export function driftCommand(finish: Finish): Command {
  return new Command("drift")
    .description(
      "Reads the systems, and shows what is not as the fleet file declares, what `pulumi up --refresh` would call, and what is licensed but declared by nothing. Writes nothing, and needs no Pulumi.",
    )
    .argument("<file>", "the fleet file, for example licenses.yaml")
    .addOption(
      new Option("--format <format>", "for people, programs, change requests, or pipelines")
        .choices(["table", "json", "markdown", "junit"])
        .default("table"),
    )
    .option("--json", "the same as --format json")
    .addOption(
      new Option("--fail-on <what>", "what makes it exit with 7: drift, or also unmanaged objects, or nothing")
        .choices(["drift", "unmanaged", "nothing"])
        .default("drift"),
    )
    .option(
      "--ignore <pattern>",
      "leave out what matches, with * for any text: customers.NAME, tenants.NAME.groupServices.SERVICE, unmanaged.customers.NAME; may be repeated",
      (pattern: string, earlier: readonly string[]) => [...earlier, pattern],
      [],
    )
    .option(
      "--tenants <ids>",
      "look for unmanaged tenants among these, with commas between (default: all that the gateway lists)",
    )
    .option("--tenants-file <file>", "the same from a file, one id a line; # begins a comment")
    .addOption(shardOption())
    .addOption(allowEmptyOption())
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, options: DriftOptions) => {
      const fleet = fleetArgument(file, options);
      const tenants = tenantIds(options);
      const unmanaged = tenants === undefined ? "all" : { tenants };
      const all = await assessFromEnvironment(fleet, { unmanaged, shard: options.shard });
      // Where not all that is unmanaged is known, a pattern for it may match what is not.
      const isWhole = unmanaged === "all" && options.shard === undefined && all.errors.length + all.notes.length === 0;
      for (const { pattern, meant } of idlePatterns(all, options.ignore, fleet, isWhole)) {
        const fix = meant.length === 0 ? "" : `; did you mean ${meant.map((name) => shown(name)).join(" or ")}?`;
        noteLine(`warning: --ignore ${shown(pattern)} matches nothing${fix}`);
      }
      const found = ignoring(all, options.ignore);
      const exitCode = exitCodeOf(found, options.failOn);
      printLine(rendered(found, options, exitCode === ExitCode.clean));
      finish(exitCode);
    });
}

function exitCodeOf({ objects, unmanaged, errors }: Assessment, failOn: FailOn): ExitCode {
  if (errors.length > 0) {
    return ExitCode.error;
  }
  const drifted = objects.some(({ differences }) => differences.length > 0);
  const fails = failOn !== "nothing" && (drifted || (failOn === "unmanaged" && unmanaged.length > 0));
  return fails ? ExitCode.drift : ExitCode.clean;
}

function rendered(assessment: Assessment, { format, json, failOn }: DriftOptions, clean: boolean): string {
  switch (json === true ? "json" : format) {
    case "json":
      return driftJson(assessment, clean);
    case "markdown":
      return driftMarkdown(assessment, assessment.errors.length > 0 ? "incomplete" : clean ? "clean" : "drifted");
    case "junit":
      return driftJunit(assessment, failOn === "unmanaged");
    case "table":
      return driftTable(assessment, paintFor(process.stdout));
  }
}
