/** What the resources of a run declare: which customer, which service of which tenant. Filled by `check`, gone with the process. */
export class Declarations {
  private readonly byOwner = new Map<string, ReadonlySet<string>>();
  private readonly owners = new Map<string, Set<string>>();

  /**
   * Notes what `owner` declares, in place of what it declared before, and gives what another owner has declared too.
   * @returns each declaration that is another's as well, with that other owner.
   */
  public declare(owner: string, declarations: readonly string[]): Map<string, string> {
    for (const old of this.byOwner.get(owner) ?? []) {
      this.owners.get(old)?.delete(owner);
    }
    this.byOwner.set(owner, new Set(declarations));
    const clashes = new Map<string, string>();
    for (const declaration of declarations) {
      const owners = this.owners.get(declaration) ?? new Set<string>();
      this.owners.set(declaration, owners);
      const [other] = owners;
      if (other !== undefined) {
        clashes.set(declaration, other);
      }
      owners.add(owner);
    }
    return clashes;
  }

  /** Whether anything in this run declares it. */
  public has(declaration: string): boolean {
    return (this.owners.get(declaration)?.size ?? 0) > 0;
  }
}
