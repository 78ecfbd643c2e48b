// @ts-check
import process from "node:process";

/** Set-up speaks on standard error, so that `npm run pulumi -- stack output --json` stays clean on standard output. */
const screen = process.stderr;

const REWRITE_EVERY_MS = 1_000;
const LINE_EVERY_MS = 30_000;

/**
 * Whether one line can be rewritten in place: a terminal, and not a CI machine that shows each rewrite as a line.
 * @returns {boolean}
 */
function live() {
  return screen.isTTY && !isCi();
}

/**
 * Whether this runs on a CI machine: no colours, no rewritten lines.
 * @returns {boolean}
 */
export function isCi() {
  const value = process.env["CI"];
  return value !== undefined && value !== "" && value !== "false" && value !== "0";
}

/**
 * The environment for programs whose output is kept or goes to a CI machine's log: without colours. Some tools take a CI
 * machine for a terminal with colours.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withoutColors(env) {
  const { FORCE_COLOR: _, ...rest } = env;
  return { ...rest, NO_COLOR: "1" };
}

/**
 * Prints one line of set-up.
 * @param {string} line
 */
export function say(line) {
  screen.write(`${line}\n`);
}

/**
 * A time as people read it: `42 s`, `5 min 3 s`.
 * @param {number} milliseconds
 * @returns {string}
 */
function formatElapsed(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Runs a piece of work and shows that it goes on: on a terminal one line that is rewritten each second, elsewhere a
 * line at the start, each 30 s and at the end. The work may name its present phase.
 * @template T
 * @param {string} title such as `Installing dependencies`
 * @param {(phase: (text: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const started = Date.now();
  const rewrites = live();
  let phase = "";
  const status = () => `${title} … ${formatElapsed(Date.now() - started)}${phase === "" ? "" : `, ${phase}`}`;
  const show = () => {
    screen.write(rewrites ? `\r\u001b[2K${status().slice(0, (screen.columns || 80) - 1)}` : `${status()}\n`);
  };
  if (rewrites) {
    show();
  } else {
    say(`${title} …`);
  }
  const ticker = setInterval(show, rewrites ? REWRITE_EVERY_MS : LINE_EVERY_MS);
  const finish = (/** @type {string} */ word) => {
    clearInterval(ticker);
    say(`${rewrites ? "\r\u001b[2K" : ""}${title}: ${word} (${formatElapsed(Date.now() - started)})`);
  };
  try {
    const result = await work((text) => {
      phase = text;
    });
    finish("done");
    return result;
  } catch (error) {
    finish("failed");
    throw error;
  }
}
