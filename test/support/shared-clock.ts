import { type Clock, throwIfAborted } from "../../provider/time/clock";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/**
 * A clock for many at once: time stands still as long as anybody has something to do, and then jumps to the next moment at which
 * somebody wants to be woken. Sleepers of the same moment wake in the order in which they fell asleep.
 */
export class SharedClock implements Clock {
  private sleepers: Sleeper[] = [];

  public constructor(private time = Date.parse("2026-03-01T12:00:00Z")) {}

  public readonly now = (): number => this.time;
  public readonly elapsed = (): number => this.time;

  /** How many sleep. */
  public get asleep(): number {
    return this.sleepers.length;
  }

  public random(): number {
    return 0;
  }

  public async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    await new Promise<void>((resolve) => {
      const onAbort = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      const wake = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const sleeper: Sleeper = { until: this.time + Math.max(0, milliseconds), wake };
      this.sleepers.push(sleeper);
      signal?.addEventListener("abort", onAbort);
    });
    throwIfAborted(signal);
  }

  /** Lets time pass until `work` is done; fails where nobody is left who could bring it on. */
  public async passUntil<T>(work: Promise<T>): Promise<T> {
    const progress = { settled: false };
    const settle = (): void => {
      progress.settled = true;
    };
    work.then(settle, settle);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (progress.settled) {
        return work;
      }
      const next = this.sleepers.reduce<Sleeper | undefined>(
        (first, sleeper) => (first === undefined || sleeper.until < first.until ? sleeper : first),
        undefined,
      );
      if (next === undefined) {
        throw new Error("Nobody sleeps, and the work is not done: it waits for something that never comes.");
      }
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
      this.time = Math.max(this.time, next.until);
      next.wake();
    }
  }
}
