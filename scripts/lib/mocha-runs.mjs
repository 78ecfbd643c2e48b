// @ts-check
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { filesBelow } from "./fingerprint.mjs";
import { isCi, withoutColors } from "./progress.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { readIfThere } from "./whole-file.mjs";

/** The share of the provider's lines that the unit tests must reach, in per cent. */
const LINES = 95;

/** No test may keep the whole command waiting for ever: bounds of a run, and of one end-to-end test. */
const RUN_TIMEOUT_MS = 30 * 60_000;
const NIGHTLY_RUN_TIMEOUT_MS = 3 * 3_600_000;
const NIGHTLY_TEST_TIMEOUT_MS = 600_000;
const END_TO_END_TIMEOUT_MS = 300_000;

const reporter = path.join(root, "scripts", "lib", "mocha-reporter.cjs");
const bin = (/** @type {string} */ name) => path.join(root, "node_modules", ".bin", name);

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * @typedef {object} MochaRun
 * @property {readonly string[]} files test files asked for by name; all of the run where empty
 * @property {readonly string[]} options further options for mocha
 * @property {NodeJS.ProcessEnv} env
 */

/** Two files at once: CI has two processors. */
const IN_PARALLEL = ["--parallel", "--jobs", "2"];

/**
 * Runs the unit tests, two files at once. Where all of them run, also measures how much of the provider they reach, and requires enough.
 * @param {MochaRun} wanted
 * @returns {Promise<{ ok: boolean, note: string, counts: Counts }>}
 */
export async function runUnitTests({ files, options, env }) {
  if (files.length > 0 || options.length > 0) {
    return await mocha([bin("mocha")], [...(files.length > 0 ? files : unitTestFiles()), ...options], env);
  }
  const measured = ["--all", "--src", "provider", "--include", "provider/**"];
  const excluded = typeOnlyFiles().flatMap((file) => ["--exclude", file]);
  const required = ["--check-coverage", "--lines", `${LINES}`, "--reporter", "text-summary"];
  return await mocha(
    [bin("c8"), ...measured, ...excluded, ...required, bin("mocha")],
    [...IN_PARALLEL, ...unitTestFiles()],
    env,
  );
}

/**
 * Runs the end-to-end tests, two files at once: they spend their time waiting for the real CLI.
 * @param {MochaRun} wanted
 * @returns {Promise<{ ok: boolean, note: string, counts: Counts }>}
 */
export async function runEndToEndTests({ files, options, env }) {
  const specs = files.length > 0 ? files : testFiles().filter(isEndToEnd);
  if (specs.length === 0) {
    return { ok: true, note: "there are none", counts: { passed: 0, failed: 0, skipped: 0 } };
  }
  const own = ["--timeout", `${END_TO_END_TIMEOUT_MS}`, ...IN_PARALLEL];
  return await mocha([bin("mocha")], [...own, ...specs, ...options], env);
}

/** @returns {string[]} */
function testFiles() {
  return filesBelow(root, "test").filter((file) => file.endsWith(".test.ts"));
}

/** @returns {string[]} */
function unitTestFiles() {
  return testFiles().filter((file) => !isEndToEnd(file));
}

/** @param {string} file @returns {boolean} */
function isEndToEnd(file) {
  return file.startsWith(path.join("test", "end-to-end") + path.sep);
}

/**
 * Files of the provider that hold nothing but types: no line of them can run, so none can be missed.
 * @returns {string[]}
 */
function typeOnlyFiles() {
  return filesBelow(root, "provider").filter((file) => {
    const compiled = readIfThere(path.join(root, "dist", file.replace(/\.ts$/, ".js")));
    return compiled !== undefined && isEmptyModule(compiled);
  });
}

/**
 * Whether a compiled CommonJS module does nothing: comments, and the two lines that every module begins with.
 * @param {string} compiled
 * @returns {boolean}
 */
export function isEmptyModule(compiled) {
  const statements = compiled
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
    .replace(/^"use strict";$/m, "")
    .replace(/^Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);$/m, "");
  return statements.trim() === "";
}

/**
 * @param {readonly string[]} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ ok: boolean, note: string, counts: Counts }>}
 */
async function mocha(program, args, env) {
  const folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-test-"));
  const results = path.join(folder, "results.json");
  const isColorful = process.stdout.isTTY && !isCi();
  try {
    const [command = "", ...before] = program;
    const { code } = await run(
      command,
      [
        ...before,
        ...base(),
        ...(env["NIGHTLY"] === "1" ? ["--timeout", `${NIGHTLY_TEST_TIMEOUT_MS}`] : []),
        ...args,
        ...(isColorful ? [] : ["--no-color"]),
        "--reporter",
        reporter,
        "--reporter-options",
        `output=${results}`,
      ],
      {
        cwd: root,
        env: isColorful ? env : withoutColors(env),
        show: true,
        timeoutMs: env["NIGHTLY"] === "1" ? NIGHTLY_RUN_TIMEOUT_MS : RUN_TIMEOUT_MS,
      },
    );
    const text = readIfThere(results);
    /** @type {Counts} */
    const counts = text === undefined ? { passed: 0, failed: 0, skipped: 0 } : JSON.parse(text);
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
    // Too little coverage, or something left open after the last test.
    const otherwise = code !== 0 && counts.failed === 0 ? ", but see above" : "";
    const note =
      text === undefined
        ? `mocha ended without a result (exit code ${code})`
        : `${counts.passed} passed, ${counts.failed} failed${skipped}${otherwise}`;
    return { ok: code === 0 && text !== undefined, note, counts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What both runs share with a plain `npx mocha FILE`.
 * @returns {string[]}
 */
function base() {
  /** @type {{ require: string[], extension: string[], timeout: number }} */
  const config = JSON.parse(readFileSync(path.join(root, ".mocharc.json"), "utf8"));
  const required = config.require.flatMap((module) => ["--require", module]);
  return ["--no-config", ...required, "--extension", config.extension.join(","), "--timeout", `${config.timeout}`];
}
