// @ts-check
// `npm test [-- --only gates|unit|e2e] [-- options for mocha]`: everything that is checked before a change is accepted.
// `npm run test:nightly`: the same with new random cases, all sweeps in full, and mutations of the code.
import { randomInt } from "node:crypto";
import process from "node:process";
import { runGates } from "./lib/gates.mjs";
import { main } from "./lib/main.mjs";
import { runEndToEndTests, runUnitTests } from "./lib/mocha-runs.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setUp } from "./lib/set-up.mjs";
import { step, stepTable } from "./lib/step.mjs";
import { parseTestArguments } from "./lib/test-arguments.mjs";

const MUTATION_TIMEOUT_MS = 40 * 60_000;

await main(async () => {
  const wanted = parseTestArguments(process.argv.slice(2));
  /** @type {import("./lib/step.mjs").StepResult[]} */
  const steps = [];
  let passed = 0;
  let failed = 0;
  let env = process.env;
  if (wanted.isNightly) {
    const seed = env["VOICE_LICENSES_SEED"] ?? String(randomInt(2 ** 31));
    console.log(`Random cases from seed ${seed}; VOICE_LICENSES_SEED=${seed} npm run test:nightly repeats them.\n`);
    env = { ...env, NIGHTLY: "1", VOICE_LICENSES_SEED: seed };
  }

  steps.push(
    await step("set-up", async () => {
      if (wanted.parts.has("e2e")) {
        const cli = await setUp();
        env = { ...env, ...cli.environment };
        return { ok: true, note: `Pulumi CLI ${cli.version}` };
      }
      await setUp({ pulumi: false });
      return { ok: true };
    }),
  );

  if (wanted.parts.has("gates")) {
    console.log("Gates");
    steps.push(...(await runGates()));
  }
  const runs = /** @type {const} */ ([
    ["unit", "unit tests", runUnitTests, wanted.unitFiles],
    ["e2e", "end-to-end tests", runEndToEndTests, wanted.endToEndFiles],
  ]);
  for (const [part, name, runTests, files] of runs) {
    if (wanted.parts.has(part)) {
      console.log(`\n${name[0]?.toUpperCase()}${name.slice(1)}`);
      const result = await step(name, async () => {
        const { counts, ...outcome } = await runTests({ files, options: wanted.mocha, env });
        passed += counts.passed;
        failed += counts.failed;
        return outcome;
      });
      steps.push(result);
    }
  }

  if (wanted.parts.has("mutation")) {
    console.log("\nMutations");
    const own = wanted.parts.size === 1 ? [...wanted.unitFiles, ...wanted.mocha] : [];
    const args = ["-r", "ts-node/register", "tools/mutation/index.ts", ...own];
    steps.push(
      await step("mutations noticed by tests", async () => {
        const { code } = await run(process.execPath, args, { cwd: root, show: true, timeoutMs: MUTATION_TIMEOUT_MS });
        return { ok: code === 0 };
      }),
    );
  }

  console.log(`\n${stepTable(steps)}\n`);
  console.log(`${passed} passed, ${failed} failed`);
  return steps.every(({ ok }) => ok) ? 0 : 1;
});
