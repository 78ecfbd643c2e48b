import assert from "node:assert/strict";
import type { Properties } from "../../provider/resource/properties";
import { claimText } from "../../provider/resource/claim";
import { claimOf } from "../../provider/customer/claim";
import {
  APPLICATION,
  asState,
  GUID,
  OC_ESSENTIAL,
  OC_PRO,
  OTHER_APPLICATION,
  REGISTRATION,
  SECRET,
  startWithCustomer,
  up,
} from "./support/customer";
import { partial, type World } from "./support/world";

const READ = "GET /api/v3/customer/*";
const PATCH = "PATCH /api/v3/customer/*";
const PRO = { licenseType: "OcPro", licensedUsersCount: 50 };
const STATE = { customerGuid: GUID, ...PRO, onDestroy: "downgrade" };

describe("a customer's licence, destroyed", () => {
  let world: World;
  afterEach(() => world.close());

  const start = async (customer: object = OC_PRO, settings: object = {}, environment = {}): Promise<void> => {
    world = await startWithCustomer(customer, settings, environment);
  };
  const remove = (state: Properties, run = world.run()): Promise<void> => world.customers().remove(state, run);

  it("stays as it is, without a request, unless the policy in state says otherwise, and a line says so", async () => {
    await start();
    const { onDestroy, ...silent } = STATE;
    const run = world.run();
    await remove(silent, run);
    await remove({ ...STATE, onDestroy: "retain" }, run);
    await remove({ customerGuid: GUID }, run);
    assert.deepEqual(await world.requests(), [], onDestroy);
    assert.deepEqual(run.told, [
      "left as it is: OC Pro, 50 users (onDestroy: retain)",
      "left as it is: OC Pro, 50 users (onDestroy: retain)",
      "left as it is (onDestroy: retain)",
    ]);
  });

  for (const [from, to] of [
    [2, 1],
    [5, 4],
  ] as const) {
    it(`is downgraded from licence type ${from} to ${to} with the count that is there, and nothing else changes`, async () => {
      await start({ ...OC_PRO, licenseType: from, licensedUsersCount: 77 });
      const run = world.run();
      await remove(STATE, run);
      assert.match(run.told.join(), /^PATCH .* Pro → .* Essentials? Plus: done$/);
      assert.deepEqual(await world.requests(), [READ, PATCH, READ]);
      assert.deepEqual(await world.bodies("PATCH"), [
        `{"customerFullName":"Contoso","licenseType":${to},"licensedUsersCount":77}`,
      ]);
      assert.equal((await world.customer(GUID))["licenseType"], to);
    });
  }

  it("is downgraded with its App Registration and its declared name, where state has them", async () => {
    await start();
    const inputs = { ...PRO, ...REGISTRATION, customerFullName: "Contoso", onDestroy: "downgrade" };
    await remove(await up(world, inputs));
    assert.deepEqual(await world.bodies("PATCH"), [
      `{"customerFullName":"Contoso","licenseType":4,"licensedUsersCount":50,"applicationClientId":"${APPLICATION}","applicationClientSecret":"${SECRET}"}`,
    ]);
  });

  for (const [title, inputs] of [
    ["another one is declared", { customerFullName: "Contoso" }],
    ["none is declared", {}],
  ] as const) {
    it(`is downgraded with the full name as it is found, where ${title}`, async () => {
      await start();
      const state = await up(world, { ...PRO, ...inputs, onDestroy: "downgrade" });
      await world.admin.patchCustomer(GUID, { fullName: "Edited" });
      await remove(state);
      assert.match((await world.bodies("PATCH"))[0]!, /^\{"customerFullName":"Edited",/);
    });
  }

  for (const [title, refreshed] of [
    ["after a refresh", true],
    ["without a refresh", false],
  ] as const) {
    it(`is downgraded without the App Registration where another one was set by hand, ${title}`, async () => {
      await start(OC_PRO);
      const state = await up(world, { ...PRO, ...REGISTRATION, onDestroy: "downgrade" });
      await world.admin.patchCustomer(GUID, {
        applicationClientId: OTHER_APPLICATION,
        applicationClientSecret: "theirs",
      });
      const reading = refreshed ? await world.customers().read(state, world.run()) : undefined;
      if (reading !== undefined) {
        assert.equal(reading.outputs["applicationClientId"], OTHER_APPLICATION);
        assert.equal(reading.outputs["applicationClientSecret"], undefined);
      }
      await remove(reading === undefined ? state : asState(reading.outputs));
      assert.deepEqual(await world.bodies("PATCH"), [
        '{"customerFullName":"Contoso","licenseType":4,"licensedUsersCount":50}',
      ]);
      assert.equal((await world.customer(GUID))["applicationClientSecret"], "theirs");
    });
  }

  it("is downgraded though it is used above its count", async () => {
    await start({ ...OC_PRO, activeUserCount: 70 }, { belowActiveUsers: "accept" });
    await remove(STATE);
    assert.equal((await world.customer(GUID))["licenseType"], 4);
  });

  for (const [licenseType, what] of [
    [1, "Hosted Essentials Plus"],
    [4, "OC Essential Plus"],
    [3, "OC Essential"],
    [0, "Hosted Essentials"],
    [7, "an unknown type"],
    [null, "no licence"],
  ] as const) {
    it(`stays ${what}`, async () => {
      await start({ ...OC_PRO, licenseType });
      await remove(STATE);
      assert.deepEqual(await world.requests(), [READ]);
    });
  }

  it("is done with where the customer is gone, by two witnesses", async () => {
    await start();
    await world.addCustomer({ ...OC_PRO, guid: GUID.replace("d", "e") });
    await world.admin.deleteCustomer(GUID);
    await remove(STATE);
    assert.deepEqual(await world.requests(), [READ, "GET /api/v3/customer"]);
  });

  it("stays in the stack while it is not known whether this program still declares the customer", async () => {
    await start();
    const run = world.run();
    run.unknown.add(claimText(claimOf(GUID)));
    await assert.rejects(
      world.customers().remove(STATE, run),
      /^Error: Nothing was downgraded, because another resource of the program may declare customer .*: the program is not through\.$/,
    );
    run.isReplacement = true;
    await world.customers().remove(STATE, run);
    assert.match(run.warned.join(), /^left as it is, because another resource of the program may declare/);
    assert.deepEqual(await world.requests(), []);
  });

  it("stays as it is where this program declares the same customer under another name", async () => {
    await start();
    const run = world.run();
    run.declared.add(claimText(claimOf(GUID)));
    await remove(STATE, run);
    assert.deepEqual(await world.requests(), []);
    assert.deepEqual(run.told, ["left as it is: this program declares the same customer in another resource (other)."]);
  });

  it("fails where the platform refuses the downgrade, or does not do it", async () => {
    await start({ ...OC_PRO, ignorePatch: true });
    await assert.rejects(
      remove(STATE),
      /is not visible yet .*: OC Pro → OC Essential Plus\..* state still shows the values from before; `pulumi up --refresh` restores them/,
    );
    await world.admin.faults({
      method: "PATCH",
      path: "/customer/",
      fault: { kind: "status", status: 400, body: "Invalid" },
    });
    await assert.rejects(remove(STATE), (error: Error) => {
      assert.match(error.message, /PATCH .* answered 400: Invalid/);
      assert.doesNotMatch(error.message, /state still shows/, "nothing was done");
      return true;
    });
  });

  it("fails where the write was done but no look succeeds any more: state still shows what was there before", async () => {
    await start(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
    await world.admin.faults({ method: "GET", path: "/customer/", skip: 1, count: -1, fault: { kind: "dropBefore" } });
    await assert.rejects(remove(STATE), /GET .* was cut off.*state still shows the values from before/);
    assert.equal((await world.customer(GUID))["licenseType"], 4);
  });

  it("fails where a stray 404 hides the customer", async () => {
    await start();
    await world.admin.faults({
      method: "GET",
      path: `/customer/${GUID}$`,
      fault: { kind: "status", status: 404, body: { title: "Not found", status: 404 } },
    });
    await assert.rejects(remove(STATE), /lists customer .*, but answers 404/);
    assert.deepEqual(await world.bodies("PATCH"), []);
  });

  describe("while an upgrade is under way", () => {
    const upgrading = async (inputs: Properties = {}): Promise<Properties> =>
      asState(
        await partial(
          up(world, { ...PRO, ...REGISTRATION, onDestroy: "downgrade", taskTimeout: "10s", ...inputs }),
          /is not finished|No trace/,
        ),
      );

    it("waits for its end first, since it would undo the downgrade", async () => {
      await start({ ...OC_ESSENTIAL, ...REGISTRATION }, { taskDuration: "15s" });
      await remove(await upgrading());
      assert.equal((await world.customer(GUID))["licenseType"], 4);
    });

    it("that fails: there is nothing to downgrade", async () => {
      await start(OC_ESSENTIAL, { taskDuration: "15s", taskOutcome: "fail" });
      await remove(await upgrading());
      assert.deepEqual(await world.bodies("PATCH"), []);
      assert.equal((await world.customer(GUID))["licenseType"], 3);
    });

    it("for longer than taskTimeout: fails, and downgrades nothing", async () => {
      await start(OC_ESSENTIAL, { taskDuration: "1h" });
      const state = await upgrading();
      const before = world.clock.now();
      await assert.rejects(
        remove(state),
        /^Error: Task tsk_185510, the upgrade of customer d5253892-.*, is not finished after 10 s .* Nothing was downgraded: run `pulumi destroy` again later\.$/,
      );
      assert.equal(world.clock.now() - before, 10_000);
      assert.deepEqual(await world.bodies("PATCH"), []);
    });

    it("of which the answer was lost: fails within the grace, and is done with after it", async () => {
      await start(OC_ESSENTIAL);
      await world.admin.faults({ method: "POST", path: "/action/upgrade$", fault: { kind: "dropBefore" } });
      const state = await upgrading();
      await assert.rejects(
        remove(state),
        /^Error: An upgrade of customer d5253892-.* was asked for, its answer was lost, and it may still come: nothing was downgraded\. Run `pulumi destroy` again later\.$/,
      );
      world.clock.advance(600_000);
      await remove(state);
      assert.deepEqual(await world.bodies("PATCH"), []);
    });

    it("of which the answer was lost, and that came about: downgrades", async () => {
      await start({ ...OC_ESSENTIAL, ...REGISTRATION }, { taskDuration: "20s" });
      await world.admin.faults({ method: "POST", path: "/action/upgrade$", fault: { kind: "dropAfter" } });
      const state = await upgrading();
      world.clock.advance(20_000);
      await remove(state);
      assert.equal((await world.customer(GUID))["licenseType"], 4);
    });
  });
});
