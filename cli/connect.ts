import { setMaxListeners } from "node:events";
import { createRedactor, type Redactor } from "../provider/apis/transport/redact";
import type { LivePlatformSystem } from "../provider/resources/customer-service-license/customers";
import type { TenantGatewaySystem } from "../provider/resources/tenant-service-licenses/observe";
import { SettingsError, settingsOfEnvironment } from "../provider/settings";
import { Systems } from "../provider/systems";
import { systemClock } from "../provider/time/clock";
import { noteLine } from "./output";

/** Both systems as the environment names them, each connected when it is first needed. */
export interface Connection {
  readonly systems: Systems;
  /** Never aborted: Ctrl-C ends a command that only reads. */
  readonly signal: AbortSignal;
  /** Hides the credentials in whatever is printed. */
  readonly redactor: Redactor;
}

/** Connects as the environment variables of `environment` say; there is no stack whose configuration could. */
export function connectSystems(environment: NodeJS.ProcessEnv): Connection {
  const redactor = createRedactor();
  const systems = new Systems({
    ...settingsOfEnvironment(environment),
    clock: systemClock,
    redactor,
    onWarning: (text) => {
      noteLine(`warning: ${text}`);
    },
  });
  const { signal } = new AbortController();
  // Every request listens to it, hundreds at a time: no leak, and nothing to warn of.
  setMaxListeners(0, signal);
  return { systems, signal, redactor };
}

/** Whether a command needs a system: at any rate, or where the environment names it. */
export interface Needs {
  readonly livePlatform: boolean;
  readonly tenantGateway: boolean;
}

/** The systems that a command uses; `undefined` where one is neither needed nor named. */
export interface Connected {
  readonly livePlatform: LivePlatformSystem | undefined;
  readonly tenantGateway: TenantGatewaySystem | undefined;
  readonly signal: AbortSignal;
}

/**
 * Connects to the systems that are needed, and to those that the environment names.
 * @throws {SettingsError} with every setting of both systems that is missing or wrong.
 */
export function connectNeeded(environment: NodeJS.ProcessEnv, needs: Needs): Connected {
  const { systems, signal } = connectSystems(environment);
  const isNamed = (variable: string): boolean => (environment[variable] ?? "") !== "";
  const problems = new Set<string>();
  const connect = <T>(isNeeded: boolean, read: () => T): T | undefined => {
    try {
      return isNeeded ? read() : undefined;
    } catch (error) {
      if (!(error instanceof SettingsError)) {
        throw error;
      }
      error.problems.forEach((problem) => problems.add(problem));
      return undefined;
    }
  };
  const livePlatform = connect(needs.livePlatform || isNamed("LIVE_PLATFORM_BASE_URL"), () => systems.livePlatform());
  const tenantGateway = connect(needs.tenantGateway || isNamed("TENANT_GATEWAY_BASE_URL"), () =>
    systems.tenantGateway(),
  );
  if (problems.size > 0) {
    throw new SettingsError([...problems]);
  }
  return { livePlatform, tenantGateway, signal };
}
