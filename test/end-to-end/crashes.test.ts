import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { APP_ID, APP_SECRET, CONTOSO, type TestStack, until } from "./support/stack";

const PROGRAM = `new CustomerServiceLicense("contoso", {
  customerGuid: "${CONTOSO}", licenseType: "OcPro", licensedUsersCount: 50,
  applicationClientId: "${APP_ID}", applicationClientSecret: "${APP_SECRET}",
});
new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 20 } });`;

/** What starts the plugin of each edge. */
const PLUGIN = /dynamic-provider|dist\/plugin\/index\.js/;

/** Process ids of the plugins that serve a stack: children of children, so they are found by their environment. */
function plugins(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
        const environment = readFileSync(`/proc/${name}/environ`, "utf8");
        return PLUGIN.test(command) && command.startsWith("node\0") && environment.includes(folder)
          ? [Number(name)]
          : [];
      } catch {
        return [];
      }
    });
}

function killPlugins(folder: string): void {
  plugins(folder).forEach((pid) => process.kill(pid, "SIGKILL"));
}

type Kill = readonly [string, (cli: number, plugin: readonly number[]) => void];

const KILL_OF_CLI: Kill = [
  "the CLI",
  (cli) => {
    process.kill(cli, "SIGKILL");
  },
];

const OTHER_KILLS: readonly Kill[] = [
  [
    "the plugin",
    (_cli, plugin) => {
      plugin.forEach((pid) => process.kill(pid, "SIGKILL"));
    },
  ],
  [
    "both",
    (cli, plugin) => {
      process.kill(cli, "SIGKILL");
      plugin.forEach((pid) => process.kill(pid, "SIGKILL"));
    },
  ],
];

function killedDuringTask({ createStack }: Edge, kills: readonly Kill[]): void {
  let stack: TestStack;
  beforeEach(async () => {
    stack = await createStack();
  });
  afterEach(() => stack.close());

  for (const [what, kill] of kills) {
    it(`${what}, by SIGKILL, during the wait for a task`, async () => {
      await stack.admin("PATCH", "/settings", { taskDuration: "1h" });
      stack.program(PROGRAM);
      const { child, output, result } = stack.start("up", "--yes", "--skip-preview");
      await until(
        () => /In Progress, .*\(task tsk_\d+\)/.test(output()) && output().includes("foo created"),
        "the wait shows on screen",
        60_000,
      );
      await until(() => stack.isStateWritten(), "what else the run does is in state");
      const pids = plugins(stack.folder);
      assert.ok(pids.length > 0, "the plugin is not found");
      kill(child.pid ?? 0, pids);
      await result.catch(() => undefined);
      await stack.requests();

      // An orphan may look at its task, but writes nothing once the engine is gone, even when the task ends.
      await stack.admin("POST", "/finish-tasks");
      await until(
        () => plugins(stack.folder).every((pid) => !pids.includes(pid)) || what === "the CLI",
        "the plugin is gone",
      );
      if (plugins(stack.folder).length > 0) {
        await until(
          async () =>
            ((await stack.admin("GET", "/requests")) as { path: string; at: string }[]).some(({ path }) =>
              path.includes("/task/"),
            ),
          "the orphan sees the end of the task",
        );
        await until(stack.isQuiet(1000), "the orphan has nothing more to say");
      }
      assert.deepEqual(await stack.writes(), []);
      killPlugins(stack.folder);

      await stack.cli("cancel", "--yes");
      const again = await stack.up();
      assert.equal(again.code, 0, again.output);
      const writes = await stack.writes();
      assert.deepEqual(
        writes.map(({ method }) => method),
        ["PATCH"],
        "no second upgrade, and the tenant is left alone",
      );
      const contoso = await stack.resource("contoso");
      assert.equal(contoso.outputs?.["licenseType"], "OcPro");
      assert.equal((await stack.cli("up", "--yes", "--skip-preview", "--expect-no-changes")).code, 0);
    });
  }
}

function orphaned({ createStack }: Edge): void {
  let stack: TestStack;
  before(async () => {
    stack = await createStack();
  });
  after(() => stack.close());

  it("writes nothing when the CLI was killed during the first request of the run", async () => {
    const request = { method: "GET", path: "/licenses/" };
    await stack.admin("POST", "/faults", { ...request, count: 1, fault: { kind: "delay", ms: 2000 } });
    stack.program(`new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 20 } });`);
    const { child, result } = stack.start("up", "--yes", "--skip-preview");
    await until(
      async () =>
        ((await stack.admin("GET", "/requests")) as { method: string; path: string }[]).some(
          ({ method, path }) => method === request.method && path.includes(request.path),
        ),
      "the request is on its way",
      60_000,
    );
    assert.ok(plugins(stack.folder).length > 0, "the plugin is not found");
    process.kill(child.pid ?? 0, "SIGKILL");
    await result.catch(() => undefined);
    await until(stack.isQuiet(3500), "the orphan has nothing more to say");
    assert.deepEqual(
      (await stack.writes()).filter(({ method }) => method === "PUT"),
      [],
    );
    await until(() => plugins(stack.folder).length === 0, "the plugin has ended by itself");
  });
}

const BOUNDARIES: readonly (readonly [
  string,
  { readonly method: string; readonly path: string; readonly kind: string },
])[] = [
  ["before the upgrade is asked for", { method: "POST", path: "/action/upgrade", kind: "hangBefore" }],
  [
    "when the upgrade is under way, and its task not told yet",
    { method: "POST", path: "/action/upgrade", kind: "hangAfter" },
  ],
  ["before the PATCH", { method: "PATCH", path: "/customer/", kind: "hangBefore" }],
  ["after the PATCH, before its answer", { method: "PATCH", path: "/customer/", kind: "hangAfter" }],
  ["after the PUT, before its answer", { method: "PUT", path: "/licenses/", kind: "hangAfter" }],
];

type End = (cli: number, plugin: readonly number[], output: () => string) => Promise<void>;

const ENDS: readonly (readonly [string, End])[] = [
  [
    "SIGKILL",
    (cli, plugin) => {
      process.kill(cli, "SIGKILL");
      plugin.forEach((pid) => process.kill(pid, "SIGKILL"));
      return Promise.resolve();
    },
  ],
  [
    "Ctrl-C",
    (cli) => {
      process.kill(-cli, "SIGINT");
      return Promise.resolve();
    },
  ],
  [
    "Ctrl-C twice",
    async (cli, _plugin, output) => {
      process.kill(-cli, "SIGINT");
      await until(() => output().includes("^C received; cancelling"), "the first one is heard");
      process.kill(-cli, "SIGINT");
    },
  ],
];

function endedBetweenCalls({ createStack }: Edge): void {
  let stack: TestStack;
  beforeEach(async () => {
    stack = await createStack();
  });
  afterEach(() => stack.close());

  for (const [where, { kind, ...request }] of BOUNDARIES) {
    // Ctrl-C is tried where most can go wrong.
    const isTelling = kind === "hangAfter" && request.method !== "PUT";
    for (const [what, end] of isTelling ? ENDS : ENDS.slice(0, 1)) {
      it(`by ${what}, ${where}`, async () => {
        await stack.admin("PATCH", "/settings", { taskDuration: "300ms" });
        await stack.admin("POST", "/faults", { ...request, count: 1, fault: { kind } });
        stack.program(PROGRAM);
        const { child, output, result } = stack.start("up", "--yes", "--skip-preview");
        await until(
          async () =>
            ((await stack.admin("GET", "/requests")) as { method: string; path: string }[]).some(
              ({ method, path }) => method === request.method && path.includes(request.path),
            ),
          "the request is on its way",
          60_000,
        );
        await until(() => stack.isStateWritten(), "what else the run does is in state");
        const pids = plugins(stack.folder);
        const ended = Date.now();
        await end(child.pid ?? 0, pids, output);
        await result.catch(() => undefined);
        if (what !== "SIGKILL") {
          assert.ok(Date.now() - ended < 5000, `took ${Date.now() - ended} ms`);
        }
        await until(() => plugins(stack.folder).length === 0, "the plugin is gone");
        await stack.admin("DELETE", "/faults");

        await stack.cli("cancel", "--yes");
        const again = await stack.up();
        assert.equal(again.code, 0, again.output);
        const { tasks } = (await stack.admin("GET", "/state")) as { tasks: unknown[] };
        assert.equal(tasks.length, 1, "one upgrade, not two");
        assert.equal((await stack.resource("contoso")).outputs?.["licenseType"], "OcPro");
        assert.deepEqual((await stack.resource("foo")).outputs?.["groupServices"], { "Hunt Group": 20 });
        await stack.requests();
        assert.equal((await stack.cli("up", "--yes", "--skip-preview", "--expect-no-changes")).code, 0);
        assert.deepEqual(await stack.requests(), []);
      });
    }
  }
}

// Processes are found through /proc.
if (process.platform === "linux") {
  const killed = "a run that was killed is simply run again, by the real CLI";
  throughBothEdges(
    killed,
    (edge) => {
      killedDuringTask(edge, [KILL_OF_CLI]);
    },
    { isSample: true },
  );
  throughBothEdges(killed, (edge) => {
    killedDuringTask(edge, OTHER_KILLS);
  });
  throughBothEdges("an orphan of a CLI that was killed, by the real CLI", orphaned);
  throughBothEdges("a run that ended between two calls is simply run again, by the real CLI", endedBetweenCalls);
}
