import assert from "node:assert/strict";
import { namesIn } from "../../provider/resource/fields";
import { customerFields } from "../../provider/customer/fields";
import { inputsOf, readCustomerState, writeCustomerState } from "../../provider/customer/state";

describe("the table of fields of a resource", () => {
  it("keeps each local input in state, and gives it back as an input", () => {
    const examples = { onDestroy: "downgrade", taskTimeout: "90s", allowBelowUse: true };
    assert.deepEqual(namesIn(customerFields, "local").sort(), Object.keys(examples).sort());
    const state = readCustomerState({ customerGuid: "d5253892-1c1e-4b23-89d7-29d86734c31b", ...examples });
    assert.deepEqual(writeCustomerState(state), { customerGuid: state.customerGuid, ...examples });
    assert.deepEqual(inputsOf(state), { customerGuid: state.customerGuid, ...examples });
  });
});
