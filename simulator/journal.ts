import type { Answer, Api, Call } from "./exchange";
import { parseJson } from "./strict-json";

/** One request in the log. */
export interface JournalEntry {
  /** Numbers start at 1 and grow by 1, in order of arrival. */
  readonly n: number;
  /** When the request had arrived, ISO 8601. */
  readonly at: string;
  readonly api: Api;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Parsed JSON or form, else the text, else null; secrets and passwords are replaced by `[secret]`. */
  readonly body: unknown;
  /** Null while there is no answer, and for ever where the connection was dropped. */
  status: number | null;
  /** The faults that fired. */
  fault?: string;
  /** Set where the client called again before a `Retry-After` was over. */
  scolded?: string;
  /** For a PUT: how many other PUTs to the same tenant were at work when it arrived. */
  inFlightSameTenant?: number;
}

const SECRET_NAMES: ReadonlySet<string> = new Set(["client_secret", "applicationclientsecret", "password"]);
const SECRET_TEXT = /((?:client_secret|applicationClientSecret|password)"?\s*[:=]\s*"?)[^"&,}\s]+/gi;
const SECRET = "[secret]";

/** Timers may fire a little early; this much is not held against a client. */
const EARLY_MS = 2;

function redact(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(redact);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        name,
        SECRET_NAMES.has(name.toLowerCase()) ? SECRET : redact(field),
      ]),
    );
  }
  return value;
}

function readableBody(call: Call): unknown {
  if (call.body === "") {
    return null;
  }
  if (call.contentType?.startsWith("application/x-www-form-urlencoded") === true) {
    return redact(Object.fromEntries(new URLSearchParams(call.body)));
  }
  const parsed = parseJson(call.body);
  return parsed.ok ? redact(parsed.value) : call.body.replace(SECRET_TEXT, `$1${SECRET}`);
}

/** The host that an API stands for: the two APIs and the directory are three hosts, though all listen on one port here. */
function hostOf(api: Api): Api {
  return api === "login" ? "gateway" : api;
}

function retryAfterMs(value: unknown, now: number): number | undefined {
  if (typeof value !== "string") {
    return undefined;
  }
  const until = /^\d+(?:\.\d+)?$/.test(value) ? now + Number(value) * 1000 : Date.parse(value);
  return Number.isNaN(until) ? undefined : until;
}

/** The log of requests, and the memory of who was told to wait. */
export class Journal {
  readonly #now: () => number;
  readonly #onAnswer: (entry: JournalEntry) => void;
  #entries: { readonly entry: JournalEntry; readonly raw: string }[] = [];
  #nextNumber = 1;
  readonly #heldBackUntil = new Map<Api, number>();
  readonly #putsInFlight = new Map<string, number>();

  constructor(now: () => number, onAnswer: (entry: JournalEntry) => void) {
    this.#now = now;
    this.#onAnswer = onAnswer;
  }

  /** Logs a request that has just arrived. */
  open(api: Api, call: Call): JournalEntry {
    const now = this.#now();
    const entry: JournalEntry = {
      n: this.#nextNumber++,
      at: new Date(now).toISOString(),
      api,
      method: call.method,
      path: call.path,
      query: call.query,
      body: readableBody(call),
      status: null,
    };
    const early = (this.#heldBackUntil.get(hostOf(api)) ?? 0) - now;
    if (early > EARLY_MS) {
      entry.scolded = `called again ${Math.round(early)} ms before Retry-After`;
    }
    if (call.method === "PUT") {
      const others = this.#putsInFlight.get(call.path) ?? 0;
      entry.inFlightSameTenant = others;
      this.#putsInFlight.set(call.path, others + 1);
    }
    this.#entries.push({ entry, raw: call.body });
    return entry;
  }

  /** Notes the answer, just before it is sent. */
  answered(entry: JournalEntry, answer: Answer): void {
    entry.status = answer.status;
    const now = this.#now();
    const until = retryAfterMs(answer.headers["retry-after"], now);
    if (until !== undefined) {
      const host = hostOf(entry.api);
      this.#heldBackUntil.set(host, Math.max(this.#heldBackUntil.get(host) ?? 0, until));
    }
  }

  /** Notes that the connection has nothing more to do with this request. */
  closed(entry: JournalEntry): void {
    if (entry.method === "PUT") {
      this.#putsInFlight.set(entry.path, Math.max(0, (this.#putsInFlight.get(entry.path) ?? 1) - 1));
    }
    this.#onAnswer(entry);
  }

  /** The requests with a number above this one. */
  since(n: number): readonly JournalEntry[] {
    return this.#entries.map(({ entry }) => entry).filter((entry) => entry.n > n);
  }

  /** How many requests to this API's host arrived in the last second, the current one included. */
  inLastSecond(api: Api): number {
    const from = new Date(this.#now() - 1000).toISOString();
    return this.#entries.filter(({ entry }) => hostOf(entry.api) === hostOf(api) && entry.at > from).length;
  }

  raw(n: number): string | undefined {
    return this.#entries.find(({ entry }) => entry.n === n)?.raw;
  }

  clear(): void {
    this.#entries = [];
  }

  /** Forgets the log, its numbering and who was told to wait. */
  reset(): void {
    this.clear();
    this.#nextNumber = 1;
    this.#heldBackUntil.clear();
  }
}
