import path from "node:path";
import { type CheckedFleet, checkRead } from "./check-fleet";
import { enumerated } from "../provider/text/count";
import { emptyFleet, emptyPart, emptyTable } from "./empty-sources";
import { PART_KEYS } from "./keys";
import { mergeIncluded, mergeTenants } from "./merge-parts";
import type { Mistake } from "./mistake";
import { type ReadTree, readTree } from "./read-tree";
import { filesOf, type Folder, type NamedFile } from "./named-files";
import { readTenantsCsv } from "./tenants-csv";
import { type FileText, readTextFile } from "./text-file";
import { insteadOfMap } from "./slips";
import type { Entry, Mapping, Tree } from "./tree";

/** A fleet file as loaded and checked; or why it could not be read at all, in one sentence. */
export type LoadedFleet = CheckedFleet | { readonly problem: string };

/** Reads the text of a file, by its whole path. */
type ReadText = (whole: string) => FileText;

/** How a fleet file is read. */
export interface FleetReading {
  /**
   * Accepts a fleet file, included file or table that declares nothing.
   * @default false
   */
  readonly allowEmpty?: boolean | undefined;
  /** @default from the disk */
  readonly readText?: ReadText;
}

/**
 * Reads a fleet file with all that it includes, and checks it, without looking at any API; needs no Pulumi.
 *
 * @param whole Its whole path.
 * @param file The file as the user named it, for messages.
 */
export function loadFleet(whole: string, file: string, reading?: FleetReading): LoadedFleet {
  const read = readFleet(whole, file, reading);
  return "problem" in read ? read : checkRead(read);
}

/** The same without the check. */
export function readFleet(
  whole: string,
  file: string,
  { allowEmpty = false, readText = readTextFile }: FleetReading = {},
): ReadTree | { readonly problem: string } {
  const read = readText(whole);
  if ("problem" in read) {
    const fix =
      read.isMissing === true
        ? ". Make one, or name another with `pulumi config set voice-licenses:file <path>`; a relative path starts at the folder of Pulumi.yaml."
        : ".";
    return { problem: `The fleet file ${whole} ${read.problem}${fix}` };
  }
  const main = readTree(read.text, file);
  if (main.tree?.kind !== "map" && main.tree?.kind !== "empty") {
    return main;
  }
  const own: Mapping["entries"] = main.tree.kind === "map" ? main.tree.entries : new Map<string, Entry>();
  const folder: Folder = { whole: path.dirname(whole), shown: path.dirname(file) };
  const mistakes = [...main.mistakes];
  const empty: Mistake[] = [];
  const parts = filesOf("include", own, folder, whole, mistakes).map((part) => {
    const tree = readPart(part, readText, mistakes);
    empty.push(...emptyPart(tree, part.shown));
    return tree;
  });
  let merged = mergeIncluded(own, parts);
  mistakes.push(...merged.mistakes);
  for (const table of filesOf("csv", own, folder, whole, mistakes)) {
    const text = readText(table.whole);
    if ("problem" in text) {
      mistakes.push({ at: table.at, path: "csv", message: `${table.shown} ${text.problem}.` });
    } else {
      const tenants = readTenantsCsv(text.text, table.shown);
      merged = mergeTenants(merged.entries, tenants.tenants);
      mistakes.push(...tenants.mistakes, ...merged.mistakes);
      empty.push(...(tenants.mistakes.length > 0 ? [] : emptyTable(tenants.tenants, table.shown)));
    }
  }
  if (mistakes.length + empty.length === 0) {
    empty.push(...emptyFleet(merged.entries, file));
  }
  return { tree: { kind: "map", entries: merged.entries }, mistakes: allowEmpty ? mistakes : [...mistakes, ...empty] };
}

function readPart({ at, whole, shown }: NamedFile, readText: ReadText, mistakes: Mistake[]): Tree {
  const read = readText(whole);
  if ("problem" in read) {
    mistakes.push({ at, path: "include", message: `${shown} ${read.problem}.` });
    return { kind: "faulty" };
  }
  const part = readTree(read.text, shown);
  mistakes.push(...part.mistakes);
  if (part.tree !== undefined && part.tree.kind !== "map" && part.tree.kind !== "empty") {
    const message = insteadOfMap(part.tree, `must be a map with ${enumerated(PART_KEYS, "and")}.`);
    mistakes.push({ at: { file: shown, line: 1, column: 1 }, path: "", message });
  }
  return part.tree ?? { kind: "faulty" };
}
