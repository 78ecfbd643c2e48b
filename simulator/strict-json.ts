const TOKENS = /"(?:[^"\\]|\\.)*"|\u00a0/g;

/** What became of a request's text. */
export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/**
 * Reads JSON. A no-break space between tokens counts as a space, because the page of the PATCH prints its example
 * with them; inside a string it stays what it is.
 */
export function parseJson(text: string): Parsed {
  const spaced = text.replace(TOKENS, (token) => (token === "\u00a0" ? " " : token));
  try {
    const value: unknown = JSON.parse(spaced);
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}

/** Whether the value is a JSON object (not an array, not null). */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a Content-Type names JSON in UTF-8. The gateway's page prints it in quotation marks, so these are allowed. */
export function isJsonContentType(contentType: string | undefined): boolean {
  return contentType !== undefined && /^"?application\/json"?(?:\s*;\s*charset="?utf-8"?)?$/i.test(contentType.trim());
}
