import type { Claim } from "./claim";
import {
  type Changes,
  type Comparison,
  type LicenseResource,
  type Preview,
  refused,
  type ResourceShape,
  type Run,
  type SystemName,
} from "./license-resource";
import type { Properties } from "./properties";
import { holdsUnknown, UNKNOWN_VALUE } from "./unknowns";
import { type CheckedFields, type Field, type Fields, isOptional, namesIn, type Outputs, secretsIn } from "./fields";

/** What a resource is. `State` is what its state remembers, typed. */
export interface Definition<State> {
  /** The type's own name, the last part of its token. */
  readonly typeName: string;
  /** The system that holds its objects. */
  readonly system: SystemName;
  /** The table of its inputs. */
  readonly fields: Fields;
  /** The table of its outputs that are no inputs. */
  readonly outputs: Outputs;
  /** Checks inputs in themselves; reads nothing. Unknown values pass. */
  readonly check: (raw: Properties) => CheckedFields;
  /** What these inputs declare to own. */
  readonly claims: (inputs: Properties) => Claim[];
  /** State as any version of this package wrote it. */
  readonly readState: (properties: Properties) => State;
  /** State as outputs; they hold an input under its own name. */
  readonly writeState: (state: State) => Properties;
  /** The inputs that state stands for: what a program would declare to have just this. */
  readonly inputsOf: (state: State) => Properties;
  /** Whether an earlier run left something unfinished, so that only a look at the system can tell what is there. */
  readonly isPending: (state: State) => boolean;
  /** State with the settings of the program; what a system holds stays as it was seen last. */
  readonly withLocalInputs: (state: State, inputs: Properties) => State;
  /** What preview says where only local inputs change, from state alone. */
  readonly localLines: (state: State, inputs: Properties) => readonly string[];
  /** Plans, reading only; without `state` for a resource to be created. */
  readonly preview: (inputs: Properties, state: State | undefined, run: Run) => Promise<Preview>;
  /** Begins to read what `preview` of a new resource will look at. What goes wrong is told by the preview. */
  readonly readAhead: (id: string, run: Run) => Promise<unknown>;
  /**
   * Observes, plans, applies, verifies.
   * @throws {PartialFailure} where something was done, or is under way, before it failed.
   */
  readonly apply: (inputs: Properties, state: State | undefined, run: Run) => Promise<State>;
  /** State with what is there now, or `undefined` where two witnesses tell that the object is gone. */
  readonly read: (state: State, run: Run) => Promise<State | undefined>;
  /** All that there is of an object that no state knows; `undefined` as for `read`. */
  readonly find: (id: string, run: Run) => Promise<State | undefined>;
  /** Does what the policy in state says of the resource's end. */
  readonly remove: (state: State, run: Run) => Promise<void>;
}

/**
 * The resource that a definition describes.
 * @param hide Is given each secret before anything is done with it: a system may repeat one that it was sent in any answer, in this run
 * or a later one.
 */
export function licenseResource<State>(definition: Definition<State>, hide: (secret: string) => void): LicenseResource {
  const { fields, readState, writeState, inputsOf } = definition;
  const secrets = secretsIn(fields);
  const [identity = ""] = namesIn(fields, "identity");

  const taking = (...all: readonly (Properties | undefined)[]): void => {
    for (const properties of all) {
      for (const value of secrets.map((name) => properties?.[name])) {
        if (typeof value === "string" && value !== UNKNOWN_VALUE) {
          hide(value);
        }
      }
    }
  };
  const stateIn = (properties: Properties | undefined): State | undefined =>
    properties === undefined ? undefined : readState(properties);
  const compare = (properties: Properties, inputs: Properties): Comparison => {
    const state = readState(properties);
    const held = writeState(state);
    if (inputs[identity] !== held[identity]) {
      return { changes: "remote", replaces: [identity] };
    }
    if (definition.isPending(state) || holdsUnknown(inputs)) {
      return { changes: "remote", replaces: [] };
    }
    const declaredBefore = inputsOf(state);
    const changes = Object.entries(fields).map(([name, one]) =>
      changeOf(one, { declared: inputs[name], held: held[name], declaredBefore: declaredBefore[name] }, inputs),
    );
    const most = (["remote", "local"] as const).find((change) => changes.includes(change));
    return { changes: most ?? "none", replaces: [] };
  };
  const isLocal = (properties: Properties, inputs: Properties): boolean =>
    compare(properties, inputs).changes === "local";
  const reading = (state: State | undefined): { inputs: Properties; outputs: Properties } | undefined =>
    state === undefined ? undefined : { inputs: inputsOf(state), outputs: writeState(state) };

  return {
    typeName: definition.typeName,
    system: definition.system,
    secrets,
    shape: shapeOf(definition),
    compare,
    check: (raw) => definition.check(raw),
    idOf: (inputs) => String(inputs[identity]),
    claims: (inputs) => definition.claims(inputs),
    preview: async (inputs, properties, run) => {
      taking(inputs, properties);
      if (holdsUnknown(inputs[identity])) {
        return refused([]);
      }
      const state = stateIn(properties);
      if (properties !== undefined && state !== undefined && isLocal(properties, inputs)) {
        // Nothing is sent, so nothing is read.
        return { refusals: [], lines: definition.localLines(state, inputs), reductions: [] };
      }
      return definition.preview(inputs, state, run);
    },
    readAhead: (id, run) => {
      definition.readAhead(id, run).catch(() => undefined);
    },
    apply: async (inputs, properties, run) => {
      taking(inputs, properties);
      const state = stateIn(properties);
      const now =
        properties !== undefined && state !== undefined && isLocal(properties, inputs)
          ? definition.withLocalInputs(state, inputs)
          : await definition.apply(inputs, state, run);
      return writeState(now);
    },
    read: async (properties, run) => {
      taking(properties);
      return reading(await definition.read(readState(properties), run));
    },
    find: async (id, run) => reading(await definition.find(id, run)),
    remove: async (properties, run) => {
      taking(properties);
      await definition.remove(readState(properties), run);
    },
  };
}

function shapeOf({ fields, outputs }: Pick<Definition<never>, "fields" | "outputs">): ResourceShape {
  const finished = Object.entries(outputs).filter(([, { output }]) => output.unfinished !== true);
  return {
    inputs: Object.keys(fields),
    computed: finished.map(([name]) => name),
    lasting: finished.filter(([, { output }]) => output.lasts === true).map(([name]) => name),
  };
}

/** An input as the program declares it, as state holds it, and as it was declared when state was written. */
interface Compared {
  readonly declared: unknown;
  readonly held: unknown;
  readonly declaredBefore: unknown;
}

/** How one input differs. */
function changeOf(form: Field, { declared, held, declaredBefore }: Compared, inputs: Properties): Changes {
  const facts = form.field;
  if (facts.scope === "local") {
    return declared === held ? "none" : "local";
  }
  if (facts.scope === "identity") {
    return "none";
  }
  if (facts.compare !== undefined) {
    return facts.compare(declared, held, inputs);
  }
  const mayBeSent = declared !== undefined || !isOptional(form);
  if (mayBeSent && !(facts.same ?? Object.is)(declared, held)) {
    return "remote";
  }
  // What is not declared is not sent: state only begins to remember it, or forgets it.
  return (declared === undefined) === (declaredBefore === undefined) ? "none" : "local";
}
