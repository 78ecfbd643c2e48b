import type { Noun } from "../../provider/kinds";
import type { Mistake } from "../../provider/resource/mistake";

/** A value as a fleet file or a system has it; `null` where there is none. */
export type AssessedValue = string | number | null;

/** Where an object is not as declared. */
export interface Difference {
  /** An input, `groupServices.Hunt Group` for a service, or `null` where the object itself is missing. */
  readonly property: string | null;
  readonly declared: AssessedValue;
  readonly actual: AssessedValue;
}

/** A declared object as it was found. */
export interface AssessedObject {
  readonly kind: Noun;
  /** Its id, as its resource has it. */
  readonly id: string;
  /** The resource's name. */
  readonly name: string;
  readonly differences: readonly Difference[];
  /** The calls by which `pulumi up --refresh` would put it right, as preview shows them. */
  readonly calls: readonly string[];
  /** Why `pulumi up` would refuse; there are no calls then. */
  readonly refusals: readonly Mistake[];
}

/** A declared object that could not be looked at. */
export interface AssessmentError {
  readonly kind: Noun;
  /** Absent where it is about no single object, but a list. */
  readonly id?: string;
  readonly name: string;
  readonly message: string;
}

/** An object that was left out. */
export type IgnoredObject = Pick<AssessedObject, "kind" | "id" | "name">;

/** Something that holds licences and is declared by nothing. */
export interface UnmanagedObject {
  readonly kind: Noun;
  readonly id: string;
  /** What people call it; its id where it has no name. */
  readonly name: string;
  /** What it holds, in words: `OC Pro, 50 users`. */
  readonly holds: string;
}

/** Declared against real, in the order of the fleet file. */
export interface Assessment {
  readonly objects: readonly AssessedObject[];
  readonly unmanaged: readonly UnmanagedObject[];
  readonly errors: readonly AssessmentError[];
  /** What was left out because somebody asked for that: declared and unmanaged objects. */
  readonly ignored: readonly IgnoredObject[];
  /** What the reader should know, such as that unmanaged tenants are not known. */
  readonly notes: readonly string[];
}

/** Nothing that was looked at. */
export const NOTHING: Assessment = { objects: [], unmanaged: [], errors: [], ignored: [], notes: [] };

/** Several assessments as one. */
export function joined(parts: readonly Assessment[]): Assessment {
  return {
    objects: parts.flatMap(({ objects }) => objects),
    unmanaged: parts.flatMap(({ unmanaged }) => unmanaged),
    errors: parts.flatMap(({ errors }) => errors),
    ignored: parts.flatMap(({ ignored }) => ignored),
    notes: parts.flatMap(({ notes }) => notes),
  };
}
