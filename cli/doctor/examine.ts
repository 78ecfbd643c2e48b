import { createRedactor } from "../../provider/apis/transport/redact";
import type { OnWarning } from "../../provider/apis/warnings";
import { type Environment, settingsOfEnvironment } from "../../provider/settings";
import { Systems } from "../../provider/systems";
import { systemClock } from "../../provider/time/clock";
import { type Check, fail, runSteps, skipped } from "./check";
import { type Examined, isConfigured, livePlatformSteps, neededVariables, tenantGatewaySteps } from "./systems";

/** Makes all checks of the systems that the environment names. */
export async function examine(environment: Environment, onWarning: OnWarning): Promise<Check[]> {
  const redactor = createRedactor();
  const systems = new Systems({
    ...settingsOfEnvironment(hurried(environment)),
    clock: systemClock,
    redactor,
    onWarning,
  });
  const examined: Examined = { systems, environment, signal: new AbortController().signal };
  const parts = [
    { prefix: "livePlatform", system: "Live Platform", steps: livePlatformSteps },
    { prefix: "tenantGateway", system: "tenant gateway", steps: tenantGatewaySteps },
  ] as const;
  const isNothingConfigured = !parts.some(({ prefix }) => isConfigured(prefix, environment));
  const checks: Check[] = [];
  for (const { prefix, system, steps } of parts) {
    if (isConfigured(prefix, environment)) {
      checks.push(...(await runSteps(steps(examined))));
    } else {
      const detail = `not configured; it needs ${neededVariables(prefix).join(", ")}`;
      checks.push({ system, name: "settings", ...(isNothingConfigured ? fail(`${detail}.`) : skipped(detail)) });
    }
  }
  return checks.map((check) => ({ ...check, detail: redactor.redact(check.detail) }));
}

/** One more try is enough to see whether a host can be reached; a setting that is wrong is left for its own check. */
function hurried(environment: Environment): Environment {
  const retries = (variable: string): Record<string, string> =>
    /^\d{1,3}$/.test(environment[variable] ?? "5") ? { [variable]: "1" } : {};
  return {
    ...environment,
    ...retries("LIVE_PLATFORM_MAX_RETRIES"),
    ...retries("TENANT_GATEWAY_MAX_RETRIES"),
  };
}
