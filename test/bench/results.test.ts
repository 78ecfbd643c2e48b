import assert from "node:assert/strict";
import { growthPlot } from "../../bench/growth-plot";
import { best, dynamicTable, FAR, nativeTable, type Sample, scriptTable } from "../../bench/results";
import { roleOf } from "../../bench/process-watch";
import { fleetSeconds, stackSeconds } from "../../bench/scale";
import { targetTable } from "../../bench/targets";

function sample(side: string, size: number, seconds: number, more: Partial<Sample> = {}): Sample {
  return { kind: "tenants", operation: "deploy", side, size, seconds, ...more };
}

describe("the benchmark's figures", () => {
  it("the fastest of several rounds counts", () => {
    const samples = [
      sample("native", 50, 3),
      sample("native", 50, 2),
      sample("floor", 50, 4),
      sample("native", 200, 9),
    ];
    assert.deepEqual(
      best(samples).map(({ side, size, seconds }) => [side, size, seconds]),
      [
        ["native", 50, 2],
        ["floor", 50, 4],
        ["native", 200, 9],
      ],
    );
  });

  const usage = { requests: 150, stateBytes: 93_600, engineCpu: 1, pluginCpu: 2, pluginMemory: 160 };
  const dynamic = sample("dynamic", 50, 3, usage);
  const native = sample("native", 50, 2.4, { ...usage, stateBytes: 80_000, pluginCpu: 1, pluginMemory: 90 });
  const textbook = sample("textbook", 50, 4, { stateBytes: 201_000 });
  const floor = sample("floor", 50, 2, { engineCpu: 0.5, pluginCpu: 1, pluginMemory: 147 });

  it("the dynamic form is compared with two that do nothing", () => {
    const [head, line, ...rows] = dynamicTable([native, dynamic, textbook, floor]).split("\n");
    assert.match(head ?? "", /^\| kind \| size \| operation \| dynamic, s \| textbook \| floor \|/);
    assert.match(line ?? "", /^\| --- \| --- \|/);
    assert.deepEqual(rows, [
      "| tenants | 50 | deploy | 3.0 | 4.0 | 2.0 | 0.75 | 1.50 | 1.0 / 0.5 | 2.0 / 1.0 | 160 / 147 | 94 / 201 | 3 |",
    ]);
  });

  it("the native plugin is compared with the dynamic form", () => {
    const [head, , ...rows] = nativeTable([native, dynamic, textbook, floor]).split("\n");
    assert.match(head ?? "", /\| native, s \| dynamic \| floor \| native \/ dynamic \| native \/ floor \|/);
    assert.deepEqual(rows, [
      "| tenants | 50 | deploy | 2.4 | 3.0 | 2.0 | 0.80 | 1.20 | 1.0 / 1.0 | 1.0 / 2.0 | 90 / 160 | 80 / 94 | 3 |",
    ]);
  });

  it("a side that was measured alone has a row of its own figures, and one that was not has none", () => {
    const alone = "| tenants | 50 | deploy | 2.4 |  |  |  |  | 1.0 | 1.0 | 90 | 80 | 3 |";
    assert.equal(nativeTable([native]).split("\n")[2], alone);
    assert.equal(dynamicTable([native]), "");
    assert.equal(scriptTable([native]), "");
  });

  it("both forms are compared with a script that does the same work", () => {
    const scripts = [
      sample("scriptInTurn", 50, 0.4, { requests: 150 }),
      sample("scriptAtOnce", 50, 0.2, { requests: 150 }),
    ];
    const rows = scriptTable([native, dynamic, ...scripts, sample("dynamic", 200, 9)]).split("\n");
    assert.deepEqual(rows.slice(2), ["| tenants | 50 | 2.4 | 3.0 | 0.4 | 0.2 | 3 |"]);
  });

  describe("against the targets", () => {
    const starts = [150, 170, 900].flatMap((milliseconds) => [
      { side: "native", milliseconds, memory: 60 } as const,
      { side: "dynamic", milliseconds: milliseconds * 3, memory: 120 } as const,
    ]);
    const rowOf = (name: string, samples: readonly Sample[]): string | undefined =>
      targetTable(samples, starts)
        .split("\n")
        .find((row) => row.startsWith(`| ${name} |`));

    it("the start that is in the middle counts", () => {
      assert.equal(rowOf("start of the plugin", []), "| start of the plugin | 0.5 | 170 of 510: 0.33 | yes |");
      assert.equal(rowOf("memory at rest", []), "| memory at rest | 0.65 | 60 of 120: 0.50 | yes |");
    });

    it("each size has to meet a target", () => {
      const large = [sample("native", 500, 9), sample("dynamic", 500, 10)];
      assert.equal(rowOf("deploy", [native, dynamic]), "| deploy | 0.85 | 50 tenants 0.80 | yes |");
      const row = "| deploy | 0.85 | 50 tenants 0.80, 500 tenants 0.90 | no |";
      assert.equal(rowOf("deploy", [native, dynamic, ...large]), row);
    });

    it("a ratio that is shown as the target meets it", () => {
      const samples = [sample("native", 50, 1.004), sample("dynamic", 50, 1)];
      const far = samples.map((one) => ({ ...one, operation: FAR }));
      assert.equal(rowOf(FAR, far), `| ${FAR} | 1 | 50 tenants 1.00 | yes |`);
    });

    it("the memory of every operation with 1,000 resources counts", () => {
      const samples = [
        sample("native", 1000, 50, { pluginMemory: 118 }),
        sample("native", 1000, 5, { operation: "refresh", pluginMemory: 131 }),
      ];
      const name = "memory with 1,000 resources, MB";
      assert.equal(rowOf(name, samples), `| ${name} | 120 | deploy 118, refresh 131 | no |`);
    });

    it("what was not measured is neither met nor missed", () => {
      assert.equal(rowOf("refresh", [native, dynamic]), "| refresh | 1 | not measured |  |");
    });
  });

  it("a plugin is recognised by its command line, and not its launcher", () => {
    const roles = [
      "node /home/me/dist/plugin/index.js 127.0.0.1:4000 ",
      "node /home/me/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js 127.0.0.1:4000 ",
      "/bin/sh /home/me/dist/plugin/pulumi-resource-voice-licenses 127.0.0.1:4000 ",
      "/bin/sh /bin/pulumi-resource-pulumi-nodejs 127.0.0.1:4000 ",
      "node -e console.log(require.resolve('@pulumi/pulumi/cmd/dynamic-provider')) ",
      "/opt/pulumi/bin/pulumi up --yes ",
    ].map(roleOf);
    assert.deepEqual(roles, ["plugin", "plugin", "other", "other", "other", "engine"]);
  });

  it("the plot has a line for each side, within the picture", () => {
    const svg = growthPlot("deploy", [sample("native", 50, 2), sample("native", 500, 20), sample("floor", 500, 25)]);
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
