import { type CustomerEntry, holdingsOf, titleOf } from "../inventory/customers";
import type { ListedTenant } from "../inventory/tenants";
import { eachService } from "../provider/resources/tenant-service-licenses/allocation";
import type { ObservedServices } from "../provider/resources/tenant-service-licenses/plan";
import { counted } from "../provider/text/count";
import type { UnmanagedObject } from "./assessment";

/** The licensed customers that none of `declared`, GUIDs in lower case, is; by name, then GUID. */
export function unmanagedCustomers(listed: readonly CustomerEntry[], declared: ReadonlySet<string>): UnmanagedObject[] {
  return listed
    .filter(({ guid }) => !declared.has(guid))
    .map((entry) => ({
      kind: "customer" as const,
      id: entry.guid,
      name: titleOf(entry),
      holds: holdingsOf(entry.customer),
    }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
}

/** A tenant that nothing declares, if any of its services is licensed. */
export function unmanagedTenant({ tenantId, name, type }: ListedTenant, observed: ObservedServices): UnmanagedObject[] {
  const licensed = [...eachService(observed)].filter(([, , { allocation }]) => allocation !== 0).length;
  const called = [name, type].filter((text) => text !== null && text !== "" && text !== tenantId);
  const holds = [...called, `${counted(licensed, "service")} licensed`].join(", ");
  return licensed === 0 ? [] : [{ kind: "tenant", id: tenantId, name: tenantId, holds }];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
