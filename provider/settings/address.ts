import type { SettingsSource } from "./reader";
import { DEFAULTS, type System, variableOf } from "./table";

/** The settings that say where a system is. */
export interface AddressSettings {
  readonly baseUrl: string | undefined;
  /** Several gateways may stand behind one APIO Core, each below a path of its own. */
  readonly apiPath: string | undefined;
}

/** Where a system is, in one spelling, so that two ways to write it compare as equal; `undefined` where that is not known. */
export function addressOf(system: System, { baseUrl, apiPath }: AddressSettings): string | undefined {
  if (baseUrl === undefined || baseUrl.trim() === "") {
    return undefined;
  }
  const path = system === "tenantGateway" ? (apiPath ?? DEFAULTS.apiPath) : "";
  return (spelled(baseUrl.trim()) + path.trim()).replace(/\/+$/, "");
}

function spelled(baseUrl: string): string {
  try {
    const { origin, pathname } = new URL(baseUrl);
    return (origin + pathname).replace(/\/+$/, "");
  } catch {
    return baseUrl;
  }
}

/** Where a system is, by the settings of a source; `undefined` where that is not known. */
export function addressIn({ configuration, environment }: SettingsSource, system: System): string | undefined {
  const setting = (name: string): string | undefined =>
    configuration(`${system}:${name}`) ?? environment[variableOf(system, name)];
  return addressOf(system, { baseUrl: setting("baseUrl"), apiPath: setting("apiPath") });
}
