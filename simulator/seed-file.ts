import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";

import { issueText } from "./issues";
import { checkSeed, limited, SeedError } from "./seed";

/** Where the part of a document stands that a path leads to, or the last part on the way to it that exists. */
function offsetOf(document: Document, keys: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of keys) {
    const collection = isAlias(node) ? node.resolve(document) : node;
    if (isMap(collection)) {
      const pair = collection.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      offset = isScalar(pair?.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair?.value;
    } else if (isSeq(collection)) {
      node = collection.items[Number(key)];
      offset = isMap(node) || isScalar(node) || isSeq(node) ? (node.range?.[0] ?? offset) : offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function placeOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
}

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new SeedError(
      `The seed file ${file} cannot be read; check its path: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!isUtf8(bytes)) {
    throw new SeedError(`The seed file ${file} is not text in UTF-8: save it as such.`);
  }
  return bytes.toString("utf8");
}

/** @throws SeedError where aliases stand for too many values. */
function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new SeedError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Reads a seed file in YAML.
 * @returns the seed as {@link startSimulator} takes it
 * @throws SeedError where it cannot be read, is not YAML, is empty, or holds what no seed holds; the message names the
 *   file, and line and column: `seed.yaml:12:5 gateway.tenants.foo.groupServices.Hunt Group: write …`
 */
export function readSeedFile(file: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, stringKeys: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [problem] = document.errors;
  if (problem !== undefined) {
    const message = (problem.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");
    throw new SeedError(`${at(problem.pos[0])} This is not YAML: ${message}`);
  }
  const value = valueOf(document, file);
  if (value === null || value === undefined) {
    throw new SeedError(
      `${file} is empty. Write what the systems hold, at least \`gateway: {}\`; docs/development/simulator.md describes the format.`,
    );
  }
  const { error } = checkSeed(value);
  if (error !== undefined) {
    const mistakes = error.issues
      .map((issue) => ({ offset: offsetOf(document, placeOf(issue)), text: issueText(issue) }))
      .sort((one, other) => one.offset - other.offset);
    throw new SeedError(limited(mistakes.map(({ offset, text }) => `${at(offset)} ${text}`)).join("\n"));
  }
  return value;
}

/** The seed that is used where none is given. */
export function readDemoSeed(): unknown {
  return readSeedFile(path.join(__dirname, "demo-seed.yaml"));
}
