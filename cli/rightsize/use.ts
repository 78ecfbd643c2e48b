import { mostInUse, type ServiceRef, type ServiceUse } from "../../provider/tenant/allocation";

/** Licences in use, by {@link useKey}; what is not in it is not known. */
export type UseByKey = ReadonlyMap<string, ServiceUse>;

/** The same as a list. */
export type KeyedUse = readonly (readonly [key: string, use: ServiceUse])[];

const NOT_IN_USE: ServiceUse = { inUse: 0, inPacks: 0 };

/** The key of an object's own use, or of that of one of its services. */
export function useKey(id: string, ...service: readonly [] | ServiceRef): string {
  return JSON.stringify([id, ...service]);
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
