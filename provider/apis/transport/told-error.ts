import { isPlainObject } from "../../plain-object";
import { fold } from "../any-case";
import { whatTheApiSaid } from "./api-error";

const ERROR_FIELDS =
  /^(?:error|errors|errorcode|error_code|errormessage|error_description|exception|fault|errorticket)$/;
const SUCCESS_FIELDS = /^(?:success|succeeded|successful|issuccess|issuccessful|ok|isok)$/;
const OUTCOME_FIELDS = /^(?:status|statuscode|result|state|outcome|code)$/;
const SPOKEN_FIELDS = /^(?:title|message|detail|details|reason)$/;
const BAD_OUTCOME =
  /^(?:[45]\d\d|.*(?:error|fail|invalid|denied|reject|refus|forbid|unauthori|conflict|(?<!un)locked|not ?found).*)$/i;

/** Whether an object in a 2xx answer reports an error. */
export function tellsOfError(json: Readonly<Record<string, unknown>>): boolean {
  return [...fold(json)].some(([name, value]) => {
    if (ERROR_FIELDS.test(name)) {
      return !isNothing(value);
    }
    if (SUCCESS_FIELDS.test(name)) {
      return value === false || value === 0 || /^(?:false|no|0)$/i.test(String(value));
    }
    const isText = typeof value === "string" || typeof value === "number";
    return isText && (OUTCOME_FIELDS.test(name) || SPOKEN_FIELDS.test(name)) && BAD_OUTCOME.test(String(value));
  });
}

/** What an error field holds where there is no error. */
function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.every(isNothing);
  }
  return (
    value === null ||
    value === undefined ||
    value === false ||
    value === 0 ||
    value === "" ||
    (isPlainObject(value) && Object.keys(value).length === 0)
  );
}

/** The error that a successful answer to a read reports, in the API's words; empty where it reports none. */
export function toldError(json: unknown, redact: (text: string) => string): string {
  if (!isPlainObject(json) || !tellsOfError(json)) {
    return "";
  }
  // Only what is about the error: the rest of an answer is nobody's to show.
  const told = [...fold(json)].filter(([name]) => ERROR_FIELDS.test(name) || SPOKEN_FIELDS.test(name));
  return whatTheApiSaid("", Object.fromEntries(told), redact);
}
