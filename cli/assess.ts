import { assessFleet } from "../assessment/assess-fleet";
import type { Assessment } from "../assessment/assessment";
import type { DeclaredFleet } from "../fleet/check-fleet";
import { isInShard, type Shard, shardOf } from "../fleet/shard";
import { systemClock } from "../provider/time/clock";
import { connectNeeded } from "./connect";
import { progressOn } from "./progress";

/** What of a fleet is assessed. */
export interface AssessedPart {
  /** Where to look for what nothing declares: nowhere; at all customers and tenants; or at all customers and the tenants named. */
  readonly unmanaged: "none" | "all" | { readonly tenants: readonly string[] };
  /** Only this part of all; objects of other parts are not unmanaged. */
  readonly shard: Shard | undefined;
}

/**
 * Assesses a fleet through the systems that the environment names. A system of which the fleet declares nothing need not be configured.
 * @throws {SettingsError} where the settings of a system that is needed are missing or wrong.
 */
export async function assessFromEnvironment(
  whole: DeclaredFleet,
  { unmanaged, shard }: AssessedPart,
): Promise<Assessment> {
  const fleet = shard === undefined ? whole : shardOf(whole, shard);
  const systems = connectNeeded(process.env, {
    livePlatform: fleet.customers.length > 0,
    tenantGateway: fleet.tenants.length > 0 || (typeof unmanaged === "object" && unmanaged.tenants.length > 0),
  });
  const progress = progressOn(process.stderr, "Looked at customers and tenants", systemClock);
  try {
    return await assessFleet({
      ...systems,
      fleet,
      unmanaged,
      isIncluded: (id) => shard === undefined || isInShard(id, shard),
      onProgress: progress.update,
    });
  } finally {
    progress.end();
  }
}
