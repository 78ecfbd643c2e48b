import assert from "node:assert/strict";
import { configKey, configure, type Edge, throughBothEdges } from "./support/both-edges";
import { CONTOSO, type TestStack } from "./support/stack";

const OTHER = "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601";

function customerLookups(this: Mocha.Suite, { name, createStack }: Edge): void {
  this.timeout(120_000);
  let stack: TestStack;

  before(async () => {
    const customer = { licenseType: 5, licensedUsersCount: 50, activeUserCount: 5 };
    stack = await createStack({
      livePlatform: {
        customers: [
          { guid: CONTOSO, shortName: "contoso", fullName: "Contoso Ltd", ...customer },
          { guid: OTHER, shortName: "fabrikam", fullName: "Fabrikam", ...customer },
        ],
      },
    });
  });
  after(() => stack.close());

  // The generated SDK throws a plain Error for a lookup that failed, which Pulumi shows with its stack.
  const messageAlone = name === "native" ? ".catch(({ message }) => { throw new pulumi.RunError(message); })" : "";
  const PROGRAM = `
module.exports = async () => {
  const { customerGuid, licensedUsersCount } = await getCustomer({ shortName: "contoso" })${messageAlone};
  new CustomerServiceLicense("contoso", { customerGuid, licenseType: "OcPro", licensedUsersCount });
  const fabrikam = getCustomerOutput({ fullName: pulumi.output("Fabrikam") });
  new CustomerServiceLicense("fabrikam", { customerGuid: fabrikam.customerGuid, licenseType: "OcPro", licensedUsersCount: 50 });
};
`;

  it("finds customers by either name, by one list call of the program, with the stack's own settings", async () => {
    const secret = stack.simulator.environment["LIVE_PLATFORM_CLIENT_SECRET"] ?? "";
    stack.setVariable("LIVE_PLATFORM_CLIENT_SECRET", undefined);
    await configure(stack, configKey("livePlatform", "clientSecret"), secret, { isSecret: true });
    stack.program(PROGRAM);
    const preview = await stack.preview();
    assert.equal(preview.code, 0, preview.output);
    assert.doesNotMatch(preview.output, /warning/i);
    const paths = (await stack.requests()).map(({ method, path }) => `${method} ${path}`);
    // One for the lookups of the program, one for the plans.
    assert.equal(paths.filter((path) => path === "GET /tenantui/api/v3/customer").length, 2, paths.join("\n"));
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    assert.deepEqual([(await stack.resource("contoso")).id, (await stack.resource("fabrikam")).id], [CONTOSO, OTHER]);
  });

  it("fails the program, with the nearest name, before anything is sent", async () => {
    await stack.requests();
    stack.program(PROGRAM.replace('"contoso" })', '"contosso" })'));
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0, output);
    assert.match(
      output,
      /getCustomer: there is no customer with shortName "contosso" on the Live Platform: did you mean "contoso"\?/,
    );
    assert.deepEqual(await stack.writes(), []);
  });

  it("says what is missing of the settings, and what the platform refuses, without a secret", async () => {
    stack.setVariable("LIVE_PLATFORM_BASE_URL", undefined);
    stack.program(PROGRAM);
    const unset = await stack.preview();
    assert.notEqual(unset.code, 0, unset.output);
    assert.match(unset.output, /livePlatform[:.]baseUrl is missing: `pulumi config set .*livePlatform[:.]baseUrl'? …`/);
    stack.setVariable("LIVE_PLATFORM_BASE_URL", stack.simulator.environment["LIVE_PLATFORM_BASE_URL"]);
    stack.setVariable("LIVE_PLATFORM_CLIENT_SECRET", "wrong-but-secret");
    const refused = await stack.preview();
    assert.notEqual(refused.code, 0, refused.output);
    assert.match(refused.output, /getCustomer: .*token/);
    assert.doesNotMatch(refused.output, /wrong-but-secret/);
  });
}

throughBothEdges("getCustomer", customerLookups);
