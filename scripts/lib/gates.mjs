// @ts-check
import { availableParallelism } from "node:os";
import path from "node:path";
import process from "node:process";
import { checkPack } from "./pack-check.mjs";
import { withoutColors } from "./progress.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { step } from "./step.mjs";
import { checkWeight } from "./weight-check.mjs";

/** @typedef {{ name: string, check: () => Promise<{ code: number, output: string }> }} Gate */

/** @param {string} name @param {string} program @param {...string} args @returns {Gate} */
function tool(name, program, ...args) {
  return {
    name,
    check: () =>
      run(path.join(root, "node_modules", ".bin", program), args, { cwd: root, env: withoutColors(process.env) }),
  };
}

/** Longest first, so that the last one to run is a short one. @type {readonly Gate[]} */
const GATES = [
  tool("lint (eslint)", "eslint", "--max-warnings", "0", "."),
  tool("types (tsc)", "tsc", "-p", ".", "--noEmit"),
  tool("types of the scripts (tsc)", "tsc", "-p", "scripts", "--noEmit"),
  tool("format (prettier)", "prettier", "--check", "--log-level", "warn", "."),
  tool("unused code (knip)", "knip", "--no-progress"),
  tool("generated files", "ts-node", "tools/generate/index.ts", "--check"),
  // The JSON Schema is for editors, not for the compiler.
  tool(
    "types as users see them (attw)",
    "attw",
    "--pack",
    ".",
    "--exclude-entrypoints",
    "licenses.schema.json",
    "--no-color",
    "--no-emoji",
  ),
  tool("package metadata (publint)", "publint", "run", "--strict", "--pack", "npm"),
  { name: "package contents (npm pack)", check: checkPack },
  { name: "packages that users install", check: checkWeight },
];

/**
 * Runs the quality gates, as many at once as there are processors but at most four, and prints one line for each, with
 * its output only where it failed.
 * @returns {Promise<import("./step.mjs").StepResult[]>}
 */
export async function runGates() {
  const waiting = [...GATES];
  /** @type {import("./step.mjs").StepResult[]} */
  const results = [];
  const worker = async () => {
    for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
      const { name, check } = gate;
      let output = "";
      const result = await step(name, async () => {
        const outcome = await check();
        output = outcome.output;
        return { ok: outcome.code === 0 };
      });
      results.push(result);
      console.log(`  ${result.ok ? "ok  " : "FAIL"} ${name}  ${result.seconds.toFixed(1)} s`);
      if (!result.ok) {
        console.log(output.trimEnd().replace(/^/gm, "       "));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
  return GATES.flatMap(({ name }) => results.filter((result) => result.name === name));
}
