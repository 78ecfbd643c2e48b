import { distance } from "fastest-levenshtein";

/** How many names are offered at most. */
const MOST = 3;

/** The names most like `wanted`, the likest first; none where nothing is alike. */
export function nearest(wanted: string, names: readonly string[]): string[] {
  const target = fold(wanted);
  return names
    .map((name) => ({ name, distance: distance(target, fold(name)) }))
    .filter(({ name, distance: far }) => far <= Math.max(2, Math.floor(Math.max(name.length, wanted.length) * 0.4)))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
}

function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\-_/]+/g, " ")
    .trim()
    .slice(0, 200);
}

/** The end of a sentence that offers names: `: did you mean Hunt Group?`, or a full stop where there are none. */
export function didYouMean(names: readonly string[]): string {
  return names.length === 0 ? "." : `: did you mean ${names.join(" or ")}?`;
}
