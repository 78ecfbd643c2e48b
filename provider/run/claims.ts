/** What the resources of a run claim: which customer, which service of which tenant. Filled by `check`, gone with the process. */
export class Claims {
  private readonly byOwner = new Map<string, ReadonlySet<string>>();
  private readonly owners = new Map<string, Set<string>>();

  /**
   * Notes what `owner` claims, in place of its earlier claims, and returns the claims that another owner has made too.
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

  /** Whether anything in this run claims it. */
  public has(claim: string): boolean {
    return (this.owners.get(claim)?.size ?? 0) > 0;
  }
}
