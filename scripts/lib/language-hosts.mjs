// @ts-check
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import process from "node:process";
import { exclusively } from "./exclusive.mjs";
import { withProgress } from "./progress.mjs";
import { PULUMI_VERSION } from "./pulumi-cli.mjs";
import { buildPulumi, goProblem } from "./pulumi-go-build.mjs";
import { isExecutable, moveInto } from "./pulumi-pieces.mjs";
import { SetUpError } from "./set-up-error.mjs";

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
  const versions = path.join(process.env["PULUMI_HOME"] || path.join(homedir(), ".pulumi"), "versions");
  const bin = path.join(versions, PULUMI_VERSION, "bin");
  await exclusively(path.join(versions, `${PULUMI_VERSION}.lock`), async () => {
    if (isThere(bin)) {
      return;
    }
    const problem = await goProblem(PULUMI_VERSION);
    if (problem !== undefined) {
      throw new SetUpError(`There is no ${host} beside ${cli.command}, and it cannot be built: ${problem}.`);
    }
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
