import { type Clock, throwIfAborted } from "../time/clock";
import type { Claim } from "./claim";
import type { Declarations, Moment, Verdict } from "./declarations";
import type { EngineLog } from "./engine-log";
import type { EnginePresence } from "./engine-presence";
import { Refusal } from "./failures";
import type { Reduction, Run, SystemName } from "./license-resource";
import { mistakeInAll } from "./mistake";
import type { ReductionBrake } from "./reduction-brake";

/** Which resource a call of the engine is about. */
export interface ResourceIdentity {
  /** Its object, in a form that no other object has: its type and id. */
  readonly object: string;
  /** The name that the program gives it, or its id where that is not known. */
  readonly name: string;
  /** Its URN, where the edge knows it: lines are then shown on its own row. */
  readonly urn: string | undefined;
  /** The longest wait for one task where the resource declares none. */
  readonly taskTimeoutMs?: number | undefined;
  readonly system: SystemName;
  /** When it lets go of something. @default "update" */
  readonly moment?: Moment;
}

/** What the resources of a run share. */
export interface SharedByResources {
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly presence: EnginePresence;
  readonly signal: AbortSignal;
  readonly brake: ReductionBrake;
  readonly declarations: Declarations;
  /** The lines that were shown once in this run. */
  readonly told: Set<string>;
}

/** A run as one of its resources sees it. */
export class ResourceRun implements Run {
  private endsInProgress = false;

  public constructor(
    private readonly identity: ResourceIdentity,
    private readonly shared: SharedByResources,
  ) {}

  public get clock(): Clock {
    return this.shared.clock;
  }

  public get signal(): AbortSignal {
    return this.shared.signal;
  }

  public get taskTimeoutMs(): number | undefined {
    return this.identity.taskTimeoutMs;
  }

  /** The name that the program gives the resource, or its id where that is not known. */
  public get name(): string {
    return this.identity.name;
  }

  /** The resource's URN, where the edge knows it. */
  public get urn(): string | undefined {
    return this.identity.urn;
  }

  public progress(text: string): void {
    this.log("progress", text);
  }

  public tell(text: string): void {
    this.log("info", text);
  }

  public warn(text: string): void {
    this.log("warning", text);
  }

  /** Shows the lines of a plan, each once in a run, with the resource's name: `preview --diff` shows them without its row. */
  public tellOnce(lines: readonly string[]): void {
    for (const line of lines) {
      const key = `${this.identity.urn ?? this.identity.object} ${line}`;
      if (!this.shared.told.has(key)) {
        this.shared.told.add(key);
        this.tell(`${this.name}: ${line}`);
      }
    }
  }

  /** Replaces progress that is still shown by how it ended, so that a finished row does not look as if it were under way. */
  public finish(outcome: string): void {
    if (this.endsInProgress) {
      this.progress(outcome);
      this.endsInProgress = false;
    }
  }

  /** Waits until all lines are shown: what is logged after the answer to the engine may get lost. */
  public shown(): Promise<void> {
    return this.shared.log.shown();
  }

  /** Why the brake refuses what a plan takes away, if it does. */
  public refusalOf(reductions: readonly Reduction[]): string | undefined {
    return this.shared.brake.refusal(this.identity.object, this.name, reductions);
  }

  public brake(reductions: readonly Reduction[]): void {
    throwIfAborted(this.signal);
    const reason = this.refusalOf(reductions);
    if (reason !== undefined) {
      throw new Refusal([mistakeInAll(reason)]);
    }
  }

  public async assertWanted(): Promise<void> {
    throwIfAborted(this.signal);
    await this.shared.presence.assertThere();
  }

  public get isReplacement(): boolean {
    return this.identity.moment === "replacement";
  }

  public async whoDeclares(claims: readonly Claim[]): Promise<readonly Verdict[]> {
    const { declarations } = this.shared;
    const { system, moment = "update" } = this.identity;
    const verdicts = await declarations.whoDeclares({ claims, system, moment }, this.signal);
    const { doubt } = declarations;
    if (doubt !== undefined && verdicts.some(({ kind }) => kind === "nobody")) {
      this.warn(`${doubt}.`);
    }
    return verdicts;
  }

  private log(kind: "progress" | "info" | "warning", text: string): void {
    this.endsInProgress = kind === "progress";
    const { name, urn } = this.identity;
    // Without a URN the line is shown on the row of the stack: it must name its resource.
    this.shared.log.log(kind, urn === undefined && !text.startsWith(name) ? `${name}: ${text}` : text, urn);
  }
}
