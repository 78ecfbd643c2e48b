import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { globSync } from "tinyglobby";
import { compareCodePoints } from "../provider/text/code-points";
import { didYouMean, nearest } from "../provider/text/nearest";
import { shownExactly } from "../provider/text/shown";
import type { Mistake } from "./mistake";
import type { Entry, Mapping } from "./tree";

/** A folder or file: its whole path, and as messages name it. */
export interface Folder {
  readonly whole: string;
  readonly shown: string;
}

/** Another file that the fleet file names. */
export interface NamedFile extends Folder {
  /** Where it is named. */
  readonly at: Entry["at"];
}

/** The files that `key` names, by patterns, sorted by their paths; a pattern that matches none is a mistake, not an empty fleet. */
export function filesOf(
  key: string,
  entries: Mapping["entries"],
  folder: Folder,
  self: string,
  mistakes: Mistake[],
): NamedFile[] {
  const entry = entries.get(key);
  if (entry === undefined || entry.value.kind === "empty" || entry.value.kind === "faulty") {
    return [];
  }
  const named = entry.value.kind === "list" ? entry.value.items : [entry];
  const found = new Map<string, NamedFile>();
  for (const { at, value } of named) {
    if (value.kind !== "scalar") {
      mistakes.push({ at, path: key, message: "must be a path or pattern such as tenants/*.yaml, or a list of such." });
      continue;
    }
    const paths = filesLike(value.text, folder);
    const others = paths.filter((relative) => path.resolve(folder.whole, relative) !== self);
    if (others.length === 0) {
      const what =
        paths.length > 0
          ? " matches only this file itself: name the others, or remove it."
          : problemWithPattern(value.text, folder);
      mistakes.push({ at, path: key, message: `"${shownExactly(value.text, 200)}"${what}` });
    }
    for (const relative of others) {
      const whole = path.resolve(folder.whole, relative);
      found.set(whole, { at, whole, shown: path.join(folder.shown, relative) });
    }
  }
  return [...found.values()].sort((a, b) => compareCodePoints(a.shown, b.shown));
}

function filesLike(pattern: string, { whole }: Folder): string[] {
  return globSync(pattern, { cwd: whole, onlyFiles: true, expandDirectories: false });
}

/** Endings that are written for each other. */
const ENDINGS = [
  [".yaml", ".yml"],
  [".yml", ".yaml"],
  [".csv", ".CSV"],
  [".csv", ".tsv"],
  [".csv", ".txt"],
] as const;

/** Why a pattern matches no file, and what to write: the end of a sentence that begins with it. */
function problemWithPattern(pattern: string, folder: Folder): string {
  if (pattern.includes("\\")) {
    return `: write paths with /: ${shownExactly(pattern.replaceAll("\\", "/"), 200)}.`;
  }
  const whole = path.resolve(folder.whole, pattern);
  if (statSync(whole, { throwIfNoEntry: false })?.isDirectory() === true) {
    return ` is a directory: write ${shownExactly(`${pattern.replace(/\/+$/, "")}/*.yaml`, 200)}.`;
  }
  const meant = ENDINGS.flatMap(([ending, other]) =>
    pattern.endsWith(ending) ? [`${pattern.slice(0, -ending.length)}${other}`] : [],
  ).filter((other) => filesLike(other, folder).length > 0);
  const beside = /[*?{}[\]!]/.test(pattern) ? [] : nearest(path.basename(whole), filesIn(path.dirname(whole)));
  const names = [...meant, ...beside.map((name) => path.posix.join(path.posix.dirname(pattern), name))];
  return ` matches no file; paths start at the directory of this file${didYouMean(names.map((name) => shownExactly(name, 200)))}`;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch {
    return [];
  }
}
