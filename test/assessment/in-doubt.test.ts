import assert from "node:assert/strict";
import { assessFleet } from "../../cli/assessment/assess-fleet";
import type { Assessment } from "../../cli/assessment/assessment";
import { checkFleet } from "../../fleet/check-fleet";
import { createRedactor } from "../../provider/systems/transport/redact";
import { Systems } from "../../provider/systems/systems";
import type { Fault } from "../support/live-simulator";
import { GUID, OC_PRO } from "../resources/support/customer";
import { World } from "../resources/support/world";

const OTHER = "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601";
const CUSTOMER = `customers: { contoso: { customerGuid: ${GUID}, licenseType: OcPro, licensedUsersCount: 50 } }`;
const TENANT = "tenants: { foo: { groupServices: { Hunt Group: 3, Call Park: 1 } } }";

describe("what the command line says of an object that is missing or in doubt", () => {
  let world: World;
  afterEach(() => world.close());

  const start = async (customers: readonly object[], tenants: object): Promise<void> => {
    world = await World.start({ livePlatform: { customers }, gateway: { tenants } });
  };
  const assess = (file: string): Promise<Assessment> => {
    const read = checkFleet(file);
    assert.ok("fleet" in read, JSON.stringify(read));
    const systems = new Systems({
      configuration: () => undefined,
      environment: world.simulator.environment,
      audience: "commandLine",
      clock: world.clock,
      redactor: createRedactor(),
    });
    return assessFleet({
      fleet: read.fleet,
      livePlatform: systems.livePlatform(),
      tenantGateway: systems.tenantGateway(),
      unmanaged: "none",
      isIncluded: () => true,
      signal: new AbortController().signal,
      expect: () => undefined,
      advance: () => undefined,
    });
  };
  /** All that is said, in one text: it names variables, and gives no advice about a stack. */
  const said = async (file: string): Promise<string> => {
    const { objects, errors } = await assess(file);
    const text = [
      ...objects.flatMap(({ refusals }) => refusals.map(({ message }) => message)),
      ...errors.map(({ message }) => message),
    ].join("\n");
    assert.doesNotMatch(text, /livePlatform|tenantGateway|pulumi/);
    return text;
  };
  const OTHER_CUSTOMER = { ...OC_PRO, guid: OTHER, shortName: "fabrikam" };
  const services = { groupServices: { "Hunt Group": 3, "Call Park": 0 } };

  it("that is missing: check its id and the variable of the address", async () => {
    await start([OTHER_CUSTOMER], { bar: services });
    assert.match(await said(CUSTOMER), /: check customerGuid and LIVE_PLATFORM_BASE_URL\.$/);
    assert.match(await said(TENANT), /: check tenantId and TENANT_GATEWAY_BASE_URL\.$/);
  });

  it("that answers 404 beside an empty list: check the variable of the address and the rights", async () => {
    await start([], {});
    assert.match(
      await said(CUSTOMER),
      /: check LIVE_PLATFORM_BASE_URL \(http:.*\) and what its credentials may see\.$/,
    );
    assert.match(await said(TENANT), / Check TENANT_GATEWAY_BASE_URL and the rights of the gateway's user\.$/);
  });

  it("that answers 404 while the list is refused: likewise", async () => {
    await start([OTHER_CUSTOMER], { bar: services });
    const fault: Fault = { kind: "status", status: 403 };
    await world.admin.faults({ path: "/api/v1/tenants/$", count: -1, fault });
    assert.match(await said(TENANT), /cannot be read: .* Check TENANT_GATEWAY_BASE_URL and the rights/);
  });

  it("whose declared service cannot be read: an error, and no drift", async () => {
    await start([], { foo: services });
    const park = { name: "Call Park", allocated: { unlimited: false, maximum: 1 } };
    const hunt = (maximum: unknown): object => ({ name: "Hunt Group", allocated: { unlimited: false, maximum } });
    for (const [rows, problem] of [
      [[park, hunt(-1)], "allocated.maximum: expected 0 or more"],
      [[park, hunt(3), hunt(4)], "listed more than once, with different values"],
      [[park, { allocated: { unlimited: true } }], "name: missing"],
    ] as const) {
      const body = { groupServices: rows, userServices: [] };
      await world.admin.faults({ path: "/tenants/foo/licenses/", fault: { kind: "status", status: 200, body } });
      const { objects, errors } = await assess(TENANT);
      assert.deepEqual(objects, []);
      assert.deepEqual(
        errors.map(({ name, message }) => [name, message]),
        [
          [
            "foo",
            `What the gateway lists for tenant foo cannot be read: groupServices.Hunt Group (${problem}). Ask the gateway's support.`,
          ],
        ],
      );
    }
  });

  it("of which another service cannot be read, or one is listed twice in the same way: nothing", async () => {
    await start([], { foo: services });
    const row = (name: string, maximum: number): object => ({ name, allocated: { unlimited: false, maximum } });
    const body = {
      groupServices: [
        row("Call Park", 1),
        row("Hunt Group", 3),
        row("Hunt Group", 3),
        row("Other", 1),
        row("Other", 2),
      ],
    };
    await world.admin.faults({ path: "/tenants/foo/licenses/", fault: { kind: "status", status: 200, body } });
    const { objects, errors } = await assess(TENANT);
    assert.deepEqual(errors, []);
    assert.deepEqual(objects[0]?.differences, []);
  });
});
