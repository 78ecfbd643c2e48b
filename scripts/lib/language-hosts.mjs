// @ts-check
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import process from "node:process";
import { exclusively } from "./exclusive.mjs";
import { say, withProgress } from "./progress.mjs";
import { PULUMI_VERSION } from "./pulumi-cli.mjs";
import { buildPulumi, buildTime, goProblem } from "./pulumi-go-build.mjs";
import { isExecutable, moveInto } from "./pulumi-pieces.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { projectFile } from "./working-directory.mjs";

/**
 * The search path for Pulumi in a folder: with the language host of the project there, and first the virtual environment
 * that a Python project names, because the Python host that is built from source does not read that option.
 * @param {import("./pulumi-cli.mjs").PulumiCli} cli
 * @param {string} folder
 * @returns {Promise<string>}
 * @throws {SetUpError} where the host is not found and cannot be built
 */
export async function searchPathFor(cli, folder) {
  const file = projectFile(folder);
  const language = file === undefined ? undefined : await languageOf(file);
  if (file === undefined || language === undefined) {
    return cli.environment["PATH"] ?? "";
  }
  const searchPath = await searchPathWithHost(cli, `pulumi-language-${language.name}`);
  return language.virtualenv === undefined
    ? searchPath
    : [path.resolve(path.dirname(file), language.virtualenv, "bin"), searchPath].join(path.delimiter);
}

/**
 * @param {string} file a project's Pulumi.yaml
 * @returns {Promise<{ name: string, virtualenv: string | undefined } | undefined>} undefined where it names no language:
 *   what is wrong with it, Pulumi says
 */
async function languageOf(file) {
  // Not at the top: this module is loaded before anything is installed.
  const { parseDocument } = await import("yaml");
  const project = parseDocument(readFileSync(file, "utf8"));
  const name = project.getIn(["runtime", "name"]) ?? project.get("runtime");
  const virtualenv = project.getIn(["runtime", "options", "virtualenv"]);
  return typeof name === "string"
    ? { name, virtualenv: name === "python" && typeof virtualenv === "string" ? virtualenv : undefined }
    : undefined;
}

/**
 * A search path on which a language host is found. Pulumi's release holds them all; where the CLI was built from source,
 * a host is built too, once, into the folder of that CLI.
 * @param {import("./pulumi-cli.mjs").PulumiCli} cli
 * @param {string} host such as `pulumi-language-yaml`
 * @returns {Promise<string>}
 * @throws {SetUpError} where it is not found and cannot be built
 */
export async function searchPathWithHost(cli, host) {
  const searchPath = cli.environment["PATH"] ?? "";
  const isThere = (/** @type {string} */ folder) => isExecutable(path.join(folder, host));
  if (searchPath.split(path.delimiter).some(isThere)) {
    return searchPath;
  }
  const notFound = (/** @type {string} */ why) =>
    new SetUpError(
      `There is no ${host} beside ${cli.command}, and ${why}. Pulumi's release has it: https://www.pulumi.com/docs/install/`,
    );
  const takes = buildTime(host);
  if (takes === undefined) {
    throw notFound("this repository cannot build it");
  }
  const versions = path.join(process.env["PULUMI_HOME"] || path.join(homedir(), ".pulumi"), "versions");
  const bin = path.join(versions, PULUMI_VERSION, "bin");
  await exclusively(path.join(versions, `${PULUMI_VERSION}.lock`), async () => {
    if (isThere(bin)) {
      return;
    }
    const problem = await goProblem(PULUMI_VERSION);
    if (problem !== undefined) {
      throw notFound(`it cannot be built: ${problem}`);
    }
    say(`There is no ${host} beside ${cli.command}, so it is built from source: ${takes} on 2 cores, once.`);
    mkdirSync(path.dirname(bin), { recursive: true });
    const temporary = mkdtempSync(path.join(path.dirname(bin), "unfinished-"));
    try {
      await withProgress(`Building ${host} with Go`, async (report) => {
        moveInto(await buildPulumi({ version: PULUMI_VERSION, pieces: [host], folder: temporary, report }), bin);
      });
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
  return [searchPath, bin].join(path.delimiter);
}
