import type { TenantGatewaySystem } from "../provider/resources/tenant-service-licenses/apply";
import { observeTenant } from "../provider/resources/tenant-service-licenses/observe";
import { type ObservedServices, refuseMissingTenant } from "../provider/resources/tenant-service-licenses/plan";
import { readEach } from "./read-each";

/** A tenant of the gateway with all its services. */
export interface TenantEntry {
  readonly tenantId: string;
  readonly services: ObservedServices;
}

/**
 * Reads tenants, as many at a time as the settings let through; in the order of `ids`.
 * @throws {Error} with a line for each tenant that is not there or cannot be read.
 */
export function readTenants(
  { api, settings }: TenantGatewaySystem,
  ids: readonly string[],
  signal: AbortSignal,
  onRead: () => void,
): Promise<TenantEntry[]> {
  return readEach(
    ids,
    async (tenantId) => {
      const services = await observeTenant(api, tenantId, signal);
      if (services === undefined) {
        throw new Error(refuseMissingTenant(tenantId, settings.baseUrl).message);
      }
      return [{ tenantId, services }];
    },
    onRead,
  );
}
