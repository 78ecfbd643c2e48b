import type { z } from "zod";

/** The path of a zod issue as a person writes it: `customers[0].guid`, `tenants.foo.groupServices.Hunt Group`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** All that zod found wrong, one `path: message` each. */
export function issueTexts(error: z.ZodError): string[] {
  return error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${pathText(issue.path)}: ${issue.message}`,
  );
}
