import { isPlainObject } from "../../text/plain-object";
import type { Properties } from "../../resource/properties";
import { holdsUnknown } from "../../resource/unknowns";
import { parsed } from "../../systems/settings/given";
import { isSystem, NAMESPACE, SETTINGS, SYSTEMS } from "../../systems/settings/table";

/** The keys of a provider's inputs. */
export const OWN_KEYS: readonly string[] = [...SYSTEMS, ...Object.keys(SETTINGS[NAMESPACE])];
/** What the engine and the SDKs add. */
const FOREIGN_KEYS: readonly string[] = ["version", "pluginDownloadURL", "pluginChecksums", "__internal"];

/** A provider's configuration in its one normal form. */
export interface NormalConfiguration {
  /** As state is to hold it. A project may be called as this package is: its other keys are left out. */
  readonly inputs: Properties;
  /** By the keys of a stack, `voice-licenses:tenantGateway`, without what is known only in `up`. */
  readonly settings: Properties;
}

/**
 * The settings of a system arrive as an object, or as its JSON text: stack configuration and generated SDKs send the text, and the SDK for
 * Python the names that its programs write, `base_url`.
 */
export function normalConfiguration(raw: Properties): NormalConfiguration {
  const entries = Object.entries(raw).map(([key, value]) => [key, isSystem(key) ? objectOf(value) : value] as const);
  return {
    inputs: Object.fromEntries(entries.filter(([key]) => OWN_KEYS.includes(key) || FOREIGN_KEYS.includes(key))),
    settings: Object.fromEntries(
      entries
        .filter(([key]) => !FOREIGN_KEYS.includes(key))
        .map(([key, value]) => [
          `${NAMESPACE}:${key}`,
          isPlainObject(value) ? known(value) : known({ value })["value"],
        ]),
    ),
  };
}

function objectOf(value: unknown): unknown {
  const object = typeof value === "string" ? (parsed(value) ?? value) : value;
  return isPlainObject(object)
    ? Object.fromEntries(Object.entries(object).map(([name, setting]) => [inCamelCase(name), setting]))
    : object;
}

function known(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !holdsUnknown(value)));
}

function inCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
