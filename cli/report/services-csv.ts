import { csv } from "./csv";
import type { Usage } from "./usage";

/** Services of tenants as CSV. */
export function servicesCsv({ services }: Usage): string {
  const rows = services.map(({ tenantId: tenant, ...service }) => ({ tenant, ...service }));
  return csv(["tenant", "kind", "service", "allocated", "inUse", "inPacks"], rows);
}
