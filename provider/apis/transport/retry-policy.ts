/** What became of one request, as far as this side can tell. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterMs?: number | undefined }
  /** The connection was never made: the request cannot have been processed. */
  | { readonly kind: "neverSent" }
  /** The connection broke after the request may have left. */
  | { readonly kind: "dropped" }
  | { readonly kind: "timedOut" };

/**
 * How often a request may arrive.
 * - `repeatable`: a read, or a write of absolute values that does no harm twice (GET, PUT, the login, the token request).
 * - `once`: only repeated here when it cannot have been processed. What else happens is told to the caller, who observes.
 */
export type Repetition = "repeatable" | "once";

/** What to do next with a request. */
export type Verdict =
  /** The answer is final, good or bad. */
  | "final"
  /** Send it again after a pause. */
  | "again"
  /** It may or may not have been processed: look at the real state before anything else. */
  | "lost";

/** The retry policy of both APIs, in the order in which it reads. */
export function judge(outcome: Outcome, repetition: Repetition): Verdict {
  if (outcome.kind === "neverSent") {
    return "again";
  }
  if (repetition === "once") {
    return judgeOnce(outcome);
  }
  if (outcome.kind !== "answered") {
    return "again";
  }
  // Never 500: the platform answers it to bad input too.
  return [408, 429, 502, 503, 504].includes(outcome.status) ? "again" : "final";
}

function judgeOnce(outcome: Exclude<Outcome, { kind: "neverSent" }>): Verdict {
  if (outcome.kind !== "answered") {
    return "lost";
  }
  switch (outcome.status) {
    case 429:
      return "again";
    case 503:
      // With Retry-After the service itself says that it did not take the request; without, a proxy may have lost the answer.
      return outcome.retryAfterMs === undefined ? "lost" : "again";
    case 408:
    case 502:
    case 504:
      return "lost";
    default:
      return "final";
  }
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

/** A date of HTTP, of one of RFC 9110's three forms or near to them: what else a date can be read from is no wish of the host's. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/;

/** Milliseconds that a `Retry-After` header (seconds, or an HTTP date) asks for, or `undefined` where it says nothing. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) {
    return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  }
  if (!HTTP_DATE.test(text)) {
    return undefined;
  }
  // The form without a zone means GMT, and not the time of this machine.
  const date = Date.parse(/\d{4}$/.test(text) && !/[+-]\d{4}$/.test(text) ? `${text} GMT` : text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
