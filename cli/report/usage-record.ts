import type { UsageRecord } from "../history/usage-record";
import type { Usage } from "./usage";

type Tenant = UsageRecord["tenants"][number];

/** A line of the history: what is licensed or in use; the rest would make each line many times as long. */
export function recordOf(usage: Usage, at: Date, scope: UsageRecord["scope"]): UsageRecord {
  const byTenant = new Map<string, Tenant>(
    usage.tenants.map(({ tenantId }) => [tenantId, { id: tenantId, groupServices: [], userServices: [] }]),
  );
  for (const { tenantId, kind, service, allocated, inUse, inPacks } of usage.services) {
    if (allocated !== 0 || inUse > 0 || inPacks > 0) {
      byTenant
        .get(tenantId)
        ?.[kind].push(inPacks > 0 ? [service, allocated, inUse, inPacks] : [service, allocated, inUse]);
    }
  }
  return {
    version: 1,
    at: at.toISOString(),
    scope,
    customers: usage.customers.flatMap(({ guid, licensedUsers, inUse, activeUsers }) => {
      const used = inUse ?? activeUsers;
      return used === null ? [] : [[guid, licensedUsers, used]];
    }),
    tenants: [...byTenant.values()],
  };
}
