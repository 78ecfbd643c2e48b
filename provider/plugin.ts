/** The native plugin: puts the rooms together for Pulumi's engine, which starts this file as a process of its own. */
import { setMaxListeners } from "node:events";
import { credentials } from "@grpc/grpc-js";
import schema from "../schema.json";
import { createRedactor } from "./apis/transport/redact";
import { messageOf } from "./errors";
import { InstanceConfiguration } from "./edges/native/instance-configuration";
import { NativeResource, type ServedResource } from "./edges/native/native-resource";
import { serveNative } from "./edges/native/server";
import type { NativeHost } from "./edges/native/service";
import { CustomerLookup } from "./resources/customer-service-license/customer-lookup";
import { readCustomerQuery } from "./resources/customer-service-license/customer-query";
import { customerFields, customerOutputs } from "./resources/customer-service-license/fields";
import { CustomerServiceLicenseLifecycle } from "./resources/customer-service-license/lifecycle";
import type { Fields, Outputs } from "./resources/fields";
import { tenantFields, tenantOutputs } from "./resources/tenant-service-licenses/fields";
import { TenantServiceLicensesLifecycle } from "./resources/tenant-service-licenses/lifecycle";
import { declarationsOf } from "./run/declarations-of";
import { endWith } from "./run/end-with-engine";
import { engineAddress } from "./run/engine-address";
import { engineLogAt } from "./run/engine-log";
import { engineAt } from "./run/engine-presence";
import { Cancelled } from "./run/failures";
import type { LicenseResource } from "./run/license-resource";
import { hidingSecrets } from "./run/hidden-secrets";
import { PluginRun } from "./run/plugin-run";
import type { Properties } from "./run/properties";
import { ReductionBrake } from "./run/reduction-brake";
import { safeLog, safeText } from "./run/safe-text";
import { type EngineProcess, findEngineProcess } from "./run/engine-process";
import { connecting, type Environment } from "./settings";
import type { Systems as SystemsType } from "./systems";
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
export function createPlugin(surroundings: PluginSurroundings): NativeHost {
  const {
    engine,
    environment,
    clock,
    version,
    meetingFolder: folder,
    cli = findEngineProcess(environment),
  } = surroundings;
  const debug = /^(?:1|true)$/i.test(environment["VOICE_LICENSES_DEBUG"] ?? "");
  const redactor = createRedactor();
  const redact = (text: string): string => redactor.redact(text);
  const log = safeLog(
    engineLogAt(engine, () => credentials.createInsecure()),
    redact,
  );
  const cancellation = new AbortController();
  // Every request and pause of a run listens to it, hundreds at a time: no leak, and nothing to warn of.
  setMaxListeners(0, cancellation.signal);

  const instance = new InstanceConfiguration(environment);
  let connected: SystemsType | undefined;
  const systems = (): SystemsType => {
    if (connected === undefined) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load the clients with the plugin
      const { Systems } = require("./systems") as typeof import("./systems");
      connected = new Systems({
        ...instance.settings,
        clock,
        redactor,
        onRequest: debug
          ? (line) => {
              log.log("debug", line, undefined);
            }
          : undefined,
        onWarning: (line) => {
          log.log("warning", line, undefined);
        },
      });
    }
    return connected;
  };
  const connect = <T>(system: () => T): T => connecting(system, () => instance.isFromState);
  const run = new PluginRun({
    clock,
    log,
    presence: engineAt(engine),
    signal: cancellation.signal,
    brake: new ReductionBrake(() => instance.limits()),
    declarations: declarationsOf({
      clock,
      engine,
      cli,
      folder,
      instance: { label: () => instance.label, addressOf: (system) => instance.addressOf(system) },
    }),
  });
  const customers = new CustomerServiceLicenseLifecycle(() => connect(() => systems().livePlatform()));
  const tenants = new TenantServiceLicensesLifecycle(() => connect(() => systems().tenantGateway()));
  const serve = (resource: LicenseResource, inputs: Fields, outputs: Outputs): [string, NativeResource] => [
    token(resource.typeName),
    new NativeResource(
      { resource: hidingSecrets(resource, redactor), inputs: Object.keys(inputs), ...computedOf(outputs) },
      run,
    ),
  ];
  const lookup = new CustomerLookup(() => systems().livePlatform(), cancellation.signal);

  return {
    version,
    schema: () => JSON.stringify({ ...schema, version }),
    checkConfiguration: (urn, raw) => instance.check(urn, raw),
    configure: (urn, raw, secrets) => {
      instance.take(urn, raw, secrets);
    },
    resources: new Map([
      serve(customers, customerFields, customerOutputs),
      serve(tenants, tenantFields, tenantOutputs),
    ]),
    functions: new Map([
      [token("getCustomer"), (args) => run.declarations.duringLookup(() => getCustomer(lookup, args))],
    ]),
    cancel: () => {
      cancellation.abort(new Cancelled());
    },
    safe: (text) => safeText(redact(text)),
  };
}

/** The token of a resource or function of the package. */
function token(name: string): string {
  return `${schema.name}:index:${name}`;
}

/** The outputs that are no inputs, and those of them that no update changes. */
function computedOf(outputs: Outputs): Pick<ServedResource, "computed" | "lasting"> {
  const finished = Object.entries(outputs).filter(([, { output }]) => output.unfinished !== true);
  return {
    computed: finished.map(([name]) => name),
    lasting: finished.filter(([, { output }]) => output.lasts === true).map(([name]) => name),
  };
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
