import { type Mistake, shownMistake } from "../../provider/resource/mistake";
import assert from "node:assert/strict";
import fc from "fast-check";
import { UNKNOWN_VALUE } from "../../provider/resource/unknowns";
import type { Properties } from "../../provider/resource/properties";
import { checkCustomer, readCustomerInputs, readKnownCustomerInputs } from "../../provider/customer/fields";
import { anything } from "./support/anything";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const APPLICATION = "0fdc8122-e0b5-43ac-8433-54860113710d";
const LEAST = { customerGuid: GUID, licenseType: "OcPro", licensedUsersCount: 50 };
const FULL = {
  ...LEAST,
  applicationClientId: APPLICATION,
  applicationClientSecret: "pr18Q~x",
  resendSecret: "1",
  customerFullName: "BBOC532",
  onDestroy: "downgrade",
  taskTimeout: "90s",
  allowBelowUse: true,
};

/** The inputs with one changed, as checked: the one failure, or none. */
function failureOf(changes: Properties): Mistake | undefined {
  const { mistakes } = checkCustomer({ ...LEAST, ...changes });
  assert.ok(mistakes.length <= 1, JSON.stringify(mistakes));
  return mistakes[0];
}

describe("the arguments of a customer's licence", () => {
  describe("in their normal form", () => {
    it("stay as they are, and nothing is added to them", () => {
      assert.deepEqual(checkCustomer(FULL), { inputs: FULL, mistakes: [] });
      assert.deepEqual(checkCustomer(LEAST), { inputs: LEAST, mistakes: [] });
    });

    for (const [code, name] of [
      [1, "HostedEssentialsPlus"],
      [2, "HostedPro"],
      [4, "OcEssentialPlus"],
      [5, "OcPro"],
    ] as const) {
      it(`hold the name of licence type ${code}`, () => {
        assert.deepEqual(checkCustomer({ ...LEAST, licenseType: code }).inputs["licenseType"], name);
        assert.deepEqual(checkCustomer({ ...LEAST, licenseType: name }).inputs["licenseType"], name);
      });
    }

    it("hold the GUID in lower case", () => {
      assert.deepEqual(checkCustomer({ ...LEAST, customerGuid: GUID.toUpperCase() }).inputs["customerGuid"], GUID);
    });

    it("leave out what is null", () => {
      assert.deepEqual(checkCustomer({ ...LEAST, onDestroy: null, applicationClientId: null }).inputs, LEAST);
    });

    it("do not change when they are checked again", () => {
      const { inputs } = checkCustomer({ ...FULL, licenseType: 4, customerGuid: GUID.toUpperCase() });
      assert.deepEqual(checkCustomer(inputs), { inputs, mistakes: [] });
    });

    it("are read back typed", () => {
      assert.deepEqual(readCustomerInputs(FULL), FULL);
      const { licenseType, ...known } = FULL;
      assert.deepEqual(readKnownCustomerInputs({ ...known, licenseType: UNKNOWN_VALUE }), known, licenseType);
    });
  });

  describe("are refused", () => {
    const NUMBER = /^licensedUsersCount: must be a whole number, 1 or more, not .+\.$/;
    const TYPE =
      /^licenseType: must be HostedEssentialsPlus, HostedPro, OcEssentialPlus, OcPro, or the API's number 1, 2, 4 or 5, not .+[.?]$/;
    const ID = /^customerGuid: must be a UUID such as d5253892-/;
    const table: readonly [Properties, string, RegExp][] = [
      [{ customerGuid: undefined }, "customerGuid", /^customerGuid: is missing\.$/],
      [{ licenseType: null }, "licenseType", /^licenseType: is missing\.$/],
      [{ licensedUsersCount: undefined }, "licensedUsersCount", /^licensedUsersCount: is missing\.$/],
      [{ customerGuid: 5 }, "customerGuid", /^customerGuid: must be a UUID such as .*, not 5\.$/],
      [{ customerGuid: "" }, "customerGuid", ID],
      [{ customerGuid: `${GUID}\n` }, "customerGuid", ID],
      [{ customerGuid: ` ${GUID}` }, "customerGuid", ID],
      [{ customerGuid: `{${GUID}}` }, "customerGuid", ID],
      [{ customerGuid: GUID.replaceAll("-", "") }, "customerGuid", ID],
      [{ customerGuid: GUID.replace("d", "\u0501") }, "customerGuid", ID],
      [{ customerGuid: GUID.replace(/.{9}$/, "../../../") }, "customerGuid", ID],
      [{ customerGuid: GUID.replace(/.{3}$/, "%2f") }, "customerGuid", ID],
      ...[
        3,
        0,
        7,
        -1,
        4.5,
        Number.NaN,
        "5",
        "ocpro",
        "OcEssential",
        "Unknown(7)",
        "__proto__",
        true,
        [5],
        { a: 1 },
      ].map((licenseType): [Properties, string, RegExp] => [{ licenseType }, "licenseType", TYPE]),
      [{ licensedUsersCount: 0 }, "licensedUsersCount", /^licensedUsersCount: must be 1 or more, not 0\.$/],
      [{ licensedUsersCount: -5 }, "licensedUsersCount", /^licensedUsersCount: must be 1 or more, not -5\.$/],
      ...[1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, "50", true, [], {}].map(
        (licensedUsersCount): [Properties, string, RegExp] => [{ licensedUsersCount }, "licensedUsersCount", NUMBER],
      ),
      [
        { licensedUsersCount: 2 ** 31 },
        "licensedUsersCount",
        /^licensedUsersCount: must be at most 2147483647, not 2147483648\.$/,
      ],
      [{ resendSecret: 1 }, "resendSecret", /^resendSecret: must be a string\.$/],
      [{ resendSecret: "" }, "resendSecret", /^resendSecret: must not be empty\.$/],
      [
        { customerFullName: "a\u0000b" },
        "customerFullName",
        /^customerFullName: must not hold control characters: "a\\u0000b": did you mean a b\?$/,
      ],
      [
        { customerFullName: 42 },
        "customerFullName",
        /^customerFullName: must be a string, not 42: write it in quotes\.$/,
      ],
      [{ customerFullName: "a\u009bb" }, "customerFullName", /must not hold control characters/],
      [
        { customerFullName: "x".repeat(501) },
        "customerFullName",
        /^customerFullName: must have at most 500 characters: "x{99}…\.$/,
      ],
      [{ onDestroy: "delete" }, "onDestroy", /^onDestroy: must be retain or downgrade, not "delete"\.$/],
      [
        { onDestroy: "Downgrade\u00a0" },
        "onDestroy",
        /^onDestroy: must be retain or downgrade, not "Downgrade\\u\{a0\}": did you mean downgrade\?$/,
      ],
      [
        { taskTimeout: 30 },
        "taskTimeout",
        /^taskTimeout: must be a time such as 90s, 30m or 2h, up to a day, not 30\.$/,
      ],
      ...["0s", "30", "2d", "25h", "-5m", "1e3s", "soon"].map((taskTimeout): [Properties, string, RegExp] => [
        { taskTimeout },
        "taskTimeout",
        /^taskTimeout: must be a time such as 90s, 30m or 2h, up to a day, not ".+"\.$/,
      ]),
      [{ allowBelowUse: "true" }, "allowBelowUse", /must be true or false, not "true": write it without quotes\.$/],
      [{ allowBelowUse: 1 }, "allowBelowUse", /^allowBelowUse: must be true or false, not 1\.$/],
      [
        { applicationClientId: "mine", applicationClientSecret: "s" },
        "applicationClientId",
        /^applicationClientId: must be a UUID such as [-0-9a-f]+\.$/,
      ],
      [
        { applicationClientId: `${APPLICATION}\u200b`, applicationClientSecret: "s" },
        "applicationClientId",
        /^applicationClientId: must be a UUID such as [-0-9a-f]+; what was read holds a zero-width space \(U\+200B\)\.$/,
      ],
      ...(
        [
          ["5", /, not "5": write it as a number, without quotes\.$/],
          ["ocpro", /, not "ocpro": did you mean OcPro\?$/],
          ["OC Pro", /, not "OC Pro": did you mean OcPro\?$/],
          ["Hosted\u00a0Pro", /, not "Hosted\\u\{a0\}Pro": did you mean HostedPro\?$/],
          [3, /, not 3\.$/],
        ] as const
      ).map(([licenseType, message]): [Properties, string, RegExp] => [{ licenseType }, "licenseType", message]),
      [{ licensedUsersCount: "50" }, "licensedUsersCount", /, not "50": write it as a number, without quotes\.$/],
      [{ licensedUsersCount: "50\u00a0" }, "licensedUsersCount", /, not "50\\u\{a0\}": did you mean 50\?$/],
      [{ licensedUsersCount: "fifty" }, "licensedUsersCount", /, not "fifty"\.$/],
      [{ applicationClientId: APPLICATION }, "applicationClientId", /go together: add the secret or remove the id/],
      [{ applicationClientSecret: "s" }, "applicationClientId", /go together: add the id or remove the secret/],
      [{ licenceType: "OcPro" }, "", /^licenceType: is not an input of this resource: did you mean licenseType\?$/],
      [{ zzzzzzzzzzzz: 1 }, "", /^zzzzzzzzzzzz: is not an input of this resource\.$/],
      [JSON.parse('{"__proto__": {"licenseType": 1}}') as Properties, "", /^__proto__: is not an input/],
    ];
    for (const [changes, property, reason] of table) {
      it(`${JSON.stringify(changes).slice(0, 90)} on ${property === "" ? "no property" : property}`, () => {
        // Not spread, which would lose an own `__proto__`.
        const raw = Object.defineProperties({ ...LEAST }, Object.getOwnPropertyDescriptors(changes));
        const { mistakes } = checkCustomer(raw);
        assert.equal(mistakes.length, 1, JSON.stringify(mistakes));
        assert.equal(mistakes[0]?.property, property);
        assert.match(shownMistake(mistakes[0]), reason);
      });
    }

    it("without a secret's value, or its property, which the engine prints", () => {
      for (const applicationClientSecret of ["", "hush\u0007hush", 12345, ["hush"], "hush".repeat(400)]) {
        const failure = failureOf({ applicationClientId: APPLICATION, applicationClientSecret });
        assert.equal(failure?.property, "");
        assert.match(failure.message, /^must /);
        assert.doesNotMatch(failure.message, /hush|12345/);
      }
      assert.doesNotMatch(failureOf({ aplicationClientSecretX: "hush" })?.message ?? "", /hush/);
    });

    it("each at once, so that all can be corrected in one go", () => {
      const { mistakes } = checkCustomer({ customerGuid: "x", licenseType: 3, licensedUsersCount: 0, onDestroy: "no" });
      assert.deepEqual(
        mistakes.map(({ property }) => property),
        ["customerGuid", "licenseType", "licensedUsersCount", "onDestroy"],
      );
    });
  });

  it("pass where they are not known yet, each of them and all of them", () => {
    for (const name of Object.keys(FULL)) {
      const { inputs, mistakes } = checkCustomer({ ...FULL, [name]: UNKNOWN_VALUE });
      assert.deepEqual(mistakes, [], name);
      assert.equal(inputs[name], UNKNOWN_VALUE);
    }
    const all = Object.fromEntries(Object.keys(FULL).map((name) => [name, UNKNOWN_VALUE]));
    assert.deepEqual(checkCustomer(all), { inputs: all, mistakes: [] });
    assert.deepEqual(readKnownCustomerInputs(all), {});
  });

  it("never make the check throw, and what passes is in its normal form", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(FULL), "else"), anything, (name, value) => {
        const { inputs, mistakes } = checkCustomer({ ...FULL, [name]: value });
        for (const mistake of mistakes) {
          assert.match(shownMistake(mistake), /^[^\n]{10,400}$/);
        }
        if (mistakes.length === 0) {
          assert.deepEqual(checkCustomer(inputs), { inputs, mistakes: [] });
          if (!Object.values(inputs).includes(UNKNOWN_VALUE)) {
            readCustomerInputs(inputs);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
