// @ts-check
import { SetUpError } from "./set-up-error.mjs";

const PARTS = /** @type {const} */ (["gates", "unit", "e2e", "mutation"]);

/** @typedef {(typeof PARTS)[number]} Part */

/**
 * @typedef {object} TestArguments
 * @property {ReadonlySet<Part>} parts what to run
 * @property {readonly string[]} unitFiles test files asked for by name, of the unit run
 * @property {readonly string[]} endToEndFiles the same, of the end-to-end run
 * @property {readonly string[]} mocha everything else, for mocha; with `--only mutation`, for that
 * @property {boolean} isNightly whether random cases are new and all sweeps run in full
 */

/**
 * Reads the command line of `npm test`: `--only gates|unit|e2e|mutation`, `--nightly`, test files, and options for mocha such as
 * `--grep drift`. Test files asked for by name run alone, without the gates. Mutations are tried at night, and where asked for.
 * @param {readonly string[]} args
 * @returns {TestArguments}
 */
export function parseTestArguments(args) {
  /** @type {Part | undefined} */
  let only;
  /** @type {string[]} */
  const files = [];
  /** @type {string[]} */
  const mocha = [];
  let isNightly = false;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--only" || arg.startsWith("--only=")) {
      const value = arg === "--only" ? args[(index += 1)] : arg.slice("--only=".length);
      only = PARTS.find((part) => part === value);
      if (only === undefined) {
        throw new SetUpError(`--only ${value ?? ""}: write one of ${PARTS.join(", ")}.`);
      }
    } else if (arg === "--nightly") {
      isNightly = true;
    } else if (arg.endsWith(".test.ts")) {
      files.push(arg);
    } else if (arg !== "--") {
      mocha.push(arg);
    }
  }
  const isEndToEnd = (/** @type {string} */ file) => file.includes("test/end-to-end/");
  const endToEndFiles = files.filter(isEndToEnd);
  const unitFiles = files.filter((file) => !isEndToEnd(file));
  /** @param {Part} part */
  const isMeant = (part) => {
    if (only !== undefined) {
      return part === only;
    }
    if (part === "mutation") {
      return isNightly && files.length === 0;
    }
    return (
      files.length === 0 || (part === "unit" && unitFiles.length > 0) || (part === "e2e" && endToEndFiles.length > 0)
    );
  };
  return { parts: new Set(PARTS.filter(isMeant)), unitFiles, endToEndFiles, mocha, isNightly };
}
