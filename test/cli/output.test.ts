import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");

/** Runs the command line in a shell that sends its output where `redirection` says. */
function run(args: string, redirection: string): { status: number | null; stderr: string } {
  const command = `"$0" -r ts-node/register cli/index.ts ${args} ${redirection}`;
  return spawnSync("sh", ["-c", command, process.execPath], { cwd: ROOT, encoding: "utf8" });
}

describe("a standard output that cannot be written", function () {
  this.timeout(60_000);
  before(function () {
    if (!existsSync("/dev/full")) {
      this.skip();
    }
  });

  for (const args of ["validate licenses.yaml", "completion bash", "--help", "drift --help"]) {
    it(`is one line and an error: ${args}`, () => {
      const { status, stderr } = run(args, "> /dev/full");
      assert.match(stderr, /^error: standard output cannot be written: ENOSPC[^\n]*\n$/);
      assert.equal(status, 1);
    });
  }

  it("is an error also where nothing can be said of it", () => {
    assert.equal(run("validate licenses.yaml", "> /dev/full 2>&1").status, 1);
  });

  it("is no error where the reader has seen enough", () => {
    assert.equal(run("--help", "| true").stderr, "");
  });
});
