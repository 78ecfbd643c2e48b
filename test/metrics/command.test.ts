import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseRecord } from "../../cli/history/usage-record";
import { type Ended, runCommand } from "../support/command-line";
import { startForTests } from "../support/live-simulator";
import { readOpenMetrics } from "./support/open-metrics";

const CONTOSO = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const SEED = {
  livePlatform: {
    customers: [
      {
        guid: CONTOSO,
        shortName: "contoso",
        fullName: 'Contoso "North"',
        licenseType: 5,
        licensedUsersCount: 50,
        activeUserCount: 3,
        currentlyLicensed: 20,
      },
    ],
  },
  gateway: {
    tenants: {
      foo: { groupServices: { "Hunt Group": { maximum: 10, currentlyAllocated: 5 }, Park: 0 }, userServices: {} },
      bar: { groupServices: {}, userServices: { Calls: { unlimited: true, packsAllocated: 4 } } },
    },
  },
};
const FLEET = `customers:
  contoso: { customerGuid: ${CONTOSO}, licenseType: OcPro, licensedUsersCount: 60 }
tenants: { foo: { groupServices: { Hunt Group: 10 } } }
`;

describe("metrics", function () {
  this.timeout(60_000);
  const simulator = startForTests(SEED);
  let folder: string;
  let output: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-metrics-"));
    output = path.join(folder, "voice_licenses.prom");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: readonly string[]): Promise<Ended> => runCommand(["metrics", ...args], simulator.environment);
  const figures = (text: string): Record<string, number> =>
    Object.fromEntries(
      readOpenMetrics(text).map(({ name, labels, value }) => [
        [name.replace("voice_licenses_", ""), ...Object.values(labels)].join(" "),
        value,
      ]),
    );

  it("prints all tenants and customers, and nothing but reads", async () => {
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(figures(stdout), {
      "allocated foo groupServices Hunt Group": 10,
      "in_use bar userServices Calls": 0,
      "in_use foo groupServices Hunt Group": 5,
      "in_packs bar userServices Calls": 4,
      "in_packs foo groupServices Hunt Group": 0,
      "unlimited bar userServices Calls": 1,
      "unlimited foo groupServices Hunt Group": 0,
      'customer_licensed Contoso "North"': 50,
      'customer_in_use Contoso "North"': 20,
    });
  });

  it("counts drift and what is unmanaged with a fleet file, among the tenants that are named", async () => {
    const file = path.join(folder, "licenses.yaml");
    writeFileSync(file, FLEET);
    const counts = async (...args: readonly string[]): Promise<unknown[]> => {
      const all = figures((await run(file, ...args)).stdout);
      return [all["drifted_objects"], all["unmanaged_objects"], Object.keys(all).some((name) => name.includes("bar"))];
    };
    assert.deepEqual(await counts(), [1, 1, true]);
    assert.deepEqual(await counts("--tenants", "foo"), [1, 0, false]);
  });

  it("replaces the output as a whole, and prints nothing to standard output then", async () => {
    writeFileSync(output, "old");
    const { code, stdout } = await run("--output", output);
    assert.deepEqual([code, stdout], [0, ""]);
    assert.equal(figures(readFileSync(output, "utf8"))["in_use foo groupServices Hunt Group"], 5);
    assert.deepEqual(readdirSync(folder), ["voice_licenses.prom"]);
  });

  it("appends a line a run to a history, of what is licensed or in use", async () => {
    const history = path.join(folder, "usage.jsonl");
    await run("--history", history, "--output", output);
    writeFileSync(history, '{"cut sh', { flag: "a" });
    await run("--history", history, "--output", output, "--tenants", "foo");
    const lines = readFileSync(history, "utf8").split("\n");
    assert.equal(lines.length, 4);
    assert.equal(lines.at(-1), "");
    const [first, broken, second] = lines.map((line) => parseRecord(line));
    assert.deepEqual(
      { ...first, at: "" },
      {
        version: 1,
        at: "",
        scope: "all",
        customers: [[CONTOSO, 50, 20]],
        tenants: [
          { id: "bar", groupServices: [], userServices: [["Calls", "unlimited", 0, 4]] },
          { id: "foo", groupServices: [["Hunt Group", 10, 5]], userServices: [] },
        ],
      },
    );
    assert.equal(broken, undefined);
    assert.deepEqual([second?.scope, second?.tenants.map(({ id }) => id)], ["named", ["foo"]]);
  });

  const failing: readonly [string, string, number][] = [
    ["a tenant", "/tenants/bar/licenses", 500],
    ["the list of tenants", "/tenants/?(\\?.*)?$", 403],
    ["the list of customers", "/customer", 500],
    ["the licences in use of a customer", "licenseinfo", 500],
  ];
  for (const [what, where, status] of failing) {
    it(`ends with 1 and writes nothing where ${what} cannot be read`, async () => {
      await simulator.admin.faults({ path: where, count: -1, fault: { kind: "status", status } });
      const history = path.join(folder, "usage.jsonl");
      const { code, stdout, stderr } = await run("--history", history);
      assert.deepEqual([code, stdout], [1, ""], stderr);
      assert.match(stderr, /^error: /m);
      assert.equal((await run("--output", output, "--history", history)).code, 1);
      assert.deepEqual([existsSync(output), existsSync(history)], [false, false]);
    });
  }

  it("reports an output that cannot be written before it reads anything", async () => {
    const { code, stderr } = await run("--output", folder);
    assert.equal(code, 1);
    assert.match(stderr, /is a directory/);
    assert.deepEqual(await simulator.admin.requests(), []);
    assert.match((await run("--output", path.join(folder, "no", "x.prom"))).stderr, /cannot be written/);
  });
});
