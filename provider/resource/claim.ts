/**
 * What a resource declares to own: a customer, or one service of a tenant. `null` stands for a part that is not known yet, such as the
 * output of another resource.
 */
export type Claim = readonly [kind: string, id: string | null, part?: string | null];

/** A claim for people, and as a key: `customer d5…`, `tenant foo: groupServices.Hunt Group`. */
export function claimText([kind, id, part]: Claim): string {
  const object = `${kind} ${id ?? "?"}`;
  return part === undefined ? object : `${object}: ${part ?? "?"}`;
}

/** Whether every part of a claim is known. */
export function isKnownClaim([, id, part]: Claim): boolean {
  return id !== null && part !== null;
}

/** Whether two claims may be about the same thing, as far as they are known. */
export function mayOverlap(one: Claim, two: Claim): boolean {
  return one.every((part, index) => {
    const other = two[index];
    return part === null || other === null || part === other;
  });
}
