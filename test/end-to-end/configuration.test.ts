import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { startSimulator, type Simulator } from "../../simulator";
import { configKey, configure, DYNAMIC, type Edge, throughBothEdges } from "./support/both-edges";
import type { TestStack } from "./support/stack";

const ADATUM = "b1c95f27-08ad-4d63-8f4e-93e6a27d5c44";
const SECRETS = ["demo-client-secret", "demo-password"];

function program(users: number): string {
  return `
    new CustomerServiceLicense("adatum", { customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: ${users} });
    new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 3 } });
  `;
}

function configuration({ createStack }: Edge): void {
  let stack: TestStack;
  let other: Simulator;
  before(async () => {
    stack = await createStack();
    other = await startSimulator();
    const { environment } = stack.simulator;
    const isSecret = true;
    for (const [system, setting, value, options] of [
      ["livePlatform", "baseUrl", environment["LIVE_PLATFORM_BASE_URL"] ?? ""],
      ["livePlatform", "authUrl", environment["LIVE_PLATFORM_AUTH_URL"] ?? ""],
      ["livePlatform", "clientId", environment["LIVE_PLATFORM_CLIENT_ID"] ?? ""],
      ["livePlatform", "clientSecret", "demo-client-secret", { isSecret }],
      ["tenantGateway", "baseUrl", environment["TENANT_GATEWAY_BASE_URL"] ?? ""],
      ["tenantGateway", "username", "demo"],
      ["tenantGateway", "password", "demo-password", { isSecret }],
    ] as const) {
      await configure(stack, configKey(system, setting), value, options);
    }
    for (const name of Object.keys(environment)) {
      stack.setVariable(name, undefined);
    }
    stack.program(program(60));
  });
  after(async () => {
    await other.close();
    await stack.close();
  });

  it("comes from the stack alone, and keeps its secrets encrypted in state", async () => {
    const { code, output } = await stack.cli("up", "--yes");
    assert.equal(code, 0, output);
    assert.ok((await stack.requests()).length > 0);
    const state = await stack.cli("stack", "export");
    for (const secret of SECRETS) {
      assert.ok(!state.output.includes(secret));
      assert.ok(!readFileSync(path.join(stack.folder, "Pulumi.test.yaml"), "utf8").includes(secret));
    }
  });

  it("cannot be redirected by a shell that is left over from another system", async () => {
    stack.setVariable("LIVE_PLATFORM_BASE_URL", other.environment["LIVE_PLATFORM_BASE_URL"]);
    stack.setVariable("TENANT_GATEWAY_BASE_URL", other.environment["TENANT_GATEWAY_BASE_URL"]);
    const { code, output } = await stack.refresh();
    assert.equal(code, 0, output);
    assert.ok((await stack.requests()).some(({ path: where }) => where.endsWith("/licenses/")));
    const elsewhere = (await (await fetch(`${other.url}/_simulator/requests`)).json()) as unknown[];
    assert.deepEqual(elsewhere, []);
  });

  it("lets a rotated credential of the environment win, also in refresh and destroy, which read it from state", async () => {
    stack.setVariable("TENANT_GATEWAY_PASSWORD", "not-the-password");
    const refused = await stack.refresh();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /Check tenantGateway[:.]username and tenantGateway[:.]password \(TENANT_GATEWAY_USERNAME, TENANT_GATEWAY_PASSWORD\)/,
    );
    assert.ok(!refused.output.includes("not-the-password"));
    stack.setVariable("TENANT_GATEWAY_PASSWORD", "demo-password");
    assert.equal((await stack.refresh()).code, 0);
    assert.equal((await stack.destroy()).code, 0);
  });

  it("names the stack key and the environment variable of what is missing or wrong, all at once", async () => {
    await stack.cli("config", "rm", ...configKey("livePlatform", "clientId"));
    await configure(stack, configKey("livePlatform", "pollInterval"), "soon");
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /livePlatform[:.]clientId is missing: `pulumi config set .*livePlatform[:.]clientId'? …`, or set LIVE_PLATFORM_CLIENT_ID/,
    );
    assert.match(output, /livePlatform[:.]pollInterval must be a time .*"soon".*LIVE_PLATFORM_POLL_INTERVAL/);
  });

  it("names settings and variables that do not exist, and the nearest ones that do", async () => {
    await configure(stack, configKey("tenantGateway", "maxRetrys"), "2");
    await configure(stack, ["voice-licenses:maxReduction"], "1");
    stack.setVariable("VOICE_LICENSES_MAX_LICENSE_REMOVED", "1");
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0);
    assert.match(output, /tenantGateway\.maxRetrys is not a setting: did you mean maxRetries\?/);
    assert.match(output, /voice-licenses:maxReduction is not a setting: did you mean voice-licenses:maxReductions\?/);
    assert.match(output, /VOICE_LICENSES_MAX_LICENSE_REMOVED is not a setting: did you mean VOICE_LICENSES_MAX_LIC/);
  });
}

describe("a stack of the npm package with the keys of 0.2, by the real CLI", () => {
  let stack: TestStack;
  before(async () => {
    stack = await DYNAMIC.createStack();
    const { environment } = stack.simulator;
    await configure(stack, ["tenantGateway:baseUrl"], environment["TENANT_GATEWAY_BASE_URL"] ?? "");
    await configure(stack, ["tenantGateway:username"], "demo");
    await configure(stack, ["tenantGateway:password"], "demo-password", { isSecret: true });
    for (const name of Object.keys(environment)) {
      stack.setVariable(name, undefined);
    }
    stack.program(`new TenantServiceLicenses("foo", {
      tenantId: "foo", groupServices: { "Hunt Group": 3 }, onDestroy: "unlicense",
    });`);
  });
  after(() => stack.close());

  it("works as it did, and beside the object that has the rest", async () => {
    await configure(stack, configKey("tenantGateway", "maxRetries"), "1");
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.equal((await stack.refresh()).code, 0);
  });

  it("is refused where a key and the object differ, by both names", async () => {
    await configure(stack, ["tenantGateway:maxRetries"], "2");
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /tenantGateway:maxRetries and voice-licenses:tenantGateway\.maxRetries have different values: .*`pulumi config rm tenantGateway:maxRetries`/,
    );
    await stack.cli("config", "rm", "tenantGateway:maxRetries");
  });

  it("is refused with a key that does not exist, and a destroy with a variable that would have been a brake", async () => {
    await configure(stack, ["tenantGateway:requestPerSecond"], "2");
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /tenantGateway:requestPerSecond is not a setting: did you mean tenantGateway:requestsPerSecond/,
    );
    await stack.requests();
    stack.setVariable("VOICE_LICENSES_MAX_REDUCTION", "0");
    const destroyed = await stack.destroy();
    assert.notEqual(destroyed.code, 0);
    assert.match(
      destroyed.output,
      /VOICE_LICENSES_MAX_REDUCTION is not a setting: did you mean VOICE_LICENSES_MAX_REDUC/,
    );
    assert.deepEqual(await stack.writes(), []);
  });
});

throughBothEdges("configuration, by the real CLI", configuration);
