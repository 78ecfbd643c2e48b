/** The most objects that are read before their turn: of hundreds that wait, the engine takes one as it likes. */
const WIDEST = 256;

/**
 * Tells which objects preview reads before their turn. The engine checks one resource after another, so that a look at each new one
 * would be waited for one by one. The program says which objects are to come, but only the engine knows which of them are new, and
 * it takes them in an order that is only roughly the program's. So, as when a file is read ahead, the window doubles with each new
 * resource, and closes at one that is in state already: no more are read in vain than were new in a row.
 */
export class ReadAhead {
  private readonly announced: string[] = [];
  private readonly places = new Map<string, number>();
  /** What was given, or had its turn. */
  private readonly done = new Set<string>();
  /** What was given and has not had its turn. */
  private readonly waiting = new Set<string>();
  private window = 0;
  /** How many announced ones were neither given nor had their turn. */
  private left = 0;

  /** Notes objects to come, in the program's order. */
  public announce(ids: readonly string[]): void {
    for (const id of ids) {
      if (!this.places.has(id)) {
        this.places.set(id, this.announced.length);
        this.announced.push(id);
        this.left += this.done.has(id) ? 0 : 1;
      }
    }
  }

  /** A new resource is looked at: gives the objects to read now, each once in a run, those that follow it first. */
  public afterNew(id: string): readonly string[] {
    this.take(id);
    this.window = Math.min(Math.max(1, this.window * 2), WIDEST);
    const place = this.places.get(id);
    return place === undefined ? [] : this.next(place + 1, this.window - this.waiting.size);
  }

  /** A resource is checked that is in state already, and needs no look in `check`. */
  public afterKnown(id: string): void {
    this.take(id);
    this.window = 0;
  }

  private take(id: string): void {
    this.waiting.delete(id);
    this.finish(id);
  }

  private finish(id: string): void {
    if (!this.done.has(id)) {
      this.done.add(id);
      this.left -= this.places.has(id) ? 1 : 0;
    }
  }

  private next(from: number, most: number): string[] {
    const given: string[] = [];
    const count = this.announced.length;
    for (let step = 0; step < count && given.length < most && this.left > 0; step += 1) {
      const id = this.announced[(from + step) % count];
      if (id !== undefined && !this.done.has(id)) {
        this.finish(id);
        this.waiting.add(id);
        given.push(id);
      }
    }
    return given;
  }
}
