import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");
const CACHE = path.join(ROOT, "node_modules", ".cache", "pulumi-voice-licenses");

/** Whether this machine has a Python that can make virtual environments. */
export function hasPython(): boolean {
  return spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0;
}

/** The longest that another test file may take to make the environment, in milliseconds. */
const LONGEST_WAIT_MS = 300_000;

/**
 * The folder of programs of a virtual environment with Pulumi and the generated SDK; made where the SDK has changed, which takes most
 * of a minute. Test files run side by side: one makes it, the others wait.
 */
export function pythonPrograms(): string {
  const schema = readFileSync(path.join(ROOT, "dist", "schema.json"), "utf8");
  const environment = path.join(CACHE, "python");
  const stamp = path.join(environment, "schema.json");
  const isMade = (): boolean => existsSync(stamp) && readFileSync(stamp, "utf8") === schema;
  const lock = path.join(CACHE, "python.lock");
  mkdirSync(CACHE, { recursive: true });
  const until = Date.now() + LONGEST_WAIT_MS;
  while (!isMade()) {
    if (take(lock, until)) {
      try {
        make(environment);
        writeFileSync(`${stamp}.unfinished`, schema);
        renameSync(`${stamp}.unfinished`, stamp);
      } finally {
        rmdirSync(lock);
      }
    }
  }
  return path.join(environment, "bin");
}

/** Takes the lock, or waits a moment for who holds it; one that is held for too long was left behind. */
function take(lock: string, until: number): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    if (Date.now() > until) {
      throw new Error(`${lock} is held for too long: remove it.`);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    return false;
  }
}

function make(environment: string): void {
  rmSync(environment, { recursive: true, force: true });
  run("python3", "-m", "venv", environment);
  const sdk = path.join(ROOT, "dist", "sdk", "python");
  run(path.join(environment, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", sdk);
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? stderr}`);
  }
}
