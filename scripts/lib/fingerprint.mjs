// @ts-check
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The files below a folder, as paths relative to `base`, in a stable order; none where the folder is missing.
 * Dependencies are left out.
 * @param {string} base
 * @param {string} folder relative to `base`
 * @returns {string[]}
 */
export function filesBelow(base, folder) {
  const absolute = path.join(base, folder);
  if (!existsSync(absolute)) {
    return [];
  }
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .flatMap((entry) => {
      const relative = path.join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(base, relative) : [relative];
    })
    .sort();
}

/**
 * A hash over names and contents of files; a missing file counts as such.
 * @param {string} base
 * @param {readonly string[]} files relative to `base`
 * @param {readonly string[]} [more] further texts that count
 * @returns {string} hexadecimal SHA-256
 */
export function fingerprint(base, files, more = []) {
  const hash = createHash("sha256");
  for (const text of more) {
    hash.update(`${text}\0`);
  }
  for (const file of files) {
    const absolute = path.join(base, file);
    const content = existsSync(absolute) ? readFileSync(absolute) : undefined;
    hash.update(`${file}\0${content === undefined ? "missing" : content.byteLength}\0`);
    hash.update(content ?? "");
  }
  return hash.digest("hex");
}
