import type { Alike } from "../../../provider/text/alike";
import { counted } from "../../../provider/text/count";
import type { AssessedObject, Assessment, AssessmentError } from "../assessment";
import { type Paint, plain } from "./paint";
import { drifted, MOST_REFUSED, refusalsOf, sharedErrors, shownValue, whom } from "./shown";
import { shown } from "../../../provider/text/shown";
import { driftSummary, planSummary } from "./summary";

/** How many unmanaged objects people are shown; JSON has them all. */
const MOST_UNMANAGED = 20;

/** A drift report for people, narrow enough for 80 columns where names are. */
export function driftTable(assessment: Assessment, paint = plain): string {
  const found = drifted(assessment);
  const refusals = refusalsOf(found);
  return [
    ...found.map((object) => driftOf(object, refusals.own(object), paint)),
    ...sharedRefusals(refusals.shared, paint),
    ...unmanagedOf(assessment, paint),
    ...errorsOf(assessment, paint),
    ...(assessment.notes.length === 0 ? [] : [assessment.notes.map((note) => `note: ${shown(note)}`).join("\n")]),
    paint(found.length === 0 && assessment.errors.length === 0 ? "good" : "bad", driftSummary(assessment)),
  ].join("\n\n");
}

/** A plan for people. */
export function planTable(assessment: Assessment, paint = plain): string {
  const { objects, errors } = assessment;
  const { own, shared } = refusalsOf(objects);
  const shownObjects = objects.filter((object) => object.calls.length > 0 || own(object).length > 0);
  const isBad = errors.length > 0 || objects.some(({ refusals }) => refusals.length > 0);
  return [
    ...shownObjects.map((object) => [heading(object, paint), ...callsOf(object, own(object), paint)].join("\n")),
    ...sharedRefusals(shared, paint),
    ...errorsOf(assessment, paint),
    paint(isBad ? "bad" : "good", planSummary(assessment)),
  ].join("\n\n");
}

function driftOf(object: AssessedObject, refusals: readonly string[], paint: Paint): string {
  const rows = object.differences.map(({ property, declared, actual }) =>
    property === null
      ? ["is missing", "", ""]
      : [shown(property), `declared ${shownValue(declared)}`, `is ${shownValue(actual)}`],
  );
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const kinds = [undefined, "declared", "actual"] as const;
  const painted = (cell: string, column: number): string => {
    const kind = kinds[column];
    const gap = " ".repeat((widths[column] ?? cell.length) - cell.length);
    return `${kind === undefined || cell === "" ? cell : paint(kind, cell)}${gap}`;
  };
  return [
    heading(object, paint),
    ...rows.map((row) => `  ${row.map(painted).join("  ")}`.trimEnd()),
    ...callsOf(object, refusals, paint),
  ].join("\n");
}

function heading({ kind, id, name }: AssessedObject, paint: Paint): string {
  return `${paint("heading", `${kind} ${shown(name)}`)}${id === name ? "" : `  (${shown(id)})`}`;
}

function callsOf({ calls }: AssessedObject, refusals: readonly string[], paint: Paint): string[] {
  return [
    ...calls.map((call) => `  up would call: ${paint("call", shown(call))}`),
    ...refusals.map((line) => `  up would refuse: ${paint("refusal", line)}`),
  ];
}

function sharedRefusals(shared: readonly Alike<AssessmentError>[], paint: Paint): string[] {
  return shared.map(
    ({ first, all }) =>
      `up would refuse ${counted(all.length, "object")}: ${paint("refusal", first.message)}\n  ${whom(all, MOST_REFUSED)}`,
  );
}

function unmanagedOf({ unmanaged }: Assessment, paint: Paint): string[] {
  if (unmanaged.length === 0) {
    return [];
  }
  const more = unmanaged.length - MOST_UNMANAGED;
  return [
    [
      paint(
        "heading",
        `${counted(unmanaged.length, "object")} unmanaged: licensed, and declared by nothing in the file`,
      ),
      ...unmanaged
        .slice(0, MOST_UNMANAGED)
        .map(
          ({ kind, id, name, holds }) =>
            `  ${kind} ${shown(name)}${id === name ? "" : `  (${shown(id)})`}: ${shown(holds)}`,
        ),
      ...(more > 0 ? [`  and ${more} more: --format json lists them all`] : []),
    ].join("\n"),
  ];
}

function errorsOf({ errors }: Assessment, paint: Paint): string[] {
  return sharedErrors(errors).map(
    ({ first, all }) => `${paint("error", "error:")} ${whom(all)}: ${shown(first.message)}`,
  );
}
