import assert from "node:assert/strict";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { type CliResult, CONTOSO, type TestStack } from "./support/stack";

const SEED = {
  livePlatform: {
    customers: [
      {
        guid: CONTOSO,
        shortName: "contoso",
        fullName: "Contoso Ltd",
        licenseType: 5,
        licensedUsersCount: 50,
        activeUserCount: 5,
      },
    ],
  },
  gateway: {
    tenants: Object.fromEntries(
      ["a", "b", "c", "d", "e"].map((id) => [
        id,
        { groupServices: { "Hunt Group": 9 }, userServices: { Fax: "unlimited" } },
      ]),
    ),
  },
};

/** Four tenants with so many licences, and a customer. */
function program(huntGroup: number, licenseType: "OcPro" | "OcEssentialPlus", onDestroy = "retain"): string {
  return `
for (const tenantId of ["a", "b", "c", "d"]) {
  new TenantServiceLicenses(tenantId, { tenantId, groupServices: { "Hunt Group": ${huntGroup} }, onDestroy: "${onDestroy}" });
}
new CustomerServiceLicense("contoso", { customerGuid: "${CONTOSO}", licenseType: "${licenseType}", licensedUsersCount: 50 });
`;
}

/** A provider that a program declares. The dynamic host takes every setting from the environment, the plugin none. */
function explicitProvider(edge: Edge["name"], stack: TestStack): string {
  const { environment } = stack.simulator;
  const tenantGateway = {
    baseUrl: environment["TENANT_GATEWAY_BASE_URL"],
    username: environment["TENANT_GATEWAY_USERNAME"],
    password: environment["TENANT_GATEWAY_PASSWORD"],
  };
  return edge === "dynamic"
    ? `class Nodejs extends pulumi.ProviderResource {}
       const provider = new Nodejs("pulumi-nodejs", "west", {});`
    : `const provider = new Provider("west", ${JSON.stringify({ tenantGateway })});`;
}

function brake(this: Mocha.Suite, { name: edge, createStack }: Edge): void {
  this.timeout(240_000);
  let stack: TestStack;

  const writes = async (): Promise<string[]> =>
    (await stack.writes()).filter(({ path }) => !path.includes("login")).map(({ method, path }) => `${method} ${path}`);

  before(async () => {
    stack = await createStack(SEED);
  });
  after(() => stack.close());

  it("refuses in preview with the whole list, for resources to be created and to be updated", async () => {
    assert.equal((await stack.cli("config", "set", "voice-licenses:maxReductions", "4")).code, 0);
    stack.program(program(5, "OcEssentialPlus"));
    const created = await stack.preview();
    assert.notEqual(created.code, 0, created.output);
    assert.match(created.output, /makes at least 5 reductions; the limit is 4/);
    for (const name of ["a", "b", "c", "d"]) {
      assert.match(created.output, new RegExp(`${name}: groupServices\\.Hunt Group 9 → 5`));
    }
    assert.match(created.output, /contoso: licenseType OC Pro → OC Essential Plus/);

    stack.program(program(9, "OcPro"));
    const adopted = await stack.up();
    assert.equal(adopted.code, 0, adopted.output);
    stack.program(program(5, "OcEssentialPlus"));
    const updated = await stack.preview();
    assert.notEqual(updated.code, 0, updated.output);
    assert.match(updated.output, /makes at least 5 reductions; the limit is 4/);
    assert.deepEqual(await writes(), []);
  });

  it("lets up take away no more than that, without a preview too", async () => {
    const { code, output } = await stack.up();
    assert.notEqual(code, 0, output);
    assert.match(output, /makes at least 5 reductions; the limit is 4/);
    assert.equal((await writes()).length, 4, "as many as it may, and not one more");
  });

  it("does the rest once the number is raised, and counts what a destroy takes away as well", async () => {
    assert.equal((await stack.cli("config", "set", "voice-licenses:maxReductions", "5")).code, 0);
    stack.program(program(5, "OcEssentialPlus", "unlicense"));
    const raised = await stack.up("--refresh");
    assert.equal(raised.code, 0, raised.output);
    assert.equal((await writes()).length, 1, "what is left of the five");

    assert.equal((await stack.cli("config", "set", "voice-licenses:maxReductions", "2")).code, 0);
    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    const destroyed = await stack.destroy();
    assert.notEqual(destroyed.code, 0, destroyed.output);
    assert.match(destroyed.output, /makes at least 3 reductions; the limit is 2/);
    assert.equal((await writes()).length, 2);
  });

  it("holds for resources of an explicit provider, which stack configuration does not reach", async () => {
    assert.equal((await stack.cli("config", "set", "voice-licenses:maxReductions", "0")).code, 0);
    stack.program(`
${explicitProvider(edge, stack)}
new TenantServiceLicenses("e", { tenantId: "e", groupServices: { "Hunt Group": 5 } }, { provider });
`);
    const { code, output } = await stack.up();
    assert.notEqual(code, 0, output);
    assert.match(output, /makes at least 1 reduction; the limit is 0/);
    assert.deepEqual(await writes(), []);
  });

  it("holds when the last resource of an explicit provider is taken out, and in a destroy", async () => {
    const limit = (value: string): Promise<CliResult> =>
      stack.cli("config", "set", "voice-licenses:maxReductions", value);
    const resource = (licenses: number): string =>
      `${explicitProvider(edge, stack)}
       new TenantServiceLicenses("e", { tenantId: "e", groupServices: { "Hunt Group": ${licenses} }, onDestroy: "unlicense" }, { provider });`;
    await limit("99");
    stack.program(resource(9));
    assert.equal((await stack.up()).code, 0);
    await limit("0");
    await stack.requests();
    const unchanged = await stack.up();
    assert.equal(unchanged.code, 0, unchanged.output);
    assert.deepEqual(await writes(), []);
    for (const end of [
      (): Promise<CliResult> => stack.destroy(),
      (): Promise<CliResult> => {
        stack.program(explicitProvider(edge, stack));
        return stack.up();
      },
    ]) {
      const { code, output } = await end();
      assert.notEqual(code, 0, output);
      assert.match(output, /makes at least 1 reduction; the limit is 0/);
      assert.deepEqual(await writes(), []);
    }
  });

  it("refuses a limit that is no number before anything is done", async () => {
    assert.equal((await stack.cli("config", "set", "voice-licenses:maxReductions", "few")).code, 0);
    stack.program(program(3, "OcEssentialPlus"));
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0, output);
    assert.match(output, /maxReductions must be a whole number from 0 to 999999999, not "few"/);
  });
}

throughBothEdges("the brake on what one run takes away", brake);
