import { type Properties } from "../../../provider/resource/properties";
import type { EngineCommand } from "../../../provider/resource/engine-process";
import type { Failure, Held, Resource } from "./edge";
import { Crashed, type Session, type World } from "./world";

/** A resource of a program. */
export interface Declared extends Resource {
  readonly inputs: Properties;
}

/** A resource in state. */
export interface StateEntry extends Resource, Held {
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

class Failed extends Error {
  public constructor(
    message: string,
    public readonly partial: Failure["partial"],
  ) {
    super(message);
  }
}

/**
 * A small model of Pulumi's engine, as far as a plugin can tell the difference. Every phase is served by a plugin of its own; state passes
 * through JSON between phases.
 */
export class Stack {
  public state: StateEntry[] = [];
  /** Resources that the next `up` replaces whatever diff says, as `--target-replace` does. */
  public readonly toReplace = new Set<string>();

  public constructor(
    private readonly world: World,
    private readonly options: { readonly parallel?: boolean } = {},
  ) {}

  /** Preview, and then the update where the preview was fine. */
  public async up(program: readonly Declared[]): Promise<Outcome> {
    const preview = await this.preview(program);
    return preview.ok ? this.update(program) : preview;
  }

  public preview(program: readonly Declared[]): Promise<Outcome> {
    return this.phase("up", (session, steps) => this.registerAll(session, program, true, steps));
  }

  public update(program: readonly Declared[]): Promise<Outcome> {
    return this.phase("up", async (session, steps) => {
      await this.registerAll(session, program, false, steps);
      const names = new Set(program.map(({ name }) => name));
      const doomed = this.state.filter(({ name, isReplaced }) => isReplaced || !names.has(name));
      await this.deleteAll(session, doomed, steps);
    });
  }

  public destroy(): Promise<Outcome> {
    return this.phase("destroy", (session, steps) => this.deleteAll(session, this.state, steps));
  }

  public refresh(): Promise<Outcome> {
    return this.phase("other", async (session, steps) => {
      await this.each([...this.state], async (entry) => {
        const read = await this.call(session, entry.name, () => session.edge.read(entry, entry));
        if (read.id === "") {
          steps.push(`gone ${entry.name}`);
          this.state = this.state.filter((other) => other !== entry);
          return;
        }
        // Pulumi compares what it has read with the inputs that were in state, which may be those of an earlier refresh.
        const { inputs, outputs } = read;
        await this.call(session, entry.name, () => session.edge.diff(entry, { ...entry, outputs }, entry.inputs));
        steps.push(`read ${entry.name}`);
        this.replaceEntry(entry, { ...entry, inputs, outputs, initErrors: [] });
      });
    });
  }

  private async phase(
    command: EngineCommand,
    work: (session: Session, steps: string[]) => Promise<void>,
  ): Promise<Outcome> {
    this.state = JSON.parse(JSON.stringify(this.state)) as StateEntry[];
    const session = this.world.session(command);
    const steps: string[] = [];
    const errors: string[] = [];
    try {
      await this.call(session, "provider", () => session.edge.configure(command === "up"));
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
    session.edge.announce(program);
    const checked: { declared: Declared; inputs: Properties }[] = [];
    // Check is called one at a time; what follows may overlap.
    const register = async (declared: Declared): Promise<void> => {
      checked.push({ declared, inputs: await this.check(session, declared, preview) });
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

  private async check(session: Session, declared: Declared, preview: boolean): Promise<Properties> {
    const old = this.find(declared.name);
    const { inputs, failures } = await this.call(session, declared.name, () =>
      session.edge.check(declared, old?.inputs ?? {}, declared.inputs, { isPreview: preview }),
    );
    if (failures.length > 0) {
      const lines = failures.map(({ property, reason }) => `${declared.name}: ${property}: ${reason}`);
      throw new Failed(lines.join("\n"), undefined);
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
    const { name } = declared;
    const old = this.find(name);
    if (old === undefined) {
      steps.push(`create ${name}`);
      await (preview ? this.plan(session, declared, undefined, inputs) : this.create(session, declared, inputs));
      return;
    }
    const diff = await this.call(session, name, () => session.edge.diff(declared, old, inputs));
    if (this.toReplace.has(name) || (diff.changes && diff.replaces.length > 0)) {
      steps.push(`replace ${name}`);
      await (preview ? this.plan(session, declared, undefined, inputs) : this.replace(session, declared, old, inputs));
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
    await (preview ? this.plan(session, declared, old, inputs) : this.change(session, old, inputs));
  }

  private plan(session: Session, declared: Declared, old: Held | undefined, inputs: Properties): Promise<void> {
    return this.call(session, declared.name, () => session.edge.preview(declared, old, inputs));
  }

  private async replace(session: Session, declared: Declared, old: StateEntry, inputs: Properties): Promise<void> {
    this.replaceEntry(old, { ...old, isReplaced: true });
    await this.create(session, declared, inputs, () => {
      this.state = this.state.map((entry) =>
        entry.name === old.name && entry.isReplaced && entry.id === old.id ? old : entry,
      );
    });
  }

  private async create(
    session: Session,
    { name, type }: Declared,
    inputs: Properties,
    undo: () => void = () => undefined,
  ): Promise<void> {
    const base = { name, type, inputs, isReplaced: false };
    try {
      const made = await this.call(session, name, () => session.edge.create({ name, type }, inputs));
      this.state.push({ ...base, ...made, initErrors: [] });
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
      const outputs = await this.call(session, old.name, () => session.edge.update(old, old, inputs));
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
      await this.call(session, entry.name, () => session.edge.delete(entry, entry));
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

  private async call<T>(session: Session, name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await session.call(work);
    } catch (error) {
      if (error instanceof Crashed) {
        throw error;
      }
      const { shown, partial } = session.edge.failure(error);
      throw new Failed(`${name}: ${shown}`, partial);
    }
  }
}

function partialOf(error: unknown): Failure["partial"] {
  return error instanceof Failed ? error.partial : undefined;
}
