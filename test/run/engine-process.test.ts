import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { findEngineProcess, readCommandLine } from "../../provider/resource/engine-process";

describe("the command line of the CLI", () => {
  const lines: readonly (readonly [line: string, command: string, isLimited: boolean])[] = [
    ["up --yes", "up", false],
    ["update", "up", false],
    ["preview --diff", "up", false],
    ["destroy --yes", "destroy", false],
    ["down", "destroy", false],
    ["refresh", "other", false],
    ["watch", "other", false],
    ["--non-interactive --color never up --yes", "up", false],
    ["--cwd destroy up", "up", false],
    ["-s destroy up", "up", false],
    ["--stack=destroy up", "up", false],
    ["up --stack destroy", "up", false],
    ["up --target urn:pulumi:a", "up", true],
    ["up --target=urn:pulumi:a", "up", true],
    ["up -t urn:pulumi:a", "up", true],
    ["up -yt urn:pulumi:a", "up", true],
    ["up --exclude urn:pulumi:a", "up", true],
    ["preview -x urn:pulumi:a", "up", true],
    ["up --target-replace urn:pulumi:a", "up", true],
    ["up -y -r", "up", false],
    ["--unknown-flag up", "other", false],
    ["", "other", false],
  ];
  for (const [line, command, isLimited] of lines) {
    it(`\`pulumi ${line}\` is ${command}${isLimited ? ", limited" : ""}`, () => {
      assert.deepEqual(readCommandLine(line.split(" ").filter(Boolean)), { command, isLimited });
    });
  }

  it("is limited by the variables that stand for its options, too", () => {
    assert.equal(readCommandLine(["up"], { PULUMI_OPTION_EXCLUDE: "urn:pulumi:a" }).isLimited, true);
    assert.equal(readCommandLine(["up"], { PULUMI_OPTION_TARGET: "" }).isLimited, false);
  });
});

describe("the CLI that started a process", () => {
  it("is found among the ancestors, whatever stands between", function () {
    if (process.platform === "win32") {
      this.skip();
    }
    const folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-cli-"));
    try {
      const cli = path.join(folder, "pulumi");
      cpSync("/bin/sh", cli);
      const script = `require("ts-node/register"); console.log(JSON.stringify(require(${JSON.stringify(path.resolve(__dirname, "../../provider/resource/engine-process"))}).findEngineProcess()))`;
      // The shell's first argument after the command is its own name: what follows are arguments.
      const between = `/bin/sh -c '"$0" -e "$1"; true' "$0" "$1"; true`;
      const { stdout, stderr } = spawnSync(cli, ["-c", between, process.execPath, script], { encoding: "utf8" });
      const found = JSON.parse(stdout || "null") as ReturnType<typeof findEngineProcess>;
      assert.ok(found, stderr);
      assert.match(found.id, /^\d+\.\w+$/);
      assert.equal(found.id.startsWith(`${found.pid}.`), true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is not known where there is none", () => {
    assert.equal(findEngineProcess(), undefined);
  });
});
