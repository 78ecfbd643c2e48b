import type { TenantGateway } from "../../apis/tenant-gateway";
import { type ObservedServices, toObserved } from "./plan";

/** Looks at a tenant's services, or gives `undefined` where the gateway says twice, in its own form, that there is no such tenant. */
export async function observeTenant(
  api: TenantGateway,
  tenantId: string,
  signal: AbortSignal,
): Promise<ObservedServices | undefined> {
  const licenses = (await api.getLicenses(tenantId, signal)) ?? (await api.getLicenses(tenantId, signal));
  return licenses === undefined ? undefined : toObserved(licenses);
}
