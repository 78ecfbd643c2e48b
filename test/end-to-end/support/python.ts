import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");
const CACHE = path.join(ROOT, "node_modules", ".cache", "pulumi-voice-licenses");

/** Whether this machine has a Python that can make virtual environments. */
export function hasPython(): boolean {
  return spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0;
}

/**
 * The folder of programs of a virtual environment with Pulumi and the generated SDK; made where the SDK has changed, which takes most
 * of a minute.
 */
export function pythonPrograms(): string {
  const sdk = path.join(ROOT, "dist", "sdk", "python");
  const schema = readFileSync(path.join(ROOT, "dist", "schema.json"), "utf8");
  const environment = path.join(CACHE, "python");
  const stamp = path.join(environment, "schema.json");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== schema) {
    rmSync(environment, { recursive: true, force: true });
    mkdirSync(CACHE, { recursive: true });
    run("python3", "-m", "venv", environment);
    run(path.join(environment, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", sdk);
    writeFileSync(`${stamp}.unfinished`, schema);
    renameSync(`${stamp}.unfinished`, stamp);
  }
  return path.join(environment, "bin");
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? stderr}`);
  }
}
