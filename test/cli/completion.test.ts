import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { paintFor } from "../../cli/commands/paint";

const ROOT = path.join(__dirname, "..", "..");

function scriptFor(shell: string): string {
  return execFileSync(process.execPath, ["-r", "ts-node/register", "cli/index.ts", "completion", shell], {
    cwd: ROOT,
    encoding: "utf8",
  });
}

describe("voice-licenses completion", function () {
  this.timeout(30_000);

  describe("bash", () => {
    let script: string;
    before(() => {
      script = scriptFor("bash");
    });

    /** What bash offers after these words; the last one is begun. */
    const offered = (...words: string[]): string[] =>
      execFileSync(
        "bash",
        [
          "-c",
          `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _voice_licenses; printf '%s\\n' "\${COMPREPLY[@]}"`,
          "bash",
          ...words,
        ],
        { encoding: "utf8" },
      )
        .split("\n")
        .filter((line) => line !== "");

    it("offers commands, options, their values, and leaves files to the shell", () => {
      assert.deepEqual(offered("voice-licenses", "pl"), ["plan"]);
      const commands = offered("voice-licenses", "");
      assert.ok(["export", "drift", "doctor", "completion", "help"].every((name) => commands.includes(name)));
      assert.deepEqual(offered("voice-licenses", "--v"), ["--version"]);
      assert.deepEqual(offered("voice-licenses", "drift", ""), []);
      assert.deepEqual(offered("voice-licenses", "export", "--output", ""), []);
      assert.deepEqual(offered("voice-licenses", "drift", "x.yaml", "--tenants-file", ""), []);
      assert.deepEqual(offered("voice-licenses", "help", "dr"), ["drift"]);
      assert.deepEqual(offered("voice-licenses", "completion", ""), ["bash", "zsh", "fish"]);
      assert.deepEqual(offered("voice-licenses", "drift", "--fail"), ["--fail-on"]);
      assert.deepEqual(offered("voice-licenses", "drift", "--format", ""), ["table", "json", "markdown", "junit"]);
      assert.deepEqual(offered("voice-licenses", "drift", "x.yaml", "--fail-on", "un"), ["unmanaged"]);
      assert.deepEqual(offered("voice-licenses", "completion", "f"), ["fish"]);
      assert.deepEqual(offered("voice-licenses", "drift", "licenses.y"), []);
    });

    it("offers the values of an option after =, which readline takes for a word of its own unless told otherwise", () => {
      assert.deepEqual(offered("voice-licenses", "export", "--format", "=", "y"), ["yaml"]);
      assert.deepEqual(offered("voice-licenses", "drift", "--format", "="), ["table", "json", "markdown", "junit"]);
      assert.deepEqual(offered("voice-licenses", "drift", "--format", "=", "xml"), []);
      assert.deepEqual(offered("voice-licenses", "export", "--output", "=", "lic"), []);
      assert.deepEqual(offered("voice-licenses", "export", "--format=y"), ["--format=yaml"]);
      assert.deepEqual(offered("voice-licenses", "drift", "--fail-on=un"), ["--fail-on=unmanaged"]);
    });

    it("completes the program under both of its names", () => {
      assert.match(script, /^complete .* voice-licenses pulumi-voice-licenses$/m);
    });
  });

  it("zsh takes bash's, with the function that it needs for that", () => {
    const script = scriptFor("zsh");
    assert.match(script, /^autoload -Uz compinit bashcompinit && compinit && bashcompinit\n_voice_licenses\(\)/);
    execFileSync("bash", ["-n", "-c", script]);
  });

  it("fish gets each command and option with what it is for", () => {
    const lines = scriptFor("fish").trim().split("\n");
    assert.equal(lines.pop(), "complete -c pulumi-voice-licenses -w voice-licenses");
    assert.ok(lines.every((line) => line.startsWith("complete -c voice-licenses ")));
    assert.ok(lines.some((line) => line.includes("from drift' -l format -x -a 'table json markdown junit' -d '")));
  });

  it("refuses another shell", () => {
    assert.throws(() => scriptFor("tcsh"), /bash, zsh, fish/);
  });
});

describe("colours", () => {
  it("are there only on a terminal that has them", () => {
    assert.equal(paintFor({})("error", "x"), "x");
    assert.equal(paintFor({ hasColors: () => false })("error", "x"), "x");
    assert.equal(paintFor({ hasColors: () => true })("error", "x"), "\u001b[31mx\u001b[39m");
  });
});
