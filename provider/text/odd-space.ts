/** White space and joiners that look like an ordinary space, or like nothing. */
const ODD = /[\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\u00ad]/u;

const NAMES: Readonly<Record<string, string>> = {
  "\u00a0": "a no-break space",
  "\u00ad": "a soft hyphen",
  "\u200b": "a zero-width space",
  "\u200c": "a zero-width non-joiner",
  "\u200d": "a zero-width joiner",
  "\u202f": "a narrow no-break space",
  "\u2060": "a word joiner",
  "\ufeff": "a byte-order mark",
};

/** The first character that looks like a space or like nothing and is neither: `a no-break space (U+00A0)`, and where it stands. */
export function oddSpaceIn(text: string): { readonly index: number; readonly name: string } | undefined {
  const found = ODD.exec(text);
  if (found === null) {
    return undefined;
  }
  const [character] = found;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return { index: found.index, name: `${NAMES[character] ?? "an unusual space"} (U+${code})` };
}
