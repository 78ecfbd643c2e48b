import assert from "node:assert/strict";
import { ApiError } from "../../../provider/systems/transport/api-error";
import { type ApiCall, HttpApi, type HttpApiOptions } from "../../../provider/systems/transport/http-api";
import { createRedactor } from "../../../provider/systems/transport/redact";
import { VirtualClock } from "../../support/virtual-clock";

/** A connection to `baseUrl` as the provider would make it, with a clock that costs no time. */
export function connect(baseUrl: string, options: Partial<HttpApiOptions> = {}): HttpApi {
  return new HttpApi({
    name: "Live Platform",
    baseUrl,
    baseUrlKey: "livePlatform:baseUrl",
    caFileKey: "livePlatform:caFile",
    requestTimeoutMs: 5000,
    maxRetries: 5,
    maxConcurrency: 16,
    clock: new VirtualClock(),
    redactor: createRedactor(),
    ...options,
  });
}

/** A read. */
export const READ: ApiCall = { method: "GET", path: "/thing", repetition: "repeatable", doing: "read thing 7" };

/** A write that does no harm twice. */
export const PUT: ApiCall = {
  method: "PUT",
  path: "/thing",
  body: { a: 1 },
  repetition: "repeatable",
  doing: "update thing 7",
};

/** A write of which it must be known whether it arrived. */
export const PATCH: ApiCall = {
  method: "PATCH",
  path: "/thing",
  body: { a: 1 },
  repetition: "once",
  doing: "change thing 7",
};

/** A write that must not arrive twice. */
export const POST: ApiCall = {
  method: "POST",
  path: "/thing",
  body: { a: 1 },
  repetition: "once",
  doing: "upgrade thing 7",
};

/** The API error with which work fails. */
export async function apiErrorOf(work: Promise<unknown>): Promise<ApiError> {
  try {
    await work;
  } catch (error) {
    assert.ok(
      error instanceof ApiError,
      `no API error: ${error instanceof Error ? (error.stack ?? "") : String(error)}`,
    );
    return error;
  }
  return assert.fail("nothing failed");
}
