import { type Clock, throwIfAborted, unlessAborted } from "../../time/clock";
import { LONGEST_RETRY_AFTER_MS } from "./retry-policy";

/** What one host is asked to bear. */
export interface HostLimits {
  /** The most requests in flight at a time. */
  readonly maxConcurrency: number;
  /** The most requests started in a second; no limit where it is absent. */
  readonly requestsPerSecond?: number | undefined;
}

/** The host asked to be left alone for longer than {@link LONGEST_RETRY_AFTER_MS}. */
export class HeldTooLong extends Error {
  public override readonly name = "HeldTooLong";

  public constructor(
    /** How much longer, in milliseconds. */
    public readonly leftMs: number,
  ) {
    super("The host asked to be left alone.");
  }
}

interface Waiting {
  readonly place: number;
  wake: () => void;
}

/** Limits concurrency and rate per host, and honours `Retry-After`. First come, first served, retries included. */
export class HostGate {
  /** In the order of their places; only the first may sleep until it can start, the others wait to be woken. */
  private readonly queue: Waiting[] = [];
  private places = 0;
  private inFlight = 0;
  /** How many may be in flight now: after a hold one at first, so that the host is not sent a crowd of which it takes few. */
  private atOnce: number;
  private nextStart = 0;
  private heldUntil = 0;

  public constructor(
    private readonly limits: HostLimits,
    private readonly clock: Clock,
  ) {
    this.atOnce = limits.maxConcurrency;
  }

  /** A place in the queue, for a request that may have to come more than once. */
  public takePlace(): number {
    this.places += 1;
    return this.places;
  }

  /**
   * Runs `work` as soon as the host may be called.
   * @throws {HeldTooLong}
   */
  public async run<T>(work: () => Promise<T>, signal?: AbortSignal, place = this.takePlace()): Promise<T> {
    await this.admission(place, signal);
    try {
      // It may have been cancelled in the moment in which its turn came.
      throwIfAborted(signal);
      return await work();
    } finally {
      this.inFlight -= 1;
      if (this.clock.elapsed() >= this.heldUntil) {
        this.atOnce = Math.min(this.atOnce + 1, this.limits.maxConcurrency);
      }
      this.queue[0]?.wake();
    }
  }

  /** Holds back every call to this host for so long, in milliseconds. */
  public hold(forMs: number): void {
    const until = this.clock.elapsed() + forMs;
    if (forMs > 0 && until > this.heldUntil) {
      this.heldUntil = until;
      this.atOnce = 1;
    }
  }

  private async admission(place: number, signal: AbortSignal | undefined): Promise<void> {
    const waiting = this.enqueue(place);
    try {
      for (;;) {
        throwIfAborted(signal);
        const now = this.clock.elapsed();
        const pause = Math.max(this.heldUntil, this.nextStart) - now;
        if (this.queue[0] !== waiting || this.inFlight >= this.atOnce) {
          const woken = new Promise<void>((resolve) => {
            waiting.wake = resolve;
          });
          await unlessAborted(woken, signal);
        } else if (this.heldUntil - now > LONGEST_RETRY_AFTER_MS) {
          throw new HeldTooLong(this.heldUntil - now);
        } else if (pause > 0) {
          await this.clock.sleep(pause, signal);
        } else {
          this.inFlight += 1;
          this.nextStart = this.startAfter(now);
          return;
        }
      }
    } finally {
      this.queue.splice(this.queue.indexOf(waiting), 1);
      this.queue[0]?.wake();
    }
  }

  private enqueue(place: number): Waiting {
    if (this.queue.length === 0) {
      // An unused rate is not saved up.
      this.nextStart = Math.max(this.nextStart, this.clock.elapsed());
    }
    const waiting: Waiting = { place, wake: () => undefined };
    const next = this.queue.findIndex((other) => other.place > place);
    this.queue.splice(next === -1 ? this.queue.length : next, 0, waiting);
    return waiting;
  }

  /** When the next request may start, at the earliest, if one starts now. */
  private startAfter(now: number): number {
    const { requestsPerSecond } = this.limits;
    if (requestsPerSecond === undefined) {
      return now;
    }
    // Late timers are made up for by up to a twentieth of the rate: no second may exceed the rate by more than a tenth, and varying
    // latencies on the way to the host use up the rest of that.
    const interval = 1000 / requestsPerSecond;
    const lateness = Math.floor(requestsPerSecond / 20) * interval;
    return Math.max(this.nextStart, now - lateness) + interval;
  }
}
