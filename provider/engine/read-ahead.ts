/** The most objects that are read before their turn. */
const WIDEST = 64;

/**
 * Tells which objects preview reads before their turn. The engine checks one resource after another, so that a look at each new one
 * would be waited for one by one. The program says which objects are to come, but only the engine knows which of them are new: so, as
 * when a file is read ahead, the window doubles with each new resource, and closes at one that is in state already.
 */
export class ReadAhead {
  private readonly announced: string[] = [];
  private readonly places = new Map<string, number>();
  private window = 0;
  /** The place of the first object that was not given yet. */
  private next = 0;

  /** Notes objects to come, in the program's order. */
  public announce(ids: readonly string[]): void {
    for (const id of ids) {
      if (!this.places.has(id)) {
        this.places.set(id, this.announced.length);
        this.announced.push(id);
      }
    }
  }

  /** A new resource is looked at: gives the objects to read now, each once in a run. */
  public afterNew(id: string): readonly string[] {
    const place = this.places.get(id);
    if (place === undefined) {
      return [];
    }
    this.window = Math.min(Math.max(1, this.window * 2), WIDEST);
    const from = Math.max(this.next, place + 1);
    const given = this.announced.slice(from, Math.max(from, place + 1 + this.window));
    this.next = from + given.length;
    return given;
  }

  /** A resource is checked that is in state already, and needs no look in `check`. */
  public afterKnown(): void {
    this.window = 0;
  }
}
