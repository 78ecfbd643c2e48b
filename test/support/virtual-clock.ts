import { type Clock, throwIfAborted } from "../../provider/time/clock";

type Event = () => unknown;

/** A clock whose sleeps take no time: they move it on at once, are recorded, and let happen what was set for that time. */
export class VirtualClock implements Clock {
  /** Each sleep, in milliseconds, in the order in which they began. */
  public readonly pauses: number[] = [];
  /** What `random` gives. */
  public chance = 0;
  /** What has passed since the start. */
  private time = 0;
  private events: { readonly at: number; readonly happen: Event }[] = [];

  /** How far this clock is set back. */
  private behind = 0;

  public constructor(private readonly start = Date.parse("2026-03-01T12:00:00Z")) {}

  /** Can be handed over by itself, to a simulator that is to live in the same time. */
  public readonly now = (): number => this.start + this.time - this.behind;

  /** As `now`, for a simulator on another machine, whose clock is not set back. */
  public readonly elsewhere = (): number => this.start + this.time;

  public elapsed(): number {
    return this.time;
  }

  public random(): number {
    return this.chance;
  }

  /** Moves on without a sleep: time in which the code under test was not asked anything. */
  public advance(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Sets the time that `now` gives back. */
  public setBack(milliseconds: number): void {
    this.behind += milliseconds;
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
