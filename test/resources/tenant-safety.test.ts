import assert from "node:assert/strict";
import { claimText } from "../../provider/resource/claim";
import type { Properties } from "../../provider/resource/properties";
import { claimOf } from "../../provider/tenant/allocation";
import { startWithTenant, up } from "./support/tenant";
import { partial, type World } from "./support/world";

const PATH = "/tenants/foo/licenses/$";

describe("what an update of a tenant takes away", () => {
  let world: World;
  afterEach(() => world.close());

  it("is counted by the brake before the PUT, declared or removed, and nothing that only rises", async () => {
    world = await startWithTenant();
    const policy = { onServiceRemoved: "unlicense" };
    const userServices = { "Anonymous Call Rejection": 10 };
    const state = await up(world, { groupServices: { "Hunt Group": 3 }, userServices, ...policy });
    const run = world.run();
    const inputs = { groupServices: { "Hunt Group": 2 }, ...policy };
    await up(world, inputs, state, run);
    assert.deepEqual(run.reductions, [
      [
        { property: "groupServices.Hunt Group", change: "3 → 2", units: 1 },
        { property: "userServices.Anonymous Call Rejection", change: "10 → 0", units: 10 },
      ],
    ]);
    const rise = world.run();
    await up(world, { groupServices: { "Hunt Group": 9 } }, undefined, rise);
    assert.deepEqual(rise.reductions, [[]]);
  });

  it("sends nothing where the brake stops it", async () => {
    world = await startWithTenant();
    const run = world.run();
    run.brake = () => {
      throw new Error("too much");
    };
    await assert.rejects(up(world, { groupServices: { "Hunt Group": 2 } }, undefined, run), /^Error: too much$/);
    assert.deepEqual(await world.bodies("PUT"), []);
  });
});

describe("a service that is taken out while another resource may declare it", () => {
  let world: World;
  afterEach(() => world.close());

  it("stays as it is and in state, with what it holds now, and is named", async () => {
    world = await startWithTenant();
    const policy = { onServiceRemoved: "unlicense" };
    const state = await up(world, { groupServices: { "Call Pickup": 3, "Hunt Group": 3 }, ...policy });
    const run = world.run();
    run.unknown.add(claimText(claimOf("foo", "groupServices", "Call Pickup")));
    const left = await partial(
      up(world, { groupServices: { "Hunt Group": 4 }, ...policy }, state, run),
      /1 service is not as declared[^]*groupServices\.Call Pickup: stays as it is, because another resource of the program may declare it/,
    );
    assert.deepEqual(left["groupServices"], { "Call Pickup": 3, "Hunt Group": 4 });
    assert.deepEqual(left["original"], { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
    const { groupServices } = await world.tenant("foo");
    assert.equal(groupServices?.["Call Pickup"], 3);
  });
});

describe("an update of a tenant that may have been done when it has to be planned again", () => {
  let world: World;
  afterEach(() => world.close());

  /** The first try has its effect and no answer; the second is turned away for longer than a plan stays fresh. */
  const lostThenHeld = async (): Promise<void> => {
    world = await startWithTenant({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "3" });
    await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "dropAfter" } });
    await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "status", status: 429, retryAfter: 20 } });
  };

  it("is found done by the look before the new plan, and sent once", async () => {
    await lostThenHeld();
    const run = world.run();
    const state = await up(world, { groupServices: { "Hunt Group": 5 } }, undefined, run);
    assert.deepEqual(state["groupServices"], { "Hunt Group": 5 });
    assert.equal(state["unverified"], undefined);
    assert.equal((await world.bodies("PUT")).length, 2);
    assert.ok(run.progressed.includes("planning again: the update waited for too long"));
  });

  it("is in state as not verified, where the new plan is refused", async () => {
    await lostThenHeld();
    world.clock.in(5000, () => {
      void world.admin.patchTenant("foo", { groupServices: { "Call Pickup": { maximum: 3, currentlyAllocated: 3 } } });
    });
    const inputs: Properties = { groupServices: { "Hunt Group": 5, "Call Pickup": 2 } };
    const left = await partial(up(world, inputs), /Call Pickup/);
    assert.equal(left["unverified"], true);
    assert.deepEqual((left["sent"] as Properties)["groupServices"], { "Call Pickup": 2, "Hunt Group": 5 });
  });
});
