// @ts-check
import { cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { npmCommand } from "./dependencies.mjs";
import { withProgress } from "./progress.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { readIfThere } from "./whole-file.mjs";

/** No cell may keep the whole matrix waiting for ever. */
const CELL_TIMEOUT_MS = 30 * 60_000;

/**
 * The newest release of @pulumi/pulumi.
 * @returns {Promise<string>}
 */
export async function newestSdk() {
  const { stdout } = await npm(
    root,
    ["view", "@pulumi/pulumi", "dist-tags.latest"],
    "ask for the newest @pulumi/pulumi",
  );
  return stdout.trim();
}

/**
 * Copies the working tree, without what git ignores, into a folder of its own, so that nothing here is touched.
 * @param {string} folder
 */
export async function copyTree(folder) {
  const { code, stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  });
  if (code !== 0) {
    throw new SetUpError("The matrix copies what git knows of: run it in a clone.");
  }
  for (const file of stdout.split("\0").filter((name) => name !== "")) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(folder, file), { force: true });
  }
}

/**
 * Gets a Node by the npm package that carries its binary.
 * @param {string} folder
 * @param {string} major
 * @returns {Promise<string>} the folder of the binary
 */
export async function installNode(folder, major) {
  const name = `node-${process.platform}-${process.arch}`;
  mkdirSync(folder, { recursive: true });
  await npm(folder, ["install", "--prefix", folder, `${name}@${major}`], `install ${name}@${major}`);
  return path.join(folder, "node_modules", name, "bin");
}

/**
 * Runs the test command in a copy of the tree, with a Node and an SDK of its own.
 * @param {string} copy
 * @param {string} nodeFolder
 * @param {import("./matrix-cells.mjs").Cell} cell
 * @param {readonly string[]} args for `npm test`
 * @returns {Promise<{ ok: boolean, note: string }>}
 */
export async function runCell(copy, nodeFolder, cell, args) {
  const env = { ...process.env, PATH: `${nodeFolder}${path.delimiter}${process.env["PATH"] ?? ""}`, CI: "true" };
  const node = path.join(nodeFolder, "node");
  const version = (await run(node, ["--version"])).stdout.trim();
  // First the tree as it is locked, then the SDK in its place: the test command finds its dependencies installed.
  const built = await withProgress("Installing and building", () =>
    run(node, [path.join("scripts", "build.mjs")], { cwd: copy, env, timeoutMs: CELL_TIMEOUT_MS }),
  );
  if (built.code !== 0) {
    return { ok: false, note: `${version}: the build failed\n${built.output}` };
  }
  await npm(
    copy,
    ["install", "--no-save", "--no-package-lock", "--legacy-peer-deps", `@pulumi/pulumi@${cell.sdk}`],
    `install @pulumi/pulumi ${cell.sdk}`,
  );
  const { code } = await run(node, [path.join("scripts", "test.mjs"), ...args], {
    cwd: copy,
    env,
    show: true,
    timeoutMs: CELL_TIMEOUT_MS,
  });
  // Tests that put the locked SDK back would pass for another one.
  const sdk = installedSdk(copy);
  const note = `Node ${version}, SDK ${sdk}`;
  return sdk === cell.sdk
    ? { ok: code === 0, note }
    : { ok: false, note: `${note}: not the SDK that was to be tested` };
}

/**
 * The version of @pulumi/pulumi that lies in a tree.
 * @param {string} folder
 * @returns {string}
 */
function installedSdk(folder) {
  const manifest = readIfThere(path.join(folder, "node_modules", "@pulumi", "pulumi", "package.json"));
  return manifest === undefined ? "none" : String(JSON.parse(manifest).version);
}

/**
 * @param {string} cwd
 * @param {readonly string[]} args
 * @param {string} doing
 */
async function npm(cwd, args, doing) {
  const [command, ...before] = npmCommand();
  const outcome = await run(command, [...before, ...args, "--no-fund", "--no-audit", "--loglevel=error"], { cwd });
  if (outcome.code !== 0) {
    throw new SetUpError(`${outcome.output.trimEnd()}\nCould not ${doing} (exit code ${outcome.code}).`);
  }
  return outcome;
}
