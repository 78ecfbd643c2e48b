import { ApiError } from "../../provider/systems/transport/api-error";
import { type ApiAnswer, type ApiCall, HttpApi } from "../../provider/systems/transport/http-api";
import { createRedactor, type Redactor } from "../../provider/systems/transport/redact";
import type { Clock } from "../../provider/time/clock";

const REQUEST_TIMEOUT_MS = 30_000;
const MOST_RETRIES = 3;
/** The longest pause that a forge may ask for with a 403, in milliseconds. */
const LONGEST_PAUSE_MS = 120_000;
const PAGE = 100;

/** One API of a forge. */
export interface RestOptions {
  /** The name in messages: `GitHub`. */
  readonly name: string;
  readonly baseUrl: string;
  /** The variable that holds the base URL, for advice. */
  readonly baseUrlVariable: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Hidden in all that is said. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  /** Whether an answer of 2xx means that it was done (default: always). */
  readonly isAccepted?: (answer: ApiAnswer) => boolean;
}

/** A REST API with a token: proxies, time-outs, retries and errors as for the two systems; redirects are not followed. */
export class Rest {
  private readonly http: HttpApi;
  private readonly redactor: Redactor = createRedactor();

  public constructor(private readonly options: RestOptions) {
    for (const secret of options.secrets) {
      this.redactor.add(secret);
    }
    this.http = new HttpApi({
      name: options.name,
      baseUrl: options.baseUrl,
      baseUrlKey: options.baseUrlVariable,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      maxRetries: MOST_RETRIES,
      maxConcurrency: 1,
      clock: options.clock,
      redactor: this.redactor,
    });
  }

  /**
   * @param doing What is being done, for messages: `comment on pull request 7`.
   * @returns The JSON of the answer.
   * @throws with method, path, status, what the API said, and what to check.
   */
  public async call(
    doing: string,
    method: ApiCall["method"],
    path: string,
    body?: object,
    contentType = "application/json",
  ): Promise<unknown> {
    const answer = await this.patiently({
      method,
      path,
      doing,
      body,
      headers: { ...this.options.headers, ...(body === undefined ? {} : { "Content-Type": contentType }) },
      // What makes something new is not sent twice.
      repetition: method === "POST" ? "once" : "repeatable",
    });
    const { status } = answer;
    // Azure answers 203 with a page to log in to whom it does not know.
    if (status < 200 || status >= 300 || status === 203 || this.options.isAccepted?.(answer) === false) {
      throw this.safely(this.http.unexpected(answer, this.adviceFor(status)));
    }
    return answer.json;
  }

  /** All rows of a list that comes in pages of a hundred. */
  public async rows(doing: string, path: string): Promise<unknown[]> {
    const rows: unknown[] = [];
    for (let page = 1; ; page += 1) {
      const query = `${path.includes("?") ? "&" : "?"}per_page=${PAGE}&page=${page}`;
      const more = await this.call(doing, "GET", path + query);
      if (!Array.isArray(more)) {
        throw new Error(`Could not ${doing}: ${this.options.name} did not answer with a list.`);
      }
      rows.push(...(more as unknown[]));
      if (more.length < PAGE) {
        return rows;
      }
    }
  }

  /** GitHub also slows down with 403 and `Retry-After`. */
  private async patiently(call: ApiCall): Promise<ApiAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      let answer: ApiAnswer;
      try {
        answer = await this.http.send(call);
      } catch (error) {
        throw this.safely(error);
      }
      const { status, retryAfterMs } = answer;
      if (status !== 403 || retryAfterMs === undefined || retryAfterMs > LONGEST_PAUSE_MS || attempt > MOST_RETRIES) {
        return answer;
      }
      await this.options.clock.sleep(Math.max(retryAfterMs, 1000));
    }
  }

  private adviceFor(status: number): string {
    return [203, 401, 403].includes(status)
      ? "Check what the job's token may do."
      : "Check the variables that the page on pipelines names.";
  }

  /** The path of a call may be a secret itself, as a webhook's is. */
  private safely(error: unknown): unknown {
    return error instanceof ApiError ? new Error(this.redactor.redact(error.message)) : error;
  }
}
