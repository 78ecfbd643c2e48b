import type * as z from "zod";
import { isPlainObject } from "../../plain-object";
import { type Properties, withoutUndefined } from "../../run/properties";
import { compareCodePoints } from "../../text/code-points";
import { type Lenient, readLeniently } from "../fields";
import { type Allocation, byKind, type ServiceAllocations } from "./allocation";
import { tenantSettingsForm } from "./fields";
import { readAllocations } from "./services";

/** What state remembers of a tenant. */
export type TenantState = Lenient<Omit<z.output<typeof tenantSettingsForm>, "tenantId">> & {
  readonly tenantId: string;
  /** The managed services as they are. */
  readonly services: ServiceAllocations;
  /** What each managed service held before Pulumi first managed it. */
  readonly original: ServiceAllocations;
  /** A PUT was sent, and what became of it is not known: only an observation clears this. */
  readonly unverified?: true | undefined;
};

/**
 * State as any version wrote it, typed. What cannot be read is left out.
 * @throws where it does not tell which tenant it is about.
 */
export function readTenantState(properties: Properties): TenantState {
  const { tenantId, ...settings } = readLeniently(tenantSettingsForm.partial(), properties);
  if (tenantId === undefined) {
    throw new Error("The state of this tenant cannot be read: it names no tenantId.");
  }
  const original = isPlainObject(properties["original"]) ? properties["original"] : {};
  return {
    ...settings,
    tenantId,
    services: byKind((kind) => readAllocations(properties[kind])),
    original: byKind((kind) => readAllocations(original[kind])),
    unverified: properties["unverified"] === true ? true : undefined,
  };
}

/** State as outputs; empty maps are left out. */
export function writeTenantState(tenant: TenantState): Properties {
  return withoutUndefined({
    ...inputsOf(tenant),
    original: toMaps(tenant.original),
    unverified: tenant.unverified,
  });
}

/** The inputs that state stands for: what a program would declare to have just this. */
export function inputsOf(tenant: TenantState): Properties {
  const { services, ...rest } = tenant;
  return withoutUndefined({ ...rest, original: undefined, unverified: undefined, ...toMaps(services) });
}

function toMaps(services: ServiceAllocations): Properties {
  const maps = byKind((kind): Record<string, Allocation> | undefined =>
    services[kind].size === 0
      ? undefined
      : Object.fromEntries([...services[kind]].sort(([a], [b]) => compareCodePoints(a, b))),
  );
  return withoutUndefined(maps);
}
