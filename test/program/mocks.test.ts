import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { getCustomer, getCustomerOutput, Provider } from "../../provider";

const CONTOSO = {
  customerGuid: "d5253892-1c1e-4b23-89d7-29d86734c31b",
  shortName: "contoso",
  fullName: "Contoso Ltd",
  licenseType: "OcPro",
  licensedUsersCount: 50,
  activeUserCount: 44,
};

describe("a unit test of a program, with pulumi.runtime.setMocks", () => {
  const calls: pulumi.runtime.MockCallArgs[] = [];
  before(() =>
    pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as Record<string, unknown> }),
      call: (args) => {
        calls.push(args);
        assert.notEqual(Reflect.get(args.inputs as object, "shortName"), "nobody");
        return CONTOSO;
      },
    }),
  );
  beforeEach(() => {
    calls.length = 0;
  });

  const resolved = <T>(output: pulumi.Output<T>): Promise<unknown> =>
    new Promise((resolve) => {
      output.apply(resolve);
    });

  it("answers getCustomer by its mocks, under the name of the plugin's function, with no platform configured", async () => {
    assert.deepEqual(await getCustomer({ shortName: "contoso" }), CONTOSO);
    assert.deepEqual(calls, [
      { token: "voice-licenses:index:getCustomer", inputs: { shortName: "contoso" }, provider: "" },
    ]);
  });

  it("answers getCustomerOutput the same way, once the name is known", async () => {
    const customer = getCustomerOutput(pulumi.output({ fullName: "Contoso Ltd" }));
    assert.deepEqual(await resolved(customer), CONTOSO);
    assert.deepEqual(
      calls.map(({ inputs }) => inputs as unknown),
      [{ fullName: "Contoso Ltd" }],
    );
  });

  it("hears of the provider instance that is asked", async () => {
    const tenantGateway = { baseUrl: "https://gw.west.example.com", accessToken: "t" };
    const provider = new Provider("west", { tenantGateway });
    await getCustomer({ shortName: "contoso" }, { provider });
    await resolved(getCustomerOutput({ shortName: "contoso" }, { provider }));
    assert.equal(calls.length, 2);
    for (const call of calls) {
      assert.match(call.provider ?? "", /::west::west-id$/);
    }
  });

  it("hears of no wrong query, and fails where a mock throws", async () => {
    await assert.rejects(getCustomer({ shortName: "" }), /getCustomer: shortName must be a string/);
    assert.deepEqual(calls, []);
    await assert.rejects(getCustomer({ shortName: "nobody" }));
  });
});
