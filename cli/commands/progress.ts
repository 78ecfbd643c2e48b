import type { Clock } from "../../provider/time/clock";

/** How often a line in a pipeline's log says how far it is, and the one on a terminal is drawn again; in milliseconds. */
const QUIET_EVERY_MS = 10_000;
const DRAW_EVERY_MS = 100;

/** Where progress is shown: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Says how far long work is. */
export interface Progress {
  /** So many more are to be done. */
  readonly expect: (count: number) => void;
  /** One more is done. */
  readonly advance: () => void;
  /** Leaves nothing on a terminal. */
  readonly end: () => void;
}

/** Progress as one line that changes on a terminal, and as a line every ten seconds elsewhere. */
export function progressOn(stream: ProgressStream, doing: string, clock: Clock): Progress {
  const onTerminal = stream.isTTY === true;
  let last = onTerminal ? -Infinity : clock.elapsed();
  let drawn = false;
  let done = 0;
  let total = 0;
  return {
    expect: (count) => {
      total += count;
    },
    advance: () => {
      done += 1;
      const now = clock.elapsed();
      if (now - last < (onTerminal ? DRAW_EVERY_MS : QUIET_EVERY_MS)) {
        return;
      }
      last = now;
      drawn = onTerminal;
      const line = `${doing}: ${done} of ${total}`;
      stream.write(onTerminal ? `\r\u001b[K${line}` : `${line}\n`);
    },
    end: () => {
      if (drawn) {
        stream.write("\r\u001b[K");
      }
    },
  };
}
