import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");

describe("a program that declares customers and tenants", function () {
  this.timeout(30_000);

  it("loads no client, no reader of files and no zod", () => {
    const script = 'require("./dist/provider"); process.stdout.write(JSON.stringify(Object.keys(require.cache)))';
    const { stdout } = spawnSync(process.execPath, ["-e", script], {
      cwd: ROOT,
      encoding: "utf8",
      env: { PATH: process.env["PATH"] },
    });
    const loaded = JSON.parse(stdout) as string[];
    const ours = loaded
      .map((file) => path.relative(path.join(ROOT, "dist"), file))
      .filter((file) => file.startsWith("provider/"));
    assert.ok(ours.includes("provider/hosts/program/generated/customer-service-license.js"));
    assert.deepEqual(
      ours.filter((file) =>
        /provider\/(?:resource\/(?!run-board|engine-process)|systems\/(?:systems|live-platform|gateway\/(?!service-kinds))|time\/(?!duration))|definition|fields|transport/.test(
          file,
        ),
      ),
      [],
    );
    assert.deepEqual(
      loaded.filter((file) => /node_modules\/(?:zod|yaml|axios|csv-parse|hpagent)\//.test(file)),
      [],
    );
  });
});
