import { shown } from "../../text/shown";

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
  /** The call and what happened to it, without advice: `PATCH /tenantui/api/v3/customer/d5… answered 500: Boom`. */
  public readonly outcome: string;

  public constructor(failure: ApiFailure) {
    const outcome = `${failure.call} ${failure.happened}`;
    super(`Could not ${failure.doing}: ${outcome}. ${failure.advice}`);
    this.outcome = outcome;
    this.trouble = failure.trouble;
    this.status = failure.status;
    this.lost = failure.lost ?? false;
  }
}

const LONGEST_SAID = 600;

/** What lies deeper than this is nothing that an API would say to people. */
const DEEPEST_SAID = 20;

/**
 * What an API said of an error, in one line that is safe to show, from every form that is known of the two: `{title, status, detail}`,
 * `{details}`, `{message}`, `{errors: […]}` with what BroadWorks refused inside, a list of objects, a bare JSON string, or plain text.
 * Empty where it said nothing; HTML is named, not quoted. The gateway's audit record, by which its administrator finds the exchange,
 * comes last. Secrets are hidden by `redact` before anything is trimmed or cut off, so that no part of one is left.
 */
export function whatTheApiSaid(text: string, json: unknown, redact = (plain: string): string => plain): string {
  if (looksLikeHtml(text)) {
    return "an HTML page, so it may come from a proxy or another site";
  }
  const said =
    json === undefined
      ? text
      : [...new Set([...reasons(json, DEEPEST_SAID), ...phrases(json, DEEPEST_SAID)])].join("; ");
  // A sentence of ours follows: its full stop is enough.
  const line = shown(oneLine(redact(said)), LONGEST_SAID).replace(/\.+$/, "");
  const record = RECORD_FIELDS.flatMap((field) => phrases(fieldsOf(json).get(field), 1))[0];
  const audit = record === undefined ? "" : `audit record ${shown(oneLine(redact(record)), LONGEST_ID)}`;
  return [line, audit].filter((part) => part !== "").join("; ");
}

const LONGEST_ID = 100;

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Whether a body is a web page and thus no answer of an API. */
export function looksLikeHtml(text: string): boolean {
  return /^\s*<(?:!doctype|!--|html|head|body|\?xml)/i.test(text);
}

/** Under which the gateway names the audit record of an exchange. */
const RECORD_FIELDS = ["_internal_record_id", "_record_internal_id"];

const SPOKEN_FIELDS = [
  "summary",
  "title",
  "message",
  "error",
  "error_description",
  "detail",
  "details",
  "errors",
  "reason",
  "code",
  "error_code",
];
const CODES = new Set(["code", "error_code"]);

function fieldsOf(json: unknown): Map<string, unknown> {
  return new Map(typeof json === "object" && json !== null && !Array.isArray(json) ? Object.entries(json) : []);
}

/** What BroadWorks itself refused, which lies deepest in the gateway's error and says the most: summary, then detail. */
function reasons(json: unknown, depth: number): string[] {
  if (depth === 0 || typeof json !== "object" || json === null) {
    return [];
  }
  const fields = fieldsOf(json);
  const own = typeof fields.get("summary") === "string" ? ["summary", "detail"] : [];
  return [
    ...own.flatMap((field) => phrases(fields.get(field), 1)),
    ...Object.values(json).flatMap((value) => reasons(value, depth - 1)),
  ];
}

function phrases(json: unknown, depth: number): string[] {
  if (depth === 0) {
    return [];
  }
  if (typeof json === "string") {
    return json.trim() === "" ? [] : [json];
  }
  if (typeof json === "number") {
    return [String(json)];
  }
  if (Array.isArray(json)) {
    return json.flatMap((item) => phrases(item, depth - 1));
  }
  const fields = fieldsOf(json);
  const spoken = SPOKEN_FIELDS.filter((field) => fields.has(field));
  // An object without a known field may be a map from field names to complaints, or from numbers to errors.
  const told = spoken.length > 0 ? spoken : [...fields.keys()].filter((field) => !RECORD_FIELDS.includes(field));
  return told.flatMap((field) => {
    const said = phrases(fields.get(field), depth - 1);
    const isNamed = CODES.has(field) || (spoken.length === 0 && !/^\d+$/.test(field));
    return isNamed ? said.map((phrase) => `${field}: ${phrase}`) : said;
  });
}
