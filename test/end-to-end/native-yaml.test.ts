import assert from "node:assert/strict";
import { createNativeStack, yamlProgram } from "./support/native-stack";
import { APP_ID, APP_SECRET, calls, CONTOSO, type TestStack } from "./support/stack";

const CUSTOMER = `/tenantui/api/v3/customer/${CONTOSO}`;
const UPGRADE = `/tenantui/api/v2/customer/${CONTOSO}/action/upgrade`;
const TENANT = "/api/v1/tenants/foo/licenses/";

function program(users: number, hunt: string): string {
  return `
resources:
  contoso:
    type: voice-licenses:CustomerServiceLicense
    properties:
      customerGuid: ${CONTOSO.toUpperCase()}
      licenseType: OcPro
      licensedUsersCount: ${users}
      applicationClientId: ${APP_ID}
      applicationClientSecret: ${APP_SECRET}
  foo:
    type: voice-licenses:TenantServiceLicenses
    properties:
      tenantId: foo
      groupServices: { Hunt Group: ${hunt}, Call Pickup: 5 }
      userServices: { Call Forwarding Busy: 7 }
outputs:
  fullName: \${contoso.customerFullName}
`;
}

describe("a YAML program and the native plugin, by the real CLI", () => {
  let stack: TestStack;
  before(async function () {
    // A language host may have to be built first.
    this.timeout(10 * 60_000);
    stack = await createNativeStack("yaml");
    await stack.admin("PATCH", "/settings", { taskDuration: "500ms" });
  });
  after(() => stack.close());

  it("previews the calls to come, and only reads", async () => {
    yamlProgram(stack, program(50, "unlimited"));
    const { code, output } = await stack.preview();
    assert.equal(code, 0, output);
    assert.match(output, /POST upgrade OC Essential → OC Pro for 50 users, wait, PATCH/);
    assert.match(output, /PUT Call Pickup 3 → 5, Hunt Group 3 → unlimited, Call Forwarding Busy 50 → 7/);
    assert.deepEqual(await stack.writes(), []);
  });

  it("creates, and keeps a secret encrypted that was written as a plain string", async () => {
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.match(output, /contoso.*In Progress/);
    assert.match(output, /fullName: "Contoso"/);
    assert.deepEqual(calls(await stack.writes()).sort(), [`PATCH ${CUSTOMER}`, `POST ${UPGRADE}`, `PUT ${TENANT}`]);
    const contoso = await stack.resource("contoso");
    assert.equal(contoso.id, CONTOSO);
    assert.ok(JSON.stringify(contoso.inputs?.["applicationClientSecret"]).includes("ciphertext"));
    assert.ok(JSON.stringify(contoso.outputs?.["applicationClientSecret"]).includes("ciphertext"));
  });

  it("makes no request when nothing has changed", async () => {
    const { code, output } = await stack.cli("up", "--yes", "--expect-no-changes");
    assert.equal(code, 0, output);
    assert.deepEqual(await stack.requests(), []);
  });

  it("shows a change by its path, and sends only what differs", async () => {
    yamlProgram(stack, program(50, "20"));
    const { code, output } = await stack.cli("up", "--yes", "--diff");
    assert.equal(code, 0, output);
    assert.match(output, /~ Hunt Group: "unlimited" => 20/);
    assert.deepEqual(calls(await stack.writes()), [`PUT ${TENANT}`]);
  });

  it("finds drift, with exit code 7, and writes nothing", async () => {
    await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { maximum: 9, unlimited: false } } });
    const { code, output } = await stack.cli("refresh", "--preview-only", "--expect-no-changes", "--diff");
    assert.equal(code, 7, output);
    assert.match(output, /~ Hunt Group: 20 => 9/);
    assert.deepEqual(await stack.writes(), []);
  });

  it("does not switch off a service that moves to a resource that comes later in the program", async () => {
    const two = (first: string, second: string): string => `
resources:
  one:
    type: voice-licenses:TenantServiceLicenses
    properties: { tenantId: bar, onServiceRemoved: unlicense, groupServices: { ${first} } }
  two:
    type: voice-licenses:TenantServiceLicenses
    properties: { tenantId: bar, onServiceRemoved: unlicense, groupServices: { ${second} } }
`;
    yamlProgram(stack, two("Call Pickup: 20, Auto Attendant: 2", "Group Paging: 4"));
    assert.equal((await stack.up()).code, 0);
    await stack.requests();
    yamlProgram(stack, two("Call Pickup: 20", "Group Paging: 4, Auto Attendant: 2"));
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.deepEqual(await stack.writes(), []);
  });

  it("refuses in preview what the gateway would refuse, on the resource's own row", async () => {
    yamlProgram(stack, program(50, "20").replace("Call Pickup", "Call Pickap"));
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0);
    assert.match(output, /groupServices\.Call Pickap: .*Call Pickup/);
    assert.deepEqual(await stack.writes(), []);
  });
});
