import { wholeOf } from "../../../provider/systems/shared/complete-list";
import { ApiError } from "../../../provider/systems/transport/api-error";
import { messageOf } from "../../../provider/text/errors";
import {
  ALL_SETTINGS,
  type ConnectionSettings,
  type Environment,
  type LivePlatformSettings,
  problemsOf,
  type SettingsPrefix,
  type TenantGatewaySettings,
} from "../../../provider/systems/settings";
import type { Systems } from "../../../provider/systems/systems";
import { counted } from "../../../provider/text/count";
import { coreFinding, gatewayAdvice, isThroughCore, platformAdvice } from "./advice";
import { fail, type Finding, ok, type Step } from "./check";
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
    {
      system,
      name: "login",
      run: () => loginFinding(connected(), "an access token was obtained", signal),
    },
    {
      system,
      name: "customers",
      run: () =>
        attempt(
          async () => ok(counted(wholeOf(await connected().api.listCustomers(signal)).length, "customer")),
          (error) => platformAdvice(error, connected().settings.baseUrl),
        ),
    },
  ];
}

/** The checks of the tenant gateway, in their order. */
export function tenantGatewaySteps(examined: Examined): Step[] {
  const { systems, signal } = examined;
  const system = "tenant gateway";
  const connected = once(() => systems.tenantGateway());
  const core = once(() => connected().api.coreStatus(signal));
  const advise = async (error: ApiError, isLoggedIn: boolean): Promise<string | undefined> => {
    // Where it cannot be told whether Core is there, the call's own advice has to do.
    const status = await core().catch(() => undefined);
    return gatewayAdvice(error, connected().settings, { core: status, isLoggedIn });
  };
  return [
    { system, name: "settings", run: () => settingsFinding(connected, describeGateway) },
    ...networkSteps(system, () => hostOf("TENANT_GATEWAY", connected().settings), examined),
    {
      system,
      name: "APIO Core",
      run: () => {
        const { settings } = connected();
        return isThroughCore(settings) ? attempt(async () => coreFinding(await core(), settings)) : undefined;
      },
    },
    {
      system,
      name: "login",
      run: () => loginFinding(connected(), "logged in", signal, (error) => advise(error, false)),
    },
    {
      system,
      name: "tenants",
      run: () =>
        attempt(
          async () => ok(counted(wholeOf(await connected().api.listTenants(signal)).length, "tenant")),
          (error) => advise(error, true),
        ),
    },
  ];
}

/** What both systems have that a login needs. */
interface WithLogin {
  readonly api: { logIn(signal?: AbortSignal): Promise<void> };
  readonly settings: { readonly authorization: { readonly kind: string } };
}

/** With a ready access token there is no login; the read that follows tries it. */
function loginFinding(
  { api, settings }: WithLogin,
  done: string,
  signal: AbortSignal,
  advise?: Advise,
): Promise<Finding> | undefined {
  return settings.authorization.kind === "accessToken"
    ? undefined
    : attempt(async () => {
        await api.logIn(signal);
        return ok(done);
      }, advise);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function networkSteps(system: string, host: () => Host | undefined, { environment }: Examined): Step[] {
  const step = (name: string, check: (one: Host, environment: Environment) => ReturnType<Step["run"]>): Step => ({
    system,
    name,
    run: () => {
      const one = host();
      return one === undefined ? undefined : check(one, environment);
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

/** What to do about a failed call, in place of what its error says. */
type Advise = (error: ApiError) => Promise<string | undefined> | string | undefined;

async function attempt(check: () => Promise<Finding>, advise?: Advise): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    const advice = error instanceof ApiError ? await advise?.(error) : undefined;
    return fail(error instanceof ApiError && advice !== undefined ? `${error.outcome}. ${advice}` : messageOf(error));
  }
}
