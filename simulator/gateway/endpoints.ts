import { z } from "zod";

import { type Answer, type Call, json, Refusal, type Route } from "../exchange";
import { issueTexts } from "../issues";
import { isJsonContentType, isJsonObject, parseJson } from "../strict-json";
import type { Allocation, Service } from "./seed";
import { type GatewayState, type ServiceKind, type Tenant } from "./state";

/** The load balancer's cookie: the server that knows the session, so that no other one can serve it. */
const NODE_COOKIE = "SERVERID";
const NODE = "node1";

const loginSchema = z.strictObject({ username: z.string(), password: z.string() });
const listSchema = z.strictObject({ includeServicePacks: z.boolean().optional() });

const allocatedSchema = z
  .discriminatedUnion("unlimited", [
    z.strictObject({ unlimited: z.literal(true) }),
    z.strictObject({ unlimited: z.literal(false), maximum: z.int().min(0) }),
  ])
  .transform((allocated): Allocation => ("maximum" in allocated ? allocated : { unlimited: true, maximum: null }));

// INVENTED: that an empty list, or a name given twice, is refused.
const serviceListSchema = z
  .array(z.strictObject({ name: z.string().min(1), allocated: allocatedSchema }))
  .min(1)
  .superRefine((services, context) => {
    const names = services.map(({ name }) => name);
    names.forEach((name, index) => {
      if (names.indexOf(name) !== index) {
        context.addIssue({ code: "custom", path: [index, "name"], message: `"${name}" is given twice` });
      }
    });
  });
const updateSchema = z.strictObject({
  groupServices: serviceListSchema.optional(),
  userServices: serviceListSchema.optional(),
});

type ServiceList = z.output<typeof serviceListSchema>;

/** INVENTED: the words of all refusals here; that they are JSON with `details` is documented for the product. */
function refuse(status: number, details: string): never {
  throw new Refusal(json(status, { details }));
}

function readObject(call: Call): Readonly<Record<string, unknown>> {
  if (!isJsonContentType(call.contentType)) {
    refuse(415, `Content-Type ${call.contentType ?? "none"} is not application/json`);
  }
  const parsed = parseJson(call.body);
  if (!parsed.ok || !isJsonObject(parsed.value)) {
    return refuse(416, "The body is not a JSON object");
  }
  return parsed.value;
}

function valid<Output>(result: z.ZodSafeParseResult<Output>): Output {
  return result.success ? result.data : refuse(400, issueTexts(result.error).join("; "));
}

function refuseQuery(call: Call): void {
  if (call.query !== "") {
    refuse(400, `Unknown query: ${call.query}`);
  }
}

function login(call: Call, state: GatewayState): Answer {
  refuseQuery(call);
  const { username, password } = valid(loginSchema.safeParse(readObject(call)));
  if (!state.seed.users.some((user) => user.username === username && user.password === password)) {
    return refuse(401, "Wrong username or password");
  }
  // INVENTED: the empty object; only status and cookies are documented.
  return json(
    200,
    {},
    { "set-cookie": [`sessionid=${state.openSession()}; HttpOnly; Path=/`, `${NODE_COOKIE}=${NODE}; Path=/`] },
  );
}

function cookiesOf(call: Call): ReadonlyMap<string, string> {
  const pairs = (call.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return new Map(pairs.map((pair) => [pair.split("=", 1)[0] ?? "", pair.slice(pair.indexOf("=") + 1)]));
}

function authorize(call: Call, state: GatewayState): void {
  const cookies = cookiesOf(call);
  if (cookies.get(NODE_COOKIE) !== NODE || !state.isSessionValid(cookies.get("sessionid") ?? "")) {
    refuse(401, "Authentication credentials were not provided");
  }
  refuseQuery(call);
}

function findTenant(call: Call, state: GatewayState): Tenant {
  const id = call.params["tenantId"] ?? "";
  return state.tenant(id) ?? refuse(404, `Tenant '${id}' not found`);
}

function allocationRow({ unlimited, maximum }: Allocation): Record<string, unknown> {
  return unlimited ? { unlimited } : { unlimited, maximum };
}

function serviceRow([name, service]: [string, Service]): Record<string, unknown> {
  const isLicensed = service.unlimited || service.maximum !== 0;
  return {
    name,
    allocated: allocationRow(service),
    ...(isLicensed || service.currentlyAllocated > 0 ? { currentlyAllocated: service.currentlyAllocated } : {}),
    ...(service.packsAllocated === null ? {} : { packsAllocated: service.packsAllocated }),
  };
}

function listLicenses(call: Call, state: GatewayState): Answer {
  authorize(call, state);
  const body = call.body === "" ? {} : readObject(call);
  const { includeServicePacks } = valid(listSchema.safeParse(body));
  const tenant = findTenant(call, state);
  const packs = [...tenant.servicePacks].map(([name, pack]) => ({
    name,
    description: pack.description,
    maximumAllowed: allocationRow(pack.maximumAllowed),
    allocated: allocationRow(pack.allocated),
    currentlyAllocated: pack.currentlyAllocated,
  }));
  return json(200, {
    ...(includeServicePacks === true ? { servicePacks: packs } : {}),
    groupServices: [...tenant.groupServices].map(serviceRow),
    userServices: [...tenant.userServices].map(serviceRow),
  });
}

interface Outcome {
  readonly name: string;
  readonly status: "updated" | "failed" | "rejected";
  readonly details?: string;
}

function updateService(
  name: string,
  allocated: Allocation,
  tenant: Tenant,
  kind: ServiceKind,
  state: GatewayState,
): Outcome {
  const service = tenant[kind].get(name);
  if (service === undefined) {
    // INVENTED: the status of a service that the gateway does not list.
    return { name, status: "failed", details: "Unknown service" };
  }
  if (service.failOnUpdate !== null) {
    return { name, status: "failed", details: service.failOnUpdate };
  }
  const inUse = service.currentlyAllocated;
  if (state.seed.belowCurrentlyAllocated === "refuse" && !allocated.unlimited && (allocated.maximum ?? 0) < inUse) {
    // INVENTED: no page says what a maximum below what is allocated does.
    return { name, status: "rejected", details: `maximum ${allocated.maximum ?? 0} is below the ${inUse} allocated` };
  }
  if (!service.ignoreUpdate) {
    service.unlimited = allocated.unlimited;
    service.maximum = allocated.maximum;
  }
  return { name, status: "updated" };
}

function updateLicenses(call: Call, state: GatewayState): Answer {
  authorize(call, state);
  const body = readObject(call);
  if (Object.keys(body).length === 0) {
    return refuse(416, "The body is empty");
  }
  const update = valid(updateSchema.safeParse(body));
  const tenant = findTenant(call, state);
  const apply = (kind: ServiceKind, services: ServiceList): readonly Outcome[] =>
    services.map(({ name, allocated }) => updateService(name, allocated, tenant, kind, state));
  const listed = (kind: ServiceKind, outcomes: readonly Outcome[]): readonly Outcome[] =>
    outcomes.filter(({ name }) => tenant[kind].get(name)?.omitFromReply !== true);
  const group = update.groupServices && apply("groupServices", update.groupServices);
  const user = update.userServices && apply("userServices", update.userServices);
  const partial = [...(group ?? []), ...(user ?? [])].some(({ status }) => status !== "updated");
  // The page's reply names user services first. INVENTED: that a kind which was not sent is not answered.
  return json(partial ? 207 : 200, {
    ...(user === undefined ? {} : { userServices: listed("userServices", user) }),
    ...(group === undefined ? {} : { groupServices: listed("groupServices", group) }),
  });
}

/** The calls of the gateway. Their paths end with a slash; without it there is no such path. */
export function gatewayRoutes(state: () => GatewayState): readonly Route[] {
  const licenses = "/api/v1/tenants/:tenantId/licenses/";
  return [
    { api: "login", method: "POST", url: "/api/v1/login/", endpoint: (call) => login(call, state()) },
    { api: "gateway", method: "GET", url: licenses, endpoint: (call) => listLicenses(call, state()) },
    { api: "gateway", method: "PUT", url: licenses, endpoint: (call) => updateLicenses(call, state()) },
  ];
}
