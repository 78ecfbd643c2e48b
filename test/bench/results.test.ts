import assert from "node:assert/strict";
import { growthPlot } from "../../bench/growth-plot";
import { best, comparisonTable, type Sample, scriptTable } from "../../bench/results";
import { fleetSeconds, stackSeconds } from "../../bench/scale";

function sample(side: string, size: number, seconds: number, more: Partial<Sample> = {}): Sample {
  return { kind: "tenants", operation: "deploy", side, size, seconds, ...more };
}

describe("the benchmark's figures", () => {
  it("the fastest of several rounds counts", () => {
    const samples = [sample("ours", 50, 3), sample("ours", 50, 2), sample("floor", 50, 4), sample("ours", 200, 9)];
    assert.deepEqual(
      best(samples).map(({ side, size, seconds }) => [side, size, seconds]),
      [
        ["ours", 50, 2],
        ["floor", 50, 4],
        ["ours", 200, 9],
      ],
    );
  });

  it("ours is compared with what was measured beside it, and stands nowhere without", () => {
    const ours = sample("ours", 50, 3, {
      requests: 150,
      stateBytes: 93_600,
      engineCpu: 1,
      pluginCpu: 2,
      pluginMemory: 160,
    });
    const others = [
      sample("textbook", 50, 4, { stateBytes: 201_000 }),
      sample("floor", 50, 2, { engineCpu: 0.5, pluginCpu: 1, pluginMemory: 147 }),
    ];
    const [head, line, row, ...more] = comparisonTable([ours, ...others, sample("ours", 200, 9)]).split("\n");
    assert.match(head ?? "", /^\| kind \| size \| operation \| ours, s \|/);
    assert.match(line ?? "", /^\| --- \| --- \|/);
    assert.equal(
      row,
      "| tenants | 50 | deploy | 3.0 | 4.0 | 2.0 | 0.75 | 1.50 | 1.0 / 0.5 | 2.0 / 1.0 | 160 / 147 | 94 / 201 | 3 |",
    );
    assert.deepEqual(more, []);
  });

  it("ours is compared with a script that does the same work", () => {
    const rows = scriptTable([
      sample("ours", 50, 3),
      sample("scriptInTurn", 50, 0.4, { requests: 150 }),
      sample("scriptAtOnce", 50, 0.2, { requests: 150 }),
      sample("ours", 200, 9),
    ]).split("\n");
    assert.deepEqual(rows.slice(2), ["| tenants | 50 | 3.0 | 0.4 | 0.2 | 3 |"]);
  });

  it("the plot has a line for each side, within the picture", () => {
    const svg = growthPlot("deploy", [sample("ours", 50, 2), sample("ours", 500, 20), sample("floor", 500, 25)]);
    assert.equal(svg.match(/<polyline/g)?.length, 2);
    for (const [, x, y] of svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)) {
      assert.ok(Number(x) >= 0 && Number(x) <= 640 && Number(y) >= 0 && Number(y) <= 320, `${x} ${y}`);
    }
  });

  it("a stack of another size lies on a power law between those that were measured", () => {
    const measured = [
      { size: 1000, seconds: 80 },
      { size: 100, seconds: 4 },
      { size: 300, seconds: 12 },
    ];
    assert.equal(stackSeconds(100, measured), 4);
    assert.ok(Math.abs(stackSeconds(300, measured) - 12) < 1e-9);
    assert.ok(Math.abs(stackSeconds(200, measured) - 8) < 1e-9);
    assert.ok(stackSeconds(2000, measured) > 160);
    assert.ok(Math.abs(stackSeconds(50, measured) - 2) < 1e-9);
    assert.throws(() => stackSeconds(1, []), /two sizes/);
  });

  it("a fleet takes its waves, each as long as the slower of engine and API", () => {
    const measured = [
      { size: 100, seconds: 10 },
      { size: 1000, seconds: 100 },
    ];
    const division = { resources: 1000, shard: 100, jobs: 4, requestsPerSecond: 1000, requestsEach: 4 };
    // Ten stacks in waves of 4, 4 and 2; the engine is the slower.
    assert.equal(Math.round(fleetSeconds(division, measured)), 30);
    // Now the API: 1,600 requests, twice, then 800, at ten a second.
    assert.equal(Math.round(fleetSeconds({ ...division, requestsPerSecond: 10 }, measured)), 400);
  });
});
