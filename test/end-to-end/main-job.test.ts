import assert from "node:assert/strict";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { APP_ID, APP_SECRET, calls, CONTOSO, type TestStack } from "./support/stack";

const CUSTOMER = `/tenantui/api/v3/customer/${CONTOSO}`;
const UPGRADE = `/tenantui/api/v2/customer/${CONTOSO}/action/upgrade`;
const TENANT = "/api/v1/tenants/foo/licenses/";

interface Declared {
  readonly licenseType: string;
  readonly users: number;
  readonly hunt: string;
  readonly userServices: string;
  readonly local?: string;
}

function program({ licenseType, users, hunt, userServices, local = "" }: Declared): string {
  return `
  new CustomerServiceLicense("contoso", {
    customerGuid: "${CONTOSO.toUpperCase()}", licenseType: ${licenseType}, licensedUsersCount: ${users}, ${local}
    applicationClientId: "${APP_ID}", applicationClientSecret: "${APP_SECRET}",
  });
  new TenantServiceLicenses("foo", {
    tenantId: "foo",
    groupServices: { "Hunt Group": ${hunt}, "Call Pickup": 5 },
    userServices: ${userServices},
  });`;
}

function mainJob(this: Mocha.Suite, { name, createStack }: Edge): void {
  // Numbers and lists as in the APIs are inputs of dynamic resources only.
  const isDynamic = name === "dynamic";
  const userServices = isDynamic
    ? '[{ name: "Call Forwarding Busy", allocated: { unlimited: false, maximum: 7 } }]'
    : '{ "Call Forwarding Busy": 7 }';
  const first = { licenseType: "LicenseType.OcPro", users: 50, hunt: '"unlimited"', userServices };
  const second = { licenseType: isDynamic ? "4" : '"OcEssentialPlus"', users: 40, hunt: "20", userServices };

  let stack: TestStack;
  before(async () => {
    stack = await createStack();
    await stack.admin("PATCH", "/settings", { taskDuration: "1500ms" });
  });
  after(() => stack.close());

  it("tells in preview the calls to come, and only reads", async () => {
    stack.program(program(first));
    const { code, output } = await stack.preview();
    assert.equal(code, 0, output);
    assert.equal(output.split("POST upgrade OC Essential → OC Pro for 50 users, wait, PATCH").length > 1, true, output);
    assert.match(output, /PUT Call Pickup 3 → 5, Hunt Group 3 → unlimited, Call Forwarding Busy 50 → 7/);
    assert.deepEqual(await stack.writes(), []);
  });

  it("creates: upgrades, waits with progress on screen, patches, verifies; licenses a tenant by one partial PUT", async () => {
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.match(output, /contoso.*In Progress, \d+ (?:m?s) \(task tsk_\d+\)/);
    assert.match(output, /POST upgrade OC Essential → OC Pro for 50 users: task tsk_\d+, /);
    assert.match(output, /PATCH App Registration none → .*: done/);
    assert.doesNotMatch(output, /wait, PATCH/, "the calls to come are shown in preview only");
    const requests = await stack.requests();
    const platform = requests.filter(({ api }) => api === "livePlatform");
    assert.deepEqual(
      calls(platform).filter((call) => !call.includes("/task/")),
      [`GET ${CUSTOMER}`, `POST ${UPGRADE}`, `GET ${CUSTOMER}`, `PATCH ${CUSTOMER}`, `GET ${CUSTOMER}`],
    );
    assert.deepEqual(platform.find(({ method }) => method === "POST")?.body, { UpgradetoLicense: 5, licenseCount: 50 });
    const gateway = requests.filter(({ api }) => api === "gateway");
    assert.deepEqual(calls(gateway), [`GET ${TENANT}`, `PUT ${TENANT}`, `GET ${TENANT}`]);
    assert.deepEqual(gateway[1]?.body, {
      groupServices: [
        { name: "Call Pickup", allocated: { unlimited: false, maximum: 5 } },
        { name: "Hunt Group", allocated: { unlimited: true } },
      ],
      userServices: [{ name: "Call Forwarding Busy", allocated: { unlimited: false, maximum: 7 } }],
    });
  });

  it("keeps state small, the secret encrypted though it was a plain string, and the loader short", async () => {
    const contoso = await stack.resource("contoso");
    assert.equal(contoso.id, CONTOSO);
    assert.equal(contoso.outputs?.["licenseType"], "OcPro");
    assert.match(String(contoso.outputs["lastTaskId"]), /^tsk_/);
    assert.equal(contoso.outputs["pendingTask"], undefined);
    assert.ok(JSON.stringify(contoso.outputs["applicationClientSecret"]).includes("ciphertext"));
    assert.ok(JSON.stringify(contoso.inputs?.["applicationClientSecret"]).includes("ciphertext"));
    assert.equal(contoso.inputs?.["__context"], undefined);
    const loader = contoso.outputs["__provider"];
    assert.ok(isDynamic ? String(loader).length <= 120 : loader === undefined);
    const foo = await stack.resource("foo");
    assert.deepEqual(foo.outputs?.["userServices"], { "Call Forwarding Busy": 7 });
    assert.deepEqual(foo.outputs["original"], {
      groupServices: { "Call Pickup": 3, "Hunt Group": 3 },
      userServices: { "Call Forwarding Busy": 50 },
    });
  });

  it("makes no request at all when nothing has changed", async () => {
    const { code, output } = await stack.cli("up", "--yes", "--expect-no-changes");
    assert.equal(code, 0, output);
    assert.deepEqual(await stack.requests(), []);
  });

  it("updates and downgrades by PATCH, and PUTs just what differs", async () => {
    stack.program(program(second));
    const previewed = await stack.preview();
    assert.match(previewed.output, /PATCH OC Pro → OC Essential Plus, users 50 → 40/);
    assert.match(previewed.output, /PUT Hunt Group unlimited → 20/);
    assert.deepEqual(await stack.writes(), []);
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    const requests = await stack.requests();
    assert.deepEqual(calls(requests.filter(({ api }) => api === "livePlatform")), [
      `GET ${CUSTOMER}`,
      // A count is lowered: not below the licences in use.
      `GET ${CUSTOMER}/licenseinfo`,
      `PATCH ${CUSTOMER}`,
      `GET ${CUSTOMER}`,
    ]);
    assert.deepEqual(requests.find(({ method }) => method === "PATCH")?.body, {
      customerFullName: "Contoso",
      licenseType: 4,
      licensedUsersCount: 40,
      applicationClientId: APP_ID,
      applicationClientSecret: "[secret]",
    });
    assert.deepEqual(requests.find(({ method }) => method === "PUT")?.body, {
      groupServices: [{ name: "Hunt Group", allocated: { unlimited: false, maximum: 20 } }],
    });
  });

  it("takes a change of a local setting into state without a request", async () => {
    stack.program(program({ ...second, local: 'onDestroy: "retain", taskTimeout: "10m",' }));
    const { code, output } = await stack.cli("up", "--yes");
    assert.equal(code, 0, output);
    assert.match(output, /1 updated/);
    assert.deepEqual(await stack.requests(), []);
    assert.equal((await stack.resource("contoso")).outputs?.["taskTimeout"], "10m");
  });
}

throughBothEdges("the main job, by the real CLI", mainJob, { isSample: true });
