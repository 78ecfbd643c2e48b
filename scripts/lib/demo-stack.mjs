// @ts-check
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { runInForeground } from "./foreground.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { SetUpError } from "./set-up-error.mjs";

/**
 * @typedef {object} DemoStack
 * @property {() => Promise<void>} prepare makes the stack and its one secret
 * @property {(args: string[], expected?: number) => Promise<void>} run shows a command and runs it on the root's stack
 * @property {() => void} remove forgets everything
 */

/**
 * A stack of the repository's own Pulumi.yaml, whose state, configuration and login lie in a temporary folder.
 * @param {import("./pulumi-cli.mjs").PulumiCli} cli
 * @param {Readonly<Record<string, string>>} connections the environment that leads to both APIs
 * @returns {DemoStack}
 */
export function demoStack(cli, connections) {
  const folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-demo-"));
  const configuration = path.join(folder, "Pulumi.demo.yaml");
  mkdirSync(path.join(folder, "state"));
  // `stack init` writes the configuration beside a Pulumi.yaml: beside this one, so that the clone stays clean.
  writeFileSync(path.join(folder, "Pulumi.yaml"), "name: voice-licenses\nruntime: nodejs\n");
  const env = {
    ...process.env,
    ...cli.environment,
    ...connections,
    NO_PROXY: [process.env["NO_PROXY"], "127.0.0.1"].filter(Boolean).join(","),
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "demo",
  };
  return {
    async prepare() {
      for (const args of [
        ["stack", "init", "demo"],
        ["config", "set", "--secret", "contosoAppSecret", "pr18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW"],
      ]) {
        const { code, output } = await run(cli.command, args, { cwd: folder, env });
        if (code !== 0) {
          throw new SetUpError(`pulumi ${args.slice(0, 2).join(" ")} failed:\n${output}`);
        }
      }
    },
    async run(args, expected = 0) {
      process.stdout.write(`$ pulumi ${args.join(" ")}\n`);
      const where = ["--stack", "demo", "--config-file", configuration, "--suppress-outputs"];
      const code = await runInForeground(cli.command, [...args, ...where], { cwd: root, env });
      if (code !== expected) {
        throw new SetUpError(`pulumi ${args[0]} ended with exit code ${code}, where ${expected} was expected.`);
      }
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
