// @ts-check
// `npm run bench`: what this package's two forms cost, beside resources that do nothing, with the real Pulumi CLI. See bench/.
import process from "node:process";
import { runInForeground } from "./lib/foreground.mjs";
import { main } from "./lib/main.mjs";
import { root } from "./lib/root.mjs";
import { buildSdks } from "./lib/sdk.mjs";
import { setUp } from "./lib/set-up.mjs";

await main(async () => {
  const cli = await setUp();
  await buildSdks();
  return await runInForeground(
    process.execPath,
    ["-r", "ts-node/register", "bench/index.ts", ...process.argv.slice(2)],
    { cwd: root, env: { ...process.env, ...cli.environment } },
  );
});
