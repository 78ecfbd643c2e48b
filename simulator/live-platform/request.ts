import type { z } from "zod";

import { type Answer, type Call, json, Refusal } from "../exchange";
import { issueTexts } from "../issues";
import { isJsonContentType } from "../strict-json";
import { bearerToken } from "../tokens";
import type { Customer } from "./seed";
import type { LivePlatformState } from "./state";

/** INVENTED: titles of refusals that no page prints; their shape is the documented one. */
export function titled(status: number, title: string): Answer {
  return json(status, { title, status });
}

export function authorize(call: Call, state: LivePlatformState): void {
  if (!state.tokens.isValid(bearerToken(call.headers.authorization))) {
    throw new Refusal(json(401, { title: "Unauthorized", status: 401 }, { "www-authenticate": "Bearer" }));
  }
  if (call.query !== "") {
    throw new Refusal(titled(400, `Unknown query: ${call.query}`));
  }
}

/** What each reading call starts with. */
export function authorizeRead(call: Call, state: LivePlatformState): void {
  authorize(call, state);
  if (call.body !== "") {
    throw new Refusal(titled(400, "This call takes no body."));
  }
}

export function requireJsonContentType(call: Call): void {
  if (!isJsonContentType(call.contentType)) {
    throw new Refusal(titled(415, `Unsupported Media Type: ${call.contentType ?? "none"}`));
  }
}

/** The customer of the path, as it is. */
export function findCustomer(call: Call, state: LivePlatformState): Customer {
  const guid = call.params["guid"] ?? "";
  const customer = state.customer(guid);
  if (customer === undefined) {
    throw new Refusal(titled(404, `Customer with id: ${guid} not found`));
  }
  return customer;
}

export function valid<Output>(result: z.ZodSafeParseResult<Output>): Output {
  if (!result.success) {
    throw new Refusal(titled(400, `One or more validation errors occurred: ${issueTexts(result.error).join("; ")}`));
  }
  return result.data;
}

/** The licences in use. INVENTED: that there are as many as active users where the seed gives no number. */
export function licensesInUse(customer: Customer): number {
  return customer.currentlyLicensed ?? customer.activeUserCount;
}

export function refuseBelowUse(customer: Customer, licensedUsers: number, state: LivePlatformState): void {
  const inUse = licensesInUse(customer);
  if (state.settings.belowActiveUsers === "refuse" && licensedUsers < inUse) {
    // INVENTED: no page says what a count below the licences in use does.
    throw new Refusal(titled(400, `License count ${licensedUsers} is below the ${inUse} licenses in use.`));
  }
}
