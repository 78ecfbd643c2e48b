import assert from "node:assert/strict";
import { customerFields } from "../../provider/customer/fields";
import type { Field } from "../../provider/resource/fields";
import { tenantFields } from "../../provider/tenant/fields";
import type { LicenseResource } from "../../provider/resource/license-resource";
import type { Properties } from "../../provider/resource/properties";
import { APPLICATION, asState, GUID, OC_PRO, OTHER_APPLICATION, SECRET, startWithCustomer } from "./support/customer";
import { startWithTenant } from "./support/tenant";
import { checked, type World } from "./support/world";

/** A resource with all its remote inputs declared, and another value for each of them. */
interface Fenced {
  readonly fields: Readonly<Record<string, Field>>;
  readonly start: () => Promise<World>;
  readonly resourceOf: (world: World) => LicenseResource;
  readonly declared: Properties;
  readonly changed: Properties;
}

const RESOURCES: Readonly<Record<string, Fenced>> = {
  CustomerServiceLicense: {
    fields: customerFields,
    start: () => startWithCustomer(OC_PRO),
    resourceOf: (world) => world.customers(),
    declared: {
      customerGuid: GUID,
      licenseType: "OcPro",
      licensedUsersCount: 50,
      applicationClientId: APPLICATION,
      applicationClientSecret: SECRET,
      resendSecret: "first",
      customerFullName: "Contoso",
    },
    changed: {
      licenseType: "OcEssentialPlus",
      licensedUsersCount: 60,
      applicationClientId: OTHER_APPLICATION,
      applicationClientSecret: "another secret",
      resendSecret: "second",
      customerFullName: "Contoso Ltd",
    },
  },
  TenantServiceLicenses: {
    fields: tenantFields,
    start: () => startWithTenant(),
    resourceOf: (world) => world.tenants(),
    declared: { tenantId: "foo", groupServices: { "Hunt Group": 3 }, userServices: { "Call Forwarding Busy": 50 } },
    changed: { groupServices: { "Hunt Group": 5 }, userServices: { "Call Forwarding Busy": "unlimited" } },
  },
};

/** The bodies of all writes so far. */
async function writes(world: World): Promise<string[]> {
  const entries = (await world.journal()).filter(({ method }) => method !== "GET");
  return Promise.all(entries.map(({ n }) => world.admin.rawBody(n)));
}

for (const [typeName, { fields, start, resourceOf, declared, changed }] of Object.entries(RESOURCES)) {
  describe(`an input of ${typeName} that needs a request`, () => {
    let world: World;

    beforeEach(async () => {
      world = await start();
    });

    afterEach(async () => {
      await world.close();
    });

    for (const [name, { field: facts }] of Object.entries(fields)) {
      if (facts.scope !== "remote") {
        continue;
      }
      it(`is sent in one write when it alone changes: ${name}`, async () => {
        assert.ok(name in declared && name in changed, `add two values of ${name} to this table`);
        const resource = resourceOf(world);
        const before = checked(resource, declared);
        const state = asState(await resource.apply(before, undefined, world.run()));
        const inputs = checked(resource, { ...declared, [name]: changed[name] });
        assert.deepEqual(resource.compare(state, before), { changes: "none", replaces: [] });
        assert.deepEqual(resource.compare(state, inputs), { changes: "remote", replaces: [] });

        const earlier = await writes(world);
        const now = asState(await resource.apply(inputs, state, world.run()));
        const [body = "", ...others] = (await writes(world)).slice(earlier.length);
        assert.notEqual(body, "", "nothing was sent");
        assert.deepEqual(others, []);
        if ("wire" in facts) {
          assert.ok(facts.wire in (JSON.parse(body) as object), `${facts.wire} is not in ${body}`);
        }
        // With the old value another body is sent: it is this input that makes the difference.
        const again = asState(await resourceOf(world).apply(before, now, world.run()));
        const [back = ""] = (await writes(world)).slice(earlier.length + 1);
        assert.equal("planned" in facts || back !== body, true, `${body} carries no ${name}`);
        assert.deepEqual(resource.compare(again, before), { changes: "none", replaces: [] });
      });
    }

    it("is sent by a resource that is created, where the system holds another value", async () => {
      const remote = Object.entries(fields).flatMap(([name, { field: facts }]) =>
        facts.scope === "remote" && "wire" in facts ? [{ name, wire: facts.wire }] : [],
      );
      const resource = resourceOf(world);
      await resource.apply(checked(resource, { ...declared, ...changed }), undefined, world.run());
      const [body = "", ...others] = await writes(world);
      assert.deepEqual(others, []);
      assert.deepEqual(
        remote.filter(({ wire }) => !(wire in (JSON.parse(body) as object))),
        [],
      );
    });
  });
}
