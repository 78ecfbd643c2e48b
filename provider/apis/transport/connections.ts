import * as http from "node:http";
import * as https from "node:https";
import type { SecureContext } from "node:tls";
import type { AxiosRequestConfig } from "axios";
import { HttpsProxyAgent } from "hpagent";
import { decoded, type Proxy, proxyFor } from "./proxy";

/** The agents of one request and the proxy to which it is handed, as axios takes them. */
type Route = Pick<AxiosRequestConfig<unknown>, "httpAgent" | "httpsAgent" | "proxy">;

/** The connections to one host: kept open for the next call, over TLS, through the proxy that the environment names. */
export class Connections {
  public readonly proxy: Proxy | undefined;
  /** Connections that are kept for the next request. */
  public readonly kept: Route;

  /** @throws where the environment names a proxy that cannot be used. */
  public constructor(
    private readonly target: URL,
    private readonly requestTimeoutMs: number,
    private readonly secureContext: SecureContext | undefined,
  ) {
    this.proxy = proxyFor(target, process.env);
    this.kept = this.route(true);
  }

  /** A connection of its own for one request. */
  public fresh(): Route {
    return this.route(false);
  }

  /** What must not be shown: the proxy's password, and what is sent to the proxy for user and password. */
  public secrets(): readonly string[] {
    const { username, password } = this.proxy?.url ?? { username: "", password: "" };
    return password === "" ? [] : [decoded(password), `${decoded(username)}:${decoded(password)}`];
  }

  private route(keepAlive: boolean): Route {
    const { requestTimeoutMs, secureContext } = this;
    const options = {
      keepAlive,
      autoSelectFamilyAttemptTimeout: attemptTimeout(requestTimeoutMs),
      ...(secureContext === undefined ? {} : { secureContext }),
    };
    if (this.proxy === undefined) {
      return { proxy: false, httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
    }
    const { url } = this.proxy;
    if (this.target.protocol === "http:") {
      return {
        proxy: {
          protocol: url.protocol,
          host: withoutBrackets(url.hostname),
          port: Number(url.port === "" ? defaultPort(url) : url.port),
          ...(url.username === ""
            ? {}
            : { auth: { username: decoded(url.username), password: decoded(url.password) } }),
        },
        httpAgent: new http.Agent(options),
        httpsAgent: new https.Agent(options),
      };
    }
    const toProxy = { ...options, hostname: withoutBrackets(url.hostname), headers: {} };
    // The time-out bounds the proxy's answer to CONNECT: aborting the request that waits for it does not.
    const through = { ...options, timeout: requestTimeoutMs, proxy: url, proxyRequestOptions: toProxy };
    return { proxy: false, httpsAgent: new HttpsProxyAgent(through) };
  }
}

/**
 * How long one address of a host may take to connect before the next one is tried, in milliseconds. Node's own quarter of a second gives
 * up on every address that is far away. Addresses alternate between the families, so that a dead IPv6 leaves half of the time to IPv4.
 */
function attemptTimeout(requestTimeoutMs: number): number {
  return Math.max(250, Math.min(5000, Math.floor(requestTimeoutMs / 2)));
}

function defaultPort(url: URL): string {
  return url.protocol === "https:" ? "443" : "80";
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}
