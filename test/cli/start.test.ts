import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");

/** Runs the command line for each of these, and writes the files that were loaded for it as the last line. */
const SCRIPT = `
  const { runProgram } = require("./cli/commands/program");
  Promise.all([["--version"], ["--help"], ["help"], ["nonsense"]].map((words) => runProgram(["node", "x", ...words])))
    .then(() => process.stdout.write("\\n" + JSON.stringify(Object.keys(require.cache))));
`;

describe("the start of the command line", function () {
  this.timeout(30_000);

  it("loads no subcommand, and no library of one, for --version, --help and a command that there is not", () => {
    const { stdout } = spawnSync(process.execPath, ["-r", "ts-node/register", "-e", SCRIPT], {
      cwd: ROOT,
      encoding: "utf8",
      env: { PATH: process.env["PATH"] },
    });
    const loaded = JSON.parse(stdout.split("\n").at(-1) ?? "") as string[];
    const ours = loaded
      .map((file) => path.relative(ROOT, file))
      .filter((file) => /^(?:cli|fleet|provider)\//.test(file));
    assert.ok(ours.includes("cli/commands/program.ts"));
    assert.deepEqual(
      ours.filter(
        (file) => !/^cli\/commands\/(?:exit-code|output|program|version)\.ts$|^provider\/text\/[\w-]+\.ts$/.test(file),
      ),
      [],
    );
    assert.deepEqual(
      loaded.filter((file) => /node_modules\/(?:zod|yaml|axios|csv-parse|tinyglobby|@pulumi)\//.test(file)),
      [],
    );
  });
});
