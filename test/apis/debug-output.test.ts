import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { type Simulator, startSimulator } from "../../simulator";
import { selfSigned } from "../simulator/self-signed";
import { proxyForTests } from "./support/proxy";
import { temporaryFiles } from "./support/temporary-file";

const ROOT = path.resolve(__dirname, "../..");
const SECRETS = {
  LIVE_PLATFORM_CLIENT_SECRET: "demo-client-secret",
  TENANT_GATEWAY_PASSWORD: "demo-password",
  APPLICATION_SECRET: "pr18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW",
};

describe("output of a process under DEBUG=*", function () {
  // A process that compiles TypeScript takes its time on a busy machine.
  this.timeout(60_000);
  const certificate = selfSigned();
  const proxy = proxyForTests();
  const file = temporaryFiles();
  let plain: Simulator;
  let secure: Simulator;

  before(async () => {
    plain = await startSimulator();
    secure = await startSimulator({ tls: certificate });
  });
  after(() => Promise.all([plain.close(), secure.close()]));

  async function outputOf(environment: Readonly<Record<string, string>>): Promise<string> {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["-r", "ts-node/register", "test/apis/support/every-call.ts"],
      {
        cwd: ROOT,
        env: {
          PATH: process.env["PATH"],
          DEBUG: "*",
          DEBUG_DEPTH: "20",
          LIVE_PLATFORM_MAX_RETRIES: "0",
          TENANT_GATEWAY_MAX_RETRIES: "0",
          ...SECRETS,
          ...environment,
        },
        maxBuffer: 100_000_000,
      },
    );
    return stdout + stderr;
  }

  function assertHoldsNoSecret(output: string): void {
    const found = [...Object.values(SECRETS), "simulated-token-", "simulated-session-"].flatMap((secret) =>
      [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")].filter((form) =>
        output.includes(form),
      ),
    );
    assert.deepEqual(
      found,
      [],
      output
        .split("\n")
        .filter((line) => found.some((form) => line.includes(form)))
        .join("\n")
        .slice(0, 4000),
    );
  }

  it("holds no secret", async () => {
    const output = await outputOf(plain.environment);
    assert.equal(output.match(/^done$/gm)?.length, 7, output);
    assert.match(output, /Invalid change for License Type!/);
    assertHoldsNoSecret(output);
  });

  it("holds none on a way through a proxy either", async () => {
    const output = await outputOf({
      ...secure.environment,
      LIVE_PLATFORM_CA_FILE: file("ca.pem", certificate.cert),
      TENANT_GATEWAY_CA_FILE: file("ca.pem", certificate.cert),
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    });
    assert.ok(proxy.passed.length > 0);
    assert.equal(output.match(/^done$/gm)?.length, 7, output);
    assertHoldsNoSecret(output);
  });
});
