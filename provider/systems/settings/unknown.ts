import { distance } from "fastest-levenshtein";
import { nearest } from "../../text/nearest";
import { alike, notASetting } from "./names";
import type { Environment } from "./reader";
import { ALL_SETTINGS, FLEET_KEYS, NAMESPACE, OTHER_VARIABLES, SETTINGS, type System, SYSTEMS } from "./table";

/** Names that no table knows: a misspelt setting would silently count as not given, and a brake would be off. */

const LIMITS = Object.keys(SETTINGS[NAMESPACE]);
const OWN = [...SYSTEMS, ...LIMITS];

/** A name below a system, where every name is ours. */
export function unknownIn(system: System, name: string, separator: "." | ":"): string[] {
  const known = Object.keys(SETTINGS[system]);
  const written = (each: string): string => (separator === ":" ? `${system}:${each}` : each);
  return [notASetting(`${system}${separator}${name}`, alike(name, known).map(written), known)];
}

/** An input of an instance. */
export function unknownInput(name: string): string[] {
  return [notASetting(name, alike(name, OWN), OWN)];
}

/** A key below `voice-licenses:`, where programs keep keys of their own: wrong only where it can only be meant as ours. */
export function unknownKey(name: string): string[] {
  // A limit must not fail open: anything that resembles one counts.
  const limits = nearest(name, LIMITS);
  const meant = limits.length > 0 ? limits : [...SYSTEMS, ...FLEET_KEYS].filter((key) => isSlip(name, key));
  return meant.length === 0 || FLEET_KEYS.includes(name)
    ? []
    : [
        notASetting(
          `${NAMESPACE}:${name}`,
          meant.map((key) => `${NAMESPACE}:${key}`),
        ),
      ];
}

/** A key of ours in a namespace that is misspelt: `voice-licences:maxReductions`. */
export function unknownNamespace(namespace: string, name: string): string[] {
  return ALL_KEYS.filter(([prefix, key]) => key === name && isSlip(namespace, prefix)).map((meant) =>
    notASetting(`${namespace}:${name}`, [meant.join(":")]),
  );
}

const ALL_KEYS = [
  ...ALL_SETTINGS.map(({ prefix, name }) => [prefix, name] as const),
  ...SYSTEMS.map((system) => [NAMESPACE, system] as const),
];

/** One edit in five letters. */
function isSlip(name: string, key: string): boolean {
  return distance(name.toLowerCase(), key.toLowerCase()) <= Math.floor(key.length / 5);
}

const VARIABLES = [...ALL_SETTINGS.map(({ variable }) => variable), ...OTHER_VARIABLES];
const PREFIX = /^(?:LIVE_PLATFORM|TENANT_GATEWAY|VOICE_LICENSES)_/;

/** The variables that can only be meant as ours; others with our prefixes may be a script's, or those of a Kubernetes service. */
export function unknownVariables(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => (environment[name] ?? "") !== "" && !VARIABLES.includes(name))
    .map((name) => [name, meantAs(name)] as const)
    .filter(([, meant]) => meant.length > 0)
    .map(([name, meant]) => notASetting(name, meant));
}

function meantAs(name: string): string[] {
  const [prefix] = PREFIX.exec(name) ?? [];
  if (prefix === undefined) {
    return VARIABLES.filter((variable) => distance(name, variable) <= 2);
  }
  const rest = name.slice(prefix.length);
  const known = VARIABLES.filter((variable) => variable.startsWith(prefix)).map((variable) =>
    variable.slice(prefix.length),
  );
  // `TENANT_GATEWAY_WEST_PASSWORD` is a script's own. A limit must not fail open.
  const isOwn = prefix !== "VOICE_LICENSES_" && known.some((each) => `_${rest}_`.includes(`_${each}_`));
  return isOwn ? [] : alike(rest, known).map((each) => prefix + each);
}
