import assert from "node:assert/strict";
import fc from "fast-check";
import { isNightly } from "../support/extent";
import { type Declared, Stack } from "./support/engine-model";
import { complaints } from "./support/invariants";
import { BOTH_EDGES, describeOn } from "./support/on-edges";
import { anyOrder } from "./support/order";
import { GUIDS, mustUp } from "./support/scenarios";
import { type Holdings, World } from "./support/world";

/** A native plugin has a gRPC server for each phase of a run. */
const RUNS = isNightly ? { dynamic: 500, native: 200 } : { dynamic: 15, native: 5 };

const CUSTOMERS = ["fabrikam", "northwind", "adatum"] as const;
const SERVICES = [
  ["foo", "Call Park"],
  ["foo", "Hunt Group"],
  ["bar", "Call Park"],
] as const;

const SEED = {
  livePlatform: {
    customers: CUSTOMERS.map((name) => ({
      guid: GUIDS[name],
      shortName: name,
      fullName: name,
      licenseType: 2,
      licensedUsersCount: 5,
      activeUserCount: 0,
    })),
  },
  gateway: {
    tenants: Object.fromEntries(
      ["foo", "bar"].map((id) => [id, { groupServices: { "Call Park": 0, "Hunt Group": 0 }, userServices: {} }]),
    ),
  },
};
const TOUCHES = [
  ...CUSTOMERS.map((name) => `customer ${GUIDS[name]}`),
  ...SERVICES.map(([tenantId, name]) => `tenant ${tenantId} groupServices ${name}`),
];

const count = fc.integer({ min: 1, max: 9 });
/** A count for each customer, and for each service one of two resources of its tenant that declares so many of it; or nothing. */
const anyProgram = fc.record({
  customers: fc.tuple(...CUSTOMERS.map(() => fc.option(count))),
  services: fc.tuple(
    ...SERVICES.map(() => fc.option(fc.record({ by: fc.constantFrom("one", "two"), maximum: count }))),
  ),
});
/** How many reductions the run may make. */
const anyLimit = fc.constantFrom(Infinity, Infinity, 1, 2, 4);
type Program = typeof anyProgram extends fc.Arbitrary<infer T> ? T : never;

function toProgram({ customers, services }: Program): Declared[] {
  const tenants = new Map<string, { tenantId: string; groupServices: Record<string, number> }>();
  for (const [index, [tenantId, name]] of SERVICES.entries()) {
    const service = services[index];
    if (service !== null && service !== undefined) {
      const resource = `${tenantId} ${service.by}`;
      const groupServices = { ...tenants.get(resource)?.groupServices, [name]: service.maximum };
      tenants.set(resource, { tenantId, groupServices });
    }
  }
  return [
    ...CUSTOMERS.flatMap((name, index): Declared[] => {
      const inputs = { customerGuid: GUIDS[name], licenseType: "HostedPro", licensedUsersCount: customers[index] };
      return typeof customers[index] === "number" ? [{ name, type: "customer", inputs }] : [];
    }),
    ...[...tenants].map(([name, inputs]): Declared => {
      const policies = { onServiceRemoved: "unlicense", onDestroy: "unlicense" };
      return { name, type: "tenant", inputs: { ...inputs, ...policies } };
    }),
  ];
}

/** How many there are of each licence, in the order of {@link TOUCHES}. */
function countsIn({ customers, tenants }: Holdings): number[] {
  return [
    ...CUSTOMERS.map((name) => customers[GUIDS[name]]?.["licensedUsersCount"]),
    ...SERVICES.map(([tenantId, name]) => tenants[tenantId]?.["groupServices"]?.[name]),
  ].map(Number);
}

/** What is to be there at last: what is declared; a customer stays, and a service that nobody declares any more is gone. */
function expectedAfter(counts: readonly number[], { customers, services }: Program): number[] {
  return [
    ...customers.map((declared, index) => declared ?? counts[index] ?? NaN),
    ...services.map((declared) => declared?.maximum ?? 0),
  ];
}

/** Which counts became less, by their places. */
function lowered(before: readonly number[], after: readonly number[]): number[] {
  return [...before.keys()].filter((place) => (after[place] ?? NaN) < (before[place] ?? NaN));
}

describeOn(BOTH_EDGES, "order of writes: customers and tenants of a program at once", function (edge) {
  this.timeout(3_600_000);
  let world: World;
  before(async () => {
    world = await World.start(SEED, edge);
  });
  after(() => world.close());

  it("in whatever order answers come, each write is sent once, the brake holds, and what is declared is there", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyOrder,
        anyProgram,
        anyProgram,
        anyLimit,
        fc.boolean(),
        async (order, first, second, limit, isPreviewed) => {
          world.reset();
          const seed = world.holdings();
          const stack = new Stack(world, { parallel: true });
          await mustUp(stack, toProgram(first));
          const before = countsIn(world.holdings());
          const expected = expectedAfter(before, second);
          world.writes = [];

          world.settings = limit === Infinity ? {} : { VOICE_LICENSES_MAX_REDUCTIONS: String(limit) };
          world.order = order;
          const program = toProgram(second);
          const { errors } = await order.untilOverConnections(isPreviewed ? stack.up(program) : stack.update(program));
          world.order = undefined;
          world.settings = {};

          const reached = countsIn(world.holdings());
          if (lowered(before, expected).length <= limit) {
            assert.deepEqual(errors, []);
            assert.deepEqual(reached, expected);
          } else {
            assert.ok(
              errors.length > 0 && errors.every((error) => error.includes("refused by voice-licenses:maxReductions")),
            );
            assert.ok(lowered(before, reached).length <= limit, `${reached.join()} of ${before.join()}`);
          }
          const sent = world.writes.map(({ entry, body }) => `${entry.method} ${entry.path} ${body}`);
          assert.deepEqual(sent, [...new Set(sent)]);

          await mustUp(stack, program);
          assert.deepEqual(countsIn(world.holdings()), expected);
          assert.deepEqual(complaints(world, seed, TOUCHES, [], stack.state), []);
        },
      ),
      { numRuns: RUNS[edge] },
    );
  });
});
