import type { Clock } from "./clock";

/** How often a write is read back at most, and the pause between two reads: four within five seconds. */
const MOST_READS = 4;
const PAUSE_MS = 1200;

/**
 * Reads back after a write until the effect shows, a few times within five seconds: a system may answer a write before every read
 * shows it. Gives what was read last, settled or not.
 */
export async function readBack<T>(
  read: () => Promise<T>,
  isSettled: (seen: T) => boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  for (let reading = 1; ; reading += 1) {
    const seen = await read();
    if (isSettled(seen) || reading === MOST_READS) {
      return seen;
    }
    await clock.sleep(PAUSE_MS, signal);
  }
}
