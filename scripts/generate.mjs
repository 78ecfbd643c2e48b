// @ts-check
// `npm run generate [-- --check]`: classes, schemas and tables of the pages, from the tables of inputs, outputs and settings.
import process from "node:process";
import { runInForeground } from "./lib/foreground.mjs";
import { main } from "./lib/main.mjs";
import { root } from "./lib/root.mjs";
import { setUp } from "./lib/set-up.mjs";

await main(async () => {
  // What is generated is part of what is built.
  await setUp({ pulumi: false, build: false });
  const args = ["-r", "ts-node/register", "tools/generate/index.ts", ...process.argv.slice(2)];
  return await runInForeground(process.execPath, args, { cwd: root, env: process.env });
});
