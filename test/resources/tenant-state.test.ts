import assert from "node:assert/strict";
import fc from "fast-check";
import { UNKNOWN_VALUE } from "../../provider/resource/unknowns";
import type { Properties } from "../../provider/resource/properties";
import { checkTenant } from "../../provider/tenant/fields";
import { licenseResource } from "../../provider/resource/definition";
import { tenantServiceLicenses } from "../../provider/tenant/definition";
import { inputsOf, readTenantState, writeTenantState } from "../../provider/tenant/state";
import { anything } from "./support/anything";

const INPUTS = {
  tenantId: "foo",
  groupServices: { "Call Pickup": 5, "Hunt Group": "unlimited" },
  userServices: { "Call Forwarding Busy": 7 },
  onServiceRemoved: "restore",
  onDestroy: "unlicense",
  allowBelowUse: true,
  allowUnlisted: false,
};
const STATE = {
  ...INPUTS,
  original: { groupServices: { "Call Pickup": 3, "Hunt Group": 3 }, userServices: { "Call Forwarding Busy": 50 } },
};

describe("the state of a tenant", () => {
  it("is read as it was written", () => {
    assert.deepEqual(writeTenantState(readTenantState(STATE)), STATE);
    assert.deepEqual(inputsOf(readTenantState(STATE)), INPUTS);
  });

  it("leaves empty maps out, but for what was found first", () => {
    assert.deepEqual(writeTenantState(readTenantState({ tenantId: "foo" })), { tenantId: "foo", original: {} });
  });

  it("says that the last update is unverified, which is no input", () => {
    const unverified = { ...STATE, unverified: true };
    assert.deepEqual(writeTenantState(readTenantState(unverified)), unverified);
    assert.deepEqual(inputsOf(readTenantState(unverified)), INPUTS);
    assert.deepEqual(writeTenantState(readTenantState({ ...STATE, unverified: "maybe" })), STATE);
  });

  it("forgets what it cannot read, and what it does not know", () => {
    const strange = {
      ...STATE,
      groupServices: { "Call Pickup": "many", "Hunt Group": { unlimited: true }, Odd: null },
      onDestroy: "explode",
      original: [],
      later: 1,
    };
    assert.deepEqual(writeTenantState(readTenantState(strange)), {
      tenantId: "foo",
      groupServices: { "Hunt Group": "unlimited" },
      userServices: INPUTS.userServices,
      onServiceRemoved: "restore",
      allowBelowUse: true,
      allowUnlisted: false,
      original: {},
    });
  });

  it("without a tenant is not read", () => {
    assert.throws(
      () => readTenantState({}),
      /^Error: The state of this tenant cannot be read: it names no tenantId\.$/,
    );
  });

  it("is read whatever lies in it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(STATE).filter((name) => name !== "tenantId")),
        anything,
        (name, value) => {
          readTenantState({ ...STATE, [name]: value });
        },
      ),
    );
  });
});

describe("a tenant's state and inputs compared", () => {
  const lifecycle = licenseResource(
    tenantServiceLicenses(() => assert.fail("nothing is to be asked")),
    () => undefined,
  );
  const compare = (state: Properties, inputs: Properties): string => {
    const { changes, replaces } = lifecycle.compare(state, inputs);
    return [changes, ...replaces].join(" ");
  };
  const changed = (changes: Properties): Properties =>
    Object.fromEntries(Object.entries<unknown>({ ...INPUTS, ...changes }).filter(([, value]) => value !== undefined));
  const retained = changed({ onServiceRemoved: undefined });
  const retainedState = { ...STATE, onServiceRemoved: undefined };

  const table: readonly [string, Properties, Properties, string][] = [
    ["nothing changed", STATE, INPUTS, "none"],
    ["the tenant", STATE, changed({ tenantId: "bar" }), "remote tenantId"],
    ["the case of the tenant", STATE, changed({ tenantId: "Foo" }), "remote tenantId"],
    ["an allocation", STATE, changed({ userServices: { "Call Forwarding Busy": 8 } }), "remote"],
    ["a service more", STATE, changed({ userServices: { "Call Forwarding Busy": 7, Other: 1 } }), "remote"],
    ["a service out, to be restored", STATE, changed({ userServices: undefined }), "remote"],
    ["a service out, to be retained", retainedState, { ...retained, userServices: undefined }, "local"],
    [
      "a service out, to be retained from now on",
      STATE,
      changed({ onServiceRemoved: "retain", userServices: undefined }),
      "local",
    ],
    [
      "a service out, to be unlicensed from now on",
      retainedState,
      changed({ onServiceRemoved: "unlicense", userServices: undefined }),
      "remote",
    ],
    [
      "a service moved to the other kind",
      retainedState,
      { ...retained, userServices: undefined, groupServices: { ...INPUTS.groupServices, "Call Forwarding Busy": 7 } },
      "remote",
    ],
    ["onServiceRemoved", STATE, retained, "local"],
    ["onDestroy", STATE, changed({ onDestroy: "retain" }), "local"],
    ["allowBelowUse", STATE, changed({ allowBelowUse: undefined }), "local"],
    ["allowUnlisted", STATE, changed({ allowUnlisted: true }), "local"],
    ["nothing, but the last update is unverified", { ...STATE, unverified: true }, INPUTS, "remote"],
    [
      "onDestroy, and the last update is unverified",
      { ...STATE, unverified: true },
      changed({ onDestroy: "retain" }),
      "remote",
    ],
    [
      "a service out, to be retained, and the last update is unverified",
      { ...retainedState, unverified: true },
      { ...retained, userServices: undefined },
      "remote",
    ],
    ["drift", { ...STATE, groupServices: { "Call Pickup": 4, "Hunt Group": "unlimited" } }, INPUTS, "remote"],
    ["a service that is no longer listed", { ...STATE, userServices: undefined }, INPUTS, "remote"],
    [
      "a service that could not be let go",
      { ...STATE, userServices: { ...INPUTS.userServices, Old: 3 } },
      INPUTS,
      "remote",
    ],
  ];
  for (const [title, state, inputs, expected] of table) {
    it(`${title}: ${expected}`, () => {
      assert.equal(compare(state, inputs), expected);
    });
  }

  it("any input that is not known yet: remote", () => {
    for (const name of Object.keys(INPUTS).filter((input) => input !== "tenantId")) {
      assert.equal(compare(STATE, changed({ [name]: UNKNOWN_VALUE })), "remote", name);
    }
    assert.equal(compare(STATE, changed({ userServices: { "Call Forwarding Busy": UNKNOWN_VALUE } })), "remote");
  });

  it("state, read as inputs and compared: none", () => {
    const allocation = fc.oneof(fc.constant("unlimited"), fc.nat(9));
    const services = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9/ é]{0,8}[A-Z]$/), allocation, { maxKeys: 5 });
    const anyInputs = fc.record(
      {
        tenantId: fc.stringMatching(/^[a-z0-9_.-]{1,9}[a-z]$/),
        groupServices: services,
        userServices: services,
        onServiceRemoved: fc.constantFrom("retain", "unlicense", "restore"),
        onDestroy: fc.constantFrom("retain", "unlicense", "restore"),
        allowBelowUse: fc.boolean(),
        allowUnlisted: fc.boolean(),
      },
      { requiredKeys: ["tenantId"] },
    );
    fc.assert(
      fc.property(anyInputs, (raw) => {
        const { inputs, mistakes } = checkTenant(raw);
        if (mistakes.length > 0) {
          return;
        }
        const state = writeTenantState(readTenantState(inputs));
        assert.equal(compare(state, inputs), "none");
        assert.deepEqual(inputsOf(readTenantState(state)), inputs);
      }),
    );
  });

  it("claims each service of its tenant, as far as they are known", () => {
    assert.equal(lifecycle.typeName, "TenantServiceLicenses");
    assert.equal(lifecycle.idOf(INPUTS), "foo");
    assert.deepEqual(lifecycle.claims(INPUTS), [
      ["tenant", "foo", "groupServices.Call Pickup"],
      ["tenant", "foo", "groupServices.Hunt Group"],
      ["tenant", "foo", "userServices.Call Forwarding Busy"],
    ]);
    assert.deepEqual(lifecycle.claims({ ...INPUTS, groupServices: UNKNOWN_VALUE }), [
      ["tenant", "foo", null],
      ["tenant", "foo", "userServices.Call Forwarding Busy"],
    ]);
    assert.deepEqual(lifecycle.claims({ tenantId: UNKNOWN_VALUE, userServices: { A: 1 } }), [
      ["tenant", null, "userServices.A"],
    ]);
  });
});
