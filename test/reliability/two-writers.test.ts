import assert from "node:assert/strict";
import { type Declared, Stack } from "./support/engine-model";
import { complaints } from "./support/invariants";
import { BOTH_EDGES, describeOn } from "./support/on-edges";
import { GUIDS, mustUp, SEED } from "./support/scenarios";
import { World, type Write } from "./support/world";

const SECRET = "s3cret~Adatum-old";

function tenant(name: string, groupServices: object, more: object = {}): Declared {
  return { name, type: "tenant", inputs: { tenantId: "foo", groupServices, ...more } };
}

function customer(name: string, more: object = {}): Declared {
  return {
    name,
    type: "customer",
    inputs: { customerGuid: GUIDS.adatum, licenseType: "OcPro", licensedUsersCount: 60, ...more },
  };
}

describeOn(BOTH_EDGES, "two writers", (edge) => {
  let world: World;
  before(async () => {
    world = await World.start(SEED, edge);
  });
  beforeEach(() => {
    world.reset();
  });
  after(() => world.close());

  const groupServices = (): Readonly<Record<string, unknown>> =>
    world.holdings().tenants["foo"]?.["groupServices"] ?? {};
  const puts = (): number => world.journal().filter(({ method }) => method === "PUT").length;
  const untouched = (stack: Stack, touches: readonly string[], before = world.holdings()): void => {
    assert.deepEqual(complaints(world, before, touches, [SECRET], stack.state), []);
  };

  it("two stacks on one tenant never disturb each other's services", async () => {
    const one = new Stack(world);
    const two = new Stack(world);
    const first = tenant("foo", { "Call Park": 4 }, { onServiceRemoved: "unlicense", onDestroy: "unlicense" });
    const second = tenant("foo", { "Hunt Group": 7 }, { onServiceRemoved: "restore", onDestroy: "restore" });
    const ends = await Promise.all([one.up([first]), two.up([second])]);
    assert.deepEqual(ends.map(({ errors }) => errors).flat(), []);
    assert.deepEqual({ park: groupServices()["Call Park"], hunt: groupServices()["Hunt Group"] }, { park: 4, hunt: 7 });
    await mustUp(one, [tenant("foo", { "Call Park": 6 })]);
    assert.equal(groupServices()["Hunt Group"], 7);
    assert.deepEqual((await two.destroy()).errors, []);
    assert.deepEqual({ park: groupServices()["Call Park"], hunt: groupServices()["Hunt Group"] }, { park: 6, hunt: 3 });
    for (const { body } of world.writes) {
      assert.ok(!(body.includes("Hunt Group") && body.includes("Call Park")), body);
    }
  });

  it("the same service, or customer, in two resources is refused in preview, and nothing is written", async () => {
    for (const program of [
      [tenant("a", { "Call Park": 4 }), tenant("b", { "Hunt Group": 7, "Call Park": 4 })],
      [customer("a"), customer("b", { customerGuid: GUIDS.adatum.toUpperCase() })],
    ]) {
      for (const parallel of [false, true]) {
        const stack = new Stack(world, { parallel });
        const { ok, errors } = await stack.up(program);
        assert.ok(!ok);
        assert.match(errors.join("\n"), /is declared by (?:(?:customer|tenant)::)?a too: keep one of the two/);
        assert.deepEqual(world.writes, []);
      }
    }
  });

  it("PUTs to one tenant are never in flight together in one process", async () => {
    world.simulation.settings.latencyMs = 15;
    const stack = new Stack(world, { parallel: true });
    const names = ["Call Park", "Hunt Group", "Call Pickup", "Account/Authorization Codes"];
    const program = (value: number): Declared[] => [
      ...names.map((service, index) => tenant(`r${index}`, { [service]: value })),
      { name: "bar", type: "tenant", inputs: { tenantId: "bar", groupServices: { "Call Park": value } } },
    ];
    await mustUp(stack, program(8));
    await mustUp(stack, program(9));
    assert.equal(puts(), 10);
    assert.deepEqual(
      world.journal().filter(({ inFlightSameTenant }) => (inFlightSameTenant ?? 0) > 0),
      [],
    );
    for (const name of names) {
      assert.equal(groupServices()[name], 9);
    }
  });

  /** Moves Call Park from one resource to another; gives the writes that this took. */
  async function move(
    stack: Stack,
    policies: object,
    sorted: (program: Declared[]) => Declared[] = (program) => program,
  ): Promise<Write[]> {
    await mustUp(
      stack,
      sorted([
        tenant("giver", { "Call Park": 4, "Hunt Group": 7 }, policies),
        tenant("taker", { "Call Pickup": 5 }, policies),
      ]),
    );
    world.writes = [];
    await mustUp(
      stack,
      sorted([
        tenant("giver", { "Hunt Group": 7 }, policies),
        tenant("taker", { "Call Pickup": 5, "Call Park": 4 }, policies),
      ]),
    );
    assert.equal(groupServices()["Call Park"], 4);
    return world.writes;
  }

  for (const policy of ["unlicense", "restore"] as const) {
    const policies = { onServiceRemoved: policy, onDestroy: policy };
    const services = { "Call Park": 4, "Hunt Group": 7 };

    it(`a rename switches nothing off (${policy})`, async () => {
      const stack = new Stack(world);
      await mustUp(stack, [tenant("old", services, policies)]);
      const sent = puts();
      await mustUp(stack, [tenant("new", services, policies)]);
      assert.equal(puts(), sent);
      assert.equal(groupServices()["Call Park"], 4);
      assert.deepEqual(
        stack.state.map(({ name }) => name),
        ["new"],
      );
    });

    it(`a forced replacement switches nothing off (${policy})`, async () => {
      const stack = new Stack(world);
      const program = [tenant("foo", services, policies)];
      await mustUp(stack, program);
      const sent = puts();
      stack.toReplace.add("foo");
      await mustUp(stack, program);
      assert.equal(puts(), sent);
      assert.deepEqual({ ...groupServices(), ...services }, groupServices());
      assert.equal(stack.state.length, 1);
    });

    for (const [order, sorted] of [
      ["the giver first", (program: Declared[]) => program],
      ["the taker first", (program: Declared[]) => [...program].reverse()],
    ] as const) {
      for (const parallel of [false, true]) {
        if (edge === "native" && order === "the giver first" && !parallel) {
          continue;
        }
        it(`a service that moves to another resource is not switched off (${policy}, ${order}${parallel ? ", at once" : ""})`, async () => {
          const stack = new Stack(world, { parallel });
          assert.deepEqual(await move(stack, policies, sorted), []);
          // The giver itself goes: what it still has goes with it, what it gave away does not.
          await mustUp(stack, [tenant("taker", { "Call Pickup": 5, "Call Park": 4, "Hunt Group": 7 }, policies)]);
          assert.deepEqual({ ...groupServices(), ...services }, groupServices());
        });
      }
    }

    if (edge === "native") {
      // The engine checks a resource only when those that it depends on are done.
      it(`a service that moves to a resource that depends on the giver is off in between (${policy}), unless the giver retains it`, async () => {
        const sent = await move(new Stack(world), policies);
        const off = '"Call Park","allocated":{"unlimited":false,"maximum":0}';
        const on = '"Call Park","allocated":{"unlimited":false,"maximum":4}';
        assert.deepEqual(
          sent.map(({ body }) => [body.includes(off), body.includes(on)]),
          [
            [true, false],
            [false, true],
          ],
        );
        world.reset();
        assert.deepEqual(await move(new Stack(world), { ...policies, onServiceRemoved: "retain" }), []);
      });
    }
  }

  it("a customer that is renamed or replaced is not downgraded; a change of case in its GUID is none", async () => {
    const stack = new Stack(world);
    await mustUp(stack, [customer("old", { onDestroy: "downgrade" })]);
    await mustUp(stack, [customer("new", { onDestroy: "downgrade" })]);
    stack.toReplace.add("new");
    await mustUp(stack, [customer("new", { onDestroy: "downgrade" })]);
    stack.toReplace.clear();
    world.disarm();
    await mustUp(stack, [customer("new", { onDestroy: "downgrade", customerGuid: GUIDS.adatum.toUpperCase() })]);
    assert.equal(world.requestCount, 0);
    assert.deepEqual(world.writes, []);
    assert.equal(world.holdings().customers[GUIDS.adatum]?.["licenseType"], 5);
    untouched(stack, []);
  });
});
