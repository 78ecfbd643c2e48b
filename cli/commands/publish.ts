import { Argument, Command, Option } from "commander";
import { type Publication, publish, TARGETS } from "../publish/publish";
import { WEBHOOK_FORMATS } from "../publish/webhook";
import { ExitCode, type Finish } from "./exit-code";
import { printLine } from "./output";
import { readTextFile } from "../../fleet/text-file";
import { UserError } from "./user-error";

const EXAMPLES = `
Examples:
  npx pulumi-voice-licenses publish comment review.md
  npx pulumi-voice-licenses drift licenses.yaml --format markdown > drift.md
  npx pulumi-voice-licenses publish drift drift.md
  npx pulumi-voice-licenses publish drift drift.md --to webhook --format teams

It runs in a job of GitHub Actions (GITHUB_TOKEN), GitLab CI (GITLAB_TOKEN)
or Azure Pipelines (SYSTEM_ACCESSTOKEN). The address of a webhook is a
secret: VOICE_LICENSES_WEBHOOK_URL. Proxies: HTTPS_PROXY and NO_PROXY.
`;

/** What a drift report says of itself in its first line, see `driftMarkdown`. */
const VERDICT = /^<!-- voice-licenses drift: (clean|drifted|incomplete) -->$/m;

type Options = Pick<Publication, "to" | "part" | "format">;

/** `voice-licenses publish`: brings a review or a drift report to people. */
export function publishCommand(finish: Finish): Command {
  return new Command("publish")
    .summary("comment on a change, keep the drift issue, or post to a webhook")
    .description(
      "Writes a review as one comment on the change request, replaced each time; or a drift report as one issue, which is opened, updated, and closed by a report without drift.",
    )
    .addArgument(
      new Argument("<what>", "comment or drift, or clean to close the issue").choices(["comment", "drift", "clean"]),
    )
    .argument("[file]", "the Markdown to publish")
    .addOption(new Option("--to <target>", "where to (default: where this job runs)").choices([...TARGETS]))
    .addOption(
      new Option("--format <format>", "the form of a webhook's message (default: by its address)").choices([
        ...WEBHOOK_FORMATS,
      ]),
    )
    .option(
      "--part <word>",
      "which of several stacks it is about: each has a comment and an issue of its own (default: PART, SHARD)",
    )
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action(async (what: Publication["what"], file: string | undefined, options: Options) => {
      const text = what === "clean" ? "" : readReport(what, file);
      const verdict = what === "drift" ? VERDICT.exec(text)?.[1] : undefined;
      if (verdict === "incomplete") {
        throw new UserError(
          `${file ?? ""} is not complete, because a system could not be read: the issue stays as it is.`,
        );
      }
      printLine(await publish({ ...options, what: verdict === "clean" ? "clean" : what, text }, process.env));
      finish(ExitCode.clean);
    });
}

function readReport(what: string, file: string | undefined): string {
  if (file === undefined) {
    throw new UserError(
      `publish ${what} needs the file to publish: npx pulumi-voice-licenses publish ${what} ${what}.md`,
    );
  }
  const read = readTextFile(file);
  if ("problem" in read) {
    throw new UserError(`${file} ${read.problem}.`);
  }
  if (read.text.trim() === "") {
    throw new UserError(`${file} is empty, so what was to write it has failed: nothing was published.`);
  }
  return read.text;
}
