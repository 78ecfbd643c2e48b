import { createPlugin } from "../../../provider/plugin";
import type { Properties } from "../../../provider/resource/properties";
import { DEFAULT_PROVIDER, NativePlugin, urnOf } from "../../support/native-plugin";
import { PluginError } from "../../support/plugin-host";
import type { Edge, Failure, Held, Resource, Surroundings } from "./edge";
import { throughTap } from "./request-tap";

/** The native plugin, composed as in its own process, behind a gRPC server and a client as the engine has one. */
export class NativeEdge implements Edge {
  private readonly plugin: Promise<NativePlugin>;
  private readonly configuration: Properties;

  public constructor({ clock, engine, cli, meetingFolder, environment, configuration, tap }: Surroundings) {
    const host = createPlugin({
      engine,
      // Each request is a line too.
      environment: { ...environment, VOICE_LICENSES_DEBUG: "1" },
      clock,
      version: "0.1.0",
      cli,
      meetingFolder,
    });
    const resources = new Map([...host.resources].map(([token, resource]) => [token, throughTap(tap, resource)]));
    this.plugin = NativePlugin.serve({ ...host, resources });
    this.configuration = nested(configuration);
  }

  public async configure(isChecked: boolean): Promise<void> {
    const plugin = await this.plugin;
    await plugin.handshake();
    const { inputs, reasons } = isChecked
      ? await plugin.checkConfig(DEFAULT_PROVIDER, this.configuration)
      : { inputs: this.configuration, reasons: [] };
    if (reasons.length > 0) {
      throw new PluginError(reasons.join("\n"), undefined);
    }
    await plugin.configure(DEFAULT_PROVIDER, inputs);
  }

  /** The engine shows the plugin what a program makes, and nothing else does. */
  public announce(): void {
    // Nobody hears of it.
  }

  public async check(resource: Resource, oldInputs: Properties, inputs: Properties): ReturnType<Edge["check"]> {
    return (await this.plugin).check(urn(resource), inputs, oldInputs);
  }

  public async diff(resource: Resource, state: Held, inputs: Properties): ReturnType<Edge["diff"]> {
    return (await this.plugin).diff(urn(resource), state.outputs, state.inputs, inputs);
  }

  public async preview(resource: Resource, state: Held | undefined, inputs: Properties): Promise<void> {
    const plugin = await this.plugin;
    await (state === undefined
      ? plugin.create(urn(resource), inputs, { preview: true })
      : plugin.update(urn(resource), state.id, state.outputs, inputs, { preview: true }));
  }

  public async create(resource: Resource, inputs: Properties): ReturnType<Edge["create"]> {
    const { id, outputs } = await (await this.plugin).create(urn(resource), inputs);
    return { id, outputs };
  }

  public async update(resource: Resource, state: Held, inputs: Properties): Promise<Properties> {
    return (await this.plugin).update(urn(resource), state.id, state.outputs, inputs);
  }

  public async read(resource: Resource, state: Held): Promise<Held> {
    return (await this.plugin).read(urn(resource), state.id, state.outputs);
  }

  public async delete(resource: Resource, state: Held): Promise<void> {
    await (await this.plugin).delete(urn(resource), state.id, state.outputs);
  }

  public async cancel(): Promise<void> {
    await (await this.plugin).cancel();
  }

  public failure(error: unknown): Failure {
    if (!(error instanceof PluginError)) {
      throw error;
    }
    const { message, partial } = error;
    return { shown: [message, ...(partial?.reasons ?? [])].join("\n"), partial };
  }

  public stop(): void {
    void this.plugin.then((plugin) => {
      plugin.stop();
    });
  }
}

function urn({ type, name }: Resource): string {
  return urnOf(type === "customer" ? "CustomerServiceLicense" : "TenantServiceLicenses", name);
}

/** `livePlatform:baseUrl` and so on, as the objects that the native provider takes. */
function nested(configuration: Readonly<Record<string, string>>): Properties {
  const systems: Record<string, Record<string, string>> = {};
  for (const [key, text] of Object.entries(configuration)) {
    const [system = "", name = ""] = key.split(":");
    systems[system] = { ...systems[system], [name]: text };
  }
  return systems;
}
