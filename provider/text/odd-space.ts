/** White space and joiners that look like an ordinary space, or like nothing. */
const ODD = /(?! )[\p{Z}\p{Default_Ignorable_Code_Point}]/u;

const NAMES: Readonly<Record<string, string>> = {
  "\t": "a tab",
  "\n": "a line break",
  "\r": "a line break",
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
  return firstOf(ODD, text);
}

/** The same of control characters, such as a line break. */
export function controlCharacterIn(text: string): { readonly index: number; readonly name: string } | undefined {
  return firstOf(/\p{Cc}/u, text);
}

/** A text as it is likely to be meant: without what cannot be seen, and with ordinary spaces. */
export function withoutOddSpace(text: string): string {
  return text
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "")
    .replaceAll(/[\p{Z}\p{Cc}]+/gu, " ")
    .trim();
}

function firstOf(pattern: RegExp, text: string): { readonly index: number; readonly name: string } | undefined {
  const found = pattern.exec(text);
  if (found === null) {
    return undefined;
  }
  const [character] = found;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const kind = /\p{Cc}/u.test(character)
    ? "a control character"
    : /\p{Z}/u.test(character)
      ? "an unusual space"
      : "an invisible character";
  return { index: found.index, name: `${NAMES[character] ?? kind} (U+${code})` };
}
