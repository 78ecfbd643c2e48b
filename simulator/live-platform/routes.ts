import type { Answer, Call, Route } from "../exchange";
import { patchCustomer } from "./patch";
import { getCustomer, getLicenseInfo, getTask, listBrief, listCustomers } from "./read";
import type { LivePlatformState } from "./state";
import { upgradeCustomer } from "./upgrade";

const BASE = "/tenantui/api";

const CALLS: readonly (readonly [
  method: Route["method"],
  url: string,
  endpoint: (call: Call, state: LivePlatformState) => Answer,
])[] = [
  ["GET", "/v3/customer", listCustomers],
  ["GET", "/v3/customer/:guid", getCustomer],
  ["PATCH", "/v3/customer/:guid", patchCustomer],
  ["GET", "/v3/customer/:guid/licenseinfo", getLicenseInfo],
  ["GET", "/v2/customer", listBrief],
  ["POST", "/v2/customer/:guid/action/upgrade", upgradeCustomer],
  ["GET", "/v2/task/:taskId", getTask],
];

/** The calls of Live Platform, below `/tenantui`. */
export function livePlatformRoutes(state: () => LivePlatformState): readonly Route[] {
  return CALLS.map(([method, url, endpoint]) => ({
    api: "livePlatform",
    method,
    url: `${BASE}${url}`,
    endpoint: (call) => endpoint(call, state()),
  }));
}
