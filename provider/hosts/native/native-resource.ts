import { messageOf } from "../../text/errors";
import { PartialFailure, Refusal } from "../../resource/failures";
import type { Mistake } from "../../resource/mistake";
import type { Properties } from "../../resource/properties";
import { holdsUnknown, UNKNOWN_VALUE } from "../../resource/unknowns";
import { nameOf } from "../../resource/urn";
import type { ServedResource, Target } from "../../resource/served-resource";
import { changedPaths, type Compared, type PathChange } from "./changed-paths";
import { withSecrets } from "./values";

/** Which resource of the program the engine calls about, and the longest that it may take. */
export interface Call {
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
  public constructor(private readonly served: ServedResource) {}

  /** Checks inputs in themselves, and whether another resource of this run declares the same. */
  public check(
    { urn }: Call,
    raw: Properties,
    oldInputs: Properties,
  ): { inputs: Properties; mistakes: readonly Mistake[] } {
    // The engine does not say which inputs are ignored: what state holds passes.
    const { inputs, mistakes } = this.served.check(urn, raw, oldInputs, undefined);
    return { inputs: this.sealed(inputs), mistakes };
  }

  /** Compares state with checked inputs; reads nothing. */
  public diff(compared: Compared): NativeDiff {
    const { changes, replaces } = this.served.resource.compare(compared.outputs, compared.inputs);
    const paths =
      changes === "none" ? new Map<string, PathChange>() : changedPaths(this.served.resource.shape.inputs, compared);
    return { changes: changes !== "none", replaces, paths };
  }

  /**
   * Plans, reading only, and shows the calls to come.
   * @returns the id and the outputs, as far as they are known.
   * @throws {Refusal} where `up` would refuse.
   */
  public async preview(call: Call, inputs: Properties, state: Properties | undefined): Promise<Outcome> {
    const { computed, lasting } = this.served.resource.shape;
    const id = this.served.resource.idOf(inputs);
    const isKnown = !holdsUnknown(id);
    const target = targetOf(call, id);
    const changes = state === undefined ? "remote" : this.served.compare(target, inputs, state).changes;
    // Of a change of local settings the plan shows what it means, without a request.
    if (isKnown && changes !== "none") {
      const refusals = await this.served.preview(target, inputs, state);
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
  public async apply(call: Call, inputs: Properties, state: Properties | undefined): Promise<Outcome> {
    const id = this.served.resource.idOf(inputs);
    try {
      return { id, outputs: this.sealed(await this.served.apply(targetOf(call, id), inputs, state)) };
    } catch (error) {
      throw error instanceof PartialFailure
        ? new StatefulFailure(messageOf(error), { id, outputs: this.sealed(error.outputs) })
        : error;
    }
  }

  /** Reads what is there now; without state, what an import is to take over. */
  public async read(
    call: Call,
    id: string,
    state: Properties,
  ): Promise<(Outcome & { readonly inputs: Properties }) | undefined> {
    const reading = await this.served.read(targetOf(call, id), state);
    return reading === undefined
      ? undefined
      : {
          id: this.served.resource.idOf(reading.inputs),
          inputs: this.sealed(reading.inputs),
          outputs: this.sealed(reading.outputs),
        };
  }

  /** Does what the policy in state says. */
  public remove(call: Call, id: string, state: Properties): Promise<void> {
    return this.served.remove(targetOf(call, id), state);
  }

  private sealed(properties: Properties): Properties {
    return withSecrets(properties, this.served.resource.secrets);
  }
}

function targetOf({ urn, timeoutSeconds }: Call, id: string): Target {
  return { id, name: nameOf(urn), urn, taskTimeoutMs: timeoutSeconds > 0 ? timeoutSeconds * 1000 : undefined };
}
