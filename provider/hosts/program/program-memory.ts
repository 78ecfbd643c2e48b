import * as pulumi from "@pulumi/pulumi";

/**
 * Something that a program remembers for as long as one run of one stack lasts. A process may hold several runs, one after another or at
 * the same time, because the Automation API runs inline programs in its own process. What tells them apart is their connection to the
 * engine: each run has its own, and Pulumi finds it by the asynchronous context of the caller.
 */
export class ProgramMemory<T> {
  private readonly byRun = new WeakMap<object, T>();

  public constructor(private readonly initial: () => T) {}

  /** What the run of the caller remembers. */
  public ofThisRun(): T {
    const run = pulumi.runtime.getMonitor();
    if (run === undefined) {
      // Without an engine there is no run to remember anything for.
      return this.initial();
    }
    const remembered = this.byRun.get(run) ?? this.initial();
    this.byRun.set(run, remembered);
    return remembered;
  }
}
