import { assessFleet } from "../assessment/assess-fleet";
import type { Assessment } from "../assessment/assessment";
import type { DeclaredFleet } from "../fleet/check-fleet";
import { isInShard, type Shard, shardOf } from "../fleet/shard";
import { systemClock } from "../provider/time/clock";
import { connectSystems } from "./connect";
import { progressOn } from "./progress";

/** What of a fleet is assessed. */
export interface AssessedPart {
  /** Tenants that are looked at although nothing declares them. */
  readonly knownTenants?: readonly string[];
  /** Only this part of all; objects of other parts are not unmanaged. */
  readonly shard?: Shard | undefined;
}

/**
 * Assesses a fleet through the systems that the environment names. A system of which the fleet declares nothing need not be configured.
 * @throws {SettingsError} where the settings of a system that is needed are missing or wrong.
 */
export async function assessFromEnvironment(
  whole: DeclaredFleet,
  { knownTenants: named = [], shard }: AssessedPart = {},
): Promise<Assessment> {
  const isIncluded = (id: string): boolean => shard === undefined || isInShard(id, shard);
  const fleet = shard === undefined ? whole : shardOf(whole, shard);
  const knownTenants = named.filter(isIncluded);
  const { systems, signal } = connectSystems(process.env);
  const needsPlatform = fleet.customers.length > 0 || (process.env["LIVE_PLATFORM_BASE_URL"] ?? "") !== "";
  const needsGateway = fleet.tenants.length > 0 || knownTenants.length > 0;
  const livePlatform = needsPlatform ? systems.livePlatform() : undefined;
  const tenantGateway = needsGateway ? systems.tenantGateway() : undefined;
  const progress = progressOn(process.stderr, "Looked at customers and tenants", systemClock);
  try {
    const assessment = await assessFleet({
      fleet,
      livePlatform,
      tenantGateway,
      knownTenants,
      signal,
      onProgress: progress.update,
    });
    return { ...assessment, unmanaged: assessment.unmanaged.filter(({ id }) => isIncluded(id)) };
  } finally {
    progress.end();
  }
}
