import type { SecureContext } from "node:tls";
import { messageOf } from "../../text/errors";
import { type Clock, throwIfAborted } from "../../time/clock";
import { describeDuration } from "../../time/duration";
import { ApiError } from "./api-error";
import { trustingAlso } from "./authorities";
import { Connections } from "./connections";
import { exchange, type Reply } from "./exchange";
import { type CalledHost, Failures, type Unanswered } from "./failures";
import { HeldTooLong, HostGate, type HostLimits } from "./host-gate";
import {
  httpDate,
  isStale,
  isWrite,
  judge,
  longestUntilGivenUp,
  mayBeDone,
  parseRetryAfter,
  pauseAfter,
  type Repetition,
  wasTurnedAway,
} from "./retry-policy";
import { placeIn, reportRetry } from "./work";

/** How to reach one host. */
export interface HttpApiOptions extends HostLimits, CalledHost {
  /** How often a request is sent again at most. */
  readonly maxRetries: number;
  /** A PEM file with certificate authorities that are trusted beside the public ones. */
  readonly caFile?: string | undefined;
  readonly clock: Clock;
  /** Receives each request and its outcome, without bodies and credentials. */
  readonly onRequest?: ((line: string) => void) | undefined;
}

/** Whether a write is still wanted when its turn has come, behind the queue and the pauses: asked right before every attempt. */
interface WriteGuard {
  /** @throws where it is not wanted any more: the run was cancelled, or its engine is gone. */
  readonly assertWanted: () => Promise<void>;
  /** When the state that it was planned from was read (`Clock.elapsed`). */
  readonly plannedAt: number;
  /** How often it was sent before it was planned again. */
  readonly attempts: number;
}

/** A write was not sent, or not sent again, because what it was planned from is too old: to be planned again. */
export class StaleWrite extends Error {
  public override readonly name = "StaleWrite";

  public constructor(
    /** How often it was sent so far. */
    public readonly attempts: number,
    /** Whether one of these may have been processed. */
    public readonly mayBeDone: boolean,
  ) {
    super("The write waited for too long and has to be planned again.");
  }
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
  /** For a write. */
  readonly guard?: WriteGuard | undefined;
  /** What is being done, to which object, for messages: `read the licence of customer d5…`. */
  readonly doing: string;
  readonly signal?: AbortSignal | undefined;
}

/** How a write is sent. */
export type Sending = Pick<ApiCall, "signal" | "guard">;

/** An answer of any status. */
export interface ApiAnswer extends Reply {
  /** The call that it answers. */
  readonly call: ApiCall;
  /** `undefined` where the text is not JSON. */
  readonly json: unknown;
  /** When the host answered, by its own clock, in milliseconds since the epoch; by that of this machine where it gives no `Date`. */
  readonly hostTime: number;
  /** How long the host wants to be left alone, in milliseconds; on a success, a hint for the next look at the same object. */
  readonly retryAfterMs: number | undefined;
  /** Whether an earlier attempt of this write may have been processed, even where this answer is a refusal. */
  readonly mayBeDone: boolean;
}

/** What became of one attempt. */
type Attempt = ApiAnswer | Unanswered;

/** A call on its way. */
interface Delivery {
  readonly call: ApiCall;
  /** Its place in the queue of the host, the same for each attempt. */
  readonly place: number;
  attempts: number;
  last?: Attempt;
  /** Whether an attempt may have been processed. */
  lost: boolean;
}

/** One host: connection, limits, retries, errors. Knows nothing of credentials. */
export class HttpApi {
  private readonly gate: HostGate;
  private readonly failures: Failures;
  private readonly secureContext: SecureContext | undefined;
  private opened: Connections | undefined;

  /** @throws where `caFile` is not a file of certificates. */
  public constructor(private readonly options: HttpApiOptions) {
    this.secureContext = options.caFile === undefined ? undefined : trustingAlso(options.caFile);
    this.gate = new HostGate(options, options.clock);
    this.failures = new Failures(options);
  }

  /**
   * Sends a call, again where the retry policy says so, and gives the final answer.
   * @throws {ApiError} where no answer came, a redirect came, or (with `lost`) a write may or may not have been processed.
   * @throws {StaleWrite} where a write has to be planned again.
   */
  public async send(call: ApiCall): Promise<ApiAnswer> {
    const place = placeIn(this.gate, () => this.gate.takePlace());
    const delivery: Delivery = { call, place, attempts: call.guard?.attempts ?? 0, lost: false };
    try {
      return await this.sendUntilFinal(delivery);
    } catch (error) {
      // However the call ended, by a cancelled run for example, its caller must learn that an attempt may have been processed.
      const isReported = error instanceof StaleWrite || (error instanceof ApiError && error.lost);
      const { last, lost } = delivery;
      throw lost && !isReported && last !== undefined ? this.failure(delivery, last) : error;
    }
  }

  /** A text of this API without secrets. */
  public redact(text: string): string {
    return this.options.redactor.redact(text);
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
    return this.failures.unexpected(answer, advice);
  }

  /** The error for a success whose body cannot be read. */
  public unreadable(answer: ApiAnswer, problem: string): ApiError {
    return this.failures.unreadable(answer, problem);
  }

  /** The error for the success of a write whose body does not say that it was done: reading back decides. */
  public unconfirmed(answer: ApiAnswer): ApiError {
    return this.failures.unconfirmed(answer);
  }

  private async sendUntilFinal(delivery: Delivery): Promise<ApiAnswer> {
    const { call } = delivery;
    const { clock, maxRetries } = this.options;
    for (let reported = ""; ;) {
      const tried = await this.attempt(delivery);
      delivery.attempts += 1;
      delivery.last = tried;
      delivery.lost ||= isWrite(call) && mayBeDone(tried);
      const verdict = judge(tried, call.repetition);
      if (verdict === "final" && tried.kind === "answered") {
        if (tried.status >= 300 && tried.status < 400 && tried.status !== 304) {
          throw this.failures.redirected(tried);
        }
        return { ...tried, mayBeDone: delivery.lost };
      }
      throwIfAborted(call.signal);
      const pauseMs = pauseAfter(tried, delivery.attempts, { maxRetries, random: clock.random() });
      if (verdict !== "again" || pauseMs === undefined) {
        throw this.failure(delivery, tried);
      }
      const trouble = this.failures.inBrief(tried);
      if (trouble !== reported) {
        const until = clock.now() + longestUntilGivenUp(tried, delivery.attempts, this.options);
        reportRetry(`${trouble}; trying again until ${timeOfDay(until)}: ${call.doing}`);
        reported = trouble;
      }
      if (wasTurnedAway(tried)) {
        // The host is asked for too much: the pause is for everyone, and this call waits for its end first in the queue.
        this.gate.hold(pauseMs);
      } else {
        await clock.sleep(pauseMs, call.signal);
      }
    }
  }

  /** One attempt, as soon as the host may be called. */
  private async attempt(delivery: Delivery): Promise<Attempt> {
    const { call, place } = delivery;
    const connections = this.connections(call);
    try {
      return await this.gate.run(() => this.exchange(delivery, connections), call.signal, place);
    } catch (error) {
      throw error instanceof HeldTooLong ? this.failures.heldBack(call, error.leftMs) : error;
    }
  }

  private async exchange(delivery: Delivery, connections: Connections): Promise<Attempt> {
    const { call } = delivery;
    const { baseUrl, requestTimeoutMs, clock } = this.options;
    await this.assertWanted(delivery);
    const started = clock.elapsed();
    // Not axios's baseURL: it would take a path that begins with two slashes for another host.
    const request = { ...call, url: baseUrl + call.path, headers: { Accept: "application/json", ...call.headers } };
    // A kept connection may be closed by the host just as a request leaves. Reads and absolute writes are sent again then;
    // what must not arrive twice gets a connection of its own.
    const isRisky = call.method === "POST" && call.repetition === "once";
    const reply = await exchange(request, isRisky ? connections.fresh() : connections.kept, requestTimeoutMs);
    const outcome = reply.kind === "answered" ? String(reply.status) : reply.reason;
    this.log(call, `${outcome}, ${describeDuration(clock.elapsed() - started)}`);
    if (reply.kind !== "answered") {
      return { ...reply, proxy: connections.proxy };
    }
    return reply.status === 407
      ? { kind: "proxyRefused", status: reply.status, reason: "", proxy: connections.proxy }
      : this.answered(call, reply);
  }

  private async assertWanted({ call: { guard, signal }, attempts, lost }: Delivery): Promise<void> {
    if (guard !== undefined && isStale(this.options.clock.elapsed() - guard.plannedAt)) {
      throw new StaleWrite(attempts, lost);
    }
    await guard?.assertWanted();
    throwIfAborted(signal);
  }

  private connections(call: ApiCall): Connections {
    const { baseUrl, requestTimeoutMs, redactor } = this.options;
    try {
      this.opened ??= new Connections(new URL(baseUrl), {
        requestTimeoutMs,
        redactor,
        secureContext: this.secureContext,
      });
      return this.opened;
    } catch (error) {
      throw this.failures.withoutProxy(call, messageOf(error));
    }
  }

  private answered(call: ApiCall, reply: Reply): ApiAnswer {
    const hostTime = httpDate(reply.headers["date"]) ?? this.options.clock.now();
    const retryAfterMs = parseRetryAfter(reply.headers["retry-after"], hostTime);
    const answer = { ...reply, call, json: parseJson(reply.text), hostTime, retryAfterMs, mayBeDone: false };
    if (wasTurnedAway(answer)) {
      this.gate.hold(retryAfterMs ?? 0);
    }
    return answer;
  }

  private failure({ call, ...tries }: Delivery, last: Attempt): ApiError {
    return last.kind === "answered"
      ? this.failures.stillAnswered(last, tries)
      : this.failures.unanswered(call, last, tries);
  }

  private log(call: ApiCall, outcome: string): void {
    const { name, baseUrl, onRequest } = this.options;
    onRequest?.(`${name}: ${call.method} ${new URL(baseUrl + call.path).pathname} → ${outcome}`);
  }
}

/** `08:31:20`, by the clock of this machine. */
function timeOfDay(time: number): string {
  return new Date(time).toTimeString().slice(0, 8);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
