// @ts-check
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { ENGINE, LANGUAGE_HOST, PYTHON_HOST, toolsFolder, YAML_HOST } from "./pulumi-pieces.mjs";
import { run } from "./run.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { isAtLeast } from "./versions.mjs";

/**
 * Builds a CLI from the pinned Go modules of `tools/pulumi-cli`.
 *
 * The engine is of the version that those modules pin. The language hosts of that version are not published as modules,
 * so older ones are built, which the engine still speaks to.
 */

const sdk = "github.com/pulumi/pulumi/sdk/v3";

/** The same for everything that is built here, so that all of it shares what was compiled. */
export const BUILD_FLAGS = ["-mod=readonly", "-trimpath", "-buildvcs=false"];

/**
 * @typedef {object} Recipe
 * @property {string} module
 * @property {string} package
 * @property {(version: string) => string[]} flags
 * @property {string} takes how long it takes on two cores
 * @property {string} [script] a file of the module that belongs beside the program
 */

/** @type {Readonly<Record<string, Recipe>>} */
const RECIPES = {
  [ENGINE]: {
    module: "engine",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    takes: "about 5 minutes",
    // The tags are those of Pulumi's own release.
    flags: (version) => [
      "-tags=osusergo,grpcnotrace",
      `-ldflags=-s -w -X ${sdk}/go/common/version.Version=v${version}`,
    ],
  },
  [LANGUAGE_HOST]: {
    module: "language-nodejs",
    package: `${sdk}/nodejs/cmd/pulumi-language-nodejs`,
    takes: "less than a minute",
    flags: () => ["-ldflags=-s -w"],
  },
  [YAML_HOST]: {
    module: "language-yaml",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    takes: "about 4 minutes",
    flags: () => ["-ldflags=-s -w"],
  },
  [PYTHON_HOST]: {
    // The module of the Node.js host holds this one too.
    module: "language-nodejs",
    package: `${sdk}/python/cmd/pulumi-language-python`,
    takes: "less than a minute",
    flags: () => ["-ldflags=-s -w"],
    script: "python/cmd/pulumi-language-python-exec",
  },
};

/**
 * How long a piece takes to build, such as `about 5 minutes`; undefined where it cannot be built here.
 * @param {string} piece
 * @returns {string | undefined}
 */
export function buildTime(piece) {
  return RECIPES[piece]?.takes;
}

/**
 * The Pulumi version that the Go modules pin.
 * @returns {string} such as `3.255.0`
 */
function pinnedVersion() {
  const match = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(goMod("engine"));
  return match?.[1] ?? "";
}

/**
 * The oldest Go that can build the pinned modules.
 * @returns {string} such as `1.25.11`
 */
export function neededGo() {
  return /^go (\S+)$/m.exec(goMod("engine"))?.[1] ?? "";
}

/**
 * @param {string} module
 * @returns {string}
 */
function goMod(module) {
  return readFileSync(path.join(toolsFolder, module, "go.mod"), "utf8");
}

/**
 * Why the installed Go cannot build a Pulumi CLI, or undefined where it can.
 * @param {string} version of the CLI that is wanted
 * @param {string} [go] the command
 * @returns {Promise<string | undefined>}
 */
export async function goProblem(version, go = "go") {
  if (version !== pinnedVersion()) {
    return `the Go modules of this repository build ${pinnedVersion()}, not ${version}`;
  }
  // Outside the modules, where Go cannot choose another toolchain by itself.
  const { code, stdout, output } = await run(go, ["env", "GOVERSION", "GOTOOLCHAIN"], { cwd: tmpdir() });
  if (code === 127) {
    return "Go is not installed";
  }
  const [installed = "", toolchain = ""] = stdout.split("\n");
  if (code !== 0) {
    return `go env failed: ${output.trim()}`;
  }
  // With GOTOOLCHAIN other than local, an older Go (1.21 and later) fetches the one that is asked for.
  const isSuitable = isAtLeast(installed, neededGo()) || (toolchain !== "local" && isAtLeast(installed, "1.21"));
  return isSuitable ? undefined : `Go ${neededGo()} or newer is needed, and this is ${installed.replace(/^go/, "")}`;
}

/**
 * Builds pieces of the CLI with Go, in the time that `buildTime` says.
 * @param {object} job
 * @param {string} job.version the pinned one
 * @param {readonly string[]} job.pieces which to build
 * @param {string} job.folder an empty folder; the programs end in its subfolder `bin`
 * @param {(phase: string) => void} job.report
 * @returns {Promise<string>} the folder of the programs
 */
export async function buildPulumi({ version, pieces, folder, report }) {
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  const env = goBuildEnvironment(process.env);
  for (const piece of pieces) {
    const recipe = RECIPES[piece];
    if (recipe === undefined) {
      throw new SetUpError(`no recipe for ${piece}`);
    }
    let packages = 0;
    report(`${piece}: fetching modules`);
    const flags = [...BUILD_FLAGS, "-v", ...recipe.flags(version)];
    const { code, output } = await run("go", ["build", ...flags, "-o", path.join(bin, piece), recipe.package], {
      cwd: path.join(toolsFolder, recipe.module),
      env,
      onOutput: (text) => {
        const lines = text.split("\n").filter((line) => line !== "");
        packages += lines.filter((line) => !line.startsWith("go: ")).length;
        const last = lines.at(-1) ?? "";
        report(`${piece}: ${last.startsWith("go: ") ? last.slice("go: ".length) : `${packages} packages compiled`}`);
      },
    });
    if (code !== 0) {
      throw new SetUpError(`go build of ${piece} failed:\n${failureOf(output)}`);
    }
    if (recipe.script !== undefined) {
      await copyScript(recipe, bin, env);
    }
  }
  return bin;
}

/**
 * @param {Recipe} recipe
 * @param {string} bin
 * @param {NodeJS.ProcessEnv} env
 */
async function copyScript({ module, script = "" }, bin, env) {
  const { code, stdout, output } = await run("go", ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", sdk], {
    cwd: path.join(toolsFolder, module),
    env,
  });
  if (code !== 0) {
    throw new SetUpError(`go list of ${sdk} failed:\n${failureOf(output)}`);
  }
  const target = path.join(bin, path.basename(script));
  copyFileSync(path.join(stdout.trim(), script), target);
  // The module cache is read-only.
  chmodSync(target, 0o755);
}

/**
 * Keeps the user's settings of Go from changing what is built: a workspace file somewhere above, another module file, a
 * vendor folder. No C compiler is needed, as for Pulumi's own release.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function goBuildEnvironment(env) {
  const harmless = (env["GOFLAGS"] ?? "").split(/\s+/).filter((flag) => /^-(modcacherw$|p=)/.test(flag));
  return { ...env, GOFLAGS: harmless.join(" "), GOWORK: "off", GO111MODULE: "on", CGO_ENABLED: "0" };
}

/**
 * The lines of a failed build that tell why: not the packages that were compiled before.
 * @param {string} output
 * @returns {string}
 */
function failureOf(output) {
  const lines = output.split("\n").filter((line) => /\s/.test(line.trim()) && !line.startsWith("go: downloading"));
  return lines.slice(-10).join("\n");
}
