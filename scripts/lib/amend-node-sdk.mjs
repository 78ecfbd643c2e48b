// @ts-check
import { copyFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./root.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { writeWhole } from "./whole-file.mjs";

/** What leaves out the traces of promises in the npm package, too. */
export const promiseTraces = path.join("provider", "hosts", "program", "promise-traces.ts");

/** @typedef {readonly [find: RegExp, replacement: string]} Amendment */

/** @type {readonly Amendment[]} Pulumi takes a trace for each property of each resource: with 500 resources two seconds. */
const WITHOUT_TRACES = [
  [/^import \* as pulumi from .*$/m, `$&\nimport { leaveOutPromiseTraces } from "./promiseTraces";`],
  [
    /^ +super\(\w+\.__pulumiType, name, resourceInputs, opts\);$/m,
    [
      "        const restoreTraces = leaveOutPromiseTraces();",
      "        try {",
      "    $&",
      "        } catch (error) {",
      "            throw restoreTraces(error);",
      "        }",
      "        restoreTraces();",
    ].join("\n"),
  ],
];

/** @type {(name: string) => Amendment} Pulumi makes a text of each plain input, and fails on a map with a key `toString`. */
const asOutput = (name) => [
  new RegExp(`= args\\?\\.${name};$`, "m"),
  `= args?.${name} === undefined ? undefined : pulumi.output(args.${name});`,
];

/** @type {Readonly<Record<string, readonly Amendment[]>>} */
const AMENDMENTS = {
  "customerServiceLicense.ts": WITHOUT_TRACES,
  "tenantServiceLicenses.ts": [...WITHOUT_TRACES, asOutput("groupServices"), asOutput("userServices")],
};

/**
 * Gives the generated SDK for Node.js what the classes of the npm package have.
 * @param {string} folder
 * @throws {SetUpError} where the generator writes something else than it did
 */
export function amendNodeSdk(folder) {
  copyFileSync(path.join(root, promiseTraces), path.join(folder, "promiseTraces.ts"));
  for (const [name, amendments] of Object.entries(AMENDMENTS)) {
    const file = path.join(folder, name);
    writeWhole(file, amended(readFileSync(file, "utf8"), amendments, name));
  }
}

/**
 * @param {string} text
 * @param {readonly Amendment[]} amendments
 * @param {string} name of the file, for errors
 */
function amended(text, amendments, name) {
  return amendments.reduce((before, [find, replacement]) => {
    if (!find.test(before)) {
      throw new SetUpError(`The generated ${name} has no line ${find.source}: adapt scripts/lib/amend-node-sdk.mjs.`);
    }
    return before.replace(find, replacement);
  }, text);
}
