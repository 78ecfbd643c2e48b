import { inspect } from "node:util";
import * as z from "zod";
import { isPlainObject } from "../text/plain-object";
import { didYouMean, nearest } from "../text/nearest";
import { oddSpaceIn, withoutOddSpace } from "../text/odd-space";
import { shownExactly } from "../text/shown";

/**
 * Why a value is refused, as a sentence: what the form says, what was read, and what is likely to be meant:
 * ``must be `unlimited` or a whole number (0 = not licensed), not "9": write it as a number, without quotes.``
 *
 * @param problem What the form says, without a full stop.
 */
export function refusedValue(form: z.ZodType, problem: string, value: unknown): string {
  const isForm = problem.startsWith("must be ");
  const read = value === "" && !isForm ? "" : `${isForm ? ", not " : ": "}${described(value)}`;
  return `${problem}${read}${advice(form, value)}`;
}

/** The same of a value that may be a secret: it is not shown, only what cannot be seen in it. */
export function refusedSecret(problem: string, value: unknown): string {
  const odd = typeof value === "string" ? oddSpaceIn(value) : undefined;
  return odd === undefined ? `${problem}.` : `${problem}; what was read holds ${odd.name}.`;
}

function advice(form: z.ZodType, value: unknown): string {
  const bare = withoutQuotes(value);
  if (form.safeParse(bare).success) {
    return `: write it ${/\d/.test(JSON.stringify(bare)) ? "as a number, " : ""}without quotes.`;
  }
  if (typeof value === "string") {
    const plain = withoutOddSpace(value);
    const isMeant = form.safeParse(withoutQuotes(plain)).success;
    const words = wordsOf(z.toJSONSchema(form, { io: "input", unrepresentable: "any" }));
    return didYouMean(isMeant ? [plain] : nearest(value, words));
  }
  return (typeof value === "number" || typeof value === "boolean") && form.safeParse(String(value)).success
    ? ": write it in quotes."
    : ".";
}

/** A value with the texts that look like a number or flag as what they look like; also in a map. */
function withoutQuotes(value: unknown): unknown {
  if (typeof value === "string") {
    return /^(?:0|[1-9]\d*)$/.test(value) ? Number(value) : value === "true" ? true : value === "false" ? false : value;
  }
  return isPlainObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, one]) => [key, isPlainObject(one) ? one : withoutQuotes(one)]),
      )
    : value;
}

/** The words that a form takes. */
function wordsOf({ anyOf = [], enum: choices = [], const: only }: z.core.JSONSchema.BaseSchema): string[] {
  return [...[only, ...choices].filter((one) => typeof one === "string"), ...anyOf.flatMap(wordsOf)];
}

/** A value for a message, with what cannot be seen in it escaped. */
export function described(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity });
  return shownExactly(text, 100);
}
