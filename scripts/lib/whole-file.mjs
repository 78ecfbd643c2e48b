// @ts-check
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";

/**
 * The text of a file, or undefined where it cannot be read.
 * @param {string} file
 * @returns {string | undefined}
 */
export function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Writes a file so that a reader sees the old content or the new one, never half of it. Makes its folder.
 * @param {string} file
 * @param {string | Uint8Array} content
 * @param {number} [mode] permissions
 */
export function writeWhole(file, content, mode = 0o644) {
  mkdirSync(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.unfinished`;
  writeFileSync(unfinished, content);
  // writeFileSync's own mode is narrowed by the umask.
  chmodSync(unfinished, mode);
  renameSync(unfinished, file);
}
