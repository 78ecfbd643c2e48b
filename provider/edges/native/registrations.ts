import type { Clock } from "../../time/clock";

/** How long no resource may have been registered for the program to count as through, and the longest wait for that. */
const QUIET_MS = 500;
const LONGEST_WAIT_MS = 5000;

/**
 * When the engine has checked resources last. It updates one while it goes on checking others, so what a resource gives up may be
 * declared by one that comes a moment later.
 */
export class Registrations {
  private last = Number.NEGATIVE_INFINITY;

  public constructor(private readonly clock: Clock) {}

  /** Notes that the engine checks a resource now. */
  public note(): void {
    this.last = this.clock.now();
  }

  /** Waits until no resource has been checked for a moment. */
  public async settled(signal: AbortSignal): Promise<void> {
    const end = this.clock.now() + LONGEST_WAIT_MS;
    for (let rest = this.rest(); rest > 0 && this.clock.now() < end; rest = this.rest()) {
      await this.clock.sleep(rest, signal);
    }
  }

  private rest(): number {
    return this.last + QUIET_MS - this.clock.now();
  }
}
