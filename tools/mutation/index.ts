// `npm run test:mutation`: changes the code that decides over licences in small ways, and sees whether a test notices.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { withoutEquivalents } from "./equivalents";
import type { Mutant } from "./mutants";
import { reportOf } from "./report";
import { tryMutants } from "./run";
import { filesOf, FLOOR, SOURCES, TESTS } from "./targets";

interface Options {
  readonly files: readonly string[];
  readonly sample?: number;
  readonly seed: number;
  readonly jobs: number;
  readonly out: string;
}

const ROOT = path.join(__dirname, "../..");

const command = new Command("mutation")
  .description("Changes the code in small ways, one at a time, and lists the changes that no test notices.")
  .argument("[tests...]", "the test files that have to notice; without any, those of tools/mutation/targets.ts")
  .addOption(new Option("--files <patterns...>", "the sources to change").default(SOURCES, "tools/mutation/targets.ts"))
  .addOption(new Option("--sample <n>", "try only so many changes, drawn at random").argParser(number))
  .addOption(new Option("--seed <n>", "what the sample is drawn from").argParser(number).default(1))
  .addOption(new Option("--jobs <n>", "processes").argParser(number).default(2))
  .option("--out <file>", "where the report is written", "coverage/mutation.md")
  .action(async (tests: readonly string[], { files, sample, seed, jobs, out }: Options) => {
    const startedAt = performance.now();
    const note = (line: string): void => {
      process.stderr.write(`${Math.round((performance.now() - startedAt) / 1000)} s: ${line}\n`);
    };
    const results = await tryMutants({
      root: ROOT,
      sources: filesOf(ROOT, files),
      tests: filesOf(ROOT, tests.length === 0 ? TESTS : tests),
      jobs,
      choose: (mutants) => {
        const wanted = withoutEquivalents(mutants, files === SOURCES);
        return sample === undefined ? wanted : drawn(wanted, sample, seed);
      },
      note,
    });
    const { text, score } = reportOf(results);
    process.stdout.write(`${text}\n`);
    mkdirSync(path.dirname(path.join(ROOT, out)), { recursive: true });
    writeFileSync(path.join(ROOT, out), `${text}\n`);
    note("done");
    if (score < FLOOR) {
      process.stderr.write(`The tests notice less than ${FLOOR * 100} % of these changes.\n`);
      process.exitCode = 1;
    }
  });

command.parseAsync().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

function number(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError("Write a whole number from 1.");
  }
  return value;
}

/** Some of the mutants, the same for the same seed, in their order. */
function drawn(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  let state = seed;
  const ranked = mutants.map((mutant) => {
    // Park and Miller's generator.
    state = (state * 48_271) % 2_147_483_647;
    return { mutant, rank: state };
  });
  const chosen = new Set([...ranked].sort((a, b) => a.rank - b.rank).slice(0, count));
  return ranked.filter((each) => chosen.has(each)).map(({ mutant }) => mutant);
}
