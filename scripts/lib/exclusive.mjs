// @ts-check
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";

/**
 * One process at a time, by a folder that holds one file named after its holder.
 *
 * A folder can be renamed onto another only where that one is empty, so taking the lock is one atomic step; and a stale
 * holder is put out by deleting its own file, whose name nobody else has, so that no process can put out a live one.
 */

/**
 * @typedef {object} Timing
 * @property {number} pollMs how often a waiting process looks
 * @property {number} beatMs how often the holder shows that it lives
 * @property {number} silenceMs how long a holder may be silent, as watched by the one who waits
 */

/** @type {Timing} */
const TIMING = { pollMs: 250, beatMs: 5_000, silenceMs: 60_000 };

/**
 * Runs a piece of work while no other process holds the same lock; waits for the one that does, and says so once.
 * A holder that died is put out at once; one on another machine, or one whose process id was given to another program,
 * after a minute of silence.
 * @template T
 * @param {string} lock path of the lock's folder; its parent is made
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (holder: string) => void, timing?: Timing }} [options]
 * @returns {Promise<T>}
 */
export async function exclusively(lock, work, options = {}) {
  const timing = options.timing ?? TIMING;
  const own = await acquire(lock, timing, options.onWait ?? (() => undefined));
  const beat = setInterval(() => {
    touch(path.join(lock, own));
  }, timing.beatMs);
  beat.unref();
  const releaseNow = () => {
    release(lock, own);
  };
  process.on("exit", releaseNow);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off("exit", releaseNow);
    releaseNow();
  }
}

/**
 * @param {string} lock
 * @param {Timing} timing
 * @param {(holder: string) => void} onWait
 * @returns {Promise<string>} the holder's name
 */
async function acquire(lock, timing, onWait) {
  mkdirSync(path.dirname(lock), { recursive: true });
  const own = `${process.pid}@${hostname()}@${randomUUID()}`;
  /** @type {{ holder: string, beat: number, since: number } | undefined} */
  let watched;
  while (!tryToTake(lock, own)) {
    const holder = holderOf(lock);
    const beat = holder === undefined ? undefined : beatOf(path.join(lock, holder));
    if (holder === undefined || beat === undefined) {
      // Free by now, or an empty folder that this file system does not let another take the place of.
      removeIfEmpty(lock);
      await pause(0);
      continue;
    }
    if (watched?.holder !== holder || watched.beat !== beat) {
      if (watched?.holder !== holder && !isDead(holder)) {
        onWait(`process ${holder.replace(/@[^@]*$/, "").replace("@", " on ")}`);
      }
      watched = { holder, beat, since: performance.now() };
    }
    if (isDead(holder) || performance.now() - watched.since > timing.silenceMs) {
      rmSync(path.join(lock, holder), { force: true });
    } else {
      await pause(timing.pollMs);
    }
  }
  return own;
}

/**
 * @param {string} lock
 * @param {string} own
 * @returns {boolean}
 */
function tryToTake(lock, own) {
  const mine = `${lock}.${own}`;
  mkdirSync(mine);
  writeFileSync(path.join(mine, own), "");
  try {
    renameSync(mine, lock);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (isCode(error, "ENOTEMPTY") || isCode(error, "EEXIST")) {
      return false;
    }
    throw error;
  }
}

/**
 * @param {string} lock
 * @param {string} own
 */
function release(lock, own) {
  rmSync(path.join(lock, own), { force: true });
  removeIfEmpty(lock);
}

/** @param {string} lock */
function removeIfEmpty(lock) {
  try {
    rmdirSync(lock);
  } catch {
    // The next holder may be in already, or another process was faster.
  }
}

/**
 * @param {string} lock
 * @returns {string | undefined}
 */
function holderOf(lock) {
  try {
    return readdirSync(lock)[0];
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @returns {number | undefined}
 */
function beatOf(file) {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

/** @param {string} file */
function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // Put out by another after a long suspension: the work is whole-or-nothing, so both may end it.
  }
}

/**
 * @param {string} holder
 * @returns {boolean} true only where the holder's process is known to be gone
 */
function isDead(holder) {
  const [pid = "", host] = holder.split("@");
  if (host !== hostname()) {
    return false;
  }
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return isCode(error, "ESRCH");
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 * @returns {boolean}
 */
function isCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
