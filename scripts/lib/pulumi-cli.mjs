// @ts-check
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import process from "node:process";
import { exclusively } from "./exclusive.mjs";
import { say, withProgress } from "./progress.mjs";
import { findInVersions, findOnPath } from "./pulumi-candidates.mjs";
import { downloadPulumi } from "./pulumi-download.mjs";
import { buildPulumi, goProblem, neededGo } from "./pulumi-go-build.mjs";
import { addDynamicPlugin, missingPieces, moveInto } from "./pulumi-pieces.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { compareVersions, formatVersion, isAtLeast, parseVersion } from "./versions.mjs";

/** The Pulumi CLI that is downloaded or built where the machine has none. */
export const PULUMI_VERSION = "3.255.0";

/** The oldest CLI that is taken as found. */
const OLDEST = "3.216.0";

/**
 * @typedef {object} PulumiCli
 * @property {string} command absolute path of `pulumi`
 * @property {string} version such as `3.255.0`
 * @property {Record<string, string>} environment what to add to the environment: PATH with the CLI's folder first, and
 *   defaults only for what the user has not set
 */

/**
 * Finds a Pulumi CLI with its Node.js language host, or gets one: on the PATH, in `~/.pulumi/versions` (`PULUMI_HOME`
 * is honoured), by download of Pulumi's release, or built with Go from `tools/pulumi-cli`.
 *
 * `VOICE_LICENSES_PULUMI_VERSION` asks for one version and no other; `VOICE_LICENSES_PULUMI_DOWNLOAD=false` skips the
 * download.
 * @returns {Promise<PulumiCli>}
 * @throws {SetUpError} with everything that was tried, why each failed, and what to install
 */
export async function ensurePulumi() {
  const { version, accepts, wanted } = wantedVersion(process.env["VOICE_LICENSES_PULUMI_VERSION"]);
  const versions = path.join(process.env["PULUMI_HOME"] || path.join(homedir(), ".pulumi"), "versions");
  /** @type {Attempt[]} */
  const tried = [];

  const onPath = await findOnPath(process.env["PATH"] ?? "", accepts, wanted);
  if (typeof onPath !== "string") {
    return describe(onPath);
  }
  tried.push({ what: "pulumi on the PATH", why: onPath });

  const kept = findKept(versions, accepts, wanted);
  if (typeof kept !== "string") {
    return describe(kept);
  }
  tried.push({ what: versions, why: kept });

  mkdirSync(versions, { recursive: true });
  return await exclusively(
    path.join(versions, `${version}.lock`),
    async () => {
      // Another process may have got it while this one waited.
      const made = findKept(versions, accepts, wanted);
      if (typeof made !== "string") {
        return describe(made);
      }
      await obtain(version, path.join(versions, version), tried);
      const found = findKept(versions, accepts, wanted);
      if (typeof found === "string") {
        throw new SetUpError(nothingFound(wanted, tried));
      }
      say(`Pulumi CLI ${found.version} is ready in ${path.dirname(found.command)}`);
      return describe(found);
    },
    {
      onWait: (holder) => {
        say(`The Pulumi CLI is being prepared already (${holder}): waiting for it.`);
      },
    },
  );
}

/** @typedef {{ what: string, why: string }} Attempt */

/**
 * @param {string | undefined} asked the value of VOICE_LICENSES_PULUMI_VERSION
 * @returns {{ version: string, accepts: import("./pulumi-candidates.mjs").Accepts, wanted: string }}
 */
export function wantedVersion(asked) {
  if (asked === undefined || asked === "") {
    return {
      version: PULUMI_VERSION,
      accepts: (version) =>
        isAtLeast(formatVersion(version), OLDEST) && version.numbers[0] === 3 && !version.prerelease,
      wanted: "3.216 or newer (below 4)",
    };
  }
  const exact = /^v?\d+\.\d+\.\d+$/.test(asked) ? parseVersion(asked) : undefined;
  if (exact === undefined) {
    throw new SetUpError(`VOICE_LICENSES_PULUMI_VERSION is "${asked}": write a version such as ${PULUMI_VERSION}.`);
  }
  return {
    version: formatVersion(exact),
    accepts: (version) => compareVersions(version, exact) === 0,
    wanted: `${formatVersion(exact)} (VOICE_LICENSES_PULUMI_VERSION)`,
  };
}

/**
 * @param {string} versions
 * @param {import("./pulumi-candidates.mjs").Accepts} accepts
 * @param {string} wanted
 */
function findKept(versions, accepts, wanted) {
  const found = findInVersions(versions, accepts, wanted);
  if (typeof found !== "string") {
    addDynamicPlugin(path.dirname(found.command));
  }
  return found;
}

/**
 * Downloads or builds what is missing of a version. What fails is noted, and the next way is tried.
 * @param {string} version
 * @param {string} folder of that version
 * @param {Attempt[]} tried
 */
async function obtain(version, folder, tried) {
  const bin = path.join(folder, "bin");
  const inWork = "unfinished-";
  mkdirSync(folder, { recursive: true });
  // The lock is held, so whatever lies here was left by a run that was killed.
  for (const name of readdirSync(folder).filter((each) => each.startsWith(inWork))) {
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }

  /** @param {string} title @param {(temporary: string, report: (phase: string) => void) => Promise<string>} make */
  const attempt = async (title, make) => {
    const temporary = mkdtempSync(path.join(folder, inWork));
    try {
      moveInto(await withProgress(title, (report) => make(temporary, report)), bin);
      return true;
    } catch (error) {
      tried.push({ what: title, why: error instanceof SetUpError ? error.message : String(error) });
      return false;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  };

  if (process.env["VOICE_LICENSES_PULUMI_DOWNLOAD"] === "false") {
    tried.push({ what: `Downloading Pulumi ${version}`, why: "switched off by VOICE_LICENSES_PULUMI_DOWNLOAD=false" });
  } else {
    const done = await attempt(`Downloading Pulumi ${version}`, (temporary, report) =>
      downloadPulumi({ version, folder: temporary, report, warn: say }),
    );
    if (done) {
      return;
    }
  }

  const title = `Building Pulumi ${version} with Go`;
  const problem = await goProblem(version);
  if (problem !== undefined) {
    tried.push({ what: title, why: problem });
    return;
  }
  const pieces = missingPieces(bin);
  if (pieces.length > 1) {
    say(`${tried.at(-1)?.what}: ${tried.at(-1)?.why}`);
    say("So the CLI is built from source: about 5 minutes on 2 cores, once.");
  }
  await attempt(title, (temporary, report) => buildPulumi({ version, pieces, folder: temporary, report }));
}

/**
 * The error's text: what was tried, why each failed, what to install.
 * @param {string} wanted
 * @param {readonly Attempt[]} tried
 * @returns {string}
 */
export function nothingFound(wanted, tried) {
  const attempts = tried.map(({ what, why }) => `  - ${what}: ${why.trim().replace(/\n/g, "\n      ")}`);
  return [
    `No Pulumi CLI of version ${wanted} with its Node.js language host could be found or made. Tried:`,
    ...attempts,
    "Install one of these and run the command again:",
    "  - the Pulumi CLI: https://www.pulumi.com/docs/install/",
    `  - Go ${neededGo()} or newer, to have the CLI built from source: https://go.dev/dl/`,
  ].join("\n");
}

/**
 * @param {import("./pulumi-candidates.mjs").FoundCli} found
 * @returns {PulumiCli}
 */
function describe({ command, version, before, after }) {
  const searchPath = [...before, process.env["PATH"] ?? "", ...after].filter((each) => each !== "");
  /** @type {Record<string, string>} */
  const environment = { PATH: searchPath.join(path.delimiter) };
  for (const [name, value] of Object.entries(DEFAULTS)) {
    if (process.env[name] === undefined) {
      environment[name] = value;
    }
  }
  return { command, version, environment };
}

/** Quiet and offline; and calls in parallel, because resources spend their time waiting for the platform's tasks. */
const DEFAULTS = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_PARALLEL_DIFF: "true",
  PULUMI_PARALLEL: "64",
};
