import type { Properties } from "../../resource/properties";

/** The property in which the dynamic host keeps the text that loads a provider. Never validated, compared or sent anywhere. */
export const PROVIDER_KEY = "__provider";

/** A hidden input by which the resource class tells `check` what the engine does not; it never reaches state. */
export const CONTEXT_KEY = "__context";

/**
 * The stack's limits on what one run may take away, in the state of a resource on a provider that is not one of ours: such a provider is not
 * configured with them, and a destroy runs no program.
 */
export const LIMITS_KEY = "__limits";

/** The input of a provider instance by which its plugin process knows that it must be complete in itself; it lies in users' state. */
export const INSTANCE_KEY = "voice-licenses:instance";

const HIDDEN: readonly string[] = [PROVIDER_KEY, CONTEXT_KEY, LIMITS_KEY];

/** What an input or output of a resource keeps in state beside what the resource itself knows. */
export function keptHiddenKeys(properties: Properties): Properties {
  return LIMITS_KEY in properties ? { [LIMITS_KEY]: properties[LIMITS_KEY] } : {};
}

/** `properties` without the host's and our own hidden keys. */
export function withoutHiddenKeys(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !HIDDEN.includes(key)));
}
