import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Ended, runCommand } from "../support/command-line";
import { startForTests } from "../support/live-simulator";

const CONTOSO = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const SEED = {
  livePlatform: {
    customers: [
      {
        guid: CONTOSO,
        shortName: "contoso",
        licenseType: 5,
        licensedUsersCount: 50,
        activeUserCount: 3,
        currentlyLicensed: 20,
      },
      {
        guid: "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601",
        shortName: "other",
        licenseType: 5,
        licensedUsersCount: 5,
        activeUserCount: 3,
      },
    ],
  },
  gateway: {
    tenants: {
      foo: {
        groupServices: {
          "Hunt Group": { maximum: 10, currentlyAllocated: 5 },
          Park: { maximum: 4 },
          Paging: { unlimited: true, currentlyAllocated: 2 },
        },
        userServices: { Waiting: { maximum: 10, packsAllocated: 7 } },
      },
    },
  },
};
const FLEET = `# The fleet.
customers:
  contoso: { customerGuid: ${CONTOSO}, licenseType: OcPro, licensedUsersCount: 50 } # big
tenants:
  foo:
    groupServices:
      Hunt Group: 10 # ten
      Park: 4
      Paging: unlimited
`;

describe("rightsize", function () {
  this.timeout(60_000);
  const simulator = startForTests(SEED);
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-rightsize-"));
    file = path.join(folder, "licenses.yaml");
    writeFileSync(file, FLEET);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: readonly string[]): Promise<Ended> =>
    runCommand(["rightsize", file, ...args], simulator.environment);
  const text = (): string => readFileSync(file, "utf8");
  const historyLine = (daysAgo: number, hunting: number): string =>
    JSON.stringify({
      version: 1,
      at: new Date(Date.now() - daysAgo * 86_400_000).toISOString(),
      scope: "all",
      customers: [[CONTOSO, 50, hunting]],
      tenants: [{ id: "foo", groupServices: [["Hunt Group", 10, hunting]], userServices: [] }],
    });

  it("shows what use and headroom suggest, by the licences in use of a customer, and writes nothing", async () => {
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    const lines = stdout.split("\n").map((line) => line.trim().replaceAll(/\s+/g, " "));
    for (const line of ["users 50 20 24 -26", "group Hunt Group 10 5 6 -4", "not in use:", "group Park 4 0 0 -4"]) {
      assert.ok(lines.includes(line), `${line}\n${stdout}`);
    }
    assert.match(stdout, /^3 of 4 values to change: 34 licences freed, 0 added\.$/m);
    assert.match(stdout, /pulumi preview/);
    assert.doesNotMatch(stdout, /Paging/);
    assert.equal(text(), FLEET);
    const writes = (await simulator.admin.requests()).filter(({ method }) => method === "PATCH" || method === "PUT");
    assert.deepEqual(writes, []);
  });

  it("asks for the licences in use of declared customers alone", async () => {
    await run();
    const asked = (await simulator.admin.requests("livePlatform"))
      .map((request) => request.path)
      .filter((one) => one.includes("1f0a9c44"));
    assert.deepEqual(asked, []);
  });

  it("changes the file in place, and then has nothing to change", async () => {
    const { code, stdout, stderr } = await run("--headroom", "20%", "--write", "--include-unlimited");
    assert.equal(code, 0, stderr);
    const expected = FLEET.replace("50 }", "24 }")
      .replace("10 # ten", "6 # ten")
      .replace("Park: 4", "Park: 0")
      .replace("unlimited", "3");
    assert.equal(text(), expected);
    assert.match(stdout, /Wrote .*licenses\.yaml/);
    assert.match(stdout, /pulumi preview/);
    assert.match((await run("--write")).stdout, /4 values checked, none to change\./);
    assert.equal(text(), expected);
  });

  it("sizes a service that only service packs use by what they hand out, and by more where a history has more", async () => {
    const packed = "tenants: { foo: { userServices: { Waiting: 10 } } }\n";
    writeFileSync(file, packed);
    const sized = async (...args: readonly string[]): Promise<string> => {
      const { stdout, stderr, code } = await run("--headroom", "0", ...args);
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stdout, /not in use:/);
      assert.match(stdout, /^1 service is sized by a sum: /m);
      return /Waiting.*/.exec(stdout)?.[0].replaceAll(/\s+/g, " ") ?? "";
    };
    assert.equal(await sized(), "Waiting 10 0+7 7 -3");
    const history = path.join(folder, "usage.jsonl");
    const tenants = [{ id: "foo", groupServices: [], userServices: [["Waiting", 10, 1, 8]] }];
    writeFileSync(history, `${JSON.stringify({ ...JSON.parse(historyLine(1, 0)), tenants })}\n`);
    assert.equal(await sized("--history", history), "Waiting 10 1+8 9 -1");
    await run("--headroom", "0", "--write");
    assert.equal(text(), packed.replace("10", "7"));
  });

  it("keeps a byte-order mark and the mode of the file", async () => {
    writeFileSync(file, `\ufeff${FLEET}`);
    chmodSync(file, 0o640);
    assert.equal((await run("--write")).code, 0);
    assert.ok(text().startsWith("\ufeff# The fleet."));
    assert.equal(statSync(file).mode & 0o777, 0o640);
  });

  it("reports a file that cannot be written, and leaves it as it is", async () => {
    chmodSync(file, 0o444);
    const { code, stdout, stderr } = await run("--write");
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^error: .*licenses\.yaml cannot be written .*; no file was changed\.$/m);
    assert.equal(text(), FLEET);
  });

  it("prints JSON with every value", async () => {
    const { stdout } = await run("--format", "json", "--headroom", "5");
    const { version, freed, added, sizes, written } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual({ version, freed, added, written }, { version: 1, freed: 25, added: 1, written: [] });
    assert.deepEqual((sizes as unknown[])[1], {
      kind: "tenant",
      id: "foo",
      name: "foo",
      property: "groupServices.Hunt Group",
      declared: 10,
      inUse: 5,
      inPacks: 0,
      use: 5,
      suggested: 10,
      change: 0,
      kept: null,
    });
  });

  it("takes the highest use of the last days from a history, and names its broken lines", async () => {
    const history = path.join(folder, "usage.jsonl");
    writeFileSync(
      history,
      [historyLine(40, 9), historyLine(3, 8), '{"version":1,"at":', historyLine(1, 6), ""].join("\n"),
    );
    const sized = async (...args: readonly string[]): Promise<string> => {
      const { stdout, stderr, code } = await run("--history", history, "--headroom", "0", ...args);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /usage\.jsonl:3 is not a line of a usage history: skipped/);
      return /Hunt Group.*/.exec(stdout)?.[0].replaceAll(/\s+/g, " ") ?? "";
    };
    assert.equal(await sized(), "Hunt Group 10 8 8 -2");
    assert.equal(await sized("--days", "60"), "Hunt Group 10 9 9 -1");
    assert.equal(await sized("--days", "2"), "Hunt Group 10 6 6 -4");
  });

  it("ends with 1, and says which, where a declared object or its use cannot be read, or an option is wrong", async () => {
    assert.match(
      (await run("--history", path.join(folder, "none.jsonl"))).stderr,
      /--history .*none\.jsonl cannot be read/,
    );
    assert.match((await run("--days", "5")).stderr, /--days needs --history/);
    assert.match((await run("--headroom", "lots")).stderr, /20%/);
    await simulator.admin.faults({ path: "licenseinfo", count: -1, fault: { kind: "status", status: 500 } });
    const failed = await run("--write");
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /licences in use of 1 customer are not known/);
    await simulator.admin.clearFaults();
    await simulator.admin.deleteCustomer(CONTOSO);
    const gone = await run("--write");
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, new RegExp(CONTOSO));
    assert.equal(text(), FLEET);
  });
});
