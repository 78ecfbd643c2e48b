import { ALL_SETTINGS } from "./settings/table";

/** Keys of the stack's configuration that hold a secret and must be one there. In a file of its own, because every program loads it. */
export const SECRET_KEYS: readonly string[] = ALL_SETTINGS.filter(({ secret }) => secret === true).map(
  ({ key }) => key,
);
