import axios, { AxiosError, type AxiosRequestConfig } from "axios";
import { messageOf } from "../../text/errors";
import { throwIfAborted } from "../../time/clock";
import { signalFor } from "./attempt-signal";
import { bodyText } from "./body-text";
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
  readonly kind: "answered";
  readonly status: number;
  /** By their names in lower case; a header that came more than once is joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Each `Set-Cookie` line. */
  readonly cookies: readonly string[];
  readonly text: string;
}

/** What became of a request without a response, and the machine's word for the reason, such as `ECONNREFUSED`. */
export type NoReply = Exclude<Outcome, { readonly kind: "answered" }> & { readonly reason: string };

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
      ...contentOf(request),
      signal,
      transport: watch.transport,
    });
    const texts = textsOf(headers);
    const text = data instanceof Uint8Array ? bodyText(data, texts["content-type"]) : "";
    return { kind: "answered", status, headers: texts, cookies: headers["set-cookie"] ?? [], text };
  } catch (error) {
    const { code = "", message } = error instanceof AxiosError ? error : { message: messageOf(error) };
    // A cancelled read is simply over; a cancelled write may have been processed.
    if (code === AxiosError.ERR_CANCELED && request.method === "GET" && !timedOut()) {
      throwIfAborted(request.signal);
    }
    if (watch.mayHaveLeft) {
      // A failure now may be one on the way back: no response, half of one, or one that cannot be read.
      const kind = timedOut() ? "timedOut" : message.startsWith(TOO_LARGE) ? "tooLarge" : "dropped";
      return { kind, reason: code || oneLine(message) };
    }
    if (!(error instanceof AxiosError)) {
      // No request came about: a header, for example, that HTTP cannot carry.
      return { kind: "impossible", reason: `could not be sent: ${oneLine(message)}` };
    }
    return timedOut() ? { kind: "neverSent", reason: AxiosError.ETIMEDOUT } : withoutConnection(error);
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
function withoutConnection({ code = "", message }: AxiosError): NoReply {
  const refusal = REFUSED_BY_PROXY.exec(message)?.[1];
  if (refusal !== undefined) {
    return { kind: "proxyRefused", status: Number(refusal), reason: `proxy: ${refusal}` };
  }
  return INSECURE.test(`${code} ${message}`)
    ? {
        kind: "impossible",
        reason: `could not connect securely: ${oneLine(message.replace(OPENSSL_DETAILS, "$1"))}`,
      }
    : { kind: "neverSent", reason: code || oneLine(message) };
}

function contentOf({ body, headers }: Exchange): Pick<AxiosRequestConfig<unknown>, "headers" | "data"> {
  if (body === undefined) {
    return { headers };
  }
  return body instanceof URLSearchParams
    ? { headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers }, data: body.toString() }
    : { headers: { "Content-Type": "application/json", ...headers }, data: JSON.stringify(body) };
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
