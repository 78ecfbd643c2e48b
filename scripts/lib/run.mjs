// @ts-check
import { spawn } from "node:child_process";
import process from "node:process";

/**
 * @typedef {object} Outcome
 * @property {number} code exit code; 128 and more after a signal, 127 where the program could not be started
 * @property {string} output standard output and standard error, as they came
 * @property {string} stdout standard output alone
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMs] after which the program is told to end
 * @property {(text: string) => void} [onOutput]
 * @property {boolean} [show] lets the program write to the screen itself; the outcome then holds no output
 */

/**
 * Runs a program to its end without input, and collects what it prints. Never throws for an exit code. When this process
 * is told to end, the program is told so too.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Outcome>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    let output = "";
    let stdout = "";
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: options.show === true ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    });
    running.add(child);
    const collect = (/** @type {string} */ text) => {
      output += text;
      options.onOutput?.(text);
    };
    child.stdout?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      stdout += text;
      collect(text);
    });
    child.stderr?.setEncoding("utf8").on("data", collect);
    child.on("error", (error) => {
      running.delete(child);
      resolve({ code: 127, output: `${output}${command}: ${error.message}\n`, stdout });
    });
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? signalExitCode(signal), output, stdout });
    });
  });
}

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Ends every program that `run` started, so that none works on alone for minutes; meant for scripts' signal handlers. */
function endAll(/** @type {NodeJS.Signals} */ signal) {
  for (const child of running) {
    child.kill(signal);
  }
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  const listener = () => {
    endAll(signal);
    // Who else listens decides how this process ends; where nobody does, it ends of the signal as by default.
    if (process.listenerCount(signal) === 1) {
      process.off(signal, listener);
      process.kill(process.pid, signal);
    }
  };
  process.on(signal, listener);
}

/**
 * The exit code that shells give to a program ended by a signal.
 * @param {NodeJS.Signals | null} signal
 * @returns {number}
 */
export function signalExitCode(signal) {
  /** @type {Partial<Record<NodeJS.Signals, number>>} */
  const numbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };
  return 128 + (signal === null ? 0 : (numbers[signal] ?? 0));
}
