// @ts-check
import { SetUpError } from "./set-up-error.mjs";
import { isAtLeast } from "./versions.mjs";

/** The Node versions that are supported, by their majors. */
const NODES = /** @type {const} */ (["20", "22", "24"]);

/** The oldest Pulumi SDK that is supported (the peer dependency's lower bound), and the last that runs on Node 20. */
export const OLDEST_SDK = "3.216.0";
const LAST_SDK_FOR_NODE_20 = "3.248.0";

/**
 * One place of the matrix.
 * @typedef {object} Cell
 * @property {string} name such as `node22-sdk3.270.0`
 * @property {string} node the major version
 * @property {string} sdk the version of @pulumi/pulumi
 */

/**
 * Each Node with the oldest and the newest SDK that runs on it.
 * @param {string} newest the newest SDK there is
 * @returns {Cell[]}
 */
export function matrixCells(newest) {
  return NODES.flatMap((node) => {
    const last = node === "20" && isAtLeast(newest, LAST_SDK_FOR_NODE_20) ? LAST_SDK_FOR_NODE_20 : newest;
    return [...new Set([OLDEST_SDK, last])].map((sdk) => ({ name: `node${node}-sdk${sdk}`, node, sdk }));
  });
}

/**
 * @typedef {object} MatrixArguments
 * @property {boolean} help
 * @property {readonly string[]} cells parts of names; a cell runs where its name holds one, and all do where there are none
 * @property {readonly string[]} test for `npm test`
 */

/**
 * Reads `npm run test:matrix -- [--cell TEXT]… [-- arguments of npm test]`.
 * @param {readonly string[]} args
 * @returns {MatrixArguments}
 */
export function parseMatrixArguments(args) {
  /** @type {string[]} */
  const cells = [];
  const end = args.indexOf("--");
  const own = end === -1 ? args : args.slice(0, end);
  const test = end === -1 ? [] : args.slice(end + 1);
  let help = false;
  for (let index = 0; index < own.length; index += 1) {
    const arg = own[index] ?? "";
    if (arg === "--help" || arg === "-h") {
      help = true;
    } else if (arg === "--cell" && own[index + 1] !== undefined) {
      cells.push(own[(index += 1)] ?? "");
    } else {
      throw new SetUpError(`${arg}: not known; see npm run test:matrix -- --help.`);
    }
  }
  return { help, cells, test };
}

/**
 * The cells that were asked for; throws where there are none.
 * @param {readonly Cell[]} cells
 * @param {readonly string[]} wanted
 * @returns {Cell[]}
 */
export function chooseCells(cells, wanted) {
  const chosen = cells.filter(({ name }) => wanted.length === 0 || wanted.some((text) => name.includes(text)));
  if (chosen.length === 0) {
    throw new SetUpError(
      `No cell is like ${wanted.join(", ")}: there are ${cells.map(({ name }) => name).join(", ")}.`,
    );
  }
  return chosen;
}
