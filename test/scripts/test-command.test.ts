import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { callerOf } from "./module-under-test";
import { runNode } from "./spawned";
import { inTemporaryFolder, root, writeText } from "./temporary-folder";

describe("the arguments of npm test", () => {
  const call = callerOf(() => import("../../scripts/lib/test-arguments.mjs"));
  const all = new Set(["gates", "unit", "e2e"]);
  const brake = "test/run/reduction-brake.test.ts";
  const cases: [args: string[], parts: Set<string>, unit: string[], endToEnd: string[], mocha: string[]][] = [
    [[], all, [], [], []],
    [["--only", "unit"], new Set(["unit"]), [], [], []],
    [["--only=gates"], new Set(["gates"]), [], [], []],
    [["--", "--grep", "drift"], all, [], [], ["--grep", "drift"]],
    [["--only", "e2e", "--bail"], new Set(["e2e"]), [], [], ["--bail"]],
    [["--only", "mutation", "--seed", "2", brake], new Set(["mutation"]), [brake], [], ["--seed", "2"]],
    [["test/cli/drift.test.ts"], new Set(["unit"]), ["test/cli/drift.test.ts"], [], []],
    [["test/end-to-end/up.test.ts"], new Set(["e2e"]), [], ["test/end-to-end/up.test.ts"], []],
  ];
  for (const [args, parts, unitFiles, endToEndFiles, mocha] of cases) {
    it(`${args.join(" ") || "(none)"} run ${[...parts].join(", ")}`, async () => {
      assert.deepEqual(await call("parseTestArguments", args), {
        parts,
        unitFiles,
        endToEndFiles,
        mocha,
        isNightly: false,
      });
    });
  }

  it("--nightly asks for the nightly form of what else is named", async () => {
    assert.deepEqual(await call("parseTestArguments", ["--nightly", "--only", "unit"]), {
      parts: new Set(["unit"]),
      unitFiles: [],
      endToEndFiles: [],
      mocha: [],
      isNightly: true,
    });
  });

  it("--nightly alone also tries mutations", async () => {
    assert.deepEqual(await call("parseTestArguments", ["--nightly"]), {
      parts: new Set([...all, "mutation"]),
      unitFiles: [],
      endToEndFiles: [],
      mocha: [],
      isNightly: true,
    });
  });

  it("refuse an unknown part", async () => {
    await assert.rejects(
      call("parseTestArguments", ["--only", "all"]),
      /--only all: write one of gates, unit, e2e, mutation/,
    );
  });
});

describe("the contents of the package", () => {
  const call = callerOf(() => import("../../scripts/lib/pack-check.mjs"));
  const good = ["package.json", "README.md", "LICENSE", "CHANGELOG.md", "dist/provider/index.js", "dist/cli/a-b.d.ts"];
  const cases: [files: string[], problems: RegExp[]][] = [
    [[], []],
    [["dist/simulator/seeds/small.yaml", "dist/fleet/licenses.schema.json"], []],
    [["provider/index.ts"], [/^provider\/index\.ts does not belong in the package/]],
    [["dist/.tsbuildinfo"], [/^dist\/\.tsbuildinfo does not belong/]],
    [["dist/provider/index.test.js"], [/index\.test\.js does not belong/]],
    [["dist/test/end-to-end.js"], [/dist\/test\/end-to-end\.js does not belong/]],
    [["dist/provider/index.js.map"], [/index\.js\.map is a source map without its sources/]],
  ];
  for (const [files, problems] of cases) {
    it(`with ${files.join(", ") || "nothing else"} ${problems.length === 0 ? "is fine" : "is refused"}`, async () => {
      const read = (): string => JSON.stringify({ sources: ["../../provider/index.ts"] });
      const found = await call("packProblems", [...good, ...files], read);
      assert.ok(Array.isArray(found));
      assert.equal(found.length, problems.length, String(found));
      problems.forEach((problem, index) => {
        assert.match(String(found[index]), problem);
      });
    });
  }

  it("may hold a source map that carries its sources", async () => {
    const read = (): string => JSON.stringify({ sources: ["../../provider/index.ts"], sourcesContent: ["export {};"] });
    assert.deepEqual(await call("packProblems", [...good, "dist/provider/index.js.map"], read), []);
  });

  it("must have its words", async () => {
    assert.deepEqual(await call("packProblems", ["package.json", "README.md"], () => ""), [
      "LICENSE is missing",
      "CHANGELOG.md is missing",
    ]);
  });
});

describe("a module of types alone", () => {
  const call = callerOf(() => import("../../scripts/lib/mocha-runs.mjs"));
  const start = '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n';

  it("is known by its compiled text", async () => {
    assert.equal(await call("isEmptyModule", `${start}/** Words. */\n// More.\n`), true);
    assert.equal(await call("isEmptyModule", `${start}exports.x = 1;\n`), false);
  });
});

describe("installed dependencies", () => {
  const call = callerOf(() => import("../../scripts/lib/dependencies.mjs"));
  const wanted = {
    packages: {
      "": {},
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "2.0.0", optional: true },
    },
  };
  const cases: [what: string, packages: Record<string, unknown>, agrees: boolean][] = [
    ["agree in full", { "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "2.0.0" } }, true],
    ["agree without an optional one", { "node_modules/a": { version: "1.0.0" } }, true],
    ["do not agree in another version", { "node_modules/a": { version: "1.0.1" } }, false],
    ["do not agree where one is missing", {}, false],
  ];
  for (const [what, packages, agrees] of cases) {
    it(what, async () => {
      assert.equal(await call("agrees", { packages }, wanted), agrees);
    });
  }
});

describe("the table of steps", () => {
  const call = callerOf(() => import("../../scripts/lib/step.mjs"));

  it("shows result, name, seconds and note", async () => {
    const table = await call("stepTable", [
      { name: "set-up", ok: true, seconds: 1.25 },
      { name: "unit tests", ok: false, seconds: 100, note: "9 passed, 1 failed" },
    ]);
    assert.equal(table, "  ok    set-up        1.3 s\n  FAIL  unit tests  100.0 s  9 passed, 1 failed");
  });
});

describe("where the CLI runs", () => {
  const call = callerOf(() => import("../../scripts/lib/working-directory.mjs"));

  it("is the folder of the user where it is an example or holds a project, else the root", async () => {
    await inTemporaryFolder(async (folder) => {
      const project = path.dirname(writeText(path.join(folder, "mine", "Pulumi.yaml"), "name: mine\n"));
      const repository = path.join(folder, "repository");
      const example = path.join(repository, "examples", "fleet");
      assert.equal(await call("pulumiWorkingDirectory", repository, project), project);
      assert.equal(await call("pulumiWorkingDirectory", repository, example), example);
      assert.equal(await call("pulumiWorkingDirectory", repository, path.join(repository, "provider")), repository);
      assert.equal(await call("pulumiWorkingDirectory", repository, folder), repository);
    });
  });
});

describe("the reporter", function () {
  this.timeout(60_000);

  for (const parallel of [[], ["--parallel", "--jobs", "2"]]) {
    it(`shows files and failures, and keeps the counts ${parallel.join(" ")}`, async () => {
      await inTemporaryFolder(async (folder) => {
        const good = writeText(path.join(folder, "good.js"), 'it("a", () => {}); it("b", () => {}); it("later");\n');
        const bad = writeText(path.join(folder, "bad.js"), 'it("c", () => { throw new Error("too bad"); });\n');
        const results = path.join(folder, "results.json");
        const { code, output } = await runNode(
          [
            ...[path.join(root, "node_modules/mocha/bin/mocha.js"), "--no-config", "--no-color", ...parallel],
            ...["--reporter", path.join(root, "scripts/lib/mocha-reporter.cjs")],
            ...["--reporter-options", `output=${results}`, good, bad],
          ],
          { cwd: folder },
        );
        assert.equal(code, 1);
        assert.match(output, /^ {2}ok {3}good\.js {2}2 passed, 1 skipped, \d+\.\d s$/m);
        assert.match(output, /^ {2}FAIL bad\.js {2}0 passed, 1 failed, \d+\.\d s$/m);
        assert.match(output, /^ {7}failed: c$/m);
        assert.match(output, /too bad/);
        assert.deepEqual(JSON.parse(readFileSync(results, "utf8")), { passed: 2, failed: 1, skipped: 1 });
      });
    });
  }

  it("ends what a test has left open, as failed", async () => {
    await inTemporaryFolder(async (folder) => {
      const leak = writeText(path.join(folder, "leak.js"), 'it("a", () => { setInterval(() => {}, 1000); });\n');
      const { code, output } = await runNode([
        ...[path.join(root, "node_modules/mocha/bin/mocha.js"), "--no-config", "--no-color"],
        ...["--reporter", path.join(root, "scripts/lib/mocha-reporter.cjs"), "--reporter-options", "patience=50", leak],
      ]);
      assert.equal(code, 1);
      assert.match(output, /FAIL the tests are over, but something was left open: .*Timeout/);
    });
  });
});

describe("the packages that users install", () => {
  const call = callerOf(() => import("../../scripts/lib/weight-check.mjs"));

  it("are ours without Pulumi's, wherever they lie", async () => {
    const packages = {
      "": { dependencies: { a: "1", shared: "1" } },
      "node_modules/@pulumi/pulumi": { dependencies: { shared: "1", deep: "1" } },
      "node_modules/shared": {},
      "node_modules/deep": {},
      "node_modules/a": { dependencies: { b: "1", deep: "2" }, peerDependencies: { "@pulumi/pulumi": "3" } },
      "node_modules/a/node_modules/deep": { optionalDependencies: { c: "1", absent: "1" } },
      "node_modules/b": { dependencies: { a: "1" } },
      "node_modules/c": {},
      "node_modules/unused": {},
    };
    assert.deepEqual(await call("addedPackages", packages), [
      "node_modules/a",
      "node_modules/a/node_modules/deep",
      "node_modules/b",
      "node_modules/c",
    ]);
  });
});
