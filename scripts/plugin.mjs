// @ts-check
// `npm run plugin`: the native plugin, as a folder (dist/plugin) and as an archive for `pulumi plugin install --file`.
import path from "node:path";
import { main } from "./lib/main.mjs";
import { buildPlugin, pluginArchive, pluginFolder } from "./lib/plugin.mjs";
import { say } from "./lib/progress.mjs";
import { root } from "./lib/root.mjs";
import { setUp } from "./lib/set-up.mjs";

await main(async () => {
  await setUp({ pulumi: false, build: false });
  await buildPlugin();
  say(`The plugin is in ${path.relative(root, pluginFolder)} and ${path.relative(root, pluginArchive)}.`);
});
