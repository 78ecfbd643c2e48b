import { shownMistake } from "../../provider/resource/mistake";
import { compareCodePoints } from "../../provider/text/code-points";
import assert from "node:assert/strict";
import fc from "fast-check";
import { UNKNOWN_VALUE } from "../../provider/resource/unknowns";
import type { Properties } from "../../provider/resource/properties";
import { fromGateway, toGateway } from "../../provider/tenant/allocation";
import {
  allocationForm,
  checkTenant,
  parseAllocation,
  readAllocations,
  readTenantInputs,
} from "../../provider/tenant/fields";
import { anything, nastyText } from "./support/anything";

const FULL = {
  tenantId: "foo",
  onServiceRemoved: "restore",
  onDestroy: "unlicense",
  allowBelowUse: true,
  allowUnlisted: false,
  groupServices: { "Call Pickup": 5, "Hunt Group": "unlimited" },
  userServices: { "Anonymous Call Rejection": 0, "Call Forwarding Busy": 7 },
};
const LEAST = { tenantId: "foo", groupServices: { "Hunt Group": 1 } };

describe("the arguments of a tenant's licences", () => {
  describe("in their normal form", () => {
    it("stay as they are, and nothing is added to them", () => {
      assert.deepEqual(checkTenant(FULL), { inputs: FULL, mistakes: [] });
      assert.deepEqual(checkTenant(LEAST), { inputs: LEAST, mistakes: [] });
    });

    it("take the API's list for a map, and its objects for numbers", () => {
      const { inputs, mistakes } = checkTenant({
        ...FULL,
        groupServices: [
          { name: "Hunt Group", allocated: { unlimited: true } },
          { name: "Call Pickup", allocated: { unlimited: false, maximum: 5 }, currentlyAllocated: 2 },
        ],
        userServices: {
          "Call Forwarding Busy": { unlimited: false, maximum: 7 },
          "Anonymous Call Rejection": { unlimited: false, maximum: 0 },
        },
      });
      assert.deepEqual(mistakes, []);
      assert.deepEqual(inputs, FULL);
    });

    it("leave out an empty map, and what is null", () => {
      assert.deepEqual(checkTenant({ ...LEAST, userServices: {}, onDestroy: null }).inputs, LEAST);
      assert.deepEqual(checkTenant({ ...LEAST, userServices: [] }).inputs, LEAST);
    });

    it("hold names and numbers up to their bounds", () => {
      const groupServices = { ["x".repeat(200)]: 2 ** 31 - 1, y: 0 };
      assert.deepEqual(checkTenant({ tenantId: "x".repeat(255), groupServices }).mistakes, []);
    });

    it("sort services by code point", () => {
      const names = ["\u{1F4DE} Calls", "\uFF21 Calls", "a", "Z", "10", "9", "é"];
      const { inputs } = checkTenant({
        tenantId: "foo",
        groupServices: names.map((name) => ({ name, allocated: 1 })),
      });
      assert.deepEqual(
        // Keys that look like numbers come first in any object: no order of ours.
        Object.keys(inputs["groupServices"] as object).filter((name) => !/^\d+$/.test(name)),
        ["Z", "a", "é", "\uFF21 Calls", "\u{1F4DE} Calls"],
      );
      assert.deepEqual([...names].sort(compareCodePoints), [
        "10",
        "9",
        "Z",
        "a",
        "é",
        "\uFF21 Calls",
        "\u{1F4DE} Calls",
      ]);
    });

    it("may name services as every object names something", () => {
      for (const name of ["toString", "constructor", "valueOf", "hasOwnProperty", "then", "__defineGetter__"]) {
        const groupServices = Object.fromEntries([[name, 5]]);
        assert.deepEqual(checkTenant({ tenantId: "foo", groupServices }).mistakes, []);
        const { inputs } = checkTenant({ tenantId: "foo", groupServices: [{ name, allocated: 5 }] });
        assert.deepEqual(inputs["groupServices"], groupServices);
        assert.deepEqual([...readAllocations(groupServices)], [[name, 5]]);
      }
    });

    it("are read back typed", () => {
      const { services, ...settings } = readTenantInputs(FULL);
      assert.deepEqual(settings, {
        tenantId: "foo",
        onServiceRemoved: "restore",
        onDestroy: "unlicense",
        allowBelowUse: true,
        allowUnlisted: false,
      });
      assert.deepEqual(Object.fromEntries(services.userServices), FULL.userServices);
      assert.deepEqual(
        [...readTenantInputs({ ...LEAST, groupServices: { A: UNKNOWN_VALUE, B: 2 } }).services.groupServices],
        [["B", 2]],
      );
      assert.deepEqual([...readAllocations(["no map"])], []);
    });
  });

  describe("are refused", () => {
    const ID = /^tenantId: must be a tenant's id: 1 to 255 characters without/;
    const FORM = "must be `unlimited` or a whole number \\(0 = not licensed\\)";
    const group = (value: unknown): Properties => ({ groupServices: { "Hunt Group": value } });
    const table: readonly [Properties, string, RegExp][] = [
      [{ tenantId: undefined }, "tenantId", /^tenantId: is missing\.$/],
      [{ tenantId: 42 }, "tenantId", /^tenantId: must be a string, not 42: write it in quotes\.$/],
      ...[
        "",
        " ",
        " foo",
        "foo\n",
        "a/b",
        "a\\b",
        "../admin",
        "..",
        ".",
        "a?b",
        "a#b",
        "%2e%2e",
        "%2f",
        "a\u0000b",
        "a\u2028b",
        "a\ud800b",
        "x".repeat(256),
      ].map((tenantId): [Properties, string, RegExp] => [{ tenantId }, "tenantId", ID]),
      [
        { onServiceRemoved: "downgrade" },
        "onServiceRemoved",
        /^onServiceRemoved: must be retain, unlicense or restore, not "[a-z]+"\.$/,
      ],
      [{ onDestroy: 0 }, "onDestroy", /^onDestroy: must be retain, unlicense or restore, not 0\.$/],
      [{ allowBelowUse: "yes" }, "allowBelowUse", /^allowBelowUse: must be true or false, not "yes"\.$/],
      [{ allowUnlisted: "yes" }, "allowUnlisted", /^allowUnlisted: must be true or false, not "yes"\.$/],
      [
        { groupServices: {} },
        "groupServices",
        /^groupServices: name at least one service in groupServices or userServices\.$/,
      ],
      [{ groupServices: undefined }, "groupServices", /^groupServices: name at least one service/],
      [{ groupServices: "Hunt Group" }, "", /^groupServices: must be a map from service name to allocation/],
      [{ groupServices: 3 }, "", /^groupServices: must be a map .*, not 3\.$/],
      [{ groupServices: ["Hunt Group"] }, "", /^groupServices\[0\]: must be \{name, allocated\}, not "Hunt Group"\.$/],
      [{ groupServices: [{ name: "A", allocated: 1 }, { name: "B" }] }, "", /^groupServices\[1\]: must be/],
      [{ groupServices: [{ name: 5, allocated: 1 }] }, "", /^groupServices\[0\]: must be/],
      ...(
        [
          [-1, "-1"],
          [1.5, "1.5"],
          [Number.NaN, "NaN"],
          [Infinity, "Infinity"],
          ["many", '"many"'],
          [true, "true"],
          [undefined, "undefined"],
          [null, "null"],
        ] as const
      ).map(([value, shown]): [Properties, string, RegExp] => [
        group(value),
        "",
        new RegExp(`^groupServices\\.Hunt Group: ${FORM}, not ${shown}\\.$`),
      ]),
      ...[{}, [], { unlimited: false }, { maximum: 5 }, { unlimited: true, maximum: 5 }, { unlimited: "yes" }].map(
        (value): [Properties, string, RegExp] => [
          group(value),
          "",
          new RegExp(`^groupServices\\.Hunt Group: ${FORM}, not `),
        ],
      ),
      [group("Unlimited\u00a0"), "", /, not "Unlimited\\u\{a0\}": did you mean unlimited\?$/],
      ...["5", { unlimited: false, maximum: "5" }, { unlimited: "false", maximum: "5" }].map(
        (value): [Properties, string, RegExp] => [group(value), "", /: write it as a number, without quotes\.$/],
      ),
      [group({ unlimited: "true" }), "", /: write it without quotes\.$/],
      [group(2 ** 31), "", /^groupServices\.Hunt Group: must be at most 2147483647, not 2147483648\.$/],
      [group({ unlimited: false, maximum: 2 ** 31 }), "", /^groupServices\.Hunt Group: must be at most 2147483647/],
      [{ userServices: { "": 1 } }, "", /^userServices\."": a service's name must not be empty\.$/],
      [{ userServices: { "  ": 1 } }, "", /a service's name must not be empty/],
      [{ userServices: { ["x".repeat(201)]: 1 } }, "", /a service's name has at most 200 characters/],
      [
        { userServices: { "a\tb": 1 } },
        "",
        /^userServices\."a\\u\{9\}b": a service's name must not hold control characters/,
      ],
      [{ userServices: [{ name: "__proto__", allocated: 1 }] }, "", /Pulumi cannot carry a service of this name/],
      [
        {
          userServices: [
            { name: "Do Not Disturb", allocated: 1 },
            { name: "Do Not Disturb", allocated: 2 },
          ],
        },
        "",
        /^userServices\.Do Not Disturb: the service is named twice: keep one of the two\.$/,
      ],
      [{ groupService: {} }, "", /^groupService: is not an input of this resource: did you mean groupServices/],
    ];
    for (const [changes, property, reason] of table) {
      const title = JSON.stringify(changes, (_key, value: unknown) =>
        typeof value === "number" ? String(value) : value,
      );
      it(`${title.slice(0, 90)} on ${property === "" ? "no property" : property}`, () => {
        const { mistakes } = checkTenant({ ...LEAST, ...changes });
        assert.equal(mistakes.length, 1, JSON.stringify(mistakes));
        assert.equal(mistakes[0]?.property, property);
        assert.match(shownMistake(mistakes[0]), reason);
      });
    }

    it("each at once, with a service that is named twice after a wrong value not counted as named once", () => {
      const { mistakes, inputs } = checkTenant({
        tenantId: "..",
        groupServices: [
          { name: "A", allocated: "x" },
          { name: "A", allocated: 1 },
        ],
        userServices: { B: -1, C: 3 },
      });
      assert.deepEqual(
        mistakes.map(({ path }) => path.join(".")),
        ["tenantId", "groupServices.A", "groupServices.A", "userServices.B"],
      );
      assert.deepEqual(inputs["userServices"], { C: 3 });
    });
  });

  describe("pass where they are not known yet:", () => {
    for (const name of Object.keys(FULL)) {
      it(name, () => {
        const { inputs, mistakes } = checkTenant({ ...FULL, [name]: UNKNOWN_VALUE });
        assert.deepEqual(mistakes, []);
        assert.equal(inputs[name], UNKNOWN_VALUE);
      });
    }

    it("all of them", () => {
      const all = Object.fromEntries(Object.keys(FULL).map((name) => [name, UNKNOWN_VALUE]));
      assert.deepEqual(checkTenant(all), { inputs: all, mistakes: [] });
    });

    it("one map beside an empty one", () => {
      assert.deepEqual(checkTenant({ tenantId: "foo", groupServices: UNKNOWN_VALUE, userServices: {} }).mistakes, []);
    });

    it("an allocation, or a part of one", () => {
      const groupServices = { A: UNKNOWN_VALUE, B: { unlimited: false, maximum: UNKNOWN_VALUE }, C: 3 };
      assert.deepEqual(checkTenant({ tenantId: "foo", groupServices }).inputs["groupServices"], {
        A: UNKNOWN_VALUE,
        B: UNKNOWN_VALUE,
        C: 3,
      });
    });

    it("a name in the list, or a whole entry: which services it is about is then not known", () => {
      for (const entry of [{ name: UNKNOWN_VALUE, allocated: 1 }, UNKNOWN_VALUE]) {
        const { inputs, mistakes } = checkTenant({
          tenantId: "foo",
          groupServices: [{ name: "A", allocated: 1 }, entry],
        });
        assert.deepEqual(mistakes, []);
        assert.equal(inputs["groupServices"], UNKNOWN_VALUE);
      }
    });
  });

  describe("never make the check throw, and what passes is in its normal form:", () => {
    const judge = (raw: Properties): void => {
      const { inputs, mistakes } = checkTenant(raw);
      for (const mistake of mistakes) {
        assert.match(shownMistake(mistake), /^[^\n]{10,700}$/);
      }
      if (mistakes.length === 0) {
        assert.deepEqual(checkTenant(inputs), { inputs, mistakes: [] });
        if (inputs["tenantId"] !== UNKNOWN_VALUE) {
          // It becomes part of a path.
          assert.equal(
            new URL(`https://host/t/${encodeURIComponent(String(inputs["tenantId"]))}/x`).pathname.split("/").length,
            4,
          );
        }
      }
    };
    const runs = { numRuns: 300 };

    it("any value of any input", () => {
      const names = fc.constantFrom(...Object.keys(FULL), "else");
      fc.assert(
        fc.property(names, anything, (name, value) => {
          judge({ ...FULL, [name]: value });
        }),
        runs,
      );
    });

    it("any allocation of any service", () => {
      fc.assert(
        fc.property(nastyText, anything, (name, value) => {
          judge({ tenantId: "foo", groupServices: Object.fromEntries([[name, value]]) });
          judge({ tenantId: "foo", userServices: [{ name, allocated: value }] });
        }),
        runs,
      );
    });
  });

  it("take an allocation through the gateway's form and back", () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant("unlimited" as const), fc.nat()), (allocation) => {
        const form = toGateway(allocation);
        assert.equal(fromGateway(form), allocation);
        assert.deepEqual(parseAllocation(form), { allocation });
        assert.equal(allocationForm.safeParse(allocation).success, true);
      }),
    );
  });
});
