import type { Clock } from "../../time/clock";
import { throwIfAborted } from "../../time/clock";
import { LONGEST_RETRY_AFTER_MS } from "./retry-policy";

/** What one host is asked to bear. */
export interface HostLimits {
  /** The most requests in flight at a time. */
  readonly maxConcurrency: number;
  /** The most requests started in a second; none where it is absent. */
  readonly requestsPerSecond?: number | undefined;
}

/** The host asked to be left alone for longer than anyone waits. */
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
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Lets requests to one host through: so many at a time, so many a second, and none while the host asked to be left alone. Who came
 * first goes first, also when a request is sent again: so nobody starves.
 */
export class HostGate {
  /** In the order of their places. */
  private readonly queue: Waiting[] = [];
  private places = 0;
  private inFlight = 0;
  /** How many may be in flight now: after a hold one at first, so that the host is not asked for a crowd of which it takes few. */
  private atOnce: number;
  private nextStart = 0;
  private heldUntil = 0;
  private pumping = false;
  /** Whether nobody waited when the last one was admitted. */
  private isIdle = true;
  private nobodyWaits = new AbortController();

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
   * @throws {HeldTooLong} where that is further off than {@link LONGEST_RETRY_AFTER_MS}.
   */
  public async run<T>(work: () => Promise<T>, signal?: AbortSignal, place = this.takePlace()): Promise<T> {
    await this.admission(place, signal);
    try {
      // It may have been cancelled in the moment in which it was admitted.
      throwIfAborted(signal);
      return await work();
    } finally {
      this.inFlight -= 1;
      if (this.clock.elapsed() >= this.heldUntil) {
        this.atOnce = Math.min(this.atOnce + 1, this.limits.maxConcurrency);
      }
      void this.pump();
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
    throwIfAborted(signal);
    let stopListening = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const waiting: Waiting = { place, admit: resolve, refuse: reject };
        const next = this.queue.findIndex((other) => other.place > place);
        this.queue.splice(next === -1 ? this.queue.length : next, 0, waiting);
        const onAbort = (): void => {
          this.leave(waiting);
          reject(new Error("No longer waiting."));
        };
        stopListening = () => signal?.removeEventListener("abort", onAbort);
        signal?.addEventListener("abort", onAbort, { once: true });
        void this.pump();
      });
    } catch (error) {
      // The reason for which the call was cancelled is what its caller is to hear.
      throwIfAborted(signal);
      throw error;
    } finally {
      stopListening();
    }
  }

  /** Takes one who has given up out of the queue, where it is not through or refused already. */
  private leave(waiting: Waiting): void {
    const at = this.queue.indexOf(waiting);
    if (at === -1) {
      return;
    }
    this.queue.splice(at, 1);
    if (this.queue.length === 0) {
      this.nobodyWaits.abort();
      this.nobodyWaits = new AbortController();
    }
  }

  /** Admits who may go, and sleeps until the next one may. */
  private async pump(): Promise<void> {
    if (this.pumping) {
      return;
    }
    this.pumping = true;
    if (this.isIdle) {
      // What was not used while nobody waited is gone.
      this.nextStart = Math.max(this.nextStart, this.clock.elapsed());
    }
    while (this.queue.length > 0 && this.inFlight < this.atOnce) {
      const now = this.clock.elapsed();
      const pause = Math.max(this.heldUntil, this.nextStart) - now;
      if (this.heldUntil - now > LONGEST_RETRY_AFTER_MS) {
        const error = new HeldTooLong(this.heldUntil - now);
        for (const waiting of this.queue.splice(0)) {
          waiting.refuse(error);
        }
      } else if (pause > 0) {
        // Woken early where everyone has gone; a hold may come, or be extended, meanwhile.
        await this.clock.sleep(pause, this.nobodyWaits.signal).catch(() => undefined);
      } else {
        this.inFlight += 1;
        this.nextStart = this.startAfter(now);
        this.queue.shift()?.admit();
      }
    }
    this.isIdle = this.queue.length === 0;
    this.pumping = false;
  }

  /** When the next request may start, at the earliest, if one starts now. */
  private startAfter(now: number): number {
    const { requestsPerSecond } = this.limits;
    if (requestsPerSecond === undefined) {
      return now;
    }
    // What late timers lose is made up for, up to a twentieth of the rate: no second sees more than a tenth above it, and the way to
    // the host, which takes some requests longer than others, needs its part of that.
    const interval = 1000 / requestsPerSecond;
    const lateness = Math.floor(requestsPerSecond / 20) * interval;
    return Math.max(this.nextStart, now - lateness) + interval;
  }
}
