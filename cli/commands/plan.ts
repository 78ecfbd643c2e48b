import { Command } from "commander";
import type { Assessment } from "../assessment/assessment";
import { planJson } from "../assessment/formats/json";
import { planTable } from "../assessment/formats/table";
import type { Shard } from "../../fleet/shard";
import { assessFromEnvironment } from "./assess";
import { ExitCode, type Finish } from "./exit-code";
import { type AllowEmpty, allowEmptyOption, fleetArgument } from "./fleet-argument";
import { printLine } from "./output";
import { paintFor } from "./paint";
import { shardOption } from "./shard-option";

interface PlanOptions extends AllowEmpty {
  readonly json?: true;
  readonly expectNoChanges?: true;
  readonly shard?: Shard;
}

const EXAMPLES = `
Examples:
  npx pulumi-voice-licenses plan licenses.yaml
  npx pulumi-voice-licenses plan licenses.yaml --json
  npx pulumi-voice-licenses plan licenses.yaml --expect-no-changes

Exit codes: 0 planned, 7 work to do under --expect-no-changes, 1 error, also
where \`pulumi up\` would refuse.
What would leave a stack, and App Registration secrets that have changed, only
\`pulumi preview\` can know.
`;

/** `voice-licenses plan`: what `pulumi up --refresh` would call, without Pulumi. */
export function planCommand(finish: Finish): Command {
  return new Command("plan")
    .description(
      "Reads the systems and shows the calls that `pulumi up --refresh` would make for this fleet file, or why it would refuse. Writes nothing, and needs no Pulumi.",
    )
    .argument("<file>", "the fleet file, for example licenses.yaml")
    .option("--json", "print JSON: {version, calls, refused, unchanged, errors}")
    .option("--expect-no-changes", "exit with 7 where there is anything to call")
    .addOption(shardOption())
    .addOption(allowEmptyOption())
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, { json, expectNoChanges, shard, ...options }: PlanOptions) => {
      const planned = await assessFromEnvironment(fleetArgument(file, options), { unmanaged: "none", shard });
      printLine(json === true ? planJson(planned) : planTable(planned, paintFor(process.stdout)));
      finish(exitCodeOf(planned, expectNoChanges === true));
    });
}

function exitCodeOf({ objects, errors }: Assessment, expectNoChanges: boolean): ExitCode {
  if (errors.length > 0 || objects.some(({ refusals }) => refusals.length > 0)) {
    return ExitCode.error;
  }
  return expectNoChanges && objects.some(({ calls }) => calls.length > 0) ? ExitCode.drift : ExitCode.clean;
}
