import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { startSimulator, type Simulator } from "../../../simulator";

/** A secret that a program under test gives; it must be found nowhere. */
export const APP_SECRET = "pr18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW";
export const APP_ID = "0fdc8122-e0b5-43ac-8433-54860113710d";
export const CONTOSO = "d5253892-1c1e-4b23-89d7-29d86734c31b";

/** What one run of the CLI came to. */
export interface CliResult {
  readonly code: number | null;
  readonly output: string;
}

/** A command that runs. */
interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly result: Promise<CliResult>;
}

/** One request as the simulator recorded it. */
export interface Recorded {
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body?: unknown;
  readonly scolded?: string;
}

/** The state of one resource, as exported. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly initErrors?: string[];
}

const ROOT = path.resolve(__dirname, "../../..");

/** What a program begins with, by the package that it uses. */
function prelude(packageName: string): string {
  return `
const pulumi = require("@pulumi/pulumi");
const { CustomerServiceLicense, getCustomer, getCustomerOutput, LicenseType, Provider, TenantServiceLicenses } = require("${packageName}");
`;
}

let cliEnvironment: Promise<Record<string, string>> | undefined;

/** A stack of its own in a temporary folder, with a simulator of its own, driven by the real CLI. */
export class TestStack {
  private constructor(
    public readonly folder: string,
    public readonly simulator: Simulator,
    private readonly environment: NodeJS.ProcessEnv,
    /** What programs of this stack import. */
    public readonly packageName: string,
  ) {}

  /** A stack whose programs use the npm package, or another of the same interface that is in `node_modules`. */
  public static async create(seed?: unknown, packageName = "pulumi-voice-licenses"): Promise<TestStack> {
    const folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-e2e-"));
    const simulator = await startSimulator(seed === undefined ? {} : { seed });
    for (const made of ["state", "home", "node_modules"]) {
      mkdirSync(path.join(folder, made));
    }
    symlinkSync(ROOT, path.join(folder, "node_modules", "pulumi-voice-licenses"));
    symlinkSync(path.join(ROOT, "node_modules", "@pulumi"), path.join(folder, "node_modules", "@pulumi"));
    writeFileSync(path.join(folder, "Pulumi.yaml"), "name: e2e\nruntime: nodejs\n");
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "e2e", private: true, main: "index.js" }));
    // Coverage, if any, is measured in this process alone.
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "NODE_V8_COVERAGE"));
    const environment = {
      ...inherited,
      ...(await findCli()),
      ...simulator.environment,
      PULUMI_HOME: path.join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase-of-the-tests",
      LIVE_PLATFORM_POLL_INTERVAL: "200ms",
      NO_PROXY: "127.0.0.1,localhost",
      // Debug output must hold no secret either.
      DEBUG: "*",
    };
    const stack = new TestStack(folder, simulator, environment, packageName);
    stack.program("");
    const made = await stack.cli("stack", "init", "test");
    assert.equal(made.code, 0, made.output);
    return stack;
  }

  /** Sets a variable of the CLI's environment, or takes it out. */
  public setVariable(name: string, value: string | undefined): void {
    if (value === undefined) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an environment is a map
      delete this.environment[name];
    } else {
      this.environment[name] = value;
    }
  }

  /** Has programs of this folder found before others. */
  public prependPath(folder: string): void {
    this.environment["PATH"] = [folder, this.environment["PATH"] ?? ""].join(path.delimiter);
  }

  /** Whether the engine has written no state for half a second: a CLI that is killed while it writes leaves half a file. */
  public isStateWritten(): boolean {
    const stacks = path.join(this.folder, "state", ".pulumi", "stacks");
    const files = readdirSync(stacks, { recursive: true, encoding: "utf8" }).map((file) => path.join(stacks, file));
    return files.every((file) => Date.now() - statSync(file).mtimeMs > 500);
  }

  /** Writes the program. */
  public program(text: string): void {
    writeFileSync(path.join(this.folder, "index.js"), prelude(this.packageName) + text);
  }

  public preview(...args: string[]): Promise<CliResult> {
    return this.cli("preview", ...args);
  }

  /** `pulumi up`, without a preview of its own unless asked for. */
  public up(...args: string[]): Promise<CliResult> {
    return this.cli("up", "--yes", "--skip-preview", ...args);
  }

  public refresh(...args: string[]): Promise<CliResult> {
    return this.cli("refresh", "--yes", ...args);
  }

  public destroy(...args: string[]): Promise<CliResult> {
    return this.cli("destroy", "--yes", ...args);
  }

  /** Runs the CLI to its end. Whatever it prints must hold no secret and no stack trace. */
  public async cli(...args: string[]): Promise<CliResult> {
    const child = this.start(...args);
    return child.result;
  }

  /** Runs another command in the stack's folder and environment, such as a script that calls the CLI. */
  public command(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CliResult> {
    return this.spawn(command, args, environment).result;
  }

  /** Starts the CLI in a process group of its own, as a shell would, for tests that interrupt it. */
  public start(...args: string[]): Started {
    return this.spawn("pulumi", ["--non-interactive", "--color", "never", ...args], {});
  }

  private spawn(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): Started {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...this.environment, ...environment },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const result = new Promise<CliResult>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        try {
          this.assertClean(output);
          resolve({ code, output });
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    return { child, output: () => output, result };
  }

  /** Every licence in state. */
  public async resources(): Promise<StateResource[]> {
    return (await this.state()).filter(({ type }) => type.includes("voice-licenses") && !isProvider(type));
  }

  public async resource(name: string): Promise<StateResource> {
    return named(await this.resources(), name);
  }

  /** A provider that the program made. */
  public async provider(name: string): Promise<StateResource> {
    return named(
      (await this.state()).filter(({ type }) => isProvider(type)),
      name,
    );
  }

  private async state(): Promise<StateResource[]> {
    const exported = await this.cli("stack", "export");
    assert.equal(exported.code, 0, exported.output);
    const state = JSON.parse(exported.output.slice(exported.output.indexOf("{"))) as {
      deployment: { resources?: StateResource[] };
    };
    return state.deployment.resources ?? [];
  }

  /** What the simulator was asked since the last call of this, without logins and tokens. */
  public async requests(): Promise<Recorded[]> {
    const recorded = (await this.admin("GET", "/requests")) as Recorded[];
    await this.admin("DELETE", "/requests");
    for (const request of recorded) {
      assert.equal(request.scolded, undefined, `${request.method} ${request.path}: ${request.scolded ?? ""}`);
    }
    return recorded;
  }

  /** Just the writes among them. */
  public async writes(): Promise<Recorded[]> {
    return (await this.requests()).filter(
      ({ api, method }) => (api === "livePlatform" || api === "gateway") && method !== "GET",
    );
  }

  /** A condition that holds once no request has come for `milliseconds`. */
  public isQuiet(milliseconds: number): () => Promise<boolean> {
    let count = -1;
    let since = Date.now();
    return async () => {
      const now = ((await this.admin("GET", "/requests")) as unknown[]).length;
      if (now !== count) {
        count = now;
        since = Date.now();
      }
      return Date.now() - since >= milliseconds;
    };
  }

  public async admin(method: string, route: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.simulator.url}/_simulator${route}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${route}: ${answer.status} ${text}`);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  }

  public async close(): Promise<void> {
    try {
      this.assertClean(this.everythingOnDisk());
    } finally {
      await this.simulator.close();
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private secrets(): string[] {
    return [
      APP_SECRET,
      this.simulator.environment["LIVE_PLATFORM_CLIENT_SECRET"] ?? "",
      this.simulator.environment["TENANT_GATEWAY_PASSWORD"] ?? "",
    ].filter((secret) => secret !== "");
  }

  private assertClean(text: string): void {
    for (const secret of this.secrets()) {
      assert.ok(
        !text.includes(secret),
        `a secret is shown: …${text.slice(Math.max(0, text.indexOf(secret) - 200), text.indexOf(secret))}[here]`,
      );
    }
    assert.doesNotMatch(text, /^\s+at .+\(?.+:\d+:\d+\)?$/m, "a stack trace is shown");
  }

  private everythingOnDisk(): string {
    return readdirSync(path.join(this.folder, "state"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
  }
}

function isProvider(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

function named(resources: readonly StateResource[], name: string): StateResource {
  const found = resources.find(({ urn }) => urn.endsWith(`::${name}`));
  assert.ok(found, `${name} is not in state`);
  return found;
}

/** `METHOD path` of each request. */
export function calls(requests: readonly Recorded[]): string[] {
  return requests.map(({ method, path: where }) => `${method} ${where}`);
}

/** Waits until `condition` holds, looking often. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 30_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `timed out waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function findCli(): Promise<Record<string, string>> {
  cliEnvironment ??= (async () => {
    const module = (await import("../../../scripts/lib/pulumi-cli.mjs")) as {
      ensurePulumi: () => Promise<{ environment: Record<string, string> }>;
    };
    return (await module.ensurePulumi()).environment;
  })();
  return cliEnvironment;
}
