// @ts-check
import { mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { ENGINE, LANGUAGE_HOST, toolsFolder } from "./pulumi-pieces.mjs";
import { run } from "./run.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { isAtLeast } from "./versions.mjs";

/**
 * Builds a CLI from the pinned Go modules of `tools/pulumi-cli`.
 *
 * The engine is of the version that those modules pin. The language host of that version is not published as a module,
 * so an older one is built, which the engine still speaks to.
 */

const sdk = "github.com/pulumi/pulumi/sdk/v3";

/** @type {Readonly<Record<string, { module: string, package: string, flags: (version: string) => string[] }>>} */
const RECIPES = {
  [ENGINE]: {
    module: "engine",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    // The tags are those of Pulumi's own release.
    flags: (version) => [
      "-tags=osusergo,grpcnotrace",
      `-ldflags=-s -w -X ${sdk}/go/common/version.Version=v${version}`,
    ],
  },
  [LANGUAGE_HOST]: {
    module: "language-nodejs",
    package: `${sdk}/nodejs/cmd/pulumi-language-nodejs`,
    flags: () => ["-ldflags=-s -w"],
  },
};

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
 * Builds pieces of the CLI with Go: about five minutes for the engine on two cores, half a minute for the language host.
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
  const env = buildEnvironment(process.env);
  for (const piece of pieces) {
    const recipe = RECIPES[piece];
    if (recipe === undefined) {
      throw new SetUpError(`no recipe for ${piece}`);
    }
    let packages = 0;
    report(`${piece}: fetching modules`);
    const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-v", ...recipe.flags(version)];
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
  }
  return bin;
}

/**
 * Keeps the user's settings of Go from changing what is built: a workspace file somewhere above, another module file, a
 * vendor folder. No C compiler is needed, as for Pulumi's own release.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function buildEnvironment(env) {
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
