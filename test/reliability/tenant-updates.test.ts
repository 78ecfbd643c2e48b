import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { isNightly } from "../support/extent";
import { type Declared, Stack } from "./support/engine-model";
import { faultCases, type RequestKind } from "./support/faults";
import { complaints } from "./support/invariants";
import { BOTH_EDGES, BOTH_EDGES_NIGHTLY, describeOn } from "./support/on-edges";
import { mustUp, SEED } from "./support/scenarios";
import { type Disturbance, type Holdings, World } from "./support/world";

/** Of the cases of a change, each so many-th is tried in a sample. */
const ONE_OF = isNightly ? 1 : 5;
const LICENSES = "/tenants/foo/licenses/$";

const foo = (inputs: Readonly<Record<string, unknown>>): Declared => ({
  name: "foo",
  type: "tenant",
  inputs: { tenantId: "foo", ...inputs },
});

/** Two services of which none is in use, and one of which two are. */
const FIRST = { groupServices: { "Call Park": 0, "Call Pickup": 3 }, userServices: { "Speed Dial 8": "unlimited" } };
const PATHS = [
  "tenant foo groupServices Call Park",
  "tenant foo groupServices Call Pickup",
  "tenant foo userServices Speed Dial 8",
];

/** A change, and the program before it. */
interface Change {
  readonly name: string;
  readonly first: Declared;
  readonly then: Declared;
}

const CHANGES: readonly Change[] = [
  {
    name: "more and fewer licences",
    first: foo(FIRST),
    then: foo({ groupServices: { "Call Park": 4, "Call Pickup": "unlimited" }, userServices: { "Speed Dial 8": 2 } }),
  },
  {
    name: "services taken out and unlicensed",
    first: foo({ ...FIRST, onServiceRemoved: "unlicense" }),
    then: foo({ groupServices: { "Call Pickup": 5 }, onServiceRemoved: "unlicense" }),
  },
  {
    name: "services taken out and retained",
    first: foo(FIRST),
    then: foo({ groupServices: { "Call Park": 7 } }),
  },
];

interface Case {
  readonly name: string;
  /** Whether the process dies, so that it saves nothing. */
  readonly isCrash: boolean;
  readonly arm: (world: World) => void;
}

describeOn(BOTH_EDGES_NIGHTLY, "an update of a tenant whose effect was not seen", function (edge) {
  this.timeout(3_600_000);
  let world: World;
  let tried = 0;
  before(async () => {
    world = await World.start(SEED, edge);
  });
  after(async () => {
    await world.close();
    process.stdout.write(`      ${tried} cases of unseen updates tried\n`);
  });

  async function begin(program: readonly Declared[]): Promise<{ stack: Stack; before: Holdings }> {
    world.reset();
    const stack = new Stack(world);
    await mustUp(stack, program);
    world.simulation.journal.reset();
    world.writes = [];
    world.disarm();
    return { stack, before: world.holdings() };
  }

  /** What is wrong once everything should be settled: a run makes requests, or state holds a doubt. */
  async function unsettled(stack: Stack, program: readonly Declared[]): Promise<string[]> {
    world.disarm();
    const last = await stack.up(program);
    return [
      ...last.errors,
      ...(world.requestCount > 0 ? [`a run with nothing to do made ${world.requestCount} requests`] : []),
      ...stack.state.flatMap(({ name, outputs }) => (outputs["unverified"] === true ? [`${name} is unverified`] : [])),
    ];
  }

  function casesOf(requests: readonly RequestKind[]): Case[] {
    const faults = requests.flatMap((request, number) =>
      faultCases(world.elsewhere)
        .filter(({ appliesTo, name, fault }) => fault !== "refuse" && !name.includes("timed out") && appliesTo(request))
        .flatMap(({ name, fault }) =>
          ["", ", and nothing can be read any more"].map((more): Case => ({
            name: `request ${number} (${request.method}): ${name}${more}`,
            isCrash: false,
            arm: () => {
              world.fault(number, fault);
              if (more !== "") {
                world.fault(number, { kind: "dropBefore" }, -1);
              }
            },
          })),
        ),
    );
    const disturbances = requests.flatMap((_request, request) =>
      (["killBefore", "killAfter", "cancel"] as const).map((kind): Disturbance => ({ kind, request })),
    );
    return [
      ...faults,
      ...disturbances.map((disturbance): Case => ({
        name: JSON.stringify(disturbance),
        isCrash: disturbance.kind !== "cancel",
        arm: () => {
          world.disturb(disturbance);
        },
      })),
    ];
  }

  for (const [index, change] of CHANGES.entries()) {
    it(`is undone by the earlier program, whatever local settings changed in it: ${change.name}`, async () => {
      const golden = await begin([change.first]);
      await mustUp(golden.stack, [change.then]);
      const requests = world.journal().map(({ api, method }) => ({ api, method }));
      const program = [{ ...change.first, inputs: { ...change.first.inputs, onDestroy: "restore" } }];
      const failed: string[] = [];
      for (const [number, one] of casesOf(requests).entries()) {
        if (number % ONE_OF !== index % ONE_OF) {
          continue;
        }
        tried += 1;
        const { stack, before } = await begin([change.first]);
        one.arm(world);
        await stack.up([change.then]);
        world.disarm();
        world.advance(3_700_000);
        if (one.isCrash) {
          // What a killed process did lies in no state: only a refresh shows it.
          await stack.refresh();
        }
        const back = await stack.up(program);
        const wrong = [
          ...back.errors,
          ...(isDeepStrictEqual(world.holdings(), before)
            ? []
            : [`the gateway holds something else: ${JSON.stringify(world.holdings().tenants["foo"])}`]),
          ...(await unsettled(stack, program)),
          ...complaints(world, before, PATHS, [], stack.state, one.isCrash),
        ];
        if (wrong.length > 0) {
          failed.push(`${one.name}:\n    ${wrong.join("\n    ")}`);
        }
      }
      assert.equal(failed.length, 0, `${failed.length} cases failed:\n${failed.join("\n")}`);
    });
  }

  /** What a GET of `foo` answers now, for a fault that goes on answering it. */
  function listed(): Record<string, unknown> {
    const kinds = Object.entries(world.holdings().tenants["foo"] ?? {}).map(([kind, services]) => [
      kind,
      Object.entries(services).map(([name, held]) => ({
        name,
        allocated: held === "unlimited" ? { unlimited: true } : { unlimited: false, maximum: held },
      })),
    ]);
    return Object.fromEntries(kinds) as Record<string, unknown>;
  }

  for (const { name, first, then } of CHANGES) {
    for (const reads of [1, 4, 9, 14]) {
      it(`is waited for where reads lag behind, and done once: ${name}, ${reads} reads late`, async () => {
        tried += 1;
        const { stack, before } = await begin([first]);
        // In preview and before the PUT, the tenant is read once each.
        world.simulation.faults.add({
          method: "GET",
          path: LICENSES,
          skip: 2,
          count: reads,
          fault: { kind: "status", status: 200, body: listed() },
        });
        const outcome = await stack.up([then]);
        assert.equal(outcome.ok, reads < 10, outcome.errors.join());
        if (!outcome.ok) {
          assert.match(outcome.errors.join(), /after 30 s it still reads/);
          assert.equal(stack.state[0]?.outputs["unverified"], true);
          world.disarm();
          await mustUp(stack, [then]);
        }
        assert.equal(world.writes.length, 1);
        assert.deepEqual(await unsettled(stack, [then]), []);
        assert.deepEqual(complaints(world, before, PATHS, [], stack.state), []);
      });
    }
  }

  const answers: readonly (readonly [string, number, unknown])[] = [
    ["Updated", 200, "Updated"],
    ["OK", 200, "OK"],
    ["a word that nobody knows", 207, "Zaktualizowano"],
    ["failures", 400, "failed"],
    ["an object", 200, { code: 0 }],
    ["nothing", 200, undefined],
  ];
  for (const [title, status, word] of answers) {
    it(`is judged by what reads back, and not by the gateway's words: ${title}`, async () => {
      tried += 1;
      for (const { first, then } of CHANGES) {
        const { stack } = await begin([first]);
        const rows = (kind: string): unknown[] =>
          Object.keys(world.holdings().tenants["foo"]?.[kind] ?? {}).map((service) => ({
            name: service,
            status: word,
          }));
        world.simulation.faults.add({
          method: "PUT",
          path: LICENSES,
          skip: 0,
          count: 1,
          fault: {
            kind: "statusAfter",
            status,
            body: { groupServices: rows("groupServices"), userServices: rows("userServices") },
          },
        });
        await mustUp(stack, [then]);
        assert.equal(world.writes.length, 1);
        assert.deepEqual(await unsettled(stack, [then]), []);
      }
    });
  }
});

describeOn(BOTH_EDGES, "a tenant's resource that is taken out of the program and put back", function (edge) {
  this.timeout(600_000);
  let world: World;
  before(async () => {
    world = await World.start(SEED, edge);
  });
  after(() => world.close());

  const services = { groupServices: { "Call Park": 2, "Call Pickup": 3 }, userServices: { "Speed Dial 8": 9 } };

  for (const onDestroy of ["unlicense", "restore"] as const) {
    it(`is as it was where one of its services is in use, so that its removal was refused (${onDestroy})`, async () => {
      world.reset();
      const stack = new Stack(world);
      const program = [foo({ ...services, onDestroy })];
      await mustUp(stack, program);
      Object.assign(world.simulation.gateway.tenant("foo")?.groupServices.get("Call Park") ?? {}, {
        currentlyAllocated: 1,
      });
      const before = world.holdings();
      world.writes = [];
      const gone = await stack.up([]);
      assert.match(gone.errors.join(), /foo stays in the stack: \d of its services (?:is|are) still in use\n/);
      assert.deepEqual(world.writes, [], "nothing is written unless all of it can be done");
      world.disarm();
      const back = await stack.up(program);
      assert.deepEqual(back.errors, []);
      assert.equal(world.requestCount, 0, "state was right all the time");
      assert.deepEqual(world.holdings(), before);
    });
  }

  it("is as declared again after a refresh where the gateway did only a part of the removal, which the error says", async () => {
    world.reset();
    const stack = new Stack(world);
    const program = [
      foo({ groupServices: { "Call Park": 2 }, userServices: { "Speed Dial 8": 9 }, onDestroy: "restore" }),
    ];
    await mustUp(stack, program);
    const before = world.holdings();
    Object.assign(world.simulation.gateway.tenant("foo")?.groupServices.get("Call Park") ?? {}, {
      failOnUpdate: "Busy",
    });
    const gone = await stack.up([]);
    assert.match(gone.errors.join(), /1 of its services was not removed\. State still shows .*`pulumi up --refresh`/);
    assert.notDeepEqual(world.holdings(), before);
    assert.deepEqual((await stack.refresh()).errors, []);
    await mustUp(stack, program);
    assert.deepEqual(world.holdings(), before);
  });

  it("is told apart from one that was let go: a service in use that is taken out stays in state, the others are gone", async () => {
    world.reset();
    const stack = new Stack(world);
    const policy = { onServiceRemoved: "unlicense" };
    await mustUp(stack, [foo({ ...services, ...policy })]);
    const fewer = [foo({ groupServices: { "Call Park": 2 }, ...policy })];
    const refused = await stack.update(fewer);
    assert.match(refused.errors.join(), /removing Call Pickup would unlicense 2 in use/);
    assert.deepEqual(stack.state[0]?.outputs["groupServices"], { "Call Park": 2, "Call Pickup": 3 });
    assert.equal(stack.state[0].outputs["userServices"], undefined);
    assert.equal(world.holdings().tenants["foo"]?.["userServices"]?.["Speed Dial 8"], 0);
    // Put back, it is all as it was.
    await mustUp(stack, [foo({ ...services, ...policy })]);
    assert.equal(world.holdings().tenants["foo"]?.["userServices"]?.["Speed Dial 8"], 9);
  });
});
