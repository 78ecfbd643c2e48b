import { csv } from "./csv";
import type { Usage } from "./usage";

/** Services of tenants as CSV. */
export function servicesCsv({ services }: Usage): string {
  return csv(
    ["tenant", "kind", "service", "allocated", "inUse", "inPacks"],
    services.map((one) => [one.tenantId, one.kind, one.service, one.allocated, one.inUse, one.inPacks]),
  );
}
