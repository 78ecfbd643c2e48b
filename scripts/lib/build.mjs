// @ts-check
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { filesBelow, fingerprint } from "./fingerprint.mjs";
import { withProgress } from "./progress.mjs";
import { cacheFolder, root } from "./root.mjs";
import { run } from "./run.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { readIfThere, writeWhole } from "./whole-file.mjs";

/**
 * The compiler writes into a folder of its own, incrementally; only a complete result is then brought over into
 * `dist/`, file by file and only what differs. A build that fails or is killed leaves `dist/` as it was, and a program
 * that runs from it never finds it missing.
 */

const sourceFolders = ["provider", "fleet", "simulator", "cli"];
const distFolder = path.join(root, "dist");
const stageFolder = path.join(cacheFolder, "dist");
const compilerMemory = path.join(cacheFolder, "tsbuildinfo.json");
const stampFile = path.join(cacheFolder, "build-stamp.json");
/** What other scripts keep there: see plugin.mjs and sdk.mjs. */
const madeByOthers = ["plugin", "plugin.tar.gz", "schema.json", "sdk"];
const commandFile = path.join("cli", "index.js");

/** @returns {string[]} */
function sourceFiles() {
  return sourceFolders.flatMap((folder) => filesBelow(root, folder));
}

/** @returns {string} */
function wantedStamp() {
  const settings = ["tsconfig.json", "tsconfig.build.json", "scripts/lib/build.mjs"];
  const compiler = path.join("node_modules", "typescript", "package.json");
  return fingerprint(root, [...settings, compiler, "package-lock.json", ...sourceFiles()]);
}

/**
 * Whether `dist/` was built from the sources as they are now, and still holds every file of that build.
 * @returns {boolean}
 */
export function distIsCurrent() {
  const text = readIfThere(stampFile);
  if (text === undefined) {
    return false;
  }
  /** @type {{ stamp: string, outputs: Record<string, number> }} */
  const { stamp, outputs } = JSON.parse(text);
  return (
    stamp === wantedStamp() &&
    Object.entries(outputs).every(
      ([file, bytes]) => statSync(path.join(distFolder, file), { throwIfNoEntry: false })?.size === bytes,
    )
  );
}

/** Compiles the package to `dist/`, or throws with the compiler's messages and leaves `dist/` as it was. */
export async function buildDist() {
  await withProgress("Building dist/", async () => {
    const stamp = wantedStamp();
    rmSync(stampFile, { force: true });
    await compile();
    const contents = new Map(
      filesBelow(stageFolder, ".").map((file) => [file, readFileSync(path.join(stageFolder, file))]),
    );
    for (const file of sourceFiles().filter((name) => /\.(?:yaml|json)$/.test(name))) {
      contents.set(file, readFileSync(path.join(root, file)));
    }
    publish(contents);
    const outputs = Object.fromEntries([...contents].map(([file, content]) => [file, content.byteLength]));
    writeWhole(stampFile, JSON.stringify({ stamp, outputs }));
  });
}

async function compile() {
  if (dropOrphans() === "incomplete") {
    rmSync(compilerMemory, { force: true });
  }
  const compiler = path.join(root, "node_modules", "typescript", "bin", "tsc");
  const { code, output } = await run(
    process.execPath,
    [compiler, "-p", "tsconfig.build.json", "--outDir", stageFolder, "--tsBuildInfoFile", compilerMemory],
    { cwd: root },
  );
  if (code !== 0) {
    throw new SetUpError(`${output.trimEnd()}\nThe build failed (tsc, exit code ${code}); dist/ is as it was.`);
  }
}

/**
 * Deletes compiled files whose source is gone, and tells whether the rest holds all that the compiler thinks it has
 * written: it does not look, and would leave a hole.
 * @returns {"complete" | "incomplete"}
 */
function dropOrphans() {
  const sources = sourceFiles().filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));
  const stems = new Set(sources.map((file) => file.slice(0, -".ts".length)));
  for (const file of filesBelow(stageFolder, ".")) {
    const isData = file.endsWith(".json") && existsSync(path.join(root, file));
    if (!isData && !stems.has(file.replace(/(\.d\.ts|\.js)$/, ""))) {
      rmSync(path.join(stageFolder, file));
    }
  }
  const known = readIfThere(compilerMemory) ?? "";
  const compiled = [...stems].filter((stem) => known.includes(`${stem}.ts"`));
  const holes = compiled.some((stem) =>
    [".js", ".d.ts"].some((ending) => !existsSync(path.join(stageFolder, stem + ending))),
  );
  return holes ? "incomplete" : "complete";
}

/**
 * Makes `dist/` hold exactly these files.
 * @param {ReadonlyMap<string, Buffer>} contents by path relative to `dist/`
 */
function publish(contents) {
  for (const [file, content] of contents) {
    const target = path.join(distFolder, file);
    const mode = file === commandFile ? 0o755 : 0o644;
    if (existsSync(target) && readFileSync(target).equals(content)) {
      chmodSync(target, mode);
    } else {
      writeWhole(target, content, mode);
    }
  }
  for (const file of filesBelow(distFolder, ".")) {
    const [top = ""] = file.split(path.sep);
    if (!contents.has(file) && !madeByOthers.includes(top)) {
      rmSync(path.join(distFolder, file));
    }
  }
}
