import { compareCodePoints } from "../provider/text/code-points";
import { alike } from "../provider/text/alike";
import { listed } from "../provider/text/count";
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

/** Up to so many that say the same are shown in full: each is a place to go to. */
const MOST_ALIKE = 3;
const MOST_PLACES = 10;

/**
 * One line for each mistake, those of `file` first, each file in its order:
 * `licenses.yaml:12:5 customers.contoso.licensedUsersCount: must be 1 or more, not 0.`; how many more there are, beyond 200, in a last one.
 * Where more than three say the same, the first is followed by the places of the others.
 */
export function mistakeLines(file: string, mistakes: readonly Mistake[]): string[] {
  const rank = ({ at }: Mistake): string => (at.file === undefined || at.file === file ? "" : at.file);
  const sorted = [...mistakes].sort(
    (a, b) => compareCodePoints(rank(a), rank(b)) || a.at.line - b.at.line || a.at.column - b.at.column,
  );
  const lineOf = ({ at }: Mistake): string => `${at.line}:${at.column}`;
  const place = (mistake: Mistake): string => `${mistake.at.file ?? file}:${lineOf(mistake)}`;
  const otherPlaces = ({ at }: Mistake, others: readonly Mistake[]): string => {
    const places = others.map((other) =>
      `${other.at.file === at.file ? lineOf(other) : place(other)} ${other.path}`.trimEnd(),
    );
    return `${others.length} other places: ${listed(places, MOST_PLACES)}`;
  };
  const groups = new Map(alike(sorted, ({ message }) => message).map(({ first, all }) => [first.message, all]));
  return summedUp(
    sorted.flatMap((mistake) => {
      const line = `${place(mistake)} ${withoutPlace(mistake)}`;
      const all = groups.get(mistake.message) ?? [];
      if (all.length <= MOST_ALIKE) {
        return line;
      }
      return all[0] === mistake ? `${line} The same at ${otherPlaces(mistake, all.slice(1))}` : [];
    }),
  );
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
