/** How long a write that is under way when the run is cancelled may still take to be answered. */
const GRACE_FOR_WRITES_MS = 3000;

/** What ends an attempt before it is answered. */
export interface AttemptSignal {
  readonly signal: AbortSignal;
  /** Whether the time for one request was up. */
  readonly timedOut: () => boolean;
  readonly release: () => void;
}

/**
 * Ends an attempt when its time is up, even while an answer drips in. When the run is cancelled, a read is given up at once; a write
 * gets a moment to be answered, so that its outcome is known.
 */
export function signalFor(
  call: { readonly method: string; readonly signal?: AbortSignal | undefined },
  timeoutMs: number,
): AttemptSignal {
  const outer = call.signal;
  const inner = new AbortController();
  const abort = (): void => {
    inner.abort();
  };
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    abort();
  }, timeoutMs);
  let grace: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    if (call.method === "GET") {
      abort();
    } else {
      grace = setTimeout(abort, GRACE_FOR_WRITES_MS);
    }
  };
  outer?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: inner.signal,
    timedOut: () => late,
    release: () => {
      clearTimeout(deadline);
      clearTimeout(grace);
      outer?.removeEventListener("abort", onAbort);
    },
  };
}
