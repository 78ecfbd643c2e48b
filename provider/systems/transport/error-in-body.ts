import { isPlainObject } from "../../text/plain-object";
import { shown } from "../../text/shown";
import { fold } from "./any-case";

/** The body of an answer; `json` is `undefined` where the text is not JSON. */
export interface Body {
  readonly text: string;
  readonly json: unknown;
}

const LONGEST_ERROR = 600;
const LONGEST_ID = 100;
/** An API says nothing to people below this depth. */
const DEEPEST = 20;

/** Under which the gateway names the audit record of an exchange. */
const RECORD_FIELDS = ["_internal_record_id", "_record_internal_id"];

/** The fields for people, in the order in which they are shown. */
const SPOKEN_FIELDS = [
  ...["summary", "title", "message", "error", "error_description", "detail", "details", "errors", "reason"],
  ...["code", "error_code"],
];
const CODES = ["code", "error_code"];

/** Whether a body is a web page and thus no answer of an API. */
export function looksLikeHtml(text: string): boolean {
  return /^\s*<(?:!doctype|!--|html|head|body|\?xml)/i.test(text);
}

/**
 * The error that a body describes, in one line that is safe to show; empty where it describes none. It is read from every form that is
 * known of the two systems: `{title, status, detail}`, `{details}`, `{message}`, `{errors: […]}` with what BroadWorks refused inside, a
 * list of objects, a bare JSON string, or plain text. HTML is named, not quoted. The gateway's audit record, by which its administrator
 * finds the exchange, comes last.
 * @param redact Hides secrets, before anything is trimmed or cut off, so that no part of one is left.
 */
export function errorIn({ text, json }: Body, redact = (plain: string): string => plain): string {
  if (looksLikeHtml(text)) {
    return "an HTML page, so it may come from a proxy or another site";
  }
  const said = json === undefined ? [text] : [...refusals(json, DEEPEST), ...phrases(json, DEEPEST)];
  const line = shown(oneLine(redact([...new Set(said)].join("; "))), LONGEST_ERROR);
  const [record] = RECORD_FIELDS.flatMap((field) => phrases(fieldsOf(json).get(field), 1));
  const audit = record === undefined ? "" : `audit record ${shown(oneLine(redact(record)), LONGEST_ID)}`;
  // A sentence of ours follows: its full stop is enough.
  return [line.replace(/\.+$/, ""), audit].filter((part) => part !== "").join("; ");
}

/** What BroadWorks itself refused, which lies deepest in the gateway's error and says the most: summary, then detail. */
function refusals(json: unknown, depth: number): string[] {
  if (depth === 0 || typeof json !== "object" || json === null) {
    return [];
  }
  const { summary, detail }: { summary?: unknown; detail?: unknown } = json;
  return [
    ...(typeof summary === "string" ? [summary, detail] : []).flatMap((said) => phrases(said, 1)),
    ...Object.values(json).flatMap((value) => refusals(value, depth - 1)),
  ];
}

function phrases(json: unknown, depth: number): string[] {
  if (depth === 0) {
    return [];
  }
  if (typeof json === "string" || typeof json === "number") {
    return String(json).trim() === "" ? [] : [String(json)];
  }
  if (Array.isArray(json)) {
    return json.flatMap((item) => phrases(item, depth - 1));
  }
  const fields = fieldsOf(json);
  const spoken = SPOKEN_FIELDS.filter((field) => fields.has(field));
  // An object without a known field may be a map from field names to complaints, or from numbers to errors.
  const names = spoken.length > 0 ? spoken : [...fields.keys()].filter((field) => !RECORD_FIELDS.includes(field));
  return names.flatMap((field) => {
    const said = phrases(fields.get(field), depth - 1);
    const isNamed = CODES.includes(field) || (spoken.length === 0 && !/^\d+$/.test(field));
    return isNamed ? said.map((phrase) => `${field}: ${phrase}`) : said;
  });
}

function fieldsOf(json: unknown): ReadonlyMap<string, unknown> {
  return new Map(isPlainObject(json) ? Object.entries(json) : []);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const ERROR_FIELDS = /^(?:errors?|error_?(?:code|message|description|ticket)|exception|fault)$/;
const SUCCESS_FIELDS = /^(?:is)?(?:success|successful|succeeded|ok)$/;
const OUTCOME_FIELDS = /^(?:status|statuscode|result|state|outcome|code)$/;
const TEXT_FIELDS = /^(?:title|message|detail|details|reason)$/;
const BAD_OUTCOME =
  /^(?:[45]\d\d|.*(?:error|fail|invalid|denied|reject|refus|forbid|unauthori|conflict|(?<!un)locked|not ?found).*)$/i;

/** Whether an object in a 2xx answer reports an error. */
export function reportsError(json: Readonly<Record<string, unknown>>): boolean {
  return [...fold(json)].some(([name, value]) => {
    if (ERROR_FIELDS.test(name)) {
      return !isNothing(value);
    }
    if (SUCCESS_FIELDS.test(name)) {
      return /^(?:false|no|0)$/i.test(String(value));
    }
    const isText = typeof value === "string" || typeof value === "number";
    return isText && (OUTCOME_FIELDS.test(name) || TEXT_FIELDS.test(name)) && BAD_OUTCOME.test(String(value));
  });
}

/** What an error field holds where there is no error. */
function isNothing(value: unknown): boolean {
  if (isPlainObject(value)) {
    return Object.keys(value).length === 0;
  }
  return Array.isArray(value) ? value.every(isNothing) : [null, undefined, false, 0, ""].some((none) => none === value);
}

/** The error that a 2xx answer to a read reports; empty where it reports none. */
export function errorInSuccess(json: unknown, redact: (text: string) => string): string {
  if (!isPlainObject(json) || !reportsError(json)) {
    return "";
  }
  // Only what is about the error: the rest of an answer must not be shown.
  const fields = [...fold(json)].filter(([name]) => ERROR_FIELDS.test(name) || TEXT_FIELDS.test(name));
  return errorIn({ text: "", json: Object.fromEntries(fields) }, redact);
}
