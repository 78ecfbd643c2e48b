import assert from "node:assert/strict";
import { configKey, configure, type Edge, throughBothEdges } from "./support/both-edges";
import { CONTOSO, type TestStack } from "./support/stack";

/** A customer and a tenant, with these options. */
function program(options: string, args = ""): string {
  return `
new CustomerServiceLicense("contoso", { customerGuid: "${CONTOSO}", licenseType: "OcPro", licensedUsersCount: 50${args} }, ${options});
new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 5 } }, ${options});
`;
}

function ignoreChanges(this: Mocha.Suite, { createStack }: Edge): void {
  this.timeout(180_000);
  let stack: TestStack;

  const writes = async (): Promise<string[]> =>
    (await stack.writes()).filter(({ path }) => !path.includes("login")).map(({ method, path }) => `${method} ${path}`);

  before(async () => {
    stack = await createStack({
      livePlatform: {
        customers: [
          {
            guid: CONTOSO,
            shortName: "contoso",
            fullName: "Contoso Ltd",
            licenseType: 5,
            licensedUsersCount: 50,
            activeUserCount: 5,
          },
        ],
      },
      gateway: { tenants: { foo: { groupServices: { "Hunt Group": 3 }, userServices: {} } } },
    });
  });
  after(() => stack.close());

  it("previews a new resource under `*`, and sends what it declares", async () => {
    stack.program(program('{ ignoreChanges: ["*"] }'));
    const preview = await stack.preview();
    assert.equal(preview.code, 0, preview.output);
    assert.match(preview.output, /foo: PUT Hunt Group 3 → 5/);
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    assert.deepEqual(await writes(), ["PUT /api/v1/tenants/foo/licenses/"]);
  });

  it("leaves alone what was changed from outside to a licence that nobody can declare", async () => {
    await stack.admin("PATCH", `/customers/${CONTOSO}`, { licenseType: 3 });
    await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": 9 } });
    const refreshed = await stack.refresh();
    assert.equal(refreshed.code, 0, refreshed.output);
    assert.equal((await stack.resource("contoso")).outputs?.["licenseType"], "OcEssential");
    for (const options of ['{ ignoreChanges: ["*"] }', '{ ignoreChanges: ["licenseType", "groupServices"] }']) {
      stack.program(program(options));
      const up = await stack.cli("up", "--yes", "--expect-no-changes");
      assert.equal(up.code, 0, `${options}: ${up.output}`);
    }
    assert.deepEqual(await writes(), []);
  });

  it("changes what is not ignored, and refuses what would have to send the licence", async () => {
    stack.program(program('{ ignoreChanges: ["licenseType", "groupServices"] }', ', taskTimeout: "1h"'));
    const local = await stack.up();
    assert.equal(local.code, 0, local.output);
    assert.equal((await stack.resource("contoso")).outputs?.["taskTimeout"], "1h");
    stack.program(program('{ ignoreChanges: ["licenseType", "groupServices"] }').replace(": 50", ": 60"));
    const remote = await stack.preview();
    assert.notEqual(remote.code, 0, remote.output);
    assert.match(remote.output, /contoso.*licenseType: must be .*because of ignoreChanges/);
    assert.deepEqual(await writes(), []);
  });
}

function refreshWithoutSettings(this: Mocha.Suite, { createStack }: Edge): void {
  this.timeout(120_000);

  it("says how to bring them in, since it takes the settings from state", async () => {
    const stack = await createStack();
    try {
      stack.program('new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 20 } });');
      assert.equal((await stack.up()).code, 0);
      const password = stack.simulator.environment["TENANT_GATEWAY_PASSWORD"] ?? "";
      stack.setVariable("TENANT_GATEWAY_PASSWORD", undefined);
      await configure(stack, configKey("tenantGateway", "password"), password, { isSecret: true });
      const refused = await stack.refresh();
      assert.notEqual(refused.code, 0, refused.output);
      assert.match(refused.output, /tenantGateway[:.]password is missing/);
      assert.match(refused.output, /run `pulumi up` or `pulumi refresh --run-program` first/);
      assert.equal((await stack.refresh("--run-program")).code, 0);
      assert.equal((await stack.up()).code, 0);
      assert.equal((await stack.refresh()).code, 0);
    } finally {
      await stack.close();
    }
  });
}

throughBothEdges("ignoreChanges, with the real CLI", ignoreChanges);
throughBothEdges("a refresh without its settings, with the real CLI", refreshWithoutSettings);
