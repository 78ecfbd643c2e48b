import { describeDuration } from "../../time/duration";
import { shown } from "../../text/shown";
import { ApiError, type ApiFailure, whatTheApiSaid } from "./api-error";
import type { ApiAnswer, ApiCall } from "./http-api";
import { LARGEST_ANSWER_MIB, type NoReply } from "./exchange";
import type { Proxy } from "./proxy";
import type { Redactor } from "./redact";
import { isWrite } from "./retry-policy";
import { toldError } from "./told-error";

/** Whose failures are described. */
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

type Facts = Omit<ApiFailure, "doing" | "call">;

/** An attempt without an answer of the host. */
export interface Unanswered extends NoReply {
  readonly proxy: Proxy | undefined;
}

/** What an ApiError says of each way in which a call to one host can fail. No secret is in it. */
export class Failures {
  public constructor(private readonly host: CalledHost) {}

  /** An answer that is not what the API's pages promise. */
  public unexpected(answer: ApiAnswer, advice = this.adviceForStatus(answer)): ApiError {
    return this.error(answer.call, {
      trouble: answer.status === 401 || answer.status === 403 ? "credentials" : "status",
      happened: this.answered(answer),
      advice,
      status: answer.status,
      lost: answer.mayBeDone,
    });
  }

  /** A success whose body cannot be read. */
  public unreadable(answer: ApiAnswer, problem: string): ApiError {
    const { redactor } = this.host;
    const told = toldError(answer.json, (text) => redactor.redact(text));
    return this.error(answer.call, {
      trouble: "unreadable",
      happened: `answered ${answer.status}${told === "" ? ", but" : `: ${told};`} ${problem}`,
      advice: this.adviceForForeignAnswer(),
      status: answer.status,
      // Whoever answered, the write may have been processed.
      lost: isWrite(answer.call),
    });
  }

  /** The success of a write whose body does not say that it was done. */
  public unconfirmed(answer: ApiAnswer): ApiError {
    return this.error(answer.call, {
      trouble: "unreadable",
      happened: `answered ${answer.status}: ${this.said(answer) || this.shown(answer.text)}, which does not confirm the change`,
      advice: this.adviceWhereLost(),
      status: answer.status,
      lost: true,
    });
  }

  /** An answer that points to another address. */
  public redirected(answer: ApiAnswer): ApiError {
    const location = (answer.headers["location"] ?? "").split(/[?#]/, 1)[0] ?? "";
    return this.error(answer.call, {
      trouble: "unreadable",
      happened: `answered ${answer.status} with a redirect${location === "" ? "" : ` to ${this.shown(location)}`}, which is not followed`,
      advice: `Set ${this.host.baseUrlKey} to the address of the ${this.host.name} itself.`,
      status: answer.status,
      lost: isWrite(answer.call),
    });
  }

  /** An answer of a passing trouble that did not pass, or after which the call must not be repeated. */
  public stillAnswered(answer: ApiAnswer, attempts: number, lost: boolean): ApiError {
    return this.error(answer.call, {
      trouble: "status",
      happened: this.answered(answer, after(attempts)),
      advice: lost ? this.adviceWhereLost() : this.adviceForStatus(answer),
      status: answer.status,
      lost,
    });
  }

  /** No answer of the host, or none that is read. */
  public unanswered(call: ApiCall, unanswered: Unanswered, attempts: number, lost: boolean): ApiError {
    return this.error(call, {
      trouble: unanswered.outcome.kind === "tooLarge" ? "unreadable" : "unreachable",
      happened: this.withoutAnswer(unanswered, after(attempts)),
      advice: lost ? this.adviceWhereLost() : this.adviceForConnection(unanswered),
      lost,
    });
  }

  /** A call that could not be made at all. */
  public impossible(call: ApiCall, problem: string): ApiError {
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
  public inBrief(tried: { readonly answer: ApiAnswer } | (Unanswered & { readonly answer?: undefined })): string {
    const brief = tried.answer === undefined ? this.withoutAnswer(tried, "") : `answered ${tried.answer.status}`;
    return this.host.redactor.redact(brief);
  }

  private said(answer: ApiAnswer): string {
    return whatTheApiSaid(answer.text, answer.json, (text) => this.host.redactor.redact(text));
  }

  private shown(text: string): string {
    return shown(this.host.redactor.redact(text), 200);
  }

  private answered(answer: ApiAnswer, attempts = ""): string {
    const said = this.said(answer);
    return `answered ${answer.status}${attempts}${said === "" ? "" : `: ${said}`}`;
  }

  private withoutAnswer({ outcome, reason, proxy }: Unanswered, attempts: string): string {
    const { baseUrl, requestTimeoutMs } = this.host;
    switch (outcome.kind) {
      case "neverSent":
        return `could not connect${proxy === undefined ? "" : ` through the proxy ${proxy.url.host}`} (${reason})${attempts}`;
      case "impossible":
        return reason;
      case "proxyRefused":
        return `was refused by the proxy ${proxy?.url.host ?? ""}, which answered ${outcome.status} to CONNECT ${new URL(baseUrl).host}${attempts}`;
      case "tooLarge":
        return `answered with more than ${LARGEST_ANSWER_MIB} MiB`;
      case "dropped":
        return `was cut off (${reason})${attempts}`;
      case "timedOut":
        return `was not answered within ${describeDuration(requestTimeoutMs)}${attempts.replace(" after", ", in")}`;
    }
  }

  private adviceWhereLost(): string {
    return `The ${this.host.name} may or may not have done it: run \`pulumi up\` again, it looks first.`;
  }

  private adviceForForeignAnswer(): string {
    const { name, baseUrl, baseUrlKey } = this.host;
    return `Check that ${baseUrlKey} (${baseUrl}) is the ${name} and that no proxy answers in its place.`;
  }

  private adviceForConnection({ outcome, reason, proxy }: Unanswered): string {
    const { name, baseUrl, baseUrlKey } = this.host;
    const { host, hostname } = new URL(baseUrl);
    if (outcome.kind === "tooLarge") {
      return this.adviceForForeignAnswer();
    }
    const isRight = `Check that ${baseUrlKey} (${baseUrl}) is right`;
    if (outcome.kind === "proxyRefused" && proxy !== undefined) {
      return outcome.status === 407
        ? `Set ${proxy.variable} to the proxy's address with user and password: http://user:password@${proxy.url.host} (special characters percent-encoded).`
        : `${isRight}; have the proxy permit ${host}, or exempt ${hostname} by NO_PROXY.`;
    }
    if (outcome.kind === "impossible") {
      return /certificate|altname/i.test(reason)
        ? `The certificate of ${host} is not trusted: set ${this.host.caFileKey ?? "NODE_EXTRA_CA_CERTS"} to a PEM file with its authority.`
        : `Check ${baseUrlKey} (${baseUrl}) and the proxy variables of the environment.`;
    }
    return `${isRight} and that the ${name} can be reached from here${proxy === undefined ? "" : ` through ${proxy.variable} (${proxy.url.host})`}, then run it again.`;
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

  private error(call: ApiCall, facts: Facts): ApiError {
    const { redactor, baseUrl } = this.host;
    return new ApiError({
      ...facts,
      doing: call.doing,
      call: `${call.method} ${new URL(baseUrl + call.path).pathname}`,
      happened: redactor.redact(facts.happened),
      advice: redactor.redact(facts.advice),
    });
  }
}

function after(attempts: number): string {
  return attempts === 1 ? "" : ` after ${attempts} attempts`;
}
