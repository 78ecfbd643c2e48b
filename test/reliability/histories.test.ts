import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { StateEntry } from "./support/engine-model";
import { isNightly } from "../support/extent";
import { type Declared, type Outcome, Stack } from "./support/engine-model";
import { type FaultCase, faultCases } from "./support/faults";
import { complaints } from "./support/invariants";
import { BOTH_EDGES, describeOn } from "./support/on-edges";
import { APP_SECRETS, GUIDS, SEED } from "./support/scenarios";
import { type Disturbance, World } from "./support/world";

/** How many are tried: in a sample fewer of the native edge, which takes longer and shares all but the protocol. */
const HISTORIES = isNightly ? { dynamic: 1000, native: 1000 } : { dynamic: 60, native: 20 };

/** Services that a history may manage; of none is any in use, so that each may be switched off. */
const SERVICES = [
  ["groupServices", "Call Park"],
  ["groupServices", "Series Completion"],
  ["userServices", "Speed Dial 8"],
  ["userServices", "Anonymous Call Rejection"],
] as const;

const seed = {
  ...SEED,
  gateway: {
    ...SEED.gateway,
    tenants: {
      ...SEED.gateway.tenants,
      foo: {
        groupServices: { "Call Park": 0, "Series Completion": 2, "Hunt Group": { maximum: 3, currentlyAllocated: 1 } },
        userServices: { "Speed Dial 8": "unlimited", "Anonymous Call Rejection": 10 },
      },
    },
  },
};

interface CustomerSpec {
  readonly isPro: boolean;
  readonly count: number;
  readonly name: string | undefined;
  readonly onDestroy: "retain" | "downgrade" | undefined;
  readonly taskTimeout: "29m" | undefined;
}
interface ServiceSpec {
  readonly owner: "none" | "a" | "b";
  readonly value: number | "unlimited";
}
interface ProgramSpec {
  readonly contoso: CustomerSpec | undefined;
  readonly northwind: CustomerSpec | undefined;
  readonly isRenamed: boolean;
  readonly services: readonly ServiceSpec[];
  readonly onServiceRemoved: "retain" | "unlicense" | "restore" | undefined;
  readonly onDestroy: "retain" | "unlicense" | "restore" | undefined;
}
type Trouble =
  | { readonly kind: "fault"; readonly at: number; readonly which: number; readonly isOutage: boolean }
  | { readonly kind: "disturb"; readonly at: number; readonly which: Disturbance["kind"] }
  | undefined;
type Step =
  | { readonly do: "up"; readonly program: ProgramSpec; readonly trouble: Trouble }
  | { readonly do: "again" | "refresh" | "destroy"; readonly trouble: Trouble }
  | {
      readonly do: "editCustomer";
      readonly who: "contoso" | "northwind";
      readonly isPro: boolean;
      readonly count: number;
    }
  | { readonly do: "editService"; readonly which: number; readonly value: number | "unlimited" }
  /** From now on writes become visible so late. */
  | { readonly do: "lag"; readonly seconds: number }
  | { readonly do: "later"; readonly minutes: number };

const value = fc.oneof(fc.constant("unlimited" as const), fc.integer({ min: 0, max: 9 }));
const customerSpec = (least: number): fc.Arbitrary<CustomerSpec | undefined> =>
  fc.option(
    fc.record({
      isPro: fc.boolean(),
      count: fc.integer({ min: least, max: least + 3 }),
      name: fc.option(fc.constantFrom("One", "Two"), { nil: undefined }),
      onDestroy: fc.constantFrom(undefined, "retain" as const, "downgrade" as const),
      taskTimeout: fc.constantFrom(undefined, "29m" as const),
    }),
    { nil: undefined },
  );
const policy = fc.constantFrom(undefined, "retain" as const, "unlicense" as const, "restore" as const);
const programSpec: fc.Arbitrary<ProgramSpec> = fc.record({
  contoso: customerSpec(35),
  northwind: customerSpec(97),
  isRenamed: fc.boolean(),
  services: fc.array(fc.record({ owner: fc.constantFrom("none" as const, "a" as const, "b" as const), value }), {
    minLength: SERVICES.length,
    maxLength: SERVICES.length,
  }),
  onServiceRemoved: policy,
  onDestroy: policy,
});
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("fault" as const),
      at: fc.nat(20),
      which: fc.nat(40),
      isOutage: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("disturb" as const),
      at: fc.nat(20),
      which: fc.constantFrom("refuse", "killBefore", "killAfter", "killAsleep", "cancel", "cancelAsleep"),
    }),
  },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("up" as const), program: programSpec, trouble }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("again", "refresh", "destroy"), trouble }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("editCustomer" as const),
      who: fc.constantFrom("contoso" as const, "northwind" as const),
      isPro: fc.boolean(),
      count: fc.integer({ min: 97, max: 105 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("editService" as const), which: fc.nat(3), value }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lag" as const), seconds: fc.constantFrom(0, 10, 20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("later" as const), minutes: fc.constantFrom(1, 15, 120) }) },
);

function toProgram(spec: ProgramSpec): Declared[] {
  const customer = (name: "contoso" | "northwind", it: CustomerSpec | undefined): Declared[] =>
    it === undefined
      ? []
      : [
          {
            name: spec.isRenamed ? `${name}2` : name,
            type: "customer",
            inputs: {
              customerGuid: GUIDS[name],
              licenseType: name === "contoso" ? (it.isPro ? 5 : 4) : it.isPro ? 2 : 1,
              licensedUsersCount: it.count,
              ...(it.name === undefined ? {} : { customerFullName: it.name }),
              ...(it.onDestroy === undefined ? {} : { onDestroy: it.onDestroy }),
              ...(it.taskTimeout === undefined ? {} : { taskTimeout: it.taskTimeout }),
              ...(name === "contoso"
                ? {
                    applicationClientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
                    applicationClientSecret: APP_SECRETS[0],
                  }
                : {}),
            },
          },
        ];
  const tenant = (owner: "a" | "b"): Declared[] => {
    const own = SERVICES.flatMap(([kind, name], index) => {
      const service = spec.services[index];
      return service?.owner === owner ? [{ kind, name, value: service.value }] : [];
    });
    const kindOf = (wanted: string): Record<string, unknown> =>
      Object.fromEntries(own.filter(({ kind }) => kind === wanted).map(({ name, value: to }) => [name, to]));
    return own.length === 0
      ? []
      : [
          {
            name: owner,
            type: "tenant",
            inputs: {
              tenantId: "foo",
              groupServices: kindOf("groupServices"),
              userServices: kindOf("userServices"),
              ...(spec.onServiceRemoved === undefined ? {} : { onServiceRemoved: spec.onServiceRemoved }),
              ...(spec.onDestroy === undefined ? {} : { onDestroy: spec.onDestroy }),
            },
          },
        ];
  };
  return [
    ...customer("contoso", spec.contoso),
    ...tenant("a"),
    ...customer("northwind", spec.northwind),
    ...tenant("b"),
  ];
}

/** The model of the two systems: what is declared is there. */
function assertDeclared(world: World, program: readonly Declared[]): void {
  const { customers, tenants } = world.holdings();
  for (const { type, inputs } of program) {
    if (type === "customer") {
      const held = customers[String(inputs["customerGuid"])];
      const { licenseType, licensedUsersCount, customerFullName, applicationClientId, applicationClientSecret } =
        inputs;
      assert.deepEqual(
        { ...held },
        {
          licenseType,
          licensedUsersCount,
          fullName: customerFullName ?? held?.["fullName"],
          applicationClientId: applicationClientId ?? held?.["applicationClientId"],
          applicationClientSecret: applicationClientSecret ?? held?.["applicationClientSecret"],
        },
      );
    } else {
      for (const kind of ["groupServices", "userServices"] as const) {
        for (const [name, to] of Object.entries(inputs[kind] as object)) {
          assert.equal(tenants["foo"]?.[kind]?.[name], to, `${kind}.${name}`);
        }
      }
    }
  }
}

/** The model of a destroy: each policy in state, and nothing else. */
function afterDestroy(world: World, state: readonly StateEntry[]): unknown {
  const expected = structuredClone(world.holdings()) as ReturnType<World["holdings"]> & {
    customers: Record<string, Record<string, unknown>>;
    tenants: Record<string, Record<string, Record<string, unknown>>>;
  };
  for (const { type, outputs, id } of state) {
    const held = expected.customers[id];
    if (type === "customer" && outputs["onDestroy"] === "downgrade" && held !== undefined) {
      held["licenseType"] =
        new Map<unknown, number>([
          [5, 4],
          [2, 1],
        ]).get(held["licenseType"]) ?? held["licenseType"];
    }
    if (type === "tenant" && ["unlicense", "restore"].includes(String(outputs["onDestroy"]))) {
      for (const kind of ["groupServices", "userServices"] as const) {
        const original = (outputs["original"] as Record<string, Record<string, unknown>>)[kind] ?? {};
        for (const name of Object.keys((outputs[kind] as object | undefined) ?? {})) {
          const services = expected.tenants["foo"]?.[kind];
          if (services !== undefined) {
            services[name] = outputs["onDestroy"] === "unlicense" ? 0 : original[name];
          }
        }
      }
    }
  }
  return expected;
}

/**
 * Whether two resources in state hold the same service, as after a move from one to the other that was cut short: each has a policy
 * of its own for it, and which is obeyed last is a matter of order.
 */
function isContested(state: readonly StateEntry[]): boolean {
  const held = state
    .filter(({ type }) => type === "tenant")
    .flatMap(({ outputs }) =>
      (["groupServices", "userServices"] as const).flatMap((kind) =>
        Object.keys((outputs[kind] as object | undefined) ?? {}).map((name) => `${kind} ${name}`),
      ),
    );
  return new Set(held).size < held.length;
}

/**
 * Whether two resources in state hold the same customer, as after a rename that was cut short: the one that did not write does not know
 * what the other wrote, until it is refreshed.
 */
function holdsCustomerTwice(state: readonly StateEntry[]): boolean {
  const ids = state.filter(({ type }) => type === "customer").map(({ id }) => id);
  return new Set(ids).size < ids.length;
}

/**
 * An upgrade failed before its App Registration was sent, and the resource is taken away with a downgrade: state holds no secret
 * that was not sent, so that the platform (as simulated) refuses. The user has to run `up` first; the history ends here.
 */
class NeverSent extends Error {}

class History {
  private readonly stack: Stack;
  private program: readonly Declared[] = [];
  private hadTrouble = false;
  /** Whether reality may differ from state: somebody edited it, or a crash kept it from state. */
  private isStale = false;
  private readonly before;

  public constructor(
    private readonly world: World,
    private readonly faults: readonly FaultCase[],
  ) {
    world.reset();
    this.stack = new Stack(world);
    this.before = world.holdings();
  }

  public async play(steps: readonly Step[]): Promise<void> {
    try {
      for (const one of steps) {
        await this.take(one);
      }
      await this.finish();
    } catch (error) {
      if (!(error instanceof NeverSent)) {
        throw error;
      }
    }
  }

  private async take(one: Step): Promise<void> {
    const { livePlatform, gateway } = this.world.simulation;
    switch (one.do) {
      case "up":
        this.program = toProgram(one.program);
        await this.run("up", one.trouble, () => this.stack.up(this.program));
        return;
      case "again":
        await this.run("up", one.trouble, () => this.stack.up(this.program));
        return;
      case "refresh": {
        const writes = this.world.writes.length;
        const count = this.stack.state.length;
        const { ok } = await this.run("refresh", one.trouble, () => this.stack.refresh());
        assert.equal(this.world.writes.length, writes, "refresh wrote");
        assert.equal(this.stack.state.length, count, "refresh dropped a resource");
        this.isStale &&= !ok;
        return;
      }
      case "destroy":
        await this.run("destroy", one.trouble, () => this.stack.destroy());
        return;
      case "editCustomer": {
        const customer = livePlatform.customer(GUIDS[one.who]);
        if (customer !== undefined && customer.licenseType !== 3) {
          const licenseType = one.who === "contoso" ? (one.isPro ? 5 : 4) : one.isPro ? 2 : 1;
          livePlatform.editCustomer(customer, { licenseType, licensedUsersCount: one.count });
          this.isStale = true;
        }
        return;
      }
      case "editService": {
        const [kind, name] = SERVICES[one.which] ?? SERVICES[0];
        const unlimited = one.value === "unlimited";
        Object.assign(gateway.tenant("foo")?.[kind].get(name) ?? {}, {
          unlimited,
          maximum: unlimited ? null : one.value,
        });
        this.isStale = true;
        return;
      }
      case "lag":
        Object.assign(this.world.simulation.settings, { visibleAfterMs: one.seconds * 1000 });
        return;
      case "later":
        this.world.advance(one.minutes * 60_000);
    }
  }

  private async run(
    what: "up" | "refresh" | "destroy",
    trouble: Trouble,
    work: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const { world } = this;
    let isRetryAfter = false;
    if (trouble?.kind === "fault") {
      const fault = this.faults[trouble.which % this.faults.length];
      if (fault !== undefined && fault.fault !== "refuse") {
        isRetryAfter = fault.name.includes("Retry-After");
        world.fault(trouble.at, fault.fault, trouble.isOutage ? -1 : 1);
      }
    } else if (trouble !== undefined) {
      const { which, at } = trouble;
      world.disturb(
        which === "killAsleep" || which === "cancelAsleep" ? { kind: which, sleep: at } : { kind: which, request: at },
      );
    }
    const expected =
      what === "destroy" && trouble === undefined && !this.isStale && !isContested(this.stack.state)
        ? afterDestroy(world, this.stack.state)
        : undefined;
    let outcome = await work();
    if (trouble === undefined && outcome.errors.join().includes("and it may still come: nothing was downgraded")) {
      // A lost upgrade is looked for until its grace is over; that is what the message asks to wait for.
      world.advance(15 * 60_000);
      outcome = await work();
    }
    world.disarm();
    if (isRetryAfter) {
      world.advance(3_600_000);
    }
    // Neither a killed process nor a delete can leave a mark in state; the error of a delete says so.
    const isUnsaved = outcome.crashed || outcome.errors.join().includes("`pulumi up --refresh`");
    if (isUnsaved) {
      // Whoever goes on waits until writes have become visible.
      world.advance(world.simulation.settings.visibleAfterMs);
    }
    this.hadTrouble ||= trouble !== undefined;
    if (
      (this.hadTrouble || trouble !== undefined) &&
      outcome.errors.join().includes("App Registration credentials could not be validated")
    ) {
      throw new NeverSent();
    }
    if (trouble === undefined) {
      assert.deepEqual(outcome.errors, [], "without any trouble");
    }
    this.isStale ||= isUnsaved || holdsCustomerTwice(this.stack.state);
    if (what === "up" && outcome.ok && !this.isStale) {
      assertDeclared(world, this.program);
    }
    if (expected !== undefined) {
      assert.deepEqual(world.holdings(), expected, "destroy did something else than its policies say");
    }
    return outcome;
  }

  /** Whatever has happened: refresh, up, and all is as declared; once more, and nothing is sent. */
  private async finish(): Promise<void> {
    const { world, stack } = this;
    await this.run("refresh", undefined, () => stack.refresh());
    this.isStale = false;
    await this.run("up", undefined, () => stack.up(this.program));
    assertDeclared(world, this.program);
    world.disarm();
    assert.deepEqual((await stack.up(this.program)).errors, []);
    assert.equal(world.requestCount, 0, "a run with nothing to do made requests");
    const touches = [
      `customer ${GUIDS.contoso}`,
      `customer ${GUIDS.northwind}`,
      ...SERVICES.map(([kind, name]) => `tenant foo ${kind} ${name}`),
    ];
    assert.deepEqual(complaints(world, this.before, touches, APP_SECRETS, stack.state, this.hadTrouble), []);
    const expected = afterDestroy(world, stack.state);
    await this.run("destroy", undefined, () => stack.destroy());
    assert.ok(isDeepStrictEqual(world.holdings(), expected), "destroy did something else than its policies say");
  }
}

describeOn(BOTH_EDGES, "random histories", function (edge) {
  this.timeout(3_600_000);
  let world: World;
  before(async () => {
    world = await World.start(seed, edge);
  });
  after(() => world.close());

  it(`of ${HISTORIES[edge]}, none leaves anything other than what is declared`, async () => {
    const faults = faultCases(world.elsewhere).filter(({ name }) => !/timed out|^404$/.test(name));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
        await new History(world, faults).play(steps);
      }),
      { numRuns: HISTORIES[edge], endOnFailure: false },
    );
  });
});
