import type * as z from "zod";
import { looksLikeHtml } from "./api-error";
import { formProblem, NOT_AS_DOCUMENTED } from "./form-problem";
import type { ApiAnswer, HttpApi } from "./http-api";

/** What a read answered, or `undefined` where the API itself says 404. */
export function readOrAbsent<T>(http: HttpApi, answer: ApiAnswer, form: z.ZodType<T>): T | undefined {
  return answer.status === 404 && isApiAnswer(answer) ? undefined : readAnswer(http, answer, form);
}

/**
 * What a read answered.
 * @throws {ApiError} where it was no success, or is not in the documented form.
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

/** Whether an answer is the API's own: JSON, and not the page of a proxy or of another site. Only such a 404 tells of absence. */
function isApiAnswer(answer: ApiAnswer): boolean {
  return typeof answer.json === "string" || (typeof answer.json === "object" && answer.json !== null);
}

/** Why the body of a success cannot be used, to follow `answered 200, but …`. */
function bodyProblem(answer: ApiAnswer, error: z.ZodError): string {
  if (answer.text.trim() === "") {
    return "the body is empty";
  }
  if (answer.json === undefined) {
    return looksLikeHtml(answer.text) ? "the body is an HTML page" : "the body is no JSON";
  }
  const problem = formProblem(error);
  return `the body is not as documented${problem === NOT_AS_DOCUMENTED ? "" : `: ${problem}`}`;
}
