import { lookUp, type SettingsSource } from "./reader";
import { SETTINGS, type System } from "./table";

/** The settings that say where a system is. */
export interface AddressSettings {
  readonly baseUrl: string | undefined;
  /** Several gateways may stand behind one APIO Core, each below a path of its own. */
  readonly apiPath: string | undefined;
}

/** Where a system is by these settings, in the spelling of `addressOf`. */
export function addressIn(source: SettingsSource, system: System): string | undefined {
  const { baseUrl } = SETTINGS[system];
  const { apiPath } = SETTINGS.tenantGateway;
  return addressOf(system, { baseUrl: lookUp(source, baseUrl), apiPath: lookUp(source, apiPath) });
}

/**
 * Where a system is, in one spelling, to compare: two ways to write one address must not look like two platforms. `undefined` where it is
 * not known. Not for requests: case counts in a path on some servers.
 */
export function addressOf(system: System, { baseUrl = "", apiPath = "" }: AddressSettings): string | undefined {
  const base = baseUrl.trim();
  const path = system === "tenantGateway" ? apiPath.trim() || SETTINGS.tenantGateway.apiPath.default : "";
  return base === "" ? undefined : spelled(`${base.replace(/\/+$/, "")}/${path}`);
}

function spelled(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return address.toLowerCase();
  }
  const host = url.host.replace(/\.(?=:|$)/, "");
  const path = url.pathname
    .replace(/%[\da-f]{2}/gi, decoded)
    .replace(/\/+/g, "/")
    .replace(/\/$/, "");
  return `${url.protocol}//${host}${path}`.toLowerCase();
}

/** An escaped character as itself, where a path may hold it so. */
function decoded(escaped: string): string {
  const character = String.fromCharCode(parseInt(escaped.slice(1), 16));
  return /[\w.~!$&'()*+,;=:@-]/.test(character) ? character : escaped;
}
