/** The native plugin: Pulumi's engine starts this file as a process of its own. */
import { setMaxListeners } from "node:events";
import { credentials } from "@grpc/grpc-js";
import schema from "../schema.json";
import { compose } from "./compose";
import { InstanceConfiguration } from "./hosts/native/instance-configuration";
import { NativeResource } from "./hosts/native/native-resource";
import { serveNative } from "./hosts/native/server";
import type { NativeHost } from "./hosts/native/service";
import { messageOf } from "./text/errors";
import { CustomerLookup, readCustomerQuery } from "./customer/customer-lookup";
import { endWith } from "./resource/end-with-engine";
import { engineAddress } from "./resource/engine-address";
import { engineLogAt } from "./resource/engine-log";
import { engineAt } from "./resource/engine-presence";
import { type EngineProcess, findEngineProcess } from "./resource/engine-process";
import { Cancelled } from "./resource/failures";
import type { Properties } from "./resource/properties";
import type { Environment } from "./systems/settings";
import { type Clock, systemClock } from "./time/clock";

/** The surroundings of a plugin's process. */
export interface PluginSurroundings {
  /** Where the engine listens; `undefined` where there is none. */
  readonly engine: string | undefined;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly version: string;
  /** The CLI that runs the engine; found among the ancestors of this process unless it is given. */
  readonly cli?: EngineProcess | undefined;
  /** Where the processes of a run meet, if not in the folder of this user. */
  readonly meetingFolder?: string | undefined;
}

/** The plugin, ready to be served. */
export function createPlugin({ version, ...surroundings }: PluginSurroundings): NativeHost {
  const { engine, environment, cli = findEngineProcess(environment) } = surroundings;
  const cancellation = new AbortController();
  // Every request and pause of a run listens to it, hundreds at a time: no leak, and nothing to warn of.
  setMaxListeners(0, cancellation.signal);
  const instance = new InstanceConfiguration(environment);
  const { customers, tenants, run, systems, safe } = compose(
    {
      ...surroundings,
      cli,
      log: engineLogAt(engine, () => credentials.createInsecure()),
      presence: engineAt(engine),
      signal: cancellation.signal,
    },
    {
      instance: { label: () => instance.label, addressOf: (system) => instance.addressOf(system) },
      settings: () => instance.settings,
      limits: () => instance.limits(),
      isFromState: () => instance.isFromState,
    },
  );
  const lookup = new CustomerLookup(() => systems().livePlatform(), cancellation.signal);

  return {
    version,
    schema: () => JSON.stringify({ ...schema, version }),
    checkConfiguration: (urn, raw) => instance.check(urn, raw),
    configure: (urn, raw, secrets) => {
      instance.take(urn, raw, secrets);
    },
    resources: new Map(
      [customers, tenants].map((served) => [token(served.resource.typeName), new NativeResource(served)]),
    ),
    functions: new Map([
      [token("getCustomer"), (args) => run.declarations.duringLookup(() => getCustomer(lookup, args))],
    ]),
    cancel: () => {
      cancellation.abort(new Cancelled());
    },
    safe,
  };
}

/** The token of a resource or function of the package. */
function token(name: string): string {
  return `${schema.name}:index:${name}`;
}

async function getCustomer(lookup: CustomerLookup, args: Properties): Promise<Properties> {
  try {
    return { ...(await lookup.find(readCustomerQuery(args))) };
  } catch (error) {
    throw new Error(`getCustomer: ${messageOf(error)}`);
  }
}

declare const PLUGIN_VERSION: string;

/** Serves the engine that started this process: the port is the first line of standard output, and nothing else goes there. */
async function main(): Promise<void> {
  const version = PLUGIN_VERSION;
  const engine = engineAddress();
  const plugin = createPlugin({ engine, environment: process.env, clock: systemClock, version });
  const { port } = await serveNative(plugin);
  process.stdout.write(`${port}\n`);
  endWith(engineAt(engine));
}

if (require.main === module) {
  void main();
}
