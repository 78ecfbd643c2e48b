import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
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
        licensedUsersCount: 60,
        activeUserCount: 5,
      },
    ],
  },
  gateway: {
    tenants: {
      foo: { groupServices: { "Hunt Group": 5, "Call Park": 7, "Call Pickup": 2 }, userServices: {} },
      bar: { groupServices: { "Hunt Group": 9 }, userServices: {} },
    },
  },
};

const POLICIES = 'onServiceRemoved: "unlicense", onDestroy: "unlicense"';

function tenant(name: string, services: string, options = "{}", tenantId = '"foo"'): string {
  return `new TenantServiceLicenses("${name}", { tenantId: ${tenantId}, groupServices: { ${services} }, ${POLICIES} }, ${options});`;
}

function customer(name: string, options = "{}"): string {
  return `new CustomerServiceLicense("${name}", { customerGuid: "${CONTOSO}", licenseType: "OcPro", licensedUsersCount: 60, onDestroy: "downgrade" }, ${options});`;
}

const WEST = `const site = new pulumi.ComponentResource("my:index:Site", "site");
const west = new Provider("west", {
  livePlatform: { baseUrl: process.env.LIVE_PLATFORM_BASE_URL, authUrl: process.env.LIVE_PLATFORM_AUTH_URL, clientId: process.env.LIVE_PLATFORM_CLIENT_ID, clientSecret: pulumi.secret(process.env.LIVE_PLATFORM_CLIENT_SECRET) },
  tenantGateway: { baseUrl: process.env.TENANT_GATEWAY_BASE_URL, username: process.env.TENANT_GATEWAY_USERNAME, password: pulumi.secret(process.env.TENANT_GATEWAY_PASSWORD) },
});`;

function stillDeclared(this: Mocha.Suite, { name, createStack }: Edge): void {
  this.timeout(180_000);
  let stack: TestStack;
  before(async () => {
    stack = await createStack(SEED);
  });
  after(() => stack.close());

  const succeeded = ({ code, output }: CliResult): string => {
    assert.equal(code, 0, output);
    return output;
  };
  /** Brings the stack to a program, from nothing, and forgets the requests. */
  const start = async (program: string): Promise<void> => {
    stack.program("");
    succeeded(await stack.up("--skip-preview"));
    await stack.admin("POST", "/reset");
    stack.program(program);
    succeeded(await stack.up());
    await stack.requests();
  };
  const urnOf = async (resource: string): Promise<string> => (await stack.resource(resource)).urn;

  for (const [what, before, after] of [
    ["from the default provider to an instance", "{}", "{ provider: west }"],
    ["from an instance to the default provider", "{ provider: west }", "{}"],
    ["into a component", "{}", "{ parent: site }"],
  ] as const) {
    it(`leaves licences as they are when a renamed resource moves ${what} with the same address`, async () => {
      await start(`${WEST} ${tenant("foo", '"Hunt Group": 5', before)} ${customer("contoso", before)}`);
      stack.program(`${WEST} ${tenant("foo-2", '"Hunt Group": 5', after)} ${customer("contoso-2", after)}`);
      const output = succeeded(await stack.up());
      assert.deepEqual(await stack.writes(), []);
      assert.match(output, /left as they are, because this program declares them in another resource: .*foo-2/);
      assert.match(output, /left as it is: this program declares the same customer in another resource \(contoso-2/);
    });
  }

  for (const option of ["--target", "--exclude"] as const) {
    it(`removes nothing in a run that ${option} limits, and says why`, async () => {
      await start(tenant("foo", '"Hunt Group": 5'));
      const old = await urnOf("foo");
      stack.program(tenant("foo-2", '"Hunt Group": 5'));
      const limited = await stack.up(option, option === "--target" ? old : old.replace(/foo$/, "foo-2"));
      assert.deepEqual(await stack.writes(), []);
      assert.match(
        limited.output,
        name === "dynamic" ? /declares them in another resource: .*foo-2/ : /--target or --exclude limits this run/,
      );
      succeeded(await stack.up());
      assert.deepEqual(await stack.writes(), []);
    });
  }

  it("leaves a service that moves to a resource which --target leaves out", async () => {
    await start(`${tenant("a", '"Hunt Group": 5, "Call Park": 7')} ${tenant("b", '"Call Pickup": 2')}`);
    stack.program(`${tenant("a", '"Call Park": 7')} ${tenant("b", '"Call Pickup": 2, "Hunt Group": 5')}`);
    await stack.up("--target", await urnOf("a"));
    assert.deepEqual(await stack.writes(), []);
    succeeded(await stack.up());
    assert.deepEqual(await stack.writes(), []);
  });

  for (const preview of [true, false]) {
    const up = (): Promise<CliResult> => (preview ? stack.cli("up", "--yes") : stack.up());
    const how = preview ? "with a preview" : "without a preview";

    it(`leaves a service that moves to a resource which the program declares later, ${how}`, async () => {
      await start(tenant("a", '"Hunt Group": 5, "Call Park": 7'));
      stack.program(`(async () => {
        ${tenant("a", '"Call Park": 7')}
        await getCustomer({ shortName: "contoso" });
        await new Promise((resolve) => setTimeout(resolve, 1500));
        ${tenant("b", '"Hunt Group": 5')}
      })();`);
      const output = succeeded(await up());
      assert.deepEqual(await stack.writes(), []);
      assert.match(output, /declares them in another resource: groupServices\.Hunt Group \(b\)/);
    });

    it(`removes nothing while two resources swap their tenants and the first is deleted before it is replaced, ${how}`, async () => {
      const program = (a: string, b: string): string => `
        const a = ${tenant("a", '"Hunt Group": 5', "{ deleteBeforeReplace: true }", a)}
        ${tenant("b", '"Hunt Group": 9', "{ deleteBeforeReplace: true, dependsOn: [a] }", b)}`;
      await start(program('"foo"', '"bar"'));
      stack.program(
        program('"bar"', '"foo"')
          .replace('"Hunt Group": 5', '"Hunt Group": 9')
          .replace(/9(?=[^9]*$)/, "5"),
      );
      succeeded(await up());
      assert.deepEqual(await stack.writes(), []);
    });
  }

  it("unlicenses what nothing declares any more, in an update and at the end", async () => {
    await start(tenant("foo", '"Hunt Group": 5, "Call Park": 7'));
    stack.program(tenant("foo", '"Hunt Group": 5'));
    succeeded(await stack.up());
    assert.deepEqual(
      (await stack.writes()).map(({ body }) => body),
      [{ groupServices: [{ name: "Call Park", allocated: { unlimited: false, maximum: 0 } }] }],
    );
    stack.program("");
    succeeded(await stack.up());
    assert.deepEqual(
      (await stack.writes()).map(({ body }) => body),
      [{ groupServices: [{ name: "Hunt Group", allocated: { unlimited: false, maximum: 0 } }] }],
    );
  });

  it("removes nothing where what other instances declare cannot be read, except by destroy", async () => {
    await start(tenant("foo", '"Hunt Group": 5, "Call Park": 7'));
    const temporary = path.join(stack.folder, "temporary");
    mkdirSync(temporary);
    writeFileSync(path.join(temporary, `pulumi-voice-licenses-${process.getuid?.() ?? "user"}`), "");
    stack.setVariable("TMPDIR", temporary);
    try {
      stack.program(tenant("foo", '"Hunt Group": 5'));
      const refused = await stack.up();
      assert.notEqual(refused.code, 0);
      assert.match(refused.output, /Call Park: stays as it is, because .* cannot be read \(.*is not a directory/);
      assert.deepEqual(await stack.writes(), []);
      stack.program("");
      const kept = await stack.up();
      assert.notEqual(kept.code, 0);
      assert.match(kept.output, /foo stays in the stack, and nothing was removed/);
      assert.deepEqual(await stack.writes(), []);
      succeeded(await stack.destroy());
      assert.equal((await stack.writes()).length, 1);
    } finally {
      stack.setVariable("TMPDIR", undefined);
    }
  });
}

throughBothEdges("what the program still declares, by the real CLI", stillDeclared, { isSample: true });
