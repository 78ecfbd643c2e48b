/** Hides every secret that this process has come to hold, wherever text is about to leave it. */
export interface Redactor {
  /** From now on `secret` is hidden. Empty and very short values are ignored: hiding them would hide half of every text. */
  add(secret: string): void;
  /**
   * `text` with each secret replaced by `[secret]`: as it is, without the spaces around it, escaped as in URLs, forms, JSON or HTML, or
   * base64-encoded, alone or within a longer value such as `user:secret`.
   */
  redact(text: string): string;
}

const SHORTEST_SECRET = 4;

/** What is shown in place of a secret; while others are still looked for, a character stands for it that nobody writes. */
const SHOWN = "[secret]";
const MARK = "\ue5ec";

/** A redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  let hiders: Hider[] = [];
  return {
    add(secret) {
      // Whoever repeats a secret may have trimmed it.
      const forms = [secret, secret.trim()].filter((form) => form.length >= SHORTEST_SECRET && !known.has(form));
      for (const form of new Set(forms)) {
        known.add(form);
        // The longest first, so that a secret that holds another one is hidden whole.
        hiders = [...hiders, new Hider(form)].sort((a, b) => b.length - a.length);
      }
    },
    redact(text) {
      return hiders.reduce((kept, hider) => hider.hide(kept), text).replaceAll(MARK, SHOWN);
    },
  };
}

/** Hides one secret. */
class Hider {
  public readonly length: number;
  /** Stands unchanged in every escaped form of the secret; to look for it is cheap. */
  private readonly anchor: string;
  private readonly base64: RegExp;
  private pattern: RegExp | undefined;

  public constructor(private readonly secret: string) {
    this.length = secret.length;
    this.anchor = secret.split(/[^A-Za-z0-9]+/).reduce((longest, run) => (run.length > longest.length ? run : longest));
    this.base64 = inBase64(Buffer.from(secret, "utf8"));
  }

  public hide(text: string): string {
    const plain = text.replace(this.base64, MARK);
    if (!plain.includes(this.anchor)) {
      return plain;
    }
    // Every encoder escapes other characters, so each one may stand in any of its forms. Made only where it is needed, because it is expensive.
    this.pattern ??= new RegExp(Array.from(this.secret, anyFormOf).join(""), "g");
    return plain.replace(this.pattern, MARK);
  }
}

/** The shortest part of an encoded secret that is recognised within a longer value: fewer characters stand in other words too. */
const SHORTEST_PART = 6;

/**
 * Base64 of a secret, in either alphabet: alone, or within a longer value. Three bytes make four characters, so that an encoded secret can
 * look in three ways; the character before and the one after may hold a part of it.
 */
function inBase64(bytes: Buffer): RegExp {
  const alone = [bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url")].map(literally);
  const within = [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const part = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    const before = offset === 0 ? "" : "[\\w+/-]?";
    return part.length < SHORTEST_PART
      ? []
      : [part, part.replaceAll("+", "-").replaceAll("/", "_")].map((text) => `${before}${literally(text)}[\\w+/-]?`);
  });
  return new RegExp([...alone, ...within].join("|"), "g");
}

const SHORT_ESCAPES: Readonly<Record<string, readonly string[]>> = {
  " ": ["+"],
  "\b": ["\\b"],
  "\f": ["\\f"],
  "\n": ["\\n"],
  "\r": ["\\r"],
  "\t": ["\\t"],
  "&": ["&amp;"],
  "<": ["&lt;"],
  ">": ["&gt;"],
  '"': ["&quot;"],
  "'": ["&apos;"],
};

function anyFormOf(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) {
    return character;
  }
  const hexadecimal = [
    percentEncoded(character),
    jsonEscaped(character),
    `&#x${(character.codePointAt(0) ?? 0).toString(16)};`,
  ];
  const forms = [
    character,
    `\\${character}`,
    ...(SHORT_ESCAPES[character] ?? []),
    `&#${character.codePointAt(0) ?? 0};`,
    ...hexadecimal.flatMap((form) => [form, form.replace(/[0-9a-f]+/g, (digits) => digits.toUpperCase())]),
  ];
  return `(?:${[...new Set(forms)].map(literally).join("|")})`;
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character, "utf8")].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

function jsonEscaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
