import type { Clock } from "../time/clock";
import type { Claim } from "./claim";
import type { Verdict } from "./declarations";
import type { Mistake } from "./mistake";
import type { Properties } from "./properties";

/** What a resource may use of the run that it is part of. */
export interface Run {
  readonly clock: Clock;
  /** Aborted when the user cancels the run. */
  readonly signal: AbortSignal;
  /** The longest wait for one task where the resource declares none, from `customTimeouts`. */
  readonly taskTimeoutMs?: number | undefined;
  /** Shows live progress on the resource's own row; leaves no trace. */
  progress(text: string): void;
  /** Shows a line on the resource's own row, and keeps it. */
  tell(text: string): void;
  /** Shows a warning on the resource's own row, and keeps it. */
  warn(text: string): void;
  /**
   * Counts what a planned write takes away.
   * @throws where the run takes away more than it may.
   */
  brake(reductions: readonly Reduction[]): void;
  /**
   * Asked right before every attempt of a write.
   * @throws where the run was cancelled, or the engine that asked for the write is gone.
   */
  assertWanted(): Promise<void>;
  /** Whether anything in the program still declares what this resource lets go of; in an update, waits until that is known. */
  whoDeclares(claims: readonly Claim[]): Promise<readonly Verdict[]>;
  /** Whether a deletion is the first half of a replacement: what cannot be removed then is left as it is, or the rest would never come. */
  readonly isReplacement: boolean;
}

/** The systems that hold licences, by the prefix of their settings. */
export type SystemName = "livePlatform" | "tenantGateway";

/** One thing that a plan takes away: a licence downgraded, a count or maximum lowered, a service unlicensed. */
export interface Reduction {
  /** Of which property of the object: `licensedUsersCount`, `groupServices.Hunt Group`. */
  readonly property: string;
  /** From what to what, in words: `60 → 50`. */
  readonly change: string;
  /** How many licences that is, at least 1: 10 for `60 → 50`. */
  readonly units: number;
}

/** What `up` would do. */
export interface Preview {
  /** Why it would be refused; empty where it would not. */
  readonly refusals: readonly Mistake[];
  /** The calls to come, a line each; empty where there are none. */
  readonly lines: readonly string[];
  /** What these calls take away. */
  readonly reductions: readonly Reduction[];
}

/** The preview of what is refused. */
export function refused(refusals: readonly Mistake[]): Preview {
  return { refusals, lines: [], reductions: [] };
}

/** How inputs differ from state: not at all, in settings of ours that need no request, or in what a system holds. */
export type Changes = "none" | "local" | "remote";

/** How inputs differ from state. */
export interface Comparison {
  readonly changes: Changes;
  /** Inputs whose change makes it another object. */
  readonly replaces: readonly string[];
}

/** What a system holds now, as inputs and as outputs. */
export interface Reading {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** The names of a resource's inputs and outputs. */
export interface ResourceShape {
  readonly inputs: readonly string[];
  /** The outputs that are no inputs, and known only after `up`. */
  readonly computed: readonly string[];
  /** Those of them that no update changes. */
  readonly lasting: readonly string[];
}

/**
 * One licence resource: everything that decides and does, and nothing that knows how Pulumi's engine calls it. Each edge serves the same
 * definition.
 */
export interface LicenseResource {
  /** The type's own name, the last part of its token. */
  readonly typeName: string;
  /** The system that holds its objects. */
  readonly system: SystemName;
  readonly shape: ResourceShape;
  /** The names of the inputs that no text may show, whatever it quotes. */
  readonly secrets: readonly string[];
  /** Checks inputs in themselves; reads nothing. Unknown values pass. */
  check(raw: Properties): { readonly inputs: Properties; readonly mistakes: readonly Mistake[] };
  /** The resource's id: what object it is about. */
  idOf(inputs: Properties): string;
  /** What these inputs declare to own. */
  claims(inputs: Properties): readonly Claim[];
  /** Compares state with checked inputs; reads nothing. */
  compare(state: Properties, inputs: Properties): Comparison;
  /** Plans, reading only, and nothing at all where only local inputs change; without `state` for a resource to be created. */
  preview(inputs: Properties, state: Properties | undefined, run: Run): Promise<Preview>;
  /** Begins to read what `preview` of a new resource with this id will look at. Never fails: `preview` will. */
  readAhead(id: string, run: Run): void;
  /**
   * Observes, plans, applies, verifies: creates where there is no `state`, updates where there is. Gives the outputs.
   * @throws {PartialFailure} where something was done, or is under way, before it failed.
   */
  apply(inputs: Properties, state: Properties | undefined, run: Run): Promise<Properties>;
  /** Reads what is there now, or gives `undefined` where two witnesses tell that the object is gone. */
  read(state: Properties, run: Run): Promise<Reading | undefined>;
  /** Reads all that there is of the object with this id, to be taken over by an import; `undefined` as for `read`. */
  find(id: string, run: Run): Promise<Reading | undefined>;
  /** Does what the policy in state says of the resource's end. */
  remove(state: Properties, run: Run): Promise<void>;
}
