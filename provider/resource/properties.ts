import { isPlainObject } from "../text/plain-object";

/** A plain object as the dynamic host hands it over and takes it back. */
export type Properties = Record<string, unknown>;

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
