import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkFleet } from "../../fleet/check-fleet";
import type { Usage } from "../../cli/report/usage";
import { type Ended, runCommand } from "../support/command-line";
import { startForTests } from "../support/live-simulator";

const CONTOSO = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const FABRIKAM = "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601";

const SEED = {
  livePlatform: {
    customers: [
      {
        guid: CONTOSO,
        shortName: "contoso",
        fullName: "##vso[task.setvariable variable=S]x",
        licenseType: 5,
        licensedUsersCount: 50,
        activeUserCount: 35,
      },
      {
        guid: FABRIKAM,
        shortName: "fabrikam",
        fullName: "Fabrikam",
        licenseType: 2,
        licensedUsersCount: 60,
        activeUserCount: 28,
      },
    ],
  },
  gateway: {
    tenants: {
      foo: {
        name: "Foo Logistics",
        type: "Enterprise",
        groupServices: { "Hunt Group": 3 },
        userServices: { "::error::x": 1, "a\nb": 2 },
        servicePacks: { Standard_User: { maximumAllowed: "unlimited", allocated: 80, currentlyAllocated: 61 } },
      },
      spare: { name: "Spare & Sons", resellerId: "north", groupServices: { "Hunt Group": 1 }, userServices: {} },
      empty: { groupServices: { "Hunt Group": 0 }, userServices: {} },
    },
    stock: { userServiceLicenses: [{ name: "Voice Messaging User", licensed: 4000, used: 2210 }] },
  },
};

const FLEET = "tenants: { foo: { groupServices: { Hunt Group: 3 } } }\n";

interface Folder {
  readonly in: (name: string) => string;
  readonly write: (name: string, text: string) => string;
}

function inFolder(): Folder {
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-tenants-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const inside = (name: string): string => path.join(folder, name);
  return {
    in: inside,
    write: (name, text) => {
      writeFileSync(inside(name), text);
      return inside(name);
    },
  };
}

describe("the commands without a list of tenants", function () {
  this.timeout(20_000);
  const simulator = startForTests(SEED);
  const folder = inFolder();
  const run = (...args: readonly string[]): Promise<Ended> => runCommand(args, simulator.environment);

  it("export all tenants, with name, type and service packs as comments, and leave out by name what cannot be declared", async () => {
    const { code, stdout, stderr } = await run("export");
    assert.equal(code, 0, stderr);
    const read = checkFleet(stdout);
    assert.ok("fleet" in read, stdout);
    assert.deepEqual(
      read.fleet.tenants.map(({ name }) => name),
      ["empty", "foo", "spare"],
    );
    assert.deepEqual(
      read.fleet.customers.map(({ name, inputs }) => [name, inputs.applicationClientId]),
      [
        ["contoso", undefined],
        ["fabrikam", undefined],
      ],
    );
    for (const line of [
      "    # Foo Logistics, Enterprise\n    # Service packs, which are not managed:\n    #   Standard_User: 80 allocated, 61 in use\n",
      "    # # #vso[task.setvariable variable=S]x\n",
      '#   tenant foo, userServices."a\\u{a}b": a service\'s name must not hold control characters',
      "a reseller's user sees only its own",
    ]) {
      assert.ok(stdout.includes(line), `${line}\n${stdout}`);
    }
    assert.equal(stderr.split("\n").filter((line) => line.startsWith("warning: left out: ")).length, 1, stderr);
    assert.doesNotMatch(stdout + stderr, /##(?:vso)?\[|^\s*::/m);
    const ts = await run("export", "--format", "ts");
    assert.match(
      ts.stdout,
      /^\/\/ Foo Logistics, Enterprise\n\/\/ Service packs, which are not managed:\n\/\/ {3}Standard_User/m,
    );
    assert.doesNotMatch(ts.stdout, /##(?:vso)?\[|^\s*::/m);
  });

  it("find tenants with licences that nobody declares, unless tenants are named", async () => {
    const file = folder.write("licenses.yaml", FLEET);
    const unmanagedOf = async (...args: readonly string[]): Promise<string[]> => {
      const { code, stdout, stderr } = await run("drift", file, "--json", ...args);
      assert.equal(code, 0, stderr);
      const { unmanaged } = JSON.parse(stdout) as { unmanaged: { kind: string; id: string; holds: string }[] };
      return unmanaged.filter(({ kind }) => kind === "tenant").map(({ id, holds }) => `${id}: ${holds}`);
    };
    assert.deepEqual(await unmanagedOf(), ["spare: Spare & Sons, ServiceProvider, 1 service licensed"]);
    assert.deepEqual(await unmanagedOf("--tenants", "empty"), []);
    assert.deepEqual(await unmanagedOf("--tenants", "spare,foo"), ["spare: 1 service licensed"]);
    assert.deepEqual(await unmanagedOf("--ignore", "unmanaged.tenants.spare"), []);
  });

  it("plan without a look at what is not declared", async () => {
    const { code, stdout } = await run("plan", folder.write("licenses.yaml", FLEET));
    assert.deepEqual([code, stdout], [0, "Nothing to call, 1 as declared.\n"]);
    assert.deepEqual(
      (await simulator.admin.requests("livePlatform", "gateway")).map(
        ({ method, path: where }) => `${method} ${where}`,
      ),
      ["GET /api/v1/tenants/foo/licenses/"],
    );
  });

  it("report all tenants, the licences in use, the pool, the stock and service packs", async () => {
    const { code, stderr } = await run("report", "--output", folder.in("report"), "--pool", "1000");
    assert.deepEqual([code, stderr], [0, ""]);
    const usage = JSON.parse(readFileSync(folder.in("report/usage.json"), "utf8")) as Usage;
    assert.deepEqual(
      usage.tenants.map(({ tenantId, name, type }) => [tenantId, name, type]),
      [
        ["empty", "empty", "ServiceProvider"],
        ["foo", "Foo Logistics", "Enterprise"],
        ["spare", "Spare & Sons", "ServiceProvider"],
      ],
    );
    assert.deepEqual(usage.servicePacks, [
      { tenantId: "foo", pack: "Standard_User", allocated: 80, maximumAllowed: "unlimited", inUse: 61 },
    ]);
    assert.deepEqual(usage.pool, { size: 1000, sold: 110, left: 890 });
    assert.deepEqual(
      usage.stock?.licenses.map(({ name, licensed, used, available }) => [name, licensed, used, available]),
      [["Voice Messaging User", 4000, 2210, 1790]],
    );
    const contoso = usage.customers.find(({ guid }) => guid === CONTOSO);
    assert.deepEqual([contoso?.acquired, contoso?.inUse], [50, 35]);
    assert.match(contoso?.inUseAt ?? "", /^\d{4}-/);
    assert.equal(usage.systems.tenantGateway, simulator.environment["TENANT_GATEWAY_BASE_URL"]);
  });

  it("report without the licences in use where that is asked for", async () => {
    await run("report", "--output", folder.in("report"), "--no-licenses-in-use", "--no-app-registrations");
    const calls = (await simulator.admin.requests("livePlatform")).map(({ path: where }) => where);
    assert.deepEqual(calls, ["/tenantui/api/v3/customer"]);
  });
});

describe("the commands at a gateway that refuses its list of tenants", function () {
  this.timeout(20_000);
  const simulator = startForTests({
    ...SEED,
    livePlatform: { ...SEED.livePlatform, licenseInfoAccess: "refuse" },
    gateway: { ...SEED.gateway, tenantListAccess: "refuse", stockAccess: "refuse" },
  });
  const folder = inFolder();
  const run = (...args: readonly string[]): Promise<Ended> => runCommand(args, simulator.environment);

  it("export nothing, and name --tenants", async () => {
    const { code, stdout, stderr } = await run("export");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(
      stderr,
      /^error: the gateway does not give the list of its tenants \(.*\): name the tenants to export with --tenants or --tenants-file\.$/m,
    );
    assert.equal((await run("export", "--tenants", "foo")).code, 0);
  });

  it("say in one line that unmanaged tenants are not known, and compare the rest", async () => {
    const { code, stdout } = await run("drift", folder.write("licenses.yaml", FLEET));
    assert.equal(code, 0);
    assert.equal(stdout.match(/^note: Unmanaged tenants are not known: .*\.$/gm)?.length, 1, stdout);
    assert.match(stdout, /^1 object as declared, 2 unmanaged\.$/m);
  });

  it("report what can be read, and say what cannot", async () => {
    const { code, stderr } = await run("report", "--output", folder.in("report"));
    assert.equal(code, 0);
    assert.match(stderr, /^note: No tenant is shown: the gateway does not give the list .*--tenants-file\.\n$/);
    const page = readFileSync(folder.in("report/index.html"), "utf8");
    assert.match(page, /does not show its stock of licences to this user/);
    assert.match(page, /Not known: the platform does not offer these figures/);
  });
});

describe("the commands at systems whose lists may be incomplete", function () {
  this.timeout(20_000);
  const simulator = startForTests(SEED);
  const folder = inFolder();
  const run = (...args: readonly string[]): Promise<Ended> => runCommand(args, simulator.environment);
  const headers = { "Content-Range": "items 0-1/*" };
  const beforeThem = (path: string): Promise<void> =>
    simulator.admin.faults({ path, count: -1, fault: { kind: "headers", headers } });

  for (const [kind, path] of [
    ["tenants", "/tenants/$"],
    ["customers", "/customer$"],
  ] as const) {
    it(`export nothing where that is the list of ${kind}`, async () => {
      await beforeThem(path);
      const { code, stdout, stderr } = await run("export");
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, new RegExp(`the list of ${kind} is not complete: it has the header content-range`));
    });
  }

  it("say in one line that unmanaged tenants are not known", async () => {
    await beforeThem("/tenants/$");
    const { code, stdout } = await run("drift", folder.write("licenses.yaml", FLEET));
    assert.equal(code, 0);
    assert.equal(stdout.match(/^note: Unmanaged tenants are not known: .* not complete: .*\.$/gm)?.length, 1, stdout);
  });

  it("report the services that are listed, and say that others may be missing", async () => {
    await beforeThem("/licenses/$");
    const { code, stderr } = await run("report", "--output", folder.in("gaps"));
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^note: Services of 3 tenants may be missing: GET .* is not complete: it has the header content-range, for example\.$/m,
    );
  });

  it("compare the customers that are listed, and do not take the others for known", async () => {
    await beforeThem("/customer$");
    const file = folder.write(
      "customers.yaml",
      `customers: { fabrikam: { customerGuid: ${FABRIKAM}, licenseType: HostedPro, licensedUsersCount: 70 } }`,
    );
    const { code, stdout } = await run("drift", file, "--json");
    const { drifted, errors } = JSON.parse(stdout) as Record<"drifted" | "errors", Record<string, unknown>[]>;
    assert.equal(code, 1);
    assert.ok(
      drifted.some(({ name, property }) => name === "fabrikam" && property === "licensedUsersCount"),
      stdout,
    );
    assert.deepEqual(
      errors.map(({ name }) => name),
      ["(the list of customers)"],
    );
    assert.equal((await run("plan", file)).code, 0);
  });
});

describe("the command line", function () {
  this.timeout(20_000);
  const simulator = startForTests(SEED);
  const folder = inFolder();

  it("writes nothing where a customer that the platform lists is not found", async () => {
    await simulator.admin.faults({ path: FABRIKAM, count: -1, fault: { kind: "status", status: 404 } });
    for (const args of [
      ["export", "--output", folder.in("new.yaml")],
      ["report", "--output", folder.in("new")],
    ]) {
      const { code, stderr } = await runCommand(args, simulator.environment);
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`^error: .*${FABRIKAM}`));
    }
  });

  it("says once that nothing could be planned", async () => {
    await simulator.admin.faults({ path: "licenses", count: -1, fault: { kind: "status", status: 500 } });
    const file = folder.write(
      "licenses.yaml",
      `${FLEET.trimEnd().slice(0, -1)}, bar: { userServices: { Fax: 1 } } }\n`,
    );
    const { code, stdout } = await runCommand(["plan", file], simulator.environment);
    assert.equal(code, 1);
    assert.match(stdout, /^Nothing could be planned: 2 objects could not be read\.$/m);
  });
});
