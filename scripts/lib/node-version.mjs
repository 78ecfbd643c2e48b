// @ts-check
import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { root } from "./root.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { isAtLeast } from "./versions.mjs";

/**
 * The error for a Node that is too old for this package, or undefined where it is recent enough.
 * @param {string} running such as `v20.20.2`
 * @param {string} wanted the `engines.node` of package.json, such as `>=20.19`
 * @returns {string | undefined}
 */
export function nodeVersionProblem(running, wanted) {
  return isAtLeast(running, wanted)
    ? undefined
    : `Node ${wanted} is needed, and this is ${running}: install a newer Node (https://nodejs.org) and run the command again.`;
}

/** Throws a one-line error where this process runs on a Node that is too old. */
export function requireNode() {
  /** @type {{ engines: { node: string } }} */
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const problem = nodeVersionProblem(process.version, manifest.engines.node);
  if (problem !== undefined) {
    throw new SetUpError(problem);
  }
}
