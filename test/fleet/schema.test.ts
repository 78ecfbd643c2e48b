import assert from "node:assert/strict";
import { parse } from "yaml";
import { FILE_KEYS, inputNames, PROFILE_KEY } from "../../fleet/keys";
import schema from "../../fleet/licenses.schema.json";
import { accepts } from "./draft-7";
import { APP_ID, customer, GUID, linesOf, tenant } from "./fleets";

const APP = [`applicationClientId: ${APP_ID}`, "applicationClientSecret: { config: contosoAppSecret }"];

/** What the schema and the check must agree on. */
const RIGHT: readonly string[] = [
  "{}",
  "customers:\ntenants:\n",
  customer(),
  customer(...APP),
  customer().replace(GUID, GUID.toUpperCase()).replace("OcPro", "4"),
  customer(
    "customerFullName: 0042",
    "resendSecret: ~",
    "onDestroy: downgrade",
    "taskTimeout: 90s",
    "allowBelowUse: true",
  ),
  tenant("tenantId: 0x1F", "groupServices: { A: unlimited, B: 0, C: { unlimited: true } }", "userServices:"),
  tenant("userServices: [{ name: 5, allocated: { unlimited: false, maximum: 3 } }]", "onServiceRemoved: restore"),
  tenant("groupServices: { A: 1 }", "onDestroy: unlicense", "allowBelowUse: false", "allowUnlisted: true"),
  "include:\ncsv:\ndefaults:\nprofiles:\n",
  "profiles: { p: { groupServices: { A: 1 } } }\ntenants: { foo: { profile: p, userServices: { B: 1 } } }",
  `defaults: { customer: { licensedUsersCount: 5 } }\nprofiles: { p: { licenseType: OcPro }, 7: }\ncustomers: { a: { customerGuid: ${GUID}, profile: [p, 7] } }`,
  "defaults: { tenant: { groupServices: { A: 1 } }, customer: }\ntenants:\n  foo:\n",
];

const WRONG: readonly string[] = [
  "[]",
  "defaults: []",
  "defaults: { tenants: {} }",
  "defaults: { tenant: { tenantId: foo } }",
  "defaults: { customer: { groupServices: {} } }",
  "profiles: { p: [] }",
  `profiles: { p: { customerGuid: ${GUID} } }`,
  "profiles: { p: { group: {} } }",
  tenant("groupServices: { A: 1 }", "profile: { name: p }"),
  "tennants: {}",
  "customers: []",
  "customers: { contoso: {} }",
  customer().replace(GUID, "contoso"),
  customer().replace("OcPro", "OcEssential"),
  customer().replace("OcPro", "3"),
  customer().replace("50", "0"),
  customer().replace("50", "1.5"),
  customer().replace("50", '"50"'),
  customer("allowUnlisted: true"),
  customer("onDestroy: retained"),
  customer('customerFullName: ""'),
  customer(...APP.slice(0, 1)),
  customer(...APP.slice(1)),
  customer(...APP).replace("{ config: contosoAppSecret }", "s3cr3t"),
  customer(...APP).replace("config:", "secret:"),
  tenant("groupServices: { A: -1 }"),
  tenant("groupServices: { A: all }"),
  tenant("groupServices: { A: { unlimited: false } }"),
  tenant("groupServices: { A: { unlimited: true, maximum: 5 } }"),
  tenant("groupServices: [{ name: A }]"),
  tenant("groupServices: [{ name: A, allocated: 1, status: updated }]"),
  tenant("tenantId: a/b", "groupServices: { A: 1 }"),
  tenant("groupServices: { A: 1 }", "onDestroy: downgrade"),
];

describe("the JSON Schema of the fleet file", () => {
  for (const text of RIGHT) {
    it(`takes, as the check does: ${JSON.stringify(text)}`, () => {
      assert.equal(accepts(schema, parse(text)), true);
      assert.deepEqual(
        linesOf(text).filter((line) => !line.includes("name at least one service")),
        [],
      );
    });
  }

  for (const text of WRONG) {
    it(`refuses, as the check does: ${JSON.stringify(text)}`, () => {
      assert.equal(accepts(schema, parse(text)), false);
      assert.notDeepEqual(linesOf(text), []);
    });
  }

  it("knows every key that the check knows, and no other", () => {
    const keysOf = ({ properties }: { properties: object }): string[] => Object.keys(properties).sort();
    const { customers, tenants } = schema.properties;
    assert.deepEqual(keysOf(schema), [...FILE_KEYS].sort());
    assert.deepEqual(keysOf(customers.additionalProperties), [...inputNames("customers"), PROFILE_KEY].sort());
    assert.deepEqual(keysOf(tenants.additionalProperties), [...inputNames("tenants"), PROFILE_KEY].sort());
  });

  it("is closed, and says of every input what it is", () => {
    const closed: string[] = [];
    const visit = (path: string, node: unknown): void => {
      if (typeof node !== "object" || node === null) {
        return;
      }
      const { properties, additionalProperties } = node as Record<string, unknown>;
      if (typeof properties === "object" && properties !== null && !path.endsWith(".properties")) {
        assert.equal(additionalProperties, false, path);
        closed.push(path);
      }
      for (const [key, child] of Object.entries(node)) {
        visit(`${path}.${key}`, child);
      }
    };
    visit("", schema);
    assert.ok(closed.length >= 5, closed.join("\n"));

    assert.equal(schema.$schema, "http://json-schema.org/draft-07/schema#");
    for (const kind of ["customers", "tenants"] as const) {
      const { properties } = schema.properties[kind].additionalProperties;
      for (const [name, { description }] of Object.entries<{ description: string }>(properties)) {
        assert.ok(description.length > 20, name);
      }
    }
  });
});
