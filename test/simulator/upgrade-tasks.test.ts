import assert from "node:assert/strict";

import type { Simulator } from "../../simulator";
import { launch } from "../../simulator/server";
import { admin, customerSeed, GUID, HandClock, livePlatform, type LivePlatformClient } from "./support";

const UPGRADE = `/api/v2/customer/${GUID}/action/upgrade`;
const APP = { applicationClientId: "0fdc8122-e0b5-43ac-8433-54860113710d", applicationClientSecret: "secret" };

describe("simulator: upgrade tasks", () => {
  let simulator: Simulator;
  let call: LivePlatformClient;
  let clock: HandClock;

  async function start(customer: object = {}, settings: object = {}): Promise<void> {
    clock = new HandClock();
    const seed = customerSeed({ licenseType: 3, licensedUsersCount: 5, ...customer }, settings);
    simulator = await launch({ seed }, clock.now);
    call = await livePlatform(simulator);
  }

  afterEach(() => simulator.close());

  function upgrade(body: object = {}): ReturnType<LivePlatformClient> {
    return call("POST", UPGRADE, { UpgradetoLicense: 5, licenseCount: 50, ...body });
  }

  async function task(id = "tsk_185510"): Promise<Record<string, unknown>> {
    return (await call("GET", `/api/v2/task/${id}`)).json() as Record<string, unknown>;
  }

  async function license(): Promise<unknown[]> {
    const row = (await call("GET", `/api/v3/customer/${GUID}`)).json() as Record<string, unknown>;
    return [row["LicenseType"], row["LicensedUsersCount"], row["CustomerFullName"]];
  }

  it("changes the licence when its time is over, not before", async () => {
    await start({ fullName: "Old" }, { taskDuration: "5s" });
    await upgrade({ customerFullName: "New" });
    clock.advance(4_999);
    assert.equal((await task())["status"], "In Progress");
    assert.deepEqual(await license(), [3, 5, "Old"]);
    clock.advance(1);
    assert.deepEqual(await license(), [5, 50, "New"]);
    assert.equal((await task())["status"], "CompletedSuccess");
  });

  it("refuses a second upgrade while one runs, and a PATCH", async () => {
    await start();
    await upgrade();
    assert.equal((await upgrade()).status, 409);
    const patch = await call("PATCH", `/api/v3/customer/${GUID}`, { licenseType: 5, licensedUsersCount: 50 });
    assert.equal(patch.json(), "Invalid change for License Type!");
  });

  it("fails with details and messages, leaves the licence, and can be asked again", async () => {
    await start({ taskOutcome: "fail", taskDetails: ["No operator"], taskMessages: ["Consent is missing"] });
    await upgrade();
    clock.advance(5_000);
    const { status, details, executionMessages } = await task();
    assert.deepEqual([status, details], ["Failed", ["No operator"]]);
    assert.deepEqual(executionMessages, [{ level: "Error", message: "Consent is missing" }]);
    assert.equal((await license())[0], 3);
    assert.equal((await upgrade()).json(), "tsk_185511");
  });

  it("fails with words of its own where the seed has none", async () => {
    await start({}, { taskOutcome: "fail" });
    await upgrade();
    await admin(simulator, "POST", "/finish-tasks");
    assert.deepEqual((await task())["details"], ["The license upgrade failed."]);
  });

  it("takes a customer's own duration before the general one", async () => {
    await start({ taskDuration: "1m" });
    await upgrade();
    clock.advance(59_999);
    assert.equal((await task())["status"], "In Progress");
    clock.advance(1);
    assert.equal((await task())["status"], "CompletedSuccess");
  });

  it("wants the App Registration with the first PATCH after an upgrade", async () => {
    await start();
    await upgrade();
    await admin(simulator, "POST", "/finish-tasks");
    const patch = (extra: object): ReturnType<LivePlatformClient> =>
      call("PATCH", `/api/v3/customer/${GUID}`, { licenseType: 5, licensedUsersCount: 50, ...extra });
    assert.match((await patch({})).text, /App Registration/);
    assert.equal((await patch(APP)).text, "1");
    assert.equal((await patch({})).text, "1");
  });

  it("forgets a task on demand", async () => {
    await start();
    await upgrade();
    await admin(simulator, "POST", "/forget-task", { taskId: "tsk_185510" });
    assert.equal((await call("GET", "/api/v2/task/tsk_185510")).status, 404);
    await assert.rejects(admin(simulator, "POST", "/forget-task", { taskId: "tsk_185510" }), /404/);
  });

  it("lists tasks for tests, and takes new settings for the next one", async () => {
    await start();
    await admin(simulator, "PATCH", "/settings", { taskDuration: "2s", taskOutcome: "fail" });
    await upgrade();
    const [listed] = (await admin(simulator, "GET", "/tasks")) as Record<string, unknown>[];
    assert.deepEqual([listed?.["id"], listed?.["customerGuid"], listed?.["outcome"]], ["tsk_185510", GUID, "fail"]);
    clock.advance(2_000);
    assert.equal((await task())["status"], "Failed");
  });
});
