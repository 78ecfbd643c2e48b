import { type Mistake, mistakeIn } from "../../../provider/resource/mistake";
import assert from "node:assert/strict";
import { ServedResource } from "../../../provider/resource/served-resource";
import { DynamicHostAdapter } from "../../../provider/hosts/dynamic/host-adapter";
import { Cancelled, PartialFailure } from "../../../provider/resource/failures";
import type { Comparison, LicenseResource, Preview, Reading, Run } from "../../../provider/resource/license-resource";
import { DynamicRun } from "../../../provider/hosts/dynamic/dynamic-run";
import { PluginRun } from "../../../provider/resource/plugin-run";
import { ReductionBrake } from "../../../provider/resource/reduction-brake";
import { reportRetry } from "../../../provider/systems/transport/work";
import { UNKNOWN_VALUE } from "../../../provider/resource/unknowns";
import type { Claim } from "../../../provider/resource/claim";
import { systemClock } from "../../../provider/time/clock";
import { declarationsWithoutEngine } from "../../support/declarations";

type Properties = Record<string, unknown>;

/** A resource whose every answer a test sets. */
class StubResource implements LicenseResource {
  public readonly system = "tenantGateway";
  public readonly typeName = "Stub";
  public readonly secrets: readonly string[] = [];
  public readonly shape = { inputs: [], computed: [], lasting: [] };
  public previews: Preview | Error = { refusals: [], lines: [], reductions: [] };
  public comparison: Comparison = { changes: "remote", replaces: [] };
  public outcome: Properties | Error = {};
  public reading: Reading | undefined | Error;
  public previewed = 0;
  public applied: { inputs: Properties; state: Properties | undefined }[] = [];
  public removed: Properties[] = [];
  public ahead: string[] = [];
  public run: Run | undefined;
  public work: (run: Run) => void = () => undefined;

  public check(raw: Properties): { inputs: Properties; mistakes: Mistake[] } {
    return raw["bad"] === undefined
      ? { inputs: { ...raw, absent: undefined }, mistakes: [] }
      : { inputs: raw, mistakes: [mistakeIn("bad", "it is bad.")] };
  }
  public idOf(inputs: Properties): string {
    return String(inputs["key"]);
  }
  public claims(inputs: Properties): Claim[] {
    return [["thing", String(inputs["key"])]];
  }
  public compare(): Comparison {
    return this.comparison;
  }
  public preview(_inputs: Properties, _state: Properties | undefined, run: Run): Promise<Preview> {
    this.previewed += 1;
    this.run = run;
    return settle(this.previews);
  }
  public readAhead(id: string): void {
    this.ahead.push(id);
  }
  public apply(inputs: Properties, state: Properties | undefined, run: Run): Promise<Properties> {
    this.applied.push({ inputs, state });
    this.run = run;
    this.work(run);
    return settle(this.outcome);
  }
  public read(): Promise<Reading | undefined> {
    return settle(this.reading);
  }
  public find(id: string): Promise<Reading | undefined> {
    return Promise.resolve(id === "absent" ? undefined : { inputs: {}, outputs: { found: id } });
  }
  public remove(state: Properties, run: Run): Promise<void> {
    this.removed.push(state);
    this.run = run;
    this.work(run);
    return Promise.resolve();
  }
}

function settle<T>(value: T | Error): Promise<T> {
  return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
}

interface Bench {
  readonly resource: StubResource;
  readonly served: ServedResource;
  readonly adapter: DynamicHostAdapter;
  readonly lines: string[];
  /** What has to happen before the engine has all lines. */
  readonly waits: Promise<void>[];
  readonly abort: AbortController;
}

function bench(debug = false, maxReductions?: number): Bench {
  const lines: string[] = [];
  const waits: Promise<void>[] = [];
  const abort = new AbortController();
  const resource = new StubResource();
  const served = new ServedResource(
    resource,
    new PluginRun({
      clock: systemClock,
      log: {
        log: (kind, text, urn) => lines.push(`${kind} ${urn ?? "stack"}: ${text}`),
        shown: async () => {
          await Promise.all(waits);
        },
      },
      presence: { assertThere: () => Promise.resolve() },
      signal: abort.signal,
      brake: new ReductionBrake(() => ({ maxReductions, maxLicensesRemoved: undefined })),
      declarations: declarationsWithoutEngine(systemClock),
    }),
  );
  const adapter = new DynamicHostAdapter(served, {
    run: new DynamicRun(),
    debug,
    safe: (text) => text.split("hush").join("[secret]"),
    configure: () => undefined,
  });
  return { resource, served, adapter, lines, waits, abort };
}

const context = (preview: boolean, name = "it", readAhead: unknown = []): Properties => ({
  __context: {
    name,
    urn: `urn:${name}`,
    preview,
    instance: "the default provider",
    readAhead: JSON.stringify(readAhead),
  },
});

describe("the adapter to the dynamic host", () => {
  it("hands configuration over at once, texts only", async () => {
    const { served } = bench();
    let read: ((key: string) => string | undefined) | undefined;
    const adapter = new DynamicHostAdapter(served, {
      run: new DynamicRun(),
      debug: false,
      safe: (text) => text,
      configure: (configuration) => {
        read = configuration;
      },
    });
    const values = new Map<string, unknown>([
      ["a:b", "c"],
      ["a:n", 4],
    ]);
    const configured = adapter.configure({
      config: { get: (key: string) => values.get(key) as string, require: () => "" },
    });
    assert.equal(read?.("a:b"), "c");
    assert.equal(read("a:n"), undefined);
    await configured;
  });

  it("reads ahead in preview, after a resource that is new", async () => {
    const { adapter, resource } = bench();
    await adapter.check({}, { key: "a", ...context(true, "a", ["a", "b", "c", "d", 7]) });
    assert.deepEqual(resource.ahead, ["b"]);
    await adapter.check({ key: "b" }, { key: "b", ...context(true, "b") });
    assert.deepEqual(resource.ahead, ["b"]);
    await adapter.check({}, { key: "c", ...context(true, "c") });
    assert.deepEqual(resource.ahead, ["b", "d"]);
  });

  it("reads nothing ahead in an update", async () => {
    const { adapter, resource } = bench();
    await adapter.check({}, { key: "a", ...context(false, "a", ["a", "b", "c"]) });
    assert.deepEqual(resource.ahead, []);
  });

  it("strips what the host cannot carry and what is hidden, and reads nothing without a preview", async () => {
    const { adapter, resource } = bench();
    const news = { key: "k", nested: { a: undefined, b: 1 }, __provider: "p", ...context(false) };
    const checked: { inputs?: unknown } = await adapter.check({}, news);
    assert.deepStrictEqual(checked, { inputs: { key: "k", nested: { b: 1 } } });
    assert.equal(resource.previewed, 0);
  });

  it("plans in preview for what is new only, and tells each line once", async () => {
    const { adapter, resource, lines } = bench();
    resource.previews = { refusals: [], lines: ["PUT it"], reductions: [] };
    const news = { key: "k", __provider: "p", ...context(true) };
    await adapter.check({}, news);
    await adapter.check({ __provider: "p" }, news);
    assert.deepEqual(lines, ["info urn:it: it: PUT it"]);
    await adapter.check({ key: "k", __provider: "p" }, news);
    assert.equal(resource.previewed, 2);
    await adapter.check({}, { key: UNKNOWN_VALUE, __provider: "p", ...context(true, "other") });
    assert.equal(resource.previewed, 2, "an id that is not known yet cannot be read");
  });

  it("counts what all resources take away, in preview and before each write", async () => {
    const reductions = [{ property: "size", change: "3 → 2", units: 1 }];
    const { adapter, resource, lines } = bench(false, 1);
    resource.previews = { refusals: [], lines: ["PUT it"], reductions };
    assert.deepEqual((await adapter.check({}, { key: "a", ...context(true, "first") })).failures, []);
    // The same again counts once.
    await adapter.diff("a", { key: "a", size: 3 }, { key: "a", size: 2 });
    const refused = await adapter.check({}, { key: "b", ...context(true, "second") });
    assert.match(
      refused.failures?.[0]?.reason ?? "",
      /this run makes at least 2 reductions; the limit is 1.*\n {2}first: size 3 → 2\n {2}second: size 3 → 2$/s,
    );
    await assert.rejects(adapter.diff("c", { key: "c", size: 3 }, { key: "c", size: 2 }), {
      message: /^c: refused by .*makes at least 3 reductions.*\n {2}c: size 3 → 2$/s,
    });
    assert.equal(lines.filter((line) => line.includes("PUT it")).length, 1);

    const up = bench(false, 0);
    await up.adapter.create({ key: "k" });
    const { run } = up.resource;
    assert.ok(run !== undefined);
    run.brake([]);
    assert.throws(
      () => {
        run.brake(reductions);
      },
      { name: "Refusal", message: /k: size 3 → 2/ },
    );
  });

  it("gives refusals and failures of preview as failures of check, with secrets hidden", async () => {
    const { adapter, resource } = bench();
    resource.previews = { refusals: [mistakeIn("key", "no.")], lines: ["PUT it"], reductions: [] };
    assert.deepEqual((await adapter.check({}, { key: "k", ...context(true) })).failures, [
      { property: "key", reason: "no." },
    ]);
    resource.previews = new Error("cannot reach hush");
    assert.deepEqual((await adapter.check({}, { key: "k", ...context(true) })).failures, [
      { property: "", reason: "cannot reach [secret]" },
    ]);
    assert.deepEqual((await adapter.check({}, { bad: 1, ...context(true) })).failures, [
      { property: "bad", reason: "it is bad." },
    ]);
  });

  it("asks for an update of state that the native plugin wrote, because it lacks the text that loads the provider", async () => {
    const { adapter, resource } = bench();
    resource.comparison = { changes: "none", replaces: [] };
    assert.deepEqual(await adapter.diff("k", { key: "k" }, { key: "k", __provider: "p" }), {
      changes: true,
      replaces: [],
    });
    assert.deepEqual(await adapter.diff("k", { key: "k", __provider: "p" }, { key: "k", __provider: "p" }), {
      changes: false,
      replaces: [],
    });
  });

  it("plans in diff in preview, where there is something to call, and throws refusals with the resource's name", async () => {
    const { adapter, resource, lines } = bench();
    await adapter.check({ key: "k" }, { key: "k", size: 2, ...context(true) });
    resource.previews = { refusals: [], lines: ["PATCH it"], reductions: [] };
    assert.deepEqual(await adapter.diff("k", { key: "k", size: 1 }, { size: 2, key: "k", __provider: "p" }), {
      changes: true,
      replaces: [],
    });
    assert.deepEqual(lines, ["info urn:it: it: PATCH it"]);
    // Local settings change: there is nothing to call, but there may be something to show.
    resource.comparison = { changes: "local", replaces: [] };
    resource.previews = { refusals: [], lines: ["X: no longer managed"], reductions: [] };
    await adapter.diff("k", { key: "k", size: 1 }, { size: 2, key: "k" });
    assert.deepEqual(lines.slice(1), ["info urn:it: it: X: no longer managed"]);
    resource.comparison = { changes: "remote", replaces: [] };
    resource.previews = { refusals: [mistakeIn("size", "2 is too many.")], lines: [], reductions: [] };
    await assert.rejects(adapter.diff("k", {}, { key: "k", size: 2 }), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.equal(error.message, "it: size: 2 is too many.");
      assert.equal(`${String(error)}: ${error.stack ?? ""}`, "it failed: see its error below");
      return true;
    });
    const before = resource.previewed;
    for (const comparison of [
      { changes: "none", replaces: [] },
      { changes: "remote", replaces: ["key"] },
    ] as const) {
      resource.comparison = comparison;
      assert.deepEqual(await adapter.diff("k", {}, { key: "k", size: 2 }), {
        changes: comparison.changes !== "none",
        replaces: [...comparison.replaces],
      });
    }
    assert.equal(resource.previewed, before);
  });

  it("creates and updates by the same road, with state only for an update", async () => {
    const { adapter, resource } = bench();
    resource.outcome = { key: "k", gone: undefined };
    assert.deepEqual(await adapter.create({ key: "k", __provider: "p" }), { id: "k", outs: { key: "k" } });
    assert.deepEqual(await adapter.update("k", { key: "k", old: 1, __provider: "p" }, { key: "k", __provider: "p" }), {
      outs: { key: "k" },
    });
    assert.deepEqual(resource.applied, [
      { inputs: { key: "k" }, state: undefined },
      { inputs: { key: "k" }, state: { key: "k", old: 1 } },
    ]);
  });

  it("puts a partial failure into the host's form, with __provider in its properties", async () => {
    const { adapter, resource } = bench();
    resource.outcome = new PartialFailure("half, hush", { key: "k", no: undefined });
    await assert.rejects(adapter.create({ key: "k", __provider: "p" }), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.equal(error.message, "half, [secret]");
      assert.deepEqual(Object.fromEntries(Object.entries(error)), {
        id: "k",
        properties: { key: "k", __provider: "p" },
        reasons: ["half, [secret]"],
      });
      return true;
    });
    resource.outcome = new Error("nothing done");
    await assert.rejects(adapter.create({ key: "k" }), (error: unknown) => {
      assert.ok(error instanceof Error && !("id" in error));
      assert.equal(error.stack, "nothing done");
      return true;
    });
  });

  it("keeps stack traces, with secrets hidden, only where debugging is asked for", async () => {
    const { adapter, resource } = bench(true);
    resource.reading = new Error("hush!");
    await assert.rejects(adapter.read("k", { key: "k" }), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(error.stack ?? "", /\[secret\]!\n\s+at /);
      return true;
    });
  });

  it("reads with inputs, tells absence by an empty id, and throws everything else", async () => {
    const { adapter, resource } = bench();
    resource.reading = { inputs: { key: "k" }, outputs: { key: "k", more: 1 } };
    assert.deepEqual(await adapter.read("k", { key: "k" }), {
      id: "k",
      props: { key: "k", more: 1 },
      inputs: { key: "k" },
    });
    resource.reading = undefined;
    assert.equal((await adapter.read("k", { key: "k" })).id, "");
    resource.reading = new Error("no answer");
    await assert.rejects(adapter.read("k", { key: "k" }), { message: "k: no answer" });
  });

  it("finds what a program only reads, and so is not in state", async () => {
    const { adapter, resource } = bench();
    resource.reading = new Error("was read by its state");
    assert.deepEqual(await adapter.read("k", { __provider: "p" }), { id: "k", props: { found: "k" }, inputs: {} });
    await assert.rejects(adapter.read("absent", { __provider: "p" }), {
      message: "absent: Stub.get: there is no object with this id.",
    });
  });

  it("protects in delete what this run declares", async () => {
    const { adapter, resource } = bench();
    await adapter.delete("k", { key: "k", __provider: "p" });
    assert.deepEqual(resource.removed, [{ key: "k" }]);
    assert.deepEqual(await resource.run?.whoDeclares([["thing", "k"]]), [{ kind: "nobody" }]);
    await adapter.check({}, { key: "k", ...context(false) });
    await adapter.delete("k", { key: "k", __provider: "p" });
    assert.deepEqual(await resource.run?.whoDeclares([["thing", "k"]]), [{ kind: "declared", by: "urn:it" }]);
  });

  it("shows on the resource's row which calls are tried again, and that they are done", async () => {
    const { resource, adapter, lines } = bench();
    const trying =
      <T>(result: T) =>
      (): Promise<T> => {
        reportRetry("answered 502; trying again until 08:31:20: read thing 7");
        return Promise.resolve(result);
      };
    resource.apply = trying({});
    resource.read = trying(undefined);
    resource.remove = trying(undefined);
    await adapter.check({}, { key: "a", ...context(false) });
    await adapter.create({ key: "a" });
    await adapter.read("a", { key: "a" });
    await adapter.delete("a", {});
    const expected = [
      "progress urn:it: answered 502; trying again until 08:31:20: read thing 7",
      "progress urn:it: done",
    ];
    assert.deepEqual(lines, [...expected, ...expected, ...expected]);
  });

  it("refuses two owners of one thing, but not the same owner checked again", async () => {
    const { adapter } = bench();
    const of = (name: string, type = "t:m:T"): Properties => {
      const { __context } = context(false, name);
      return { key: "k", __context: { ...(__context as Properties), urn: `urn:pulumi:dev::shop::${type}::${name}` } };
    };
    assert.equal((await adapter.check({}, of("a::b"))).failures, undefined);
    assert.equal((await adapter.check({}, of("a::b"))).failures, undefined);
    assert.deepEqual((await adapter.check({}, of("c::b"))).failures, [
      { property: "", reason: "thing k is declared by a::b too: keep one of the two." },
    ]);
    assert.deepEqual((await adapter.check({}, of("a::b", "t:m:Parent$t:m:T"))).failures, [
      {
        property: "",
        reason: "thing k is declared by urn:pulumi:dev::shop::t:m:T::a::b too: keep one of the two.",
      },
    ]);
  });

  it("replaces progress that is still shown by how it ended", async () => {
    const { adapter, resource, lines } = bench();
    resource.work = (run) => {
      run.progress("task tsk_1 In Progress, 12 s");
    };
    await adapter.create({ key: "k" });
    await adapter.delete("k", { key: "k" });
    resource.outcome = new Error("no");
    await assert.rejects(adapter.update("k", { key: "k" }, { key: "k" }));
    assert.deepEqual(lines.splice(0), [
      "progress stack: k: task tsk_1 In Progress, 12 s",
      "progress stack: k: done",
      "progress stack: k: task tsk_1 In Progress, 12 s",
      "progress stack: k: done",
      "progress stack: k: task tsk_1 In Progress, 12 s",
      "progress stack: k: failed",
    ]);
    resource.outcome = {};
    resource.work = (run) => {
      run.progress("sending");
      run.tell("PATCH users 60 → 50: done");
    };
    await adapter.create({ key: "k" });
    assert.equal(lines.at(-1), "info stack: k: PATCH users 60 → 50: done", "a line that stays tells it better");
  });

  it("answers only when the engine has the lines: it may end the plugin with the last answer", async () => {
    const { adapter, resource, waits } = bench();
    resource.work = (run) => {
      run.tell("left as it is: OC Pro, 50 users (onDestroy: retain)");
    };
    let allShown: () => void = () => undefined;
    waits.push(
      new Promise((resolve) => {
        allShown = resolve;
      }),
    );
    let isAnswered = false;
    const deleted = adapter.delete("k", { key: "k" }).then(() => {
      isAnswered = true;
    });
    await new Promise(setImmediate);
    assert.equal(isAnswered, false);
    allShown();
    await deleted;
  });

  it("lets no write begin in a run that was cancelled, and shows progress and warnings on the resource's row", async () => {
    const { adapter, resource, lines, abort } = bench();
    await adapter.check({}, { key: "k", ...context(false) });
    await adapter.create({ key: "k" });
    const { run } = resource;
    assert.ok(run);
    run.progress("working");
    run.tell("a word");
    run.warn("careful");
    assert.deepEqual(lines, ["progress urn:it: working", "info urn:it: a word", "warning urn:it: careful"]);
    run.brake([]);
    await run.assertWanted();
    abort.abort(new Cancelled());
    assert.throws(() => {
      run.brake([]);
    }, Cancelled);
    await assert.rejects(run.assertWanted(), Cancelled);
  });
});
