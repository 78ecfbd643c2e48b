import { isPlainObject } from "../../text/plain-object";
import type { Target } from "../../resource/served-resource";
import type { ResourceContext } from "./context";

/**
 * Finds out which resource a call is about. The dynamic host passes on neither name nor URN, and not whether it is a preview: `check` has
 * them in the context, and the calls after it are recognised by their inputs, or by their id.
 */
export class DynamicRun {
  private readonly contexts = new Map<string, ResourceContext>();
  private readonly limits = new Map<string, string>();
  private inPreview = false;
  private instanceLabel: string | undefined;

  /** Whether this process serves a preview: as the resource class says, so `false` until the first `check`. */
  public get preview(): boolean {
    return this.inPreview;
  }

  /** How messages call the provider instance that this process serves, as the program says. */
  public get instance(): string {
    return this.instanceLabel ?? "another provider";
  }

  /** Whether a program has been heard of: there is none in a refresh or a destroy. */
  public get hasProgram(): boolean {
    return this.contexts.size > 0;
  }

  /** Notes the context of the resource of type `typeName` whose checked inputs are `inputs`. */
  public note(typeName: string, id: string, inputs: object, context: ResourceContext): void {
    this.contexts.set(keyOf(typeName, id, inputs), context);
    this.contexts.set(keyOf(typeName, id), context);
  }

  /** Takes what the context of a resource says of the run as a whole. */
  public enter(context: ResourceContext): void {
    this.inPreview = context.preview;
    this.instanceLabel = context.instance;
    for (const [key, limit] of Object.entries(context.limits)) {
      this.limits.set(key, limit);
    }
  }

  /** Takes the limits that lie in the state of a resource, where no program says otherwise. */
  public takeLimits(limits: unknown): void {
    for (const [key, limit] of Object.entries(isPlainObject(limits) ? limits : {})) {
      if (!this.hasProgram && typeof limit === "string") {
        this.limits.set(key, limit);
      }
    }
  }

  /** A limit on what the run may take away, as the program has it, by its key in the stack's configuration. */
  public limit(key: string): string | undefined {
    return this.limits.get(key);
  }

  /** The resource with this id; of several that have it, the one with these inputs. */
  public target(typeName: string, id: string, inputs?: object): Target {
    const exact = inputs === undefined ? undefined : this.contexts.get(keyOf(typeName, id, inputs));
    const context = exact ?? this.contexts.get(keyOf(typeName, id));
    return { id, name: context?.name ?? id, urn: context?.urn };
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
