import { randomUUID } from "node:crypto";
import { z } from "zod";

import { type Answer, type Call, json } from "../exchange";
import { isJsonObject, parseJson } from "../strict-json";
import { authorize, findCustomer, refuseBelowUse, requireJsonContentType, titled, valid } from "./request";
import type { LivePlatformState } from "./state";

const UPGRADED_NAMES: ReadonlyMap<number, string> = new Map([
  [4, "OC EssentialPlus"],
  [5, "OC Pro"],
]);

const upgradeFields = { licenseCount: z.int().min(1), customerFullName: z.string().min(1).optional() };
const schemas = {
  UpgradetoLicense: z
    .strictObject({ UpgradetoLicense: z.int(), ...upgradeFields })
    .transform(({ UpgradetoLicense: target, ...rest }) => ({ target, ...rest })),
  upgradeToLicense: z
    .strictObject({ upgradeToLicense: z.int(), ...upgradeFields })
    .transform(({ upgradeToLicense: target, ...rest }) => ({ target, ...rest })),
};
const OTHER_SPELLING = { UpgradetoLicense: "upgradeToLicense", upgradeToLicense: "UpgradetoLicense" } as const;

/** The documented reply to a licence type that does not exist: the body says 500, under either status. */
function nullValue(status: 400 | 500, parameter: "s" | "element"): Answer {
  return json(status, {
    title: `Value cannot be null. (Parameter '${parameter}')`,
    status: 500,
    detail: `ErrorTicket=${randomUUID()}`,
  });
}

/** `Upgrade Operator Connect Customer License`. */
export function upgradeCustomer(call: Call, state: LivePlatformState): Answer {
  authorize(call, state);
  requireJsonContentType(call);
  const customer = findCustomer(call, state);
  const parsed = parseJson(call.body);
  if (!parsed.ok) {
    return nullValue(500, "element");
  }
  const { upgradeFields: spelling, ocEssentialType, upgradeAnswer } = state.settings;
  if (isJsonObject(parsed.value) && OTHER_SPELLING[spelling] in parsed.value) {
    // The page's 400 example spells the field in the other way. INVENTED: that the spelling is refused whatever its value is.
    return nullValue(400, "s");
  }
  const { target, licenseCount, customerFullName } = valid(schemas[spelling].safeParse(parsed.value));
  if (!UPGRADED_NAMES.has(target)) {
    return target >= 0 && target <= 5 ? nullValue(400, "s") : nullValue(500, "element");
  }
  if (state.tasks.runningUpgrade(customer.guid) !== undefined) {
    // INVENTED: its words.
    return titled(409, "Tenant upgrade is already in progress");
  }
  const { licenseType } = customer;
  const upgradedName = licenseType === null ? undefined : UPGRADED_NAMES.get(licenseType);
  if (upgradedName !== undefined) {
    return titled(409, `Tenant is already upgraded: ${upgradedName}`);
  }
  if (licenseType !== ocEssentialType) {
    // INVENTED: the page upgrades OC Essential only, and does not say what others get.
    return titled(400, "Only an OC Essential service can be upgraded.");
  }
  refuseBelowUse(customer, licenseCount, state);
  const change = { licenseType: target, licensedUsersCount: licenseCount, customerFullName };
  return upgradeAnswer === "taskId"
    ? json(200, state.tasks.start("upgrade", "tsk", customer, change).id)
    : json(200, { jobId: state.tasks.start("upgrade", "wst", customer, change).id });
}
