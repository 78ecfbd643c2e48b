// @ts-check
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { exclusively } from "./exclusive.mjs";
import { filesBelow, fingerprint } from "./fingerprint.mjs";
import { withProgress } from "./progress.mjs";
import { cacheFolder, root } from "./root.mjs";
import { run } from "./run.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { readIfThere, writeWhole } from "./whole-file.mjs";

/** The plugin's name for the engine, and its program. */
export const PLUGIN = "voice-licenses";
const PROGRAM = `pulumi-resource-${PLUGIN}`;

const dist = path.join(root, "dist");
export const pluginFolder = path.join(dist, "plugin");
export const pluginArchive = path.join(dist, "plugin.tar.gz");
export const schemaFile = path.join(dist, "schema.json");
const stampFile = path.join(cacheFolder, "plugin-stamp.txt");

/** More would be slow to download for every user, and mean that something large came in by mistake. */
const MOST_ARCHIVE_BYTES = 4 * 1024 * 1024;

/**
 * Bounds the heap, which V8 otherwise lets grow far beyond what is alive in it: see "Memory" in docs/development/performance.md. Node does not take
 * the second flag from NODE_OPTIONS.
 */
const HEAP = "--max-semi-space-size=2 --heap-growing-percent=40";

/** Node by the PATH, as for every other program of Node.js. */
const LAUNCHERS = {
  [PROGRAM]: `#!/bin/sh\nexec node ${HEAP} "$(dirname "$0")/index.js" "$@"\n`,
  [`${PROGRAM}.cmd`]: `@node ${HEAP} "%~dp0index.js" %*\r\n`,
};

/** @returns {string} */
function wantedStamp() {
  const settings = ["scripts/lib/plugin.mjs", "package.json", "package-lock.json", "schema.json"];
  return fingerprint(root, [...settings, ...filesBelow(root, "provider")]);
}

/** @returns {boolean} */
function isCurrent() {
  return (
    readIfThere(stampFile) === wantedStamp() &&
    [pluginArchive, schemaFile, path.join(pluginFolder, "index.js")].every((file) => readIfThere(file) !== undefined)
  );
}

/**
 * Makes the native plugin, where anything changed: `dist/plugin/`, `dist/plugin.tar.gz` and `dist/schema.json`.
 * @throws {SetUpError} where it does not compile, or has become too large
 */
export async function buildPlugin() {
  if (!isCurrent()) {
    // Test files run side by side, and each asks for it.
    await exclusively(path.join(cacheFolder, "plugin.lock"), async () => {
      if (!isCurrent()) {
        await build();
      }
    });
  }
}

async function build() {
  await withProgress("Building the plugin", async () => {
    const stamp = wantedStamp();
    rmSync(stampFile, { force: true });
    mkdirSync(pluginFolder, { recursive: true });
    await bundle();
    for (const [name, text] of Object.entries(LAUNCHERS)) {
      writeWhole(path.join(pluginFolder, name), text, 0o755);
    }
    writeWhole(schemaFile, readFileSync(path.join(root, "schema.json")));
    await pack();
    writeWhole(stampFile, stamp);
  });
}

/** What our dependencies load, or could, for calls that the plugin never makes: forms of axios, and reading .proto files. */
const NEVER_CALLED = ["form-data", "@grpc/proto-loader"];

/** @type {import("esbuild").Plugin} */
const leaveOut = {
  name: "leave-out",
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(?:${NEVER_CALLED.join("|")})$`) }, ({ path: name }) => ({
      path: name,
      namespace: "left-out",
    }));
    build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "module.exports = {};" }));
  },
};

async function bundle() {
  // Not at the top: this file is loaded before the dependencies are installed.
  const esbuild = await import("esbuild");
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  await esbuild.build({
    entryPoints: [path.join(root, "provider", "plugin.ts")],
    outfile: path.join(pluginFolder, "index.js"),
    bundle: true,
    platform: "node",
    target: "node20",
    define: { PLUGIN_VERSION: JSON.stringify(version) },
    // Names stay: they are read in traces, and by code that looks at them.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "linked",
    plugins: [leaveOut],
    // The dynamic host's way to its own copy of gRPC: the plugin brings one.
    logOverride: { "require-resolve-not-external": "silent" },
    logLevel: "warning",
  });
}

async function pack() {
  const unfinished = `${pluginArchive}.${process.pid}.unfinished`;
  rmSync(unfinished, { force: true });
  const { code, output } = await run("tar", ["-czf", unfinished, "-C", pluginFolder, "."]);
  if (code !== 0) {
    throw new SetUpError(`${output.trimEnd()}\nThe plugin could not be packed (tar, exit code ${code}).`);
  }
  const content = readFileSync(unfinished);
  rmSync(unfinished);
  if (content.byteLength > MOST_ARCHIVE_BYTES) {
    throw new SetUpError(
      `dist/plugin.tar.gz would have ${content.byteLength} bytes; at most ${MOST_ARCHIVE_BYTES} are allowed.`,
    );
  }
  writeWhole(pluginArchive, content);
}
