/** What refresh or preview has read in this run, by object, so that preview reads none twice. Never used for a write. */
export class Seen<T> {
  private readonly readings = new Map<string, Promise<T>>();

  /** Notes a reading under way, and returns it. */
  public note(id: string, reading: Promise<T>): Promise<T> {
    this.readings.set(id, reading);
    return reading;
  }

  /** What was read of an object, where that suffices; otherwise reads it. */
  public look(id: string, read: () => Promise<T>, suffices: (seen: T) => boolean = () => true): Promise<T> {
    const earlier = this.readings.get(id);
    return this.note(id, earlier === undefined ? read() : earlier.then((seen) => (suffices(seen) ? seen : read())));
  }
}
