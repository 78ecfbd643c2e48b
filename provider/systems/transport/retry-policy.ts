/** What became of one request, as far as this side can tell. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterMs?: number | undefined }
  /** No connection came about: the request cannot have been processed. */
  | { readonly kind: "neverSent" }
  /** No trusted connection, or no request, came about, and another attempt would fail in the same way. */
  | { readonly kind: "impossible" }
  /** The proxy answered in place of the host: the request cannot have been processed. */
  | { readonly kind: "proxyRefused"; readonly status: number }
  /** The connection broke after the request may have left. */
  | { readonly kind: "dropped" }
  /** An answer came that is larger than any that is read, and another attempt would bring it again. */
  | { readonly kind: "tooLarge" }
  /** No answer came in time, after the request may have left. */
  | { readonly kind: "timedOut" };

/**
 * How often a request may arrive.
 * - `repeatable`: a read, or a write of absolute values that does no harm twice (GET, PUT, the login, the token request).
 * - `once`: only repeated here when it cannot have been processed. Anything else is reported to the caller, who observes.
 */
export type Repetition = "repeatable" | "once";

/** What to do next with a request. */
export type Verdict =
  /** The outcome is final, good or bad. */
  | "final"
  /** Send it again after a pause. */
  | "again"
  /** It may or may not have been processed: look at the real state before anything else. */
  | "lost";

/** The retry policy. */
export function judge(outcome: Outcome, repetition: Repetition): Verdict {
  switch (outcome.kind) {
    case "neverSent":
      return "again";
    case "impossible":
      return "final";
    case "proxyRefused":
      return isPassing(outcome.status) ? "again" : "final";
    case "tooLarge":
      return repetition === "once" ? "lost" : "final";
    case "dropped":
    case "timedOut":
      return repetition === "once" ? "lost" : "again";
    case "answered":
      if (!isPassing(outcome.status)) {
        return "final";
      }
      return repetition === "repeatable" || wasTurnedAway(outcome) ? "again" : "lost";
  }
}

/** Statuses of a trouble that may pass. Never 500: the platform answers it to bad input too. */
function isPassing(status: number): boolean {
  return [408, 429, 502, 503, 504, 530].includes(status) || (status >= 520 && status <= 524);
}

/**
 * Whether the service itself says that it did not take the request; a 503 without `Retry-After` may come from a proxy that lost the
 * answer. No call may go to that host before the pause is over; with any other status, `Retry-After` is only a hint.
 */
export function wasTurnedAway(outcome: Outcome): boolean {
  return (
    outcome.kind === "answered" &&
    (outcome.status === 429 || (outcome.status === 503 && outcome.retryAfterMs !== undefined))
  );
}

/** Whether the request may have been processed although no usable answer came. */
export function mayBeDone(outcome: Outcome): boolean {
  return judge(outcome, "once") === "lost";
}

/** Whether a call changes something that is managed here: a login, or a request for a token, is a POST that changes nothing. */
export function isWrite(call: { readonly method: string; readonly repetition: Repetition }): boolean {
  return call.method === "PUT" || call.method === "PATCH" || (call.method === "POST" && call.repetition === "once");
}

/** How long a write may wait after the read that it was planned from, in milliseconds. */
const FRESH_FOR_MS = 5000;

/** Whether what a write was planned from is too old to send it: meanwhile the object may have been renamed, or be in use by more. */
export function isStale(ageMs: number): boolean {
  return ageMs > FRESH_FOR_MS;
}

/** The pause in milliseconds after attempt `attempt` (from 1), until the next one; `undefined` where none follows. */
export function pauseAfter(
  outcome: Outcome,
  attempt: number,
  { maxRetries, random }: { readonly maxRetries: number; readonly random: number },
): number | undefined {
  const asked = retryAfterOf(outcome);
  if (attempt > maxRetries || asked > LONGEST_RETRY_AFTER_MS) {
    return undefined;
  }
  return Math.max(retryPause(attempt, random), asked);
}

/** The longest that it can take, in milliseconds, until the last attempt that follows attempt `attempt` has failed as that one did. */
export function longestUntilGivenUp(
  outcome: Outcome,
  attempt: number,
  { maxRetries, requestTimeoutMs }: { readonly maxRetries: number; readonly requestTimeoutMs: number },
): number {
  const eachMs = outcome.kind === "timedOut" ? requestTimeoutMs : 0;
  let sum = 0;
  for (let next = attempt; next <= maxRetries; next += 1) {
    sum += Math.max(retryPause(next, 1), retryAfterOf(outcome)) + eachMs;
  }
  return sum;
}

function retryAfterOf(outcome: Outcome): number {
  return outcome.kind === "answered" ? (outcome.retryAfterMs ?? 0) : 0;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** The longest `Retry-After` that is waited for: ten minutes. A longer one fails the call, and says so. */
export const LONGEST_RETRY_AFTER_MS = 600_000;

/** The pause in milliseconds before attempt `attempt + 1` (attempts count from 1): doubling from half a second, with jitter. */
export function retryPause(attempt: number, random: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  return Math.round(pause * (0.75 + random / 2));
}

/** Milliseconds that a `Retry-After` header (seconds, or an HTTP date) asks for, or `undefined` where it says nothing. */
export function parseRetryAfter(header: string | undefined, hostTime: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) {
    return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  }
  const until = httpDate(text);
  return until === undefined ? undefined : Math.max(0, until - hostTime);
}

/** A date of HTTP, in one of RFC 9110's three forms or close to them; a date found in any other text means nothing here. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/;

/** Milliseconds since the epoch of a date in a header. */
export function httpDate(header = ""): number | undefined {
  if (!HTTP_DATE.test(header)) {
    return undefined;
  }
  // The form without a zone means GMT, not the time of this machine.
  const date = Date.parse(/\d{4}$/.test(header) && !/[+-]\d{4}$/.test(header) ? `${header} GMT` : header);
  return Number.isNaN(date) ? undefined : date;
}
