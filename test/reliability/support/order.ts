import assert from "node:assert/strict";
import fc from "fast-check";
import { type Clock, throwIfAborted, unlessAborted } from "../../../provider/time/clock";

/** Turns of the event loop in which nothing new comes, after which all who work over real connections count as waiting. */
const QUIET_TURNS = 6;
/** After so many, nothing will come any more. */
const MOST_TURNS = 200_000;

/** The order, drawn by fast-check, in which the steps of a case happen that wait for something outside. */
export class Order {
  public constructor(
    private readonly scheduler: fc.Scheduler,
    /** How many steps happen in one turn of the event loop, before anybody reacts to the first of them. */
    private readonly bursts: fc.Stream<number>,
  ) {}

  /** Resolves when the order lets this step happen. */
  public async step(label: string): Promise<void> {
    await this.scheduler.schedule(Promise.resolve(), label);
  }

  /** Lets steps happen until `work` is done; fails where it is not and nobody waits for a step any more. */
  public async until<T>(work: Promise<T>): Promise<T> {
    return this.lead(work, async () => {
      await turn();
      return this.scheduler.count() > 0;
    });
  }

  /** As `until`, for work over real connections: what was sent takes some turns of the event loop until it has come. */
  public async untilOverConnections<T>(work: Promise<T>): Promise<T> {
    return this.lead(work, async (isDone) => {
      let known = this.scheduler.count();
      for (let turns = 0, quiet = 0; !isDone() && turns < MOST_TURNS; turns += 1) {
        await turn();
        const count = this.scheduler.count();
        quiet = count === known ? quiet + 1 : 0;
        known = count;
        if (count > 0 && quiet >= QUIET_TURNS) {
          return true;
        }
      }
      return false;
    });
  }

  /** The steps that happened, in their order, and in brackets those that did not. */
  public toString(): string {
    const steps = this.scheduler.report().map(({ label, status }) => (status === "pending" ? `(${label})` : label));
    return `\n  ${steps.join("\n  ")}\n`;
  }

  private async lead<T>(work: Promise<T>, someWait: (isDone: () => boolean) => Promise<boolean>): Promise<T> {
    const progress = { isDone: false };
    const settle = (): void => {
      progress.isDone = true;
    };
    work.then(settle, settle);
    for (;;) {
      const wait = await someWait(() => progress.isDone);
      if (progress.isDone) {
        return work;
      }
      assert.ok(wait, "somebody waits for something that never comes");
      const burst = Math.min(Number(this.bursts.next().value), this.scheduler.count());
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- `waitNext` lets others react between two steps
      await Promise.all(Array.from({ length: burst }, () => this.scheduler.waitOne()));
    }
  }
}

/** Any order; most steps happen alone. */
export const anyOrder: fc.Arbitrary<Order> = fc
  .tuple(fc.scheduler(), fc.infiniteStream(fc.constantFrom(1, 1, 1, 2, 3), { noHistory: true }))
  .map(([scheduler, bursts]) => new Order(scheduler, bursts));

/** A clock whose sleepers wake in the order that was drawn, and not by the length of their sleep: timers may be late. */
export class OrderedClock implements Clock {
  private time = 0;

  public constructor(private readonly order: Order) {}

  public readonly now = (): number => this.time;
  public readonly elapsed = (): number => this.time;

  public random(): number {
    return 0.5;
  }

  public async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const end = this.time + milliseconds;
    await unlessAborted(this.order.step(`${milliseconds} ms are over`), signal);
    this.time = Math.max(this.time, end);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
