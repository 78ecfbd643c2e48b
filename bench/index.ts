import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Simulator, startSimulator } from "../simulator";
import { BenchStack, type Timed } from "./bench-stack";
import { growthPlot } from "./growth-plot";
import { best, comparisonTable, grouped, type Sample, scriptTable } from "./results";
import { runScript } from "./script-side";
import { type Kind, programOf, seedOf } from "./sides";
import { measureUpgrades } from "./upgrades";

interface BenchOptions {
  readonly sizes: readonly number[];
  readonly kinds: readonly Kind[];
  readonly repeat: number;
  readonly latency: number;
  readonly upgrades?: number;
  readonly out?: string;
}

/** A login and a token are not counted: there is one a run. */
const IS_LOGIN = /\/(login|token)\/?$/;

const command = new Command("bench")
  .description(
    "Measures this package beside dynamic resources that do nothing, and beside a script that does the same work: time, processor, memory, state, requests. All sides in turn, in one run, with the real Pulumi CLI and the simulator.",
  )
  .addOption(new Option("--sizes <n,n>", "how many resources").argParser(numbers).default([50, 200, 500]))
  .addOption(
    new Option("--kinds <kinds>", "tenants, customers, or both").argParser(kinds).default(["tenants", "customers"]),
  )
  .addOption(new Option("--repeat <n>", "how often; the fastest counts").argParser(number).default(2))
  .addOption(new Option("--latency <ms>", "how long the APIs take for each answer").argParser(number).default(0))
  .addOption(
    new Option(
      "--upgrades <n>",
      "measure only so many upgrades, each with a task of ten seconds, by 8 and by 64 at a time",
    ).argParser(number),
  )
  .option("--out <folder>", "also write results.json and a plot of each operation there")
  .action(async (options: BenchOptions) => {
    if (options.upgrades === undefined) {
      await bench(options);
    } else {
      process.stdout.write(`${(await measureUpgrades(options.upgrades, [8, 64])).join("\n")}\n`);
    }
  });

command.parseAsync().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function bench(options: BenchOptions): Promise<void> {
  const samples: Sample[] = [];
  for (const kind of options.kinds) {
    for (const size of options.sizes) {
      for (let round = 1; round <= options.repeat; round += 1) {
        note(`${kind}, ${size}, round ${round} of ${options.repeat}`);
        samples.push(...(await measureOurs(kind, size, options.latency)));
        samples.push(...(await measureNothing("textbook", kind, size)));
        samples.push(...(await measureNothing("floor", kind, size)));
        samples.push(...(await measureScripts(kind, size, options.latency)));
      }
    }
  }
  const results = best(samples);
  const environment = `Node ${process.versions.node}, ${availableParallelism()} cores, API latency ${options.latency} ms, best of ${options.repeat}`;
  process.stdout.write(`${environment}\n\n${comparisonTable(results)}\n\n${scriptTable(results)}\n`);
  if (options.out !== undefined) {
    write(options.out, environment, results);
  }
}

async function measureOurs(kind: Kind, size: number, latencyMs: number): Promise<Sample[]> {
  const simulator = await startSimulator({ seed: seedOf(kind, size), latencyMs });
  const stack = await BenchStack.create(simulator.environment);
  const samples: Sample[] = [];
  const measure = async (operation: string, ...args: string[]): Promise<void> => {
    await takeRequests(simulator);
    const timed = await stack.run(...args);
    const requests = await takeRequests(simulator);
    samples.push({ kind, size, operation, side: "ours", ...timed, requests, stateBytes: stack.stateBytes() });
  };
  try {
    stack.program(programOf("ours", kind, size, 20));
    await measure("preview of new", "preview");
    await measure("deploy", "up", "--yes", "--skip-preview");
    await measure("unchanged up", "up", "--yes", "--skip-preview");
    await measure("refresh", "refresh", "--yes", "--skip-preview");
    stack.program(programOf("ours", kind, size, 21));
    await measure("preview of change", "preview");
    await measure("change", "up", "--yes", "--skip-preview");
  } finally {
    stack.remove();
    await simulator.close();
  }
  return samples;
}

async function measureNothing(side: "textbook" | "floor", kind: Kind, size: number): Promise<Sample[]> {
  const stack = await BenchStack.create({});
  const samples: Sample[] = [];
  const measure = async (operation: string, ...args: string[]): Promise<void> => {
    const timed: Timed = await stack.run(...args);
    samples.push({ kind, size, operation, side, ...timed, stateBytes: stack.stateBytes() });
  };
  try {
    stack.program(programOf(side, kind, size, 20));
    await measure("preview of new", "preview");
    await measure("deploy", "up", "--yes", "--skip-preview");
    await measure("unchanged up", "up", "--yes", "--skip-preview");
    await measure("refresh", "refresh", "--yes", "--skip-preview");
    stack.program(programOf(side, kind, size, 21));
    await measure("preview of change", "preview");
    await measure("change", "up", "--yes", "--skip-preview");
  } finally {
    stack.remove();
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

function write(folder: string, environment: string, results: readonly Sample[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "results.json"), `${JSON.stringify({ environment, results }, undefined, 2)}\n`);
  for (const [name, group] of grouped(results, ({ kind, operation }) => `${kind}, ${operation}`)) {
    const file = path.join(folder, `${name.replace(/[^a-z]+/g, "-")}.svg`);
    writeFileSync(file, growthPlot(`${name}: seconds by number of resources`, group));
  }
  note(`${folder}: results.json and plots`);
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

function number(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new InvalidArgumentError("It must be a whole number.");
  }
  return value;
}

function numbers(text: string): number[] {
  return text.split(",").map(number);
}

function kinds(text: string): Kind[] {
  return text.split(",").map((kind) => {
    if (kind !== "tenants" && kind !== "customers") {
      throw new InvalidArgumentError("It must be tenants or customers.");
    }
    return kind;
  });
}
