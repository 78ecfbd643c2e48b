import { randomUUID } from "node:crypto";
import { z } from "zod";

import { type Answer, type Call, json, Refusal, type Route } from "../exchange";
import { issueTexts } from "../issues";
import { isJsonContentType, isJsonObject, parseJson } from "../strict-json";
import { briefRow, customerDetails, customerRow, leadBriefRow, leadRow, taskRow } from "./rows";
import { type Customer, uuidSchema } from "./seed";
import type { LivePlatformState } from "./state";

const BASE = "/tenantui";
const HOSTED_ESSENTIALS = 0;
const HOSTED: ReadonlySet<number> = new Set([1, 2]);
const OC: ReadonlySet<number> = new Set([4, 5]);
const UPGRADED_NAMES: Readonly<Record<number, string>> = { 4: "OC EssentialPlus", 5: "OC Pro" };

const count = z.int().min(1);
const registration = {
  // The page's example carries the name although its table does not list it.
  customerFullName: z.string().min(1).optional(),
  // INVENTED: that it has to be a UUID; the table says "string".
  applicationClientId: uuidSchema.optional(),
  applicationClientSecret: z.string().min(1).optional(),
};
const exampleSchema = z.strictObject({ ...registration, licenseType: z.int(), licensedUsersCount: count });
const tableSchema = z
  .strictObject({ ...registration, upgradeToLicense: z.int(), licenseCount: count })
  .transform(({ upgradeToLicense, licenseCount, ...rest }) => ({
    ...rest,
    licenseType: upgradeToLicense,
    licensedUsersCount: licenseCount,
  }));
const upgradeSchema = z.strictObject({
  UpgradetoLicense: z.int(),
  licenseCount: count,
  customerFullName: z.string().min(1).optional(),
});

type LicenseChange = z.output<typeof exampleSchema>;

/** INVENTED: titles of refusals that no page prints; their shape is the documented one. */
function titled(status: number, title: string): Answer {
  return json(status, { title, status });
}

/** The documented reply to a licence type that does not exist: the body says 500, under either status. */
function nullValue(status: 400 | 500, parameter: "s" | "element"): Answer {
  return json(status, {
    title: `Value cannot be null. (Parameter '${parameter}')`,
    status: 500,
    detail: `ErrorTicket=${randomUUID()}`,
  });
}

function authorize(call: Call, state: LivePlatformState): void {
  const token = /^Bearer (\S+)$/.exec(call.headers.authorization ?? "")?.[1];
  if (token === undefined || !state.isTokenValid(token)) {
    throw new Refusal(json(401, { title: "Unauthorized", status: 401 }, { "www-authenticate": "Bearer" }));
  }
  if (call.query !== "") {
    throw new Refusal(titled(400, `Unknown query: ${call.query}`));
  }
}

function refuseBody(call: Call): void {
  if (call.body !== "") {
    throw new Refusal(titled(400, "This call takes no body."));
  }
}

function requireJsonContentType(call: Call): void {
  if (!isJsonContentType(call.contentType)) {
    throw new Refusal(titled(415, `Unsupported Media Type: ${call.contentType ?? "none"}`));
  }
}

function findCustomer(call: Call, state: LivePlatformState): Customer {
  const guid = call.params["guid"] ?? "";
  const customer = state.customer(guid);
  if (customer === undefined) {
    throw new Refusal(titled(404, `Customer with id: ${guid} not found`));
  }
  return customer;
}

function valid<Output>(result: z.ZodSafeParseResult<Output>): Output {
  if (!result.success) {
    throw new Refusal(titled(400, `One or more validation errors occurred: ${issueTexts(result.error).join("; ")}`));
  }
  return result.data;
}

function refuseBelowUse(customer: Customer, licensedUsers: number, state: LivePlatformState): void {
  if (state.seed.belowActiveUsers === "refuse" && licensedUsers < customer.activeUserCount) {
    // INVENTED: no page says what a count below the active users does.
    throw new Refusal(
      titled(400, `License count ${licensedUsers} is below the ${customer.activeUserCount} active users.`),
    );
  }
}

function isDocumentedChange(from: number | null, to: unknown, state: LivePlatformState): boolean {
  if (from === null || typeof to !== "number") {
    return false;
  }
  const fromHosted = HOSTED.has(from) || (from === HOSTED_ESSENTIALS && state.seed.hostedEssentialsPatch === "accept");
  return (fromHosted && HOSTED.has(to)) || (OC.has(from) && OC.has(to));
}

/** INVENTED: that a new secret runs for two years; the text's form is the documented one. */
function expirationText(now: number): string {
  const date = new Date(now);
  date.setUTCFullYear(date.getUTCFullYear() + 2);
  return date
    .toLocaleString("en-US", { timeZone: "UTC" })
    .replace(",", "")
    .replace(/\s(?=[AP]M)/, " ");
}

function checkAppRegistration(customer: Customer, change: LicenseChange): void {
  const { applicationClientId, applicationClientSecret } = change;
  if ((applicationClientId === undefined) !== (applicationClientSecret === undefined)) {
    // INVENTED: that half an App Registration is refused, and with which words.
    throw new Refusal(titled(400, "applicationClientId and applicationClientSecret must be given together."));
  }
  if (applicationClientId === undefined && customer.appRegistrationOwed) {
    // INVENTED: the page says that this PATCH validates the App Registration, not what it answers where there is none.
    throw new Refusal(titled(400, "The App Registration credentials could not be validated: none were given."));
  }
}

function patchCustomer(call: Call, state: LivePlatformState, now: () => number): Answer {
  authorize(call, state);
  requireJsonContentType(call);
  const customer = findCustomer(call, state);
  const parsed = parseJson(call.body);
  if (!parsed.ok || !isJsonObject(parsed.value)) {
    return titled(400, "The request body is not a JSON object.");
  }
  const table = state.seed.patchFields === "table";
  const type = parsed.value[table ? "upgradeToLicense" : "licenseType"];
  if (Number.isInteger(type) && !isDocumentedChange(customer.licenseType, type, state)) {
    return json(400, "Invalid change for License Type!");
  }
  const change = valid((table ? tableSchema : exampleSchema).safeParse(parsed.value));
  checkAppRegistration(customer, change);
  refuseBelowUse(customer, change.licensedUsersCount, state);
  if (!customer.ignorePatch) {
    applyPatch(customer, change, now);
  }
  return json(200, 1);
}

function applyPatch(customer: Customer, change: LicenseChange, now: () => number): void {
  customer.licenseType = change.licenseType;
  customer.licensedUsersCount = change.licensedUsersCount;
  customer.fullName = change.customerFullName ?? customer.fullName;
  if (change.applicationClientSecret === undefined) {
    return;
  }
  if (change.applicationClientSecret !== customer.applicationClientSecret) {
    customer.clientSecretExpirationDate = expirationText(now());
  }
  customer.applicationClientId = change.applicationClientId ?? null;
  customer.applicationClientSecret = change.applicationClientSecret;
  customer.appRegistrationOwed = false;
}

function upgradeCustomer(call: Call, state: LivePlatformState): Answer {
  authorize(call, state);
  requireJsonContentType(call);
  const customer = findCustomer(call, state);
  const parsed = parseJson(call.body);
  if (!parsed.ok) {
    return nullValue(500, "element");
  }
  if (isJsonObject(parsed.value) && "upgradeToLicense" in parsed.value) {
    // The page's 400 example spells the field so. INVENTED: that the spelling is refused whatever its value is.
    return nullValue(400, "s");
  }
  const { UpgradetoLicense: target, licenseCount, customerFullName } = valid(upgradeSchema.safeParse(parsed.value));
  if (!OC.has(target)) {
    return target >= 0 && target <= 5 ? nullValue(400, "s") : nullValue(500, "element");
  }
  if (state.runningTask(customer.guid) !== undefined) {
    // INVENTED: its words.
    return titled(409, "Tenant upgrade is already in progress");
  }
  const { licenseType } = customer;
  if (licenseType !== null && OC.has(licenseType)) {
    return titled(409, `Tenant is already upgraded: ${UPGRADED_NAMES[licenseType] ?? ""}`);
  }
  if (licenseType !== state.seed.ocEssentialType) {
    // INVENTED: the page upgrades OC Essential only, and does not say what others get.
    return titled(400, "Only an OC Essential service can be upgraded.");
  }
  refuseBelowUse(customer, licenseCount, state);
  const upgrade = { licenseType: target, licensedUsersCount: licenseCount, customerFullName };
  return json(200, state.startUpgrade(customer, upgrade).id);
}

function listCustomers(call: Call, state: LivePlatformState): Answer {
  authorize(call, state);
  refuseBody(call);
  return json(200, [...state.customers().map(customerRow), ...state.leads.map(leadRow)]);
}

function listBrief(call: Call, state: LivePlatformState): Answer {
  authorize(call, state);
  refuseBody(call);
  return json(200, [...state.customers().map(briefRow), ...state.leads.map(leadBriefRow)]);
}

function getCustomer(call: Call, state: LivePlatformState): Answer {
  authorize(call, state);
  refuseBody(call);
  return json(200, customerDetails(findCustomer(call, state)));
}

function getTask(call: Call, state: LivePlatformState): Answer {
  authorize(call, state);
  refuseBody(call);
  const id = call.params["taskId"] ?? "";
  const task = state.task(id);
  // INVENTED: the words for an unknown task.
  return task === undefined ? titled(404, `Task with id: ${id} not found`) : json(200, taskRow(task));
}

/** The calls of Live Platform, below `/tenantui`. */
export function livePlatformRoutes(state: () => LivePlatformState, now: () => number): readonly Route[] {
  const api = "livePlatform";
  return [
    { api, method: "GET", url: `${BASE}/api/v3/customer`, endpoint: (call) => listCustomers(call, state()) },
    { api, method: "GET", url: `${BASE}/api/v3/customer/:guid`, endpoint: (call) => getCustomer(call, state()) },
    {
      api,
      method: "PATCH",
      url: `${BASE}/api/v3/customer/:guid`,
      endpoint: (call) => patchCustomer(call, state(), now),
    },
    { api, method: "GET", url: `${BASE}/api/v2/customer`, endpoint: (call) => listBrief(call, state()) },
    {
      api,
      method: "POST",
      url: `${BASE}/api/v2/customer/:guid/action/upgrade`,
      endpoint: (call) => upgradeCustomer(call, state()),
    },
    { api, method: "GET", url: `${BASE}/api/v2/task/:taskId`, endpoint: (call) => getTask(call, state()) },
  ];
}
