import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { runNode } from "./spawned";
import { inTemporaryFolder, root, writeText } from "./temporary-folder";

/** A small package with this repository's scripts and compiler, and with its dependencies as good as installed. */
function smallPackage(folder: string): void {
  cpSync(path.join(root, "scripts"), path.join(folder, "scripts"), { recursive: true });
  for (const file of ["tsconfig.json", "tsconfig.build.json"]) {
    cpSync(path.join(root, file), path.join(folder, file));
  }
  writeText(path.join(folder, "package.json"), JSON.stringify({ type: "commonjs", engines: { node: ">=20.19" } }));
  const lock = JSON.stringify({ packages: {} });
  writeText(path.join(folder, "package-lock.json"), lock);
  writeText(path.join(folder, "node_modules", ".package-lock.json"), lock);
  mkdirSync(path.join(folder, "node_modules", "@types"));
  for (const dependency of ["typescript", "@types/node", "undici-types"]) {
    const installed = path.join(root, "node_modules", dependency);
    if (existsSync(installed)) {
      symlinkSync(installed, path.join(folder, "node_modules", dependency));
    }
  }
  writeText(path.join(folder, "provider", "index.ts"), 'export { name } from "./name";\n');
  writeText(path.join(folder, "provider", "name.ts"), 'export const name: string = "one";\n');
  writeText(path.join(folder, "cli", "index.ts"), "#!/usr/bin/env node\nexport {};\n");
  writeText(path.join(folder, "simulator", "seeds", "small.yaml"), "customers: []\n");
  writeText(path.join(folder, "fleet", "licenses.schema.json"), '{ "title": "Licences" }\n');
}

describe("npm run build", function () {
  this.timeout(120_000);

  it("builds what changed, whole or not at all", async () => {
    await inTemporaryFolder(async (folder) => {
      smallPackage(folder);
      const dist = (...names: string[]): string => path.join(folder, "dist", ...names);
      const build = (): Promise<{ code: unknown; output: string }> =>
        runNode([path.join(folder, "scripts", "build.mjs")], { cwd: folder });

      const first = await build();
      assert.equal(first.code, 0, first.output);
      assert.match(readFileSync(dist("provider", "name.js"), "utf8"), /"one"/);
      assert.ok(existsSync(dist("provider", "index.d.ts")));
      assert.equal(readFileSync(dist("simulator", "seeds", "small.yaml"), "utf8"), "customers: []\n");
      assert.deepEqual(JSON.parse(readFileSync(dist("fleet", "licenses.schema.json"), "utf8")), { title: "Licences" });
      assert.equal(statSync(dist("cli", "index.js")).mode & 0o111, 0o111);

      assert.deepEqual(await build(), { code: 0, output: "" }, "nothing to do");

      writeText(path.join(folder, "provider", "name.ts"), "export const name: string = 1;\n");
      const broken = await build();
      assert.equal(broken.code, 1);
      assert.match(broken.output, /provider\/name\.ts\(1,14\): error TS2322/);
      assert.match(readFileSync(dist("provider", "name.js"), "utf8"), /"one"/, "dist/ is as it was");

      rmSync(path.join(folder, "provider", "name.ts"));
      rmSync(path.join(folder, "fleet"), { recursive: true });
      writeText(path.join(folder, "provider", "index.ts"), 'export const name = "two";\n');
      rmSync(dist("provider", "index.js"));
      const last = await build();
      assert.equal(last.code, 0, last.output);
      assert.match(readFileSync(dist("provider", "index.js"), "utf8"), /"two"/);
      assert.ok(!existsSync(dist("provider", "name.js")), "a deleted source leaves no output");
      assert.ok(!existsSync(dist("fleet", "licenses.schema.json")));

      rmSync(dist("provider", "index.js"));
      await build();
      assert.ok(existsSync(dist("provider", "index.js")), "a hole in dist/ is filled");
    });
  });
});
