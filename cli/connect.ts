import { setMaxListeners } from "node:events";
import { createRedactor, type Redactor } from "../provider/apis/transport/redact";
import { Systems } from "../provider/systems";
import { systemClock } from "../provider/time/clock";

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
  const systems = new Systems({ configuration: () => undefined, environment, clock: systemClock, redactor });
  const { signal } = new AbortController();
  // Every request listens to it, hundreds at a time: no leak, and nothing to warn of.
  setMaxListeners(0, signal);
  return { systems, signal, redactor };
}
