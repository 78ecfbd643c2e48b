import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { growthPlot } from "./growth-plot";
import { measureAll, type Wanted } from "./measure";
import { measureStarts, type Start } from "./plugin-start";
import { best, dynamicTable, grouped, nativeTable, type Sample, scriptTable } from "./results";
import { type Kind, type Side, SIDES } from "./sides";
import { targetTable } from "./targets";
import { measureUpgrades } from "./upgrades";

interface BenchOptions extends Wanted {
  readonly upgrades?: number;
  readonly out?: string;
}

const command = new Command("bench")
  .description(
    "Measures this package's two forms, native plugin and dynamic resources, beside dynamic resources that do nothing, and beside a script that does the same work: time, processor, memory, state, requests. All sides in turn, in one run, with the real Pulumi CLI and the simulator.",
  )
  .addOption(new Option("--sizes <n,n>", "how many resources").argParser(numbers).default([50, 200, 500]))
  .addOption(
    new Option("--kinds <kinds>", "tenants, customers, or both").argParser(kinds).default(["tenants", "customers"]),
  )
  .addOption(new Option("--sides <sides>", `only these of ${SIDES.join(", ")}`).argParser(sides).default(SIDES, "all"))
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
  note("starts of the plugins");
  const starts = await measureStarts();
  const results = best(await measureAll(options, note));
  const environment = `Node ${process.versions.node}, ${availableParallelism()} cores, API latency ${options.latency} ms, best of ${options.repeat}`;
  const tables = [nativeTable(results), dynamicTable(results), scriptTable(results), targetTable(results, starts)];
  process.stdout.write(`${[environment, ...tables.filter((table) => table !== "")].join("\n\n")}\n`);
  if (options.out !== undefined) {
    write(options.out, environment, results, starts);
  }
}

function write(folder: string, environment: string, results: readonly Sample[], starts: readonly Start[]): void {
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ environment, starts, results }, undefined, 2);
  writeFileSync(path.join(folder, "results.json"), `${text}\n`);
  for (const [name, group] of grouped(results, ({ kind, operation }) => `${kind}, ${operation}`)) {
    const file = path.join(folder, `${name.replace(/[^a-z0-9]+/g, "-")}.svg`);
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

function sides(text: string): Side[] {
  return text.split(",").map((name) => {
    const side = SIDES.find((one) => one === name);
    if (side === undefined) {
      throw new InvalidArgumentError(`It must be of ${SIDES.join(", ")}.`);
    }
    return side;
  });
}
