import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkFleet } from "../../fleet/check-fleet";
import { eachService } from "../../provider/tenant/allocation";
import { type Ended, runCommand } from "../support/command-line";
import { startForTests } from "../support/live-simulator";

const CONTOSO = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const SITE_1 = "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601";
const SITE1 = "2f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e602";
const FREE = "b1c95f27-08ad-4d63-8f4e-93e6a27d5c44";
const APP_ID = "0fdc8122-e0b5-43ac-8433-54860113710d";

const customer = (guid: string, shortName: string, licenseType: number): Record<string, unknown> => ({
  guid,
  shortName,
  fullName: `${shortName} in full`,
  licenseType,
  licensedUsersCount: 50,
  activeUserCount: 3,
  applicationClientId: APP_ID,
});

const SEED = {
  livePlatform: {
    customers: [
      customer(SITE1, "site1", 4),
      customer(SITE_1, "Site 1", 5),
      { ...customer(CONTOSO, "contoso", 2), applicationClientId: undefined },
      customer(FREE, "free", 3),
    ],
  },
  gateway: {
    tenants: {
      foo: { groupServices: { "Hunt Group": 3, "Call Pickup": 0 }, userServices: { '3G/4G: "it\'s"': "unlimited" } },
      odd: { groupServices: { "4dabf18193072939515e22adb298388d": 1 }, userServices: {} },
      "0042": { groupServices: { "Hunt Group": 0 }, userServices: {} },
    },
  },
};

describe("export", function () {
  this.timeout(60_000);
  const simulator = startForTests(SEED);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-export-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: readonly string[]): Promise<Ended> => runCommand(["export", ...args], simulator.environment);

  /** What a fleet file declares: names of customers with the keys of their secrets, and `tenant/service=allocation`. */
  const declared = (text: string): { customers: string[]; services: string[] } => {
    const read = checkFleet(text);
    assert.ok("fleet" in read, `${JSON.stringify(read)}\n${text}`);
    return {
      customers: read.fleet.customers.map(({ name, secretKey }) => `${name} ${secretKey ?? "-"}`),
      services: read.fleet.tenants.flatMap(({ inputs: { tenantId, services } }) =>
        [...eachService(services)].map(([, name, allocation]) => `${tenantId}/${name}=${allocation}`),
      ),
    };
  };

  const calls = async (): Promise<string[]> =>
    (await simulator.admin.requests("livePlatform", "gateway")).map(({ method, path: where }) => `${method} ${where}`);

  it("writes a fleet file to standard output, all else to standard error, and asks for nothing but reads", async () => {
    const { code, stdout, stderr } = await run("--tenants", "foo,0042");
    assert.equal(code, 0, stderr);
    assert.deepEqual(declared(stdout), {
      customers: ["contoso -", "site-1 site_1AppSecret", "site1 site1AppSecret"],
      services: ["0042/Hunt Group=0", "foo/Call Pickup=0", "foo/Hunt Group=3", 'foo/3G/4G: "it\'s"=unlimited'],
    });
    assert.match(stdout, new RegExp(`^#   free in full \\(${FREE}\\): OC Essential, 50 users$`, "m"));
    for (const key of ["site_1AppSecret", "site1AppSecret"]) {
      const line = `pulumi config set --secret voice-licenses:${key}`;
      assert.match(stdout, new RegExp(`^#   ${line}$`, "m"));
      assert.match(stderr, new RegExp(`^next: ${line}$`, "m"));
    }
    assert.deepEqual(
      (await calls()).filter((call) => !call.startsWith("GET ")),
      [],
    );
  });

  it("tells programs what it wrote, as JSON, beside a file only", async () => {
    const file = path.join(folder, "told.yaml");
    const { code, stdout, stderr } = await run("--tenants", "foo", "--output", file, "--json");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(JSON.parse(stdout), {
      version: 1,
      file,
      customers: 3,
      tenants: 1,
      undeclarable: 1,
      next: ["site-1", "site1"].map(
        (name) => `pulumi config set --secret voice-licenses:${name.replace("-", "_")}AppSecret`,
      ),
    });
    const alone = await run("--json");
    assert.deepEqual([alone.code, alone.stdout], [1, ""]);
    assert.match(alone.stderr, /^error: --json needs --output/);
  });

  it("gives the same text each time, to a file as well, which comes whole and alone", async () => {
    const file = path.join(folder, "licenses.yaml");
    const [first, second] = await Promise.all([run("--tenants", "foo,0042"), run("--tenants", "0042,foo,foo")]);
    assert.equal(first.stdout, second.stdout);
    writeFileSync(path.join(folder, "tenants.txt"), "\ufeff# ours\r\n0042\r\n\r\n foo \n");
    const third = await run("--tenants-file", path.join(folder, "tenants.txt"), "--output", file);
    assert.equal(third.stdout, `${file}: 3 customers and 2 tenants; 1 customer cannot be declared, see its end\n`);
    assert.equal(readFileSync(file, "utf8"), first.stdout);
    assert.deepEqual(readdirSync(folder).sort(), ["licenses.yaml", "tenants.txt"]);
  });

  it("leaves out what --exclude, --only-licensed and the lack of an --include say, and renames nothing by it", async () => {
    const [included, excluded] = await Promise.all([
      run("--tenants", "foo,0042", "--include", "Site?1", "--include", "0*"),
      run("--tenants", "foo,0042", "--exclude", "* in full", "--only-licensed"),
    ]);
    assert.deepEqual(declared(included.stdout), {
      customers: ["site-1 site_1AppSecret"],
      services: ["0042/Hunt Group=0"],
    });
    assert.deepEqual(declared(excluded.stdout), {
      customers: [],
      services: ["foo/Hunt Group=3", 'foo/3G/4G: "it\'s"=unlimited'],
    });
  });

  it("leaves out what a fleet file declares already, by what it is and not by its name", async () => {
    const managed = path.join(folder, "managed.yaml");
    writeFileSync(
      managed,
      `customers: { other: { customerGuid: ${CONTOSO.toUpperCase()}, licenseType: OcPro, licensedUsersCount: 1 } }
tenants: { mine: { tenantId: foo, groupServices: { Hunt Group: 9 } } }
`,
    );
    const { stdout } = await run("--tenants", "foo,0042", "--managed-by", managed);
    assert.deepEqual(declared(stdout), {
      customers: ["site-1 site_1AppSecret", "site1 site1AppSecret"],
      services: ["0042/Hunt Group=0", "foo/Call Pickup=0", 'foo/3G/4G: "it\'s"=unlimited'],
    });
  });

  it("reads all customers by one call without App Registrations", async () => {
    const { stdout, stderr } = await run("--tenants", "foo", "--no-app-registrations");
    assert.deepEqual(declared(stdout).customers, ["contoso -", "site-1 -", "site1 -"]);
    assert.equal(stderr, "");
    const ofCustomers = (await calls()).filter((call) => call.includes("/tenantui/"));
    assert.deepEqual(ofCustomers, ["GET /tenantui/api/v3/customer"]);
  });

  it("names every tenant that is not there, and writes nothing", async () => {
    const file = path.join(folder, "licenses.yaml");
    const { code, stdout, stderr } = await run("--tenants", "nowhere,foo,neither", "--output", file);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /answers 404 when asked for tenant nowhere: check its id/);
    assert.match(stderr, /answers 404 when asked for tenant neither: check its id/);
    assert.ok(!existsSync(file));
  });

  it("leaves out what cannot be declared, and says so in the file and beside it", async () => {
    const { code, stdout, stderr } = await run("--tenants", "odd,foo");
    assert.equal(code, 0);
    assert.deepEqual(declared(stdout).services.length, 3);
    const why =
      "tenant odd, groupServices.4dabf18193072939515e22adb298388d: Pulumi cannot carry a service of this name: remove it from the maps.";
    assert.ok(stderr.includes(`warning: left out: ${why}\n`), stderr);
    assert.ok(stdout.includes(`# Left out, because it cannot be declared:\n#   ${why}\n`), stdout);
  });

  it("refuses a file that it could not write before it reads anything", async () => {
    const [isFolder, noFolder, isEmpty] = await Promise.all([
      run("--output", folder, "--force"),
      run("--output", path.join(folder, "no", "licenses.yaml")),
      run("--output", ""),
    ]);
    assert.deepEqual([isFolder.code, noFolder.code, isEmpty.code], [1, 1, 1]);
    assert.equal(isEmpty.stderr, "error: --output is empty: give the path of a file, or - for standard output.\n");
    assert.equal(isFolder.stderr, `error: ${folder} is a directory: give the path of a file.\n`);
    assert.equal(noFolder.stderr, `error: ${path.join(folder, "no")} is not a directory: create it first.\n`);
    assert.deepEqual(await calls(), []);
    assert.deepEqual(
      readdirSync(path.dirname(folder)).filter((name) => name.startsWith(`.${path.basename(folder)}`)),
      [],
    );
  });
});

describe("export of systems that hold nothing", () => {
  const simulator = startForTests({ livePlatform: { customers: [] }, gateway: { tenants: {} } });

  it("warns", async () => {
    const { code, stderr } = await runCommand(["export"], { ...simulator.environment, LIVE_PLATFORM_BASE_URL: "" });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^warning: the systems show no customer with a licence, and no tenant: check what/m);
  });
});
