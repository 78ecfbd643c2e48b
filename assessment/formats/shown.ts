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

/** An API that is down says the same of a thousand objects: each cause once, in the words for the first of them. */
export function sharedErrors(errors: readonly AssessmentError[]): SharedError[] {
  const byCause = new Map<string, AssessmentError[]>();
  for (const error of errors) {
    const cause = `${error.kind} ${withoutObject(error)}`;
    const alike = byCause.get(cause);
    if (alike === undefined) {
      byCause.set(cause, [error]);
    } else {
      alike.push(error);
    }
  }
  return [...byCause.values()].flatMap((objects) => objects.slice(0, 1).map(({ message }) => ({ message, objects })));
}

/** A message as it would be for any other object: without its id, also as a part of a path. */
function withoutObject({ kind, id, message }: AssessmentError): string {
  if (id === undefined) {
    return message;
  }
  const part = `/${encodeURIComponent(id)}`;
  return [`${kind} ${id}`, `${part}/`, `${part} `].reduce((text, object) => text.replaceAll(object, " "), message);
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
