import { setMaxListeners } from "node:events";
import type { ConnectedSystems } from "../inventory/systems";
import { createRedactor, type Redactor } from "../../provider/systems/transport/redact";
import { KINDS, type Section } from "../../provider/kinds";
import type { SystemName } from "../../provider/resource/license-resource";
import { SETTINGS, SettingsError, settingsOfEnvironment } from "../../provider/systems/settings";
import { Systems } from "../../provider/systems/systems";
import { systemClock } from "../../provider/time/clock";
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

/** The systems that a command uses, and its signal. */
export interface Connected extends ConnectedSystems {
  readonly signal: AbortSignal;
}

/** Whether the environment names a system. */
export function isNamed(system: SystemName, environment: NodeJS.ProcessEnv): boolean {
  return (environment[SETTINGS[system].baseUrl.variable] ?? "") !== "";
}

/** The systems that hold objects of these sections. */
export function needsOf(sections: readonly Section[]): Record<SystemName, boolean> {
  const needed = sections.map((section): SystemName => KINDS[section].system);
  return { livePlatform: needed.includes("livePlatform"), tenantGateway: needed.includes("tenantGateway") };
}

/**
 * Connects to the systems that are needed, and to those that the environment names.
 * @throws {SettingsError} with every setting of the systems that is missing or wrong.
 */
export function connectNeeded(environment: NodeJS.ProcessEnv, needs: Readonly<Record<SystemName, boolean>>): Connected {
  const { systems, signal } = connectSystems(environment);
  const problems = new Set<string>();
  const connect = <T>(system: SystemName, read: () => T): T | undefined => {
    try {
      return needs[system] || isNamed(system, environment) ? read() : undefined;
    } catch (error) {
      if (!(error instanceof SettingsError)) {
        throw error;
      }
      error.problems.forEach((problem) => problems.add(problem));
      return undefined;
    }
  };
  const livePlatform = connect("livePlatform", () => systems.livePlatform());
  const tenantGateway = connect("tenantGateway", () => systems.tenantGateway());
  if (problems.size > 0) {
    throw new SettingsError([...problems]);
  }
  return { livePlatform, tenantGateway, signal };
}
