import { z } from "zod";

import { type Answer, type Call, json } from "../exchange";
import { BroadWorksError, GatewayError } from "./errors";
import { findTenant, readObject, refuseQuery, valid } from "./request";
import type { Allocation } from "./seed";
import type { GatewayState, ServiceKind, Tenant } from "./state";

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

interface Outcome {
  readonly name: string;
  readonly status: string;
  readonly details?: string;
}

/** Why a service is refused, if it is. INVENTED: the words, and the status of each. */
function refusalOf(
  name: string,
  allocated: Allocation,
  tenant: Tenant,
  kind: ServiceKind,
  state: GatewayState,
): Outcome | undefined {
  const service = tenant[kind].get(name);
  if (service === undefined) {
    return { name, status: "failed", details: "Unknown service" };
  }
  if (service.failOnUpdate !== null) {
    return { name, status: "failed", details: service.failOnUpdate };
  }
  const { belowCurrentlyAllocated } = state.settings;
  // INVENTED: that what service packs hand out counts beside what is allocated, and by the larger of the two.
  const inUse = Math.max(service.currentlyAllocated, service.packsAllocated ?? 0);
  if (belowCurrentlyAllocated === "refuse" && !allocated.unlimited && (allocated.maximum ?? 0) < inUse) {
    return { name, status: "rejected", details: `maximum ${allocated.maximum ?? 0} is below the ${inUse} allocated` };
  }
  return undefined;
}

function updateServices(
  services: ServiceList,
  tenant: Tenant,
  kind: ServiceKind,
  state: GatewayState,
): readonly Outcome[] {
  return services.map(({ name, allocated }) => {
    const refusal = refusalOf(name, allocated, tenant, kind, state);
    if (refusal !== undefined && state.settings.refusedServices === "broadworks") {
      // INVENTED: that the services before it in the same PUT are updated, and those after it are not.
      throw new BroadWorksError(`${name}: ${refusal.details ?? refusal.status}`);
    }
    const service = tenant[kind].get(name);
    if (refusal === undefined && service?.ignoreUpdate === false) {
      Object.assign(service, allocated);
    }
    return refusal ?? { name, status: state.settings.updatedStatus };
  });
}

/** `Update available services licenses`. */
export function updateLicenses(call: Call, state: GatewayState): Answer {
  refuseQuery(call);
  const body = readObject(call);
  if (Object.keys(body).length === 0) {
    throw new GatewayError(416, "The body is empty");
  }
  const update = valid(updateSchema.safeParse(body));
  const tenant = findTenant(call, state);
  if (tenant.details.refuseUpdate !== null) {
    throw new BroadWorksError(tenant.details.refuseUpdate);
  }
  state.beforeWrite(tenant);
  const listed = (kind: ServiceKind, outcomes: readonly Outcome[]): readonly Outcome[] =>
    outcomes.filter(({ name }) => tenant[kind].get(name)?.omitFromReply !== true);
  const group = update.groupServices && updateServices(update.groupServices, tenant, "groupServices", state);
  const user = update.userServices && updateServices(update.userServices, tenant, "userServices", state);
  const isPartial = [...(group ?? []), ...(user ?? [])].some(({ details }) => details !== undefined);
  const partialStatus = state.settings.refusedServices === "results400" ? 400 : 207;
  // The page's reply names user services first. INVENTED: that a kind which was not sent is not answered.
  return json(isPartial ? partialStatus : 200, {
    ...(user === undefined ? {} : { userServices: listed("userServices", user) }),
    ...(group === undefined ? {} : { groupServices: listed("groupServices", group) }),
  });
}
