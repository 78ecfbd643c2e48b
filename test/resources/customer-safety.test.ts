import assert from "node:assert/strict";
import type { Properties } from "../../provider/resource/properties";
import { asState, GUID, OC_ESSENTIAL, OC_PRO, REGISTRATION, startWithCustomer, up } from "./support/customer";
import { partial, type World } from "./support/world";

const UPGRADED = { licenseType: "OcPro", licensedUsersCount: 50, ...REGISTRATION };
const CUSTOMER_PATH = "/customer/[0-9a-f-]+$";

describe("what an update of a customer takes away", () => {
  let world: World;
  afterEach(() => world.close());

  it("is counted by the brake before the call, by PATCH and by an upgrade to fewer users", async () => {
    world = await startWithCustomer({ ...OC_PRO, activeUserCount: 10 });
    const run = world.run();
    await up(world, { licenseType: "OcEssentialPlus", licensedUsersCount: 20 }, undefined, run);
    assert.deepEqual(run.reductions, [
      [
        { property: "licenseType", change: "OC Pro → OC Essential Plus", units: 20 },
        { property: "licensedUsersCount", change: "50 → 20", units: 30 },
      ],
    ]);
    await world.close();
    world = await startWithCustomer({ ...OC_ESSENTIAL, activeUserCount: 5 });
    const upgrade = world.run();
    await up(world, { ...UPGRADED, licensedUsersCount: 20 }, undefined, upgrade);
    assert.deepEqual(upgrade.reductions[0], [{ property: "licensedUsersCount", change: "35 → 20", units: 15 }]);
  });
});

describe("the requests of an upgrade", () => {
  let world: World;
  afterEach(() => world.close());

  it("are no more than it needs: one look before it, and none twice after its task", async () => {
    world = await startWithCustomer(OC_ESSENTIAL, { taskDuration: "1s" });
    await up(world, UPGRADED);
    const requests = (await world.requests()).filter((request) => !request.includes("/task/"));
    assert.deepEqual(requests, [
      "GET /api/v3/customer/*",
      "POST /api/v2/customer/*/action/upgrade",
      "GET /api/v3/customer/*",
      "PATCH /api/v3/customer/*",
      "GET /api/v3/customer/*",
    ]);
  });

  it("are sent again, planned anew, as often as the platform turns them away for long", async () => {
    world = await startWithCustomer(OC_ESSENTIAL, { taskDuration: "1s" });
    await world.admin.faults({
      method: "POST",
      path: "/action/upgrade$",
      count: 4,
      fault: { kind: "status", status: 429, retryAfter: 20 },
    });
    const state = await up(world, UPGRADED);
    assert.equal(state["licenseType"], "OcPro");
    assert.equal((await world.bodies("POST")).length, 5);
  });
});

describe("the longest wait for a task", () => {
  let world: World;
  afterEach(() => world.close());

  for (const [what, declared, ofRun, said] of [
    ["taskTimeout, where it is declared", "20s", 60_000, /not finished after 20 s \(taskTimeout\)/],
    [
      "customTimeouts, where no taskTimeout is declared",
      undefined,
      60_000,
      /not finished after 1 min \(customTimeouts\)/,
    ],
    ["thirty minutes, where neither is there", undefined, undefined, /not finished after 30 min \(taskTimeout\)/],
  ] as const) {
    it(`is that of ${what}`, async () => {
      world = await startWithCustomer(OC_ESSENTIAL, { taskDuration: "2h" });
      const run = world.run();
      run.taskTimeoutMs = ofRun;
      const inputs = declared === undefined ? UPGRADED : { ...UPGRADED, taskTimeout: declared };
      const left = await partial(up(world, inputs, undefined, run), said);
      assert.match(String((left["pendingTask"] as Properties)["id"]), /^tsk_/);
      assert.equal(left["unverified"], undefined);
      assert.match(run.told.join("\n"), /task tsk_\d+ not finished yet/);
    });
  }
});

describe("state after a customer's update that did not come to its end", () => {
  let world: World;
  afterEach(() => world.close());

  it("knows what a failed upgrade asked for, and its task", async () => {
    world = await startWithCustomer(OC_ESSENTIAL, { taskDuration: "1s", taskOutcome: "fail" });
    const left = await partial(up(world, UPGRADED), /the upgrade of customer .*, failed: status/);
    assert.equal(left["pendingTask"], undefined);
    assert.match(String(left["lastTaskId"]), /^tsk_/);
    assert.equal(left["unverified"], true);
    const { licenseType, licensedUsersCount } = left["sent"] as Properties;
    assert.deepEqual({ licenseType, licensedUsersCount }, { licenseType: "OcPro", licensedUsersCount: 50 });
  });

  it("holds the secret that a PATCH brought, which is not sent again", async () => {
    world = await startWithCustomer(OC_PRO);
    await world.admin.faults({
      method: "GET",
      path: CUSTOMER_PATH,
      skip: 1,
      count: -1,
      fault: { kind: "status", status: 403 },
    });
    const left = asState(
      await partial(
        up(world, { ...UPGRADED, applicationClientSecret: "another", licensedUsersCount: 60 }),
        /answered 403.*Whether the change took effect is not known; the next `pulumi up` looks first\./,
      ),
    );
    assert.equal(left["applicationClientSecret"], "another");
    assert.equal(left["pendingPatch"], undefined);
    assert.equal(left["unverified"], true);
    await world.admin.clearFaults();
    await world.admin.forgetRequests();
    const now = await up(world, { ...UPGRADED, applicationClientSecret: "another", licensedUsersCount: 60 }, left);
    assert.deepEqual(await world.bodies("PATCH"), []);
    assert.equal(now["unverified"], undefined);
  });

  it("owes a PATCH whose answer was lost and that carried a secret", async () => {
    world = await startWithCustomer(OC_PRO);
    const state = asState(await up(world, UPGRADED));
    await world.admin.faults({ method: "PATCH", path: CUSTOMER_PATH, fault: { kind: "dropBefore" } });
    await world.admin.faults({
      method: "GET",
      path: CUSTOMER_PATH,
      skip: 1,
      count: -1,
      fault: { kind: "status", status: 403 },
    });
    const left = await partial(
      up(world, { ...UPGRADED, applicationClientSecret: "another" }, state),
      /The PATCH that is owed is sent by the next `pulumi up`\./,
    );
    assert.equal(left["pendingPatch"], true);
    assert.equal(left["applicationClientSecret"], REGISTRATION.applicationClientSecret);
  });

  it("adopts a secret only where nothing was sent, and says so", async () => {
    world = await startWithCustomer(OC_PRO);
    const adopting = world.run();
    await up(world, UPGRADED, undefined, adopting);
    assert.match(adopting.told.join("\n"), /^adopted; the secret was not sent/);
    const changing = world.run();
    await up(world, { ...UPGRADED, licensedUsersCount: 60 }, undefined, changing);
    assert.deepEqual(changing.told, ["PATCH users 50 → 60: done"]);
  });
});

describe("a change of a customer whose answer is lost", () => {
  let world: World;
  afterEach(() => world.close());

  it("is sent again as often as may be, and then fails with what happened", async () => {
    world = await startWithCustomer(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "2" });
    await world.admin.faults({ method: "PATCH", path: CUSTOMER_PATH, count: -1, fault: { kind: "dropBefore" } });
    const run = world.run();
    await partial(up(world, { licenseType: "OcPro", licensedUsersCount: 60 }, undefined, run), /PATCH/);
    assert.equal((await world.bodies("PATCH")).length, 3);
    assert.deepEqual(
      run.told,
      [1, 2, 3].map(() => "PATCH users 50 → 60: its answer was lost"),
    );
    assert.equal((await world.customer(GUID))["licensedUsersCount"], 50);
  });
});
