/** Runs tests in a process of its own, with one mutant of many at a time: the code is loaded once. */
import path from "node:path";
import process from "node:process";
import Mocha from "mocha";
import { REGISTER_INSTANCE } from "ts-node";
import type { Failure, Measured, Reply, Request, Tried } from "./protocol";

/** Longer than in .mocharc.json: on a busy machine no mutant is to pass for an endless wait. */
const TEST_TIMEOUT_MS = 30_000;

/** How often a mutant is met before it counts as an endless loop. */
const MOST_HITS = 1_000_000;

const NONE = 0;
let active = NONE;
let hits = 0;
let reached = new Set<number>();
let measuring: { around: number[]; tests: Measured["tests"]; startedAt: number } | undefined;
const loaded = new Map<string, Mocha>();

/** Asked by the sources wherever a mutant stands. */
Object.assign(globalThis, {
  __mutant(id: number): boolean {
    reached.add(id);
    if (id !== active) {
      return false;
    }
    hits += 1;
    if (hits > MOST_HITS) {
      throw new Error("endless loop");
    }
    return true;
  },
});

process.on("message", (request: Request) => {
  void answer(request).then((reply) => process.send?.(reply));
});

async function answer(request: Request): Promise<Reply> {
  switch (request.ask) {
    case "start":
      takeOver(request.sources);
      active = request.mutant ?? NONE;
      return { answer: "started" };
    case "measure":
      return await measure(request.testFile);
    case "try":
      return await tryMutant(request.mutant, request.tests);
  }
}

function takeOver(sources: ReadonlyMap<string, string>): void {
  const compiler = process[REGISTER_INSTANCE];
  if (compiler === undefined) {
    throw new Error("ts-node is not registered");
  }
  const compile = compiler.compile.bind(compiler);
  compiler.compile = (text, file, line) => compile(sources.get(file) ?? text, file, line);
}

async function measure(testFile: string): Promise<Measured> {
  reached = new Set();
  const mocha = await load(testFile);
  const loading = [...reached];
  reached = new Set();
  const around: number[] = [];
  const tests: Measured["tests"] = [];
  measuring = { around, tests, startedAt: 0 };
  const failure = await run(mocha);
  measuring = undefined;
  around.push(...reached);
  return { answer: "measured", loading, around, tests, failure };
}

async function tryMutant(mutant: number, selections: Extract<Request, { ask: "try" }>["tests"]): Promise<Tried> {
  const isOnSinceStart = active === mutant;
  hits = 0;
  for (const { testFile, titles } of selections) {
    const mocha = await load(testFile);
    active = mutant;
    const failure = await run(mocha, titles);
    if (failure !== undefined) {
      active = NONE;
      const isSpoilt = !isOnSinceStart && (await run(mocha, [failure.title])) !== undefined;
      return { answer: "tried", failure, isSpoilt };
    }
    active = isOnSinceStart ? mutant : NONE;
  }
  return { answer: "tried", isSpoilt: false };
}

async function load(testFile: string): Promise<Mocha> {
  const earlier = loaded.get(testFile);
  if (earlier !== undefined) {
    return earlier;
  }
  const mocha = new Mocha({
    bail: true,
    timeout: TEST_TIMEOUT_MS,
    reporter: Mocha.reporters.Base,
    rootHooks: {
      beforeEach() {
        measuring?.around.push(...reached);
        reached = new Set();
        if (measuring !== undefined) {
          measuring.startedAt = performance.now();
        }
      },
      afterEach(this: Mocha.Context) {
        measuring?.tests.push({
          title: this.currentTest?.fullTitle() ?? "",
          milliseconds: performance.now() - measuring.startedAt,
          reached: [...reached],
        });
        reached = new Set();
      },
    },
  });
  mocha.cleanReferencesAfterRun(false);
  mocha.addFile(path.resolve(testFile));
  await mocha.loadFilesAsync();
  loaded.set(testFile, mocha);
  return mocha;
}

/** Runs the tests with these titles, or all, up to the first failure. */
function run(mocha: Mocha, titles?: readonly string[]): Promise<Failure | undefined> {
  const escaped = titles?.map((title) => title.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  mocha.grep(escaped === undefined ? /^/ : new RegExp(`^(?:${escaped.join("|")})$`));
  return new Promise((resolve) => {
    let failure: Failure | undefined;
    const runner = mocha.run(() => {
      resolve(failure);
    });
    runner.on("fail", (test, error: Error & { readonly code?: unknown }) => {
      failure ??= {
        title: test.fullTitle(),
        message: error.message,
        isTimeout: error.code === "ERR_MOCHA_TIMEOUT" || hits > MOST_HITS,
      };
    });
  });
}
