import assert from "node:assert/strict";
import fc from "fast-check";
import { PartialFailure, Refusal } from "../../provider/resource/failures";
import type { LicenseResource } from "../../provider/resource/license-resource";
import type { Properties } from "../../provider/resource/properties";
import { asState } from "./support/customer";
import { checked, World } from "./support/world";

const APPLICATIONS = ["0fdc8122-e0b5-43ac-8433-54860113710d", "2b6e1f0d-94a7-4c38-a5d1-8f7c0e3b6a22"] as const;
const RUNS = 40;

/**
 * What holds for either resource, whatever is there and whatever is declared: preview refuses just what up refuses and tells just
 * what up sends; once it is up, nothing differs, nothing is sent again, and refresh shows the same.
 */
async function converges(
  world: World,
  resource: () => LicenseResource,
  raw: Properties,
  state?: Properties,
): Promise<Properties | undefined> {
  await world.admin.forgetRequests();
  const inputs = checked(resource(), raw);
  const { refusals, lines } = await resource().preview(inputs, state, world.run());
  const isWrite = ({ method }: { method: string }): boolean => method !== "GET";
  assert.deepEqual((await world.journal()).filter(isWrite), [], "a preview only reads");

  let outputs: Properties;
  try {
    outputs = asState(await resource().apply(inputs, state, world.run()));
  } catch (error) {
    assert.ok(!(error instanceof PartialFailure), String(error));
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.message, new Refusal(refusals).message, "preview has said so");
    assert.deepEqual((await world.journal()).filter(isWrite), [], "refused means nothing sent");
    return undefined;
  }
  assert.deepEqual(refusals, [], "what up does is not refused");
  const wrote = (await world.journal()).some(isWrite);
  assert.equal(
    lines.some((line) => /^(?:PATCH|POST|PUT) /.test(line)),
    wrote,
    `preview said ${JSON.stringify(lines)}`,
  );

  assert.deepEqual(resource().compare(outputs, inputs), { changes: "none", replaces: [] });
  const reading = await resource().read(outputs, world.run());
  assert.ok(reading !== undefined);
  assert.deepEqual(asState(reading.outputs), outputs, "refresh shows the same");
  assert.deepEqual(asState(reading.inputs), inputs);
  await world.admin.forgetRequests();
  assert.deepEqual(asState(await resource().apply(inputs, outputs, world.run())), outputs, "up again is the same");
  assert.deepEqual((await world.journal()).filter(isWrite), [], "and sends nothing");
  return outputs;
}

describe("whatever is there and whatever is declared,", () => {
  let world: World;
  afterEach(() => world.close());

  const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
  const given = (properties: Properties): Properties =>
    Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));

  it("a customer converges, twice", async function () {
    this.timeout(30_000);
    world = await World.start({ livePlatform: { hostedEssentialsPatch: "accept", belowActiveUsers: "accept" } });
    const registration = maybe(
      fc.record({
        applicationClientId: fc.constantFrom(...APPLICATIONS),
        applicationClientSecret: fc.constantFrom("secret one", "secret two"),
      }),
    );
    const held = fc.record({
      licenseType: fc.constantFrom(0, 1, 2, 3, 4, 5, 7, null),
      licensedUsersCount: fc.integer({ min: 1, max: 20 }),
      activeUserCount: fc.nat(20),
      fullName: fc.constantFrom("A", "B"),
      registration,
    });
    const declared = fc
      .record({
        licenseType: fc.constantFrom(1, 2, 4, 5),
        licensedUsersCount: fc.integer({ min: 1, max: 20 }),
        registration,
        resendSecret: maybe(fc.constantFrom("1", "2")),
        customerFullName: maybe(fc.constantFrom("A", "B")),
        allowBelowUse: maybe(fc.boolean()),
        onDestroy: maybe(fc.constantFrom("retain", "downgrade")),
        taskTimeout: maybe(fc.constantFrom("1h")),
      })
      .map(({ registration: application, ...rest }) => given({ ...rest, ...application }));
    let number = 0;
    await fc.assert(
      fc.asyncProperty(held, declared, declared, async ({ registration: application, ...customer }, first, second) => {
        number += 1;
        const customerGuid = `d5253892-1c1e-4b23-89d7-${String(number).padStart(12, "0")}`;
        await world.addCustomer({ guid: customerGuid, shortName: "x", ...customer, ...application });
        const resource = (): LicenseResource => world.customers();
        const state = await converges(world, resource, { ...first, customerGuid });
        await converges(world, resource, { ...second, customerGuid }, state);
      }),
      { numRuns: RUNS },
    );
  });

  it("a tenant converges, twice, and what it does not declare stays as it is", async function () {
    this.timeout(30_000);
    world = await World.start({ gateway: { belowCurrentlyAllocated: "accept" } });
    const allocation = fc.oneof(fc.constant("unlimited"), fc.nat(6));
    const services = fc.dictionary(fc.constantFrom("A", "B", "C", "Ü/9", "10"), allocation, {
      noNullPrototype: true,
      maxKeys: 4,
    });
    const held = fc.record({ groupServices: services, userServices: services, inUse: fc.nat(3), inPacks: fc.nat(3) });
    const declared = fc
      .record({
        groupServices: services,
        userServices: services,
        allowBelowUse: maybe(fc.boolean()),
        onServiceRemoved: maybe(fc.constantFrom("retain", "unlicense", "restore")),
        onDestroy: maybe(fc.constantFrom("retain", "unlicense", "restore")),
      })
      .filter(({ groupServices, userServices }) => Object.keys({ ...groupServices, ...userServices }).length > 0)
      .map(given);
    const spelt = (map: Readonly<Record<string, unknown>>, use: Properties): Properties =>
      Object.fromEntries(
        Object.entries(map).map(([name, value]) => [
          name,
          { ...(value === "unlimited" ? { unlimited: true } : { maximum: value }), ...use },
        ]),
      );
    let number = 0;
    await fc.assert(
      fc.asyncProperty(held, declared, declared, async ({ inUse, inPacks, ...found }, first, second) => {
        number += 1;
        const tenantId = `tenant ${number}`;
        const use = { currentlyAllocated: inUse, packsAllocated: inPacks };
        await world.addTenant({
          id: tenantId,
          groupServices: spelt(found.groupServices, use),
          userServices: spelt(found.userServices, use),
        });
        const resource = (): LicenseResource => world.tenants();
        const state = await converges(world, resource, { ...first, tenantId });
        const now = await world.tenant(tenantId);
        for (const kind of ["groupServices", "userServices"] as const) {
          const managed = Object.keys(first[kind] ?? {});
          const others = Object.entries(found[kind]).filter(([name]) => !managed.includes(name));
          for (const [name, value] of others) {
            assert.equal(now[kind]?.[name], value, `${kind}.${name} is nobody's business`);
          }
        }
        if (state !== undefined) {
          await convergesOrKeeps(tenantId, second, state);
        }
      }),
      { numRuns: RUNS },
    );
  });

  /** A service that is in use may be kept against the policy: that is a partial failure, and preview has said so. */
  async function convergesOrKeeps(tenantId: string, raw: Properties, state: Properties): Promise<void> {
    const resource = world.tenants();
    const inputs = checked(resource, { ...raw, tenantId });
    const comparison = resource.compare(state, inputs);
    const { refusals } = await resource.preview(inputs, state, world.run());
    if (comparison.changes !== "remote" || refusals.length === 0) {
      if (comparison.changes !== "local") {
        await converges(world, () => world.tenants(), { ...raw, tenantId }, state);
      }
      return;
    }
    await assert.rejects(world.tenants().apply(inputs, state, world.run()), (error: unknown) => {
      assert.ok(error instanceof PartialFailure || error instanceof Refusal);
      return refusals.some(({ message }) => error.message.includes(message));
    });
  }
});
