import { ApiError } from "../../../provider/systems/transport/api-error";
import { CORE_PATH } from "../../../provider/systems/gateway/core-login";
import { apiPathOf, type CoreStatus } from "../../../provider/systems/gateway/core-status";
import type { TenantGatewaySettings } from "../../../provider/systems/settings";
import { shown } from "../../../provider/text/shown";
import { fail, type Finding, ok } from "./check";

/** Where the Live Platform's addresses end, by its documentation. */
const PLATFORM_END = "/tenantui";

/** What a failed call shows about the path that it went to. */
type Meaning =
  /** Something else than the API is at this path. */
  | "elsewhere"
  /** The call was refused, for its credentials for example. Many sites refuse calls at paths that they do not have. */
  | "refused"
  /** Neither: a time-out, an overload. */
  | "other";

function meaningOf({ trouble, status = 0 }: ApiError): Meaning {
  if (trouble === "unreadable" || status === 404 || status === 405) {
    return "elsewhere";
  }
  return status >= 400 && status < 500 && status !== 429 ? "refused" : "other";
}

/** What to change about the address of the Live Platform, from what a call to it has shown. */
export function platformAdvice(error: ApiError, baseUrl: string): string | undefined {
  const { origin, host, pathname } = new URL(baseUrl);
  if (meaningOf(error) === "other" || pathname.endsWith(PLATFORM_END)) {
    return undefined;
  }
  const [before = ""] = pathname.split(/\/tenantui(?:\/|$)|\/api(?:\/|$)|\/+$/i, 1);
  return `LIVE_PLATFORM_BASE_URL ends in ${pathname === "/" ? host : pathname} and should end in ${PLATFORM_END}: set it to ${origin}${before}${PLATFORM_END}.`;
}

/** How the settings lead to a gateway. */
export type GatewayWay = Pick<TenantGatewaySettings, "baseUrl" | "apiPath"> & {
  readonly authorization: Pick<TenantGatewaySettings["authorization"], "kind">;
};

/** What was found out about a gateway before a call to it failed. */
export interface GatewayFacts {
  /** APIO Core at the base URL; `undefined` where none answers there. */
  readonly core: CoreStatus | undefined;
  /** Whether a login succeeded, or none is needed. */
  readonly isLoggedIn: boolean;
}

/** What to change about the address of the gateway or the way to log in, from what the checks have shown. */
export function gatewayAdvice(error: ApiError, settings: GatewayWay, facts: GatewayFacts): string | undefined {
  const meaning = meaningOf(error);
  if (meaning === "other") {
    return undefined;
  }
  const repeated = repeatedPath(settings);
  if (repeated !== undefined || facts.core === undefined) {
    return repeated ?? (meaning === "elsewhere" ? unusualPath(settings) : undefined);
  }
  const isGatewayLogin = settings.authorization.kind === "gateway";
  const isCorePath = isBelowCore(settings.apiPath);
  // A gateway that refuses a login at its own path is there: the credentials are wrong, and not the way.
  const isLoginWrong = !facts.isLoggedIn && isGatewayLogin && (isCorePath || meaning === "elsewhere");
  const isPathWrong = !isCorePath && (isLoginWrong || (facts.isLoggedIn && !isGatewayLogin));
  const changes = [
    ...(isPathWrong ? [`TENANT_GATEWAY_API_PATH to ${pathsOf(facts.core)}`] : []),
    ...(isLoginWrong ? ["TENANT_GATEWAY_AUTHENTICATION to core"] : []),
  ];
  return changes.length === 0 ? undefined : `APIO Core answers at ${settings.baseUrl}: set ${changes.join(" and ")}.`;
}

/** Whether APIO Core is well and has a gateway where the settings look for one. */
export function coreFinding(core: CoreStatus | undefined, settings: GatewayWay): Finding {
  const { apiPath, baseUrl } = settings;
  if (core === undefined) {
    return fail(`no APIO Core answers at ${baseUrl}. ${adviceWithoutCore(settings)}`);
  }
  const { health, gateways } = core;
  if (health.toLowerCase() !== "ok") {
    return fail(`its health is "${shown(health, 100)}": ask who runs it.`);
  }
  if (gateways === undefined) {
    return ok("its health is ok; it does not show its gateways");
  }
  if (gateways.length === 0) {
    return fail("it has no gateway: ask who runs it.");
  }
  return gateways.some((gateway) => apiPathOf(gateway) === apiPath)
    ? ok(`its health is ok, and it has the gateway ${apiPath}`)
    : fail(`it has no gateway at ${apiPath}: set TENANT_GATEWAY_API_PATH to ${pathsOf(core)}.`);
}

/** Whether the settings lead through APIO Core. */
export function isThroughCore({ apiPath, authorization }: GatewayWay): boolean {
  return authorization.kind === "core" || isBelowCore(apiPath);
}

function adviceWithoutCore(settings: GatewayWay): string {
  const asking = [
    ...(isBelowCore(settings.apiPath) ? ["TENANT_GATEWAY_API_PATH"] : []),
    ...(settings.authorization.kind === "core" ? ["TENANT_GATEWAY_AUTHENTICATION"] : []),
  ];
  return (
    repeatedPath(settings) ??
    unusualPath(settings) ??
    `Check TENANT_GATEWAY_BASE_URL, or remove ${asking.join(" and ")} if the gateway is reached without APIO Core.`
  );
}

/** The paths of the gateways behind APIO Core, as values for `TENANT_GATEWAY_API_PATH`. */
function pathsOf({ gateways = [] }: CoreStatus): string {
  const paths = gateways.map((gateway) => `${shown(apiPathOf(gateway), 100)} (${shown(gateway.name, 100)})`);
  return paths.length === 0 ? `the path of your gateway, such as ${CORE_PATH}/p1` : paths.join(" or ");
}

function isBelowCore(apiPath: string): boolean {
  return apiPath.startsWith(`${CORE_PATH}/`);
}

/** What to change where the base URL already holds the beginning of the gateway's paths, which `apiPath` adds. */
function repeatedPath({ baseUrl, apiPath }: GatewayWay): string | undefined {
  const { origin, pathname } = new URL(baseUrl);
  const [, before = "", path] = /^(.*?)(\/api(?:\/.*)?)$/i.exec(pathname) ?? [];
  if (path === undefined) {
    return undefined;
  }
  const isOther = path !== apiPath && /^\/api\/v\d+/i.test(path);
  return `TENANT_GATEWAY_BASE_URL ends in ${path}, and ${apiPath} is added to it: set it to ${origin}${before}${isOther ? `, and TENANT_GATEWAY_API_PATH to ${path}` : ""}.`;
}

/** What to change where the base URL has a path, which a gateway's has only behind a proxy that serves several sites. */
function unusualPath({ baseUrl }: GatewayWay): string | undefined {
  const { origin, pathname } = new URL(baseUrl);
  return pathname === "/"
    ? undefined
    : `TENANT_GATEWAY_BASE_URL ends in ${pathname}, and a gateway's address usually ends after the host: try ${origin}.`;
}
