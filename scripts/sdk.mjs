// @ts-check
// `npm run sdk`: the SDKs of the native plugin for Node.js, Python and Go. Needs Go.
import path from "node:path";
import { main } from "./lib/main.mjs";
import { say } from "./lib/progress.mjs";
import { root } from "./lib/root.mjs";
import { buildSdks, sdkFolder } from "./lib/sdk.mjs";
import { setUp } from "./lib/set-up.mjs";

await main(async () => {
  await setUp({ pulumi: false, build: false });
  await buildSdks();
  say(`The SDKs are in ${path.relative(root, sdkFolder)}.`);
});
