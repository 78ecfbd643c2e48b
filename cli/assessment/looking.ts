import type { ConnectedSystems } from "../inventory/systems";
import { messageOf } from "../../provider/text/errors";
import { type Assessment, type AssessmentError, NOTHING } from "./assessment";

/** Where to look for what nothing declares: nowhere; everywhere; or everywhere, but of tenants only among these. */
export type Unmanaged = "none" | "all" | { readonly tenants: readonly string[] };

/** How to look at objects. A system is `undefined` where it is neither configured nor needed. */
export interface Looking extends ConnectedSystems {
  readonly unmanaged: Unmanaged;
  /** Whether an object that nothing declares is of interest, by its id. */
  readonly isIncluded: (id: string) => boolean;
  readonly signal: AbortSignal;
  /** Told before objects are looked at: how many. */
  readonly expect: (count: number) => void;
  /** Told after each object. */
  readonly advance: () => void;
}

/** What `look` finds, or its failure as an error about `object`: what cannot be looked at is never a difference. */
export async function attempt(
  object: Omit<AssessmentError, "message">,
  advance: () => void,
  look: () => Promise<Partial<Assessment>>,
): Promise<Assessment> {
  try {
    return { ...NOTHING, ...(await look()) };
  } catch (error) {
    return { ...NOTHING, errors: [{ ...object, message: messageOf(error) }] };
  } finally {
    advance();
  }
}
