import { SettingsError } from "./reader";

const HOW_TO_BRING_SETTINGS_IN =
  "A refresh or destroy takes the settings from the stack's state, not from its configuration or program: " +
  "set the environment variable, or run `pulumi up` or `pulumi refresh --run-program` first.";

/**
 * Connects to a system.
 * @param isFromState Whether the settings come from state alone, so that what was set meanwhile is not seen.
 * @throws {SettingsError} where settings are missing or wrong; where they come from state, also how to bring in what was set meanwhile.
 */
export function connecting<T>(connect: () => T, isFromState: () => boolean): T {
  try {
    return connect();
  } catch (error) {
    if (error instanceof SettingsError && isFromState()) {
      throw new Error(`${error.message}\n${HOW_TO_BRING_SETTINGS_IN}`);
    }
    throw error;
  }
}
