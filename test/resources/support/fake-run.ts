import { Cancelled } from "../../../provider/run/failures";
import type { Reduction, Run } from "../../../provider/run/license-resource";
import type { Clock } from "../../../provider/time/clock";
import { throwIfAborted } from "../../../provider/time/clock";

/** A run that keeps what it is told. */
export class FakeRun implements Run {
  public readonly progressed: string[] = [];
  public readonly told: string[] = [];
  public readonly warned: string[] = [];
  /** What the program declares elsewhere. */
  public readonly declared = new Set<string>();
  /** How often leave to write was asked for. */
  public writes = 0;
  /** What each write was said to take away. */
  public readonly reductions: (readonly Reduction[])[] = [];
  private readonly controller = new AbortController();

  public constructor(public readonly clock: Clock) {}

  public get signal(): AbortSignal {
    return this.controller.signal;
  }

  public cancel(): void {
    this.controller.abort(new Cancelled());
  }

  public progress(text: string): void {
    this.progressed.push(text);
  }

  public tell(text: string): void {
    this.told.push(text);
  }

  public warn(text: string): void {
    this.warned.push(text);
  }

  public beforeWrite(reductions: readonly Reduction[]): Promise<void> {
    this.writes += 1;
    this.reductions.push(reductions);
    throwIfAborted(this.signal);
    return Promise.resolve();
  }

  public isClaimed(declaration: string): boolean {
    return this.declared.has(declaration);
  }
}
