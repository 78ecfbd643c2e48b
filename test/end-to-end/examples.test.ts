import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { APP_SECRET, TestStack } from "./support/stack";

const ROOT = path.resolve(__dirname, "../..");

describe("what a newcomer runs", () => {
  it("npm run demo: up, again, drift, repair, what was received, what to try next; nothing is left behind", async () => {
    const child = spawn(process.execPath, [path.join(ROOT, "scripts/demo.mjs")], {
      cwd: ROOT,
      env: { ...process.env, CI: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    const code = await new Promise((resolve) => child.once("close", resolve));
    assert.equal(code, 0, output);
    for (const expected of [
      /POST upgrade OC Essential → OC Pro for 50 users, wait, PATCH/,
      /In Progress, \d+ s \(task tsk_\d+\)/,
      /PUT Call Pickup 3 → 5, Hunt Group 3 → unlimited/,
      /Requests that the APIs received meanwhile: 0/,
      /Exit code 7: drift/,
      /PATCH users 60 → 50/,
      /PUT Hunt Group 9 → unlimited/,
      /POST {2}\/tenantui\/api\/v2\/customer\/d5253892-1c1e-4b23-89d7-29d86734c31b\/action\/upgrade → 200/,
      /What to try next/,
    ]) {
      assert.match(output, expected);
    }
    assert.ok(!output.includes(APP_SECRET));
    for (const folder of [".", "examples/fleet"]) {
      assert.ok(!readdirSync(path.join(ROOT, folder)).includes("Pulumi.demo.yaml"), "it leaves a configuration behind");
    }
  });

  it("examples/quickstart: one of each, in TypeScript", async () => {
    const stack = await TestStack.create();
    try {
      rmSync(path.join(stack.folder, "index.js"));
      for (const file of ["index.ts", "tsconfig.json"]) {
        cpSync(path.join(ROOT, "examples/quickstart", file), path.join(stack.folder, file));
      }
      writeFileSync(
        path.join(stack.folder, "package.json"),
        readFileSync(path.join(ROOT, "examples/quickstart/package.json")),
      );
      await stack.admin("PATCH", "/settings", { taskDuration: "500ms" });
      await stack.cli("config", "set", "--secret", "contosoAppSecret", APP_SECRET);
      const { code, output } = await stack.up();
      assert.equal(code, 0, output);
      assert.match(output, /license: "OcPro"/);
      assert.equal((await stack.resources()).length, 2);

      const program = path.join(stack.folder, "index.ts");
      writeFileSync(program, readFileSync(program, "utf8").replace("licensedUsersCount: 50", "licensedUsersCount: 60"));
      const preview = await stack.preview();
      assert.match(preview.output, /PATCH users 50 → 60/);
      assert.doesNotMatch(preview.output, /customer: \{/, "no part of the output looks as if it went away");
    } finally {
      await stack.close();
    }
  });

  it("a mistake in the fleet file is shown with file, line and path, in one piece", async () => {
    const stack = await TestStack.create();
    try {
      stack.program('require("pulumi-voice-licenses/fleet").declareFleet("licenses.yaml");');
      writeFileSync(
        path.join(stack.folder, "licenses.yaml"),
        "tenants:\n  foo:\n    groupServices: { Hunt Group: -1 }\n    userService: { Speed Dial 8: 4 }\n",
      );
      const { code, output } = await stack.preview();
      assert.notEqual(code, 0);
      assert.match(output, /licenses\.yaml has 2 mistakes; nothing was changed\./);
      assert.match(output, /licenses\.yaml:3:\d+ tenants\.foo\.groupServices\.Hunt Group: /);
      assert.match(output, /licenses\.yaml:4:\d+ tenants\.foo\.userService: .*userServices/);
    } finally {
      await stack.close();
    }
  });
});
