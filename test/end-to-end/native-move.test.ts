import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { createNativeStack, yamlProgram } from "./support/native-stack";
import { APP_ID, APP_SECRET, calls, CONTOSO, type TestStack } from "./support/stack";

/** Policies that would take licences away if either form of a resource were ever deleted on the way. */
const DYNAMIC = `
  new CustomerServiceLicense("contoso", {
    customerGuid: "${CONTOSO}", licenseType: "OcPro", licensedUsersCount: 50, onDestroy: "downgrade",
    applicationClientId: "${APP_ID}", applicationClientSecret: "${APP_SECRET}",
  });
  new TenantServiceLicenses("foo", {
    tenantId: "foo", groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5 }, onDestroy: "restore",
  });`;
const NATIVE = `
resources:
  contoso:
    type: voice-licenses:CustomerServiceLicense
    properties:
      customerGuid: ${CONTOSO}
      licenseType: OcPro
      licensedUsersCount: 50
      onDestroy: downgrade
      applicationClientId: ${APP_ID}
      applicationClientSecret: ${APP_SECRET}
  foo:
    type: voice-licenses:TenantServiceLicenses
    properties: { tenantId: foo, groupServices: { Hunt Group: unlimited, Call Pickup: 5 }, onDestroy: restore }
`;

describe("moving a stack between dynamic resources and the native plugin, by the real CLI", function () {
  // A language host may have to be built first.
  this.timeout(10 * 60_000);
  let stack: TestStack;

  beforeEach(async () => {
    stack = await createNativeStack("yaml");
    await stack.admin("PATCH", "/settings", { taskDuration: "200ms" });
  });
  afterEach(() => stack.close());

  const dynamicProgram = (): void => {
    writeFileSync(path.join(stack.folder, "Pulumi.yaml"), "name: e2e\nruntime: nodejs\n");
    stack.program(DYNAMIC);
  };
  const moved = async (prefix: string): Promise<void> => {
    const { code, output } = await stack.cli("up", "--yes");
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /replaced|deleted|created/);
    assert.deepEqual(calls(await stack.writes()), []);
    const resources = await stack.resources();
    const types = resources.map(({ type }) => type);
    assert.deepEqual(types.sort(), [`${prefix}CustomerServiceLicense`, `${prefix}TenantServiceLicenses`]);
  };

  it("takes a stack to the plugin and back without a write, whatever the removal policies", async () => {
    dynamicProgram();
    assert.equal((await stack.up()).code, 0);
    await stack.requests();
    const { original } = (await stack.resource("foo")).outputs ?? {};

    yamlProgram(stack, NATIVE);
    await moved("voice-licenses:index:");
    assert.deepEqual((await stack.resource("foo")).outputs?.["original"], original);
    const refreshed = await stack.cli("refresh", "--yes", "--expect-no-changes");
    assert.equal(refreshed.code, 0, refreshed.output);

    dynamicProgram();
    await moved("pulumi-nodejs:dynamic/voice-licenses:");
    assert.deepEqual((await stack.resource("foo")).outputs?.["original"], original);
  });

  it("takes a stack that was made with the plugin to dynamic resources, where refresh and destroy work", async () => {
    yamlProgram(stack, NATIVE);
    assert.equal((await stack.up()).code, 0);
    await stack.requests();

    dynamicProgram();
    await moved("pulumi-nodejs:dynamic/voice-licenses:");
    const refreshed = await stack.cli("refresh", "--yes", "--expect-no-changes");
    assert.equal(refreshed.code, 0, refreshed.output);
    await stack.requests();
    const destroyed = await stack.destroy();
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.deepEqual(calls(await stack.writes()).sort(), [
      `PATCH /tenantui/api/v3/customer/${CONTOSO}`,
      "PUT /api/v1/tenants/foo/licenses/",
    ]);
  });
});
