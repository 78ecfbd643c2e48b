import { nameOf } from "./urn";

/** What the resources of a run claim: which customer, which service of which tenant. Gone with the process. */
export class Claims {
  private readonly byOwner = new Map<string, ReadonlySet<string>>();
  private readonly owners = new Map<string, Set<string>>();
  private readonly announced = new Set<string>();

  /**
   * Notes what `owner` claims, in place of its earlier claims, and returns the claims that another owner has made too.
   * @param owner The resource's URN, or what stands for it.
   * @returns each such claim, with its other owner.
   */
  public claim(owner: string, claims: readonly string[]): Map<string, string> {
    for (const old of this.byOwner.get(owner) ?? []) {
      this.owners.get(old)?.delete(owner);
    }
    this.byOwner.set(owner, new Set(claims));
    const clashes = new Map<string, string>();
    for (const claim of claims) {
      const owners = this.owners.get(claim) ?? new Set<string>();
      this.owners.set(claim, owners);
      const [other] = owners;
      if (other !== undefined) {
        clashes.set(claim, other);
      }
      owners.add(owner);
    }
    return clashes;
  }

  /** Notes what the program claims somewhere, before the engine has checked the resource that claims it. */
  public announce(claims: readonly string[]): void {
    for (const claim of claims) {
      this.announced.add(claim);
    }
  }

  /** Whether anything in this run claims it. */
  public has(claim: string): boolean {
    return this.announced.has(claim) || (this.owners.get(claim)?.size ?? 0) > 0;
  }
}

/**
 * Why a resource is refused that claims what others claim too.
 * @param own The resource's own URN.
 * @param clashes Each claim, with the URN of its other owner.
 */
export function clashReason(own: string, clashes: ReadonlyMap<string, string>): string {
  const lines = [...clashes].map(([claim, other]) => {
    // Resources under different parents may share a name.
    const name = nameOf(other) === nameOf(own) ? other : nameOf(other);
    return `${claim} is declared by ${name} too`;
  });
  return `${lines.join("; ")}: keep one of the two.`;
}
