import { z } from "zod";

import { type Answer, type Call, json } from "../exchange";
import { ErrorCode, GatewayError } from "./errors";
import { findTenant, readObject, refuseQuery, valid } from "./request";
import type { Allocation, Service } from "./seed";
import type { GatewayState } from "./state";

const bodySchema = z.strictObject({ includeServicePacks: z.boolean().optional() });
const QUERIES: ReadonlyMap<string, boolean> = new Map([
  ["", false],
  ["includeServicePacks=true", true],
  ["includeServicePacks=false", false],
]);

/** Whether service packs are asked for: in the body, as the page has it, or in the query, as the vendor's client does. */
function includesServicePacks(call: Call): boolean {
  if (call.body !== "") {
    // INVENTED: that the two forms do not go together.
    refuseQuery(call);
    return valid(bodySchema.safeParse(readObject(call))).includeServicePacks === true;
  }
  const asked = QUERIES.get(call.query);
  if (asked === undefined) {
    throw new GatewayError(400, `Unknown query: ${call.query}`, ErrorCode.InvalidParameters);
  }
  return asked;
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

/** `List services licenses available`. */
export function listLicenses(call: Call, state: GatewayState): Answer {
  const withPacks = includesServicePacks(call);
  const tenant = state.shown(findTenant(call, state));
  const packs = [...tenant.servicePacks].map(([name, pack]) => ({
    name,
    description: pack.description,
    maximumAllowed: allocationRow(pack.maximumAllowed),
    allocated: allocationRow(pack.allocated),
    currentlyAllocated: pack.currentlyAllocated,
  }));
  return json(200, {
    ...(withPacks ? { servicePacks: packs } : {}),
    groupServices: [...tenant.groupServices].map(serviceRow),
    userServices: [...tenant.userServices].map(serviceRow),
  });
}
