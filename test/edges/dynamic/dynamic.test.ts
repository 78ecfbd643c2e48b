import assert from "node:assert/strict";
import { customerServiceLicense, tenantServiceLicenses } from "../../../provider/dynamic";
import { startSimulator, type Simulator } from "../../../simulator";

const ADATUM = "b1c95f27-08ad-4d63-8f4e-93e6a27d5c44";

describe("what the plugin loads", () => {
  let simulator: Simulator;
  const environment = { ...process.env };
  before(async () => {
    simulator = await startSimulator();
    // What the shell of a developer holds must not stand in for what the stack lacks.
    for (const name of Object.keys(environment).filter((key) => /^(?:LIVE_PLATFORM|TENANT_GATEWAY)_/.test(key))) {
      Reflect.deleteProperty(process.env, name);
    }
  });
  after(async () => {
    Object.assign(process.env, environment);
    await simulator.close();
  });

  it("serves both resources, each connected by the stack's configuration when it is first needed", async () => {
    const configuration = new Map<string, string | undefined>([
      ["livePlatform:baseUrl", simulator.environment["LIVE_PLATFORM_BASE_URL"]],
      ["livePlatform:authUrl", simulator.environment["LIVE_PLATFORM_AUTH_URL"]],
      ["livePlatform:clientId", simulator.environment["LIVE_PLATFORM_CLIENT_ID"]],
      ["livePlatform:clientSecret", simulator.environment["LIVE_PLATFORM_CLIENT_SECRET"]],
      ["tenantGateway:baseUrl", simulator.environment["TENANT_GATEWAY_BASE_URL"]],
      ["tenantGateway:username", simulator.environment["TENANT_GATEWAY_USERNAME"]],
      ["tenantGateway:password", simulator.environment["TENANT_GATEWAY_PASSWORD"]],
    ]);
    const config = { get: (key: string) => configuration.get(key), require: () => "" };
    const customers = customerServiceLicense();
    const tenants = tenantServiceLicenses();
    assert.equal(customerServiceLicense(), customers, "one of each a process");

    // Without configuration the settings that are missing are named.
    const checked: { inputs?: unknown } = await customers.check(
      {},
      { customerGuid: ADATUM, licenseType: 5, licensedUsersCount: 60 },
    );
    await assert.rejects(customers.create(checked.inputs), /livePlatform\.baseUrl is missing.*LIVE_PLATFORM_BASE_URL/s);

    await customers.configure({ config });
    await tenants.configure({ config });
    assert.equal((await customers.create(checked.inputs)).id, ADATUM);
    const tenant = await tenants.check({}, { tenantId: "foo", groupServices: { "Hunt Group": 3 } });
    assert.equal((await tenants.create(tenant.inputs)).id, "foo");
  });
});
