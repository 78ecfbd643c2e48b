import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { type Field, field, type FieldsOf, namesIn } from "../../provider/resources/fields";
import type { CustomerServiceLicenseArgs } from "../../provider/resources/customer-service-license/arguments";
import { customerFields } from "../../provider/resources/customer-service-license/fields";
import {
  inputsOf,
  readCustomerState,
  writeCustomerState,
} from "../../provider/resources/customer-service-license/state";
import { tenantFields } from "../../provider/resources/tenant-service-licenses/fields";
import { licensesJsonSchema } from "../../fleet/schema";

/** The rows of the table of inputs of a page in docs/: names and default of each. */
function documentedInputs(page: string): Map<string, string> {
  const table = readFileSync(path.join(__dirname, "../../docs", page), "utf8")
    .split("\n\n")
    .find((part) => part.startsWith("| input"));
  assert.ok(table !== undefined, page);
  const rows = table.split("\n").slice(2);
  return new Map(
    rows.flatMap((row) => {
      const [, names = "", , byDefault = ""] = row.split("|").map((cell) => cell.trim());
      return [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => [name, byDefault] as const);
    }),
  );
}

describe("the table of fields of a resource", () => {
  it("has a field for each input of the argument type, and none beside: otherwise it does not compile", () => {
    const { taskTimeout, ...others } = customerFields;
    // @ts-expect-error taskTimeout is missing
    const missing: FieldsOf<CustomerServiceLicenseArgs> = others;
    const whole: FieldsOf<CustomerServiceLicenseArgs> = { ...others, taskTimeout };
    const extra = field(z.string().optional(), { scope: "local", doc: "" });
    // @ts-expect-error extra is no input
    const surplus = { ...customerFields, extra } satisfies FieldsOf<CustomerServiceLicenseArgs>;
    const alwaysGiven = { ...others, taskTimeout: field(z.string(), taskTimeout.field) };
    // @ts-expect-error an input that may be left out needs a form that allows it
    const required: FieldsOf<CustomerServiceLicenseArgs> = alwaysGiven;
    assert.ok([missing, whole, surplus, required].every((fields) => "customerGuid" in fields));
  });

  it("keeps each local input in state, and gives it back as an input", () => {
    const examples = { onDestroy: "downgrade", taskTimeout: "90s", allowBelowUse: true };
    assert.deepEqual(namesIn(customerFields, "local").sort(), Object.keys(examples).sort());
    const state = readCustomerState({ customerGuid: "d5253892-1c1e-4b23-89d7-29d86734c31b", ...examples });
    assert.deepEqual(writeCustomerState(state), { customerGuid: state.customerGuid, ...examples });
    assert.deepEqual(inputsOf(state), { customerGuid: state.customerGuid, ...examples });
  });

  const tables: (readonly [string, string, Readonly<Record<string, Field>>])[] = [
    ["customers.md", "customers", customerFields],
    ["tenants.md", "tenants", tenantFields],
  ];
  for (const [page, section, fields] of tables) {
    it(`is what docs/${page} says, with its defaults`, () => {
      const rows = documentedInputs(page);
      assert.deepEqual([...rows.keys()].sort(), Object.keys(fields).sort());
      for (const [name, { field: facts }] of Object.entries(fields)) {
        if (facts.default !== undefined) {
          assert.equal(rows.get(name)?.replace(/^`|`$/g, ""), JSON.stringify(facts.default), name);
        }
      }
    });

    it(`describes each input of ${section} in the fleet file's JSON Schema`, () => {
      const schema = licensesJsonSchema() as {
        properties: Record<
          string,
          { additionalProperties: { properties?: object; anyOf?: { properties?: object }[] } }
        >;
      };
      const form = schema.properties[section]?.additionalProperties;
      const properties = form?.properties ?? form?.anyOf?.find((one) => one.properties !== undefined)?.properties ?? {};
      for (const name of Object.keys(fields)) {
        const { description } = (properties as Record<string, { description?: string }>)[name] ?? {};
        assert.ok(description !== undefined && description.length > 20, name);
      }
    });
  }
});
