import assert from "node:assert/strict";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { type TestStack } from "./support/stack";

const ADATUM = "b1c95f27-08ad-4d63-8f4e-93e6a27d5c44";
const NORTHWIND = "60d3b8e5-72f4-4c9b-9e16-c8a5017d4f32";

function tenant(name: string, services: string, policies: string): string {
  return `new TenantServiceLicenses("${name}", { tenantId: "foo", groupServices: { ${services} }, ${policies} });`;
}

function removal({ createStack }: Edge): void {
  let stack: TestStack;
  beforeEach(async () => {
    stack = await createStack();
  });
  afterEach(() => stack.close());

  const puts = async (): Promise<unknown[]> => (await stack.writes()).map(({ body }) => body);

  it("leaves everything as it is unless told otherwise", async () => {
    stack.program(
      `${tenant("foo", '"Hunt Group": 20, "Call Pickup": 5', "")}
       new CustomerServiceLicense("adatum", { customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 61 });`,
    );
    assert.equal((await stack.up()).code, 0);
    await stack.requests();
    stack.program(
      `${tenant("foo", '"Hunt Group": 20', "")}
       new CustomerServiceLicense("adatum", { customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 61 });`,
    );
    assert.equal((await stack.up()).code, 0);
    assert.deepEqual((await stack.resource("foo")).outputs?.["original"], { groupServices: { "Hunt Group": 3 } });
    assert.equal((await stack.destroy()).code, 0);
    assert.deepEqual(await stack.requests(), [], "neither taking out nor destroying makes a request");
  });

  it("unlicenses or restores a service that is taken out, and all that are destroyed, as their policy says", async () => {
    const policies = 'onServiceRemoved: "unlicense", onDestroy: "restore"';
    stack.program(tenant("foo", '"Hunt Group": 20, "Call Park": 7, "Call Pickup": 5', policies));
    assert.equal((await stack.up()).code, 0);
    await stack.requests();

    stack.program(tenant("foo", '"Hunt Group": 20, "Call Pickup": 5', policies));
    const previewed = await stack.preview();
    assert.match(previewed.output, /PUT Call Park 7 → 0/);
    assert.equal((await stack.up()).code, 0);
    assert.deepEqual(await puts(), [
      { groupServices: [{ name: "Call Park", allocated: { unlimited: false, maximum: 0 } }] },
    ]);

    assert.equal((await stack.destroy()).code, 0);
    assert.deepEqual(await puts(), [
      {
        groupServices: [
          { name: "Call Pickup", allocated: { unlimited: false, maximum: 3 } },
          { name: "Hunt Group", allocated: { unlimited: false, maximum: 3 } },
        ],
      },
    ]);
  });

  it("unlicenses all or nothing on destroy: where one service is in use, it is named and nothing is sent", async () => {
    stack.program(tenant("foo", '"Hunt Group": 20, "Call Park": 7', 'onDestroy: "unlicense"'));
    assert.equal((await stack.up()).code, 0);
    await stack.requests();
    const refused = await stack.destroy();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /foo stays in the stack: 1 of its services is still in use/);
    assert.match(refused.output, /removing Hunt Group would unlicense 1 in use: free them, keep it, or use retain/);
    assert.deepEqual(await puts(), []);
    assert.equal((await stack.resources()).length, 1);
    await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { currentlyAllocated: 0 } } });
    assert.equal((await stack.destroy()).code, 0);
    assert.deepEqual(await puts(), [
      {
        groupServices: [
          { name: "Call Park", allocated: { unlimited: false, maximum: 0 } },
          { name: "Hunt Group", allocated: { unlimited: false, maximum: 0 } },
        ],
      },
    ]);
  });

  it("downgrades a destroyed customer within its family where that is declared", async () => {
    stack.program(
      `new CustomerServiceLicense("adatum", { customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 60, onDestroy: "downgrade" });
       new CustomerServiceLicense("northwind", { customerGuid: "${NORTHWIND}", licenseType: "HostedPro", licensedUsersCount: 120, onDestroy: "downgrade" });`,
    );
    assert.equal((await stack.up()).code, 0);
    assert.deepEqual(await stack.writes(), []);
    const { code, output } = await stack.destroy();
    assert.equal(code, 0, output);
    const bodies = (await stack.writes()).map(
      ({ body }) => body as { licenseType: number; licensedUsersCount: number },
    );
    assert.deepEqual(bodies.map(({ licenseType, licensedUsersCount }) => [licenseType, licensedUsersCount]).sort(), [
      [1, 120],
      [4, 60],
    ]);
  });

  it("switches nothing off when a resource is renamed without an alias, or a service moves to another resource", async () => {
    const policies = 'onServiceRemoved: "unlicense", onDestroy: "unlicense"';
    const customer = (name: string): string =>
      `new CustomerServiceLicense("${name}", { customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 60, onDestroy: "downgrade" });`;
    stack.program(`${customer("old")} ${tenant("old-foo", '"Hunt Group": 20, "Call Park": 7', policies)}`);
    assert.equal((await stack.up()).code, 0);
    await stack.requests();

    stack.program(`${customer("new")} ${tenant("new-foo", '"Hunt Group": 20, "Call Park": 7', policies)}`);
    const renamed = await stack.cli("up", "--yes");
    assert.equal(renamed.code, 0, renamed.output);
    assert.deepEqual(await stack.writes(), []);
    assert.equal((await stack.resources()).length, 2);

    stack.program(
      `${customer("new")} ${tenant("new-foo", '"Hunt Group": 20', policies)} ${tenant("other", '"Call Park": 7', policies)}`,
    );
    const moved = await stack.up();
    assert.equal(moved.code, 0, moved.output);
    assert.deepEqual(await stack.writes(), []);

    const urn = (await stack.resource("new")).urn;
    const replaced = await stack.up("--target-replace", urn);
    assert.equal(replaced.code, 0, replaced.output);
    assert.deepEqual(await stack.writes(), []);
  });
}

throughBothEdges("taking out, destroying and renaming, by the real CLI", removal);
