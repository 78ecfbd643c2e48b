import type { Clock } from "./clock";

/** Pauses between two reads: the first in milliseconds, then half as long again each time, up to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/** How a write is read back. */
export interface ReadBackOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long the effect may take to show, in milliseconds (`verifyTimeout`). */
  readonly timeoutMs: number;
}

/**
 * Reads back after a write until the effect shows or the time is up: a system may answer a write before every read shows it. The pauses
 * grow. Returns what was read last, settled or not.
 */
export async function readBack<T>(
  read: () => Promise<T>,
  isSettled: (seen: T) => boolean,
  { clock, signal, timeoutMs }: ReadBackOptions,
): Promise<T> {
  const end = clock.elapsed() + timeoutMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const seen = await read();
    const left = end - clock.elapsed();
    if (isSettled(seen) || left <= 0) {
      return seen;
    }
    await clock.sleep(Math.min(pause, left), signal);
  }
}
