import { createRedactor } from "../../../provider/systems/transport/redact";
import type { OnWarning } from "../../../provider/systems/shared/warnings";
import { type Environment, settingsOfEnvironment, type SettingsPrefix } from "../../../provider/systems/settings";
import { Systems } from "../../../provider/systems/systems";
import { systemClock } from "../../../provider/time/clock";
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
  const configured = parts.filter(({ prefix }) => isConfigured(prefix, environment));
  if (configured.length === 0) {
    return [nothingConfigured(parts)];
  }
  const checks: Check[] = [];
  for (const part of parts) {
    if (configured.includes(part)) {
      checks.push(...(await runSteps(part.steps(examined))));
    } else {
      const detail = `not configured; it needs ${neededVariables(part.prefix).join(", ")} in the environment`;
      checks.push({ system: part.system, name: "settings", ...skipped(detail) });
    }
  }
  return checks.map((check) => ({ ...check, detail: redactor.redact(check.detail) }));
}

interface Part {
  readonly prefix: SettingsPrefix;
  readonly system: string;
}

function nothingConfigured(parts: readonly Part[]): Check {
  const needed = parts.map(({ prefix, system }) => `${system} needs ${neededVariables(prefix).join(", ")}`).join("; ");
  return {
    system: "both systems",
    name: "settings",
    ...fail(
      `not configured. doctor reads the environment, not a stack's configuration: ${needed}. To export a value of a stack: export TENANT_GATEWAY_BASE_URL="$(pulumi config get --path voice-licenses:tenantGateway.baseUrl)"`,
    ),
  };
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
