/** What kind of trouble a call met. */
export type ApiTrouble =
  /** The API answered with a status that is no success. */
  | "status"
  /** The API cannot be reached: no connection, a broken one, or no answer in time. */
  | "unreachable"
  /** The API does not accept the credentials. */
  | "credentials"
  /** An answer came that is not what the API's pages promise. */
  | "unreadable";

/** The facts of a failed call. */
export interface ApiFailure {
  readonly trouble: ApiTrouble;
  /** What was being done, and to which customer or tenant: `read the licence of customer d5…`. */
  readonly doing: string;
  /** Method and path: `GET /tenantui/api/v3/customer/d5…`. */
  readonly call: string;
  /** What happened: `answered 404: "Customer not found"`. */
  readonly happened: string;
  /** What to do next. */
  readonly advice: string;
  readonly status?: number | undefined;
  /** Whether the write may have been processed all the same. */
  readonly lost?: boolean | undefined;
}

/** A call to one of the APIs failed. The message names the object, the call, what the API said and what to do; it holds no secret. */
export class ApiError extends Error {
  public override readonly name = "ApiError";
  public readonly trouble: ApiTrouble;
  /** The HTTP status, where there was an answer. */
  public readonly status: number | undefined;
  /** `true` where the write may have been processed although no usable answer came. */
  public readonly lost: boolean;

  public constructor(failure: ApiFailure) {
    super(`Could not ${failure.doing}: ${failure.call} ${failure.happened}. ${failure.advice}`);
    this.trouble = failure.trouble;
    this.status = failure.status;
    this.lost = failure.lost ?? false;
  }
}

const LONGEST_SAID = 600;

/** What lies deeper than this is nothing that an API would say to people. */
const DEEPEST_SAID = 20;

/**
 * What an API said of an error, in one line, from every form that is known of the two: `{title, status, detail}`, `{details}`,
 * `{message}`, `{errors: […]}`, a list of objects, a bare JSON string, or plain text. Empty where it said nothing; HTML is named,
 * not quoted. Secrets are hidden by `redact` before anything is cut off, so that no part of one is left.
 */
export function whatTheApiSaid(text: string, json: unknown, redact = (plain: string): string => plain): string {
  if (looksLikeHtml(text)) {
    return "an HTML page, so it may come from a proxy or another site";
  }
  const said = redact(json === undefined ? text : [...new Set(phrases(json, DEEPEST_SAID))].join("; "));
  const line = said.replace(/[\s\p{Cc}]+/gu, " ").trim();
  // A sentence of ours follows: its full stop is enough.
  return line.length > LONGEST_SAID ? `${line.slice(0, LONGEST_SAID)}…` : line.replace(/\.+$/, "");
}

/** Whether a body is a web page and thus no answer of an API. */
export function looksLikeHtml(text: string): boolean {
  return /^\s*<(?:!doctype|!--|html|head|body|\?xml)/i.test(text);
}

const SPOKEN_FIELDS = [
  "title",
  "message",
  "error",
  "error_description",
  "detail",
  "details",
  "errors",
  "reason",
  "code",
];

function phrases(json: unknown, depth: number): string[] {
  if (depth === 0) {
    return [];
  }
  if (typeof json === "string") {
    return json.trim() === "" ? [] : [json.trim()];
  }
  if (typeof json === "number") {
    return [String(json)];
  }
  if (Array.isArray(json)) {
    return json.flatMap((item) => phrases(item, depth - 1));
  }
  if (typeof json === "object" && json !== null) {
    const fields = new Map<string, unknown>(Object.entries(json));
    const spoken = SPOKEN_FIELDS.filter((field) => fields.has(field));
    // An object without a known field may be a map from field names to complaints.
    const shown = spoken.length > 0 ? spoken : [...fields.keys()];
    return shown.flatMap((field) => {
      const said = phrases(fields.get(field), depth - 1);
      return field === "code" || spoken.length === 0 ? said.map((phrase) => `${field}: ${phrase}`) : said;
    });
  }
  return [];
}
