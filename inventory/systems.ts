import type { SystemName } from "../provider/run/license-resource";
import type { Systems } from "../provider/systems";

/** The systems that a command uses; `undefined` where one is neither needed nor named. */
export type ConnectedSystems = { readonly [S in SystemName]: ReturnType<Systems[S]> | undefined };

/** A system that was asked for. */
export function connected<T>(system: T | undefined): T {
  if (system === undefined) {
    throw new Error("Something is to be looked at in a system that was not connected.");
  }
  return system;
}
