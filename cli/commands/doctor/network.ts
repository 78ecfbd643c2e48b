import { lookup } from "node:dns/promises";
import { connect as connectTo, type Socket } from "node:net";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { errorCode } from "../user-error";
import { messageOf } from "../../../provider/text/errors";
import { trustingAlso } from "../../../provider/systems/transport/authorities";
import { type Proxy, proxyFor } from "../../../provider/systems/transport/proxy";
import type { Environment } from "../../../provider/systems/settings";
import { shown } from "../../../provider/text/shown";
import { fail, type Finding, ok } from "./check";

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

/** Which proxy leads to a host, and whether it accepts connections. */
export async function checkProxy({ url, timeoutMs }: Host, environment: Environment): Promise<Finding> {
  let proxy: Proxy | undefined;
  try {
    proxy = proxyFor(url, environment);
  } catch (error) {
    return fail(`${messageOf(error)}.`);
  }
  if (proxy === undefined) {
    return ok("none");
  }
  const { host } = proxy.url;
  try {
    const socket = connectTo({ host: bare(proxy.url), port: portOf(proxy.url) });
    await established(socket, "connect", timeoutMs, () => undefined);
    return ok(`${host} (${proxy.variable})`);
  } catch (error) {
    return fail(
      `${host} cannot be reached (${reasonOf(error)}): check ${proxy.variable}, or add ${bare(url)} to NO_PROXY if no proxy leads there.`,
    );
  }
}

/** Whether the name of a host has an address; behind a proxy, the proxy resolves it. */
export async function checkName({ url, variable }: Host, environment: Environment): Promise<Finding | undefined> {
  if (proxyFor(url, environment) !== undefined) {
    return undefined;
  }
  try {
    const addresses = await lookup(bare(url), { all: true });
    return ok(`${bare(url)} is ${addresses.map(({ address }) => address).join(", ")}`);
  } catch (error) {
    return fail(
      `${bare(url)} cannot be resolved (${reasonOf(error)}): check ${variable}, the name servers and the VPN of this machine.`,
    );
  }
}

/** Whether a host presents a certificate that this machine trusts; behind a proxy, the login shows it. */
export async function checkTls(host: Host, environment: Environment): Promise<Finding | undefined> {
  if (host.url.protocol !== "https:" || proxyFor(host.url, environment) !== undefined) {
    return undefined;
  }
  try {
    return ok(await handshake(host));
  } catch (error) {
    return fail(tlsProblem(error, host));
  }
}

function handshake({ url, caFile, timeoutMs }: Host): Promise<string> {
  const hostname = bare(url);
  const options: ConnectionOptions = {
    host: hostname,
    port: portOf(url),
    // An address is no name that a server could be asked for.
    ...(/^[\d.]+$|:/.test(hostname) ? {} : { servername: hostname }),
    ...(caFile === undefined ? {} : { secureContext: trustingAlso(caFile) }),
  };
  const socket = connect(options);
  return established(socket, "secureConnect", timeoutMs, () => described(socket));
}

/** Waits for a connection, takes from it what is asked for, and closes it. */
function established<T>(
  socket: Socket,
  event: "connect" | "secureConnect",
  timeoutMs: number,
  take: () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => {
      resolve(take());
      socket.destroy();
    });
    socket.setTimeout(timeoutMs, () => socket.destroy(Object.assign(new Error("time-out"), { code: "ETIMEDOUT" })));
    socket.once("error", reject);
  });
}

function bare({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === "https:" ? 443 : 80));
}

function reasonOf(error: unknown): string {
  return errorCode(error) ?? messageOf(error);
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
