// @ts-check
import { spawn } from "node:child_process";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { signalExitCode } from "./run.mjs";

/** How long to wait before asking whether a signal came to the whole process group, in milliseconds. */
const GRACE_MS = 150;

/** Copies of one signal that come within this time are one key press: npm passes on what the terminal sent already. */
const SAME_PRESS_MS = 1_000;

/** @type {readonly NodeJS.Signals[]} */
const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/**
 * Runs a program in the foreground, on the terminal of this process, and returns its exit code. A signal reaches the
 * program exactly once, and this process outlives it.
 *
 * Ctrl-C is sent by the terminal to the whole process group, so the program has it already, and a second one would make
 * Pulumi drop what it does. But a signal sent to this process alone has to be passed on. Which of the two it was is told
 * by a companion in the same group, `cat` waiting for input that never comes: it dies of what the group received.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>}
 */
export async function runInForeground(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: "inherit" });
  const companion = keepCompanion();
  /** @type {Map<NodeJS.Signals, number>} */
  const handledAt = new Map();
  const onSignal = async (/** @type {NodeJS.Signals} */ signal) => {
    const now = performance.now();
    if (now - (handledAt.get(signal) ?? -Infinity) < SAME_PRESS_MS) {
      return;
    }
    handledAt.set(signal, now);
    if (!(await companion.received(signal))) {
      child.kill(signal);
    }
  };
  const listeners = PASSED_ON.map((signal) => /** @type {const} */ ([signal, () => void onSignal(signal)]));
  listeners.forEach(([signal, listener]) => process.on(signal, listener));
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        resolve(code ?? signalExitCode(signal));
      });
    });
  } finally {
    listeners.forEach(([signal, listener]) => process.off(signal, listener));
    companion.stop();
  }
}

/** A process of this group that dies of a signal to the group, and is then replaced. */
function keepCompanion() {
  /** @type {Map<NodeJS.Signals, number>} */
  const diedAt = new Map();
  let stopped = false;
  /** @type {import("node:child_process").ChildProcess} */
  let cat;
  const start = () => {
    cat = spawn("cat", [], { stdio: ["pipe", "ignore", "ignore"] });
    cat.on("error", () => undefined);
    cat.on("exit", (_code, signal) => {
      if (signal !== null && !stopped) {
        diedAt.set(signal, performance.now());
        start();
      }
    });
  };
  start();
  return {
    /**
     * @param {NodeJS.Signals} signal received by this process just now
     * @returns {Promise<boolean>} whether the whole group received it
     */
    async received(signal) {
      const now = performance.now();
      await pause(GRACE_MS);
      return now - (diedAt.get(signal) ?? -Infinity) < SAME_PRESS_MS;
    },
    stop() {
      stopped = true;
      cat.stdin?.destroy();
      cat.kill();
    },
  };
}
