import { compareCodePoints } from "../provider/text/code-points";
import { shown, shownKey } from "../provider/text/shown";

/** A place in a file; both count from 1, columns in UTF-16 units, as editors do. */
export interface Position {
  /** The file, as messages name it; where it is left out, it is the one that was asked for. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in a fleet file. */
export interface Mistake {
  readonly at: Position;
  /** What it is about: `customers.contoso.licensedUsersCount`; empty where it is about the file as a whole. */
  readonly path: string;
  /** What is wrong and how to put it right. Never the value of a secret. */
  readonly message: string;
}

/** Where the file begins: the place of what is about the file as a whole. */
export const FILE_START: Position = { line: 1, column: 1 };

/** So many are shown: one slip, such as a bracket too many, can make hundreds. */
const MOST_LINES = 200;

/**
 * One line for each mistake, those of `file` first, each file in its order:
 * `licenses.yaml:12:5 customers.contoso.licensedUsersCount: must be 1 or more, not 0.`; how many more there are, beyond 200, in a last one.
 */
export function mistakeLines(file: string, mistakes: readonly Mistake[]): string[] {
  const rank = ({ at }: Mistake): string => (at.file === undefined || at.file === file ? "" : at.file);
  const lines = [...mistakes]
    .sort((a, b) => compareCodePoints(rank(a), rank(b)) || a.at.line - b.at.line || a.at.column - b.at.column)
    .map((mistake) => {
      const { at } = mistake;
      return `${at.file ?? file}:${at.line}:${at.column} ${withoutPlace(mistake)}`;
    });
  return summedUp(lines);
}

/** As many lines as are of use to a person, and how many more there are. */
export function summedUp(lines: readonly string[]): string[] {
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`… and ${more} more`] : [])];
}

/** What a mistake is about, and its message, without a place in a file. */
export function withoutPlace({ path, message }: Mistake): string {
  const safe = shown(message, Infinity);
  return path === "" ? safe : `${path}: ${safe}`;
}

/** A place for the end of a sentence: `on line 5`, with the file where the sentence stands in another. */
export function onLine({ file, line }: Position, { file: here }: Position): string {
  return file === undefined || file === here ? `on line ${line}` : `in ${file} on line ${line}`;
}

/** `parent.key`, as a person reads it. */
export function below(parent: string, key: string): string {
  return parent === "" ? shownKey(key) : `${parent}.${shownKey(key)}`;
}
