import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { callerOf } from "./module-under-test";
import { spawnNode } from "./spawned";
import { inTemporaryFolder, root } from "./temporary-folder";

const call = callerOf(() => import("../../scripts/lib/exclusive.mjs"));
const timing = { pollMs: 5, beatMs: 20, silenceMs: 200 };

describe("exclusively", () => {
  it("lets in one at a time, and everybody in the end", async () => {
    await inTemporaryFolder(async (folder) => {
      const lock = path.join(folder, "deep", "lock");
      let inside = 0;
      let most = 0;
      let done = 0;
      const work = async (): Promise<void> => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        done += 1;
      };
      await Promise.all(Array.from({ length: 8 }, () => call("exclusively", lock, work, { timing })));
      assert.deepEqual({ most, done }, { most: 1, done: 8 });
      assert.deepEqual(readdirSync(path.join(folder, "deep")), []);
    });
  });

  it("hands on what the work returns or throws, and is free afterwards", async () => {
    await inTemporaryFolder(async (folder) => {
      const lock = path.join(folder, "lock");
      assert.equal(await call("exclusively", lock, () => Promise.resolve(42), { timing }), 42);
      await assert.rejects(
        call("exclusively", lock, () => Promise.reject(new Error("broken")), { timing }),
        /broken/,
      );
      assert.equal(existsSync(lock), false);
    });
  });

  it("says who is waited for", async () => {
    await inTemporaryFolder(async (folder) => {
      const lock = path.join(folder, "lock");
      const waits: string[] = [];
      let finish: () => void = () => undefined;
      let first: Promise<unknown> = Promise.resolve();
      await new Promise<void>((entered) => {
        const work = (): Promise<void> =>
          new Promise((resolve) => {
            finish = resolve;
            entered();
          });
        first = call("exclusively", lock, work, { timing });
      });
      const onWait = (holder: string): void => {
        waits.push(holder);
        finish();
      };
      await Promise.all([first, call("exclusively", lock, () => Promise.resolve(), { timing, onWait })]);
      assert.equal(waits.length, 1);
      assert.match(waits[0]!, new RegExp(`^process ${process.pid} on .+`));
    });
  });

  it("puts out a holder that was killed", async () => {
    await inTemporaryFolder(async (folder) => {
      const lock = path.join(folder, "lock");
      const module = pathToFileURL(path.join(root, "scripts", "lib", "exclusive.mjs")).href;
      const holder = spawnNode([
        "--input-type=module",
        "-e",
        `import { exclusively } from ${JSON.stringify(module)};
         await exclusively(${JSON.stringify(lock)}, () => new Promise(() => { console.log("in"); setInterval(() => {}, 1e6); }));`,
      ]);
      await holder.printed("in");
      holder.child.kill("SIGKILL");
      await holder.ended;
      assert.equal(readdirSync(lock).length, 1);
      assert.equal(await call("exclusively", lock, () => Promise.resolve("mine"), { timing }), "mine");
    });
  });

  it("puts out a holder of another machine only after its silence", async () => {
    await inTemporaryFolder(async (folder) => {
      const lock = path.join(folder, "lock");
      mkdirSync(lock);
      writeFileSync(path.join(lock, `${process.pid}@elsewhere.example@1`), "");
      const waits: string[] = [];
      const started = performance.now();
      await call("exclusively", lock, () => Promise.resolve(), {
        timing,
        onWait: (holder: string) => waits.push(holder),
      });
      assert.ok(performance.now() - started >= timing.silenceMs);
      assert.deepEqual(waits, [`process ${process.pid} on elsewhere.example`]);
    });
  });

  it("takes an empty folder for a free lock", async () => {
    await inTemporaryFolder(async (folder) => {
      const lock = path.join(folder, "lock");
      mkdirSync(lock);
      assert.equal(await call("exclusively", lock, () => Promise.resolve("mine"), { timing }), "mine");
    });
  });
});
