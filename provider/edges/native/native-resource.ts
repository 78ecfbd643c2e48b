import { messageOf } from "../../errors";
import { clashReason, type Moment } from "../../run/declarations";
import { PartialFailure, Refusal } from "../../run/failures";
import type { LicenseResource } from "../../run/license-resource";
import { type Mistake, mistakeInAll } from "../../run/mistake";
import type { PluginRun } from "../../run/plugin-run";
import { type Properties, withoutUndefined } from "../../run/properties";
import type { ResourceRun } from "../../run/resource-run";
import { holdsUnknown, UNKNOWN_VALUE } from "../../run/unknowns";
import { nameOf } from "../../run/urn";
import { checkInputs, undeclarable } from "../shared/kept-inputs";
import { onRow } from "../shared/on-row";
import { showPlan } from "../shared/show-plan";
import { changedPaths, type Compared, type PathChange } from "./changed-paths";
import { withSecrets } from "./values";

/** A resource as the native edge serves it. */
export interface ServedResource {
  readonly resource: LicenseResource;
  /** The names of its inputs. */
  readonly inputs: readonly string[];
  /** The outputs that are no inputs, and known only after `up`. */
  readonly computed: readonly string[];
  /** Those of them that no update changes. */
  readonly lasting: readonly string[];
}

/** Which resource of the program a call is about, and the longest that it may take. */
export interface Target {
  readonly urn: string;
  /** `customTimeouts` in seconds; 0 where there is none. */
  readonly timeoutSeconds: number;
}

/** A resource as it was created or updated, or is to be. */
export interface Outcome {
  readonly id: string;
  readonly outputs: Properties;
}

/** What the engine is to know of a comparison. */
export interface NativeDiff {
  readonly changes: boolean;
  readonly replaces: readonly string[];
  readonly paths: ReadonlyMap<string, PathChange>;
}

/** State that a failure leaves behind. */
export class StatefulFailure extends Error {
  public constructor(
    message: string,
    public readonly state: Outcome,
  ) {
    super(message);
  }
}

/** Serves one licence resource to the engine, in plain values in which secrets are marked. */
export class NativeResource {
  /** By URN, what is wrong with inputs that passed because `ignoreChanges` has kept them. */
  private readonly passed = new Map<string, readonly Mistake[]>();

  public constructor(
    private readonly served: ServedResource,
    private readonly run: PluginRun,
  ) {}

  /** Checks inputs in themselves, and whether another resource of this run declares the same. */
  public check(
    target: Target,
    raw: Properties,
    oldInputs: Properties,
  ): { inputs: Properties; mistakes: readonly Mistake[] } {
    const { resource } = this.served;
    // The engine does not say which inputs are ignored: what state holds passes.
    const checked = checkInputs(resource, raw, oldInputs, undefined);
    this.passed.set(target.urn, checked.passed);
    const inputs = withoutUndefined(checked.inputs);
    const mistakes = checked.mistakes.length > 0 ? checked.mistakes : this.claim(target.urn, inputs, oldInputs);
    return { inputs: this.sealed(inputs), mistakes };
  }

  /** Compares state with checked inputs; reads nothing. */
  public diff(compared: Compared): NativeDiff {
    const { changes, replaces } = this.served.resource.compare(compared.outputs, compared.inputs);
    const paths = changes === "none" ? new Map<string, PathChange>() : changedPaths(this.served.inputs, compared);
    return { changes: changes !== "none", replaces, paths };
  }

  /**
   * Plans, reading only, and shows the calls to come.
   * @returns the id and the outputs, as far as they are known.
   * @throws {Refusal} where `up` would refuse.
   */
  public async preview(target: Target, inputs: Properties, state: Properties | undefined): Promise<Outcome> {
    const { resource, computed, lasting } = this.served;
    const id = resource.idOf(inputs);
    const isKnown = !holdsUnknown(id);
    if (state !== undefined) {
      this.refuseUndeclarable(target, inputs, state);
    }
    const changes = state === undefined ? "remote" : resource.compare(state, inputs).changes;
    // Of a change of local settings the plan shows what it means, without a request.
    if (isKnown && changes !== "none") {
      const refusals = await showPlan(resource, inputs, state, this.runOf(target, id));
      if (refusals.length > 0) {
        throw new Refusal(refusals);
      }
    }
    // What else is computed is read again with each change that goes to the system.
    const isKept = (name: string): boolean => state !== undefined && (changes !== "remote" || lasting.includes(name));
    const outputs = computed.map((name) => [name, isKept(name) ? state?.[name] : UNKNOWN_VALUE] as const);
    return { id: isKnown ? id : "", outputs: this.sealed({ ...Object.fromEntries(outputs), ...inputs }) };
  }

  /**
   * Brings the object to what is declared, whatever it is now.
   * @throws {StatefulFailure} where something was done, or is under way, before it failed.
   */
  public async apply(target: Target, inputs: Properties, state: Properties | undefined): Promise<Outcome> {
    const { resource } = this.served;
    const id = resource.idOf(inputs);
    const run = this.runOf(target, id);
    this.run.declarations.apply(target.urn);
    if (state !== undefined) {
      this.refuseUndeclarable(target, inputs, state);
    }
    try {
      const outputs = await onRow(run, () => resource.apply(inputs, state, run));
      return { id, outputs: this.sealed(withoutUndefined(outputs)) };
    } catch (error) {
      throw error instanceof PartialFailure
        ? new StatefulFailure(messageOf(error), { id, outputs: this.sealed(withoutUndefined(error.outputs)) })
        : error;
    }
  }

  /** Reads what is there now; without state, what an import is to take over. */
  public async read(
    target: Target,
    id: string,
    state: Properties,
  ): Promise<(Outcome & { readonly inputs: Properties }) | undefined> {
    const { resource } = this.served;
    const run = this.runOf(target, id);
    const isImport = Object.keys(state).length === 0;
    const reading = await onRow(run, () => (isImport ? resource.find(id, run) : resource.read(state, run)));
    return reading === undefined
      ? undefined
      : {
          id: resource.idOf(reading.inputs),
          inputs: this.sealed(reading.inputs),
          outputs: this.sealed(reading.outputs),
        };
  }

  /** Does what the policy in state says. */
  public async remove(target: Target, id: string, state: Properties): Promise<void> {
    const moment = this.run.declarations.momentOfDelete(this.served.resource.typeName, id, target.urn);
    const run = this.runOf(target, id, moment);
    await onRow(run, () => this.served.resource.remove(state, run));
  }

  /** @throws {Refusal} where the change would go to what nobody can declare. */
  private refuseUndeclarable({ urn }: Target, inputs: Properties, state: Properties): void {
    const passed = this.passed.get(urn) ?? [];
    if (passed.length > 0 && this.served.resource.compare(state, inputs).changes === "remote") {
      throw undeclarable(passed);
    }
  }

  private claim(urn: string, inputs: Properties, oldInputs: Properties): Mistake[] {
    const { resource } = this.served;
    const heldId = Object.keys(oldInputs).length > 0 ? resource.idOf(oldInputs) : undefined;
    const clashes = this.run.declarations.declare({
      owner: urn,
      system: resource.system,
      claims: resource.claims(inputs),
      heldId,
    });
    return clashes.size === 0 ? [] : [mistakeInAll(clashReason(clashes))];
  }

  private runOf({ urn, timeoutSeconds }: Target, id: string, moment?: Moment): ResourceRun {
    return this.run.of({
      object: JSON.stringify([this.served.resource.typeName, id]),
      system: this.served.resource.system,
      name: nameOf(urn),
      urn,
      taskTimeoutMs: timeoutSeconds > 0 ? timeoutSeconds * 1000 : undefined,
      ...(moment === undefined ? {} : { moment }),
    });
  }

  private sealed(properties: Properties): Properties {
    return withSecrets(properties, this.served.resource.secrets);
  }
}
