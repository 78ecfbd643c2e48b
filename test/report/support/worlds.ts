import type { CustomerEntry } from "../../../cli/inventory/customers";
import type { TenantEntry } from "../../../cli/inventory/tenants";

/** A customer by its name. */
export function customer(name: string, more: Partial<CustomerEntry["customer"]> = {}): CustomerEntry {
  return {
    guid: `guid-of-${name}`,
    customer: {
      licenseType: "OcPro",
      licensedUsersCount: 50,
      activeUserCount: 35,
      fullName: name,
      shortName: null,
      applicationClientId: undefined,
      clientSecretExpiresAt: undefined,
      ...more,
    },
  };
}

/** A tenant with group services: what is allocated, what is in use, and what service packs hand out. */
export function tenant(
  tenantId: string,
  services: Readonly<Record<string, readonly ["unlimited" | number, number, number?]>>,
  more: Partial<Pick<TenantEntry, "name" | "type" | "servicePacks">> = {},
): TenantEntry {
  const observed = new Map(
    Object.entries(services).map(([name, [allocation, inUse, inPacks = 0]]) => [name, { allocation, inUse, inPacks }]),
  );
  const ofKinds = { groupServices: observed, userServices: new Map<string, never>() };
  return { tenantId, name: null, type: null, odd: [], servicePacks: [], services: ofKinds, ...more };
}
