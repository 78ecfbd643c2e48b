import assert from "node:assert/strict";
import type { Properties } from "../../provider/resource/properties";
import { claimText } from "../../provider/resource/claim";
import { claimOf } from "../../provider/tenant/allocation";
import { asState, HELD, startWithTenant, up } from "./support/tenant";
import { checked, partial, refused, type World } from "./support/world";

const READ = "GET /api/v1/tenants/foo/licenses/";
const PUT = "PUT /api/v1/tenants/foo/licenses/";
const PATH = "/tenants/foo/licenses/$";

const ALL = { groupServices: { "Call Pickup": 5, "Hunt Group": 6 }, userServices: { "Speed Dial 8": 4 } };
const FEWER = { groupServices: { "Hunt Group": 6 } };

describe("a service that is taken out of a tenant's resource", () => {
  let world: World;
  afterEach(() => world.close());

  const start = async (...args: Parameters<typeof startWithTenant>): Promise<void> => {
    world = await startWithTenant(...args);
  };
  /** Has all services applied, and forgets what that took. */
  const applied = async (policy?: string, more: Properties = {}): Promise<Properties> => {
    const state = await up(world, { ...ALL, ...(policy === undefined ? {} : { onServiceRemoved: policy }), ...more });
    await world.admin.forgetRequests();
    return state;
  };

  describe("is retained, which is the default:", () => {
    for (const policy of [undefined, "retain"]) {
      it(`without a request, and state forgets it (${policy ?? "not declared"})`, async () => {
        await start();
        const settings = policy === undefined ? {} : { onServiceRemoved: policy };
        const next = await up(world, { ...FEWER, ...settings }, await applied(policy));
        assert.deepEqual(await world.requests(), []);
        assert.deepEqual(next, {
          tenantId: "foo",
          ...settings,
          ...FEWER,
          original: { groupServices: { "Hunt Group": 3 } },
        });
        assert.deepEqual((await world.tenant("foo"))["userServices"], { ...HELD.userServices, "Speed Dial 8": 4 });
      });
    }

    it("and another one changes: it is not in the PUT, and state forgets it", async () => {
      await start();
      const next = await up(world, { groupServices: { "Hunt Group": 7 } }, await applied());
      assert.deepEqual(await world.bodies("PUT"), [
        '{"groupServices":[{"name":"Hunt Group","allocated":{"unlimited":false,"maximum":7}}]}',
      ]);
      assert.deepEqual(next["original"], { groupServices: { "Hunt Group": 3 } });
      assert.equal(next["userServices"], undefined);
    });

    it("and added again: what was found first is taken anew", async () => {
      await start();
      const without = await up(world, FEWER, await applied());
      const again = await up(world, ALL, without);
      assert.deepEqual(again["original"], {
        groupServices: { "Call Pickup": 5, "Hunt Group": 3 },
        userServices: { "Speed Dial 8": 4 },
      });
    });
  });

  describe("is unlicensed:", () => {
    it("set to 0, and state forgets it", async () => {
      await start({ groupServices: { "Call Pickup": 3 } });
      const next = await up(world, { ...FEWER, onServiceRemoved: "unlicense" }, await applied("unlicense"));
      assert.deepEqual(await world.requests(), [READ, PUT, READ]);
      assert.deepEqual(await world.bodies("PUT"), [
        '{"groupServices":[{"name":"Call Pickup","allocated":{"unlimited":false,"maximum":0}}],"userServices":[{"name":"Speed Dial 8","allocated":{"unlimited":false,"maximum":0}}]}',
      ]);
      assert.deepEqual(next["original"], { groupServices: { "Hunt Group": 3 } });
      assert.deepEqual(next["groupServices"], FEWER.groupServices);
    });

    it("by the policy as it is declared now", async () => {
      await start({ groupServices: { "Call Pickup": 3 } });
      await up(world, { ...FEWER, onServiceRemoved: "unlicense" }, await applied("retain"));
      assert.equal((await world.tenant("foo"))["groupServices"]!["Call Pickup"], 0);
    });

    it("not while it is in use: it is named and stays in state, the others are done", async () => {
      await start();
      const inputs = { groupServices: { "Hunt Group": 7 }, onServiceRemoved: "unlicense" };
      const state = await partial(
        up(world, inputs, await applied("unlicense")),
        /^Tenant foo: 1 service is not as declared; all others are\.\n {2}removing Call Pickup would unlicense 2 in use: free them, keep it, or use retain$/,
      );
      assert.deepEqual(await world.tenant("foo"), {
        groupServices: { ...HELD.groupServices, "Call Pickup": 5, "Hunt Group": 7 },
        userServices: { ...HELD.userServices, "Speed Dial 8": 0 },
      });
      assert.deepEqual(state["groupServices"], { "Call Pickup": 5, "Hunt Group": 7 });
      assert.equal(state["userServices"], undefined);
      assert.deepEqual(state["original"], { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
      // Once it is free, the next up lets it go.
      await world.admin.patchTenant("foo", { groupServices: { "Call Pickup": { currentlyAllocated: 0 } } });
      const next = await up(world, inputs, asState(state));
      assert.deepEqual(next["groupServices"], { "Hunt Group": 7 });
      assert.equal((await world.tenant("foo"))["groupServices"]!["Call Pickup"], 0);
    });

    it("while it is in use, where that is asked for", async () => {
      await start({}, { belowCurrentlyAllocated: "accept" });
      await up(world, { ...FEWER, onServiceRemoved: "unlicense", allowBelowUse: true }, await applied("unlicense"));
      assert.equal((await world.tenant("foo"))["groupServices"]!["Call Pickup"], 0);
    });

    it("and the gateway fails at it: it stays in state, with what was found first", async () => {
      await start({ groupServices: { "Call Pickup": 3 } });
      const before = await applied("unlicense");
      await world.admin.patchTenant("foo", { groupServices: { "Call Pickup": { failOnUpdate: "Busy" } } });
      const state = await partial(
        up(world, { ...FEWER, onServiceRemoved: "unlicense" }, before),
        /groupServices\.Call Pickup: the gateway answered "failed" \(Busy\); it is 5, not 0/,
      );
      assert.deepEqual(state["groupServices"], ALL.groupServices);
      assert.deepEqual(state["original"], { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
      assert.equal(state["userServices"], undefined);
    });

    it("and what became of the PUT is not known: all of them stay in state", async () => {
      await start({ groupServices: { "Call Pickup": 3 } }, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
      const before = await applied("unlicense");
      await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "dropBefore" } });
      const state = await partial(up(world, { ...FEWER, onServiceRemoved: "unlicense" }, before), /was cut off/);
      const { sent, ...rest } = state;
      assert.deepEqual(rest, { ...before, onServiceRemoved: "unlicense", unverified: true });
      assert.deepEqual(Object.keys(sent as object).sort(), ["at", "groupServices", "userServices", "version"]);
    });

    it("and the gateway does not list it any more: there is nothing to do", async () => {
      await start();
      const before = await applied("unlicense");
      await world.admin.patchTenant("foo", {
        groupServices: { "Call Pickup": null },
        userServices: { "Speed Dial 8": null },
      });
      const next = await up(world, { ...FEWER, onServiceRemoved: "unlicense" }, before);
      assert.deepEqual(await world.requests(), [READ]);
      assert.deepEqual(next["groupServices"], FEWER.groupServices);
    });
  });

  describe("is restored:", () => {
    it("put back to what was found first, and state forgets it", async () => {
      await start();
      const next = await up(world, { ...FEWER, onServiceRemoved: "restore" }, await applied("restore"));
      assert.deepEqual(await world.bodies("PUT"), [
        '{"groupServices":[{"name":"Call Pickup","allocated":{"unlimited":false,"maximum":3}}],"userServices":[{"name":"Speed Dial 8","allocated":{"unlimited":true}}]}',
      ]);
      assert.deepEqual(next["original"], { groupServices: { "Hunt Group": 3 } });
    });

    it("not where what was found first is below what is in use by now", async () => {
      await start();
      const before = await applied("restore");
      await world.admin.patchTenant("foo", { groupServices: { "Call Pickup": { currentlyAllocated: 4 } } });
      await partial(
        up(world, { ...FEWER, onServiceRemoved: "restore" }, before),
        /removing Call Pickup would restore 3, which is below the 4 in use: free them, keep it, or use retain$/,
      );
    });

    it("left as it is where nobody knows what was found first", async () => {
      await start();
      const { original, ...rest } = await applied("restore");
      const next = await up(world, { ...FEWER, onServiceRemoved: "restore" }, rest);
      assert.deepEqual(await world.requests(), [READ], JSON.stringify(original));
      assert.deepEqual(next["groupServices"], FEWER.groupServices);
    });
  });

  it("stays as it is where another resource of the program declares it, and a line says so", async () => {
    await start({ groupServices: { "Call Pickup": 3 } });
    const before = await applied("unlicense");
    const run = world.run();
    run.declared.add(claimText(claimOf("foo", "groupServices", "Call Pickup")));
    const next = await up(world, { ...FEWER, onServiceRemoved: "unlicense" }, before, run);
    assert.deepEqual(await world.bodies("PUT"), [
      '{"userServices":[{"name":"Speed Dial 8","allocated":{"unlimited":false,"maximum":0}}]}',
    ]);
    assert.deepEqual(run.told, [
      "left as they are, because this program declares them in another resource: groupServices.Call Pickup (other)",
      "PUT Speed Dial 8 4 → 0 (removed, unlicense): done",
    ]);
    assert.deepEqual(next["groupServices"], FEWER.groupServices);
  });
});

describe("a tenant's resource, destroyed,", () => {
  let world: World;
  afterEach(() => world.close());

  const start = async (...args: Parameters<typeof startWithTenant>): Promise<void> => {
    world = await startWithTenant(...args);
  };
  const applied = async (policy?: string, more: Properties = {}): Promise<Properties> => {
    const state = await up(world, { ...ALL, ...(policy === undefined ? {} : { onDestroy: policy }), ...more });
    await world.admin.forgetRequests();
    return state;
  };
  const remove = (state: Properties, run = world.run()): Promise<void> => world.tenants().remove(state, run);

  it("leaves everything as it is, without a request, unless the policy in state says otherwise; a line says so", async () => {
    await start();
    for (const policy of [undefined, "retain"]) {
      const run = world.run();
      await remove(await applied(policy), run);
      assert.deepEqual(run.told, ["left as they are: 3 services (onDestroy: retain)"]);
    }
    assert.deepEqual(await world.requests(), []);
  });

  it("sets its services to 0, and no others", async () => {
    await start({ groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
    await remove(await applied("unlicense"));
    assert.deepEqual(await world.requests(), [READ, PUT, READ]);
    assert.deepEqual(await world.tenant("foo"), {
      groupServices: { ...HELD.groupServices, "Call Pickup": 0, "Hunt Group": 0 },
      userServices: { ...HELD.userServices, "Speed Dial 8": 0 },
    });
  });

  it("puts its services back to what was found first", async () => {
    await start();
    await remove(await applied("restore"));
    assert.deepEqual(await world.tenant("foo"), HELD);
  });

  it("keeps to policy and permissions as they are in state", async () => {
    await start({}, { belowCurrentlyAllocated: "accept" });
    await remove(await applied("unlicense", { allowBelowUse: true }));
    assert.equal((await world.tenant("foo"))["groupServices"]!["Hunt Group"], 0);
  });

  it("names what is in use and writes nothing at all, and does everything once that is free", async () => {
    await start();
    const state = await applied("unlicense");
    const held = await world.tenant("foo");
    await refused(
      remove(state),
      /^foo stays in the stack: 2 of its services are still in use\n {2}removing Call Pickup would unlicense 2 in use: free them, keep it, or use retain\n {2}removing Hunt Group would unlicense 1 in use: free them, keep it, or use retain$/,
    );
    assert.deepEqual(await world.tenant("foo"), held);
    assert.deepEqual(await world.bodies("PUT"), []);
    await world.admin.patchTenant("foo", {
      groupServices: { "Call Pickup": { currentlyAllocated: 0 }, "Hunt Group": { currentlyAllocated: 0 } },
    });
    await remove(state);
    assert.deepEqual(await world.tenant("foo"), {
      groupServices: { ...HELD.groupServices, "Call Pickup": 0, "Hunt Group": 0 },
      userServices: { ...HELD.userServices, "Speed Dial 8": 0 },
    });
  });

  it("writes nothing where service packs hand out licences of one of its services", async () => {
    await start({ userServices: { "Speed Dial 8": { maximum: 4, packsAllocated: 3 } } });
    const state = await applied("unlicense");
    await world.admin.patchTenant("foo", {
      groupServices: { "Call Pickup": { currentlyAllocated: 0 }, "Hunt Group": { currentlyAllocated: 0 } },
    });
    await refused(
      remove(state),
      /^foo stays in the stack: 1 of its services is still in use\n {2}removing Speed Dial 8 would unlicense 3 handed out by service packs \(0 in use\): free them, keep it, or use retain$/,
    );
    assert.deepEqual(await world.bodies("PUT"), []);
  });

  it("names what the gateway fails at", async () => {
    await start({ userServices: { "Speed Dial 8": "unlimited" } });
    const state = await applied("restore");
    await world.admin.patchTenant("foo", { userServices: { "Speed Dial 8": { failOnUpdate: "Busy" } } });
    await refused(
      remove(state),
      /^foo stays in the stack: 1 of its services was not removed\. State still shows the values from before: `pulumi up --refresh` restores what the program declares\.\n {2}userServices\.Speed Dial 8: the gateway answered "failed" \(Busy\); it is 4, not unlimited$/,
    );
    assert.deepEqual((await world.tenant("foo"))["groupServices"], HELD.groupServices);
  });

  it("fails where the PUT does", async () => {
    await start();
    const state = await applied("restore");
    await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "status", status: 500 } });
    await refused(remove(state), /PUT .* answered 500/);
  });

  it("says what it has sent, and that state is out of date, where the gateway did only a part", async () => {
    await start({ groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
    const state = await applied("unlicense");
    await world.admin.patchTenant("foo", { groupServices: { "Hunt Group": { failOnUpdate: "Busy" } } });
    const run = world.run();
    await refused(
      remove(state, run),
      /^foo stays in the stack: 1 of its services was not removed\. State still shows the values from before: `pulumi up --refresh` restores/,
    );
    assert.deepEqual(run.told, [
      "PUT Call Pickup 5 → 0 (removed, unlicense), Hunt Group 6 → 0 (removed, unlicense), Speed Dial 8 4 → 0 (removed, unlicense): 2 of 3 services done",
    ]);
  });

  it("says that state may be out of date where the PUT was sent and nothing can be read any more", async () => {
    await start({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
    const state = await applied("restore");
    await world.admin.faults({ method: "GET", path: PATH, skip: 1, fault: { kind: "status", status: 500 } });
    await refused(
      remove(state),
      /^foo stays in the stack: 3 of its services were not removed\. State still shows .*\n {2}The update was sent, but could not be verified\. .*answered 500/,
    );
  });

  it("is done with where the tenant is gone, as two witnesses say", async () => {
    await start();
    const state = await applied("unlicense");
    await world.addTenant({ id: "bar" });
    await world.admin.deleteTenant("foo");
    await remove(state);
    assert.deepEqual(await world.requests(), [READ, "GET /api/v1/tenants/"]);
  });

  it("fails where the gateway answers 404 for the tenant, but still lists it", async () => {
    await start();
    const state = await applied("restore");
    await world.admin.faults({
      method: "GET",
      path: PATH,
      fault: { kind: "status", status: 404, text: "<html></html>", contentType: "text/html" },
    });
    await refused(remove(state), /answers 404 for tenant foo, but still lists the tenant\./);
    assert.deepEqual(await world.bodies("PUT"), []);
    await remove(state);
    assert.deepEqual(await world.tenant("foo"), HELD);
  });

  it("does not touch services that this program declares under another name, and says so", async () => {
    await start({ groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
    const state = await applied("unlicense");
    const run = world.run();
    for (const name of Object.keys(ALL.groupServices)) {
      run.declared.add(claimText(claimOf("foo", "groupServices", name)));
    }
    await remove(state, run);
    assert.deepEqual(await world.bodies("PUT"), [
      '{"userServices":[{"name":"Speed Dial 8","allocated":{"unlimited":false,"maximum":0}}]}',
    ]);
    assert.deepEqual(run.told, [
      "left as they are, because this program declares them in another resource: groupServices.Call Pickup (other), groupServices.Hunt Group (other)",
      "PUT Speed Dial 8 4 → 0 (removed, unlicense): done",
    ]);
    run.declared.add(claimText(claimOf("foo", "userServices", "Speed Dial 8")));
    await world.admin.forgetRequests();
    await remove(state, run);
    assert.deepEqual(await world.requests(), []);
  });

  it("removes nothing while it is not known whether this program still declares one of the services", async () => {
    await start({ groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
    const state = await applied("unlicense");
    const run = world.run();
    run.unknown.add(claimText(claimOf("foo", "groupServices", "Hunt Group")));
    await assert.rejects(remove(state, run), {
      message:
        "foo stays in the stack, and nothing was removed:\n" +
        "  groupServices.Hunt Group: stays as it is, because another resource of the program may declare it: the program is not through",
    });
    assert.deepEqual(await world.bodies("PUT"), []);
  });

  it("leaves what this program may still declare, and removes the rest, where the resource is to be created again", async () => {
    await start({ groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
    const state = await applied("unlicense");
    const run = world.run();
    run.isReplacement = true;
    for (const name of Object.keys(ALL.groupServices)) {
      run.unknown.add(claimText(claimOf("foo", "groupServices", name)));
    }
    await remove(state, run);
    assert.deepEqual(await world.bodies("PUT"), [
      '{"userServices":[{"name":"Speed Dial 8","allocated":{"unlimited":false,"maximum":0}}]}',
    ]);
    assert.match(run.warned.join("\n"), /^left as it is: groupServices.Call Pickup: stays as it is, because/);
  });

  it("waits for the PUTs to the same tenant that are under way", async () => {
    await start({}, {}, {});
    await world.admin.settings({ latencyMs: 20 });
    const lifecycle = world.tenants();
    const state = asState(
      await lifecycle.apply(
        checked(lifecycle, { tenantId: "foo", ...ALL, onDestroy: "restore" }),
        undefined,
        world.run(),
      ),
    );
    await Promise.all([
      lifecycle.apply(
        checked(lifecycle, { tenantId: "foo", groupServices: { "Call Park": 5 } }),
        undefined,
        world.run(),
      ),
      lifecycle.remove(state, world.run()),
    ]);
    const puts = (await world.journal()).filter(({ method }) => method === "PUT");
    assert.deepEqual(
      puts.map(({ inFlightSameTenant }) => inFlightSameTenant),
      [0, 0, 0],
    );
  });
});
