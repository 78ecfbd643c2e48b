// @ts-check
import { existsSync } from "node:fs";
import path from "node:path";

/**
 * Where the Pulumi CLI is to run: the folder in which the user typed the command, where that is an example or holds a
 * `Pulumi.yaml`; otherwise the root of the repository, to which npm has changed already.
 * @param {string} root
 * @param {string} startedIn
 * @returns {string}
 */
export function pulumiWorkingDirectory(root, startedIn) {
  const examples = path.join(root, "examples") + path.sep;
  return projectFileIn(startedIn) !== undefined || startedIn.startsWith(examples) ? startedIn : root;
}

/**
 * The project that Pulumi finds from a folder: a `Pulumi.yaml` in it, or in the nearest folder above it.
 * @param {string} folder
 * @returns {string | undefined}
 */
export function projectFile(folder) {
  const above = path.dirname(folder);
  return projectFileIn(folder) ?? (above === folder ? undefined : projectFile(above));
}

/**
 * @param {string} folder
 * @returns {string | undefined}
 */
function projectFileIn(folder) {
  return ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].map((name) => path.join(folder, name)).find(existsSync);
}
