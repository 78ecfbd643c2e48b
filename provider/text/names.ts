import { shownExactly } from "./shown";

/** What stands in a text for characters that could not be decoded. */
const UNREADABLE = "\u{fffd}";

/** Whether two names are the same, apart from surrounding or repeated white space and the Unicode form, which systems change. */
export function sameName(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" ? folded(a) === folded(b) : a === b;
}

/** Whether two UUIDs are the same one, in whatever case; none is the same as none. */
export function sameUuid(a: unknown, b: unknown): boolean {
  const [one, other] = [a, b].map((uuid) => (typeof uuid === "string" ? uuid.toLowerCase() : ""));
  return one === other;
}

/** Whether a name lost characters on its way here: written back, it would replace the real one. */
export function isUnreadable(name: string): boolean {
  return name.includes(UNREADABLE);
}

/** A name in quotes, on one line, with every character that cannot be seen escaped. */
export function quoted(name: string): string {
  return `"${shownExactly(name).replaceAll('"', String.raw`\"`)}"`;
}

function folded(name: string): string {
  return name
    .normalize("NFC")
    .trim()
    .replace(/\s{2,}/gu, " ");
}
