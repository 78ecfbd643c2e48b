import type { Clock } from "./clock";

/** The longest pause between two looks at the same thing, in milliseconds. */
export const LONGEST_PAUSE_MS = 60_000;

/** What one look at the awaited thing tells: it is over, with its result, or it goes on. */
export type Look<T> =
  | { readonly done: true; readonly result: T }
  | {
      readonly done: false;
      /** What people are told, for example `task tsk_185510 In Progress`. */
      readonly progress: string;
      /** The pause that the server asks for, in milliseconds; it replaces ours where it is above 0. */
      readonly retryAfterMs?: number | undefined;
    };

/** How to wait. */
export interface WaitOptions {
  readonly clock: Clock;
  /** The longest wait in all, in milliseconds. */
  readonly timeoutMs: number;
  /** The first pause in milliseconds; later ones are a fifth of the time waited, at most a minute. */
  readonly firstPauseMs: number;
  /** Looks at once where `true`; where `false` (work that was started a moment ago), pauses first. */
  readonly lookFirst: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Is told each look that does not end the wait, with the milliseconds waited so far. */
  readonly onProgress?: (progress: string, waitedMs: number) => void;
}

/** What a wait came to: the result, or the time it took in vain. */
export type Waited<T> =
  { readonly done: true; readonly result: T } | { readonly done: false; readonly waitedMs: number };

/**
 * Looks again and again until the look says that it is done, or the time is up. A failing look ends the wait with its error;
 * an aborted signal ends it with the signal's reason.
 */
export async function waitUntil<T>(look: () => Promise<Look<T>>, options: WaitOptions): Promise<Waited<T>> {
  const { clock, timeoutMs, signal } = options;
  const start = clock.elapsed();
  const waited = (): number => clock.elapsed() - start;
  if (!options.lookFirst) {
    await clock.sleep(Math.min(options.firstPauseMs, timeoutMs), signal);
  }
  for (;;) {
    const seen = await look();
    if (seen.done) {
      return seen;
    }
    const waitedMs = waited();
    options.onProgress?.(seen.progress, waitedMs);
    const left = timeoutMs - waitedMs;
    if (left <= 0) {
      return { done: false, waitedMs };
    }
    // A request for no pause is ignored: it would mean looking without end.
    const asked = seen.retryAfterMs ?? 0;
    const pause = asked > 0 ? asked : nextPause(waitedMs, options.firstPauseMs, clock.random());
    await clock.sleep(Math.min(pause, left), signal);
    if (asked > left) {
      // The server wants no further look within our time.
      return { done: false, waitedMs: waited() };
    }
  }
}

/**
 * The pause after `waitedMs` of waiting: a fifth of it, at least the first pause and at most a minute, less up to a 25th of
 * jitter (less only, so that the wait is never more than a fifth longer than the work, and little, so that it stays at few looks).
 */
export function nextPause(waitedMs: number, firstPauseMs: number, random: number): number {
  const pause = Math.min(Math.max(waitedMs / 5, firstPauseMs), Math.max(LONGEST_PAUSE_MS, firstPauseMs));
  return Math.round(pause * (1 - random / 25));
}
