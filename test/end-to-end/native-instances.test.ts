import assert from "node:assert/strict";
import { startSimulator, type Simulator } from "../../simulator";
import { createNativeStack, yamlProgram } from "./support/native-stack";
import { calls, type TestStack } from "./support/stack";

const LICENSES = "PUT /api/v1/tenants/foo/licenses/";

describe("native provider instances, by the real CLI", function () {
  // A language host may have to be built first.
  this.timeout(10 * 60_000);
  let stack: TestStack;
  let west: Simulator;

  before(async () => {
    stack = await createNativeStack("yaml");
    west = await startSimulator();
  });
  after(async () => {
    await stack.close();
    await west.close();
  });

  /** One tenant on the default provider, and one of the same id on an instance. */
  const program = (maximum: number, password = "${password}"): string => {
    const { environment } = west;
    return `
config:
  password: { type: string, secret: true }
resources:
  west:
    type: pulumi:providers:voice-licenses
    properties:
      tenantGateway:
        baseUrl: ${environment["TENANT_GATEWAY_BASE_URL"] ?? ""}
        username: ${environment["TENANT_GATEWAY_USERNAME"] ?? ""}
        password: ${password}
  foo:
    type: voice-licenses:TenantServiceLicenses
    properties: { tenantId: foo, groupServices: { Hunt Group: ${maximum} } }
  west-foo:
    type: voice-licenses:TenantServiceLicenses
    properties: { tenantId: foo, groupServices: { Hunt Group: ${maximum} } }
    options: { provider: "\${west}" }
`;
  };
  const westWrites = async (): Promise<string[]> => {
    const answer = await fetch(`${west.url}/_simulator/requests`);
    const recorded = (await answer.json()) as { api: string; method: string; path: string }[];
    await fetch(`${west.url}/_simulator/requests`, { method: "DELETE" });
    return recorded
      .filter(({ api, method }) => api === "gateway" && method !== "GET")
      .map(({ method, path }) => `${method} ${path}`);
  };

  it("takes objects from the stack's configuration, and serves two platforms with a tenant of the same id", async () => {
    const { simulator } = stack;
    for (const name of ["BASE_URL", "USERNAME", "PASSWORD"]) {
      stack.setVariable(`TENANT_GATEWAY_${name}`, undefined);
    }
    const key = (name: string): string[] => ["--path", `voice-licenses:tenantGateway.${name}`];
    await stack.cli("config", "set", ...key("baseUrl"), simulator.environment["TENANT_GATEWAY_BASE_URL"] ?? "");
    await stack.cli("config", "set", ...key("username"), simulator.environment["TENANT_GATEWAY_USERNAME"] ?? "");
    await stack.cli(
      ...["config", "set", "--secret", ...key("password")],
      simulator.environment["TENANT_GATEWAY_PASSWORD"] ?? "",
    );
    await stack.cli("config", "set", "--secret", "password", west.environment["TENANT_GATEWAY_PASSWORD"] ?? "");
    yamlProgram(stack, program(9));
    const { code, output } = await stack.cli("up", "--yes");
    assert.equal(code, 0, output);
    assert.deepEqual(calls(await stack.writes()), [LICENSES]);
    assert.deepEqual(await westWrites(), [LICENSES]);
  });

  it("encrypts a credential of an instance that was written as a plain string", async () => {
    // The stack's state is searched for every secret when it is closed.
    yamlProgram(stack, program(9, west.environment["TENANT_GATEWAY_PASSWORD"]));
    const { code, output } = await stack.cli("up", "--yes");
    assert.equal(code, 0, output);
    const provider = await stack.provider("west");
    assert.ok(JSON.stringify(provider.inputs?.["tenantGateway"]).includes("ciphertext"));
    assert.ok(!JSON.stringify(provider).includes("password"));
  });

  it("changes a setting of an instance without replacing anything", async () => {
    yamlProgram(stack, program(9).replace("        username:", "        maxRetries: 3\n        username:"));
    const { code, output } = await stack.cli("up", "--yes");
    assert.equal(code, 0, output);
    assert.match(output, /1 updated/);
    assert.doesNotMatch(output, /replaced/);
    assert.deepEqual(await westWrites(), []);
  });

  it("holds the stack's brake on each instance", async () => {
    await stack.cli("config", "set", "voice-licenses:maxLicensesRemoved", "1");
    yamlProgram(stack, program(5));
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0);
    for (const name of ["foo", "west-foo"]) {
      const refused = `\\(${name}\\):\\s+error: Preview failed: refused by voice-licenses:maxLicensesRemoved`;
      assert.match(output, new RegExp(refused));
    }
  });

  it("names a key of the configuration that is missing or wrong, and how to set it", async () => {
    await stack.cli("config", "rm", "--path", "voice-licenses:tenantGateway.username");
    await stack.cli("config", "set", "--path", "voice-licenses:tenantGateway.maxRetrys", "2");
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /tenantGateway\.username is missing: `pulumi config set --path 'voice-licenses:tenantGateway\.username' …`/,
    );
    assert.match(output, /tenantGateway\.maxRetrys is not a setting: did you mean maxRetries\?/);
  });
});
