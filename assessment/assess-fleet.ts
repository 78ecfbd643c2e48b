import { messageOf } from "../provider/errors";
import type { DeclaredCustomer } from "../fleet/check-customer";
import type { DeclaredFleet } from "../fleet/check-fleet";
import type { DeclaredTenant } from "../fleet/check-tenant";
import { listCustomers } from "../inventory/customers";
import { type ListedTenant, listTenants, readLicenses, refusedList, type TenantList } from "../inventory/tenants";
import {
  type LivePlatformSystem,
  type Observation,
  observeCustomer,
  withLicensesInUse,
} from "../provider/resources/customer-service-license/customers";
import {
  observeTenant,
  TenantDirectory,
  type TenantGatewaySystem,
} from "../provider/resources/tenant-service-licenses/observe";
import { eachService } from "../provider/resources/tenant-service-licenses/allocation";
import { type ObservedServices, problemOf, toObserved } from "../provider/resources/tenant-service-licenses/plan";
import { shownPath } from "../provider/run/mistake";
import type { Alike } from "../provider/text/alike";
import { shown } from "../provider/text/shown";
import { assessCustomer } from "./assess-customer";
import { assessTenant } from "./assess-tenant";
import { type Assessment, type AssessmentError, NOTHING } from "./assessment";
import { sharedErrors, whom } from "./formats/shown";
import { unmanagedCustomers, unmanagedTenant } from "./unmanaged";

/** What to look at, and how. */
export interface AssessmentOptions {
  readonly fleet: DeclaredFleet;
  /** The Live Platform; `undefined` where it is neither configured nor needed. */
  readonly livePlatform: LivePlatformSystem | undefined;
  /** The gateway; `undefined` where it is neither configured nor needed. */
  readonly tenantGateway: TenantGatewaySystem | undefined;
  /**
   * Where to look for what nothing declares: nowhere; at all customers and tenants; or at all customers and the tenants named.
   */
  readonly unmanaged: "none" | "all" | { readonly tenants: readonly string[] };
  /** Whether an object that nothing declares is of interest, by its id. */
  readonly isIncluded: (id: string) => boolean;
  readonly signal: AbortSignal;
  /** Told after each object. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Looks at each declared object and reports where it is not as declared; reads only. Customers without an App Registration are served
 * by one list call, any other customer and each tenant by a call of its own, as many at a time as the settings let through. What
 * cannot be looked at is an error, never a difference.
 */
export async function assessFleet(options: AssessmentOptions): Promise<Assessment> {
  const { fleet, onProgress } = options;
  let total = fleet.customers.length + fleet.tenants.length;
  let done = 0;
  const advance = (): void => {
    done += 1;
    onProgress(done, total);
  };
  const findStrangers = async (): Promise<Assessment> => {
    const { tenants, notes } = await undeclaredTenants(options);
    total += tenants.length;
    const found = joined(await Promise.all(tenants.map((tenant) => lookAtStranger(tenant, options, advance))));
    // Nobody has named them, and nothing that is declared depends on them.
    return options.unmanaged === "all"
      ? { ...found, errors: [], notes: [...notes, ...sharedErrors(found.errors).map(unknownTenants)] }
      : { ...found, notes };
  };
  const directory = new TenantDirectory();
  const parts = await Promise.all([
    assessCustomers(fleet.customers, options, advance),
    ...fleet.tenants.map((tenant) => lookAtTenant(tenant, options, directory, advance)),
    findStrangers(),
  ]);
  return joined(parts);
}

function unknownTenants({ first, all }: Alike<AssessmentError>): string {
  return `Whether ${whom(all)} ${all.length === 1 ? "holds" : "hold"} licences is not known: ${first.message}`;
}

/** The tenants that nothing declares and that may hold licences; a note where they are not known. */
async function undeclaredTenants(options: AssessmentOptions): Promise<TenantList> {
  const { fleet, tenantGateway, unmanaged, isIncluded, signal } = options;
  if (tenantGateway === undefined || unmanaged === "none") {
    return { tenants: [], notes: [] };
  }
  const declared = new Set(fleet.tenants.map(({ inputs }) => inputs.tenantId));
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

async function assessCustomers(
  customers: readonly DeclaredCustomer[],
  { livePlatform, unmanaged, isIncluded, signal }: AssessmentOptions,
  advance: () => void,
): Promise<Assessment> {
  if (customers.length === 0 && (livePlatform === undefined || unmanaged === "none")) {
    return NOTHING;
  }
  const platform = connected(livePlatform);
  const { api, settings } = platform;
  const list = listCustomers(platform, signal);
  const listed = list.then(({ rows }) => new Map(rows.map((one) => [one.guid, one])));
  // Whoever needs the list hears of its failure.
  listed.catch(() => undefined);
  const observe = async (inputs: DeclaredCustomer["inputs"]): Promise<Observation> => {
    const { customerGuid, applicationClientId } = inputs;
    const entry = applicationClientId === undefined ? (await listed).get(customerGuid) : undefined;
    const observation: Observation =
      entry === undefined
        ? await observeCustomer(api, customerGuid, settings, signal)
        : { found: true, customer: entry.customer };
    return observation.found
      ? { found: true, customer: await withLicensesInUse(api, customerGuid, observation.customer, inputs, signal) }
      : observation;
  };
  const assessed = await Promise.all(
    customers.map((customer) =>
      attempt({ kind: "customer", id: customer.inputs.customerGuid, name: customer.name }, advance, async () => ({
        objects: [assessCustomer(customer, await observe(customer.inputs), platform)],
      })),
    ),
  );
  const { objects, errors } = joined(assessed);
  if (unmanaged === "none") {
    return { ...NOTHING, objects, errors };
  }
  const declared = new Set(customers.map(({ inputs }) => inputs.customerGuid));
  const others = await attempt(
    { kind: "customer", name: "(the list of customers)" },
    () => undefined,
    async () => {
      const { gap } = await list;
      if (gap !== undefined) {
        throw gap;
      }
      const unmanaged = unmanagedCustomers([...(await listed).values()], declared);
      return { unmanaged: unmanaged.filter(({ id }) => isIncluded(id)) };
    },
  );
  // Customers that needed the list have reported its failure already.
  const reported = new Set(errors.map(({ message }) => message));
  return {
    ...NOTHING,
    objects,
    unmanaged: others.unmanaged,
    errors: [...errors, ...others.errors.filter(({ message }) => !reported.has(message))],
  };
}

function lookAtTenant(
  tenant: DeclaredTenant,
  { tenantGateway, signal }: AssessmentOptions,
  directory: TenantDirectory,
  advance: () => void,
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

function lookAtStranger(
  tenant: ListedTenant,
  { tenantGateway, signal }: AssessmentOptions,
  advance: () => void,
): Promise<Assessment> {
  return attempt({ kind: "tenant", id: tenant.tenantId, name: tenant.tenantId }, advance, async () => {
    const licenses = await readLicenses(connected(tenantGateway), tenant.tenantId, signal);
    return { unmanaged: unmanagedTenant(tenant, toObserved(licenses)) };
  });
}

function connected<T>(system: T | undefined): T {
  if (system === undefined) {
    throw new Error("Something is to be looked at in a system that was not connected.");
  }
  return system;
}

async function attempt(
  object: Omit<AssessmentError, "message">,
  advance: () => void,
  look: () => Promise<Partial<Assessment>>,
): Promise<Assessment> {
  try {
    return { ...NOTHING, ...(await look()) };
  } catch (error) {
    return { ...NOTHING, errors: [{ ...object, message: messageOf(error) }] };
  } finally {
    advance();
  }
}

function joined(parts: readonly Assessment[]): Assessment {
  return {
    objects: parts.flatMap(({ objects }) => objects),
    unmanaged: parts.flatMap(({ unmanaged }) => unmanaged),
    errors: parts.flatMap(({ errors }) => errors),
    ignored: parts.flatMap(({ ignored }) => ignored),
    notes: parts.flatMap(({ notes }) => notes),
  };
}
