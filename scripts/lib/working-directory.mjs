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
  const isProject = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].some((name) => existsSync(path.join(startedIn, name)));
  return isProject || startedIn.startsWith(examples) ? startedIn : root;
}
