import { BlockList, isIP } from "node:net";

/** The variables of an environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy that the environment names. */
export interface Proxy {
  /** With user and password, percent-encoded. */
  readonly url: URL;
  /** The variable that names it: `HTTPS_PROXY`. */
  readonly variable: string;
}

/**
 * The proxy for an address, chosen as curl does: `HTTPS_PROXY` or `HTTP_PROXY` by the address's scheme, then `ALL_PROXY`, in lower or
 * upper case, except for hosts in `NO_PROXY`. An address without a scheme is that of an HTTP proxy.
 * @throws where the variable holds no address of an HTTP proxy.
 */
export function proxyFor(target: URL, environment: Environment): Proxy | undefined {
  const byScheme = target.protocol === "https:" ? "https_proxy" : "http_proxy";
  const variable = [byScheme, byScheme.toUpperCase(), "all_proxy", "ALL_PROXY"].find((name) =>
    isSet(environment[name]),
  );
  const noProxy = [environment["no_proxy"], environment["NO_PROXY"]].find(isSet);
  if (variable === undefined || (noProxy !== undefined && isExempt(target, noProxy))) {
    return undefined;
  }
  return { url: proxyUrl(environment[variable]?.trim() ?? "", variable), variable };
}

function isSet(value: string | undefined): boolean {
  return (value ?? "").trim() !== "";
}

/** Neither user nor password may reach a message, so that the address is not quoted. */
function proxyUrl(address: string, variable: string): URL {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme?.startsWith("socks") === true) {
    throw new Error(
      `${variable} names a SOCKS proxy (${scheme}://…), which is not supported: set it to the address of an HTTP proxy, such as http://proxy:3128`,
    );
  }
  const text = scheme === undefined ? `http://${address}` : address;
  if ((scheme !== undefined && scheme !== "http" && scheme !== "https") || !URL.canParse(text)) {
    throw new Error(
      `${variable} is not the address of a proxy, such as http://proxy:3128 or http://user:password@proxy:3128 (special characters percent-encoded)`,
    );
  }
  const url = new URL(text);
  url.username = encodeURIComponent(decoded(url.username));
  url.password = encodeURIComponent(decoded(url.password));
  return url;
}

/** A percent sign that encodes nothing stands for itself. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A host's name without the brackets of an IPv6 address. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Whether `NO_PROXY` names a host: itself or a domain above it, an address or a network, each with or without a port; `*` is every host. */
function isExempt({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const host = withoutBrackets(hostname).replace(/\.$/, "");
  const hostPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, inBrackets, plain, entryPort = hostPort] =
        /^(?:\[(.*)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
      const name = (inBrackets ?? plain ?? "").replace(/^\*?\.|\.$/g, "");
      if (name === "" || entryPort !== hostPort) {
        return false;
      }
      return name === "*" || name === host || (isIP(host) === 0 ? host.endsWith(`.${name}`) : isWithin(host, name));
    });
}

/** Whether an address is that of `network`, or lies in it: `10.0.0.0/8`. */
function isWithin(address: string, network: string): boolean {
  const [start = "", length] = network.split("/");
  const family = familyOf(start);
  if (family === undefined || (length !== undefined && !/^\d{1,3}$/.test(length))) {
    return false;
  }
  const bits = family === "ipv4" ? 32 : 128;
  const prefix = Number(length ?? bits);
  if (prefix > bits) {
    return false;
  }
  const list = new BlockList();
  list.addSubnet(start, prefix, family);
  return list.check(address, familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}
