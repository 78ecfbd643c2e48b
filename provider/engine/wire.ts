/** A plain object as the dynamic host hands it over and takes it back. */
export type Properties = Record<string, unknown>;

/** The property in which the dynamic host keeps the text that loads a provider. Never validated, compared or sent anywhere. */
export const PROVIDER_KEY = "__provider";

/** A hidden input by which the resource class tells `check` what the engine does not; it never reaches state. */
export const CONTEXT_KEY = "__context";

/**
 * `value` without any `undefined`: the host's protobuf encoder throws on one, and would do so after the remote write.
 */
export function withoutUndefined(value: Properties): Properties {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, isPlainObject(item) ? withoutUndefined(item) : item]),
  );
}

/** `properties` without the host's and our own hidden keys. */
export function withoutHiddenKeys(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => key !== PROVIDER_KEY && key !== CONTEXT_KEY));
}

/** Whether a value is an object that is no list. */
export function isPlainObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
