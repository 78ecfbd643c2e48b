// @ts-check
// `npm run test:matrix [-- --cell TEXT] [-- -- arguments of npm test]`: the tests on each Node and Pulumi SDK that is supported.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { main } from "./lib/main.mjs";
import { chooseCells, matrixCells, parseMatrixArguments } from "./lib/matrix-cells.mjs";
import { copyTree, installNode, newestSdk, runCell } from "./lib/matrix-run.mjs";
import { SetUpError } from "./lib/set-up-error.mjs";
import { step, stepTable } from "./lib/step.mjs";

/**
 * Sets a cell up, as far as it is not yet, and runs it. One that cannot be set up is a failure of its own: the others still run.
 * @param {string} folder
 * @param {string} copy
 * @param {import("./lib/matrix-cells.mjs").Cell} cell
 * @param {readonly string[]} args
 * @returns {Promise<{ ok: boolean, note: string }>}
 */
async function tryCell(folder, copy, cell, args) {
  try {
    if (!existsSync(copy)) {
      await copyTree(copy);
    }
    const node = await installNode(path.join(folder, `node${cell.node}`), cell.node);
    return await runCell(copy, node, cell, args);
  } catch (error) {
    if (!(error instanceof SetUpError)) {
      throw error;
    }
    return { ok: false, note: error.message };
  }
}

const HELP = `Runs the tests on each supported Node (20, 22, 24) with the oldest and the newest Pulumi SDK that runs on it.

  npm run test:matrix                                       every cell, every test but the gates
  npm run test:matrix -- --cell node24                      the cells whose names hold a text; may be repeated
  npm run test:matrix -- --cell node20 -- --only unit       what comes after the second -- goes to npm test

Node comes from the npm packages node-<platform>-<arch>. Everything happens in a temporary folder.`;

await main(async () => {
  const wanted = parseMatrixArguments(process.argv.slice(2));
  if (wanted.help) {
    console.log(HELP);
    return 0;
  }
  const cells = chooseCells(matrixCells(await newestSdk()), wanted.cells);
  const parts =
    wanted.test.length > 0
      ? [wanted.test]
      : [
          ["--only", "unit"],
          ["--only", "e2e"],
        ];
  const folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-matrix-"));
  /** @type {import("./lib/step.mjs").StepResult[]} */
  const results = [];
  try {
    for (const cell of cells) {
      const copy = path.join(folder, cell.name);
      for (const args of parts) {
        console.log(`\n${cell.name} ${args.join(" ")}`);
        results.push(await step(`${cell.name} ${args.join(" ")}`, () => tryCell(folder, copy, cell, args)));
      }
      rmSync(copy, { recursive: true, force: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\n${stepTable(results)}`);
  return results.every(({ ok }) => ok) ? 0 : 1;
});
