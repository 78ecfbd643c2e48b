import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { messageOf } from "../../text/errors";
import { isPlainObject } from "../../text/plain-object";
import { PartialFailure, Refusal } from "../../resource/failures";
import { type Mistake, mistakeInAll, shownMistake } from "../../resource/mistake";
import type { Properties } from "../../resource/properties";
import { holdsUnknown } from "../../resource/unknowns";
import type { ServedResource, Target } from "../../resource/served-resource";
import { readContext } from "./context";
import type { DynamicRun } from "./dynamic-run";
import { keptHiddenKeys, LIMITS_KEY, PROVIDER_KEY, withoutHiddenKeys } from "./hidden-keys";
import { ReadAhead } from "./read-ahead";

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

  public constructor(
    private readonly served: ServedResource,
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
    const { served } = this;
    const { typeName } = served.resource;
    return this.guarded(context?.name ?? typeName, async () => {
      const { run } = this.options;
      if (context !== undefined) {
        run.enter(context);
      }
      const known = withoutHiddenKeys(toProperties(olds));
      const { inputs, mistakes } = served.check(context?.urn, withoutHiddenKeys(raw), known, context?.keptInputs);
      const result = { inputs: { ...inputs, ...keptHiddenKeys(raw) } };
      if (mistakes.length > 0) {
        return { ...result, failures: this.failures(mistakes) };
      }
      const id = served.resource.idOf(inputs);
      if (context !== undefined) {
        run.note(typeName, id, inputs, context);
        this.ahead.announce(context.readAhead);
      }
      if (context?.preview !== true || Object.keys(known).length > 0) {
        this.ahead.afterKnown(id);
        return result;
      }
      const failures = this.previewNew(id, inputs);
      for (const next of this.ahead.afterNew(id)) {
        served.readAhead(this.target(next));
      }
      return { ...result, failures: this.failures(await failures) };
    });
  }

  /** Compares; in preview, where something differs, also plans, and refuses what `up` would refuse. */
  public async diff(id: string, olds: unknown, news: unknown): Promise<pulumi.dynamic.DiffResult> {
    const inputs = withoutHiddenKeys(toProperties(news));
    const target = this.target(id, inputs);
    return this.guarded(target.name, async () => {
      const state = withoutHiddenKeys(toProperties(olds));
      const { changes, replaces } = this.served.compare(target, inputs, state);
      if (this.options.run.preview && changes !== "none" && replaces.length === 0) {
        const refusals = await this.served.preview(target, inputs, state);
        if (refusals.length > 0) {
          throw new Refusal(refusals);
        }
      }
      // State of the native plugin lacks what refresh and destroy load this package by: an update adds it.
      const isForeign = PROVIDER_KEY in toProperties(news) && !(PROVIDER_KEY in toProperties(olds));
      const hasOtherLimits = !isDeepStrictEqual(toProperties(news)[LIMITS_KEY], toProperties(olds)[LIMITS_KEY]);
      return { changes: changes !== "none" || isForeign || hasOtherLimits, replaces: [...replaces] };
    });
  }

  /** Brings the object to what is declared, whatever it is now. */
  public async create(inputs: unknown): Promise<pulumi.dynamic.CreateResult> {
    const properties = toProperties(inputs);
    const id = this.served.resource.idOf(withoutHiddenKeys(properties));
    return { id, outs: await this.apply(id, properties, undefined) };
  }

  /** Brings the object to what is declared now. */
  public async update(id: string, olds: unknown, news: unknown): Promise<pulumi.dynamic.UpdateResult> {
    return { outs: await this.apply(id, toProperties(news), withoutHiddenKeys(toProperties(olds))) };
  }

  /** Reads what is there; an empty id tells the engine that the object is gone. */
  public async read(id: string, props: unknown): Promise<pulumi.dynamic.ReadResult> {
    return this.guarded(id, async () => {
      const known = withoutHiddenKeys(toProperties(props));
      const reading = await this.served.read(this.target(id), known);
      // A program that only reads an object has nothing of it in state.
      if (reading === undefined && Object.keys(known).length === 0) {
        throw new Error(`${this.served.resource.typeName}.get: there is no object with this id.`);
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
    this.options.run.takeLimits(toProperties(props)[LIMITS_KEY]);
    await this.guarded(id, () => this.served.remove(this.target(id), withoutHiddenKeys(toProperties(props))));
  }

  /** The resource of this id; of several that have it, the one with these inputs. */
  private target(id: string, inputs?: Properties): Target {
    return this.options.run.target(this.served.resource.typeName, id, inputs);
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
      return await this.served.preview(this.target(id, inputs), inputs, undefined);
    } catch (error) {
      // As a failure of check it is shown once, in one piece, and with the resource's name.
      return [mistakeInAll(messageOf(error))];
    }
  }

  private async apply(id: string, raw: Properties, state: Properties | undefined): Promise<Properties> {
    const inputs = withoutHiddenKeys(raw);
    try {
      return { ...(await this.served.apply(this.target(id, inputs), inputs, state)), ...keptHiddenKeys(raw) };
    } catch (error) {
      const message = this.options.safe(messageOf(error));
      if (error instanceof PartialFailure) {
        // The host's form of a failure after which there is state all the same. Without __provider in it, refresh and destroy
        // could not load this package any more.
        throw Object.assign(this.plain(error, message), {
          id,
          properties: { ...error.outputs, ...keptHiddenKeys(raw), [PROVIDER_KEY]: raw[PROVIDER_KEY] },
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
