import { type Answer, type Call, html, type Route } from "../exchange";
import { CORE, coreLogIn, health, publicConfiguration, renewAccessToken, requireBearer } from "./core";
import { audited, errorAnswer } from "./errors";
import { listLicenses } from "./list-licenses";
import { logIn, requireSession } from "./session";
import type { GatewaySeed } from "./seed";
import type { GatewayState } from "./state";
import { listTenants, showStock } from "./tenants";
import { updateLicenses } from "./update-licenses";

type Endpoint = (call: Call, state: GatewayState) => Answer;
type Entry = readonly [api: Route["api"], method: Route["method"], url: string, endpoint: Endpoint];

/** The calls that both ways in lead to. Their paths end with a slash; without it there is no such path. */
const CALLS: readonly (readonly [method: Route["method"], url: string, endpoint: Endpoint])[] = [
  ["GET", "/tenants/", listTenants],
  ["GET", "/tenants/:tenantId/licenses/", listLicenses],
  ["PUT", "/tenants/:tenantId/licenses/", updateLicenses],
  ["GET", "/system/licensing/", showStock],
];

/** APIO Core's own calls, whose paths the vendor writes without a slash at their end. */
const CORE_CALLS: readonly Entry[] = [
  ["login", "POST", `${CORE}/auth/login`, coreLogIn],
  ["login", "GET", `${CORE}/auth/access_token`, renewAccessToken],
  ["gateway", "GET", `${CORE}/health`, health],
  ["gateway", "GET", `${CORE}/system/configuration/public`, publicConfiguration],
];

function callsBelow(prefix: string, requireCaller: (call: Call, state: GatewayState) => void): readonly Entry[] {
  return CALLS.map(([method, url, endpoint]): Entry => [
    "gateway",
    method,
    `${prefix}${url}`,
    (call, state) => {
      requireCaller(call, state);
      return endpoint(call, state);
    },
  ]);
}

/** What may stand before the gateway: a GET with a body gets no further, as the settings say. */
function refusalOnTheWay(call: Call, { settings }: GatewayState): Answer | undefined {
  if (call.method !== "GET" || call.body === "" || settings.getBody === "accept") {
    return undefined;
  }
  return settings.getBody === "forbidden" ? html(403, "403 Forbidden") : html(400, "400 Bad Request");
}

function serve(call: Call, state: GatewayState, endpoint: Endpoint): Answer {
  try {
    return endpoint(call, state);
  } catch (error) {
    const answer = errorAnswer(error, state.settings);
    if (answer === undefined) {
      throw error;
    }
    return answer;
  }
}

/** The calls of the gateway, alone below `/api/v1` and behind APIO Core, which serves both at once. */
export function gatewayRoutes(state: () => GatewayState, { proxyName }: GatewaySeed): readonly Route[] {
  const entries: readonly Entry[] = [
    ["login", "POST", "/api/v1/login/", logIn],
    ...callsBelow("/api/v1", requireSession),
    ...CORE_CALLS,
    ...callsBelow(`${CORE}/${proxyName}`, requireBearer),
  ];
  return entries.map(([api, method, url, endpoint]) => ({
    api,
    method,
    url,
    endpoint: (call) => {
      const current = state();
      return (
        refusalOnTheWay(call, current) ??
        audited(serve(call, current, endpoint), current.settings, () => current.nextRecordId())
      );
    },
  }));
}
