import assert from "node:assert/strict";
import fc from "fast-check";
import { UNKNOWN_VALUE } from "../../provider/resource/unknowns";
import type { Properties } from "../../provider/resource/properties";
import { checkCustomer } from "../../provider/customer/fields";
import { licenseResource } from "../../provider/resource/definition";
import { customerServiceLicense } from "../../provider/customer/definition";
import { inputsOf, readCustomerState, writeCustomerState } from "../../provider/customer/state";
import { anything } from "./support/anything";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const APPLICATION = "0fdc8122-e0b5-43ac-8433-54860113710d";

const STATE = {
  customerGuid: GUID,
  licenseType: "OcPro",
  licensedUsersCount: 50,
  applicationClientId: APPLICATION,
  applicationClientSecret: "s1",
  resendSecret: "1",
  customerFullName: "Contoso",
  customerFullNameDeclared: true,
  customerShortName: "contoso",
  clientSecretExpiresAt: "2027-02-18T08:39:26.000Z",
  onDestroy: "downgrade",
  taskTimeout: "90s",
  allowBelowUse: true,
  lastTaskId: "tsk_185510",
};
const PENDING = {
  version: 1,
  id: "tsk_185510",
  target: { licenseType: "OcPro", licensedUsersCount: 50 },
  sentAt: "2026-03-01T12:00:00.000Z",
};
const INPUTS = {
  customerGuid: GUID,
  licenseType: "OcPro",
  licensedUsersCount: 50,
  applicationClientId: APPLICATION,
  applicationClientSecret: "s1",
  resendSecret: "1",
  customerFullName: "Contoso",
  onDestroy: "downgrade",
  taskTimeout: "90s",
  allowBelowUse: true,
};

describe("the state of a customer", () => {
  it("is read as it was written, unfinished work included", () => {
    for (const state of [
      STATE,
      { customerGuid: GUID },
      { ...STATE, pendingTask: PENDING, pendingPatch: true },
      { ...STATE, pendingTask: { ...PENDING, id: null } },
      { ...STATE, pendingTask: { ...PENDING, call: "PATCH" }, unverified: true },
      { ...STATE, licenseType: "Unknown(7)" },
    ]) {
      assert.deepEqual(writeCustomerState(readCustomerState(state)), state);
    }
  });

  it("forgets what it cannot read, and what it does not know", () => {
    const strange = { ...STATE, licensedUsersCount: "many", onDestroy: "explode", taskTimeout: null, later: { a: 1 } };
    const { licensedUsersCount, onDestroy, taskTimeout, ...rest } = STATE;
    assert.deepEqual(
      writeCustomerState(readCustomerState(strange)),
      rest,
      `${licensedUsersCount}, ${onDestroy} and ${taskTimeout} are gone`,
    );
  });

  it("takes the GUID in any case", () => {
    assert.equal(readCustomerState({ customerGuid: GUID.toUpperCase() }).customerGuid, GUID);
  });

  it("takes a null that was lost on the way for the null of a lost answer", () => {
    const { id, ...without } = PENDING;
    assert.equal(readCustomerState({ ...STATE, pendingTask: without }).pendingTask?.id, null, id);
  });

  it("is not read where a newer version left unfinished work, or without a customer", () => {
    assert.throws(
      () => readCustomerState({ ...STATE, pendingTask: { ...PENDING, version: 2 } }),
      /pendingTask\.version: it was written by a newer version of pulumi-voice-licenses: use that version\.$/,
    );
    assert.throws(
      () => readCustomerState({}),
      /^Error: The state of this customer cannot be read: it names no customerGuid\.$/,
    );
  });

  it("stands for the inputs that it was made from", () => {
    assert.deepEqual(inputsOf(readCustomerState(STATE)), INPUTS);
    const { customerFullName, ...undeclared } = INPUTS;
    assert.deepEqual(
      inputsOf(readCustomerState({ ...STATE, customerFullNameDeclared: undefined, customerFullName })),
      undeclared,
    );
  });
});

describe("a customer's state and inputs compared", () => {
  const lifecycle = licenseResource(
    customerServiceLicense(() => assert.fail("nothing is to be asked")),
    () => undefined,
  );
  const compare = (state: Properties, inputs: Properties): string => {
    const { changes, replaces } = lifecycle.compare(state, inputs);
    return [changes, ...replaces].join(" ");
  };
  /** The inputs with some changed, or taken out where `undefined`. */
  const changed = (changes: Properties): Properties =>
    Object.fromEntries(Object.entries<unknown>({ ...INPUTS, ...changes }).filter(([, value]) => value !== undefined));

  const table: readonly [string, Properties, Properties, string][] = [
    ["nothing changed", STATE, INPUTS, "none"],
    ["the customer", STATE, changed({ customerGuid: GUID.replace("d", "e") }), "remote customerGuid"],
    ["the type", STATE, changed({ licenseType: "OcEssentialPlus" }), "remote"],
    ["the count", STATE, changed({ licensedUsersCount: 51 }), "remote"],
    ["the secret", STATE, changed({ applicationClientSecret: "s2" }), "remote"],
    ["the client id", STATE, changed({ applicationClientId: GUID }), "remote"],
    ["the case of the client id", STATE, changed({ applicationClientId: APPLICATION.toUpperCase() }), "none"],
    ["resendSecret", STATE, changed({ resendSecret: "2" }), "remote"],
    ["resendSecret taken out", STATE, changed({ resendSecret: undefined }), "remote"],
    ["the full name", STATE, changed({ customerFullName: "Other" }), "remote"],
    ["the full name no longer declared", STATE, changed({ customerFullName: undefined }), "local"],
    ["the full name declared as it is", { ...STATE, customerFullNameDeclared: undefined }, INPUTS, "local"],
    [
      "the App Registration taken out",
      STATE,
      changed({ applicationClientId: undefined, applicationClientSecret: undefined }),
      "local",
    ],
    [
      "resendSecret changed without an App Registration",
      { customerGuid: GUID, licenseType: "OcPro", licensedUsersCount: 50 },
      { customerGuid: GUID, licenseType: "OcPro", licensedUsersCount: 50, resendSecret: "1" },
      "local",
    ],
    ["onDestroy", STATE, changed({ onDestroy: undefined }), "local"],
    ["taskTimeout", STATE, changed({ taskTimeout: "30m" }), "local"],
    ["allowBelowUse", STATE, changed({ allowBelowUse: false }), "local"],
    ["drift to another type", { ...STATE, licenseType: "Unknown(7)" }, INPUTS, "remote"],
    ["a count that is gone", { ...STATE, licensedUsersCount: undefined }, INPUTS, "remote"],
    ["a secret that was never sent", { ...STATE, applicationClientSecret: undefined }, INPUTS, "remote"],
    ["a pending task", { ...STATE, pendingTask: PENDING }, INPUTS, "remote"],
    [
      "a pending task of which the answer was lost",
      { ...STATE, pendingTask: { ...PENDING, id: null } },
      INPUTS,
      "remote",
    ],
    ["a PATCH that is owed", { ...STATE, pendingPatch: true }, INPUTS, "remote"],
    ["a write that was not seen", { ...STATE, unverified: true }, INPUTS, "remote"],
    [
      "a write that was not seen beside a local change",
      { ...STATE, unverified: true },
      changed({ taskTimeout: "1m" }),
      "remote",
    ],
    ["a write that was seen", { ...STATE, unverified: false }, INPUTS, "none"],
    [
      "the full name in another form",
      { ...STATE, customerFullName: "Contoso  Caf\u00e9" },
      changed({ customerFullName: " Contoso Cafe\u0301" }),
      "none",
    ],
    [
      "a PATCH that is owed beside a local change",
      { ...STATE, pendingPatch: true },
      changed({ taskTimeout: "1m" }),
      "remote",
    ],
  ];
  for (const [title, state, inputs, expected] of table) {
    it(`${title}: ${expected}`, () => {
      assert.equal(compare(state, inputs), expected);
    });
  }

  it("any input that is not known yet: remote", () => {
    for (const name of Object.keys(INPUTS).filter((input) => input !== "customerGuid")) {
      assert.equal(compare(STATE, changed({ [name]: UNKNOWN_VALUE })), "remote", name);
    }
  });

  it("state, read as inputs and compared: none", () => {
    const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
    const anyInputs = fc.record({
      customerGuid: fc.uuid(),
      licenseType: fc.constantFrom(1, 2, "OcEssentialPlus", "OcPro"),
      licensedUsersCount: fc.integer({ min: 1, max: 1000 }),
      registration: maybe(fc.tuple(fc.uuid(), fc.stringMatching(/^[a-z]{1,9}$/))),
      resendSecret: maybe(fc.constantFrom("1", "2")),
      customerFullName: maybe(fc.constantFrom("A", "B")),
      onDestroy: maybe(fc.constantFrom("retain", "downgrade")),
      taskTimeout: maybe(fc.constantFrom("90s", "30m")),
      allowBelowUse: maybe(fc.boolean()),
    });
    fc.assert(
      fc.property(anyInputs, ({ registration, ...rest }) => {
        const { inputs, mistakes } = checkCustomer({
          ...rest,
          applicationClientId: registration?.[0],
          applicationClientSecret: registration?.[1],
        });
        assert.deepEqual(mistakes, []);
        const declared = rest.customerFullName === undefined ? {} : { customerFullNameDeclared: true };
        const state = writeCustomerState(readCustomerState({ customerFullName: "As found", ...inputs, ...declared }));
        assert.equal(compare(state, inputs), "none");
        assert.deepEqual(inputsOf(readCustomerState(state)), inputs);
      }),
    );
  });

  it("whatever lies in state, reading it gives state or a plain error", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(STATE), "pendingTask", "pendingPatch", "unverified"),
        anything,
        (name, value) => {
          try {
            readCustomerState({ ...STATE, [name]: value });
          } catch (error) {
            assert.match(
              String(error),
              /^Error: The state of (?:this customer cannot be read: it names no customerGuid|customer .* cannot be read: pendingTask)/,
            );
          }
        },
      ),
    );
  });

  it("claims its customer, once it is known, in lower case", () => {
    assert.equal(lifecycle.typeName, "CustomerServiceLicense");
    assert.equal(lifecycle.idOf(INPUTS), GUID);
    assert.deepEqual(lifecycle.claims({ ...INPUTS, customerGuid: GUID.toUpperCase() }), [["customer", GUID]]);
    assert.deepEqual(lifecycle.claims({ ...INPUTS, customerGuid: UNKNOWN_VALUE }), [["customer", null]]);
  });
});
