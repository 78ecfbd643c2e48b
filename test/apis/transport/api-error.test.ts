import assert from "node:assert/strict";
import { ApiError } from "../../../provider/systems/transport/api-error";

describe("API error", () => {
  it("names the object, the call, what happened and what to do, and holds nothing else", () => {
    const error = new ApiError({
      trouble: "status",
      doing: "read the licence of customer d5",
      call: "GET /tenantui/api/v3/customer/d5",
      happened: "answered 500: broken",
      advice: "Run it again.",
      status: 500,
    });
    assert.equal(
      error.message,
      "Could not read the licence of customer d5: GET /tenantui/api/v3/customer/d5 answered 500: broken. Run it again.",
    );
    assert.deepEqual(
      [error.name, error.trouble, error.status, error.lost, error.cause],
      ["ApiError", "status", 500, false, undefined],
    );
    assert.ok(!("id" in error), "Pulumi takes an error with an id for a partial failure");
  });
});
