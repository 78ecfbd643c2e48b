import type { DeclaredTenant } from "../../fleet/check-tenant";
import { connected } from "../inventory/systems";
import { type ListedTenant, listTenants, readLicenses, refusedList, type TenantList } from "../inventory/tenants";
import { eachService } from "../../provider/tenant/allocation";
import { observeTenant, TenantDirectory } from "../../provider/tenant/observe";
import { type ObservedServices, problemOf, toObserved } from "../../provider/tenant/plan";
import { shownPath } from "../../provider/resource/mistake";
import type { Alike } from "../../provider/text/alike";
import { shown } from "../../provider/text/shown";
import { assessTenant, unmanagedTenant } from "./assess-tenant";
import { type Assessment, type AssessmentError, joined } from "./assessment";
import { sharedErrors, whom } from "./formats/shown";
import { attempt, type Looking } from "./looking";

/** Each tenant is served by a call of its own, as many at a time as the settings let through. */
export async function assessTenants(tenants: readonly DeclaredTenant[], looking: Looking): Promise<Assessment> {
  const directory = new TenantDirectory();
  return joined(
    await Promise.all([
      ...tenants.map((tenant) => lookAtTenant(tenant, looking, directory)),
      findStrangers(tenants, looking),
    ]),
  );
}

async function findStrangers(tenants: readonly DeclaredTenant[], looking: Looking): Promise<Assessment> {
  const strangers = await undeclaredTenants(tenants, looking);
  looking.expect(strangers.tenants.length);
  const found = joined(await Promise.all(strangers.tenants.map((tenant) => lookAtStranger(tenant, looking))));
  // Nobody has named them, and nothing that is declared depends on them.
  return looking.unmanaged === "all"
    ? { ...found, errors: [], notes: [...strangers.notes, ...sharedErrors(found.errors).map(unknownTenants)] }
    : { ...found, notes: strangers.notes };
}

function unknownTenants({ first, all }: Alike<AssessmentError>): string {
  return `Whether ${whom(all)} ${all.length === 1 ? "holds" : "hold"} licences is not known: ${first.message}`;
}

/** The tenants that nothing declares and that may hold licences; a note where they are not known. */
async function undeclaredTenants(
  declaredTenants: readonly DeclaredTenant[],
  { tenantGateway, unmanaged, isIncluded, signal }: Looking,
): Promise<TenantList> {
  if (tenantGateway === undefined || unmanaged === "none") {
    return { tenants: [], notes: [] };
  }
  const declared = new Set(declaredTenants.map(({ inputs }) => inputs.tenantId));
  const isStranger = ({ tenantId }: ListedTenant): boolean => !declared.has(tenantId) && isIncluded(tenantId);
  if (unmanaged !== "all") {
    const ids = [...new Set(unmanaged.tenants)].sort();
    return { tenants: ids.map((tenantId) => ({ tenantId, name: null, type: null })).filter(isStranger), notes: [] };
  }
  try {
    const { tenants, notes } = await listTenants(tenantGateway, signal);
    return { tenants: tenants.filter(isStranger), notes };
  } catch (error) {
    return { tenants: [], notes: [`Unmanaged tenants are not known: ${refusedList(error)}.`] };
  }
}

function lookAtTenant(
  tenant: DeclaredTenant,
  { tenantGateway, signal, advance }: Looking,
  directory: TenantDirectory,
): Promise<Assessment> {
  return attempt({ kind: "tenant", id: tenant.inputs.tenantId, name: tenant.name }, advance, async () => {
    const system = connected(tenantGateway);
    const observed = await observeTenant(system, tenant.inputs.tenantId, directory, signal);
    refuseUnread(tenant, observed);
    return { objects: [assessTenant(tenant, observed, system)] };
  });
}

/** @throws where it is not known what a declared service holds: `pulumi up` would not touch the tenant either. */
function refuseUnread(
  { inputs: { tenantId, services } }: DeclaredTenant,
  observed: ObservedServices | undefined,
): void {
  const unread = [...eachService(services)].flatMap(([kind, name]) => {
    const problem = observed === undefined ? undefined : problemOf(observed, kind, name);
    return problem === undefined ? [] : [`${shownPath([kind, name])} (${shown(problem)})`];
  });
  if (unread.length > 0) {
    throw new Error(
      `What the gateway lists for tenant ${shown(tenantId)} cannot be read: ${unread.join(", ")}. Ask the gateway's support.`,
    );
  }
}

function lookAtStranger(tenant: ListedTenant, { tenantGateway, signal, advance }: Looking): Promise<Assessment> {
  return attempt({ kind: "tenant", id: tenant.tenantId, name: tenant.tenantId }, advance, async () => {
    const licenses = await readLicenses(connected(tenantGateway), tenant.tenantId, signal);
    return { unmanaged: unmanagedTenant(tenant, toObserved(licenses)) };
  });
}
