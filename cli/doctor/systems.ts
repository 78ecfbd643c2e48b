import { apiPathOf, type CoreStatus } from "../../provider/apis/core-status";
import { messageOf } from "../../provider/errors";
import {
  ALL_SETTINGS,
  type ConnectionSettings,
  type Environment,
  type LivePlatformSettings,
  problemsOf,
  type SettingsPrefix,
  type TenantGatewaySettings,
} from "../../provider/settings";
import type { Systems } from "../../provider/systems";
import { counted } from "../../provider/text/count";
import { shown } from "../../provider/text/shown";
import { fail, type Finding, ok, skipped, type Step } from "./check";
import { checkName, checkProxy, checkTls, type Host } from "./network";

/** What the checks work with. */
export interface Examined {
  /** Connects without many retries, so that a host that cannot be reached shows soon. */
  readonly systems: Systems;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** Whether the environment says where a system is, or how to log in to it; a limit or a time-out alone asks for no check. */
export function isConfigured(prefix: SettingsPrefix, environment: Environment): boolean {
  return ALL_SETTINGS.some(
    (setting) =>
      setting.prefix === prefix &&
      (setting.required !== undefined || setting.credential === true) &&
      (environment[setting.variable] ?? "") !== "",
  );
}

/** The variables that a system needs at least. */
export function neededVariables(prefix: SettingsPrefix): string[] {
  return ALL_SETTINGS.filter((setting) => setting.prefix === prefix && setting.required !== undefined).map(
    ({ variable }) => variable,
  );
}

/** The checks of the Live Platform, in their order. */
export function livePlatformSteps(examined: Examined): Step[] {
  const { systems, signal } = examined;
  const system = "Live Platform";
  const connected = once(() => systems.livePlatform());
  const host = (): Host => hostOf("LIVE_PLATFORM", connected().settings);
  const tokenHost = (): Host | undefined => {
    const { settings } = connected();
    return settings.authorization.kind === "accessToken"
      ? undefined
      : {
          ...hostOf("LIVE_PLATFORM", settings),
          url: new URL(settings.authorization.authUrl),
          variable: "LIVE_PLATFORM_AUTH_URL",
        };
  };
  return [
    { system, name: "settings", run: () => settingsFinding(connected, describePlatform) },
    ...networkSteps(system, host, examined),
    ...networkSteps("token service", tokenHost, examined),
    loginStep(system, connected, "an access token was obtained", signal),
    {
      system,
      name: "customers",
      run: () => attempt(async () => ok(counted((await connected().api.listCustomers(signal)).length, "customer"))),
    },
  ];
}

/** The checks of the tenant gateway, in their order. */
export function tenantGatewaySteps(examined: Examined): Step[] {
  const { systems, signal } = examined;
  const system = "tenant gateway";
  const connected = once(() => systems.tenantGateway());
  return [
    { system, name: "settings", run: () => settingsFinding(connected, describeGateway) },
    ...networkSteps(system, () => hostOf("TENANT_GATEWAY", connected().settings), examined),
    {
      system,
      name: "APIO Core",
      run: () => {
        const { api, settings } = connected();
        return isBehindCore(settings)
          ? attempt(async () => coreFinding(await api.coreStatus(signal), settings))
          : skipped("the gateway is reached without it");
      },
    },
    loginStep(system, connected, "logged in", signal),
    {
      system,
      name: "tenants",
      run: () => attempt(async () => ok(counted((await connected().api.listTenants(signal)).length, "tenant"))),
    },
  ];
}

/** What both systems have that a login needs. */
interface WithLogin {
  readonly api: { logIn(signal?: AbortSignal): Promise<void> };
  readonly settings: { readonly authorization: { readonly kind: string } };
}

function loginStep(system: string, connected: () => WithLogin, done: string, signal: AbortSignal): Step {
  return {
    system,
    name: "login",
    run: () =>
      connected().settings.authorization.kind === "accessToken"
        ? skipped("with a ready access token; the next check tries it")
        : attempt(async () => {
            await connected().api.logIn(signal);
            return ok(done);
          }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function networkSteps(system: string, host: () => Host | undefined, { environment }: Examined): Step[] {
  const step = (name: string, check: (one: Host, environment: Environment) => Finding | Promise<Finding>): Step => ({
    system,
    name,
    run: () => {
      const one = host();
      return one === undefined ? skipped("not needed with a ready access token") : check(one, environment);
    },
  });
  return [step("proxy", checkProxy), step("name resolution", checkName), step("TLS", checkTls)];
}

function hostOf(prefix: string, { baseUrl, caFile, requestTimeoutMs }: ConnectionSettings): Host {
  return {
    url: new URL(baseUrl),
    variable: `${prefix}_BASE_URL`,
    caVariable: `${prefix}_CA_FILE`,
    caFile,
    timeoutMs: requestTimeoutMs,
  };
}

function settingsFinding<T extends { settings: object }>(
  connected: () => T,
  describe: (settings: T["settings"]) => string,
): Finding {
  const problems = problemsOf(connected);
  return problems.length > 0 ? fail(problems.join(" ")) : ok(describe(connected().settings));
}

function describePlatform({ baseUrl, authorization }: LivePlatformSettings): string {
  return `${baseUrl}, with ${authorization.kind === "accessToken" ? "a ready access token" : "client credentials"}`;
}

function describeGateway({ baseUrl, apiPath, authorization }: TenantGatewaySettings): string {
  const how = {
    accessToken: "a ready access token",
    core: "a login at APIO Core",
    gateway: "a login at the gateway",
  }[authorization.kind];
  return `${baseUrl}${apiPath}, with ${how}`;
}

function isBehindCore({ apiPath, authorization }: TenantGatewaySettings): boolean {
  return authorization.kind === "core" || apiPath.startsWith("/api/v01/");
}

/** Whether Core is well and has a gateway where the settings look for one. */
export function coreFinding(
  status: CoreStatus | undefined,
  { apiPath, baseUrl }: Pick<TenantGatewaySettings, "apiPath" | "baseUrl">,
): Finding {
  if (status === undefined) {
    return fail(`${baseUrl} is not APIO Core: check TENANT_GATEWAY_BASE_URL and TENANT_GATEWAY_AUTHENTICATION.`);
  }
  const { health, gateways } = status;
  if (health.toLowerCase() !== "ok") {
    return fail(`its health is "${shown(health, 100)}": ask who runs it.`);
  }
  if (gateways === undefined) {
    return ok("its health is ok; it does not show its gateways");
  }
  const listed = gateways
    .map((gateway) => `${shown(apiPathOf(gateway), 100)} (${shown(gateway.name, 100)})`)
    .join(", ");
  return gateways.some((gateway) => apiPathOf(gateway) === apiPath)
    ? ok(`its health is ok, and it has the gateway ${apiPath}`)
    : fail(
        `it has no gateway at ${apiPath}: set TENANT_GATEWAY_API_PATH to one of its gateways: ${listed === "" ? "it shows none" : listed}.`,
      );
}

async function attempt(check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return fail(messageOf(error));
  }
}
