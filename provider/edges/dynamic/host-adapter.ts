import { isDeepStrictEqual } from "node:util";
import { keptHiddenKeys, LIMITS_KEY, PROVIDER_KEY, withoutHiddenKeys } from "./hidden-keys";
import { isPlainObject } from "../../plain-object";
import { messageOf } from "../../errors";
import type * as pulumi from "@pulumi/pulumi";
import { type Mistake, mistakeInAll, shownMistake } from "../../run/mistake";
import { checkInputs, undeclarable } from "../shared/kept-inputs";
import { onRow } from "../shared/on-row";
import { showPlan } from "../shared/show-plan";
import { readContext } from "./context";
import { PartialFailure, Refusal } from "../../run/failures";
import type { Comparison, LicenseResource } from "../../run/license-resource";
import { clashReason, type Moment } from "../../run/declarations";
import type { ResourceRun } from "../../run/resource-run";
import type { DynamicRun } from "./dynamic-run";
import { ReadAhead } from "./read-ahead";
import { holdsUnknown } from "../../run/unknowns";
import { type Properties, withoutUndefined } from "../../run/properties";

/** What the adapter needs of its surroundings. */
export interface DynamicHostOptions {
  readonly run: DynamicRun;
  /** Is handed the stack configuration as soon as the host has it, key by key, and as a whole where the host lets it be listed. */
  readonly configure: (configuration: (key: string) => string | undefined, all: Properties | undefined) => void;
  /** Whether errors keep their stack trace. */
  readonly debug: boolean;
  /** Makes the text of an error safe to show: without secrets and control characters. */
  readonly safe: (text: string) => string;
}

/**
 * Serves a licence resource to Pulumi's dynamic-provider host: unwraps what the host adds, strips what it cannot carry, and puts
 * failures into the form that it understands.
 */
export class DynamicHostAdapter implements pulumi.dynamic.ResourceProvider {
  private readonly ahead = new ReadAhead();
  /** By id, what is wrong with inputs that passed because `ignoreChanges` has kept them. */
  private readonly passed = new Map<string, readonly Mistake[]>();

  public constructor(
    private readonly resource: LicenseResource,
    private readonly options: DynamicHostOptions,
  ) {}

  /** Keeps the configuration at once: the host calls this in the same tick in which it loads the provider, before any other method. */
  public configure(request: pulumi.dynamic.ConfigureRequest): Promise<void> {
    // Private to the host: with it a misspelt key is found in a refresh and a destroy too, which run no program.
    const all: unknown = Reflect.get(request.config, "rawConfig");
    this.options.configure(
      (key) => {
        const value: unknown = request.config.get(key);
        return typeof value === "string" ? value : undefined;
      },
      isPlainObject(all) ? all : undefined,
    );
    return Promise.resolve();
  }

  /** Checks inputs in themselves; in preview, and only for a resource to be created, also against what is there. */
  public async check(olds: unknown, news: unknown): Promise<pulumi.dynamic.CheckResult> {
    const raw = toProperties(news);
    const context = readContext(raw);
    return this.guarded(context?.name ?? this.resource.typeName, async () => {
      const { resource } = this;
      const { run } = this.options;
      const known = withoutHiddenKeys(toProperties(olds));
      const checked = checkInputs(resource, withoutHiddenKeys(raw), known, context?.keptInputs);
      const inputs = withoutUndefined(checked.inputs);
      const result = { inputs: { ...inputs, ...keptHiddenKeys(raw) } };
      if (checked.mistakes.length > 0) {
        return { ...result, failures: this.failures(checked.mistakes) };
      }
      const id = resource.idOf(inputs);
      this.passed.set(id, checked.passed);
      const isNew = Object.keys(known).length === 0;
      if (context !== undefined) {
        run.note(resource.typeName, id, inputs, context);
        this.ahead.announce(context.readAhead);
      }
      const owner = context?.urn ?? `urn:pulumi:::::${resource.typeName}::${id}`;
      const heldId = isNew ? undefined : resource.idOf(known);
      const clashes = run.plugin.declarations.declare({
        owner,
        system: resource.system,
        claims: resource.claims(inputs),
        heldId,
      });
      if (clashes.size > 0 && context !== undefined) {
        return { ...result, failures: this.failures([mistakeInAll(clashReason(clashes))]) };
      }
      if (context?.preview !== true || !isNew) {
        this.ahead.afterKnown(id);
        return result;
      }
      const failures = this.previewNew(id, inputs);
      for (const next of this.ahead.afterNew(id)) {
        resource.readAhead(next, this.runOf(next));
      }
      return { ...result, failures: this.failures(await failures) };
    });
  }

  /** Compares; in preview, where something differs, also plans, and refuses what `up` would refuse. */
  public async diff(id: string, olds: unknown, news: unknown): Promise<pulumi.dynamic.DiffResult> {
    const inputs = withoutHiddenKeys(toProperties(news));
    const run = this.runOf(id, inputs);
    return this.guarded(run.name, async () => {
      const { resource } = this;
      const state = withoutHiddenKeys(toProperties(olds));
      const comparison = resource.compare(state, inputs);
      this.refuseUndeclarable(id, comparison);
      if (this.options.run.preview && comparison.changes !== "none" && comparison.replaces.length === 0) {
        const refusals = await showPlan(resource, inputs, state, run);
        if (refusals.length > 0) {
          throw new Refusal(refusals);
        }
      }
      // State of the native plugin lacks what refresh and destroy load this package by: an update adds it.
      const isForeign = PROVIDER_KEY in toProperties(news) && !(PROVIDER_KEY in toProperties(olds));
      const hasOtherLimits = !isDeepStrictEqual(toProperties(news)[LIMITS_KEY], toProperties(olds)[LIMITS_KEY]);
      return {
        changes: comparison.changes !== "none" || isForeign || hasOtherLimits,
        replaces: [...comparison.replaces],
      };
    });
  }

  /** Brings the object to what is declared, whatever it is now. */
  public async create(inputs: unknown): Promise<pulumi.dynamic.CreateResult> {
    const properties = toProperties(inputs);
    const known = withoutHiddenKeys(properties);
    const id = this.resource.idOf(known);
    return { id, outs: await this.apply(id, known, undefined, properties) };
  }

  /** Brings the object to what is declared now. */
  public async update(id: string, olds: unknown, news: unknown): Promise<pulumi.dynamic.UpdateResult> {
    const properties = toProperties(news);
    const state = withoutHiddenKeys(toProperties(olds));
    return { outs: await this.apply(id, withoutHiddenKeys(properties), state, properties) };
  }

  /** Reads what is there; an empty id tells the engine that the object is gone. */
  public async read(id: string, props: unknown): Promise<pulumi.dynamic.ReadResult> {
    return this.guarded(id, async () => {
      const run = this.runOf(id);
      const known = withoutHiddenKeys(toProperties(props));
      // A program that only reads an object has nothing of it in state.
      const isInState = Object.keys(known).length > 0;
      const reading = await onRow(run, () =>
        isInState ? this.resource.read(known, run) : this.resource.find(id, run),
      );
      if (reading === undefined && !isInState) {
        throw new Error(`${this.resource.typeName}.get: there is no object with this id.`);
      }
      if (reading === undefined) {
        return { id: "", props: {} };
      }
      const kept = keptHiddenKeys(toProperties(props));
      return { id, props: { ...reading.outputs, ...kept }, inputs: { ...reading.inputs, ...kept } };
    });
  }

  /** Does what the policy in state says. */
  public async delete(id: string, props: unknown): Promise<void> {
    const run = this.runOf(
      id,
      undefined,
      this.options.run.plugin.declarations.momentOfDelete(this.resource.typeName, id, undefined),
    );
    const known = withoutHiddenKeys(toProperties(props));
    this.options.run.takeLimits(toProperties(props)[LIMITS_KEY]);
    await this.guarded(id, () => onRow(run, () => this.resource.remove(known, run)));
  }

  private refuseUndeclarable(id: string, { changes }: Comparison): void {
    const passed = this.passed.get(id) ?? [];
    if (changes === "remote" && passed.length > 0) {
      throw undeclarable(passed);
    }
  }

  /** The run as the resource of this id sees it; of several that have it, the one with these inputs. */
  private runOf(id: string, inputs?: Properties, moment?: Moment): ResourceRun {
    return this.options.run.of(this.resource, { id, inputs, moment });
  }

  /** Mistakes in the engine's form: it names the property itself, and prints its value. */
  private failures(mistakes: readonly Mistake[]): pulumi.dynamic.CheckFailure[] {
    return mistakes.map((mistake) => ({
      property: mistake.property,
      reason: this.options.safe(mistake.property === "" ? shownMistake(mistake) : mistake.message),
    }));
  }

  private async previewNew(id: string, inputs: Properties): Promise<readonly Mistake[]> {
    // The id itself may be known only in `up`.
    if (holdsUnknown(id)) {
      return [];
    }
    try {
      return await showPlan(this.resource, inputs, undefined, this.runOf(id, inputs));
    } catch (error) {
      // As a failure of check it is shown once, in one piece, and with the resource's name.
      return [mistakeInAll(messageOf(error))];
    }
  }

  private async apply(
    id: string,
    inputs: Properties,
    state: Properties | undefined,
    raw: Properties,
  ): Promise<Properties> {
    const run = this.runOf(id, inputs);
    if (run.urn !== undefined) {
      this.options.run.plugin.declarations.apply(run.urn);
    }
    try {
      if (state !== undefined) {
        this.refuseUndeclarable(id, this.resource.compare(state, inputs));
      }
      const outputs = await onRow(run, () => this.resource.apply(inputs, state, run));
      return { ...withoutUndefined(outputs), ...keptHiddenKeys(raw) };
    } catch (error) {
      const message = this.options.safe(messageOf(error));
      if (error instanceof PartialFailure) {
        // The host's form of a failure after which there is state all the same. Without __provider in it, refresh and destroy
        // could not load this package any more.
        throw Object.assign(this.plain(error, message), {
          id,
          properties: {
            ...withoutUndefined(error.outputs),
            ...keptHiddenKeys(raw),
            [PROVIDER_KEY]: raw[PROVIDER_KEY],
          },
          reasons: [message],
        });
      }
      throw this.plain(error, message);
    }
  }

  /** Errors of check, diff, read and delete are shown on the row of the stack: they must name the resource. */
  private async guarded<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const message = messageOf(error);
      const isNamed = message.startsWith(`${name} `);
      const shown = this.plain(error, this.options.safe(isNamed ? message : `${name}: ${message}`));
      if (!this.options.debug) {
        // The host prints `${error}: ${error.stack}` of these, and the engine the message once more.
        shown.toString = () => this.options.safe(`${name} failed`);
        shown.stack = "see its error below";
      }
      throw shown;
    }
  }

  /** An error for people: its message, and a stack trace only where debugging was asked for. */
  private plain(error: unknown, message: string): Error {
    const shown = new Error(message);
    shown.stack = this.options.debug && error instanceof Error ? this.options.safe(error.stack ?? message) : message;
    return shown;
  }
}

function toProperties(value: unknown): Properties {
  return isPlainObject(value) ? value : {};
}
