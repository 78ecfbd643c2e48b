import { assessFleet } from "../assessment/assess-fleet";
import type { Assessment } from "../assessment/assessment";
import type { DeclaredFleet } from "../fleet/check-fleet";
import { systemClock } from "../provider/time/clock";
import { connectSystems } from "./connect";
import { progressOn } from "./progress";

/**
 * Assesses a fleet through the systems that the environment names. A system of which the fleet declares nothing need not be configured.
 * @throws {SettingsError} where the settings of a system that is needed are missing or wrong.
 */
export async function assessFromEnvironment(
  fleet: DeclaredFleet,
  knownTenants: readonly string[] = [],
): Promise<Assessment> {
  const { systems, signal } = connectSystems(process.env);
  const needsPlatform = fleet.customers.length > 0 || (process.env["LIVE_PLATFORM_BASE_URL"] ?? "") !== "";
  const needsGateway = fleet.tenants.length > 0 || knownTenants.length > 0;
  const livePlatform = needsPlatform ? systems.livePlatform() : undefined;
  const tenantGateway = needsGateway ? systems.tenantGateway() : undefined;
  const progress = progressOn(process.stderr, "Looked at customers and tenants", systemClock);
  try {
    return await assessFleet({
      fleet,
      livePlatform,
      tenantGateway,
      knownTenants,
      signal,
      onProgress: progress.update,
    });
  } finally {
    progress.end();
  }
}
