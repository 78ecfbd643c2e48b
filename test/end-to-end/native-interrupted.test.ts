import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createNativeStack, yamlProgram } from "./support/native-stack";
import { APP_ID, APP_SECRET, CONTOSO, type Recorded, type TestStack, until } from "./support/stack";

const PROGRAM = `
resources:
  contoso:
    type: voice-licenses:CustomerServiceLicense
    properties:
      customerGuid: ${CONTOSO}
      licenseType: OcPro
      licensedUsersCount: 50
      applicationClientId: ${APP_ID}
      applicationClientSecret: ${APP_SECRET}
`;

function upgrades(requests: readonly Recorded[]): number {
  return requests.filter(({ method, path }) => method === "POST" && path.endsWith("/action/upgrade")).length;
}

/** The native plugins of a stack that run, by their environment. */
function plugins(stack: TestStack): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      const isPlugin =
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("dist/plugin/index.js");
      return isPlugin && readFileSync(`/proc/${pid}/environ`, "utf8").includes(stack.folder);
    } catch {
      return false;
    }
  });
}

describe("a run with the native plugin that is interrupted, by the real CLI", function () {
  // A language host may have to be built first.
  this.timeout(10 * 60_000);
  let stack: TestStack;
  beforeEach(async () => {
    stack = await createNativeStack("yaml");
    await stack.admin("PATCH", "/settings", { taskDuration: "1h" });
    yamlProgram(stack, PROGRAM);
  });
  afterEach(() => stack.close());

  const interrupted = async (signal: "SIGINT" | "SIGKILL"): Promise<{ code: number | null; output: string }> => {
    const { child, output, result } = stack.start("up", "--yes", "--skip-preview");
    await until(() => output().includes("In Progress"), "the wait shows on screen", 60_000);
    process.kill(-(child.pid ?? 0), signal);
    return result;
  };

  it("by Ctrl-C: the wait ends with the task in state, and the next up goes on with it", async () => {
    const { code, output } = await interrupted("SIGINT");
    assert.notEqual(code, 0);
    assert.match(output, /The run was cancelled\. Task tsk_\d+ goes on at the platform/);
    assert.ok((await stack.resource("contoso")).outputs?.["pendingTask"] !== undefined);
    await stack.admin("POST", "/finish-tasks");
    const resumed = await stack.up();
    assert.equal(resumed.code, 0, resumed.output);
    assert.equal(upgrades(await stack.requests()), 1);
  });

  it("by SIGKILL: the plugin writes nothing more and ends, and the next up does not upgrade again", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    await interrupted("SIGKILL");
    await stack.admin("POST", "/finish-tasks");
    await until(() => plugins(stack).length === 0, "the plugin has ended");
    assert.deepEqual(
      (await stack.writes()).map(({ method }) => method),
      ["POST"],
    );
    await stack.cli("cancel", "--yes");
    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    assert.deepEqual(
      (await stack.writes()).map(({ method }) => method),
      ["PATCH"],
    );
  });
});
