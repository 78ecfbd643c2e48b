import assert from "node:assert/strict";

import type { Simulator } from "../../simulator";
import { launch } from "../../simulator/server";
import { admin, customerSeed, GUID, HandClock, livePlatform, type LivePlatformClient, type RawReply } from "./support";

const CUSTOMER = `/api/v3/customer/${GUID}`;
const UPGRADE = `/api/v2/customer/${GUID}/action/upgrade`;

describe("simulator: how Live Platform can be set to behave", () => {
  let simulator: Simulator;
  let call: LivePlatformClient;
  let clock: HandClock;

  async function start(settings: object, customer: object = {}): Promise<void> {
    clock = new HandClock();
    const seed = customerSeed({ licenseType: 1, licensedUsersCount: 1, fullName: "Old", ...customer }, settings);
    simulator = await launch({ seed }, clock.now);
    call = await livePlatform(simulator);
  }

  afterEach(() => simulator.close());

  function patch(change: object = {}): Promise<RawReply> {
    return call("PATCH", CUSTOMER, { licenseType: 2, licensedUsersCount: 9, ...change });
  }

  async function shown(): Promise<Record<string, unknown>> {
    return (await call("GET", CUSTOMER)).json() as Record<string, unknown>;
  }

  async function count(): Promise<unknown> {
    return (await shown())["LicensedUsersCount"];
  }

  const answers: readonly (readonly [setting: string, status: number, body: string, effect: number])[] = [
    ["one", 200, "1", 9],
    ["empty", 200, "", 9],
    ["noContent", 204, "", 9],
    ["errorObject", 200, '{"error":{"code":"InvalidSecret","message":"The client secret is not valid."}}', 1],
    ["unsuccessful", 200, '{"success":false}', 1],
    ["errorText", 200, '"Error: customer is locked"', 1],
  ];
  for (const [setting, status, body, effect] of answers) {
    it(`answers a PATCH as patchAnswer ${setting} says, and holds ${effect} users then`, async () => {
      await start({ patchAnswer: setting });
      const reply = await patch();
      assert.deepEqual([reply.status, reply.text], [status, body]);
      assert.equal(await count(), effect);
    });
  }

  const tasks: readonly (readonly [setting: string, body: string, id: string])[] = [
    ["taskId", '"tsk_185510"', "tsk_185510"],
    ["jobId", '{"jobId":"wst_185510"}', "wst_185510"],
  ];
  for (const [setting, body, id] of tasks) {
    it(`makes a PATCH a task where patchAnswer is ${setting}`, async () => {
      await start({ patchAnswer: setting, taskDuration: "5s" });
      assert.equal((await patch({ customerFullName: "New" })).text, body);
      assert.equal(await count(), 1);
      const task = async (): Promise<unknown> =>
        ((await call("GET", `/api/v2/task/${id}`)).json() as Record<string, unknown>)["status"];
      assert.equal(await task(), "In Progress");
      clock.advance(5_000);
      assert.equal(await task(), "CompletedSuccess");
      const { LicensedUsersCount, CustomerFullName } = await shown();
      assert.deepEqual([LicensedUsersCount, CustomerFullName], [9, "New"]);
    });
  }

  it("leaves the licence where the task of a PATCH fails", async () => {
    await start({ patchAnswer: "taskId", taskOutcome: "fail" });
    await patch();
    await admin(simulator, "POST", "/finish-tasks");
    assert.equal(await count(), 1);
  });

  it("answers an upgrade with a job's id where that is set", async () => {
    await start({ upgradeAnswer: "jobId" }, { licenseType: 3 });
    const reply = await call("POST", UPGRADE, { UpgradetoLicense: 5, licenseCount: 5 });
    assert.deepEqual(reply.json(), { jobId: "wst_185510" });
    assert.equal((await call("GET", "/api/v2/task/wst_185510")).status, 200);
  });

  it("takes upgradeToLicense alone where that is set", async () => {
    await start({ upgradeFields: "upgradeToLicense" }, { licenseType: 3 });
    assert.equal((await call("POST", UPGRADE, { UpgradetoLicense: 5, licenseCount: 5 })).status, 400);
    assert.equal((await call("POST", UPGRADE, { upgradeToLicense: 5, licenseCount: 5 })).json(), "tsk_185510");
  });

  it("shows an accepted PATCH late, in each reading call, while it holds it at once", async () => {
    await start({});
    await admin(simulator, "PATCH", "/settings", { visibleAfterMs: 20_000 });
    assert.equal((await patch()).text, "1");
    const listed = async (): Promise<unknown> =>
      ((await call("GET", "/api/v3/customer")).json() as Record<string, unknown>[])[0]?.["LicensedUsersCount"];
    const brief = async (): Promise<unknown> =>
      ((await call("GET", "/api/v2/customer")).json() as Record<string, unknown>[])[0]?.["LicenseType"];
    clock.advance(19_999);
    assert.deepEqual([await count(), await listed(), await brief()], [1, 1, 1]);
    const { customers } = (await admin(simulator, "GET", "/state")) as { customers: Record<string, unknown>[] };
    assert.equal(customers[0]?.["licensedUsersCount"], 9);
    clock.advance(1);
    assert.deepEqual([await count(), await listed(), await brief()], [9, 9, 2]);
  });

  it("shows two late writes one after the other", async () => {
    await start({});
    await admin(simulator, "PATCH", "/settings", { visibleAfterMs: 10_000 });
    await patch({ licensedUsersCount: 20 });
    clock.advance(4_000);
    await patch({ licensedUsersCount: 30 });
    const seen = [await count()];
    for (const pause of [6_000, 4_000]) {
      clock.advance(pause);
      seen.push(await count());
    }
    assert.deepEqual(seen, [1, 20, 30]);
  });

  it("shows the licence of a finished upgrade late, too", async () => {
    await start({ taskDuration: "5s" }, { licenseType: 3 });
    await admin(simulator, "PATCH", "/settings", { visibleAfterMs: 1_000 });
    await call("POST", UPGRADE, { UpgradetoLicense: 5, licenseCount: 5 });
    clock.advance(5_000);
    const task = (await call("GET", "/api/v2/task/tsk_185510")).json() as Record<string, unknown>;
    assert.equal(task["status"], "CompletedSuccess");
    assert.equal((await shown())["LicenseType"], 3);
    clock.advance(1_000);
    assert.equal((await shown())["LicenseType"], 5);
  });

  for (const word of ["Done", "", null, 3]) {
    it(`calls a finished task ${JSON.stringify(word)} where that is set`, async () => {
      await start({ statusSuccess: word }, { licenseType: 3 });
      await call("POST", UPGRADE, { UpgradetoLicense: 5, licenseCount: 5 });
      await admin(simulator, "POST", "/finish-tasks");
      const task = (await call("GET", "/api/v2/task/tsk_185510")).json() as Record<string, unknown>;
      assert.equal(task["status"], word);
      assert.equal((await shown())["LicenseType"], 5);
    });
  }

  const names: readonly (readonly [setting: string, sent: string, returned: string])[] = [
    ["asSent", " A &  B ", " A &  B "],
    ["trimmed", " A &  B ", "A & B"],
    ["composed", "Cafe\u0301", "Caf\u00e9"],
    ["escaped", "A & <B>", "A &amp; &lt;B&gt;"],
  ];
  for (const [setting, sent, returned] of names) {
    it(`returns the name ${JSON.stringify(sent)} as ${JSON.stringify(returned)} where customerNames is ${setting}`, async () => {
      await start({ customerNames: setting });
      await patch({ customerFullName: sent });
      assert.equal((await shown())["CustomerFullName"], returned);
    });
  }

  it("writes the keys of customers in camelCase where that is set", async () => {
    await start({ customerKeys: "camelCase" });
    assert.equal((await shown())["umpCustomerGuid"], GUID);
    const [row] = (await call("GET", "/api/v3/customer")).json() as Record<string, unknown>[];
    assert.equal(row?.["licensedUsersCount"], 1);
  });
});
