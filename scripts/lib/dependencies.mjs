// @ts-check
import path from "node:path";
import process from "node:process";
import { filesBelow, fingerprint } from "./fingerprint.mjs";
import { withProgress } from "./progress.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { readIfThere, writeWhole } from "./whole-file.mjs";

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile
 */

const stampFile = path.join(root, "node_modules", ".set-up-stamp");

/** @returns {string} */
function wantedStamp() {
  const manifests = filesBelow(root, "examples").filter((file) => path.basename(file) === "package.json");
  return fingerprint(root, ["package.json", "package-lock.json", ...manifests]);
}

/**
 * Whether `node_modules` is what package-lock.json asks for, as far as this script or npm itself has noted.
 * @returns {boolean}
 */
export function dependenciesAreCurrent() {
  const wanted = wantedStamp();
  if (readIfThere(stampFile) === wanted) {
    return true;
  }
  if (!installedByHand()) {
    return false;
  }
  writeWhole(stampFile, wanted);
  return true;
}

/**
 * npm writes its own note at the end of each install. Where it agrees with package-lock.json, somebody ran
 * `npm install` without these scripts, and there is no reason to do it again.
 * @returns {boolean}
 */
function installedByHand() {
  const noted = readIfThere(path.join(root, "node_modules", ".package-lock.json"));
  const wanted = readIfThere(path.join(root, "package-lock.json"));
  return noted !== undefined && wanted !== undefined && agrees(JSON.parse(noted), JSON.parse(wanted));
}

/**
 * Whether an installed tree holds every package that a lockfile asks for, in its version. Optional packages may be
 * missing: most are for other platforms.
 * @param {Lockfile} noted npm's `node_modules/.package-lock.json`
 * @param {Lockfile} wanted package-lock.json
 * @returns {boolean}
 */
export function agrees(noted, wanted) {
  const installed = noted.packages ?? {};
  return Object.entries(wanted.packages ?? {}).every(([where, locked]) => {
    const found = installed[where];
    if (where === "" || (found === undefined && (locked.optional === true || locked.devOptional === true))) {
      return true;
    }
    return found !== undefined && found.version === locked.version && found.link === locked.link;
  });
}

/** Runs `npm ci`, and notes what for. Safe to run again after it was killed: npm empties the folder first. */
export async function installDependencies() {
  const stamp = wantedStamp();
  const [command, ...args] = npmCommand();
  await withProgress("Installing dependencies (npm ci)", async () => {
    const { code, output } = await run(command, [...args, "ci", "--no-fund", "--no-audit", "--loglevel=error"], {
      cwd: root,
    });
    if (code !== 0) {
      throw new SetUpError(
        `${output.trimEnd()}\nnpm ci failed (exit code ${code}): see above, and run the command again.`,
      );
    }
  });
  writeWhole(stampFile, stamp);
}

/**
 * The npm that started this script, else the one on the path.
 * @returns {[string, ...string[]]}
 */
export function npmCommand() {
  const running = process.env["npm_execpath"];
  return running !== undefined && /npm-cli\.c?js$/.test(running) ? [process.execPath, running] : ["npm"];
}
