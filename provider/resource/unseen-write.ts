import type { Run } from "./license-resource";
import { readBack } from "../time/read-back";

/** How long state remembers a write of which nothing has been seen, in milliseconds: after that it counts as undone. */
const REMEMBERED_FOR_MS = 10 * 60_000;

/** When a write was sent whose effect has not been seen; `undefined` where an older version of this package did not keep it. */
export interface UnseenWrite {
  /** ISO 8601, by the clock of the machine that sent it. */
  readonly at: string | undefined;
}

/** A look at an object, by a run that may yet see what an earlier write did. */
export interface LateLook<Seen> {
  readonly read: () => Promise<Seen>;
  readonly first: Seen;
  /** Whether what was sent shows. */
  readonly isShown: (seen: Seen) => boolean;
  /** How long it is given to show in this run, in milliseconds (`verifyTimeout`). */
  readonly timeoutMs: number;
}

/**
 * Whether a look that does not show what was sent ends the matter: only once it had a long time to show. By the clock alone, because a
 * refresh does not wait.
 */
export function isForgotten({ at }: UnseenWrite, now: number): boolean {
  const sent = Date.parse(at ?? "");
  return Number.isNaN(sent) || now - sent > REMEMBERED_FOR_MS;
}

/** Looks until what an earlier run sent shows, or the time for it is over: then it counts as undone. Gives what was seen last. */
export async function awaitUnseen<Seen>(look: LateLook<Seen>, run: Run): Promise<Seen> {
  if (look.isShown(look.first)) {
    return look.first;
  }
  run.progress("waiting whether the last update, which could not be verified, becomes visible");
  return readBack(look.read, look.isShown, { clock: run.clock, signal: run.signal, timeoutMs: look.timeoutMs });
}
