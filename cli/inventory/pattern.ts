/** Whether a text matches a pattern, in which `*` stands for any text and `?` for one character; all else is itself. */
function matcher(pattern: string): (text: string) => boolean {
  const wanted = Array.from(pattern);
  return (text) => fitsAll(wanted, Array.from(text));
}

/**
 * Takes as little as possible for each `*`, and when that leads nowhere one character more for the last one alone: an earlier one could
 * give nothing that the last does not. So the time grows with text × pattern at most, where a regular expression's may double with each `*`.
 */
function fitsAll(pattern: readonly string[], text: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  let star: { readonly pattern: number; text: number } | undefined;
  while (at < text.length) {
    if (pattern[next] === "*") {
      star = { pattern: next + 1, text: at };
      next += 1;
    } else if (next < pattern.length && (pattern[next] === "?" || pattern[next] === text[at])) {
      next += 1;
      at += 1;
    } else if (star !== undefined) {
      star.text += 1;
      at = star.text;
      next = star.pattern;
    } else {
      return false;
    }
  }
  return pattern.slice(next).every((character) => character === "*");
}

/** Whether a text matches one of several patterns. */
export function fitsAny(patterns: readonly string[]): (text: string) => boolean {
  const each = patterns.map(matcher);
  return (text) => each.some((one) => one(text));
}
