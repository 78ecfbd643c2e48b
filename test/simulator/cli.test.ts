import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");

interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  const proxies = Object.fromEntries(
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
      [name, ""],
      [name.toLowerCase(), ""],
    ]),
  );
  const child = spawn(process.execPath, ["-r", "ts-node/register", "cli/index.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, ...proxies, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, output, ended };
}

async function runToEnd(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { output, ended } = run(args);
  const code = await ended;
  return { code, ...output };
}

/** Resolves with the text once a stream has said what is waited for, or rejects when the process ends before. */
function said({ child, output, ended }: Run, stream: "stdout" | "stderr", pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (pattern.test(output[stream])) {
        resolve(output[stream]);
      }
    };
    child[stream]!.on("data", look);
    look();
    void ended.then(() => {
      reject(new Error(`ended early: ${output.stderr}`));
    });
  });
}

describe("voice-licenses simulate", function () {
  this.timeout(30_000);
  let started: Run | undefined;

  afterEach(async () => {
    started?.child.kill("SIGKILL");
    await started?.ended;
    started = undefined;
  });

  it("prints an environment, a line for each request, and ends with Ctrl-C and 0", async () => {
    started = run(["simulate", "--port", "0"], { HTTPS_PROXY: "http://proxy.example:3128", NO_PROXY: "intra.example" });
    const stdout = await said(started, "stdout", /no_proxy=.*\n/);
    const exported = new Map(
      [...stdout.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]): [string, string] => [name!, value!]),
    );
    assert.deepEqual(
      [...exported.keys()],
      [
        "LIVE_PLATFORM_BASE_URL",
        "LIVE_PLATFORM_AUTH_URL",
        "LIVE_PLATFORM_CLIENT_ID",
        "LIVE_PLATFORM_CLIENT_SECRET",
        "TENANT_GATEWAY_BASE_URL",
        "TENANT_GATEWAY_USERNAME",
        "TENANT_GATEWAY_PASSWORD",
        "NO_PROXY",
        "no_proxy",
      ],
    );
    assert.equal(exported.get("NO_PROXY"), "intra.example,127.0.0.1,localhost");
    // Everything on standard output is for the shell: exports and comments.
    assert.doesNotMatch(stdout, /^(?!export |#|$)/m);
    assert.equal((await fetch(`${exported.get("LIVE_PLATFORM_BASE_URL")!}/api/v3/customer`)).status, 401);
    await said(started, "stderr", /#1 {2}GET \/tenantui\/api\/v3\/customer {2}401\n/);
    started.child.kill("SIGINT");
    assert.equal(await started.ended, 0);
  });

  it("prints JSON, is quiet when asked, and ends with SIGTERM and 0", async () => {
    started = run([
      "simulate",
      "--port",
      "0",
      "--json",
      "--quiet",
      "--core",
      "--task-duration",
      "1m",
      "--latency",
      "1",
    ]);
    const stdout = await said(started, "stdout", /\n/);
    const { url, environment } = JSON.parse(stdout) as { url: string; environment: Record<string, string> };
    assert.equal(environment["TENANT_GATEWAY_BASE_URL"], url);
    assert.equal("NO_PROXY" in environment, false);
    assert.equal(environment["TENANT_GATEWAY_API_PATH"], "/api/v01/p1");
    assert.equal(environment["TENANT_GATEWAY_AUTHENTICATION"], "core");
    assert.equal((await fetch(`${url}/elsewhere`)).status, 404);
    const state = (await (await fetch(`${url}/_simulator/state`)).json()) as { settings: Record<string, unknown> };
    assert.deepEqual([state.settings["taskDurationMs"], state.settings["latencyMs"]], [60_000, 1]);
    started.child.kill("SIGTERM");
    assert.equal(await started.ended, 0);
    assert.equal(started.output.stderr, "");
  });

  it("takes the same port each time, and another where it is taken", async () => {
    const urlOf = async (one: Run): Promise<string> =>
      (JSON.parse(await said(one, "stdout", /\n/)) as { url: string }).url;
    const holder = createServer();
    const isOurs = await new Promise<boolean>((resolve) => {
      holder.once("error", () => {
        resolve(false);
      });
      holder.listen(18650, "127.0.0.1", () => {
        resolve(true);
      });
    });
    started = run(["simulate", "--json", "--quiet"]);
    const other = await urlOf(started);
    assert.equal(
      started.output.stderr,
      `Port 18650 is taken, by another simulator perhaps: this one listens on ${other}.\n`,
    );
    if (isOurs) {
      await new Promise((resolve) => holder.close(resolve));
      started.child.kill("SIGKILL");
      await started.ended;
      started = run(["simulate", "--json", "--quiet"]);
      assert.equal(await urlOf(started), "http://127.0.0.1:18650");
      assert.equal(started.output.stderr, "");
    }
  });

  it("says in one line that a port is taken, and what to do", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address!.port : 0;
    const { code, stderr } = await runToEnd("simulate", "--port", String(port));
    server.close();
    assert.equal(code, 1);
    assert.equal(stderr, `error: Port ${port} is taken: give another one with --port, or --port 0 for any free one.\n`);
  });

  it("says in one line what is wrong with a seed", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "seed-"));
    const file = path.join(folder, "seed.yaml");
    writeFileSync(file, "gateway:\n  tenants: { foo: { groupServices: { Hunt Group: many } } }\n");
    const [wrong, missing] = await Promise.all([
      runToEnd("simulate", "--seed", file),
      runToEnd("simulate", "--seed", `${file}.missing`),
    ]);
    rmSync(folder, { recursive: true });
    assert.deepEqual([wrong.code, missing.code], [1, 1]);
    assert.match(
      wrong.stderr,
      /^error: .*seed\.yaml:2:38 gateway\.tenants\.foo\.groupServices\.Hunt Group: write `unlimited`, a whole number .*\n$/,
    );
    assert.match(missing.stderr, /^error: The seed file .*missing cannot be read; check its path: .*\n$/);
  });

  it("says in one line what is wrong with an option or a command", async () => {
    const [typo, port, command] = await Promise.all([
      runToEnd("simulate", "--prot", "1"),
      runToEnd("simulate", "--port", "many"),
      runToEnd("simulat"),
    ]);
    assert.deepEqual([typo.code, port.code, command.code], [1, 1, 1]);
    assert.match(typo.stderr, /^error: unknown option '--prot' \(Did you mean --port\?\)\n$/);
    assert.match(port.stderr, /^error: .*'many' is invalid\. Give a number from 0 .*\n$/);
    assert.match(command.stderr, /^error: unknown command 'simulat' \(Did you mean simulate\?\)\n$/);
  });

  it("shows its version, and help with examples", async () => {
    const [version, help] = await Promise.all([runToEnd("--version"), runToEnd("simulate", "--help")]);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\S*\n$/);
    assert.deepEqual([version.code, help.code], [0, 0]);
    assert.match(help.stdout, /Examples:\n {2}npx pulumi-voice-licenses simulate\n/);
  });
});
