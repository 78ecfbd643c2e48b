import type { z } from "zod";

import type { Call } from "../exchange";
import { issueTexts } from "../issues";
import { isJsonContentType, isJsonObject, parseJson } from "../strict-json";
import { ErrorCode, GatewayError } from "./errors";
import type { GatewayState, Tenant } from "./state";

/** The body as a JSON object. */
export function readObject(call: Call): Readonly<Record<string, unknown>> {
  if (!isJsonContentType(call.contentType)) {
    throw new GatewayError(415, `Content-Type ${call.contentType ?? "none"} is not application/json`);
  }
  const parsed = parseJson(call.body);
  if (!parsed.ok || !isJsonObject(parsed.value)) {
    throw new GatewayError(416, "The body is not a JSON object");
  }
  return parsed.value;
}

export function valid<Output>(result: z.ZodSafeParseResult<Output>): Output {
  if (!result.success) {
    throw new GatewayError(400, issueTexts(result.error).join("; "), ErrorCode.Schema);
  }
  return result.data;
}

export function refuseQuery(call: Call): void {
  if (call.query !== "") {
    throw new GatewayError(400, `Unknown query: ${call.query}`, ErrorCode.InvalidParameters);
  }
}

export function refuseBody(call: Call): void {
  if (call.body !== "") {
    throw new GatewayError(400, "This call takes no body", ErrorCode.InvalidParameters);
  }
}

/** The tenant of the path, as it is. INVENTED: that a tenant of another reseller looks like none. */
export function findTenant(call: Call, state: GatewayState): Tenant {
  const id = call.params["tenantId"] ?? "";
  const tenant = state.tenant(id);
  if (tenant === undefined || !state.isVisible(tenant)) {
    throw new GatewayError(404, `Tenant '${id}' not found`);
  }
  return tenant;
}
