import type * as z from "zod";

/** The first thing that is not as documented, in one line: `allocated.maximum: expected a number of 0 or more`. */
export function formProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.join(".") ?? "";
  return `${path === "" ? "" : `${path}: `}${issue === undefined ? NOT_AS_DOCUMENTED : inWords(issue)}`;
}

/** What is said where the form itself does not say more. */
export const NOT_AS_DOCUMENTED = "not as documented";

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
