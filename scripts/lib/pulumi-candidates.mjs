// @ts-check
import { readdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { DYNAMIC_PLUGIN, ENGINE, isExecutable, LANGUAGE_HOST, missingPieces, toolsFolder } from "./pulumi-pieces.mjs";
import { run } from "./run.mjs";
import { compareVersions, formatVersion, parseVersion } from "./versions.mjs";

/**
 * @typedef {object} FoundCli
 * @property {string} command absolute path of `pulumi`
 * @property {string} version such as `3.255.0`
 * @property {readonly string[]} before folders that belong at the front of PATH
 * @property {readonly string[]} after folders that belong at its end
 */

/** @typedef {(version: import("./versions.mjs").Version) => boolean} Accepts */

/**
 * The `pulumi` of the PATH, or why it does not do.
 * @param {string} searchPath as in the environment variable PATH
 * @param {Accepts} accepts
 * @param {string} wanted how messages name the accepted versions
 * @returns {Promise<FoundCli | string>}
 */
export async function findOnPath(searchPath, accepts, wanted) {
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== "");
  const folder = folders.find((each) => isExecutable(path.join(each, ENGINE)));
  if (folder === undefined) {
    return "not found";
  }
  const command = path.resolve(folder, ENGINE);
  const { code, stdout, output } = await run(command, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeoutMs: 20_000,
  });
  const version = code === 0 ? parseVersion(stdout) : undefined;
  if (version === undefined) {
    return `${command} does not tell its version (exit code ${code}${output === "" ? "" : `: ${lastLine(output)}`})`;
  }
  if (!accepts(version)) {
    return `${command} is ${formatVersion(version)}, and ${wanted} is needed`;
  }
  const has = (/** @type {string} */ piece) =>
    [folder, ...folders].some((each) => isExecutable(path.join(each, piece)));
  if (!has(LANGUAGE_HOST)) {
    return `${command} has no ${LANGUAGE_HOST} beside it or on the PATH`;
  }
  const after = has(DYNAMIC_PLUGIN) ? [] : [toolsFolder];
  return { command, version: formatVersion(version), before: [path.dirname(command)], after };
}

/**
 * The newest whole CLI among the folders in which Pulumi's own tools keep theirs, or why there is none.
 * @param {string} versionsFolder such as `~/.pulumi/versions`
 * @param {Accepts} accepts
 * @param {string} wanted how messages name the accepted versions
 * @returns {FoundCli | string}
 */
export function findInVersions(versionsFolder, accepts, wanted) {
  const kept = keptVersions(versionsFolder);
  const newEnough = kept.filter(({ version }) => accepts(version));
  const whole = newEnough.find(({ bin }) => missingPieces(bin).length === 0);
  if (whole !== undefined) {
    const { bin, version } = whole;
    return { command: path.join(bin, ENGINE), version: formatVersion(version), before: [bin], after: [] };
  }
  if (newEnough.length > 0) {
    return newEnough.map(({ bin }) => `${bin} lacks ${missingPieces(bin).join(" and ")}`).join("; ");
  }
  return kept.length > 0
    ? `holds ${kept.map(({ version }) => formatVersion(version)).join(", ")}, and ${wanted} is needed`
    : "holds no version";
}

/**
 * @param {string} versionsFolder
 * @returns {{ version: import("./versions.mjs").Version, bin: string }[]} newest first
 */
function keptVersions(versionsFolder) {
  /** @type {string[]} */
  let names;
  try {
    names = readdirSync(versionsFolder);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^v?\d+\.\d+\.\d+(-[\w.-]+)?$/.test(name) && !name.endsWith(".lock"))
    .flatMap((name) => {
      const version = parseVersion(name);
      return version === undefined ? [] : [{ version, bin: path.join(versionsFolder, name, "bin") }];
    })
    .sort((one, other) => compareVersions(other.version, one.version));
}

/**
 * @param {string} text
 * @returns {string}
 */
function lastLine(text) {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
