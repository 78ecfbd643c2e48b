import { isPlainObject } from "../../../provider/plain-object";
import { CONTEXT_KEY, PROVIDER_KEY } from "../../../provider/edges/dynamic/hidden-keys";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { type EngineSide, PROVIDER } from "./native-adapter";
import { type Properties } from "../../../provider/run/properties";
import { claimOf as customerClaim } from "../../../provider/resources/customer-service-license/claim";
import { claimOf as tenantDeclaration } from "../../../provider/resources/tenant-service-licenses/claim";
import { Crashed, type Session, type World } from "./world";

/** A resource of a program. */
export interface Declared {
  readonly name: string;
  readonly type: "customer" | "tenant";
  readonly inputs: Properties;
}

/** A resource in state. */
export interface StateEntry {
  readonly name: string;
  readonly type: "customer" | "tenant";
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Why the last write of it is not complete; the next `up` forces an update. */
  readonly initErrors: readonly string[];
  /** It was replaced, and is still to be deleted. */
  readonly isReplaced: boolean;
}

/** How a phase of a run ended. */
export interface Outcome {
  readonly ok: boolean;
  readonly crashed: boolean;
  /** What went wrong, as people are shown it. */
  readonly errors: readonly string[];
  /** `create a`, `update a`, `replace a`, `delete a`, `same a`, `gone a`. */
  readonly steps: readonly string[];
}

class Failed extends Error {}

/**
 * A small model of Pulumi's engine, as far as dynamic resources can tell the difference. Every phase is served by a plugin of
 * its own; values pass through protobuf both ways; state passes through JSON between phases.
 */
export class Stack {
  public state: StateEntry[] = [];
  /** Resources that the next `up` replaces whatever diff says, as `--target-replace` does. */
  public readonly toReplace = new Set<string>();

  public constructor(
    private readonly world: World,
    private readonly options: { readonly parallel?: boolean; readonly name?: string } = {},
  ) {}

  /** Preview, and then the update where the preview was fine. */
  public async up(program: readonly Declared[]): Promise<Outcome> {
    const preview = await this.preview(program);
    return preview.ok ? this.update(program) : preview;
  }

  public preview(program: readonly Declared[]): Promise<Outcome> {
    return this.phase((session, steps) => this.registerAll(session, program, true, steps));
  }

  public update(program: readonly Declared[]): Promise<Outcome> {
    return this.phase(async (session, steps) => {
      await this.registerAll(session, program, false, steps);
      const names = new Set(program.map(({ name }) => name));
      const doomed = this.state.filter(({ name, isReplaced }) => isReplaced || !names.has(name));
      await this.deleteAll(session, doomed, steps);
    });
  }

  public destroy(): Promise<Outcome> {
    return this.phase((session, steps) => this.deleteAll(session, this.state, steps));
  }

  public refresh(): Promise<Outcome> {
    return this.phase(async (session, steps) => {
      await this.each([...this.state], async (entry) => {
        const read = await this.call(session, entry.name, async () => {
          const result = await adapter(session, entry.type).read(entry.id, wire(entry.outputs));
          const provider = { [PROVIDER_KEY]: entry.outputs[PROVIDER_KEY] };
          return {
            id: result.id ?? "",
            props: wire({ ...properties(result.props), ...provider }),
            inputs: result.inputs === undefined ? entry.inputs : wire({ ...properties(result.inputs), ...provider }),
          };
        });
        if (read.id === "") {
          steps.push(`gone ${entry.name}`);
          this.state = this.state.filter((other) => other !== entry);
          return;
        }
        // Pulumi compares what it has read with the inputs that were in state, which may be those of an earlier refresh.
        await this.call(session, entry.name, () =>
          adapter(session, entry.type).diff(entry.id, wire(read.props), wire(entry.inputs)),
        );
        steps.push(`read ${entry.name}`);
        this.replaceEntry(entry, { ...entry, inputs: read.inputs, outputs: read.props, initErrors: [] });
      });
    });
  }

  private async phase(work: (session: Session, steps: string[]) => Promise<void>): Promise<Outcome> {
    this.state = JSON.parse(JSON.stringify(this.state)) as StateEntry[];
    const session = this.world.session();
    const steps: string[] = [];
    const errors: string[] = [];
    try {
      await work(session, steps);
    } catch (error) {
      for (const one of error instanceof AggregateError ? (error.errors as unknown[]) : [error]) {
        if (!(one instanceof Failed) && !(one instanceof Crashed)) {
          throw one;
        }
        errors.push(one.message);
      }
    } finally {
      await session.close();
    }
    this.world.texts.push(...errors);
    return { ok: errors.length === 0, crashed: session.isDead, errors, steps };
  }

  /** One after the other, stopping at the first failure; or all at once, as Pulumi does, where none is stopped any more. */
  private async each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    if (this.options.parallel !== true) {
      for (const item of items) {
        await work(item);
      }
      return;
    }
    const ends = await Promise.allSettled(items.map(work));
    const errors = ends.flatMap((end): unknown[] => (end.status === "rejected" ? [end.reason] : []));
    if (errors.length > 0) {
      throw new AggregateError(errors);
    }
  }

  private async registerAll(
    session: Session,
    program: readonly Declared[],
    preview: boolean,
    steps: string[],
  ): Promise<void> {
    const checked: { declared: Declared; inputs: Properties }[] = [];
    // Check is called one at a time; what follows may overlap.
    const register = async (declared: Declared): Promise<void> => {
      checked.push({ declared, inputs: await this.check(session, program, declared, preview) });
    };
    if (this.options.parallel === true) {
      for (const declared of program) {
        await register(declared);
      }
      await this.each(checked, ({ declared, inputs }) => this.step(session, declared, inputs, preview, steps));
      return;
    }
    for (const declared of program) {
      await register(declared);
      const inputs = checked.at(-1)?.inputs ?? {};
      await this.step(session, declared, inputs, preview, steps);
    }
  }

  private async check(
    session: Session,
    program: readonly Declared[],
    declared: Declared,
    preview: boolean,
  ): Promise<Properties> {
    const old = this.find(declared.name);
    const own = new Set(claimsOf(declared).map(objectOf));
    const context = {
      name: declared.name,
      urn: `urn:pulumi:${this.options.name ?? "stack"}::project::${declared.type}::${declared.name}`,
      preview,
      claimedElsewhere: program
        .filter((other) => other !== declared)
        .flatMap(claimsOf)
        .filter((declaration) => own.has(objectOf(declaration))),
    };
    const news = { ...declared.inputs, [PROVIDER_KEY]: PROVIDER, [CONTEXT_KEY]: context };
    const { inputs, failures } = await this.call(session, declared.name, async () => {
      const result = await adapter(session, declared.type).check(wire(old?.inputs ?? {}), wire(news));
      return {
        inputs: wire({ ...properties(result.inputs), [PROVIDER_KEY]: PROVIDER }),
        failures: result.failures ?? [],
      };
    });
    if (failures.length > 0) {
      throw new Failed(failures.map(({ property, reason }) => `${declared.name}: ${property}: ${reason}`).join("\n"));
    }
    return inputs;
  }

  private async step(
    session: Session,
    declared: Declared,
    inputs: Properties,
    preview: boolean,
    steps: string[],
  ): Promise<void> {
    const { name, type } = declared;
    const old = this.find(name);
    if (old === undefined) {
      steps.push(`create ${name}`);
      if (!preview) {
        await this.create(session, declared, inputs);
      }
      return;
    }
    const diff = await this.call(session, name, async () => {
      const result = await adapter(session, type).diff(old.id, wire(old.outputs), wire(inputs));
      return { changes: result.changes === true, replaces: result.replaces ?? [] };
    });
    if (this.toReplace.has(name) || (diff.changes && diff.replaces.length > 0)) {
      steps.push(`replace ${name}`);
      if (!preview) {
        this.replaceEntry(old, { ...old, isReplaced: true });
        await this.create(session, declared, inputs, () => {
          this.state = this.state.map((entry) =>
            entry.name === name && entry.isReplaced && entry.id === old.id ? old : entry,
          );
        });
      }
      return;
    }
    if (!diff.changes && old.initErrors.length === 0) {
      steps.push(`same ${name}`);
      if (!preview) {
        this.replaceEntry(old, { ...old, inputs });
      }
      return;
    }
    steps.push(`update ${name}`);
    if (!preview) {
      await this.change(session, old, inputs);
    }
  }

  private async create(
    session: Session,
    { name, type }: Declared,
    inputs: Properties,
    undo: () => void = () => undefined,
  ): Promise<void> {
    const base = { name, type, inputs, isReplaced: false };
    try {
      const made = await this.call(session, name, async () => {
        const result = await adapter(session, type).create(wire(inputs));
        return { id: result.id, outs: wire({ ...properties(result.outs), [PROVIDER_KEY]: PROVIDER }) };
      });
      this.state.push({ ...base, id: made.id, outputs: made.outs, initErrors: [] });
    } catch (error) {
      const partial = partialOf(error);
      if (partial === undefined) {
        undo();
      } else {
        this.state.push({ ...base, id: partial.id, outputs: partial.properties, initErrors: partial.reasons });
      }
      throw error;
    }
  }

  private async change(session: Session, old: StateEntry, inputs: Properties): Promise<void> {
    try {
      const outputs = await this.call(session, old.name, async () => {
        const result = await adapter(session, old.type).update(old.id, wire(old.outputs), wire(inputs));
        return wire({ ...properties(result.outs), [PROVIDER_KEY]: PROVIDER });
      });
      this.replaceEntry(old, { ...old, inputs, outputs, initErrors: [] });
    } catch (error) {
      const partial = partialOf(error);
      if (partial !== undefined) {
        // The engine keeps the old inputs with the new properties.
        this.replaceEntry(old, { ...old, outputs: partial.properties, initErrors: partial.reasons });
      }
      throw error;
    }
  }

  private async deleteAll(session: Session, entries: readonly StateEntry[], steps: string[]): Promise<void> {
    await this.each([...entries].reverse(), async (entry) => {
      await this.call(session, entry.name, () => adapter(session, entry.type).delete(entry.id, wire(entry.outputs)));
      steps.push(`delete ${entry.name}`);
      this.state = this.state.filter((other) => other !== entry);
    });
  }

  private find(name: string): StateEntry | undefined {
    return this.state.find((entry) => entry.name === name && !entry.isReplaced);
  }

  private replaceEntry(old: StateEntry, entry: StateEntry): void {
    this.state = this.state.map((other) => (other === old ? entry : other));
  }

  /** What a rejection carries is what the host would show: message, reasons, and the stack that it prints. */
  private async call<T>(session: Session, name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await session.call(work);
    } catch (error) {
      if (error instanceof Crashed) {
        throw error;
      }
      if (!(error instanceof Error)) {
        throw new Error(`${name}: something was thrown that is no error: ${String(error)}`, { cause: error });
      }
      if (error.cause !== undefined) {
        throw new Error(`${name}: an error has a cause, which may hold a secret`, { cause: error });
      }
      const partial = partialOf(error);
      const shown = [error.message, error.stack ?? "", String(error), ...(partial?.reasons ?? [])].join("\n");
      throw Object.assign(new Failed(`${name}: ${shown}`), partial ?? {});
    }
  }
}

interface Partial {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: string[];
}

function partialOf(error: unknown): Partial | undefined {
  if (!(error instanceof Error) || !("properties" in error)) {
    return undefined;
  }
  const id: unknown = Reflect.get(error, "id");
  const reasons: unknown = Reflect.get(error, "reasons");
  const { properties: props } = error;
  if (typeof id !== "string" || !isPlainObject(props) || !Array.isArray(reasons)) {
    throw new Error("A partial failure is not in the host's form.", { cause: error });
  }
  if (typeof props[PROVIDER_KEY] !== "string") {
    throw new Error("A partial failure without __provider: refresh and destroy would be dead.", { cause: error });
  }
  return { id, properties: wire(props), reasons: reasons.map(String) };
}

function adapter(session: Session, type: "customer" | "tenant"): EngineSide {
  return session[type];
}

/** What comes out of protobuf at the other end; throws on what it cannot carry. */
function wire(value: Properties): Properties {
  return Struct.fromJavaScript(value as Record<string, JavaScriptValue>).toJavaScript();
}

function properties(value: unknown): Properties {
  return isPlainObject(value) ? value : {};
}

function claimsOf({ type, inputs }: Declared): string[] {
  if (type === "customer") {
    const guid = inputs["customerGuid"];
    return typeof guid === "string" ? [customerClaim(guid.toLowerCase())] : [];
  }
  const { tenantId } = inputs;
  return typeof tenantId === "string"
    ? (["groupServices", "userServices"] as const).flatMap((kind) =>
        Object.keys(properties(inputs[kind])).map((service) => tenantDeclaration(tenantId, kind, service)),
      )
    : [];
}

function objectOf(declaration: string): string {
  return declaration.split(": ", 1)[0] ?? declaration;
}
