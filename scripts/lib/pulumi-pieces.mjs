// @ts-check
import { accessSync, chmodSync, constants, copyFileSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { root } from "./root.mjs";

/** The engine: the `pulumi` command. */
export const ENGINE = "pulumi";

/** Runs programs written for Node.js. */
export const LANGUAGE_HOST = "pulumi-language-nodejs";

/** Runs programs in YAML; needed only by programs in it. */
export const YAML_HOST = "pulumi-language-yaml";

/** Runs programs in Python; needed only by programs in it. */
export const PYTHON_HOST = "pulumi-language-python";

/** Runs dynamic resources: a short shell script, which this repository can supply. */
export const DYNAMIC_PLUGIN = "pulumi-resource-pulumi-nodejs";

/** Where the Go modules and the plugin script lie. */
export const toolsFolder = path.join(root, "tools", "pulumi-cli");

/**
 * Whether a path is a file that this user may run.
 * @param {string} file
 * @returns {boolean}
 */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Which of the pieces that take long to get are missing in a folder.
 * @param {string} folder
 * @returns {string[]}
 */
export function missingPieces(folder) {
  return [ENGINE, LANGUAGE_HOST].filter((piece) => !isExecutable(path.join(folder, piece)));
}

/**
 * Adds the script that runs dynamic resources where a folder has none.
 * @param {string} folder of a CLI
 */
export function addDynamicPlugin(folder) {
  const target = path.join(folder, DYNAMIC_PLUGIN);
  if (isExecutable(target)) {
    return;
  }
  const unfinished = `${target}.${process.pid}.unfinished`;
  copyFileSync(path.join(toolsFolder, DYNAMIC_PLUGIN), unfinished);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, target);
}

/**
 * Moves what was made in a temporary folder to its place, file by file and the engine last: other tools take a folder
 * with an engine for a whole CLI.
 * @param {string} from on the same file system
 * @param {string} to
 */
export function moveInto(from, to) {
  mkdirSync(to, { recursive: true });
  const engineLast = (/** @type {string} */ name) => Number(name === ENGINE);
  const names = readdirSync(from).sort((one, other) => engineLast(one) - engineLast(other));
  for (const name of names) {
    renameSync(path.join(from, name), path.join(to, name));
  }
}
