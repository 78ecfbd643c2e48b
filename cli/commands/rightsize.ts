import { Command, InvalidArgumentError, Option } from "commander";
import { counted } from "../../provider/text/count";
import { rewrittenFleet } from "../rightsize/edits/rewritten-fleet";
import { sizesJson } from "../rightsize/formats/json";
import { sizesTable, totalsLines } from "../rightsize/formats/table";
import { type Headroom, headroomText, parseHeadroom } from "../rightsize/headroom";
import { sizesOf } from "../rightsize/size-fleet";
import { isChange, totalsOf } from "../rightsize/sizing";
import { highestUse } from "../rightsize/use";
import { fleetArgument } from "./fleet-argument";
import { highestOfHistory } from "./history-option";
import { printLine } from "./output";
import { paintFor } from "./paint";
import { readUse } from "./read-use";
import { UserError } from "./user-error";
import { writeFiles } from "./write-fleet";

interface RightsizeOptions {
  readonly headroom: Headroom;
  readonly includeUnlimited?: true;
  readonly all?: true;
  readonly format: "table" | "json";
  readonly json?: true;
  readonly write?: true;
  readonly history?: string;
  readonly days?: number;
}

const EXAMPLES = `
Examples:
  npx pulumi-voice-licenses rightsize licenses.yaml
  npx pulumi-voice-licenses rightsize licenses.yaml --headroom 5 --all
  npx pulumi-voice-licenses rightsize licenses.yaml --history usage.jsonl \\
    --days 60 --write
  npx pulumi-voice-licenses rightsize licenses.yaml --format json | jq .freed

A suggestion is the use plus the headroom, rounded up: never below the use,
and at least 1 for a customer. Of a service, the use is what is allocated plus
what service packs hand out. The systems are only read; what --write changes
is the fleet file and the files that it includes, for you to review.
`;

const DEFAULT_DAYS = 30;

/** `voice-licenses rightsize`: what is declared against what is used, and the fleet file changed to fit. */
export function rightsizeCommand(): Command {
  return new Command("rightsize")
    .description(
      "Reads how many licences are in use, and suggests a user count or maximum for each that the fleet file declares: the use plus a headroom. Shows what would change, and how many licences that frees or adds. Writes nothing to the systems.",
    )
    .argument("<file>", "the fleet file, for example licenses.yaml")
    .addOption(
      new Option("--headroom <size>", "what to keep free above the use: a share such as 20%, or a number of licences")
        .argParser(headroom)
        .default({ percent: 20 } satisfies Headroom, "20%"),
    )
    .option("--include-unlimited", "suggest a maximum for services that are declared unlimited too")
    .option("--all", "also show what would stay as it is")
    .option("--history <file>", "take the highest use of some days from this file, which report and metrics write")
    .option("--days <days>", `of how many days, with --history (default: ${DEFAULT_DAYS})`, days)
    .addOption(new Option("--format <format>", "for people or programs").choices(["table", "json"]).default("table"))
    .option("--json", "the same as --format json")
    .option("--write", "change the fleet file and the files that it includes; comments and order stay")
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, options: RightsizeOptions) => {
      await rightsize(file, options);
    });
}

async function rightsize(file: string, options: RightsizeOptions): Promise<void> {
  const { history, days: given, headroom: kept } = options;
  if (given !== undefined && history === undefined) {
    throw new UserError("--days needs --history FILE: without one, the use is that of this moment.");
  }
  const lastDays = history === undefined ? undefined : (given ?? DEFAULT_DAYS);
  const fleet = fleetArgument(file, { allowEmpty: true });
  const earlier = history === undefined ? [] : [await highestOfHistory(history, lastDays ?? DEFAULT_DAYS)];
  const use = highestUse(await readUse(fleet), earlier);
  const sizes = sizesOf(fleet, use, { headroom: kept, includeUnlimited: options.includeUnlimited === true });
  const changes = sizes.filter(isChange).length;
  let written: readonly string[] = [];
  if (options.write === true && changes > 0) {
    const rewritten = rewrittenFleet(file, fleet, sizes);
    if ("problem" in rewritten) {
      throw new UserError(`Nothing was written: ${rewritten.problem}`);
    }
    writeFiles(rewritten.files);
    written = rewritten.files.map(({ shown }) => shown);
  }
  if (options.json === true || options.format === "json") {
    printLine(sizesJson(sizes, { headroom: kept, days: lastDays ?? null, written }));
    return;
  }
  const paint = paintFor(process.stdout);
  const table = sizesTable(sizes, options.all === true, paint);
  const basis = `${lastDays === undefined ? "The use now" : `The highest use of the last ${counted(lastDays, "day")}`} and a headroom of ${headroomText(kept)}.`;
  const next =
    changes === 0
      ? []
      : written.length > 0
        ? [
            `Wrote ${written.join(", ")}. Review the change, then run pulumi preview:`,
            "the brakes (maxReductions, maxLicensesRemoved) hold as for any other change.",
          ]
        : ["Nothing was written; --write changes the file, then run pulumi preview."];
  const summary = [basis, ...totalsLines(totalsOf(sizes), written.length > 0), ...next].join("\n");
  printLine(table === "" ? summary : `${table}\n\n${summary}`);
}

function headroom(text: string): Headroom {
  const parsed = parseHeadroom(text);
  if (parsed === undefined) {
    throw new InvalidArgumentError("Give a share such as 20%, or a number of licences such as 5.");
  }
  return parsed;
}

function days(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new InvalidArgumentError("Give a number of days from 1 to 9999.");
  }
  return Number(text);
}
