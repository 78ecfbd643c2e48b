import { type Clock, throwIfAborted } from "../../time/clock";
import type { ResourceContext } from "./context";
import { Claims } from "../../run/claims";
import type { EngineLog } from "../../run/engine-log";
import type { EnginePresence } from "../../run/engine-presence";
import { Refusal } from "../../run/failures";
import type { Reduction, Run } from "../../run/license-resource";
import type { ReductionBrake } from "../../run/reduction-brake";

/** What one plugin process has of the run that it serves: the engine drives each phase of a run by a process of its own. */
export interface PluginRunOptions {
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly presence: EnginePresence;
  readonly signal: AbortSignal;
  readonly brake: ReductionBrake;
}

/** The one run that a plugin process serves, shared by all its resources. */
export class PluginRun {
  public readonly claims = new Claims();
  private readonly contexts = new Map<string, ResourceContext>();
  private readonly elsewhere = new Set<string>();
  private readonly told = new Set<string>();
  private inPreview = false;

  public constructor(private readonly options: PluginRunOptions) {}

  /** Whether this process serves a preview: as the resource class tells, so `false` until the first `check`. */
  public get preview(): boolean {
    return this.inPreview;
  }

  /** Notes the context of the resource of type `typeName` whose checked inputs are `inputs`. */
  public note(typeName: string, id: string, inputs: object, context: ResourceContext): void {
    this.inPreview = context.preview;
    this.contexts.set(keyOf(typeName, id, inputs), context);
    this.contexts.set(keyOf(typeName, id), context);
    for (const claim of context.claimedElsewhere) {
      this.elsewhere.add(claim);
    }
  }

  /** The run as one resource sees it. The calls after `check` do not tell which resource they are for: its inputs, or its id, do. */
  public of(typeName: string, id: string, inputs?: object): Run {
    const { clock, log, presence, signal } = this.options;
    const context =
      (inputs === undefined ? undefined : this.contexts.get(keyOf(typeName, id, inputs))) ??
      this.contexts.get(keyOf(typeName, id));
    const urn = context?.urn;
    return {
      clock,
      signal,
      progress: (text) => {
        log.log("progress", text, urn);
      },
      tell: (text) => {
        log.log("info", text, urn);
      },
      warn: (text) => {
        log.log("warning", text, urn);
      },
      beforeWrite: async (reductions) => {
        throwIfAborted(signal);
        const reason = this.refusalOf(typeName, id, inputs, reductions);
        if (reason !== undefined) {
          throw new Refusal([{ property: "", path: [], message: reason }]);
        }
        await presence.assertThere();
      },
      isClaimed: (claim) => this.claims.has(claim) || this.elsewhere.has(claim),
    };
  }

  /** Why what a plan takes away is refused, if it is; counted over the whole run. */
  public refusalOf(
    typeName: string,
    id: string,
    inputs: object | undefined,
    reductions: readonly Reduction[],
  ): string | undefined {
    return this.options.brake.refusal(keyOf(typeName, id), this.nameOf(typeName, id, inputs), reductions);
  }

  /** Shows lines on a resource's row, each once in a run. */
  public tellOnce(typeName: string, id: string, inputs: object, lines: readonly string[]): void {
    const run = this.of(typeName, id, inputs);
    for (const line of lines) {
      const key = `${keyOf(typeName, id, inputs)} ${line}`;
      if (!this.told.has(key)) {
        this.told.add(key);
        run.tell(line);
      }
    }
  }

  /** The name that the program gives a resource, or its id where that is not known. */
  public nameOf(typeName: string, id: string, inputs?: object): string {
    const exact = inputs === undefined ? undefined : this.contexts.get(keyOf(typeName, id, inputs));
    return (exact ?? this.contexts.get(keyOf(typeName, id)))?.name ?? id;
  }
}

function keyOf(typeName: string, id: string, inputs?: object): string {
  return JSON.stringify([typeName, id, inputs === undefined ? null : sorted(inputs)]);
}

/** The same inputs come back with their keys in another order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]);
  }
  return value;
}
