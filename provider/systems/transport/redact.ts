import { type Form, formsOf } from "./encodings";
import { FormIndex } from "./form-index";

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

const SHOWN = "[secret]";

/** A secret that is hidden, and for how many reasons. */
interface Hidden {
  readonly forms: readonly Form[];
  reasons: number;
}

/** A redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  const index = new FormIndex();
  const known = new Map<string, Hidden>();
  const add = (secret: string): void => {
    let hidden = known.get(secret);
    if (hidden === undefined) {
      hidden = { forms: formsOf(secret), reasons: 0 };
      known.set(secret, hidden);
      index.add(hidden.forms);
    }
    hidden.reasons += 1;
  };
  const forget = (secret: string): void => {
    const hidden = known.get(secret);
    if (hidden?.reasons === 1) {
      known.delete(secret);
      index.remove(hidden.forms);
    } else if (hidden !== undefined) {
      hidden.reasons -= 1;
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
