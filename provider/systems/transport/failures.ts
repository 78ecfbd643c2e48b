import { describeDuration } from "../../time/duration";
import { shown } from "../../text/shown";
import { ApiError, type ApiFailure } from "./api-error";
import { errorIn, errorInSuccess } from "./error-in-body";
import { LARGEST_ANSWER_MIB, type NoReply } from "./exchange";
import type { ApiAnswer, ApiCall } from "./http-api";
import type { Proxy } from "./proxy";
import type { Redactor } from "./redact";
import { isWrite } from "./retry-policy";

/** The host whose failures are described. */
export interface CalledHost {
  /** The API's name in messages, for example `Live Platform`. */
  readonly name: string;
  readonly baseUrl: string;
  /** How its users call the setting that holds `baseUrl`, for advice. */
  readonly baseUrlKey: string;
  /** The same for its file of certificate authorities; where it has none, this process trusts what Node does. */
  readonly caFileKey?: string;
  readonly requestTimeoutMs: number;
  readonly redactor: Redactor;
}

/** An attempt without an answer of the host. */
export type Unanswered = NoReply & { readonly proxy: Proxy | undefined };

/** How the attempts of a call went so far. */
export interface Tries {
  readonly attempts: number;
  /** Whether one of them may have been processed. */
  readonly lost: boolean;
}

/** Describes each way in which a call to one host can fail, without secrets. */
export class Failures {
  private readonly redact = (text: string): string => this.host.redactor.redact(text);

  public constructor(private readonly host: CalledHost) {}

  /** An answer that is not what the API's pages promise. */
  public unexpected(answer: ApiAnswer, advice = this.adviceForStatus(answer)): ApiError {
    const trouble = answer.status === 401 || answer.status === 403 ? "credentials" : "status";
    return this.ofAnswer(answer, { trouble, happened: this.said(answer), advice, lost: answer.mayBeDone });
  }

  /** An answer of a passing trouble that did not pass, or after which the call must not be repeated. */
  public stillAnswered(answer: ApiAnswer, { attempts, lost }: Tries): ApiError {
    const advice = lost ? this.adviceWhereLost() : this.adviceForStatus(answer);
    return this.ofAnswer(answer, { trouble: "status", happened: this.said(answer, after(attempts)), advice, lost });
  }

  /** A success whose body cannot be read. */
  public unreadable(answer: ApiAnswer, problem: string): ApiError {
    const said = errorInSuccess(answer.json, this.redact);
    return this.ofAnswer(answer, {
      happened: said === "" ? `, but ${problem}` : `: ${said}; ${problem}`,
      advice: this.adviceForForeignAnswer(),
    });
  }

  /** The success of a write whose body does not say that it was done. */
  public unconfirmed(answer: ApiAnswer): ApiError {
    const said = errorIn(answer, this.redact) || this.shown(answer.text);
    return this.ofAnswer(answer, {
      happened: `: ${said}, which does not confirm the change`,
      advice: this.adviceWhereLost(),
      lost: true,
    });
  }

  /** An answer that points to another address. */
  public redirected(answer: ApiAnswer): ApiError {
    const location = (answer.headers["location"] ?? "").split(/[?#]/, 1)[0] ?? "";
    return this.ofAnswer(answer, {
      happened: ` with a redirect${location === "" ? "" : ` to ${this.shown(location)}`}, which is not followed`,
      advice: `Set ${this.host.baseUrlKey} to the address of the ${this.host.name} itself.`,
    });
  }

  /** No answer of the host, or none that is read. */
  public unanswered(call: ApiCall, unanswered: Unanswered, { attempts, lost }: Tries): ApiError {
    const [happened, advice] = this.withoutAnswer(unanswered, attempts);
    return this.error(call, {
      trouble: unanswered.kind === "tooLarge" ? "unreadable" : "unreachable",
      happened,
      advice: lost ? this.adviceWhereLost() : advice,
      lost,
    });
  }

  /** A call for which the environment names no usable proxy. */
  public withoutProxy(call: ApiCall, problem: string): ApiError {
    return this.error(call, {
      trouble: "unreachable",
      happened: `was not sent: ${problem}`,
      advice: `Correct the proxy variables of the environment, or exempt ${new URL(this.host.baseUrl).hostname} by NO_PROXY.`,
    });
  }

  /** A call that would have to wait for too long. */
  public heldBack(call: ApiCall, leftMs: number): ApiError {
    return this.error(call, {
      trouble: "unreachable",
      happened: `was not sent, because the ${this.host.name} asked to be left alone for another ${describeDuration(leftMs)}`,
      advice: "Run it again then.",
    });
  }

  /** What a failed attempt met, in a few words, for progress. */
  public inBrief(attempt: ApiAnswer | Unanswered): string {
    return attempt.kind === "answered" ? `answered ${attempt.status}` : this.redact(this.withoutAnswer(attempt, 1)[0]);
  }

  private said(answer: ApiAnswer, attempts = ""): string {
    const said = errorIn(answer, this.redact);
    return `${attempts}${said === "" ? "" : `: ${said}`}`;
  }

  private shown(text: string): string {
    return shown(this.redact(text), 200);
  }

  /** What happened, and what to do. */
  private withoutAnswer(unanswered: Unanswered, attempts: number): readonly [happened: string, advice: string] {
    const { reason, proxy } = unanswered;
    const { name, baseUrl, baseUrlKey, caFileKey = "NODE_EXTRA_CA_CERTS", requestTimeoutMs } = this.host;
    const { host, hostname } = new URL(baseUrl);
    const proxyHost = proxy?.url.host ?? "";
    const isRight = `Check that ${baseUrlKey} (${baseUrl}) is right`;
    const through = proxy === undefined ? "" : ` through ${proxy.variable} (${proxyHost})`;
    const reach = `${isRight} and that the ${name} can be reached from here${through}, then run it again.`;
    switch (unanswered.kind) {
      case "neverSent": {
        const throughProxy = proxy === undefined ? "" : ` through the proxy ${proxyHost}`;
        return [`could not connect${throughProxy} (${reason})${after(attempts)}`, reach];
      }
      case "impossible":
        return [
          reason,
          /certificate|altname/i.test(reason)
            ? `The certificate of ${host} is not trusted: set ${caFileKey} to a PEM file with its authority.`
            : `Check ${baseUrlKey} (${baseUrl}) and the proxy variables of the environment.`,
        ];
      case "proxyRefused": {
        const { status } = unanswered;
        const happened = `was refused by the proxy ${proxyHost}, which answered ${status} to CONNECT ${host}${after(attempts)}`;
        if (proxy === undefined) {
          return [happened, reach];
        }
        return status === 407
          ? [
              happened,
              `Set ${proxy.variable} to the proxy's address with user and password: http://user:password@${proxyHost} (special characters percent-encoded).`,
            ]
          : [happened, `${isRight}; have the proxy permit ${host}, or exempt ${hostname} by NO_PROXY.`];
      }
      case "tooLarge":
        return [`answered with more than ${LARGEST_ANSWER_MIB} MiB`, this.adviceForForeignAnswer()];
      case "dropped":
        return [`was cut off (${reason})${after(attempts)}`, reach];
      case "timedOut": {
        const inAll = attempts === 1 ? "" : `, in ${attempts} attempts`;
        return [`was not answered within ${describeDuration(requestTimeoutMs)}${inAll}`, reach];
      }
    }
  }

  private adviceWhereLost(): string {
    return `The ${this.host.name} may or may not have done it: run \`pulumi up\` again, it looks first.`;
  }

  private adviceForForeignAnswer(): string {
    const { name, baseUrl, baseUrlKey } = this.host;
    return `Check that ${baseUrlKey} (${baseUrl}) is the ${name} and that no proxy answers in its place.`;
  }

  private adviceForStatus({ status, retryAfterMs }: ApiAnswer): string {
    const { name, baseUrl, baseUrlKey } = this.host;
    if (status === 401 || status === 403) {
      return `The ${name} does not accept the credentials for this: check them and their permissions.`;
    }
    if (status === 404) {
      return `Check ${baseUrlKey} (${baseUrl}) and that the object exists.`;
    }
    if (status === 429 || status === 503) {
      return retryAfterMs === undefined
        ? `The ${name} is overloaded: run it again later, or lower requestsPerSecond and maxConcurrency.`
        : `The ${name} asks to be left alone for ${describeDuration(retryAfterMs)}: run it again then.`;
    }
    return status >= 500
      ? `The ${name} failed: run it again. If it fails again, report the answer to its support.`
      : `Correct what the ${name} rejects, and run it again.`;
  }

  /** By default an answer that is not the API's: a write that it follows may have been processed all the same. */
  private ofAnswer(
    { call, status }: ApiAnswer,
    { trouble = "unreadable", happened, advice, lost = isWrite(call) }: OfAnswer,
  ): ApiError {
    return this.error(call, { trouble, happened: `answered ${status}${happened}`, advice, status, lost });
  }

  private error(call: ApiCall, facts: Facts): ApiError {
    return new ApiError({
      ...facts,
      doing: call.doing,
      call: `${call.method} ${new URL(this.host.baseUrl + call.path).pathname}`,
      happened: this.redact(facts.happened),
      advice: this.redact(facts.advice),
    });
  }
}

type Facts = Omit<ApiFailure, "doing" | "call">;
/** With what follows `answered 404` in place of all that happened. */
type OfAnswer = Partial<Facts> & Pick<Facts, "happened" | "advice">;

function after(attempts: number): string {
  return attempts === 1 ? "" : ` after ${attempts} attempts`;
}
