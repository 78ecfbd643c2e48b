import assert from "node:assert/strict";
import type { Properties } from "../../provider/resource/properties";
import {
  asState,
  GUID,
  OC_ESSENTIAL,
  OC_PRO,
  REGISTRATION,
  startWithCustomer,
  up as upCustomer,
} from "./support/customer";
import { startWithTenant, up as upTenant } from "./support/tenant";
import { checked, partial, type World } from "./support/world";

const PRO = { licenseType: "OcPro", licensedUsersCount: 120 };
const CUSTOMER = { ...OC_PRO, licensedUsersCount: 120 };
const CUSTOMER_PATH = `/api/v3/customer/${GUID}$`;
const TENANT_PATH = "/tenants/foo/licenses/$";

/** Writes of either system, as one run sends them and a later one sees them. */
interface Side {
  readonly name: string;
  start(): Promise<World>;
  up(world: World, licenses: number, state?: Properties, more?: Properties): Promise<Properties>;
  held(world: World): Promise<unknown>;
  applied(state: Properties): unknown;
  lifecycle(world: World): ReturnType<World["customers"]>;
  /** What a destroy under the policy leaves. */
  readonly removed: { readonly policy: string; readonly leaves: unknown };
}

const SIDES: readonly Side[] = [
  {
    name: "a customer",
    start: () => startWithCustomer(CUSTOMER),
    up: (world, licensedUsersCount, state, more = {}) =>
      upCustomer(world, { ...PRO, licensedUsersCount, ...more }, state),
    held: async (world) => (await world.customer(GUID))["licensedUsersCount"],
    applied: (state) => state["licensedUsersCount"],
    lifecycle: (world) => world.customers(),
    removed: { policy: "downgrade", leaves: 500 },
  },
  {
    name: "a tenant",
    start: () => startWithTenant({ groupServices: { "Call Park": 120 } }),
    up: (world, licenses, state, more = {}) =>
      upTenant(world, { groupServices: { "Call Park": licenses }, ...more }, state),
    held: async (world) => (await world.tenant("foo"))["groupServices"]?.["Call Park"],
    applied: (state) => (state["groupServices"] as Properties)["Call Park"],
    lifecycle: (world) => world.tenants(),
    removed: { policy: "unlicense", leaves: 0 },
  },
];

for (const side of SIDES) {
  describe(`a write to ${side.name} that shows late`, () => {
    let world: World;
    afterEach(() => world.close());

    /** 120 → 500 was accepted, and has not shown within verifyTimeout. */
    const unseen = async (more: Properties = {}): Promise<{ before: Properties; state: Properties }> => {
      world = await side.start();
      await world.admin.settings({ visibleAfterMs: 40_000 });
      const before = asState(await side.up(world, 120, undefined, more));
      const state = asState(await partial(side.up(world, 500, before, more), /still reads 120|not visible yet/));
      assert.deepEqual([state["unverified"], side.applied(state)], [true, 120]);
      assert.equal((state["sent"] as Properties)["version"], 1);
      // What is sent from now on shows at once.
      await world.admin.settings({ visibleAfterMs: 0 });
      return { before, state };
    };
    const read = async (state: Properties): Promise<Properties> => {
      const reading = await side.lifecycle(world).read(state, world.run());
      assert.ok(reading);
      return asState(reading.outputs);
    };

    it("is looked for once more when the program goes back, and then put back", async () => {
      const { state } = await unseen();
      const done = await side.up(world, 120, state);
      assert.equal(await side.held(world), 120);
      assert.deepEqual([side.applied(done), done["unverified"], done["sent"]], [120, undefined, undefined]);
    });

    it("counts as undone when it has not shown in a second run", async () => {
      const { state } = await unseen();
      await world.admin.reset();
      const start = world.clock.now();
      const done = await side.up(world, 120, state);
      assert.deepEqual([done["unverified"], done["sent"]], [undefined, undefined]);
      assert.ok(world.clock.now() - start >= 30_000);
    });

    it("is not sent a second time when it shows by itself", async () => {
      const { state } = await unseen();
      world.clock.advance(60_000);
      await world.admin.forgetRequests();
      const done = await side.up(world, 500, state);
      assert.equal(done["unverified"], undefined);
      assert.deepEqual(
        (await world.journal()).filter(({ method }) => method !== "GET"),
        [],
      );
    });

    it("stays unverified through a refresh that does not show it, and is done with by one that does", async () => {
      const { state } = await unseen();
      const refreshed = await read(state);
      assert.deepEqual([refreshed["unverified"], side.applied(refreshed)], [true, 120]);
      const lifecycle = side.lifecycle(world);
      assert.equal(lifecycle.compare(refreshed, inputsOf(lifecycle, 120)).changes, "remote");
      world.clock.advance(60_000);
      const shown = await read(refreshed);
      assert.deepEqual([shown["unverified"], shown["sent"], side.applied(shown)], [undefined, undefined, 500]);
    });

    it("is forgotten by a refresh long after it was sent", async () => {
      const { state } = await unseen();
      await world.admin.reset();
      world.clock.advance(11 * 60_000);
      const refreshed = await read(state);
      assert.deepEqual([refreshed["unverified"], side.applied(refreshed)], [undefined, 120]);
    });

    it("is waited for by a destroy before it removes anything", async () => {
      const { state } = await unseen({ onDestroy: side.removed.policy });
      await side.lifecycle(world).remove(state, world.run());
      world.clock.advance(60_000);
      assert.equal(await side.held(world), side.removed.leaves);
    });

    it("is known to state of 0.2 by no more than that there is one: it is looked for as long", async () => {
      const { state } = await unseen();
      const old = { ...state, sent: undefined };
      const start = world.clock.now();
      const done = await side.up(world, 120, old);
      assert.equal(done["unverified"], undefined);
      assert.equal(await side.held(world), 120);
      assert.ok(world.clock.now() - start < 45_000);
    });

    const inputsOf = (lifecycle: ReturnType<Side["lifecycle"]>, licenses: number): Properties =>
      checked(
        lifecycle,
        side.name === "a customer"
          ? { customerGuid: GUID, ...PRO, licensedUsersCount: licenses }
          : { tenantId: "foo", groupServices: { "Call Park": licenses } },
      );
  });
}

describe("a write that waits before it leaves", () => {
  let world: World;
  afterEach(() => world.close());

  it("is planned again after a pause: the customer's new name stays, and the count does not go below the use", async () => {
    world = await startWithCustomer({ ...OC_PRO, activeUserCount: 35 });
    await world.admin.faults({
      method: "PATCH",
      path: CUSTOMER_PATH,
      fault: { kind: "status", status: 503, retryAfter: 25 },
    });
    world.clock.in(10_000, () => world.admin.patchCustomer(GUID, { fullName: "Contoso Holding", activeUserCount: 49 }));
    await assert.rejects(
      upCustomer(world, { licenseType: "OcPro", licensedUsersCount: 40 }),
      /licensedUsersCount: 40 is below the 49/,
    );
    assert.equal((await world.bodies("PATCH")).length, 1);
    const done = await upCustomer(world, { licenseType: "OcPro", licensedUsersCount: 60 });
    assert.equal(done["customerFullName"], "Contoso Holding");
  });

  it("carries the customer's new name after a pause", async () => {
    world = await startWithCustomer(OC_PRO);
    await world.admin.faults({
      method: "PATCH",
      path: CUSTOMER_PATH,
      fault: { kind: "status", status: 429, retryAfter: 25 },
    });
    world.clock.in(10_000, () => world.admin.patchCustomer(GUID, { fullName: "Contoso Holding" }));
    await upCustomer(world, { licenseType: "OcPro", licensedUsersCount: 60 });
    assert.match((await world.bodies("PATCH"))[1] ?? "", /"customerFullName":"Contoso Holding"/);
    assert.equal((await world.customer(GUID))["fullName"], "Contoso Holding");
  });

  it("is planned again at a tenant: what is as declared meanwhile is not sent, and nothing goes below its use", async () => {
    world = await startWithTenant();
    await world.admin.faults({
      method: "PUT",
      path: TENANT_PATH,
      fault: { kind: "status", status: 503, retryAfter: 25 },
    });
    world.clock.in(10_000, () =>
      world.admin.patchTenant("foo", { groupServices: { "Hunt Group": 8, "Call Pickup": { currentlyAllocated: 3 } } }),
    );
    await assert.rejects(
      upTenant(world, { groupServices: { "Hunt Group": 8, "Call Pickup": 2 } }),
      /Call Pickup: 2 is below the 3 allocated now/,
    );
    assert.equal((await world.bodies("PUT")).length, 1);
  });

  it("is not sent any more once its engine is gone, whatever it waits for", async () => {
    world = await startWithCustomer(OC_PRO);
    await world.admin.faults({
      method: "PATCH",
      path: CUSTOMER_PATH,
      fault: { kind: "status", status: 429, retryAfter: 3 },
    });
    const run = world.run();
    let isGone = false;
    run.assertWanted = () => (isGone ? Promise.reject(new Error("The engine is gone.")) : Promise.resolve());
    world.clock.in(2000, () => {
      isGone = true;
    });
    await assert.rejects(
      upCustomer(world, { licenseType: "OcPro", licensedUsersCount: 60 }, undefined, run),
      /^Error: The engine is gone\.$/,
    );
    assert.equal((await world.bodies("PATCH")).length, 1);
    assert.equal((await world.customer(GUID))["licensedUsersCount"], 50);
  });

  it("ends when it was planned again as often as it may be tried", async () => {
    world = await startWithTenant({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "2" });
    await world.admin.faults({
      method: "PUT",
      path: TENANT_PATH,
      count: -1,
      fault: { kind: "status", status: 429, retryAfter: 20 },
    });
    await assert.rejects(
      upTenant(world, { groupServices: { "Hunt Group": 8 } }),
      /answered 429|planned again and again/,
    );
    assert.ok((await world.bodies("PUT")).length <= 4);
  });
});

describe("an upgrade of an earlier run", () => {
  let world: World;
  afterEach(() => world.close());

  /** State of a run whose upgrade runs at the platform although its answer was lost, sent so long ago by its clock. */
  const lost = async (ageMs: number, taskDuration: string): Promise<Properties> => {
    world = await startWithCustomer(OC_ESSENTIAL, { taskDuration });
    await world.admin.faults({ method: "POST", path: "/action/upgrade$", fault: { kind: "dropAfter" } });
    const state = asState(
      await partial(
        upCustomer(world, { licenseType: "OcPro", licensedUsersCount: 50, ...REGISTRATION, taskTimeout: "10s" }),
        /No trace of the upgrade/,
      ),
    );
    const sentAt = new Date(world.clock.now() - ageMs).toISOString();
    await world.admin.forgetRequests();
    return { ...state, pendingTask: { ...(state["pendingTask"] as Properties), sentAt } };
  };
  const posts = async (): Promise<number> => (await world.bodies("POST")).length;

  for (const [what, ageMs] of [
    ["a day ahead", -24 * 3_600_000],
    ["11 minutes behind", 11 * 60_000],
  ] as const) {
    it(`is looked for before it is asked for again, where the clock that sent it is ${what}`, async () => {
      const state = await lost(ageMs, "5m");
      await upCustomer(world, { licenseType: "OcPro", licensedUsersCount: 50, ...REGISTRATION }, state);
      assert.equal(await posts(), 0);
    });
  }

  it("is looked for no longer than the grace, however far ahead the clock was that sent it", async () => {
    const state = await lost(-24 * 3_600_000, "1h");
    const start = world.clock.now();
    await upCustomer(world, { licenseType: "OcPro", licensedUsersCount: 50, ...REGISTRATION }, state).catch(
      () => undefined,
    );
    assert.equal(await posts(), 1);
    assert.ok(world.clock.now() - start < 75 * 60_000);
  });

  it("whose task the platform does not know yet goes on once it does, and is not asked for again", async () => {
    world = await startWithCustomer(OC_ESSENTIAL, { taskDuration: "60s" });
    await world.admin.faults({
      method: "GET",
      path: "/task/",
      count: 4,
      fault: { kind: "status", status: 404, body: { title: "Not found", status: 404 } },
    });
    const done = await upCustomer(world, { licenseType: "OcPro", licensedUsersCount: 50, ...REGISTRATION });
    assert.equal(done["licenseType"], "OcPro");
    assert.equal(await posts(), 1);
  });

  it("of a customer that is gone is no reason to keep it in the stack", async () => {
    const state = await lost(0, "5m");
    await world.addCustomer({ ...OC_PRO, guid: GUID.replace("d", "e") });
    await world.admin.deleteCustomer(GUID);
    await world.customers().remove({ ...state, onDestroy: "downgrade" }, world.run());
    const task = { ...(state["pendingTask"] as Properties), id: "tsk_1" };
    await world.customers().remove({ ...state, pendingTask: task, onDestroy: "downgrade" }, world.run());
    assert.equal(await world.customers().read(state, world.run()), undefined);
  });
});

describe("a move without an App Registration", () => {
  let world: World;
  afterEach(() => world.close());
  const inputs = { licenseType: "OcEssentialPlus", licensedUsersCount: 50 };

  it("is announced as such by preview", async () => {
    world = await startWithCustomer(OC_PRO);
    const lifecycle = world.customers();
    const preview = async (more: Properties): Promise<readonly string[]> =>
      (await lifecycle.preview(checked(lifecycle, { customerGuid: GUID, ...inputs, ...more }), undefined, world.run()))
        .lines;
    assert.deepEqual(await preview({}), [
      "PATCH OC Pro → OC Essential Plus",
      "no App Registration is sent with it: none is declared",
    ]);
    assert.deepEqual(await preview(REGISTRATION), ["PATCH OC Pro → OC Essential Plus"]);
    assert.deepEqual(await preview({ licenseType: "OcPro", licensedUsersCount: 60 }), ["PATCH users 50 → 60"]);
  });

  it("that makes the platform drop the one that was there is reported", async () => {
    world = await startWithCustomer(OC_PRO, { patchWithoutRegistration: "clear" });
    const run = world.run();
    await upCustomer(world, inputs, undefined, run);
    assert.match(
      run.warned.join(),
      /no longer holds App Registration 0fdc8122-.*Declare applicationClientId and applicationClientSecret/,
    );
  });

  it("that the platform refuses fails with its words, and nothing is left", async () => {
    world = await startWithCustomer(OC_PRO, { patchWithoutRegistration: "refuse" });
    await assert.rejects(
      upCustomer(world, inputs),
      /answered 400: The App Registration credentials could not be validated/,
    );
  });
});
