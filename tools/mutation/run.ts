import { readFileSync } from "node:fs";
import path from "node:path";
import { type Mutant, mutate } from "./mutants";
import type { Measured, TestSelection } from "./protocol";
import { WorkerProcess } from "./worker-process";

/** What became of a mutant. */
export interface Result {
  readonly mutant: Mutant;
  /** `unreached`: no test runs it. */
  readonly end: "killed" | "timedOut" | "survived" | "unreached";
}

/** What to try, and with what. */
export interface RunOptions {
  readonly root: string;
  /** Sources and test files, from the root. */
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  /** Worker processes. */
  readonly jobs: number;
  /** Which of all mutants to try. */
  readonly choose: (mutants: readonly Mutant[]) => readonly Mutant[];
  readonly note: (line: string) => void;
}

/** Tries mutants: each with the tests that reach it, the quickest first, up to the first that fails. */
export async function tryMutants({ root, sources, tests, jobs, choose, note }: RunOptions): Promise<Result[]> {
  const texts = new Map<string, string>();
  const all: Mutant[] = [];
  for (const file of sources) {
    const absolute = path.join(root, file);
    const { mutants, text } = mutate(file, readFileSync(absolute, "utf8"), all.length + 1);
    texts.set(absolute, text);
    all.push(...mutants);
  }
  const wanted = choose(all);
  const lanes = Array.from({ length: jobs }, () => new Lane(texts));
  try {
    note(`measuring what ${tests.length} test files reach of ${all.length} mutants`);
    const reach = new Reach();
    await inParallel(lanes, tests, async (lane, testFile) => {
      reach.add(testFile, await lane.measure(testFile));
    });
    note(`trying ${wanted.length} mutants`);
    const results: Result[] = [];
    await inParallel(lanes, wanted, async (lane, mutant) => {
      results.push({ mutant, end: await tryOne(lane, mutant, reach, all) });
      if (results.length % 100 === 0) {
        note(`${results.length} of ${wanted.length}`);
      }
    });
    return results.sort((a, b) => a.mutant.id - b.mutant.id);
  } finally {
    for (const lane of lanes) {
      lane.stop();
    }
  }
}

async function inParallel<Item>(
  lanes: readonly Lane[],
  items: readonly Item[],
  work: (lane: Lane, item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const drain = async (lane: Lane): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(lane, item);
    }
  };
  await Promise.all(lanes.map(drain));
}

async function tryOne(lane: Lane, mutant: Mutant, reach: Reach, all: readonly Mutant[]): Promise<Result["end"]> {
  const isLoading = reach.loading.has(mutant.id);
  // A module is loaded once: any test of the file may see what was computed then.
  const ids = isLoading ? all.filter(({ file }) => file === mutant.file).map(({ id }) => id) : [mutant.id];
  const { selections, milliseconds } = reach.testsOf(ids, isLoading);
  return selections.length === 0 ? "unreached" : await lane.try(mutant.id, selections, milliseconds, isLoading);
}

/** What the tests reach without a mutant. */
class Reach {
  /** Mutants that act while modules are loaded. */
  public readonly loading = new Set<number>();
  private readonly files: ReachOfFile[] = [];

  public add(testFile: string, { loading, around, tests }: Measured): void {
    this.files.push({
      testFile,
      throughout: new Set([...loading, ...around]),
      tests: tests.map(({ reached, ...test }) => ({ ...test, reached: new Set(reached) })),
    });
    for (const id of loading) {
      this.loading.add(id);
    }
  }

  /** The tests that reach one of these mutants, the quickest file first. */
  public testsOf(ids: readonly number[], wholeFiles: boolean): { selections: TestSelection[]; milliseconds: number } {
    const hasOne = (reached: ReadonlySet<number>): boolean => ids.some((id) => reached.has(id));
    const found = this.files.flatMap(({ testFile, throughout, tests }) => {
      const own = hasOne(throughout) ? tests : tests.filter(({ reached }) => hasOne(reached));
      const chosen = wholeFiles && own.length > 0 ? tests : own;
      const titles = chosen.length === tests.length ? undefined : chosen.map(({ title }) => title);
      const milliseconds = chosen.reduce((sum, test) => sum + test.milliseconds, 0);
      return chosen.length === 0 ? [] : [{ testFile, titles, milliseconds }];
    });
    found.sort((a, b) => a.milliseconds - b.milliseconds);
    return {
      selections: found.map(({ testFile, titles }) => ({ testFile, titles })),
      milliseconds: found.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    };
  }
}

interface ReachOfFile {
  readonly testFile: string;
  /** Reached outside of any one test. */
  readonly throughout: ReadonlySet<number>;
  readonly tests: readonly {
    readonly title: string;
    readonly milliseconds: number;
    readonly reached: ReadonlySet<number>;
  }[];
}

/** One worker process after the other: one that a mutant has spoilt is replaced. */
class Lane {
  private worker: WorkerProcess | undefined;

  public constructor(private readonly sources: ReadonlyMap<string, string>) {}

  public async measure(testFile: string): Promise<Measured> {
    const reply = await (await this.running()).ask({ ask: "measure", testFile }, MEASURE_MS);
    if (reply.answer !== "measured") {
      throw new Error(`${testFile} cannot be run: its process ${reply.answer === "timedOut" ? "hangs" : "ended"}.`);
    }
    if (reply.failure !== undefined) {
      throw new Error(`${testFile} fails without a mutant: ${reply.failure.title}: ${reply.failure.message}`);
    }
    return reply;
  }

  public async try(
    mutant: number,
    tests: readonly TestSelection[],
    milliseconds: number,
    whileLoading: boolean,
  ): Promise<"killed" | "timedOut" | "survived"> {
    const isFresh = whileLoading || this.worker === undefined;
    if (whileLoading) {
      this.stop();
    }
    const worker = await this.running(whileLoading ? mutant : undefined);
    const reply = await worker.ask({ ask: "try", mutant, tests }, milliseconds);
    const isTried = reply.answer === "tried";
    const isSpoilt = !isTried || reply.isSpoilt || reply.failure?.isTimeout === true;
    if (isSpoilt || whileLoading) {
      this.stop();
    }
    if (isTried && reply.failure === undefined) {
      return "survived";
    }
    if (reply.answer === "timedOut" || (isTried && reply.failure?.isTimeout === true)) {
      return "timedOut";
    }
    // An earlier mutant may have spoilt the process: in one of its own nothing but this one can be the cause.
    return isSpoilt && !isFresh ? await this.try(mutant, tests, milliseconds, whileLoading) : "killed";
  }

  public stop(): void {
    this.worker?.stop();
    this.worker = undefined;
  }

  private async running(mutant?: number): Promise<WorkerProcess> {
    if (this.worker === undefined) {
      this.worker = new WorkerProcess();
      await this.worker.ask({ ask: "start", sources: this.sources, mutant });
    }
    return this.worker;
  }
}

/** More than any test file takes, in milliseconds. */
const MEASURE_MS = 60_000;
