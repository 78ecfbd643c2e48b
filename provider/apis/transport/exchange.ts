import axios, { AxiosError, type AxiosRequestConfig } from "axios";
import { messageOf } from "../../errors";
import { throwIfAborted } from "../../time/clock";
import { signalFor } from "./attempt-signal";
import { RequestWatch } from "./request-watch";
import type { Outcome } from "./retry-policy";

/** A request as it goes out. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON body, or a form. */
  readonly body?: object | URLSearchParams | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A response as it came in. */
export interface Reply {
  readonly status: number;
  /** By their names in lower case; a header that came more than once is joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies: readonly string[];
  readonly body: Uint8Array;
}

/** What became of a request without a response, and the machine's word for the reason, such as `ECONNREFUSED`. */
export interface NoReply {
  readonly outcome: Exclude<Outcome, { readonly kind: "answered" }>;
  readonly reason: string;
}

/**
 * The largest answer that is read, in MiB without compression: a list of 10,000 customers is a fraction of it, and a few kilobytes can
 * decompress to more than fits into memory.
 */
export const LARGEST_ANSWER_MIB = 20;

const client = axios.create({
  maxContentLength: LARGEST_ANSWER_MIB * 1024 * 1024,
  // A redirect would carry credentials elsewhere: it is an error that names where it points.
  maxRedirects: 0,
  validateStatus: () => true,
  responseType: "arraybuffer",
  transformResponse: (data: unknown) => data,
});

/** Sends one request once, and waits for its response for `timeoutMs` at most. */
export async function exchange(
  request: Exchange,
  route: AxiosRequestConfig<unknown>,
  timeoutMs: number,
): Promise<Reply | NoReply> {
  const watch = new RequestWatch();
  const { signal, timedOut, release } = signalFor(request, timeoutMs);
  try {
    const { status, headers, data } = await client.request<unknown>({
      ...route,
      method: request.method,
      url: request.url,
      headers: { ...(request.body === undefined ? {} : contentType(request.body)), ...request.headers },
      ...(request.body === undefined ? {} : { data: bodyOf(request.body) }),
      signal,
      transport: watch.transport,
    });
    return {
      status,
      headers: textsOf(headers),
      cookies: headers["set-cookie"] ?? [],
      body: data instanceof Uint8Array ? data : new Uint8Array(),
    };
  } catch (error) {
    const { code = "", message } = error instanceof AxiosError ? error : { message: messageOf(error) };
    // A cancelled read is simply over; a cancelled write may have been processed.
    if (code === AxiosError.ERR_CANCELED && request.method === "GET" && !timedOut()) {
      throwIfAborted(request.signal);
    }
    if (watch.mayHaveLeft()) {
      // Whatever goes wrong now may go wrong on the way back: no response, half of one, or one that cannot be read.
      const kind = timedOut() ? "timedOut" : message.startsWith(TOO_LARGE) ? "tooLarge" : "dropped";
      return { outcome: { kind }, reason: code || oneLine(message) };
    }
    if (!(error instanceof AxiosError)) {
      // No request came about: a header, for example, that HTTP cannot carry.
      return { outcome: { kind: "impossible" }, reason: `could not be sent: ${oneLine(message)}` };
    }
    return timedOut() ? { outcome: { kind: "neverSent" }, reason: AxiosError.ETIMEDOUT } : withoutConnection(error);
  } finally {
    release();
  }
}

/** How axios begins the message about an answer above the limit. */
const TOO_LARGE = "maxContentLength";
/** How `hpagent` reports that the proxy refused to connect. */
const REFUSED_BY_PROXY = /^Bad response: (\d{3})$/;
/** The host's certificate is not trusted, or what answers does not speak TLS: the next attempt would meet the same. */
const INSECURE = /CERT|certificate|self.signed|altname|^ERR_TLS|^ERR_SSL|^EPROTO/i;

/** What OpenSSL adds to the reason of a failure: `write EPROTO 80…:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/…:`. */
const OPENSSL_DETAILS = /^.*:SSL routines:[^:]*:([^:]+):.*$/s;

/** Why no connection came about. */
function withoutConnection(error: AxiosError): NoReply {
  const refusal = REFUSED_BY_PROXY.exec(error.message)?.[1];
  if (refusal !== undefined) {
    return { outcome: { kind: "proxyRefused", status: Number(refusal) }, reason: `proxy: ${refusal}` };
  }
  const code = error.code ?? "";
  return INSECURE.test(`${code} ${error.message}`)
    ? {
        outcome: { kind: "impossible" },
        reason: `could not connect securely: ${oneLine(error.message.replace(OPENSSL_DETAILS, "$1"))}`,
      }
    : { outcome: { kind: "neverSent" }, reason: code === "" ? oneLine(error.message) : code };
}

function contentType(body: object): { "Content-Type": string } {
  return {
    "Content-Type": body instanceof URLSearchParams ? "application/x-www-form-urlencoded" : "application/json",
  };
}

function bodyOf(body: object): string {
  return body instanceof URLSearchParams ? body.toString() : JSON.stringify(body);
}

function textsOf(headers: object): Reply["headers"] {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
      typeof value === "string" ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
