/**
 * What the dynamic-provider plugin loads. The texts in the resource classes that require this file lie in users' state: this
 * subpath and its two names stay exported for ever, and the code behind them reads state that any earlier version has written.
 */
import { createRedactor } from "./apis/transport/redact";
import { cancellationSignal } from "./edges/dynamic/cancellation";
import { INSTANCE_KEY } from "./edges/dynamic/hidden-keys";
import { DynamicHostAdapter } from "./edges/dynamic/host-adapter";
import { endWith } from "./run/end-with-engine";
import { engineAddress } from "./run/engine-address";
import { engineLogAt } from "./run/engine-log";
import { engineAt } from "./run/engine-presence";
import { hidingSecrets } from "./run/hidden-secrets";
import type { LicenseResource } from "./run/license-resource";
import { PluginRun } from "./run/plugin-run";
import { declarationsOf } from "./run/declarations-of";
import { findEngineProcess } from "./run/engine-process";
import { addressIn } from "./settings/address";
import type { Properties } from "./run/properties";
import { DynamicRun } from "./edges/dynamic/dynamic-run";
import { safeLog, safeText } from "./run/safe-text";
import { ReductionBrake } from "./run/reduction-brake";
import { CustomerServiceLicenseLifecycle } from "./resources/customer-service-license/lifecycle";
import { TenantServiceLicensesLifecycle } from "./resources/tenant-service-licenses/lifecycle";
import { connecting, readReductionLimits, settingsFrom, type SettingsSource, STACK_KEYS } from "./settings";
import type { Systems as SystemsType } from "./systems";
import { systemClock } from "./time/clock";

const debug = /^(?:1|true)$/i.test(process.env["VOICE_LICENSES_DEBUG"] ?? "");
const address = engineAddress();
const redactor = createRedactor();
const log = safeLog(engineLogAt(address), (text) => redactor.redact(text));
const presence = engineAt(address);
endWith(presence);

const unconfigured = settingsOf({});
let settings = unconfigured;
const run: DynamicRun = new DynamicRun(
  new PluginRun({
    clock: systemClock,
    log,
    presence,
    signal: cancellationSignal(),
    declarations: declarationsOf({
      clock: systemClock,
      engine: address,
      cli: findEngineProcess(),
      instance: { label: () => run.instance, addressOf: (system) => addressIn(settings, system) },
    }),
    // What this provider is configured with wins: an instance may have limits of its own.
    brake: new ReductionBrake(() =>
      readReductionLimits({
        ...settings,
        configuration: (key) => settings.configuration(key) ?? run.limit(key),
        environment: process.env,
      }),
    ),
  }),
);
let connected: SystemsType | undefined;

/** Loads the clients when the first request is to be made: a run that changes nothing makes none. */
function systems(): SystemsType {
  if (connected === undefined) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load them with the plugin
    const { Systems } = require("./systems") as typeof import("./systems");
    connected = new Systems({
      ...settings,
      clock: systemClock,
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
}

/** What this provider is configured with: that of an instance carries a mark. */
function settingsOf({ [INSTANCE_KEY]: mark, ...configuration }: Properties): SettingsSource {
  return settingsFrom(configuration, { audience: mark === undefined ? "stack" : "instance", environment: process.env });
}

/** Connects to a system; only a program brings in what was set since the last run. */
function connect<T>(system: () => T): T {
  return connecting(system, () => !run.hasProgram);
}

function serve(resource: LicenseResource): DynamicHostAdapter {
  return new DynamicHostAdapter(hidingSecrets(resource, redactor), {
    run,
    debug,
    safe: (text) => safeText(redactor.redact(text)),
    configure: (configuration, all) => {
      // The host hands the same to each resource's provider.
      if (settings === unconfigured) {
        const keys = [...STACK_KEYS, INSTANCE_KEY];
        settings = settingsOf(all ?? Object.fromEntries(keys.map((key) => [key, configuration(key)])));
        connected = undefined;
      }
    },
  });
}

const customers = serve(new CustomerServiceLicenseLifecycle(() => connect(() => systems().livePlatform())));
const tenants = serve(new TenantServiceLicensesLifecycle(() => connect(() => systems().tenantGateway())));

/** The provider of `CustomerServiceLicense`. */
export function customerServiceLicense(): DynamicHostAdapter {
  return customers;
}

/** The provider of `TenantServiceLicenses`. */
export function tenantServiceLicenses(): DynamicHostAdapter {
  return tenants;
}
