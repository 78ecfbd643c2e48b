import { type Allocation, byKind } from "./allocation";
import { tenantFields } from "./fields";
import type { ObservedServices } from "./plan";
import type { TenantState } from "./state";

/**
 * What an import takes over of the tenant with this id: every service that is licensed.
 * @returns `undefined` where there is no such tenant.
 * @throws where none of its services is licensed.
 */
export async function importTenant(
  id: string,
  observe: (tenantId: string) => Promise<ObservedServices | undefined>,
): Promise<TenantState | undefined> {
  const tenantId = tenantFields.tenantId.safeParse(id);
  if (!tenantId.success) {
    throw new Error(`The id of a TenantServiceLicenses ${tenantId.error.issues[0]?.message ?? ""}.`);
  }
  const observed = await observe(tenantId.data);
  if (observed === undefined) {
    return undefined;
  }
  const services = byKind(
    (kind) =>
      new Map<string, Allocation>(
        [...observed[kind]].flatMap(([name, { allocation }]) => (allocation === 0 ? [] : [[name, allocation]])),
      ),
  );
  if (services.groupServices.size + services.userServices.size === 0) {
    throw new Error(`None of tenant ${tenantId.data}'s services is licensed: there is nothing to import.`);
  }
  return { tenantId: tenantId.data, services, original: services };
}
