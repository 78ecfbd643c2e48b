import type * as z from "zod";
import { looksLikeHtml } from "./error-in-body";
import type { ApiAnswer, HttpApi } from "./http-api";

/** What a read answered, or `undefined` where the API itself says 404. */
export function readOrAbsent<T>(http: HttpApi, answer: ApiAnswer, form: z.ZodType<T>): T | undefined {
  return answer.status === 404 && isApiAnswer(answer) ? undefined : readAnswer(http, answer, form);
}

/**
 * What a read answered.
 * @throws {ApiError} where it was not answered 200, or not in the documented form.
 */
export function readAnswer<T>(http: HttpApi, answer: ApiAnswer, form: z.ZodType<T>): T {
  if (answer.status !== 200) {
    throw http.unexpected(answer);
  }
  return readSuccess(http, answer, form);
}

/** The same for any 2xx. */
export function readSuccess<T>(http: HttpApi, answer: ApiAnswer, form: z.ZodType<T>): T {
  const parsed = form.safeParse(http.succeeded(answer).json);
  if (!parsed.success) {
    throw http.unreadable(answer, bodyProblem(answer, parsed.error));
  }
  return parsed.data;
}

/** Whether an answer is the API's own: JSON, and not the page of a proxy or of another site. Only such a 404 shows absence. */
function isApiAnswer({ json }: ApiAnswer): boolean {
  return typeof json === "string" || (typeof json === "object" && json !== null);
}

/** Why the body of a success cannot be used, to follow `answered 200, but …`. */
function bodyProblem({ text, json }: ApiAnswer, error: z.ZodError): string {
  if (text.trim() === "") {
    return "the body is empty";
  }
  if (json === undefined) {
    return looksLikeHtml(text) ? "the body is an HTML page" : "the body is no JSON";
  }
  const problem = formProblem(error);
  return `the body is not as documented${problem === NOT_AS_DOCUMENTED ? "" : `: ${problem}`}`;
}

const NOT_AS_DOCUMENTED = "not as documented";

/** The first thing that is not as documented, in one line: `allocated.maximum: expected 0 or more`. */
export function formProblem(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.join(".") ?? "";
  return `${path === "" ? "" : `${path}: `}${issue === undefined ? NOT_AS_DOCUMENTED : inWords(issue)}`;
}

function inWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined") ? "missing" : issue.message.replace(/^Invalid input: /, "");
    case "too_small":
      return issue.origin === "string" ? "empty" : `expected ${issue.minimum} or more`;
    case "custom":
      return issue.message;
    default:
      return NOT_AS_DOCUMENTED;
  }
}
