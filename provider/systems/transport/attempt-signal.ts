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
  const attempt = new AbortController();
  let isLate = false;
  let grace: NodeJS.Timeout | undefined;
  const deadline = setTimeout(() => {
    isLate = true;
    attempt.abort();
  }, timeoutMs);
  const onCancelled = (): void => {
    if (call.method === "GET") {
      attempt.abort();
    } else {
      grace = setTimeout(() => {
        attempt.abort();
      }, GRACE_FOR_WRITES_MS);
    }
  };
  call.signal?.addEventListener("abort", onCancelled, { once: true });
  return {
    signal: attempt.signal,
    timedOut: () => isLate,
    release: () => {
      clearTimeout(deadline);
      clearTimeout(grace);
      call.signal?.removeEventListener("abort", onCancelled);
    },
  };
}
