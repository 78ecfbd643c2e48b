import type { System } from "../../provider/systems/settings/table";
import type { Systems } from "../../provider/systems/systems";

/** The systems that a command uses; `undefined` where one is neither needed nor named. */
export type ConnectedSystems = { readonly [S in System]: ReturnType<Systems[S]> | undefined };

/** The systems in words. */
export const SYSTEM_NAMES: Readonly<Record<System, string>> = {
  livePlatform: "Live Platform",
  tenantGateway: "tenant gateway",
};

/** A system that was asked for. */
export function connected<T>(system: T | undefined): T {
  if (system === undefined) {
    throw new Error("Something is to be looked at in a system that was not connected.");
  }
  return system;
}
