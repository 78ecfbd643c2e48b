import { compareCodePoints } from "../../text/code-points";
import { isPlainObject } from "../../plain-object";
import { z } from "zod";
import { type Properties, withoutUndefined } from "../../run/properties";
import { type Allocation, forEachKind, type ServiceAllocations } from "./allocation";
import { readAllocations, tenantFields, type TenantPolicies } from "./arguments";

/** What state remembers of a tenant. */
export interface TenantState extends TenantPolicies {
  readonly tenantId: string;
  /** The managed services as they are. */
  readonly services: ServiceAllocations;
  /** What each managed service held in the first run that reached state. */
  readonly original: ServiceAllocations;
}

const state = z.object({
  tenantId: z.string(),
  onServiceRemoved: tenantFields.onServiceRemoved.optional().catch(undefined),
  onDestroy: tenantFields.onDestroy.optional().catch(undefined),
  allowBelowUse: z.boolean().optional().catch(undefined),
  allowUnlisted: z.boolean().optional().catch(undefined),
});

/**
 * State as any version wrote it, typed. What cannot be read is left out.
 * @throws where it does not tell which tenant it is about.
 */
export function readTenantState(properties: Properties): TenantState {
  const parsed = state.safeParse(properties);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(
      `The state of this tenant cannot be read: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
    );
  }
  const original = isPlainObject(properties["original"]) ? properties["original"] : {};
  return {
    ...parsed.data,
    services: forEachKind((kind) => readAllocations(properties[kind])),
    original: forEachKind((kind) => readAllocations(original[kind])),
  };
}

/** State as outputs; empty maps are left out. */
export function writeTenantState(tenant: TenantState): Properties {
  return { ...inputsOf(tenant), original: toMaps(tenant.original) };
}

/** The inputs that state stands for: what a program would declare to have just this. */
export function inputsOf({
  tenantId,
  services,
  onServiceRemoved,
  onDestroy,
  allowBelowUse,
  allowUnlisted,
}: TenantState): Properties {
  return withoutUndefined({
    tenantId,
    ...toMaps(services),
    onServiceRemoved,
    onDestroy,
    allowBelowUse,
    allowUnlisted,
  });
}

function toMaps(services: ServiceAllocations): Properties {
  const maps = forEachKind((kind): Record<string, Allocation> | undefined =>
    services[kind].size === 0
      ? undefined
      : Object.fromEntries([...services[kind]].sort(([a], [b]) => compareCodePoints(a, b))),
  );
  return withoutUndefined(maps);
}
