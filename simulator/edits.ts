import { z } from "zod";

import { mergeService, serviceSchema, tenantDetails, tenantSchema, type TenantSeed } from "./gateway/seed";
import { SERVICE_KINDS, type Tenant } from "./gateway/state";
import { issueTexts } from "./issues";
import type { Customer } from "./live-platform/seed";
import { parseSettingsChange } from "./settings";
import type { Simulation } from "./simulation";

/** An edit behind the back of the APIs that cannot be made; `status` is the admin route's. */
export class EditError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "EditError";
    this.status = status;
  }
}

/** The value, or an {@link EditError} that says what is wrong. */
export function valid<Output>(result: z.ZodSafeParseResult<Output>): Output {
  if (!result.success) {
    throw new EditError(400, issueTexts(result.error).join("; "));
  }
  return result.data;
}

const objectSchema = z.record(z.string(), z.unknown());
const servicesSchema = objectSchema.optional();
const tenantEditSchema = z.strictObject({
  ...z.strictObject(tenantDetails).partial().shape,
  groupServices: servicesSchema,
  userServices: servicesSchema,
  servicePacks: tenantSchema.shape.servicePacks.optional(),
});

/** Changes of what both systems hold and how they behave; null removes a customer, a tenant or a service. */
export const editSchema = z.strictObject({
  customers: z.record(z.string(), objectSchema.nullable()).default({}),
  tenants: z.record(z.string(), objectSchema.nullable()).default({}),
  settings: objectSchema.default({}),
});

export type Edit = z.output<typeof editSchema>;

export function editCustomer({ livePlatform }: Simulation, guid: string, edit: unknown): Customer {
  const customer = livePlatform.customer(guid);
  if (customer === undefined) {
    throw new EditError(404, `There is no customer ${guid}.`);
  }
  return valid(livePlatform.editCustomer(customer, valid(objectSchema.safeParse(edit))));
}

export function removeCustomer({ livePlatform }: Simulation, guid: string): void {
  if (!livePlatform.removeCustomer(guid)) {
    throw new EditError(404, `There is no customer ${guid}.`);
  }
}

/** Changes a tenant; everything is checked before anything is changed. */
export function editTenant({ gateway }: Simulation, id: string, edit: unknown): Tenant {
  const tenant = gateway.tenant(id);
  if (tenant === undefined) {
    throw new EditError(404, `There is no tenant ${id}.`);
  }
  const given = valid(objectSchema.safeParse(edit));
  const { groupServices, userServices, servicePacks, ...details } = valid(tenantEditSchema.safeParse(given));
  const services = { groupServices, userServices };
  const changes = SERVICE_KINDS.flatMap((kind) =>
    Object.entries(services[kind] ?? {}).map(([name, change]) => {
      const merged = change === null ? null : serviceSchema.safeParse(mergeService(tenant[kind].get(name), change));
      if (merged?.success === false) {
        throw new EditError(400, `${kind}.${name}: ${issueTexts(merged.error).join("; ")}`);
      }
      return { kind, name, service: merged?.data };
    }),
  );
  for (const { kind, name, service } of changes) {
    if (service === undefined) {
      tenant[kind].delete(name);
    } else {
      tenant[kind].set(name, service);
    }
  }
  for (const [name, pack] of Object.entries(servicePacks ?? {})) {
    tenant.servicePacks.set(name, pack);
  }
  // The schema fills in defaults for what the edit does not name.
  Object.assign(tenant.details, Object.fromEntries(Object.entries(details).filter(([name]) => name in given)));
  return tenant;
}

export function removeTenant({ gateway }: Simulation, id: string): void {
  if (!gateway.removeTenant(id)) {
    throw new EditError(404, `There is no tenant ${id}.`);
  }
}

export function changeSettings({ settings }: Simulation, change: unknown): void {
  Object.assign(settings, valid(parseSettingsChange(change)));
}

/** Makes all changes of an edit. */
export function applyEdit(simulation: Simulation, { customers, tenants, settings }: Edit): void {
  for (const [guid, change] of Object.entries(customers)) {
    if (change === null) {
      removeCustomer(simulation, guid);
    } else {
      editCustomer(simulation, guid, change);
    }
  }
  for (const [id, change] of Object.entries(tenants)) {
    if (change === null) {
      removeTenant(simulation, id);
    } else {
      editTenant(simulation, id, change);
    }
  }
  changeSettings(simulation, settings);
}

/** A tenant in the form of a seed. */
export function tenantState(tenant: Tenant): TenantSeed {
  return {
    ...tenant.details,
    groupServices: Object.fromEntries(tenant.groupServices),
    userServices: Object.fromEntries(tenant.userServices),
    servicePacks: Object.fromEntries(tenant.servicePacks),
  };
}
