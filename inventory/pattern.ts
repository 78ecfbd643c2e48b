/** Whether a text fits a pattern, in which `*` stands for any text and `?` for one character; all else is itself. */
function fits(pattern: string): (text: string) => boolean {
  const source = Array.from(pattern)
    .map((character) =>
      character === "*" ? ".*" : character === "?" ? "." : character.replace(/[\\^$.|+()[\]{}/]/, "\\$&"),
    )
    .join("");
  const expression = new RegExp(`^${source}$`, "su");
  return (text) => expression.test(text);
}

/** Whether a text fits one of several patterns. */
export function fitsAny(patterns: readonly string[]): (text: string) => boolean {
  const each = patterns.map(fits);
  return (text) => each.some((one) => one(text));
}
