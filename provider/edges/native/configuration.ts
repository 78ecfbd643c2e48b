import { isPlainObject } from "../../plain-object";
import type { Properties } from "../../run/properties";
import { holdsUnknown } from "../../run/unknowns";
import { didYouMean, nearest } from "../../text/nearest";
import { type System, SYSTEMS } from "../../settings/table";

/** The keys that limit what one run may take away. */
const LIMIT_KEYS = ["maxReductions", "maxLicensesRemoved"] as const;
const OWN_KEYS: readonly string[] = [...SYSTEMS, ...LIMIT_KEYS];
/** With what the engine and the SDKs add. */
const KNOWN_KEYS: readonly string[] = [...OWN_KEYS, "version", "pluginDownloadURL", "pluginChecksums", "__internal"];

/** A provider's configuration in its one normal form: texts, by key and, for a system, by the name of the setting. */
export interface ProviderConfiguration {
  readonly systems: Readonly<Record<System, Readonly<Record<string, string>> | undefined>>;
  readonly limits: Readonly<Record<(typeof LIMIT_KEYS)[number], string | undefined>>;
}

/** What was made of a configuration, and what is wrong with it, a sentence each. */
export interface ReadConfiguration {
  /** The configuration as state is to hold it: a system's settings are an object, in whatever form they came. */
  readonly inputs: Properties;
  readonly configuration: ProviderConfiguration;
  /** Systems of which a setting is known only in `up`. */
  readonly unknown: ReadonlySet<string>;
  readonly problems: readonly string[];
}

/**
 * Reads a provider's configuration. The settings of a system arrive as an object, or as its JSON text: stack configuration and generated
 * SDKs send the text.
 * @param isOfStack Whether it is the stack's: a project may be called as this package is, and then has keys of its own among them.
 */
export function readConfiguration(raw: Properties, { isOfStack }: { readonly isOfStack: boolean }): ReadConfiguration {
  const problems: string[] = [];
  const unknown = new Set<string>();
  const inputs = Object.fromEntries(Object.entries(raw).filter(([key]) => KNOWN_KEYS.includes(key)));
  const given = new Map(Object.entries(raw).filter(([, value]) => value !== null && value !== undefined));

  for (const key of [...given.keys()].filter((each) => !KNOWN_KEYS.includes(each))) {
    const alike = nearest(key, OWN_KEYS);
    if (!isOfStack || alike.length > 0) {
      problems.push(`${key.slice(0, 100)} is not a key of this provider${didYouMean(alike)}`);
    }
  }

  const system = (key: System): Record<string, string> | undefined => {
    const value = given.get(key);
    if (value === undefined || value === "") {
      return undefined;
    }
    if (holdsUnknown(value)) {
      unknown.add(key);
    }
    const object = typeof value === "string" ? parsed(value) : value;
    if (!isPlainObject(object)) {
      if (!unknown.has(key)) {
        problems.push(`${key} must be an object of settings, such as { baseUrl: "https://…" }, or its JSON text.`);
      }
      return undefined;
    }
    const named = Object.fromEntries(Object.entries(object).map(([name, setting]) => [inCamelCase(name), setting]));
    inputs[key] = named;
    return settingsOf(key, named, problems);
  };
  const limit = (key: (typeof LIMIT_KEYS)[number]): string | undefined => {
    const value = given.get(key);
    if (holdsUnknown(value)) {
      unknown.add(key);
      return undefined;
    }
    return value === undefined ? undefined : asText(value);
  };

  return {
    inputs,
    configuration: {
      systems: { livePlatform: system("livePlatform"), tenantGateway: system("tenantGateway") },
      limits: { maxReductions: limit("maxReductions"), maxLicensesRemoved: limit("maxLicensesRemoved") },
    },
    unknown,
    problems,
  };
}

/** The Python SDK sends the names of a dictionary as a program writes them: `base_url`. */
function inCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function settingsOf(key: string, object: Properties, problems: string[]): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(object)) {
    if (value === null || value === undefined || holdsUnknown(value)) {
      continue;
    }
    const text = asText(value);
    if (text === undefined) {
      problems.push(`${key}.${name.slice(0, 100)} must be a text, a number, or true or false.`);
    } else {
      settings[name] = text;
    }
  }
  return settings;
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
