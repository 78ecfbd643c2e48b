import { withEscapedCommands } from "./pipeline-commands";

/** What JSON writes as it is, and a terminal or a reader takes for something else. */
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value as indented JSON for programs, in which nothing plays tricks on a terminal or on the pipeline whose log it is in. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2).replaceAll(UNSAFE, escaped);
  return withEscapedCommands(text, escaped);
}

/** `\\u202e`; two of them for a character beyond the basic plane. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}
