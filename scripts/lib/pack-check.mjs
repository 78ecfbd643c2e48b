// @ts-check
import { readFileSync } from "node:fs";
import path from "node:path";
import { npmCommand } from "./dependencies.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";

const BESIDE_DIST = ["package.json", "README.md", "LICENSE", "CHANGELOG.md"];

/**
 * What is wrong with the list of files that would be published: one that does not belong there, one that is missing, or
 * a source map whose sources a reader could not open.
 * @param {readonly string[]} files as `npm pack` lists them
 * @param {(file: string) => string} read
 * @returns {string[]} one line each; empty where all is well
 */
export function packProblems(files, read) {
  const packed = new Set(files);
  const missing = BESIDE_DIST.filter((file) => !packed.has(file)).map((file) => `${file} is missing`);
  const wrong = files.flatMap((file) => {
    if (BESIDE_DIST.includes(file)) {
      return [];
    }
    if (!file.startsWith("dist/")) {
      return [`${file} does not belong in the package`];
    }
    if (file.endsWith(".map")) {
      return mapHasItsSources(file, packed, read) ? [] : [`${file} is a source map without its sources`];
    }
    const isTest = /\.test\.|(^|\/)test\//.test(file);
    return isTest || !/\/[^/.][^/]*\.(js|d\.ts|json|yaml)$/.test(file) ? [`${file} does not belong in dist/`] : [];
  });
  return [...missing, ...wrong];
}

/**
 * @param {string} file
 * @param {ReadonlySet<string>} packed
 * @param {(file: string) => string} read
 * @returns {boolean}
 */
function mapHasItsSources(file, packed, read) {
  /** @type {{ sources?: string[], sourcesContent?: unknown[] }} */
  const { sources = [], sourcesContent = [] } = JSON.parse(read(file));
  return sources.every(
    (source, index) =>
      typeof sourcesContent[index] === "string" || packed.has(path.posix.join(path.posix.dirname(file), source)),
  );
}

/**
 * Checks what `npm pack` would put into the package.
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function checkPack() {
  const [command, ...args] = npmCommand();
  const { code, stdout, output } = await run(command, [...args, "pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
  });
  if (code !== 0) {
    return { code, output };
  }
  /** @type {[{ files: { path: string }[] }]} */
  const [{ files }] = JSON.parse(stdout);
  const problems = packProblems(
    files.map((file) => file.path),
    (file) => readFileSync(path.join(root, file), "utf8"),
  );
  return { code: problems.length === 0 ? 0 : 1, output: problems.join("\n") };
}
