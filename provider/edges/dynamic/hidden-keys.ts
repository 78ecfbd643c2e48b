import type { Properties } from "../../run/properties";

/** The property in which the dynamic host keeps the text that loads a provider. Never validated, compared or sent anywhere. */
export const PROVIDER_KEY = "__provider";

/** A hidden input by which the resource class tells `check` what the engine does not; it never reaches state. */
export const CONTEXT_KEY = "__context";

/** The input of a provider instance by which its plugin process knows that it must be complete in itself; it lies in users' state. */
export const INSTANCE_KEY = "voice-licenses:instance";

/** `properties` without the host's and our own hidden keys. */
export function withoutHiddenKeys(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => key !== PROVIDER_KEY && key !== CONTEXT_KEY));
}
