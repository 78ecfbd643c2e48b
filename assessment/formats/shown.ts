import { shown } from "../../provider/text/shown";
import { shownMistake } from "../../provider/run/mistake";
import type { AssessedObject, AssessedValue, Assessment, AssessmentError } from "../assessment";

/** A value in words: `unlimited`, `50`, `none`. */
export function shownValue(value: AssessedValue): string {
  return value === null ? "none" : shown(String(value));
}

/** The objects that are not as declared. */
export function drifted(assessment: Assessment): AssessedObject[] {
  return assessment.objects.filter(({ differences }) => differences.length > 0);
}

/** One message, and all whom it is about. */
export interface SharedError {
  readonly message: string;
  readonly objects: readonly AssessmentError[];
}

/** An API that is down says the same of a thousand objects: each message once. */
export function sharedErrors(errors: readonly AssessmentError[]): SharedError[] {
  const byMessage = new Map<string, AssessmentError[]>();
  for (const error of errors) {
    byMessage.set(error.message, [...(byMessage.get(error.message) ?? []), error]);
  }
  return [...byMessage].map(([message, objects]) => ({ message, objects }));
}

/** `customer contoso, tenant foo and 8 more`. */
export function whom(objects: readonly AssessmentError[]): string {
  const named = objects.slice(0, 3).map(({ kind, name }) => `${kind} ${shown(name)}`);
  const more = objects.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The refusals of an object as lines. */
export function refusalLines({ refusals }: AssessedObject): string[] {
  return refusals.map((refusal) => shown(shownMistake(refusal)));
}
