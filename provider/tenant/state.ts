import type * as z from "zod";
import { isPlainObject } from "../text/plain-object";
import { type Properties, withoutUndefined } from "../resource/properties";
import { compareCodePoints } from "../text/code-points";
import type { UnseenWrite } from "../resource/unseen-write";
import { type Lenient, readLeniently } from "../resource/fields";
import { type Allocation, byKind, type ServiceAllocations } from "./allocation";
import { readAllocations, tenantSettingsForm } from "./fields";

/** What state remembers of a tenant. */
export type TenantState = Lenient<Omit<z.output<typeof tenantSettingsForm>, "tenantId">> & {
  readonly tenantId: string;
  /** The managed services as they are. */
  readonly services: ServiceAllocations;
  /** What each managed service held before Pulumi first managed it. */
  readonly original: ServiceAllocations;
  /** A PUT was sent, and what became of it is not known. */
  readonly unseen?: UnseenUpdate | undefined;
};

/** What a PUT sent that has not been seen; `undefined` where an older version did not keep it. */
export interface UnseenUpdate extends UnseenWrite {
  readonly services: ServiceAllocations | undefined;
}

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
    unseen: properties["unverified"] === true ? readUnseen(properties["sent"]) : undefined,
  };
}

function readUnseen(sent: unknown): UnseenUpdate {
  const { version, at, ...services } = isPlainObject(sent) ? sent : {};
  return version === SENT_VERSION && typeof at === "string"
    ? { at, services: byKind((kind) => readAllocations(services[kind])) }
    : { at: undefined, services: undefined };
}

/** State as outputs; empty maps are left out. */
export function writeTenantState(tenant: TenantState): Properties {
  return withoutUndefined({
    ...inputsOf(tenant),
    original: toMaps(tenant.original),
    ...(tenant.unseen === undefined ? {} : { unverified: true, sent: writeUnseen(tenant.unseen) }),
  });
}

/** The inputs that state stands for: what a program would declare to have just this. */
export function inputsOf(tenant: TenantState): Properties {
  const { services, ...rest } = tenant;
  return withoutUndefined({ ...rest, original: undefined, unseen: undefined, ...toMaps(services) });
}

/** The version of the output `sent`. */
const SENT_VERSION = 1;

function writeUnseen({ at, services }: UnseenUpdate): Properties | undefined {
  return services === undefined ? undefined : { version: SENT_VERSION, at, ...toMaps(services) };
}

function toMaps(services: ServiceAllocations): Properties {
  const maps = byKind((kind): Record<string, Allocation> | undefined =>
    services[kind].size === 0
      ? undefined
      : Object.fromEntries([...services[kind]].sort(([a], [b]) => compareCodePoints(a, b))),
  );
  return withoutUndefined(maps);
}
