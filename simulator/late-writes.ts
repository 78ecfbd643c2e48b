interface Earlier<Value> {
  readonly value: Value;
  readonly shownUntil: number;
}

/** What reads go on showing of an object after a write that the system accepted and has not made visible yet. */
export class LateWrites<Value> {
  readonly #now: () => number;
  readonly #earlier = new Map<string, Earlier<Value>[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes what an object held just before a write: a value of its own, which nobody changes afterwards. */
  note(key: string, value: Value, shownUntil: number): void {
    if (shownUntil > this.#now()) {
      this.#earlier.set(key, [...this.#pending(key), { value, shownUntil }]);
    }
  }

  /** What a read shows: the value before the first write that is not visible yet. */
  shown(key: string, current: Value): Value {
    const [first] = this.#pending(key);
    return first === undefined ? current : first.value;
  }

  #pending(key: string): readonly Earlier<Value>[] {
    return (this.#earlier.get(key) ?? []).filter(({ shownUntil }) => shownUntil > this.#now());
  }
}
