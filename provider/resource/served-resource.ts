import { asOneWork } from "../systems/transport/work";
import { clashReason, type Moment } from "./declarations";
import { Refusal } from "./failures";
import type { Comparison, LicenseResource, Reading } from "./license-resource";
import { type Mistake, mistakeInAll } from "./mistake";
import type { PluginRun } from "./plugin-run";
import { type Properties, withoutUndefined } from "./properties";
import type { ResourceRun } from "./resource-run";

/** Which resource of the program a call is about. */
export interface Target {
  readonly id: string;
  /** The name that the program gives it, or its id where that is not known. */
  readonly name: string;
  /** `undefined` where the host does not tell it: lines then name the resource. */
  readonly urn: string | undefined;
  /** The longest wait for one task where the resource declares none. */
  readonly taskTimeoutMs?: number | undefined;
}

/** Checked inputs, and every mistake in them. */
interface Checked {
  readonly inputs: Properties;
  readonly mistakes: readonly Mistake[];
}

/** Serves one licence resource, whatever host calls: all that Pulumi asks of a resource, in plain values. */
export class ServedResource {
  /** What is wrong with inputs that passed because `ignoreChanges` has kept them, by URN or id. */
  private readonly passed = new Map<string, readonly Mistake[]>();

  public constructor(
    public readonly resource: LicenseResource,
    private readonly run: PluginRun,
  ) {}

  /**
   * Checks inputs in themselves, and whether another resource of this run declares the same.
   *
   * With `ignoreChanges` the engine puts what state has in place of what the program says, and after a refresh that may be something that
   * nobody can declare, such as OC Essential: it is not the program's mistake, so it passes as it is.
   *
   * @param urn `undefined` where the host does not tell it: then nothing is refused for what others declare.
   * @param olds The inputs in state; empty for a resource to be created.
   * @param kept The paths in `ignoreChanges`; `undefined` where they are not known.
   */
  public check(
    urn: string | undefined,
    raw: Properties,
    olds: Properties,
    kept: readonly string[] | undefined,
  ): Checked {
    const { resource } = this;
    const { passed, mistakes, ...checked } = this.checkKept(raw, olds, kept);
    const inputs = withoutUndefined(checked.inputs);
    const id = resource.idOf(inputs);
    this.passed.set(urn ?? id, passed);
    if (mistakes.length > 0) {
      return { inputs, mistakes };
    }
    const clashes = this.run.declarations.declare({
      owner: urn ?? `urn:pulumi:::::${resource.typeName}::${id}`,
      system: resource.system,
      claims: resource.claims(inputs),
      heldId: Object.keys(olds).length > 0 ? resource.idOf(olds) : undefined,
    });
    return { inputs, mistakes: clashes.size > 0 && urn !== undefined ? [mistakeInAll(clashReason(clashes))] : [] };
  }

  /**
   * Compares state with checked inputs; reads nothing.
   * @throws {Refusal} where the change would go to what nobody can declare.
   */
  public compare(target: Target, inputs: Properties, state: Properties): Comparison {
    const comparison = this.resource.compare(state, inputs);
    const passed = this.passed.get(target.urn ?? target.id) ?? [];
    if (comparison.changes === "remote" && passed.length > 0) {
      const why =
        "State holds this because of ignoreChanges: declare a value that can be set, and stop ignoring the input.";
      throw new Refusal(passed.map((mistake) => ({ ...mistake, message: `${mistake.message} ${why}` })));
    }
    return comparison;
  }

  /**
   * Plans, reading only, and shows the calls to come.
   * @returns why `up` would refuse them, whether the plan itself is refused or the brake stops what the run takes away.
   */
  public async preview(target: Target, inputs: Properties, state: Properties | undefined): Promise<readonly Mistake[]> {
    const run = this.runOf(target);
    const { refusals, lines, reductions } = await onRow(run, () => this.resource.preview(inputs, state, run));
    if (refusals.length > 0) {
      return refusals;
    }
    const reason = run.refusalOf(reductions);
    if (reason !== undefined) {
      return [mistakeInAll(reason)];
    }
    run.tellOnce(lines);
    await run.shown();
    return [];
  }

  /** Begins to read what the preview of a new resource will look at. */
  public readAhead(target: Target): void {
    this.resource.readAhead(target.id, this.runOf(target));
  }

  /**
   * Brings the object to what is declared, whatever it is now; gives the outputs.
   * @throws {PartialFailure} where something was done, or is under way, before it failed.
   */
  public async apply(target: Target, inputs: Properties, state: Properties | undefined): Promise<Properties> {
    if (target.urn !== undefined) {
      this.run.declarations.apply(target.urn);
    }
    if (state !== undefined) {
      this.compare(target, inputs, state);
    }
    const run = this.runOf(target);
    return withoutUndefined(await onRow(run, () => this.resource.apply(inputs, state, run)));
  }

  /** Reads what is there now; without state all that there is of an object. `undefined` where it is gone. */
  public read(target: Target, state: Properties): Promise<Reading | undefined> {
    const run = this.runOf(target);
    const isInState = Object.keys(state).length > 0;
    return onRow(run, () => (isInState ? this.resource.read(state, run) : this.resource.find(target.id, run)));
  }

  /** Does what the policy in state says. */
  public remove(target: Target, state: Properties): Promise<void> {
    const { typeName } = this.resource;
    const run = this.runOf(target, this.run.declarations.momentOfDelete(typeName, target.id, target.urn));
    return onRow(run, () => this.resource.remove(state, run));
  }

  private checkKept(
    news: Properties,
    olds: Properties,
    kept: readonly string[] | undefined,
  ): Checked & { readonly passed: readonly Mistake[] } {
    const checked = this.resource.check(news);
    if (checked.mistakes.length === 0 || Object.keys(olds).length === 0) {
      return { ...checked, passed: [] };
    }
    const inState = new Set(this.resource.check(olds).mistakes.map(keyOf));
    const ignored = kept?.map((path) => /^[^.[]+/.exec(path)?.[0] ?? path);
    const isKept = (mistake: Mistake): boolean => {
      const [name] = mistake.path;
      const isIgnored =
        ignored === undefined || (name === undefined ? ignored.length > 0 : ignored.includes(String(name)));
      return isIgnored && inState.has(keyOf(mistake));
    };
    const passed = checked.mistakes.filter(isKept);
    const names = passed.flatMap(({ path: [name] }) => (name === undefined ? [] : String(name)));
    return {
      inputs: { ...checked.inputs, ...Object.fromEntries(names.map((name) => [name, olds[name]])) },
      mistakes: checked.mistakes.filter((mistake) => !isKept(mistake)),
      passed,
    };
  }

  private runOf({ id, ...target }: Target, moment?: Moment): ResourceRun {
    const { typeName, system } = this.resource;
    const object = JSON.stringify([typeName, id]);
    return this.run.of({ object, system, ...target, ...(moment === undefined ? {} : { moment }) });
  }
}

function keyOf({ path, message }: Mistake): string {
  return JSON.stringify([path, message]);
}

/** Shows on the resource's row which calls are tried again, and in the end how the work went. */
async function onRow<T>(run: ResourceRun, work: () => Promise<T>): Promise<T> {
  const report = (line: string): void => {
    run.progress(line);
  };
  try {
    const result = await asOneWork(report, work);
    run.finish("done");
    return result;
  } catch (error) {
    run.finish("failed");
    throw error;
  } finally {
    await run.shown();
  }
}
