import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type Simulator, startSimulator } from "../../simulator";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { CONTOSO, type TestStack } from "./support/stack";

const EXAMPLE = path.resolve(__dirname, "../../examples/two-platforms");
const OTHER = "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601";

/** A platform whose own credentials no other platform accepts. */
function seed(name: string, guid: string): object {
  return {
    livePlatform: {
      clients: [{ id: `${name}-client`, secret: `${name}-secret-of-the-client` }],
      customers: [
        {
          guid,
          shortName: "contoso",
          fullName: "Contoso Ltd",
          licenseType: 5,
          licensedUsersCount: 10,
          activeUserCount: 5,
        },
      ],
    },
    gateway: {
      users: [{ username: `${name}-user`, password: `${name}-password-of-the-user` }],
      tenants: { foo: { groupServices: { "Hunt Group": 3 }, userServices: {} } },
    },
  };
}

function providerInstances(this: Mocha.Suite, { name: edge, createStack }: Edge): void {
  this.timeout(180_000);
  let stack: TestStack;
  let east: Simulator;

  const eastAdmin = async (method: string): Promise<{ method: string; path: string; body?: unknown }[]> => {
    const answer = await fetch(`${east.url}/_simulator/requests`, { method });
    const text = await answer.text();
    return text === "" ? [] : (JSON.parse(text) as { method: string; path: string }[]);
  };
  /** The writes that each platform got since the last call. */
  const writes = async (): Promise<{ west: string[]; east: string[] }> => {
    const written = (requests: readonly { method: string; path: string; body?: unknown }[]): string[] =>
      requests
        .filter(({ method, path: where }) => method === "PUT" || method === "PATCH" || where.includes("/action/"))
        .map(({ method, body }) => `${method} ${JSON.stringify(body)}`)
        .sort();
    const both = { west: written(await stack.requests()), east: written(await eastAdmin("GET")) };
    await eastAdmin("DELETE");
    return both;
  };

  before(async () => {
    stack = await createStack(seed("west", CONTOSO));
    east = await startSimulator({ seed: seed("east", OTHER) });
  });
  after(async () => {
    const states = readdirSync(path.join(stack.folder, "state"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
    await east.close();
    await stack.close();
    assert.doesNotMatch(states, /(?:east|west)-(?:secret|password|user|client\b)/, "a credential lies in state");
  });

  it("examples/two-platforms: each instance its own platform; an unchanged run makes no request", async () => {
    cpSync(EXAMPLE, stack.folder, {
      recursive: true,
      filter: (file) => /\.ts$|tsconfig\.json$|two-platforms$/.test(file),
    });
    const example = path.join(stack.folder, "index.ts");
    const program = readFileSync(example, "utf8");
    writeFileSync(example, program.replace('from "pulumi-voice-licenses"', `from "${stack.packageName}"`));
    stack.program("");
    writeFileSync(path.join(stack.folder, "package.json"), JSON.stringify({ name: "e2e", main: "index.ts" }));
    for (const [name, { environment }] of [["west", stack.simulator] as const, ["east", east] as const]) {
      const set = async (key: string, variable: string, ...flags: string[]): Promise<void> => {
        const { code, output } = await stack.cli("config", "set", ...flags, name + key, environment[variable] ?? "");
        assert.equal(code, 0, output);
      };
      await set("PlatformUrl", "LIVE_PLATFORM_BASE_URL");
      await set("LoginUrl", "LIVE_PLATFORM_AUTH_URL");
      await set("ClientId", "LIVE_PLATFORM_CLIENT_ID", "--secret");
      await set("ClientSecret", "LIVE_PLATFORM_CLIENT_SECRET", "--secret");
      await set("GatewayUrl", "TENANT_GATEWAY_BASE_URL");
      await set("GatewayUser", "TENANT_GATEWAY_USERNAME", "--secret");
      await set("GatewayPassword", "TENANT_GATEWAY_PASSWORD", "--secret");
    }
    // The environment holds west's credentials all the while: nothing of it reaches east.
    const preview = await stack.preview();
    assert.equal(preview.code, 0, preview.output);
    assert.match(preview.output, /PUT Hunt Group 3 → 9/);
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    const done = await writes();
    assert.equal(done.west.length, 2, done.west.join("\n"));
    assert.equal(done.east.length, 2, done.east.join("\n"));
    assert.match(done.west.join("\n"), /"licensedUsersCount":50[^]*"maximum":5/);
    assert.match(done.east.join("\n"), /"licensedUsersCount":80[^]*"maximum":9/);
    assert.equal((await stack.resource("east-contoso")).id, OTHER);

    const again = await stack.cli("up", "--yes", "--skip-preview", "--expect-no-changes");
    assert.equal(again.code, 0, again.output);
    const listed = (await stack.requests()).filter(({ path: where }) => !/token|api\/v3\/customer$/.test(where));
    assert.deepEqual(listed, [], "but for the lookups of the program");

    const refreshed = await stack.refresh("--expect-no-changes");
    assert.equal(refreshed.code, 0, refreshed.output);
    const destroyed = await stack.destroy();
    assert.equal(destroyed.code, 0, destroyed.output);
    await writes();
    rmSync(example);
    rmSync(path.join(stack.folder, "tsconfig.json"));
    writeFileSync(path.join(stack.folder, "package.json"), JSON.stringify({ name: "e2e", main: "index.js" }));
  });

  const provider = (name: string, simulator: Simulator, extra = ""): string => `
const ${name} = new Provider("${name}", { tenantGateway: { ${extra} baseUrl: "${simulator.environment["TENANT_GATEWAY_BASE_URL"] ?? ""}",
  username: "${simulator.environment["TENANT_GATEWAY_USERNAME"] ?? ""}", password: "${simulator.environment["TENANT_GATEWAY_PASSWORD"] ?? ""}" } });`;
  const FOO = `new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 5 } }`;

  it("moves a resource between the default provider and an instance of the same platform without a request", async () => {
    stack.program(`${FOO});`);
    assert.equal((await stack.up()).code, 0);
    await stack.requests();
    stack.program(`${provider("west", stack.simulator)}${FOO}, { provider: west });`);
    const there = await stack.up();
    assert.equal(there.code, 0, there.output);
    assert.deepEqual(await stack.requests(), []);
    stack.program(`${FOO});`);
    const back = await stack.up();
    assert.equal(back.code, 0, back.output);
    assert.deepEqual(await stack.requests(), []);
  });

  it("changes a setting of an instance without a request, and replaces nothing", async () => {
    const program = (extra: string): string =>
      `${provider("west", stack.simulator, extra)}${FOO}, { provider: west });`;
    stack.program(program(""));
    assert.equal((await stack.up()).code, 0);
    await stack.requests();
    stack.program(program("maxRetries: 3,"));
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.match(output, /1 updated/);
    assert.doesNotMatch(output, /replaced/);
    assert.deepEqual(await stack.requests(), []);
  });

  it("refuses one object on two instances of one platform, in preview", async () => {
    stack.program(
      `${provider("west", stack.simulator)}${FOO});${FOO.replace('"foo",', '"twice",')}, { provider: west });`,
    );
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0, output);
    assert.match(
      output,
      /tenant foo: groupServices\.Hunt Group is declared by (?:foo \(the default provider\)|twice \(provider west\)) too/,
    );
  });

  for (const name of ["default", "default_2"]) {
    it(`does not send the environment's password to an instance called ${name}`, async () => {
      await eastAdmin("DELETE");
      const instance = provider("named", east).replace('"named"', `"${name}"`);
      stack.program(`${instance}${FOO.replace('"foo",', '"east-foo",')}, { provider: named });`);
      const { code, output } = await stack.preview();
      if (edge === "native" && name === "default") {
        assert.notEqual(code, 0, output);
        assert.match(output, /provider default has the name that Pulumi gives the default provider.*another name/);
        assert.deepEqual(await eastAdmin("GET"), []);
      } else {
        // East accepts no password but its own.
        assert.equal(code, 0, output);
        assert.match(output, /PUT Hunt Group 9 → 5/);
      }
    });
  }

  it("fills nothing in from the environment, holds the brake, and says where an instance is to be set", async () => {
    assert.equal((await stack.cli("config", "set", "voice-licenses:maxReductions", "0")).code, 0);
    stack.program(
      `${provider("west", stack.simulator)}${FOO.replace(": 5 ", ": 1 ").replace('"foo",', '"lower",')}, { provider: west });`,
    );
    const braked = await stack.preview();
    assert.notEqual(braked.code, 0, braked.output);
    assert.match(
      braked.output,
      /refused by voice-licenses:maxReductions: this run makes at least 1 reduction; the limit is 0/,
    );

    const { url } = stack.simulator;
    stack.program(
      `const bare = new Provider("bare", { tenantGateway: { baseUrl: "${url}" } });${FOO.replace('"foo",', '"bare",')}, { provider: bare });`,
    );
    const bare = await stack.preview();
    assert.notEqual(bare.code, 0, bare.output);
    assert.match(bare.output, /tenantGateway\.username is missing: set it in the provider's inputs/);
    assert.deepEqual((await writes()).west, []);
  });
}

throughBothEdges("provider instances, with the real CLI and two platforms", providerInstances);
