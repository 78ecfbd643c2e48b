import { messageOf } from "../provider/engine/failures";
import type { TenantGatewaySystem } from "../provider/resources/tenant-service-licenses/apply";
import { observeTenant } from "../provider/resources/tenant-service-licenses/observe";
import { type ObservedServices, refuseMissingTenant } from "../provider/resources/tenant-service-licenses/plan";

/** A tenant of the gateway with all its services. */
export interface TenantEntry {
  readonly tenantId: string;
  readonly services: ObservedServices;
}

/**
 * Reads tenants, as many at a time as the settings let through; in the order of `ids`.
 * @throws {Error} with a line for each tenant that is not there or cannot be read.
 */
export async function readTenants(
  { api, settings }: TenantGatewaySystem,
  ids: readonly string[],
  signal: AbortSignal,
  onRead: () => void,
): Promise<TenantEntry[]> {
  const problems: string[] = [];
  const entries = await Promise.all(
    ids.map(async (tenantId): Promise<TenantEntry[]> => {
      try {
        const services = await observeTenant(api, tenantId, signal);
        if (services !== undefined) {
          return [{ tenantId, services }];
        }
        problems.push(refuseMissingTenant(tenantId, settings.baseUrl).reason);
      } catch (error) {
        problems.push(messageOf(error));
      } finally {
        onRead();
      }
      return [];
    }),
  );
  if (problems.length > 0) {
    throw new Error([...new Set(problems)].join("\n"));
  }
  return entries.flat();
}
