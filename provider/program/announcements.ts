/** What a program says of a resource before the engine hears of it, as far as it says so with plain values. */
export interface Announcement {
  /** What it claims, in the words of `LicenseResource.claims`. */
  readonly claims: readonly string[];
  /** The id of its object, where the preview of a new one reads that object separately. */
  readonly readAhead: string | undefined;
}

/** What the resources of one run of a program announce. */
export class Announcements {
  private readonly claimers = new Map<string, Map<number, readonly string[]>>();
  private readonly toReadAhead = new Map<string, string[]>();
  private count = 0;

  /**
   * Notes what a resource claims.
   * @returns its number in the program.
   */
  public claim(claims: readonly string[]): number {
    this.count += 1;
    for (const object of objectsOf(claims)) {
      const claimers = this.claimers.get(object) ?? new Map<number, readonly string[]>();
      this.claimers.set(object, claimers.set(this.count, claims));
    }
    return this.count;
  }

  /** What other resources than this one claim of the objects that it is about. */
  public claimedElsewhere(number: number, claims: readonly string[]): string[] {
    return objectsOf(claims).flatMap((object) =>
      [...(this.claimers.get(object) ?? [])].flatMap(([other, theirs]) => (other === number ? [] : theirs)),
    );
  }

  /** Notes that preview may read this object, of this type, before its turn. */
  public readAhead(type: string, id: string): void {
    const ids = this.toReadAhead.get(type) ?? [];
    ids.push(id);
    this.toReadAhead.set(type, ids);
  }

  /** Gives all objects of a type that may be read before their turn, each once in a program. */
  public takeReadAhead(type: string): readonly string[] {
    const ids = this.toReadAhead.get(type) ?? [];
    this.toReadAhead.delete(type);
    return ids;
  }
}

/** Each `tenant foo` of `tenant foo: groupServices.Hunt Group`. */
function objectsOf(claims: readonly string[]): string[] {
  return [...new Set(claims.map((claim) => claim.split(": ", 1)[0] ?? claim))];
}
