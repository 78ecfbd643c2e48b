import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { compose } from "../../../provider/compose";
import { DynamicRun } from "../../../provider/hosts/dynamic/dynamic-run";
import { CONTEXT_KEY, PROVIDER_KEY } from "../../../provider/hosts/dynamic/hidden-keys";
import { DynamicHostAdapter } from "../../../provider/hosts/dynamic/host-adapter";
import type { ServedResource } from "../../../provider/resource/served-resource";
import { isPlainObject } from "../../../provider/text/plain-object";
import { Cancelled } from "../../../provider/resource/failures";
import type { Properties } from "../../../provider/resource/properties";
import { RunBoard } from "../../../provider/resource/run-board";
import { readReductionLimits } from "../../../provider/systems/settings";
import type { Edge, Failure, Held, Made, Registration, Resource, Surroundings } from "./edge";
import { throughTap } from "./request-tap";

/** The text that loads a dynamic provider. */
const PROVIDER = 'exports.handler=()=>require("pulumi-voice-licenses/dynamic").x()';

const TYPES = {
  customer: "pulumi-nodejs:dynamic/voice-licenses:CustomerServiceLicense",
  tenant: "pulumi-nodejs:dynamic/voice-licenses:TenantServiceLicenses",
} as const;
const ADDRESSES = { livePlatform: "https://platform.example.com", tenantGateway: "https://gw.example.com" } as const;

/** The adapters that Pulumi's dynamic host drives; values pass through protobuf both ways. */
export class DynamicEdge implements Edge {
  private readonly cancellation = new AbortController();
  private readonly served: Readonly<Record<Resource["type"], ServedResource>>;
  private readonly adapters: Readonly<Record<Resource["type"], DynamicHostAdapter>>;

  private readonly program: RunBoard;

  public constructor({ clock, engine, cli, meetingFolder, environment, configuration, tap, say }: Surroundings) {
    this.program = new RunBoard({ engine, cli, folder: meetingFolder });
    const debugging = { ...environment, VOICE_LICENSES_DEBUG: "1" };
    const settings = { configuration: (key: string) => stack(key), environment: debugging };
    let stack: (key: string) => string | undefined = (key) => configuration[key];
    const { customers, tenants, safe } = compose(
      {
        clock,
        environment: debugging,
        engine,
        cli,
        meetingFolder,
        log: {
          log: (kind, text) => {
            say(`${kind}: ${text}`);
          },
          shown: () => Promise.resolve(),
        },
        presence: { assertThere: () => Promise.resolve() },
        signal: this.cancellation.signal,
      },
      {
        instance: { label: () => "the default provider", addressOf: (system) => ADDRESSES[system] },
        settings: () => settings,
        limits: () => readReductionLimits(settings),
        isFromState: () => false,
      },
    );
    const options = {
      run: new DynamicRun(),
      debug: false,
      safe,
      configure: (given: (key: string) => string | undefined): void => {
        stack = given;
      },
    };
    this.served = { customer: customers, tenant: tenants };
    this.adapters = {
      customer: throughTap(tap, new DynamicHostAdapter(customers, options)),
      tenant: throughTap(tap, new DynamicHostAdapter(tenants, options)),
    };
  }

  public configure(): Promise<void> {
    return Promise.resolve();
  }

  public announce(program: readonly Made[]): void {
    for (const { type, name, inputs } of program) {
      const { resource } = this.served[type];
      this.program.write(
        JSON.stringify({
          stage: "announced",
          owner: `${TYPES[type]}::${name}`,
          instance: "the default provider",
          address: ADDRESSES[resource.system],
          claims: resource.claims(inputs),
        }),
      );
    }
  }

  public async check(
    { type, name }: Resource,
    oldInputs: Properties,
    inputs: Properties,
    { isPreview }: Registration,
  ): ReturnType<Edge["check"]> {
    const context = { name, urn: `urn:pulumi:stack::project::${TYPES[type]}::${name}`, preview: isPreview };
    const news = { ...withProvider(inputs), [CONTEXT_KEY]: context };
    const result = await this.adapters[type].check(wire(oldInputs), wire(news));
    return { inputs: wire(withProvider(result.inputs)), failures: result.failures ?? [] };
  }

  public async diff({ type }: Resource, { id, outputs }: Held, inputs: Properties): ReturnType<Edge["diff"]> {
    const { changes, replaces } = await this.adapters[type].diff(id, wire(outputs), wire(inputs));
    return { changes: changes === true, replaces: replaces ?? [] };
  }

  /** `check` and `diff` of a preview have planned already. */
  public preview(): Promise<void> {
    return Promise.resolve();
  }

  public async create({ type }: Resource, inputs: Properties): ReturnType<Edge["create"]> {
    const result = await this.adapters[type].create(wire(inputs));
    return { id: result.id, outputs: wire(withProvider(result.outs)) };
  }

  public async update({ type }: Resource, { id, outputs }: Held, inputs: Properties): Promise<Properties> {
    const result = await this.adapters[type].update(id, wire(outputs), wire(inputs));
    return wire(withProvider(result.outs));
  }

  public async read({ type }: Resource, { id, inputs, outputs }: Held): Promise<Held> {
    const read = await this.adapters[type].read(id, wire(outputs));
    return {
      id: read.id ?? "",
      inputs: read.inputs === undefined ? inputs : wire(withProvider(read.inputs)),
      outputs: wire(withProvider(read.props)),
    };
  }

  public async delete({ type }: Resource, { id, outputs }: Held): Promise<void> {
    await this.adapters[type].delete(id, wire(outputs));
  }

  public cancel(): Promise<void> {
    this.cancellation.abort(new Cancelled());
    return Promise.resolve();
  }

  /** What a rejection carries is what the host would show: message, reasons, and the stack that it prints. */
  public failure(error: unknown): Failure {
    if (!(error instanceof Error)) {
      throw new Error(`something was thrown that is no error: ${String(error)}`, { cause: error });
    }
    if (error.cause !== undefined) {
      throw new Error("an error has a cause, which may hold a secret", { cause: error });
    }
    const partial = partialOf(error);
    return {
      shown: [error.message, error.stack ?? "", String(error), ...(partial?.reasons ?? [])].join("\n"),
      partial,
    };
  }

  public stop(): void {
    // There is nothing to end: no call reaches it any more.
  }
}

function partialOf(error: Error): Failure["partial"] {
  if (!("properties" in error)) {
    return undefined;
  }
  const id: unknown = Reflect.get(error, "id");
  const reasons: unknown = Reflect.get(error, "reasons");
  const { properties } = error;
  if (typeof id !== "string" || !isPlainObject(properties) || !Array.isArray(reasons)) {
    throw new Error("A partial failure is not in the host's form.", { cause: error });
  }
  if (typeof properties[PROVIDER_KEY] !== "string") {
    throw new Error("A partial failure without __provider: refresh and destroy would be dead.", { cause: error });
  }
  return { id, properties: wire(properties), reasons: reasons.map(String) };
}

/** As the host gives them to the engine. */
function withProvider(value: unknown): Properties {
  return { ...(isPlainObject(value) ? value : {}), [PROVIDER_KEY]: PROVIDER };
}

/** What comes out of protobuf at the other end; throws on what it cannot carry. */
function wire(value: Properties): Properties {
  return Struct.fromJavaScript(value as Record<string, JavaScriptValue>).toJavaScript();
}
