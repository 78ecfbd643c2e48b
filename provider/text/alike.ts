/** Things that are alike, in their order. */
export interface Alike<T> {
  readonly first: T;
  readonly all: readonly T[];
}

/** Groups by what `keyOf` gives, in the order of the first of each group. */
export function alike<T>(things: readonly T[], keyOf: (thing: T) => string): Alike<T>[] {
  const groups = new Map<string, { first: T; all: T[] }>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { first: thing, all: [thing] });
    } else {
      group.all.push(thing);
    }
  }
  return [...groups.values()];
}
