import * as http from "node:http";
import * as https from "node:https";
import type { SecureContext } from "node:tls";
import type { AxiosRequestConfig } from "axios";
import { HttpsProxyAgent } from "hpagent";
import { decoded, type Proxy, proxyFor, withoutBrackets } from "./proxy";
import type { Redactor } from "./redact";

/** The agents of one request and the proxy to which it is handed, as axios takes them. */
type Route = Pick<AxiosRequestConfig<unknown>, "httpAgent" | "httpsAgent" | "proxy">;

/** How to connect. */
interface ConnectionOptions {
  readonly requestTimeoutMs: number;
  readonly secureContext: SecureContext | undefined;
  /** Learns the proxy's password. */
  readonly redactor: Redactor;
}

/** The connections to one host: kept open for the next call, over TLS, through the proxy that the environment names. */
export class Connections {
  public readonly proxy: Proxy | undefined;
  /** Connections that are kept for the next request. */
  public readonly kept: Route;

  /** @throws where the environment names a proxy that cannot be used. */
  public constructor(
    private readonly target: URL,
    private readonly options: ConnectionOptions,
  ) {
    this.proxy = proxyFor(target, process.env);
    this.kept = this.route(true);
    const { username, password } = authOf(this.proxy);
    if (password !== "") {
      options.redactor.add(password);
      options.redactor.add(`${username}:${password}`);
    }
  }

  /** A connection of its own for one request. */
  public fresh(): Route {
    return this.route(false);
  }

  private route(keepAlive: boolean): Route {
    const { requestTimeoutMs, secureContext } = this.options;
    const options = {
      keepAlive,
      autoSelectFamilyAttemptTimeout: attemptTimeout(requestTimeoutMs),
      ...(secureContext === undefined ? {} : { secureContext }),
    };
    if (this.proxy === undefined) {
      return { proxy: false, httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
    }
    const { url } = this.proxy;
    const hostname = withoutBrackets(url.hostname);
    if (this.target.protocol === "https:") {
      // The time-out bounds the proxy's answer to CONNECT: aborting the request that waits for it does not.
      const proxyRequestOptions = { ...options, hostname, headers: {} };
      const through = { ...options, timeout: requestTimeoutMs, proxy: url, proxyRequestOptions };
      return { proxy: false, httpsAgent: new HttpsProxyAgent(through) };
    }
    const port = Number(url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port);
    const auth = url.username === "" ? {} : { auth: authOf(this.proxy) };
    return {
      proxy: { protocol: url.protocol, host: hostname, port, ...auth },
      httpAgent: new http.Agent(options),
      httpsAgent: new https.Agent(options),
    };
  }
}

function authOf(proxy: Proxy | undefined): { username: string; password: string } {
  const { username = "", password = "" } = proxy?.url ?? {};
  return { username: decoded(username), password: decoded(password) };
}

/**
 * How long one address of a host may take to connect before the next one is tried, in milliseconds. Node's own quarter of a second gives
 * up on every address that is far away. Addresses alternate between the families, so that a dead IPv6 leaves half of the time to IPv4.
 */
function attemptTimeout(requestTimeoutMs: number): number {
  return Math.max(250, Math.min(5000, Math.floor(requestTimeoutMs / 2)));
}
