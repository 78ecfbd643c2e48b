import { isPlainObject } from "../../text/plain-object";
import { shown } from "../../text/shown";
import type { ApiError } from "../transport/api-error";
import type { ApiAnswer, HttpApi } from "../transport/http-api";

/** What a system lists. */
export interface Listed<Row> {
  readonly rows: readonly Row[];
  /** Why a row that is missing may exist all the same; absent where the list proves that it does not. */
  readonly gap?: ApiError;
}

/** APIO Core adds one of them to every object where auditing is on. */
const RECORD_IDS: readonly string[] = ["_internal_record_id", "_record_internal_id"];

/** `X-Total-Count`, `Pagination-Page`, `Content-Range`, `X-Next-Cursor`; not `Accept-Ranges`, nor counts of attempts and requests. */
const ABOUT_PAGES =
  /^(?!.*(?:accept|account|attempt|request)).*(?:pag(?:e|in)|range|total|count\b|next\b|more\b|cursor|contin|offset|partial)/;
const LINK_TO_PAGE = /\brel\s*=\s*"?[^";,]*\b(?:first|prev|next|last)\b/i;

/** The documented form of an answer that is an object. */
export interface DocumentedKeys {
  /** Each holds a list. */
  readonly lists: readonly string[];
  readonly others?: readonly string[];
}

/**
 * Why an answer proves no absence, in the words of a message; `undefined` where it does. The rule is closed: only a 200 with just the
 * documented keys (an array has none) and without a header that speaks of pages or ranges is complete. What any other sign means is
 * documented nowhere; such an answer may be read all the same.
 */
export function incompleteness(
  { status, headers, json }: ApiAnswer,
  { lists, others = [] }: DocumentedKeys = { lists: [] },
): string | undefined {
  if (status !== 200) {
    return "only a 200 holds all there is";
  }
  const header = Object.entries(headers).find(([name, value = ""]) =>
    name === "link" ? LINK_TO_PAGE.test(value) : ABOUT_PAGES.test(name),
  );
  if (header !== undefined) {
    return `it has the header ${header[0]}`;
  }
  const fields = isPlainObject(json) ? json : {};
  const unknown = Object.keys(fields).filter((key) => ![...lists, ...others, ...RECORD_IDS].includes(key));
  if (unknown.length > 0) {
    return `it has keys that are not documented: ${shown(unknown.join(", "), 100)}`;
  }
  const missing = lists.find((key) => !Array.isArray(fields[key]));
  return missing === undefined ? undefined : `it has no list of ${missing}`;
}

/** The gap of an answer, if it is not complete; `what` names it: `the list of tenants`. */
export function gapOf(http: HttpApi, answer: ApiAnswer, what: string, keys?: DocumentedKeys): { gap?: ApiError } {
  const why = incompleteness(answer, keys);
  return why === undefined ? {} : { gap: http.unreadable(answer, `${what} is not complete: ${why}`) };
}

/**
 * The rows of a list from which nothing may be missing.
 * @throws {ApiError} where something may be.
 */
export function wholeOf<Row>({ rows, gap }: Listed<Row>): readonly Row[] {
  if (gap !== undefined) {
    throw gap;
  }
  return rows;
}
