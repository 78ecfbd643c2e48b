import assert from "node:assert/strict";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { CONTOSO, type TestStack } from "./support/stack";

const ADATUM = "b1c95f27-08ad-4d63-8f4e-93e6a27d5c44";
const PROGRAM = `
  new CustomerServiceLicense("adatum", { customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 60 });
  new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 3, "Call Park": 0 }, userServices: { "Speed Dial 8": "unlimited" } });
`;

function drift({ createStack }: Edge): void {
  let stack: TestStack;
  before(async () => {
    stack = await createStack();
    stack.program(PROGRAM);
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.deepEqual(await stack.writes(), []);
  });
  after(() => stack.close());

  it("is none where nothing was edited: exit code 0", async () => {
    const { code, output } = await stack.cli("refresh", "--preview-only", "--expect-no-changes");
    assert.equal(code, 0, output);
    const reads = (await stack.requests()).filter(({ api }) => api === "livePlatform" || api === "gateway");
    assert.equal(reads.length, 2, "one list call for all customers, one read a tenant");
  });

  it("is seen where somebody edited behind its back: exit code 7, in both ways of asking", async () => {
    await stack.admin("PATCH", `/customers/${ADATUM}`, { licensedUsersCount: 75 });
    await stack.admin("PATCH", "/tenants/foo", {
      groupServices: { "Hunt Group": { maximum: 9 }, "Group Paging": { maximum: 4 } },
    });
    const refreshed = await stack.cli("refresh", "--preview-only", "--expect-no-changes", "--diff");
    assert.equal(refreshed.code, 7, refreshed.output);
    assert.match(refreshed.output, /licensedUsersCount.*60 => 75/);
    assert.match(refreshed.output, /Hunt Group.*3 => 9/);
    assert.doesNotMatch(refreshed.output, /Group Paging/, "a service that is not declared is nobody's drift");
    await stack.requests();
    const previewed = await stack.preview("--refresh", "--expect-no-changes");
    assert.equal(previewed.code, 7, previewed.output);
    assert.match(previewed.output, /PATCH users 75 → 60/);
    assert.match(previewed.output, /PUT Hunt Group 9 → 3/);
    const reads = (await stack.requests()).filter(({ api }) => api === "gateway" || api === "livePlatform");
    assert.equal(new Set(reads.map(({ path }) => path)).size, reads.length, "no object is read twice in one run");
    // One each, and the licences in use of the customer whose count is to be lowered.
    assert.equal(reads.length, 3);
  });

  it("is repaired by up --refresh, and only it", async () => {
    const { code, output } = await stack.cli("up", "--yes", "--refresh");
    assert.equal(code, 0, output);
    const writes = await stack.writes();
    assert.deepEqual(writes.map(({ method, body }) => [method, body]).sort(), [
      ["PATCH", { customerFullName: "A. Datum Corporation", licenseType: 5, licensedUsersCount: 60 }],
      ["PUT", { groupServices: [{ name: "Hunt Group", allocated: { unlimited: false, maximum: 3 } }] }],
    ]);
    const clean = await stack.cli("refresh", "--preview-only", "--expect-no-changes");
    assert.equal(clean.code, 0, clean.output);
  });

  it("is no drift when an API fails: an error, and state is kept", async () => {
    await stack.admin("POST", "/faults", { path: "licenses", count: -1, fault: { kind: "status", status: 500 } });
    const { code, output } = await stack.refresh();
    assert.notEqual(code, 0);
    assert.notEqual(code, 7);
    assert.match(output, /Could not read the service licences of tenant foo: GET .* answered 500/);
    await stack.admin("DELETE", "/faults");
    assert.equal((await stack.resources()).length, 2);
  });

  it("is absence only with two witnesses", async () => {
    await stack.admin("POST", "/faults", {
      path: "licenses",
      count: 1,
      fault: { kind: "status", status: 404, body: { details: "no such tenant" } },
    });
    const stray = await stack.refresh();
    assert.notEqual(stray.code, 0);
    assert.match(stray.output, /answers 404 for tenant foo, but still lists the tenant/);
    assert.equal((await stack.resources()).length, 2, "one stray 404 is no absence");

    await stack.admin("POST", "/faults", {
      path: "licenses",
      count: -1,
      fault: { kind: "status", status: 404, text: "<html>not here</html>", contentType: "text/html" },
    });
    assert.notEqual((await stack.refresh()).code, 0, "a page of a proxy is no answer");
    await stack.admin("DELETE", "/faults");
    assert.equal((await stack.resources()).length, 2);

    await stack.admin("DELETE", `/customers/${ADATUM}`);
    await stack.admin("DELETE", "/tenants/foo");
    const { code, output } = await stack.refresh();
    assert.equal(code, 0, output);
    assert.deepEqual(await stack.resources(), []);
    assert.deepEqual(await stack.writes(), []);
  });

  it("never reads what is not declared", async () => {
    assert.ok(!(await stack.requests()).some(({ path }) => path.includes(CONTOSO)));
  });
}

throughBothEdges("drift, by the real CLI", drift, { isSample: true });
