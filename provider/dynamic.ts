/**
 * What the dynamic-provider plugin loads. The texts in the resource classes that require this file lie in users' state: this
 * subpath and its two names stay exported for ever, and the code behind them reads state that any earlier version has written.
 */
import { compose } from "./compose";
import { cancellationSignal } from "./hosts/dynamic/cancellation";
import { DynamicRun } from "./hosts/dynamic/dynamic-run";
import { INSTANCE_KEY } from "./hosts/dynamic/hidden-keys";
import { DynamicHostAdapter } from "./hosts/dynamic/host-adapter";
import type { ServedResource } from "./resource/served-resource";
import { endWith } from "./resource/end-with-engine";
import { engineAddress } from "./resource/engine-address";
import { engineLogAt } from "./resource/engine-log";
import { engineAt } from "./resource/engine-presence";
import { findEngineProcess } from "./resource/engine-process";
import type { Properties } from "./resource/properties";
import { readReductionLimits, settingsFrom, type SettingsSource, STACK_KEYS } from "./systems/settings";
import { addressIn } from "./systems/settings/address";
import { systemClock } from "./time/clock";

const engine = engineAddress();
const environment = process.env;
const presence = engineAt(engine);
endWith(presence);

const unconfigured = settingsOf({});
let settings = unconfigured;
const run = new DynamicRun();
const { customers, tenants, debug, safe } = compose(
  {
    clock: systemClock,
    environment,
    engine,
    cli: findEngineProcess(),
    log: engineLogAt(engine),
    presence,
    signal: cancellationSignal(),
  },
  {
    instance: { label: () => run.instance, addressOf: (system) => addressIn(settings, system) },
    settings: () => settings,
    // What this provider is configured with wins: an instance may have limits of its own.
    limits: () =>
      readReductionLimits({
        ...settings,
        configuration: (key) => settings.configuration(key) ?? run.limit(key),
        environment,
      }),
    // Only a program brings in what was set since the last run.
    isFromState: () => !run.hasProgram,
  },
);

/** What this provider is configured with: that of an instance carries a mark. */
function settingsOf({ [INSTANCE_KEY]: mark, ...configuration }: Properties): SettingsSource {
  return settingsFrom(configuration, { audience: mark === undefined ? "stack" : "instance", environment });
}

function adapt(served: ServedResource): DynamicHostAdapter {
  return new DynamicHostAdapter(served, {
    run,
    debug,
    safe,
    configure: (configuration, all) => {
      // The host hands the same to each resource's provider.
      if (settings === unconfigured) {
        const keys = [...STACK_KEYS, INSTANCE_KEY];
        settings = settingsOf(all ?? Object.fromEntries(keys.map((key) => [key, configuration(key)])));
      }
    },
  });
}

const customerAdapter = adapt(customers);
const tenantAdapter = adapt(tenants);

/** The provider of `CustomerServiceLicense`. */
export function customerServiceLicense(): DynamicHostAdapter {
  return customerAdapter;
}

/** The provider of `TenantServiceLicenses`. */
export function tenantServiceLicenses(): DynamicHostAdapter {
  return tenantAdapter;
}
