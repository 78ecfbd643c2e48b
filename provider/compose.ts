/** Puts the rooms together for one plugin process, whichever host calls it. */
import { createRedactor } from "./systems/transport/redact";
import { ServedResource } from "./resource/served-resource";
import { customerServiceLicense } from "./customer/definition";
import { type Definition, licenseResource } from "./resource/definition";
import { tenantServiceLicenses } from "./tenant/definition";
import type { Instance } from "./resource/declarations";
import { declarationsOf } from "./resource/declarations-of";
import type { EngineLog } from "./resource/engine-log";
import type { EnginePresence } from "./resource/engine-presence";
import type { EngineProcess } from "./resource/engine-process";
import { PluginRun } from "./resource/plugin-run";
import { type ReductionLimits, ReductionBrake } from "./resource/reduction-brake";
import { safeLog, safeText } from "./resource/safe-text";
import { connecting, type Environment, type SettingsSource } from "./systems/settings";
import type { Systems as SystemsType } from "./systems/systems";
import type { Clock } from "./time/clock";

/** What a plugin process has of the run that it serves. */
export interface Surroundings {
  readonly clock: Clock;
  readonly environment: Environment;
  /** Where the engine listens; `undefined` where there is none. */
  readonly engine: string | undefined;
  /** The CLI that runs the engine. */
  readonly cli: EngineProcess | undefined;
  /** Where the processes of a run meet, if not in the folder of this user. */
  readonly meetingFolder?: string | undefined;
  readonly log: EngineLog;
  readonly presence: EnginePresence;
  /** Aborted when the user cancels the run. */
  readonly signal: AbortSignal;
}

/** What the provider instance that this process serves is configured with. */
export interface Configured {
  readonly instance: Instance;
  readonly settings: () => SettingsSource;
  readonly limits: () => ReductionLimits;
  /** Whether the settings come from state alone, so that what was set meanwhile is not seen. */
  readonly isFromState: () => boolean;
}

/** What a host serves. */
export interface Composition {
  readonly customers: ServedResource;
  readonly tenants: ServedResource;
  readonly run: PluginRun;
  /** The two systems, connected when they are first needed. */
  readonly systems: () => SystemsType;
  /** Whether errors keep their stack trace, and requests are logged. */
  readonly debug: boolean;
  /** Makes a text safe to show: without secrets and control characters. */
  readonly safe: (text: string) => string;
}

/** A plugin process, ready to be served. */
export function compose(
  surroundings: Surroundings,
  { instance, settings, limits, isFromState }: Configured,
): Composition {
  const { clock, environment, engine, cli, meetingFolder: folder, presence, signal } = surroundings;
  const debug = /^(?:1|true)$/i.test(environment["VOICE_LICENSES_DEBUG"] ?? "");
  const redactor = createRedactor();
  const redact = (text: string): string => redactor.redact(text);
  const log = safeLog(surroundings.log, redact);

  let connected: { systems: SystemsType; by: SettingsSource } | undefined;
  /** Loads the clients when the first request is to be made: a run that changes nothing makes none. */
  const systems = (): SystemsType => {
    const by = settings();
    if (connected?.by !== by) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load them with the plugin
      const { Systems } = require("./systems/systems") as typeof import("./systems/systems");
      const logAs =
        (kind: "debug" | "warning") =>
        (line: string): void => {
          log.log(kind, line, undefined);
        };
      const onRequest = debug ? logAs("debug") : undefined;
      connected = { by, systems: new Systems({ ...by, clock, redactor, onRequest, onWarning: logAs("warning") }) };
    }
    return connected.systems;
  };
  const run = new PluginRun({
    clock,
    log,
    presence,
    signal,
    brake: new ReductionBrake(limits),
    declarations: declarationsOf({ clock, engine, cli, folder, instance }),
  });
  const serve = <State>(definition: Definition<State>): ServedResource =>
    new ServedResource(
      licenseResource(definition, (secret) => {
        redactor.add(secret);
      }),
      run,
    );

  return {
    customers: serve(customerServiceLicense(() => connecting(() => systems().livePlatform(), isFromState))),
    tenants: serve(tenantServiceLicenses(() => connecting(() => systems().tenantGateway(), isFromState))),
    run,
    systems,
    debug,
    safe: (text) => safeText(redact(text)),
  };
}
