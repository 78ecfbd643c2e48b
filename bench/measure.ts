import { type Simulator, startSimulator } from "../simulator";
import { BenchStack } from "./bench-stack";
import { FAR, FAR_LATENCY_MS, type Sample } from "./results";
import { runScript } from "./script-side";
import { asksApis, type Kind, programOf, seedOf, type Side, type StackSide } from "./sides";

/** What is measured, with every side in turn. */
export interface Wanted {
  readonly kinds: readonly Kind[];
  readonly sizes: readonly number[];
  readonly sides: readonly Side[];
  readonly repeat: number;
  /** How long the APIs take for each answer. */
  readonly latency: number;
}

/** A login and a token are not counted: there is one a run. */
const IS_LOGIN = /\/(login|token)\/?$/;

/** Measures all that is wanted; `note` is called before each round. */
export async function measureAll(wanted: Wanted, note: (text: string) => void): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const kind of wanted.kinds) {
    for (const size of wanted.sizes) {
      for (let round = 1; round <= wanted.repeat; round += 1) {
        note(`${kind}, ${size}, round ${round} of ${wanted.repeat}`);
        for (const side of wanted.sides) {
          samples.push(...(await measureSide(side, kind, size, wanted.latency)));
        }
      }
    }
  }
  return samples;
}

async function measureSide(side: Side, kind: Kind, size: number, latency: number): Promise<Sample[]> {
  if (side === "script") {
    return await measureScripts(kind, size, latency);
  }
  return [
    ...(await measureStack(side, kind, size, latency)),
    ...(asksApis(side) ? await measureFarPreview(side, kind, size) : []),
  ];
}

/** Measures one command of the CLI. */
type Measure = (operation: string, ...args: string[]) => Promise<void>;

async function measureStack(side: StackSide, kind: Kind, size: number, latency: number): Promise<Sample[]> {
  return await withStack(side, kind, size, latency, async (stack, measure) => {
    stack.program(programOf(side, kind, size, 20));
    await measure("preview of new", "preview");
    await measure("deploy", "up", "--yes", "--skip-preview");
    await measure("unchanged up", "up", "--yes", "--skip-preview");
    await measure("refresh", "refresh", "--yes", "--skip-preview");
    stack.program(programOf(side, kind, size, 21));
    await measure("preview of change", "preview");
    await measure("change", "up", "--yes", "--skip-preview");
  });
}

async function measureFarPreview(side: StackSide, kind: Kind, size: number): Promise<Sample[]> {
  return await withStack(side, kind, size, FAR_LATENCY_MS, async (stack, measure) => {
    stack.program(programOf(side, kind, size, 20));
    await measure(FAR, "preview");
  });
}

async function withStack(
  side: StackSide,
  kind: Kind,
  size: number,
  latencyMs: number,
  work: (stack: BenchStack, measure: Measure) => Promise<void>,
): Promise<Sample[]> {
  const simulator = await startSimulator({ seed: seedOf(kind, size), latencyMs });
  const stack = await BenchStack.create(side, simulator.environment);
  const samples: Sample[] = [];
  try {
    await work(stack, async (operation, ...args) => {
      await takeRequests(simulator);
      const timed = await stack.run(...args);
      const requests = await takeRequests(simulator);
      samples.push({ kind, size, operation, side, ...timed, requests, stateBytes: stack.stateBytes() });
    });
  } finally {
    stack.remove();
    await simulator.close();
  }
  return samples;
}

async function measureScripts(kind: Kind, size: number, latencyMs: number): Promise<Sample[]> {
  const simulator = await startSimulator({ seed: seedOf(kind, size), latencyMs });
  try {
    const samples: Sample[] = [];
    for (const [side, atOnce, value] of [
      ["scriptInTurn", false, 20],
      ["scriptAtOnce", true, 21],
    ] as const) {
      await takeRequests(simulator);
      const seconds = await runScript(kind, size, value, simulator.environment, atOnce);
      samples.push({ kind, size, operation: "deploy", side, seconds, requests: await takeRequests(simulator) });
    }
    return samples;
  } finally {
    await simulator.close();
  }
}

/** How many requests the APIs got since the last call of this. */
async function takeRequests({ url }: Simulator): Promise<number> {
  const answer = await fetch(`${url}/_simulator/requests`);
  const entries = (await answer.json()) as readonly { readonly path: string }[];
  await fetch(`${url}/_simulator/requests`, { method: "DELETE" });
  return entries.filter((entry) => !IS_LOGIN.test(entry.path)).length;
}
