import { lookup } from "node:dns/promises";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { errorCode } from "../user-error";
import { messageOf } from "../../provider/errors";
import { trustingAlso } from "../../provider/apis/transport/authorities";
import { type Proxy, proxyFor } from "../../provider/apis/transport/proxy";
import type { Environment } from "../../provider/settings";
import { shown } from "../../provider/text/shown";
import { fail, type Finding, ok, skipped } from "./check";

/** A host to reach, and what names it in the environment. */
export interface Host {
  readonly url: URL;
  /** The variable that holds its address: `LIVE_PLATFORM_BASE_URL`. */
  readonly variable: string;
  /** The variable for its certificate authorities: `LIVE_PLATFORM_CA_FILE`. */
  readonly caVariable: string;
  readonly caFile: string | undefined;
  readonly timeoutMs: number;
}

/** Which proxy leads to a host. */
export function checkProxy({ url }: Host, environment: Environment): Finding {
  try {
    const proxy = proxyFor(url, environment);
    return ok(proxy === undefined ? "none" : `${proxy.url.host} (${proxy.variable})`);
  } catch (error) {
    return fail(`${messageOf(error)}.`);
  }
}

/** Whether the name of a host, or of the proxy that resolves it, has an address. */
export async function checkName({ url, variable }: Host, environment: Environment): Promise<Finding> {
  const proxy = safeProxy(url, environment);
  const hostname = (proxy?.url ?? url).hostname.replace(/^\[|\]$/g, "");
  try {
    const addresses = await lookup(hostname, { all: true });
    return ok(`${hostname} is ${addresses.map(({ address }) => address).join(", ")}`);
  } catch (error) {
    return fail(
      `${hostname} cannot be resolved (${errorCode(error) ?? messageOf(error)}): check ${proxy?.variable ?? variable}, the name servers and the VPN of this machine.`,
    );
  }
}

/** Whether a host presents a certificate that this machine trusts. */
export async function checkTls(host: Host, environment: Environment): Promise<Finding> {
  if (host.url.protocol !== "https:") {
    return skipped("the address begins with http://");
  }
  const proxy = safeProxy(host.url, environment);
  if (proxy !== undefined) {
    return skipped(`through the proxy ${proxy.url.host}: the login will show`);
  }
  try {
    return ok(await handshake(host));
  } catch (error) {
    return fail(tlsProblem(error, host));
  }
}

function safeProxy(url: URL, environment: Environment): Proxy | undefined {
  try {
    return proxyFor(url, environment);
  } catch {
    return undefined;
  }
}

function handshake({ url, caFile, timeoutMs }: Host): Promise<string> {
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const options: ConnectionOptions = {
    host: hostname,
    port: Number(url.port || 443),
    // An address is no name that a server could be asked for.
    ...(/^[\d.]+$|:/.test(hostname) ? {} : { servername: hostname }),
    ...(caFile === undefined ? {} : { secureContext: trustingAlso(caFile) }),
  };
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => {
      resolve(described(socket));
      socket.destroy();
    });
    socket.setTimeout(timeoutMs, () => socket.destroy(Object.assign(new Error("time-out"), { code: "ETIMEDOUT" })));
    socket.once("error", reject);
  });
}

function described(socket: TLSSocket): string {
  const { subject, issuer, valid_to: until } = socket.getPeerCertificate();
  const name = (value: string | string[] | undefined): string => shown([value ?? []].flat().join(", "), 100);
  return `${socket.getProtocol() ?? "TLS"}, certificate of ${name(subject.CN)} by ${name(issuer.CN ?? issuer.O)}, until ${new Date(until).toISOString().slice(0, 10)}`;
}

const UNTRUSTED =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|CERT_UNTRUSTED)$/;

/** What is wrong with the connection to a host, and how to fix it. */
export function tlsProblem(
  error: unknown,
  { url, variable, caVariable }: Pick<Host, "url" | "variable" | "caVariable">,
): string {
  const code = errorCode(error) ?? "";
  if (UNTRUSTED.test(code)) {
    return `the certificate of ${url.host} is not trusted (${code}): set ${caVariable} to a PEM file with its authority.`;
  }
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return `the certificate of ${url.host} has expired: ask who runs it, or check the clock of this machine.`;
    case "CERT_NOT_YET_VALID":
      return `the certificate of ${url.host} is not valid yet: check the clock of this machine.`;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `the certificate of ${url.host} is for other names: check ${variable}.`;
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return `${url.host} does not speak TLS: check the port in ${variable}.`;
    default:
      return `could not connect to ${url.host} (${code === "" ? shown(messageOf(error)) : code}): check ${variable}, firewall and proxy (HTTPS_PROXY).`;
  }
}
