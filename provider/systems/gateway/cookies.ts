import { type Cookie, parse } from "set-cookie-parser";

/**
 * The cookies that a login set, by name. All of them go back with every later call to the same host, whatever path, domain or scheme they
 * name: a gateway behind a load balancer knows itself by other names than this process does.
 */
export function sessionCookies(lines: readonly string[], now: number): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  const named = lines.filter((line) => /^[^=;]*[^=;\s][^=;]*=/.test(line));
  for (const cookie of parse(named, { decodeValues: false })) {
    if (isTakenBack(cookie, now)) {
      cookies.delete(cookie.name);
    } else {
      cookies.set(cookie.name, cookie.value);
    }
  }
  return cookies;
}

/** The `Cookie` header. */
export function cookieHeader(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

const SESSION_NAME = /sess|auth|token|jwt|ticket|csrf|xsrf|login|credential|(?:^|[._-])sid$/i;
/** A run of letters and digits that nobody uses as a word. */
const RANDOM =
  /(?=[A-Za-z0-9+/=]*\d)(?=[A-Za-z0-9+/=]*[A-Za-z])[A-Za-z0-9+/=]{16,}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;

/** Shorter ones are flags and languages. */
const SHORTEST_VALUE = 8;
/** Words with at most one digit each: `europe`, `europe-west1-a`, `node_2`. */
const WORDS = /^[a-z]*\d?(?:[-_. ][a-z]*\d?)*$/i;
const LONGEST_WORDS = 24;

/**
 * The values that must not be shown: the session's own, and what looks random. A balancer's `region=europe` is no secret, though it be
 * the only cookie, and to hide it would garble every name with that word in it.
 */
export function secretValues(cookies: ReadonlyMap<string, string>): string[] {
  const isAlone = cookies.size === 1;
  return [...cookies].flatMap(([name, value]) => {
    const isSession = (isAlone || SESSION_NAME.test(name)) && value.length >= SHORTEST_VALUE && !isInWords(value);
    return isSession || RANDOM.test(value) ? [value] : [];
  });
}

function isInWords(value: string): boolean {
  return value.length <= LONGEST_WORDS && WORDS.test(value);
}

function isTakenBack({ maxAge, expires }: Cookie, now: number): boolean {
  // Max-Age counts before Expires.
  return maxAge === undefined || Number.isNaN(maxAge) ? expires !== undefined && expires.getTime() <= now : maxAge <= 0;
}
