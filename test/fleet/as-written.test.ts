import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { customer, fleetOf, tenant } from "./fleets";

/** Texts that YAML, by one of its versions, would take for something else. */
const TEXTS = [
  "0042",
  "0x1F",
  "0o17",
  "1e3",
  "1_000",
  "12:30:45",
  ".inf",
  "-0",
  "yes",
  "No",
  "on",
  "true",
  "null",
  "~",
  "2026-11-23",
  "1.10",
];

/** What may stand bare in YAML wherever it is. */
const bareText = fc.stringMatching(/^[A-Za-z0-9+.][A-Za-z0-9 +._/()%@&*!-]{0,30}[A-Za-z0-9]$/);
const serviceName = fc
  .string({ unit: "binary", minLength: 1, maxLength: 100 })
  .filter((name) => name.trim() !== "" && name !== "__proto__" && !/\p{Cc}/u.test(name));

describe("texts of a fleet file are taken as they are written", () => {
  for (const text of TEXTS) {
    it(`${text}: as a name, a tenant's id, a service, a full name, a key`, () => {
      const { customers } = fleetOf(
        [
          "customers:",
          `  ${text}:`,
          "    customerGuid: D5253892-1C1E-4B23-89D7-29D86734C31B",
          "    licenseType: 4",
          "    licensedUsersCount: 1",
          `    customerFullName: ${text}`,
          `    resendSecret: ${text} # a comment`,
          "    applicationClientId: 0fdc8122-e0b5-43ac-8433-54860113710d",
          `    applicationClientSecret: { config: ${text.replaceAll(/[~:]/g, "x")} }`,
        ].join("\n"),
      );
      const [declared] = customers;
      assert.equal(declared?.name, text);
      assert.equal(declared.inputs.customerFullName, text);
      assert.equal(declared.inputs.resendSecret, text);
      assert.equal(declared.secretKey, text.replaceAll(/[~:]/g, "x"));
      const { tenants } = fleetOf(
        `tenants:\n  ${text}:\n    groupServices: { ${text}: 5 }\n  other:\n    tenantId: ${text}\n    userServices:\n      - { name: ${text}, allocated: unlimited }\n`,
      );
      assert.deepEqual(
        tenants.map(({ name, inputs }) => [name, inputs.tenantId]),
        [
          [text, text],
          ["other", text],
        ],
      );
      assert.deepEqual([...(tenants[0]?.inputs.services.groupServices ?? [])], [[text, 5]]);
      assert.deepEqual([...(tenants[1]?.inputs.services.userServices ?? [])], [[text, "unlimited"]]);
    });
  }

  it("whatever bare text stands as the name of a service, or as a customer's full name", () => {
    fc.assert(
      fc.property(bareText, (text) => {
        const [declared] = fleetOf(tenant("userServices:", `  ${text}: 7`)).tenants;
        assert.deepEqual([...(declared?.inputs.services.userServices ?? [])], [[text, 7]]);
        const [contoso] = fleetOf(customer(`customerFullName: ${text}`)).customers;
        assert.equal(contoso?.inputs.customerFullName, text);
      }),
    );
  });

  it("any name of a service, in quotes or as YAML's own writer puts it", () => {
    fc.assert(
      fc.property(serviceName, (name) => {
        const [quoted] = fleetOf(tenant("userServices:", `  ${JSON.stringify(name)}: 7`)).tenants;
        assert.deepEqual([...(quoted?.inputs.services.userServices ?? [])], [[name, 7]]);
        fc.pre(name !== "<<");
        const [written] = fleetOf(stringify({ tenants: { foo: { groupServices: { [name]: 7 } } } })).tenants;
        assert.deepEqual([...(written?.inputs.services.groupServices ?? [])], [[name, 7]]);
      }),
    );
  });

  it("blanks around a bare text, and a comment, are not part of it; what is in quotes is", () => {
    const [declared] = fleetOf(
      tenant("userServices:", "  Call Waiting  : 1 # one", '  "Call  Waiting#2 ": 2', "  'It''s': 3"),
    ).tenants;
    assert.deepEqual(
      [...(declared?.inputs.services.userServices ?? [])],
      [
        ["Call  Waiting#2 ", 2],
        ["Call Waiting", 1],
        ["It's", 3],
      ],
    );
  });
});

describe("numbers of a fleet file follow YAML's core rules", () => {
  for (const [written, count] of [
    ["50", 50],
    ["+50", 50],
    ["0x1F", 31],
    ["0o17", 15],
    ["1e3", 1000],
    ["50.0", 50],
  ] as const) {
    it(`${written} is ${count}`, () => {
      const text = `customers:\n  a: { customerGuid: d5253892-1c1e-4b23-89d7-29d86734c31b, licenseType: 5, licensedUsersCount: ${written} }`;
      const [declared] = fleetOf(text).customers;
      assert.equal(declared?.inputs.licensedUsersCount, count);
      assert.equal(declared.inputs.licenseType, "OcPro");
      const [foo] = fleetOf(tenant(`groupServices: { Hunt Group: ${written} }`)).tenants;
      assert.equal(foo?.inputs.services.groupServices.get("Hunt Group"), count);
    });
  }
});
