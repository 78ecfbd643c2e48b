import assert from "node:assert/strict";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { runNode, type Spawned, spawnNode } from "./spawned";
import { root } from "./temporary-folder";

const foreground = pathToFileURL(path.join(root, "scripts", "lib", "foreground.mjs")).href;

/** A program that prints each SIGINT, and ends with code 7 on SIGTERM, or soon after a SIGINT. */
const patient = `
  process.on("SIGINT", () => { console.log("INT"); setTimeout(() => process.exit(5), 1500); });
  process.on("SIGTERM", () => { console.log("TERM"); process.exit(7); });
  setInterval(() => {}, 1e6);
  console.log("ready");
`;

function start(): Spawned {
  return spawnNode([
    "--input-type=module",
    "-e",
    `import { runInForeground } from ${JSON.stringify(foreground)};
     const args = ["-e", ${JSON.stringify(patient)}];
     process.exitCode = await runInForeground(process.execPath, args, { cwd: process.cwd(), env: process.env });
     console.log("after");`,
  ]);
}

const count = (text: string, part: string): number => text.split(part).length - 1;

describe("a program in the foreground", () => {
  it("gets Ctrl-C of a terminal once, though npm passes it on again", async () => {
    const spawned = start();
    await spawned.printed("ready");
    const { pid } = spawned.child;
    assert.ok(pid !== undefined);
    process.kill(-pid, "SIGINT");
    process.kill(pid, "SIGINT");
    assert.equal(await spawned.ended, 5);
    assert.equal(count(spawned.output(), "INT"), 1, spawned.output());
    assert.match(spawned.output(), /after/);
  });

  it("gets a signal that was sent to the script alone, once", async () => {
    const spawned = start();
    await spawned.printed("ready");
    spawned.child.kill("SIGINT");
    assert.equal(await spawned.ended, 5);
    assert.equal(count(spawned.output(), "INT"), 1, spawned.output());
  });

  it("is told to end with the script, and its exit code is kept", async () => {
    const spawned = start();
    await spawned.printed("ready");
    spawned.child.kill("SIGTERM");
    assert.equal(await spawned.ended, 7);
    assert.equal(count(spawned.output(), "TERM"), 1);
  });

  it("that ends of a signal gives the exit code that shells give", async () => {
    const { code } = await runNode([
      "--input-type=module",
      "-e",
      `import { runInForeground } from ${JSON.stringify(foreground)};
       const options = { cwd: process.cwd(), env: process.env };
       process.exitCode = await runInForeground("/bin/sh", ["-c", "kill -9 $$"], options);`,
    ]);
    assert.equal(code, 137);
  });
});
