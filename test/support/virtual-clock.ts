import { type Clock, throwIfAborted } from "../../provider/time/clock";

type Event = () => unknown;

/** A clock whose sleeps take no time: they move it on at once, are recorded, and let happen what was set for that time. */
export class VirtualClock implements Clock {
  /** Each sleep, in milliseconds, in the order in which they began. */
  public readonly pauses: number[] = [];
  /** What `random` gives. */
  public chance = 0;
  private time: number;
  private events: { readonly at: number; readonly happen: Event }[] = [];

  public constructor(start = Date.parse("2026-03-01T12:00:00Z")) {
    this.time = start;
  }

  /** Can be handed over by itself, to a simulator that is to live in the same time. */
  public readonly now = (): number => this.time;

  public random(): number {
    return this.chance;
  }

  /** Moves on without a sleep: time in which the code under test was not asked anything. */
  public advance(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Lets something happen while others sleep, when the clock has moved on by this much. */
  public in(milliseconds: number, happen: Event): void {
    this.events.push({ at: this.time + milliseconds, happen });
    this.events.sort((a, b) => a.at - b.at);
  }

  public async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.pauses.push(milliseconds);
    const end = this.time + milliseconds;
    for (let next = this.events[0]; next !== undefined && next.at <= end; next = this.events[0]) {
      this.events.shift();
      this.time = Math.max(this.time, next.at);
      await next.happen();
      throwIfAborted(signal);
    }
    this.time = Math.max(this.time, end);
  }
}
