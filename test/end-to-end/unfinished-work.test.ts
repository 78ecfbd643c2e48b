import assert from "node:assert/strict";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { APP_ID, APP_SECRET, calls, CONTOSO, type TestStack, until } from "./support/stack";

function program(extra = ""): string {
  return `new CustomerServiceLicense("contoso", {
    customerGuid: "${CONTOSO}", licenseType: "OcPro", licensedUsersCount: 50, ${extra}
    applicationClientId: "${APP_ID}", applicationClientSecret: pulumi.secret("${APP_SECRET}"),
  });`;
}

const upgrades = (requests: readonly { method: string; path: string }[]): number =>
  requests.filter(({ method, path }) => method === "POST" && path.endsWith("/upgrade")).length;

function unfinished({ createStack }: Edge): void {
  let stack: TestStack;
  beforeEach(async () => {
    stack = await createStack();
  });
  afterEach(() => stack.close());

  it("a task that fails is shown with status, details, messages and id; the next up starts anew", async () => {
    await stack.admin("PATCH", "/settings", { taskDuration: "300ms" });
    await stack.admin("PATCH", `/customers/${CONTOSO}`, {
      taskOutcome: "fail",
      taskDetails: ["No admin consent"],
      taskMessages: [{ level: "Error", message: "Graph answered 403" }],
    });
    stack.program(program());
    const failed = await stack.up();
    assert.notEqual(failed.code, 0);
    assert.match(
      failed.output,
      /Task tsk_\d+, the upgrade of customer d5253892-1c1e-4b23-89d7-29d86734c31b, failed: status "Failed"; details: No admin consent; messages: Error: Graph answered 403/,
    );
    assert.equal((await stack.resource("contoso")).outputs?.["pendingTask"], undefined);
    assert.equal(upgrades(await stack.requests()), 1);
    await stack.admin("PATCH", `/customers/${CONTOSO}`, { taskOutcome: "success" });
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.equal(upgrades(await stack.requests()), 1);
    assert.equal((await stack.resource("contoso")).outputs?.["licenseType"], "OcPro");
  });

  it("a task that takes too long is resumed by the next up, with the same task", async () => {
    await stack.admin("PATCH", "/settings", { taskDuration: "1h" });
    stack.program(program('taskTimeout: "1s",'));
    const timedOut = await stack.up();
    assert.notEqual(timedOut.code, 0);
    assert.match(
      timedOut.output,
      /Task (tsk_\d+).* is not finished after .*taskTimeout.*goes on waiting for the same task/s,
    );
    const pending = (await stack.resource("contoso")).outputs?.["pendingTask"] as Record<string, unknown>;
    assert.equal(pending["version"], 1);
    assert.match(String(pending["id"]), /^tsk_/);
    assert.deepEqual(pending["target"], { licenseType: "OcPro", licensedUsersCount: 50 });
    assert.ok(!Number.isNaN(Date.parse(String(pending["sentAt"]))));
    assert.equal(upgrades(await stack.requests()), 1);

    const previewed = await stack.preview();
    assert.match(previewed.output, /wait for task tsk_\d+, then PATCH/);
    assert.deepEqual(await stack.writes(), []);

    await stack.admin("POST", "/finish-tasks");
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    const writes = await stack.writes();
    assert.deepEqual(
      writes.map(({ method }) => method),
      ["PATCH"],
    );
    const contoso = await stack.resource("contoso");
    assert.equal(contoso.outputs?.["pendingTask"], undefined);
    assert.equal(contoso.outputs?.["pendingPatch"], undefined);
    assert.equal(contoso.outputs?.["lastTaskId"], pending["id"]);
  });

  it("Ctrl-C ends the wait within 5 s with the task in state, and the next up goes on with it", async () => {
    await stack.admin("PATCH", "/settings", { taskDuration: "1h" });
    stack.program(program());
    const { child, output, result } = stack.start("up", "--yes", "--skip-preview");
    await until(() => /In Progress, .*\(task tsk_\d+\)/.test(output()), "the wait shows on screen", 60_000);
    const pressed = Date.now();
    process.kill(-(child.pid ?? 0), "SIGINT");
    const { code, output: shown } = await result;
    assert.ok(Date.now() - pressed < 5000, `took ${Date.now() - pressed} ms`);
    assert.notEqual(code, 0);
    assert.match(shown, /The run was cancelled\. Task tsk_\d+ goes on at the platform/);
    const pending = (await stack.resource("contoso")).outputs?.["pendingTask"] as { id: string };
    assert.match(pending.id, /^tsk_/);
    await stack.admin("POST", "/finish-tasks");
    const resumed = await stack.up();
    assert.equal(resumed.code, 0, resumed.output);
    assert.equal(upgrades(await stack.requests()), 1);
  });

  it("one service of three that fails is named; the other two are done, and the next up sends just the third", async () => {
    await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { failOnUpdate: "internal error" } } });
    stack.program(
      `new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 30, "Call Pickup": 31, "Call Park": 32 } });`,
    );
    const failed = await stack.up();
    assert.notEqual(failed.code, 0);
    assert.match(failed.output, /1 service is not as declared; all others are/);
    assert.match(
      failed.output,
      /groupServices\.Hunt Group: the gateway answered "failed" \(internal error\); it is 3, not 30/,
    );
    const foo = await stack.resource("foo");
    assert.deepEqual(foo.outputs?.["groupServices"], { "Call Park": 32, "Call Pickup": 31, "Hunt Group": 3 });
    assert.deepEqual(foo.outputs["original"], { groupServices: { "Call Park": 0, "Call Pickup": 3, "Hunt Group": 3 } });
    await stack.requests();

    assert.equal((await stack.refresh()).code, 0, "state is readable after a partial failure");
    await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { failOnUpdate: null } } });
    await stack.requests();
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    const writes = await stack.writes();
    assert.deepEqual(calls(writes), ["PUT /api/v1/tenants/foo/licenses/"]);
    assert.deepEqual(writes[0]?.body, {
      groupServices: [{ name: "Hunt Group", allocated: { unlimited: false, maximum: 30 } }],
    });
  });
}

throughBothEdges("work that does not end in one run, by the real CLI", unfinished);
