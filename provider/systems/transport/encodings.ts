/** A character as an encoder wrote it. */
export interface Escape {
  /** The character that it stands for. */
  readonly meaning: string;
  /** How many characters it takes up. */
  readonly length: number;
}

/** The characters with which escapes begin. */
export const ESCAPING = "+%\\&";
/** In URLs (UTF-8), JSON and HTML; a `+` in a form; a backslash before what is neither letter nor digit. */
const ESCAPE =
  /\+|%(?:[0-7].|[cd].%..|e.(?:%..){2}|f.(?:%..){3})|\\(?:u[\da-f]{4}|[bfnrt]|[^\da-z])|&(?:#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos);/iy;

const NAMED: Readonly<Record<string, string>> = {
  "+": " ",
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
};

/** The escape that begins at `at`. What stands there may also mean itself. */
export function escapeAt(text: string, at: number): Escape | undefined {
  ESCAPE.lastIndex = at;
  const escape = ESCAPE.exec(text)?.[0];
  if (escape === undefined) {
    return undefined;
  }
  try {
    return { meaning: NAMED[escape] ?? decoded(escape), length: escape.length };
  } catch {
    // No character has this number.
    return undefined;
  }
}

function decoded(escape: string): string {
  switch (escape[0]) {
    case "%":
      return decodeURIComponent(escape);
    case "\\":
      return /^.[bfnrtu]/.test(escape) ? String(JSON.parse(`"${escape}"`)) : escape.slice(1);
    default:
      return String.fromCodePoint(Number(escape.slice(2, -1).replace(/^x/i, "0x")));
  }
}

/** A text by which a secret is recognised. */
export interface Form {
  readonly text: string;
  /** Whether the character of base64 before it, or after it, may hold a part of the secret. */
  readonly before: boolean;
  readonly after: boolean;
}

const SHORTEST_SECRET = 4;

/** All forms of a secret except for escapes; none where it is too short to be told apart from other words. */
export function formsOf(secret: string): Form[] {
  // Whoever repeats a secret may have trimmed it, or put U+FFFD for half a surrogate pair.
  const variants = [secret, secret.trim(), Buffer.from(secret, "utf8").toString("utf8")];
  return [...new Set(variants)]
    .filter((variant) => variant.length >= SHORTEST_SECRET)
    .flatMap((text) => [{ text, before: false, after: false }, ...inBase64(text)]);
}

/** The shortest part of an encoded secret that is recognised within a longer value: fewer characters stand in other words too. */
const SHORTEST_PART = 6;

/**
 * A secret in base64, in either alphabet: alone, or within a longer value. Three bytes make four characters, so that it can look in
 * three ways there.
 */
function inBase64(secret: string): Form[] {
  const bytes = Buffer.from(secret, "utf8");
  const alone = bytes.toString("base64").replace(/=+$/, "");
  const within = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const [start, end] = [(offset * 8) / 6, ((offset + bytes.length) * 8) / 6];
    const text = encoded.slice(Math.ceil(start), Math.floor(end));
    return { text, before: !Number.isInteger(start), after: !Number.isInteger(end) };
  });
  const forms = [
    { text: alone, before: false, after: false },
    ...within.filter(({ text }) => text.length >= SHORTEST_PART && text !== alone),
  ];
  return forms.flatMap((form) => {
    const url = form.text.replaceAll("+", "-").replaceAll("/", "_");
    return url === form.text ? [form] : [form, { ...form, text: url }];
  });
}
