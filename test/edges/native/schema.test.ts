import assert from "node:assert/strict";
import type { Field } from "../../../provider/resource/fields";
import { customerFields } from "../../../provider/customer/fields";
import { tenantFields } from "../../../provider/tenant/fields";
import { SETTINGS } from "../../../provider/systems/settings";
import committed from "../../../schema.json";

const CUSTOMER_TOKEN = "voice-licenses:index:CustomerServiceLicense";
const TENANT_TOKEN = "voice-licenses:index:TenantServiceLicenses";

interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly secret?: boolean;
  readonly willReplaceOnChanges?: boolean;
  readonly additionalProperties?: unknown;
}
interface Resource {
  readonly inputProperties: Record<string, Property>;
  readonly properties: Record<string, Property>;
  readonly requiredInputs: string[];
  readonly aliases: { type: string }[];
}
interface Schema {
  readonly resources: Record<string, Resource>;
  readonly types: Record<string, { properties?: Record<string, Property>; enum?: { value: string }[] }>;
  readonly config: { variables: Record<string, Property> };
  readonly provider: { inputProperties: Record<string, Property> };
}

describe("the schema of the native plugin", () => {
  const schema = committed as Schema;

  for (const [token, fields] of [
    [CUSTOMER_TOKEN, customerFields],
    [TENANT_TOKEN, tenantFields],
  ] as const) {
    it(`has the inputs of ${token} from its table: names, docs, required, secret, replacing`, () => {
      const resource = schema.resources[token];
      assert.ok(resource !== undefined);
      assert.deepEqual(Object.keys(resource.inputProperties), Object.keys(fields));
      for (const [name, input] of Object.entries<Field>(fields)) {
        const facts = input.field;
        const property: Property | undefined = resource.inputProperties[name];
        assert.ok(property !== undefined, name);
        assert.ok(property.description?.startsWith(facts.doc), name);
        assert.equal(property.secret === true, facts.secret === true, name);
        assert.equal(property.willReplaceOnChanges === true, facts.scope === "identity", name);
        assert.equal(resource.requiredInputs.includes(name), !input.safeParse(undefined).success, name);
        assert.ok(resource.properties[name] !== undefined, name);
      }
    });
  }

  it("takes names for licences and plain allocations, and leaves the API's numbers and lists to the dynamic form", () => {
    const { licenseType } = schema.resources[CUSTOMER_TOKEN]!.inputProperties;
    assert.equal(licenseType?.$ref, "#/types/voice-licenses:index:LicenseType");
    assert.deepEqual(
      schema.types["voice-licenses:index:LicenseType"]?.enum?.map(({ value }) => value),
      ["HostedEssentialsPlus", "HostedPro", "OcEssentialPlus", "OcPro"],
    );
    const { groupServices } = schema.resources[TENANT_TOKEN]!.inputProperties;
    assert.equal(groupServices?.type, "object");
    assert.deepEqual(groupServices.additionalProperties, { oneOf: [{ type: "string" }, { type: "integer" }] });
  });

  it("shows as outputs what a platform may hold and no program can declare", () => {
    assert.equal(schema.resources[CUSTOMER_TOKEN]!.properties["licenseType"]?.type, "string");
  });

  it("has every setting of both systems, and marks each system as a whole as secret", () => {
    const { livePlatform, tenantGateway } = schema.provider.inputProperties;
    assert.equal(livePlatform?.secret, true);
    assert.equal(tenantGateway?.secret, true);
    assert.deepEqual(schema.config.variables, schema.provider.inputProperties);
    assert.deepEqual(
      Object.keys(schema.types["voice-licenses:index:LivePlatform"]?.properties ?? {}),
      Object.keys(SETTINGS.livePlatform),
    );
    assert.deepEqual(
      Object.keys(schema.types["voice-licenses:index:TenantGateway"]?.properties ?? {}),
      Object.keys(SETTINGS.tenantGateway),
    );
  });

  it("names the dynamic types as aliases", () => {
    assert.deepEqual(schema.resources[TENANT_TOKEN]!.aliases, [
      { type: "pulumi-nodejs:dynamic/voice-licenses:TenantServiceLicenses" },
    ]);
  });
});
