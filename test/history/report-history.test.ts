import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseRecord } from "../../cli/history/usage-record";
import { type Ended, runCommand } from "../support/command-line";
import { startForTests } from "../support/live-simulator";

const SEED = {
  gateway: {
    tenants: { foo: { groupServices: { "Hunt Group": { maximum: 10, currentlyAllocated: 6 } }, userServices: {} } },
  },
};

describe("report --history", function () {
  this.timeout(60_000);
  const simulator = startForTests(SEED);
  let folder: string;
  let history: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-history-"));
    history = path.join(folder, "usage.jsonl");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: readonly string[]): Promise<Ended> =>
    runCommand(["report", "--output", path.join(folder, "report"), ...args], simulator.environment);
  const written = (name: string): string => readFileSync(path.join(folder, "report", name), "utf8");
  const daysAgo = (days: number, inUse: number): string =>
    JSON.stringify({
      version: 1,
      at: new Date(Date.now() - days * 86_400_000).toISOString(),
      scope: "all",
      customers: [],
      tenants: [{ id: "foo", groupServices: [["Hunt Group", 10, inUse]], userServices: [] }],
    });

  it("appends this look, and shows use over time and when a service will be exhausted", async () => {
    writeFileSync(history, ["not JSON", daysAgo(3, 3), daysAgo(2, 4), daysAgo(1, 5), ""].join("\n"));
    const { code, stderr } = await run("--history", history);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /warning: .*usage\.jsonl:1 is not a line of a usage history: skipped/);
    assert.equal(written("index.html").match(/<polyline/g)?.length, 2);
    const exhausted = new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10);
    assert.ok(written("index.html").includes(exhausted));
    const { history: overTime } = JSON.parse(written("usage.json")) as {
      history: { looks: number; forecasts: object[] };
    };
    assert.equal(overTime.looks, 4);
    assert.deepEqual(overTime.forecasts, [
      {
        tenantId: "foo",
        kind: "groupServices",
        service: "Hunt Group",
        allocated: 10,
        inUse: 6,
        inPacks: 0,
        perDay: 1,
        exhaustedOn: exhausted,
      },
    ]);
    const lines = readFileSync(history, "utf8").split("\n");
    assert.equal(lines.length, 6);
    assert.deepEqual(parseRecord(lines[4]!)?.tenants[0]?.groupServices, [["Hunt Group", 10, 6]]);
  });

  it("begins a history that does not exist, and shows nothing of it without the option", async () => {
    assert.equal((await run("--history", history)).code, 0);
    assert.match(written("index.html"), /no earlier figures/);
    assert.equal(readFileSync(history, "utf8").split("\n").length, 2);
    assert.equal((await run()).code, 0);
    assert.doesNotMatch(written("index.html"), /Use over time/);
    assert.equal("history" in (JSON.parse(written("usage.json")) as object), false);
  });

  it("refuses a history that is a directory before it reads anything", async () => {
    const { code, stderr } = await run("--history", folder);
    assert.equal(code, 1);
    assert.match(stderr, /--history .* is a directory/);
    assert.deepEqual(await simulator.admin.requests(), []);
  });
});
