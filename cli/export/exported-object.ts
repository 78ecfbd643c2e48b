import type { Allocation } from "../../provider/tenant/allocation";

/** An object as it is to be declared. */
export interface ExportedObject {
  /** The resource's name. */
  readonly name: string;
  /** Lines that stand above it: what people call it, what it holds that is not managed. */
  readonly comments: readonly string[];
  /** In the order in which they are written. */
  readonly inputs: readonly (readonly [name: string, value: ExportedValue])[];
}

/** A plain value; services by name, in their order; or the configuration key under which a secret is to be put. */
export type ExportedValue = string | number | ReadonlyMap<string, Allocation> | SecretKey;

interface SecretKey {
  readonly secretKey: string;
}

/** Whether a value is a secret that the stack's configuration has. */
export function isSecretKey(value: ExportedValue): value is SecretKey {
  return typeof value === "object" && "secretKey" in value;
}

/** The objects of one kind. */
export interface ExportedKind {
  readonly objects: readonly ExportedObject[];
  readonly undeclarable: readonly Undeclarable[];
  readonly leftOut: readonly LeftOut[];
  /** What the reader of the file should know. */
  readonly notes: readonly string[];
}

/** An object that cannot be declared, and what it holds. */
export interface Undeclarable {
  readonly id: string;
  /** What people call it. */
  readonly title: string;
  readonly holds: string;
}

/** A part of what the systems hold that is left out, because no fleet file can declare it. */
export interface LeftOut {
  /** `tenant foo, groupServices.Hunt Group`. */
  readonly what: string;
  readonly why: string;
}

/** What is left out. */
export interface ExportChoice {
  /** Whether an object is wanted, by any of what it is called. */
  readonly isWanted: (calledBy: readonly string[]) => boolean;
  /** Leaves out services that are not licensed. */
  readonly onlyLicensed: boolean;
  /** Whether something is declared elsewhere already, by the text of a claim to it. */
  readonly isClaimed: (claim: string) => boolean;
}
