import { type Alike, alike } from "../../../provider/text/alike";
import { listed } from "../../../provider/text/count";
import { shown } from "../../../provider/text/shown";
import { shownMistake } from "../../../provider/resource/mistake";
import type { AssessedObject, AssessedValue, Assessment, AssessmentError } from "../assessment";

/** A value in words: `unlimited`, `50`, `none`. */
export function shownValue(value: AssessedValue): string {
  return value === null ? "none" : shown(String(value));
}

/** The objects that are not as declared. */
export function drifted(assessment: Assessment): AssessedObject[] {
  return assessment.objects.filter(({ differences }) => differences.length > 0);
}

/** An API that is down says the same of a thousand objects: each cause once, to be shown in the words for the first of them. */
export function sharedErrors(errors: readonly AssessmentError[]): Alike<AssessmentError>[] {
  return alike(errors, (error) => `${error.kind} ${withoutObject(error)}`);
}

/** A message as it would be for any other object: without its id, also as a part of a path. */
function withoutObject({ kind, id, message }: AssessmentError): string {
  if (id === undefined) {
    return message;
  }
  const part = `/${encodeURIComponent(id)}`;
  return [`${kind} ${id}`, `${part}/`, `${part} `].reduce((text, object) => text.replaceAll(object, " "), message);
}

/** `tenant foo, tenant bar and 8 more`. */
export function whom(objects: readonly AssessmentError[], most = 3): string {
  return listed(
    objects.map(({ kind, name }) => `${kind} ${shown(name)}`),
    most,
  );
}

/** The refusals of an object, each as a line. */
export function refusalLines({ refusals }: AssessedObject): string[] {
  return refusals.map((refusal) => shown(shownMistake(refusal)));
}

/** So many that are refused alike are named. */
export const MOST_REFUSED = 10;

/** The refusals of all objects: those that several share, to be shown once, and the lines that an object has alone. */
export function refusalsOf(objects: readonly AssessedObject[]): {
  readonly shared: readonly Alike<AssessmentError>[];
  readonly own: (object: AssessedObject) => readonly string[];
} {
  const refusals = new Map(
    objects.map((object) => {
      const { kind, id, name } = object;
      return [object, refusalLines(object).map((message) => ({ kind, id, name, message }))] as const;
    }),
  );
  const shared = sharedErrors([...refusals.values()].flat()).filter(({ all }) => all.length > 1);
  const sharing = new Set(shared.flatMap(({ all }) => all));
  return {
    shared,
    own: (object) => (refusals.get(object) ?? []).flatMap((refusal) => (sharing.has(refusal) ? [] : [refusal.message])),
  };
}
