import assert from "node:assert/strict";

import type { Simulator } from "../../simulator";
import { launch } from "../../simulator/server";
import { admin, customerSeed, GUID, HandClock, livePlatform, type LivePlatformClient } from "./support";

const INFO = `/api/v3/customer/${GUID}/licenseinfo`;

describe("simulator: the licences in use of a customer", () => {
  let simulator: Simulator;
  let call: LivePlatformClient;

  async function start(customer: object, settings: object = {}): Promise<void> {
    const clock = new HandClock();
    simulator = await launch({ seed: customerSeed({ licenseType: 5, ...customer }, settings) }, clock.now);
    call = await livePlatform(simulator);
  }

  afterEach(() => simulator.close());

  async function info(): Promise<Record<string, unknown>> {
    const list = (await call("GET", INFO)).json() as Record<string, unknown>[];
    assert.equal(list.length, 1);
    return list[0]!;
  }

  it("are shown in a list of one object, with the documented keys", async () => {
    await start({ licensedUsersCount: 50, activeUserCount: 20, currentlyLicensed: 24 });
    const shown = await info();
    assert.deepEqual(
      [shown["acquiredLicenses"], shown["currentlyLicensed"], shown["totalMonitoredUsers"], shown["umpCustomerGuid"]],
      [50, 24, 20, GUID],
    );
    assert.equal(shown["lastUpdate"], "2026-03-01T12:00:00.0000000+00:00");
    assert.deepEqual(Object.keys(shown), [
      "acquiredLicenses",
      "currentlyLicensed",
      "totalMonitoredUsers",
      "managedUsersDirectRouting",
      "managedUsersOperatorConnect",
      "managedUsersByLifeCycleManagement",
      "managedUsersUserInterface",
      "managedServiceNumbers",
      "lastUpdate",
      "umpCustomerGuid",
      "licenseSettingsFlagsLevel",
      "LicenseFactors",
    ]);
  });

  it("follow an edit, with the time of an old count", async () => {
    await start({ activeUserCount: 20 });
    assert.equal((await info())["currentlyLicensed"], 20);
    const lastUpdate = "2023-11-06T16:05:06.0202209+00:00";
    await admin(simulator, "PATCH", `/customers/${GUID}`, { currentlyLicensed: 31, lastUpdate });
    const shown = await info();
    assert.deepEqual([shown["currentlyLicensed"], shown["lastUpdate"]], [31, lastUpdate]);
  });

  it("decide what a count may not go below", async () => {
    await start({ licensedUsersCount: 50, activeUserCount: 10, currentlyLicensed: 30 });
    const patch = async (licensedUsersCount: number): Promise<number> =>
      (await call("PATCH", `/api/v3/customer/${GUID}`, { licenseType: 5, licensedUsersCount })).status;
    assert.deepEqual([await patch(29), await patch(30)], [400, 200]);
  });

  for (const [access, status] of [
    ["refuse", 403],
    ["missing", 404],
  ] as const) {
    it(`are answered ${status} where licenseInfoAccess is ${access}`, async () => {
      await start({}, { licenseInfoAccess: access });
      assert.equal((await call("GET", INFO)).status, status);
      assert.equal((await call("GET", `/api/v3/customer/${GUID}`)).status, 200);
    });
  }

  it("are refused for an unknown customer, and without a token", async () => {
    await start({});
    await admin(simulator, "DELETE", `/customers/${GUID}`);
    assert.equal((await call("GET", INFO)).status, 404);
    await admin(simulator, "POST", "/revoke");
    assert.equal((await call("GET", INFO)).status, 401);
  });
});
