import { compareCodePoints } from "../provider/text/code-points";
import path from "node:path";
import { globSync } from "tinyglobby";
import { type CheckedFleet, checkRead } from "./check-fleet";
import { readTextFile } from "./fleet-file";
import { mergeIncluded, mergeTenants } from "./merge-parts";
import type { Mistake } from "./mistake";
import { type ReadTree, readTree } from "./read-tree";
import { readTenantsCsv } from "./tenants-csv";
import type { Entry, Mapping, Tree } from "./tree";

/** A fleet file as loaded and checked; or why it could not be read at all, in one sentence. */
export type LoadedFleet = CheckedFleet | { readonly problem: string };

/**
 * Reads a fleet file with all that it includes, and checks it, without looking at any API; needs no Pulumi.
 *
 * @param whole Its whole path.
 * @param file The file as the user named it, for messages.
 */
export function loadFleet(whole: string, file: string): LoadedFleet {
  const read = readFleet(whole, file);
  return "problem" in read ? read : checkRead(read);
}

/** The same without the check. */
export function readFleet(whole: string, file: string): ReadTree | { readonly problem: string } {
  const read = readTextFile(whole);
  if ("problem" in read) {
    return { problem: `The fleet file ${whole} ${read.problem}.` };
  }
  const main = readTree(read.text, file);
  if (main.tree?.kind !== "map") {
    return main;
  }
  const folder: Folder = { whole: path.dirname(whole), shown: path.dirname(file) };
  const mistakes = [...main.mistakes];
  const parts = filesOf("include", main.tree.entries, folder, whole, mistakes).map((part) => readPart(part, mistakes));
  let merged = mergeIncluded(main.tree.entries, parts);
  mistakes.push(...merged.mistakes);
  for (const table of filesOf("csv", main.tree.entries, folder, whole, mistakes)) {
    const text = readTextFile(table.whole);
    if ("problem" in text) {
      mistakes.push({ at: table.at, path: "csv", message: `${table.shown} ${text.problem}.` });
    } else {
      const tenants = readTenantsCsv(text.text, table.shown);
      merged = mergeTenants(merged.entries, tenants.tenants);
      mistakes.push(...tenants.mistakes, ...merged.mistakes);
    }
  }
  return { tree: { kind: "map", entries: merged.entries }, mistakes };
}

interface Folder {
  readonly whole: string;
  readonly shown: string;
}

/** Another file that the fleet file names. */
interface NamedFile extends Folder {
  /** Where it is named. */
  readonly at: Entry["at"];
}

/** The files that `key` names, by patterns, sorted by their paths; a pattern that fits none is a mistake, not an empty fleet. */
function filesOf(
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
    const paths = globSync(value.text, { cwd: folder.whole, onlyFiles: true, expandDirectories: false });
    const others = paths.filter((relative) => path.resolve(folder.whole, relative) !== self);
    if (others.length === 0) {
      const pattern = JSON.stringify(value.text.slice(0, 200));
      const what =
        paths.length > 0
          ? "fits only this file itself: name the others, or take it out"
          : "fits no file; paths start at the folder of this file";
      mistakes.push({ at, path: key, message: `${pattern} ${what}.` });
    }
    for (const relative of others) {
      const whole = path.resolve(folder.whole, relative);
      found.set(whole, { at, whole, shown: path.join(folder.shown, relative) });
    }
  }
  return [...found.values()].sort((a, b) => compareCodePoints(a.shown, b.shown));
}

function readPart({ at, whole, shown }: NamedFile, mistakes: Mistake[]): Tree {
  const read = readTextFile(whole);
  if ("problem" in read) {
    mistakes.push({ at, path: "include", message: `${shown} ${read.problem}.` });
    return { kind: "faulty" };
  }
  const part = readTree(read.text, shown);
  mistakes.push(...part.mistakes);
  if (part.tree !== undefined && part.tree.kind !== "map" && part.tree.kind !== "empty") {
    const message = "must be a map with customers, tenants and profiles.";
    mistakes.push({ at: { file: shown, line: 1, column: 1 }, path: "", message });
  }
  return part.tree ?? { kind: "faulty" };
}
