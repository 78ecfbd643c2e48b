import type { Clock } from "../time/clock";
import type { Declarations } from "./declarations";
import type { EngineLog } from "./engine-log";
import type { EnginePresence } from "./engine-presence";
import type { ReductionBrake } from "./reduction-brake";
import { type ResourceIdentity, ResourceRun } from "./resource-run";

/** What one plugin process has of the run that it serves: the engine drives each phase of a run by a process of its own. */
export interface PluginRunOptions {
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly presence: EnginePresence;
  readonly signal: AbortSignal;
  readonly brake: ReductionBrake;
  readonly declarations: Declarations;
}

/** The one run that a plugin process serves, shared by all its resources, whichever edge they come through. */
export class PluginRun {
  private readonly told = new Set<string>();

  public constructor(private readonly options: PluginRunOptions) {}

  /** Who declares what in this run. */
  public get declarations(): Declarations {
    return this.options.declarations;
  }

  /** The run as one resource sees it. */
  public of(identity: ResourceIdentity): ResourceRun {
    return new ResourceRun(identity, { ...this.options, told: this.told });
  }
}
