import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand } from "../support/command-line";

const NASTY = [
  "",
  " ",
  "\t",
  "NaN",
  "Infinity",
  "-1",
  "0.5",
  "1e3",
  "0x1F",
  "999999999999999999999",
  "65536",
  "true",
  "null",
  "__proto__",
  "constructor",
  "..",
  "../../etc/passwd",
  "%2f",
  "%00",
  "a\u0000b",
  "a\r\nb",
  "\u001b[31mred",
  "\u202etxt",
  "fo\u043e",
  "5５",
  "5 s",
  "-5s",
  "5d",
  "YAML",
  "json ",
  "x".repeat(5000),
];

/** Options, each with what else the command needs; none of the values above is right for any of them. */
const OPTIONS: readonly (readonly [string, readonly string[]])[] = [
  ["--port", ["simulate"]],
  ["--latency", ["simulate"]],
  ["--task-duration", ["simulate"]],
  ["--seed", ["simulate", "--port", "0"]],
  ["--format", ["drift", "FLEET"]],
  ["--fail-on", ["drift", "FLEET"]],
  ["--tenants-file", ["drift", "FLEET"]],
  ["--format", ["export"]],
  ["--managed-by", ["export"]],
  ["--tenants-file", ["export", "--tenants", "foo"]],
];
/** What is right all the same: a number of milliseconds may be long, and a seed that is not named is the demo's. */
const RIGHT = new Set(["--latency 999999999999999999999", "--latency 65536", "--task-duration 5s"]);

describe("options of the command line", () => {
  let folder: string;
  let fleet: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-options-"));
    fleet = path.join(folder, "licenses.yaml");
    writeFileSync(fleet, "tenants: {foo: {groupServices: {A: 1}}}\n");
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [option, needed] of OPTIONS) {
    it(`${needed[0] ?? ""} ${option} refuses what it cannot be, without a stack`, async () => {
      for (const value of NASTY.filter((one) => !RIGHT.has(`${option} ${one}`))) {
        const { code, stdout, stderr } = await runCommand([
          ...needed.map((one) => (one === "FLEET" ? fleet : one)),
          `${option}=${value}`,
        ]);
        const shown = JSON.stringify([option, value.slice(0, 30), stderr.slice(0, 300)]);
        assert.equal(code, 1, shown);
        assert.equal(stdout, "", shown);
        assert.match(stderr, /^error: /, shown);
        assert.doesNotMatch(stderr, /^\s+at |TypeError|undefined/m, shown);
      }
    });
  }

  it("and arguments that no command has are refused by name", async () => {
    for (const args of [
      ["nonsense"],
      ["drift"],
      ["drift", fleet, "another"],
      ["plan", fleet, "--frob"],
      ["validate", path.join(folder, "nowhere")],
    ]) {
      const { code, stderr } = await runCommand(args);
      assert.equal(code, 1, args.join(" "));
      assert.match(stderr, /^error: .+$/m);
    }
  });

  it("help names a command that there is not, and has no line over 80 columns", async () => {
    const unknown = await runCommand(["help", "nope"]);
    assert.deepEqual(unknown, { code: 1, stdout: "", stderr: "error: unknown command 'nope'\n" });
    const names = ["export", "validate", "plan", "drift", "report", "doctor", "publish", "simulate", "completion"];
    for (const args of [["--help"], ["help"], ...names.map((name) => [name, "--help"])]) {
      const { code, stdout } = await runCommand(args);
      assert.equal(code, 0);
      assert.deepEqual(
        stdout.split("\n").filter((line) => line.length > 80),
        [],
        args.join(" "),
      );
    }
  });

  it("help and version are told with exit code 0", async () => {
    for (const args of [
      ["--help"],
      ["--version"],
      ...["export", "validate", "plan", "drift", "report", "doctor", "publish", "simulate"].map((name) => [
        "help",
        name,
      ]),
    ]) {
      const { code, stdout } = await runCommand(args);
      assert.equal(code, 0, args.join(" "));
      assert.notEqual(stdout, "");
    }
    for (const name of ["export", "validate", "plan", "drift", "report", "doctor", "publish", "simulate"]) {
      assert.match((await runCommand([name, "--help"])).stdout, /^Examples:$/m);
    }
  });
});
