import { type Claim, claimText } from "../../../provider/resource/claim";
import type { Verdict } from "../../../provider/resource/declarations";
import { Cancelled } from "../../../provider/resource/failures";
import type { Reduction, Run } from "../../../provider/resource/license-resource";
import { type Clock, throwIfAborted } from "../../../provider/time/clock";

/** A run that keeps what it is told. */
export class FakeRun implements Run {
  public readonly progressed: string[] = [];
  public readonly told: string[] = [];
  public readonly warned: string[] = [];
  /** What the program declares elsewhere. */
  public readonly declared = new Set<string>();
  /** What the program may declare elsewhere. */
  public readonly unknown = new Set<string>();
  public isReplacement = false;
  /** From `customTimeouts`. */
  public taskTimeoutMs: number | undefined;
  /** How often it was asked whether a write is still wanted. */
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

  public brake(reductions: readonly Reduction[]): void {
    this.reductions.push(reductions);
    throwIfAborted(this.signal);
  }

  public assertWanted(): Promise<void> {
    this.writes += 1;
    throwIfAborted(this.signal);
    return Promise.resolve();
  }

  public whoDeclares(claims: readonly Claim[]): Promise<readonly Verdict[]> {
    return Promise.resolve(
      claims.map((claim): Verdict => {
        const text = claimText(claim);
        return this.declared.has(text)
          ? { kind: "declared", by: "other" }
          : this.unknown.has(text)
            ? { kind: "unknown", why: "the program is not through" }
            : { kind: "nobody" };
      }),
    );
  }
}
