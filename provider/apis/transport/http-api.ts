import * as http from "node:http";
import * as https from "node:https";
import type { SecureContext } from "node:tls";
import axios, { type AxiosInstance, AxiosError } from "axios";
import { type Clock, throwIfAborted } from "../../time/clock";
import { describeDuration } from "../../time/duration";
import { ApiError, type ApiTrouble, whatTheApiSaid } from "./api-error";
import { trustingAlso } from "./authorities";
import { HeldTooLong, HostGate, type HostLimits } from "./host-gate";
import type { Redactor } from "./redact";
import {
  judge,
  LONGEST_RETRY_AFTER_MS,
  type Outcome,
  parseRetryAfter,
  type Repetition,
  retryPause,
} from "./retry-policy";

/** How to reach one host. */
export interface HttpApiOptions extends HostLimits {
  /** The API's name in messages, for example `Live Platform`. */
  readonly name: string;
  /** Where its paths begin; without a slash at the end. */
  readonly baseUrl: string;
  /** The configuration key of `baseUrl`, for advice. */
  readonly baseUrlKey: string;
  readonly requestTimeoutMs: number;
  /** How often a request is sent again at most. */
  readonly maxRetries: number;
  /** A PEM file with certificate authorities that are trusted beside the public ones. */
  readonly caFile?: string | undefined;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Is told each request and its outcome, without bodies and credentials. */
  readonly onRequest?: ((line: string) => void) | undefined;
}

/** One call. */
export interface ApiCall {
  readonly method: "GET" | "PUT" | "PATCH" | "POST";
  /** Path below the base URL, each variable part already encoded. */
  readonly path: string;
  /** A JSON body, or a form. */
  readonly body?: object | URLSearchParams | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly repetition: Repetition;
  /** What is being done, to which object, for messages: `read the licence of customer d5…`. */
  readonly doing: string;
  readonly signal?: AbortSignal | undefined;
  /** Receives a line for each failed attempt that is followed by another: what failed, and until when it is tried again. */
  readonly onRetry?: ((line: string) => void) | undefined;
}

/** What a caller may add to any call. */
export type CallOptions = Pick<ApiCall, "signal" | "onRetry">;

/** An answer, whatever its status; `json` is `undefined` where the text is not JSON. */
export interface ApiAnswer {
  /** The call that it answers. */
  readonly call: ApiCall;
  readonly status: number;
  /** By their names in lower case; a header that came more than once is joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  readonly json: unknown;
  /** Each `Set-Cookie` line. */
  readonly cookies: readonly string[];
  readonly retryAfterMs: number | undefined;
}

/** How long a write that is under way when the run is cancelled may still take to be answered. */
const GRACE_FOR_WRITES_MS = 3000;

/** One host: connection, limits, retries, errors. Knows nothing of credentials. */
export class HttpApi {
  private readonly client: AxiosInstance;
  private readonly gate: HostGate;

  public constructor(private readonly options: HttpApiOptions) {
    const tls = options.caFile === undefined ? {} : { secureContext: readAuthorities(options.caFile, options.name) };
    this.gate = new HostGate(options, options.clock);
    this.client = axios.create({
      // A redirect would carry credentials elsewhere: it is an error that names where it points.
      maxRedirects: 0,
      validateStatus: () => true,
      responseType: "text",
      transformResponse: (data: unknown) => data,
      httpAgent: new http.Agent({ keepAlive: true }),
      httpsAgent: new https.Agent({ keepAlive: true, ...tls }),
    });
  }

  /**
   * Sends a call, again where the retry policy says so, and gives the final answer.
   * @throws {ApiError} where no answer came, a redirect came, or (with `lost`) a write may or may not have been processed.
   */
  public async send(call: ApiCall): Promise<ApiAnswer> {
    const { clock, maxRetries } = this.options;
    const place = this.gate.takePlace();
    for (let attempt = 1; ; attempt += 1) {
      const { outcome, answer, reason } = await this.pass(call, place);
      const verdict = judge(outcome, call.repetition);
      if (verdict === "lost") {
        throw this.failure(call, outcome, answer, reason, true);
      }
      if (verdict === "final" && answer !== undefined) {
        if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) {
          throw this.redirected(call, answer, reason);
        }
        return answer;
      }
      throwIfAborted(call.signal);
      const retryAfterMs = outcome.kind === "answered" ? outcome.retryAfterMs : undefined;
      if (attempt > maxRetries || (retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS) {
        throw this.failure(call, outcome, answer, reason, isWrite(call) && judge(outcome, "once") === "lost", attempt);
      }
      const pause = Math.max(retryPause(attempt, clock.random()), retryAfterMs ?? 0);
      if (answer?.status === 429 || retryAfterMs !== undefined) {
        // The host is asked for too much: the pause is for everyone, and this call waits for its end at the head of the queue.
        this.gate.holdUntil(clock.now() + pause);
      } else {
        await clock.sleep(pause, call.signal);
      }
    }
  }

  /** From now on `secret` is hidden in whatever this API says. */
  public hide(secret: string): void {
    this.options.redactor.add(secret);
  }

  /**
   * The answer itself, if it is a success.
   * @throws {ApiError} for any status but 2xx.
   */
  public succeeded(answer: ApiAnswer, advice?: string): ApiAnswer {
    if (answer.status < 200 || answer.status >= 300) {
      throw this.unexpected(answer, advice);
    }
    return answer;
  }

  /** The error for an answer that is not what the API's pages promise. */
  public unexpected(answer: ApiAnswer, advice?: string): ApiError {
    const said = this.said(answer);
    return this.error(answer.call, {
      trouble: answer.status === 401 || answer.status === 403 ? "credentials" : "status",
      happened: `answered ${answer.status}${said === "" ? "" : `: ${said}`}`,
      advice: advice ?? adviceForStatus(answer.status, this.options),
      status: answer.status,
    });
  }

  /** The error for a success whose body cannot be read. */
  public unreadable(answer: ApiAnswer, problem: string): ApiError {
    const { call } = answer;
    return this.error(call, {
      trouble: "unreadable",
      happened: `answered ${answer.status}, but ${problem}`,
      advice: `Check that ${this.options.baseUrlKey} (${this.options.baseUrl}) is the ${this.options.name} and that no proxy answers in its place.`,
      status: answer.status,
      // A write that was answered by who knows what may have been processed, or not.
      lost: isWrite(call),
    });
  }

  /** The error for the success of a write whose body does not say that it was done: reading back decides. */
  public unconfirmed(answer: ApiAnswer): ApiError {
    const said = this.said(answer) || this.options.redactor.redact(answer.text).slice(0, 200);
    return this.error(answer.call, {
      trouble: "unreadable",
      happened: `answered ${answer.status}: ${said}, which does not confirm the change`,
      advice: `The ${this.options.name} may or may not have made it: run \`pulumi up\` again, it looks first.`,
      status: answer.status,
      lost: true,
    });
  }

  /** One attempt, as soon as the host may be called. */
  private async pass(call: ApiCall, place: number): ReturnType<HttpApi["attempt"]> {
    try {
      return await this.gate.run(() => this.attempt(call), call.signal, place);
    } catch (error) {
      if (!(error instanceof HeldTooLong)) {
        throw error;
      }
      throw this.error(call, {
        trouble: "unreachable",
        happened: `was not sent, because the ${this.options.name} asked to be left alone for another ${describeDuration(error.leftMs)}`,
        advice: "Run it again then.",
      });
    }
  }

  private async attempt(call: ApiCall): Promise<{ outcome: Outcome; answer?: ApiAnswer; reason: string }> {
    const { clock } = this.options;
    const started = clock.now();
    const { signal, timedOut, release } = signalFor(call, this.options.requestTimeoutMs);
    try {
      const response = await this.client.request<unknown>({
        method: call.method,
        // Not axios's baseURL: it would take a path that begins with two slashes for another host.
        url: this.options.baseUrl + call.path,
        headers: {
          Accept: "application/json",
          ...(call.body === undefined ? {} : contentType(call.body)),
          ...call.headers,
        },
        ...(call.body === undefined ? {} : { data: bodyText(call.body) }),
        signal,
        // A kept connection may be closed by the host just as a request leaves. Reads and absolute writes are sent again then;
        // what must not arrive twice gets a connection of its own.
        ...(call.repetition === "once" && call.method === "POST" ? freshConnection(this.client) : {}),
      });
      const text = typeof response.data === "string" ? response.data : "";
      const retryAfterMs = parseRetryAfter(header(response.headers["retry-after"]), clock.now());
      if (retryAfterMs !== undefined) {
        this.gate.holdUntil(clock.now() + retryAfterMs);
      }
      this.tell(call, String(response.status), started);
      return {
        outcome: { kind: "answered", status: response.status, retryAfterMs },
        answer: {
          call,
          status: response.status,
          headers: texts(response.headers),
          text,
          json: parseJson(text),
          cookies: response.headers["set-cookie"] ?? [],
          retryAfterMs,
        },
        reason: header(response.headers["location"]) ?? "",
      };
    } catch (error) {
      if (!(error instanceof AxiosError)) {
        // Before anything was sent: an address in the proxy variables that is none.
        throw this.neverSent(call, error);
      }
      // A cancelled read is simply over; a cancelled write may have been processed.
      if (error.code === AxiosError.ERR_CANCELED && call.method === "GET" && !timedOut()) {
        throwIfAborted(call.signal);
      }
      const outcome: Outcome | undefined = timedOut() ? { kind: "timedOut" } : outcomeOf(error);
      this.tell(call, error.code ?? error.message, started);
      if (outcome === undefined) {
        throw this.neverSent(call, error);
      }
      return { outcome, reason: error.code ?? error.message };
    } finally {
      release();
    }
  }

  private neverSent(call: ApiCall, error: unknown): ApiError {
    const problem = error instanceof Error ? error.message : String(error);
    return this.error(call, {
      trouble: "unreachable",
      happened: `failed: ${problem.replace(/\s+/g, " ").trim()}`,
      advice: adviceForConnection(problem, this.options),
    });
  }

  private failure(
    call: ApiCall,
    outcome: Outcome,
    answer: ApiAnswer | undefined,
    reason: string,
    lost: boolean,
    attempts = 1,
  ): ApiError {
    const often = attempts === 1 ? "" : ` (${attempts} times)`;
    const { name, baseUrl, baseUrlKey, requestTimeoutMs } = this.options;
    if (answer !== undefined) {
      const said = this.said(answer);
      return this.error(call, {
        trouble: "status",
        happened: `answered ${answer.status}${often}${said === "" ? "" : `: ${said}`}`,
        advice: lost
          ? `The ${name} may or may not have done it: run \`pulumi up\` again, it looks first.`
          : adviceForStatus(answer.status, this.options, answer.retryAfterMs),
        status: answer.status,
        lost,
      });
    }
    const happened =
      outcome.kind === "timedOut"
        ? `was not answered within ${describeDuration(requestTimeoutMs)}${often}`
        : outcome.kind === "neverSent"
          ? `found no connection (${reason})${often}`
          : `was cut off (${reason})${often}`;
    return this.error(call, {
      trouble: "unreachable",
      happened,
      advice: `Check that ${baseUrlKey} (${baseUrl}) is right and that the ${name} can be reached from here, then run it again.`,
      lost,
    });
  }

  private said(answer: ApiAnswer): string {
    return whatTheApiSaid(answer.text, answer.json, (text) => this.options.redactor.redact(text));
  }

  private redirected(call: ApiCall, answer: ApiAnswer, location: string): ApiError {
    return this.error(call, {
      trouble: "unreadable",
      happened: `answered ${answer.status} with a redirect${location === "" ? "" : ` to ${withoutQuery(location)}`}, which is not followed`,
      advice: `Set ${this.options.baseUrlKey} to the address of the ${this.options.name} itself.`,
      status: answer.status,
      lost: isWrite(call),
    });
  }

  private error(
    call: ApiCall,
    facts: {
      trouble: ApiTrouble;
      happened: string;
      advice: string;
      status?: number | undefined;
      lost?: boolean | undefined;
    },
  ): ApiError {
    const { redactor } = this.options;
    return new ApiError({
      ...facts,
      doing: call.doing,
      call: `${call.method} ${this.shownPath(call)}`,
      happened: redactor.redact(facts.happened),
      advice: redactor.redact(facts.advice),
    });
  }

  private shownPath(call: ApiCall): string {
    return new URL(this.options.baseUrl + call.path).pathname;
  }

  private tell(call: ApiCall, outcome: string, started: number): void {
    const took = describeDuration(this.options.clock.now() - started);
    this.options.onRequest?.(`${this.options.name}: ${call.method} ${this.shownPath(call)} → ${outcome}, ${took}`);
  }
}

/** Whether a call changes something that is managed here: a login, or a request for a token, is sent by POST and changes nothing. */
function isWrite(call: ApiCall): boolean {
  return call.method === "PUT" || call.method === "PATCH" || (call.method === "POST" && call.repetition === "once");
}

interface AttemptSignal {
  readonly signal: AbortSignal;
  /** Whether the time for one request was up. */
  readonly timedOut: () => boolean;
  readonly release: () => void;
}

/**
 * Ends an attempt when its time is up, whatever drips in until then. When the run is cancelled, a read is given up at once; a
 * write gets a moment to be answered, so that its outcome is known.
 */
function signalFor(call: ApiCall, timeoutMs: number): AttemptSignal {
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
  // The connection keeps the process alive for as long as there is an answer to wait for.
  deadline.unref();
  let grace: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    grace = setTimeout(abort, call.method === "GET" ? 0 : GRACE_FOR_WRITES_MS);
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

const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"]);
const TIMED_OUT = new Set([AxiosError.ETIMEDOUT, AxiosError.ECONNABORTED]);
/** No secure connection came about: before anything was sent, and not to be helped by sending it again. */
const INSECURE = /CERT|certificate|self.signed|altname|^ERR_TLS|^ERR_SSL|^EPROTO/i;

/** What a failed exchange means, or `undefined` where nothing was sent and sending it again cannot help. */
function outcomeOf(error: AxiosError): Outcome | undefined {
  const code = error.code ?? "";
  if (NEVER_SENT.has(code)) {
    return { kind: "neverSent" };
  }
  if (INSECURE.test(`${code} ${error.message}`)) {
    return undefined;
  }
  // Whatever else goes wrong may go wrong on the way back: no answer, half of one, or one that is no HTTP.
  return TIMED_OUT.has(code) ? { kind: "timedOut" } : { kind: "dropped" };
}

function adviceForConnection(problem: string, options: HttpApiOptions): string {
  if (/certificate|altname/i.test(problem)) {
    const caFileKey = options.baseUrlKey.replace(/:.*/, ":caFile");
    return `The certificate of ${new URL(options.baseUrl).host} is not trusted: set ${caFileKey} to a PEM file with its authority.`;
  }
  return `Check ${options.baseUrlKey} (${options.baseUrl}) and the proxy variables of the environment.`;
}

function adviceForStatus(status: number, options: HttpApiOptions, retryAfterMs?: number): string {
  const { name, baseUrl, baseUrlKey } = options;
  if (status === 401 || status === 403) {
    return `The ${name} does not accept the credentials for this: check them and their permissions.`;
  }
  if (status === 407) {
    return "The proxy wants a name and password: put them into its address (HTTPS_PROXY).";
  }
  if (status === 404) {
    return `Check ${baseUrlKey} (${baseUrl}) and that the object exists.`;
  }
  if (status === 429 || status === 503) {
    return retryAfterMs === undefined
      ? `The ${name} is overloaded: run it again later, or lower requestsPerSecond and maxConcurrency.`
      : `The ${name} asks to be left alone for ${describeDuration(retryAfterMs)}: run it again then.`;
  }
  if (status >= 500) {
    return `The ${name} failed: run it again, and if it stays, give its support what it said.`;
  }
  return `Correct what the ${name} complains of, and run it again.`;
}

function readAuthorities(file: string, name: string): SecureContext {
  try {
    return trustingAlso(file);
  } catch {
    throw new Error(
      `The file of certificate authorities for the ${name}, ${file.slice(0, 300)}, cannot be read: correct caFile.`,
    );
  }
}

function contentType(body: object): { "Content-Type": string } {
  return {
    "Content-Type": body instanceof URLSearchParams ? "application/x-www-form-urlencoded" : "application/json",
  };
}

function bodyText(body: object): string {
  return body instanceof URLSearchParams ? body.toString() : JSON.stringify(body);
}

function freshConnection(client: AxiosInstance): { httpAgent: http.Agent; httpsAgent: https.Agent } {
  const kept: unknown = client.defaults.httpsAgent;
  const tls = kept instanceof https.Agent ? kept.options : {};
  return { httpAgent: new http.Agent(), httpsAgent: new https.Agent({ ...tls, keepAlive: false }) };
}

function header(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
      typeof value === "string" ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function withoutQuery(location: string): string {
  return location.split(/[?#]/, 1)[0] ?? "";
}
