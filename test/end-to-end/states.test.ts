import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { DYNAMIC, type Edge, throughBothEdges } from "./support/both-edges";
import { APP_SECRET, calls, type Recorded, type TestStack } from "./support/stack";

/**
 * State lies with users for ever. Each folder below `test/fixtures/states/` is what one released version wrote, never changed since:
 * `state.json` as `pulumi stack export` gave it, the program that made it, and what the systems held then.
 */
const STATES = path.join(__dirname, "..", "fixtures", "states");
/** `VOICE_LICENSES_RECORD_STATES=1.2.0`: writes what is missing in the folder of that version, and nothing that is there. */
const RECORD = process.env["VOICE_LICENSES_RECORD_STATES"];

/** The same program with names and maps alone: numbers and lists as in the APIs are inputs of dynamic resources only. */
function withNamesAndMaps(program: string): string {
  return program
    .replaceAll("licenseType: 5", "licenseType: LicenseType.OcPro")
    .replaceAll(/\{ name: (".*"), allocated: \{ unlimited: false, maximum: (\d+) \} \}/g, "$1: $2")
    .replaceAll(/\[([^\]]*)\]/g, "{$1}");
}

/** One state of one version, which wrote it by dynamic resources, and what an edge makes of it. */
class WrittenState {
  public constructor(
    private readonly version: string,
    private readonly name: string,
    private readonly edge: Edge,
  ) {}

  public path(file: string): string {
    return path.join(STATES, this.version, this.name, file);
  }

  public text(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  public json(file: string): unknown {
    return JSON.parse(this.text(file)) as unknown;
  }

  /** A program of that version. */
  public program(file: string): string {
    return this.edge.name === "dynamic" ? this.text(file) : withNamesAndMaps(this.text(file));
  }

  /** A stack beside systems that hold what they held then. */
  public async stack(): Promise<TestStack> {
    const stack = await this.edge.createStack(parse(this.text("systems.yaml")));
    stack.setVariable("APP_SECRET", APP_SECRET);
    stack.program(this.program("program.js"));
    return stack;
  }

  /** The same, with this state. */
  public async imported(): Promise<TestStack> {
    const stack = await this.stack();
    const { code, output } = await stack.cli("stack", "import", "--file", this.path("state.json"));
    assert.equal(code, 0, output);
    return stack;
  }

  public async record(): Promise<void> {
    if (existsSync(this.path("state.json"))) {
      return;
    }
    const stack = await this.stack();
    try {
      for (const [method, route, body] of this.json("before.json") as [string, string, unknown][]) {
        await stack.admin(method, route, body);
      }
      const { output } = await stack.up();
      assert.match(output, /Resources:/);
      const { code } = await stack.cli("stack", "export", "--file", this.path("state.json"));
      assert.equal(code, 0);
    } finally {
      await stack.close();
    }
  }
}

/** What is written of a write into `expected.json`. */
function written(requests: readonly Recorded[]): unknown[] {
  return requests
    .map(({ method, path: where, body }) => ({ method, path: where, body }))
    .sort((a, b) => (a.path + a.method < b.path + b.method ? -1 : 1));
}

/** The plugin takes over what dynamic resources wrote, without a write. */
async function takeOver(stack: TestStack): Promise<void> {
  const { code, output } = await stack.up();
  assert.equal(code, 0, output);
  assert.doesNotMatch(output, /replaced|deleted|created/);
  assert.deepEqual(await stack.writes(), []);
}

const versions = readdirSync(STATES);

function writtenStates(edge: Edge): void {
  before(async () => {
    if (RECORD !== undefined) {
      await new WrittenState(RECORD, "settled", DYNAMIC).record();
      await new WrittenState(RECORD, "unfinished", DYNAMIC).record();
    }
  });

  for (const version of versions) {
    it(`${version}: is read, refreshed without a diff, updated and destroyed`, async () => {
      const state = new WrittenState(version, "settled", edge);
      const stack = await state.imported();
      try {
        if (edge.name === "native") {
          await takeOver(stack);
        }
        const refreshed = await stack.cli("refresh", "--preview-only", "--expect-no-changes", "--diff");
        assert.equal(refreshed.code, 0, refreshed.output);
        assert.equal((await stack.refresh()).code, 0);
        await stack.requests();
        const unchanged = await stack.preview("--expect-no-changes");
        assert.equal(unchanged.code, 0, unchanged.output);
        assert.deepEqual(calls(await stack.requests()), []);

        stack.program(state.program("changed.js"));
        const updated = await stack.up();
        assert.equal(updated.code, 0, updated.output);
        const update = written(await stack.writes());
        const destroyed = await stack.destroy();
        assert.equal(destroyed.code, 0, destroyed.output);
        const destroy = written(await stack.writes());
        if (RECORD === version && !existsSync(state.path("expected.json"))) {
          writeFileSync(state.path("expected.json"), `${JSON.stringify({ update, destroy }, undefined, 2)}\n`);
        }
        assert.deepEqual({ update, destroy }, state.json("expected.json"));
      } finally {
        await stack.close();
      }
    });

    it(`${version}: with work unfinished in it is read, refreshed, finished and destroyed`, async () => {
      const stack = await new WrittenState(version, "unfinished", edge).imported();
      try {
        stack.setVariable("LIVE_PLATFORM_LOST_ANSWER_GRACE", "1s");
        // The platform has used the number of the task in state, and does not use it for another one.
        await stack.admin("PATCH", "/settings", { firstTaskNumber: 200_000 });
        assert.equal((await stack.refresh()).code, 0);
        assert.deepEqual(await stack.writes(), []);
        // A task that the platform has forgotten ends the first run; the next one starts anew.
        const first = await stack.up();
        const { code, output } = first.code === 0 ? first : await stack.up();
        assert.equal(code, 0, output);
        const upgrades = (await stack.writes())
          .filter(({ method }) => method === "POST")
          .map(({ path: where }) => where);
        assert.equal(new Set(upgrades).size, upgrades.length, "no customer is upgraded twice");
        const unchanged = await stack.preview("--expect-no-changes");
        assert.equal(unchanged.code, 0, unchanged.output);
        for (const { outputs, initErrors } of await stack.resources()) {
          assert.equal(outputs?.["pendingTask"] ?? outputs?.["pendingPatch"] ?? initErrors, undefined);
        }
        assert.equal((await stack.destroy()).code, 0);
      } finally {
        await stack.close();
      }
    });
  }
}

throughBothEdges("state that a released version wrote, by the real CLI", writtenStates);
