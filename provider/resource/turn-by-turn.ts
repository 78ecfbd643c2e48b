/** Lets work on the same object follow one another, and work on different objects run side by side. */
export class TurnByTurn {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs `work` after all work on `key` that was given before, however that ended. */
  public take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.last.set(key, turn);
    const forget = (): void => {
      if (this.last.get(key) === turn) {
        this.last.delete(key);
      }
    };
    turn.then(forget, forget);
    return turn;
  }
}
