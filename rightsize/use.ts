import type { ServiceKind } from "../provider/apis/service-kinds";

/** Licences in use, by {@link customerKey} and {@link serviceKey}; what is not in it is not known. */
export type UseByKey = ReadonlyMap<string, number>;

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
    [...now].map(([key, inUse]) => [key, Math.max(inUse, ...earlier.map((look) => look.get(key) ?? 0))] as const),
  );
}
