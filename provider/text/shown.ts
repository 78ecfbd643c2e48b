import { oddSpaceIn } from "./odd-space";

/** The longest text of a system that one message shows, in characters. */
const LONGEST = 500;

/** Control, format (which includes direction) and separator characters, but for the space. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/**
 * Text from outside (a name, a status, an answer) as one line that is safe to show: every character that could garble a terminal, a log
 * or the order of reading is escaped as `\\u{1b}`, and what is longer than `most` characters is cut off.
 */
export function shown(text: string, most = LONGEST): string {
  const safe = text.replaceAll(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return safe.length > most ? `${cutOff(safe, most)}…` : safe;
}

/** The first characters of a text, and no half of one. */
export function cutOff(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}

/** The same for a message of several lines, which stay lines; nothing is cut off. */
export function shownLines(text: string): string {
  return text
    .split("\n")
    .map((line) => shown(line, Infinity))
    .join("\n");
}

const LONGEST_KEY = 100;

/** A name of a property for messages, in quotes and with what is not seen written out where it is not what it looks like. */
export function shownKey(key: string): string {
  const isPlain =
    key !== "" &&
    key === key.trim() &&
    !key.includes("  ") &&
    oddSpaceIn(key) === undefined &&
    shown(key, Infinity) === key;
  return isPlain ? shown(key, LONGEST_KEY) : `"${shownExactly(key, LONGEST_KEY)}"`;
}

/** As `shown`, with white space and letters beyond ASCII escaped where they are not plain: for two texts that look alike. */
export function shownExactly(text: string, most = LONGEST): string {
  return shown(
    text.replaceAll(
      /[^\x20-\x7e\p{L}\p{N}\p{P}\p{S}]|[\p{M}\p{Default_Ignorable_Code_Point}]|(?<= ) |^ | $/gu,
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    ),
    most,
  );
}
