import { base64Forms } from "./encodings";
import { type Form, FormIndex } from "./form-index";

/** Hides every secret that this process has come to hold, wherever text is about to leave it. */
export interface Redactor {
  /** From now on `secret` is hidden. Empty and very short values are ignored: hiding them would hide half of every text. */
  add(secret: string): void;
  /**
   * An `add` for the tokens of one system, of which the last {@link MOST_TOKENS} stay hidden: a system that issues one for each call
   * must not fill the memory.
   */
  forTokens(): (token: string) => void;
  /**
   * `text` with each secret replaced by `[secret]`: as it is, without the spaces around it, escaped as in URLs, forms, JSON or HTML, or
   * base64-encoded, alone or within a longer value such as `user:secret`.
   */
  redact(text: string): string;
}

/** More than calls wait at a time: the error of a call is redacted when the call ends. */
export const MOST_TOKENS = 1000;

const SHORTEST_SECRET = 4;
const SHOWN = "[secret]";

/** A redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  const index = new FormIndex();
  const known = new Map<string, { readonly forms: readonly Form[]; holders: number }>();
  const add = (secret: string): void => {
    const entry = known.get(secret) ?? { forms: formsOf(secret), holders: 0 };
    if (entry.holders === 0) {
      known.set(secret, entry);
      entry.forms.forEach((form) => {
        index.add(form);
      });
    }
    entry.holders += 1;
  };
  const forget = (secret: string): void => {
    const entry = known.get(secret);
    if (entry === undefined) {
      return;
    }
    entry.holders -= 1;
    if (entry.holders === 0) {
      known.delete(secret);
      entry.forms.forEach((form) => {
        index.remove(form);
      });
    }
  };
  return {
    add,
    forTokens() {
      const tokens = new Set<string>();
      return (token) => {
        if (!tokens.delete(token)) {
          add(token);
        }
        tokens.add(token);
        const [oldest] = tokens;
        if (tokens.size > MOST_TOKENS && oldest !== undefined) {
          tokens.delete(oldest);
          forget(oldest);
        }
      };
    },
    redact: (text) => index.replace(text, SHOWN),
  };
}

function formsOf(secret: string): Form[] {
  // Whoever repeats a secret may have trimmed it, or put U+FFFD for half a surrogate pair.
  const variants = [secret, secret.trim(), Buffer.from(secret, "utf8").toString("utf8")];
  return [...new Set(variants)]
    .filter((variant) => variant.length >= SHORTEST_SECRET)
    .flatMap((text) => [{ text, before: false, after: false }, ...base64Forms(text)]);
}
