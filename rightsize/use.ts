import type { ServiceKind } from "../provider/apis/service-kinds";
import { mostInUse, type ServiceUse } from "../provider/resources/tenant-service-licenses/allocation";

/** Licences in use, by {@link customerKey} and {@link serviceKey}; what is not in it is not known. Packs hand out none of a customer's. */
export type UseByKey = ReadonlyMap<string, ServiceUse>;

const NOT_IN_USE: ServiceUse = { inUse: 0, inPacks: 0 };

/** @param guid in lower case */
export function customerKey(guid: string): string {
  return JSON.stringify([guid]);
}

export function serviceKey(tenantId: string, kind: ServiceKind, service: string): string {
  return JSON.stringify([tenantId, kind, service]);
}

/** The highest use of each, of several looks; what only an earlier look knows is not in use any more, or not there. */
export function highestUse(now: UseByKey, earlier: readonly UseByKey[]): UseByKey {
  return new Map(
    [...now].map(([key, use]) => [key, earlier.reduce((most, look) => higher(most, look.get(key)), use)] as const),
  );
}

/** The one of two looks by which more is suggested. */
export function higher(one: ServiceUse, other: ServiceUse = NOT_IN_USE): ServiceUse {
  return mostInUse(other) > mostInUse(one) ? other : one;
}
