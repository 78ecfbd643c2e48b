import * as z from "zod";
import { isPlainObject } from "../plain-object";
import { fold } from "./any-case";

/** The headers of an answer, with names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | undefined>>;

const TOTALS = [
  "total",
  "totalcount",
  "totalitems",
  "totalrecords",
  "totalresults",
  "totalelements",
  "count",
  "recordcount",
];
const PAGES = ["totalpages", "pagecount", "pages", "lastpage"];
const NEXT = [
  "next",
  "nextpage",
  "nextlink",
  "nexturl",
  "nexttoken",
  "nextcursor",
  "nextpagetoken",
  "continuationtoken",
  "@odata.nextlink",
  "hasmore",
  "hasnext",
  "hasnextpage",
  "more",
  "truncated",
  "istruncated",
];

/** Fields that hold such fields: `{"pagination": {"total": 250}}`. */
const PAGING = [
  "pagination",
  "paging",
  "page",
  "pageinfo",
  "meta",
  "metadata",
  "_meta",
  "_metadata",
  "links",
  "_links",
];

/**
 * Why a list is only a part of the whole, as its headers or the fields beside its rows say, in the words of a message; `undefined`
 * where nothing says so. An incomplete list proves no absence.
 */
export function incompleteness(
  rows: number,
  headers: AnswerHeaders,
  envelope: Readonly<Record<string, unknown>> = {},
): string | undefined {
  if (/\brel\s*=\s*"?[^";,]*\bnext\b/i.test(headers["link"] ?? "")) {
    return 'it is one page of several (Link: rel="next")';
  }
  const ofRange = /\/\s*(\d+)\s*$/.exec(headers["content-range"] ?? "")?.[1];
  if (ofRange !== undefined && Number(ofRange) > rows) {
    return `it has ${rows} of ${ofRange} rows (Content-Range)`;
  }
  const fields = Object.entries(envelope).flatMap(withPagingFields);
  for (const [name, value] of [...fields, ...Object.entries(headers).flatMap(pagingHeader)]) {
    const problem = fieldProblem(rows, name, value);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

/** A field, or the fields that it holds where it is about pages. */
function withPagingFields([name, value]: readonly [string, unknown]): [string, unknown][] {
  return PAGING.includes(name.toLowerCase()) && isPlainObject(value) ? Object.entries(value) : [[name, value]];
}

/** What a header such as `X-Total-Count: 250`, or `X-Pagination: {"TotalCount": 250}`, says. */
function pagingHeader([name, value]: readonly [string, string | undefined]): [string, unknown][] {
  if (value === undefined || !/^(?:x-|total|pagination-)/.test(name)) {
    return [];
  }
  const said = parseJson(value);
  return isPlainObject(said) ? Object.entries(said) : [[name, value]];
}

function fieldProblem(rows: number, name: string, value: unknown): string | undefined {
  const key = name
    .toLowerCase()
    .replace(/^x-/, "")
    .replace(/^(?:paging|pagination|list)-(?=.)/, "")
    .replaceAll(/[-_]/g, "");
  const amount = z.coerce.number().int().min(0).safeParse(value);
  const isNumber = amount.success && value !== null && value !== "" && typeof value !== "boolean";
  if (isNumber && TOTALS.includes(key) && amount.data > rows) {
    return `it has ${rows} of ${amount.data} rows (${name})`;
  }
  if (isNumber && PAGES.includes(key) && amount.data > 1) {
    return `it is one page of ${amount.data} (${name})`;
  }
  if (NEXT.includes(key) && isPresent(value)) {
    return `it is one page of several (${name})`;
  }
  return undefined;
}

function isPresent(value: unknown): boolean {
  return !(
    value === null ||
    value === undefined ||
    value === false ||
    value === 0 ||
    (typeof value === "string" && /^(?:|false|null|none|0|no)$/i.test(value))
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What stands in place of a list, in the words of a message; `undefined` for a list. */
export function notAList(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    return undefined;
  }
  if (!isPlainObject(value)) {
    return "the body is not a list";
  }
  const fields = fold(value);
  const page = fields.get("currentpage") ?? fields.get("page");
  const pages = fields.get("totalpages");
  return typeof page === "number" && typeof pages === "number"
    ? `the body is page ${page} of ${pages}, and not the whole list`
    : "the body is an object, and not a list";
}
