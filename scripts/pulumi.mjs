// @ts-check
// `npm run pulumi -- <args>`: the Pulumi CLI on this repository's stacks, whatever is installed on the machine.
import process from "node:process";
import { runInForeground } from "./lib/foreground.mjs";
import { searchPathFor } from "./lib/language-hosts.mjs";
import { main } from "./lib/main.mjs";
import { root } from "./lib/root.mjs";
import { setUp } from "./lib/set-up.mjs";
import { pulumiWorkingDirectory } from "./lib/working-directory.mjs";

await main(async () => {
  const cli = await setUp();
  const cwd = pulumiWorkingDirectory(root, process.env["INIT_CWD"] ?? process.cwd());
  return await runInForeground(cli.command, process.argv.slice(2), {
    cwd,
    env: { ...process.env, ...cli.environment, PATH: await searchPathFor(cli, cwd) },
  });
});
