import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { isNightly } from "../support/extent";

const ROOT = path.resolve(__dirname, "../..");

describe("the native edge, under the same faults and histories as the dynamic one", function () {
  this.timeout(30 * 60_000);
  // Each process tries one edge: what follows are the files of this folder once more.
  for (const file of isNightly ? ["histories", "fault-sweep", "tenant-updates"] : ["histories"]) {
    it(`${file}.test.ts`, () => {
      const mocha = path.join(ROOT, "node_modules", "mocha", "bin", "mocha.js");
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [mocha, "--timeout", "1200000", "--reporter", "dot", path.join("test", "reliability", `${file}.test.ts`)],
        { cwd: ROOT, encoding: "utf8", env: { ...process.env, VOICE_LICENSES_EDGE: "native" } },
      );
      assert.equal(status, 0, `${stdout}\n${stderr}`);
    });
  }
});
