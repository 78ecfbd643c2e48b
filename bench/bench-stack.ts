import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Usage, watchProcesses } from "./process-watch";
import { NATIVE_SDK, NOTHING, type StackSide } from "./sides";

const ROOT = path.resolve(__dirname, "..");

/** Pulumi.yaml, and what the native plugin needs in it. */
const PROJECT = "name: bench\nruntime: nodejs\n";
const PLUGIN = `plugins:\n  providers:\n    - { name: voice-licenses, path: ${JSON.stringify(path.join(ROOT, "dist", "plugin"))} }\n`;

/** One command, measured. */
export interface Timed extends Usage {
  readonly seconds: number;
}

/** A stack in a temporary folder with a backend of its own. */
export class BenchStack {
  private constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  public static async create(side: StackSide, apis: Readonly<Record<string, string>>): Promise<BenchStack> {
    const folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-bench-"));
    for (const made of ["state", "home", "node_modules/does-nothing"]) {
      mkdirSync(path.join(folder, made), { recursive: true });
    }
    symlinkSync(ROOT, path.join(folder, "node_modules", "pulumi-voice-licenses"));
    symlinkSync(path.join(ROOT, "node_modules", "@pulumi"), path.join(folder, "node_modules", "@pulumi"));
    writeFileSync(path.join(folder, "node_modules", "does-nothing", "index.js"), NOTHING);
    symlinkSync(path.join(ROOT, "dist", "sdk", "nodejs"), path.join(folder, "node_modules", NATIVE_SDK));
    writeFileSync(path.join(folder, "Pulumi.yaml"), side === "native" ? PROJECT + PLUGIN : PROJECT);
    writeFileSync(path.join(folder, "package.json"), '{"name":"bench","private":true,"main":"index.js"}');
    const stack = new BenchStack(folder, {
      ...process.env,
      ...apis,
      PULUMI_HOME: path.join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      NO_PROXY: "127.0.0.1,localhost",
    });
    await stack.run("stack", "init", "bench");
    return stack;
  }

  /** Writes the program. */
  public program(text: string): void {
    writeFileSync(path.join(this.folder, "index.js"), text);
  }

  /**
   * Runs the CLI and measures it.
   * @throws {Error} with its output, where it fails.
   */
  public async run(...args: string[]): Promise<Timed> {
    const start = process.hrtime.bigint();
    const child = spawn("pulumi", ["--non-interactive", "--color", "never", ...args], {
      cwd: this.folder,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const watch = watchProcesses(child.pid ?? -1);
    let output = "";
    const collect = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const usage = watch.stop();
    if (code !== 0) {
      throw new Error(`pulumi ${args.join(" ")} ended with ${String(code)}:\n${output.slice(-4000)}`);
    }
    return { seconds, ...usage };
  }

  /** The size of the state on disk, in bytes, without its history. */
  public stateBytes(): number {
    const folder = path.join(this.folder, "state", ".pulumi", "stacks");
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name === "bench.json")
      .reduce((total, entry) => total + statSync(path.join(entry.parentPath, entry.name)).size, 0);
  }

  /** Removes it from the disk. */
  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
