import type { Simulator } from "../../../../simulator";
import { startSimulator } from "../../../../simulator";
import { SimulatorAdmin } from "../../../support/live-simulator";
import { DEFAULT_PROVIDER, NativePlugin, urnOf } from "../../../support/native-plugin";
import { FakeEngine, LOADERS, PluginError, PluginHost, type Properties } from "../../../support/plugin-host";

/** A resource as a program declares it. */
export interface Declared {
  readonly type: "CustomerServiceLicense" | "TenantServiceLicenses";
  readonly name: string;
  readonly inputs: Properties;
}

/** A resource as state holds it. */
export interface InState {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What a step of a scenario came to: state, or a failure, with or without state. */
interface Outcome {
  readonly state: InState | undefined;
  readonly failure: string | undefined;
}

/** What an edge does for the engine, one resource at a time, in the words of the engine. */
export interface Edge {
  /** Plans a create or an update; `undefined` where it is not refused. */
  preview(declared: Declared, state: InState | undefined): Promise<string | undefined>;
  /** Creates or updates. */
  up(declared: Declared, state: InState | undefined): Promise<Outcome>;
  refresh(declared: Declared, state: InState): Promise<InState | undefined>;
  destroy(declared: Declared, state: InState): Promise<string | undefined>;
}

/** The world of one scenario at one edge. */
export class EdgeWorld {
  private constructor(
    public readonly edge: Edge,
    private readonly simulator: Simulator,
    private readonly engine: FakeEngine,
    private readonly stopEdge: () => Promise<void>,
  ) {}

  public readonly admin = new SimulatorAdmin(() => this.simulator.url);

  public static async start(
    kind: "dynamic" | "native",
    environment: Readonly<Record<string, string>> = {},
  ): Promise<EdgeWorld> {
    const simulator = await startSimulator();
    const engine = await FakeEngine.start();
    const all = {
      ...simulator.environment,
      LIVE_PLATFORM_POLL_INTERVAL: "20ms",
      LIVE_PLATFORM_LOST_ANSWER_GRACE: "500ms",
      LIVE_PLATFORM_VERIFY_TIMEOUT: "300ms",
      TENANT_GATEWAY_VERIFY_TIMEOUT: "300ms",
      LIVE_PLATFORM_MAX_RETRIES: "0",
      TENANT_GATEWAY_MAX_RETRIES: "0",
      ...environment,
    };
    if (kind === "dynamic") {
      const host = await PluginHost.start(all, engine.address);
      return new EdgeWorld(new DynamicEdge(host), simulator, engine, () => host.stop());
    }
    const plugin = await NativePlugin.start(all, engine.address);
    await plugin.configure(DEFAULT_PROVIDER, {});
    return new EdgeWorld(new NativeEdge(plugin), simulator, engine, () => {
      plugin.stop();
      return Promise.resolve();
    });
  }

  /** The requests so far, with their bodies; a read that is made again and again, as of a task, counts once. */
  public async requests(): Promise<string[]> {
    const all = await this.admin.requests("livePlatform", "gateway");
    return all
      .map(({ method, path, body }) => withoutTasks(`${method} ${path} ${JSON.stringify(body ?? null)}`))
      .filter((request, index, others) => !request.startsWith("GET") || request !== others[index - 1]);
  }

  /** The lines that stay on the screen. */
  public lines(): string[] {
    return this.engine.lines.filter(({ ephemeral }) => !ephemeral).map(({ message }) => withoutTasks(message));
  }

  public async stop(): Promise<void> {
    await this.stopEdge();
    this.engine.stop();
    await this.simulator.close();
  }
}

/** Ids of tasks are drawn, and how long something took differs each time. */
export function withoutTasks(text: string): string {
  return text
    .replace(/tsk_\w+/g, "tsk_…")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "…Z")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1")
    .replace(/\b\d+ (?:ms|s)\b/g, "… s");
}

/**
 * The dynamic host shows what diff, read and delete say on the row of the stack, so its messages begin with the resource's name; the
 * native plugin's are shown on the resource's own row.
 */
class DynamicEdge implements Edge {
  public constructor(private readonly host: PluginHost) {}

  public async preview(declared: Declared, state: InState | undefined): Promise<string | undefined> {
    return failureOf(async () => {
      const inputs = await this.check(declared, state, true);
      if (state !== undefined) {
        await this.host.diff(state.id, withLoader(declared, state.outputs), inputs);
      }
    });
  }

  public async up(declared: Declared, state: InState | undefined): Promise<Outcome> {
    return outcomeOf(declared, state, async () => {
      const inputs = await this.check(declared, state, false);
      if (state === undefined) {
        const { id, outputs } = await this.host.create(inputs);
        return { id, inputs, outputs };
      }
      const { changes } = await this.host.diff(state.id, withLoader(declared, state.outputs), inputs);
      const outputs = changes
        ? await this.host.update(state.id, withLoader(declared, state.outputs), inputs)
        : state.outputs;
      return { id: state.id, inputs, outputs };
    });
  }

  public async refresh(declared: Declared, state: InState): Promise<InState | undefined> {
    const { id, inputs, outputs } = await this.host.read(state.id, withLoader(declared, state.outputs));
    return id === "" ? undefined : plain({ id, inputs, outputs });
  }

  public destroy(declared: Declared, state: InState): Promise<string | undefined> {
    return failureOf(() => this.host.delete(state.id, withLoader(declared, state.outputs)));
  }

  private async check(declared: Declared, state: InState | undefined, preview: boolean): Promise<Properties> {
    const { type, name } = declared;
    const urn = `urn:pulumi:test::p::pulumi-nodejs:dynamic/voice-licenses:${type}::${name}`;
    const context = { name, urn, preview, readAhead: "[]" };
    const olds = state === undefined ? {} : withLoader(declared, state.inputs);
    const { inputs, failures } = await this.host.check(olds, {
      ...withLoader(declared, declared.inputs),
      __context: context,
    });
    refuse(failures);
    return inputs;
  }
}

class NativeEdge implements Edge {
  public constructor(private readonly plugin: NativePlugin) {}

  public async preview(declared: Declared, state: InState | undefined): Promise<string | undefined> {
    return failureOf(async () => {
      const urn = urnOf(declared.type, declared.name);
      const inputs = await this.check(declared, state);
      if (state === undefined) {
        await this.plugin.create(urn, inputs, { preview: true });
      } else if ((await this.plugin.diff(urn, state.outputs, state.inputs, inputs)).changes) {
        await this.plugin.update(urn, state.id, state.outputs, inputs, { preview: true });
      }
    });
  }

  public async up(declared: Declared, state: InState | undefined): Promise<Outcome> {
    const urn = urnOf(declared.type, declared.name);
    return outcomeOf(declared, state, async () => {
      const inputs = await this.check(declared, state);
      if (state === undefined) {
        const { id, outputs } = await this.plugin.create(urn, inputs);
        return { id, inputs, outputs };
      }
      const { changes } = await this.plugin.diff(urn, state.outputs, state.inputs, inputs);
      const outputs = changes ? await this.plugin.update(urn, state.id, state.outputs, inputs) : state.outputs;
      return { id: state.id, inputs, outputs };
    });
  }

  public async refresh(declared: Declared, state: InState): Promise<InState | undefined> {
    const read = await this.plugin.read(urnOf(declared.type, declared.name), state.id, state.outputs);
    return read.id === "" ? undefined : read;
  }

  public destroy(declared: Declared, state: InState): Promise<string | undefined> {
    return failureOf(() => this.plugin.delete(urnOf(declared.type, declared.name), state.id, state.outputs));
  }

  private async check(declared: Declared, state: InState | undefined): Promise<Properties> {
    const { inputs, failures } = await this.plugin.check(
      urnOf(declared.type, declared.name),
      declared.inputs,
      state?.inputs,
    );
    refuse(failures);
    return inputs;
  }
}

function withLoader({ type }: Declared, properties: Properties): Properties {
  return { ...properties, __provider: type === "CustomerServiceLicense" ? LOADERS.customer : LOADERS.tenant };
}

function refuse(failures: readonly { property: string; reason: string }[]): void {
  if (failures.length > 0) {
    throw new Error(
      failures.map(({ property, reason }) => (property === "" ? reason : `${property}: ${reason}`)).join("\n"),
    );
  }
}

async function failureOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** The message of a failure, without what differs each time, the resource's name before it, and how each edge calls its settings. */
export function messageOf(error: unknown): string {
  return withoutTasks(error instanceof Error ? error.message : String(error))
    .replace(/^(?:foo|contoso|d5253892-[^:]*): /, "")
    .replace(/\b(livePlatform|tenantGateway)[.:](?=baseUrl\b)/g, "$1 ");
}

async function outcomeOf(
  declared: Declared,
  before: InState | undefined,
  work: () => Promise<InState>,
): Promise<Outcome> {
  try {
    return { state: plain(await work()), failure: undefined };
  } catch (error) {
    const failure = messageOf(error);
    const partial = error instanceof PluginError ? error.partial : undefined;
    // After a failed update the engine keeps the old inputs.
    const state =
      partial === undefined
        ? before
        : { id: partial.id, inputs: before?.inputs ?? declared.inputs, outputs: partial.properties };
    return { state: state === undefined ? undefined : plain(state), failure };
  }
}

function plain({ id, inputs, outputs }: InState): InState {
  const without = (properties: Properties): Properties =>
    Object.fromEntries(Object.entries(properties).filter(([name]) => name !== "__provider"));
  return { id, inputs: without(inputs), outputs: without(outputs) };
}
