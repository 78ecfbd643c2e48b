import { counted } from "../../../provider/text/count";
import type { Assessment } from "../assessment";
import { drifted, MOST_REFUSED, refusalsOf, sharedErrors, shownValue, whom } from "./shown";
import { shown } from "../../../provider/text/shown";

/** How many lines of each part people are shown; JSON has them all. */
const MOST_ROWS = 200;

/** What a report says of itself in a first line that is not shown, so that `publish drift` knows what to do with it. */
export type DriftVerdict = "clean" | "drifted" | "incomplete";

/** A drift report for a comment on a change request or an issue. */
export function driftMarkdown(assessment: Assessment, verdict: DriftVerdict): string {
  const { objects, unmanaged, errors, ignored, notes } = assessment;
  const left = ignored.length === 0 ? "" : `, ${ignored.length} ignored`;
  const found = drifted(assessment);
  const rows = found.flatMap(({ kind, name, differences }) =>
    differences.map(({ property, declared, actual }) =>
      property === null
        ? row([`${kind} ${name}`, "(the object)", "present", "missing"])
        : row([`${kind} ${name}`, property, shownValue(declared), shownValue(actual)]),
    ),
  );
  const refusals = refusalsOf(found);
  const refused = (whose: string, line: string): string => `- ${escaped(whose)}: **refused**: ${escaped(line)}`;
  const calls = [
    ...refusals.shared.map(({ first, all }) =>
      refused(`${counted(all.length, "object")} (${whom(all, MOST_REFUSED)})`, first.message),
    ),
    ...found.flatMap((object) => [
      ...object.calls.map((call) => `- ${escaped(`${object.kind} ${object.name}`)}: ${escaped(call)}`),
      ...refusals.own(object).map((line) => refused(`${object.kind} ${object.name}`, line)),
    ]),
  ];
  return [
    `<!-- voice-licenses drift: ${verdict} -->`,
    `## Licence drift`,
    errors.length > 0
      ? `**${counted(errors.length, "error")}**: this report is not complete.`
      : found.length === 0
        ? `All ${counted(objects.length, "object")} as declared${left}.`
        : `**${found.length} of ${counted(objects.length, "object")} not as declared${left}.**`,
    ...notes.map(escaped),
    ...(rows.length === 0
      ? []
      : [["| object | property | declared | actual |", "| --- | --- | --- | --- |", ...cut(rows)].join("\n")]),
    ...(calls.length === 0 ? [] : [details("What `pulumi up --refresh` would call", cut(calls))]),
    ...(unmanaged.length === 0
      ? []
      : [
          details(
            `${counted(unmanaged.length, "object")} unmanaged`,
            cut(
              unmanaged.map(
                ({ kind, id, name, holds }) => `- ${kind} ${escaped(name)} (${escaped(id)}): ${escaped(holds)}`,
              ),
            ),
          ),
        ]),
    ...(errors.length === 0
      ? []
      : [
          [
            "### Errors",
            "",
            ...sharedErrors(errors).map(({ first, all }) => `- ${escaped(whom(all))}: ${escaped(first.message)}`),
          ].join("\n"),
        ]),
  ].join("\n\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(escaped).join(" | ")} |`;
}

/**
 * Text from outside, which must not become markup, a link or a mention. Forges make links and mentions of what is left when the markup
 * has been read, so escapes do not stop them, but an empty comment between two characters does; nobody sees it.
 */
function escaped(text: string): string {
  return shown(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_{}[\]()#!|~>]/g, "\\$&")
    .replaceAll(LINK_START, "$&<!-- -->");
}

/** After these begins what forges make a link of: `https://`, `www.`, `@name`, `#12`, and GitLab's `!12`, `~label`, `$12`, `%12`. */
const LINK_START = /:(?=\/\/)|www(?=\.)|@(?=\S)|[#!~$%](?=\w)|\bGH-(?=\d)/giu;

function details(summary: string, lines: readonly string[]): string {
  return [
    `<details><summary>${summary.replaceAll(/`([^`]*)`/g, "<code>$1</code>")}</summary>`,
    "",
    ...lines,
    "",
    "</details>",
  ].join("\n");
}

function cut(lines: readonly string[]): string[] {
  const more = lines.length - MOST_ROWS;
  return [...lines.slice(0, MOST_ROWS), ...(more > 0 ? ["", `… and ${more} more.`] : [])];
}
