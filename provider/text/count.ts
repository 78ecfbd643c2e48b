/** A number with its noun: `1 service`, `12 services`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** The first of some texts, and how many more there are: `a, b, c and 147 more`. */
export function listed(texts: readonly string[], most: number): string {
  const more = texts.length - most;
  return `${texts.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Texts as a sentence names them: `a, b and c`. */
export function enumerated(texts: readonly string[], word: "and" | "or"): string {
  return [texts.slice(0, -1).join(", "), ...texts.slice(-1)].filter((part) => part !== "").join(` ${word} `);
}
