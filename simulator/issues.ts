import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";

/** The path of a zod issue as a person writes it: `customers[0].guid`, `tenants.foo.groupServices.Hunt Group`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** What is wrong with a value, and where. */
export function issueText({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${pathText(path)}: ${message}`;
}

/** All that zod found wrong, one `path: message` each. */
export function issueTexts(error: z.ZodError): string[] {
  return error.issues.map(issueText);
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map, `name: value`",
  record: "a map, `name: value`",
  array: "a list",
  null: "null",
};

/** The farthest that a name may be from a known one to be a slip of it. */
const FARTHEST = 3;

function shown(value: unknown): string {
  if (Array.isArray(value)) {
    return "a list";
  }
  return typeof value === "object" && value !== null ? "a map" : JSON.stringify(value);
}

function notWhat(value: unknown): string {
  return value === undefined ? "" : `, not ${shown(value)}`;
}

function unknownName(name: string, known: readonly string[]): string {
  const near = closest(name, known);
  if (near === name) {
    return `"${name}" does not belong here; docs/development/simulator.md shows where it stands`;
  }
  const hint = distance(name, near) <= FARTHEST ? `; did you mean "${near}"?` : "";
  return `unknown name "${name}"${hint}`;
}

function expectedOf(issues: readonly (readonly z.core.$ZodIssue[])[]): string {
  const words = issues.flatMap(([issue]) => {
    if (issue?.code === "invalid_type") {
      return [EXPECTED[issue.expected] ?? issue.expected];
    }
    if (issue?.code === "too_small") {
      return [`${issue.minimum} or more`];
    }
    return issue?.code === "invalid_value" ? issue.values.map((value) => JSON.stringify(value)) : [];
  });
  return [...new Set(words)].join(" or ");
}

/** Messages for people, where a schema has none of its own. `known` are the names that a slip may have meant. */
export function explainWith(known: readonly string[]): z.core.$ZodErrorMap {
  return (issue) => {
    switch (issue.code) {
      case "invalid_type":
        return issue.input === undefined
          ? `is missing: write ${EXPECTED[issue.expected] ?? issue.expected}`
          : `must be ${EXPECTED[issue.expected] ?? issue.expected}${notWhat(issue.input)}`;
      case "invalid_value":
        return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}${notWhat(issue.input)}`;
      case "invalid_union":
        return `must be ${expectedOf(issue.errors)}${notWhat(issue.input)}`;
      case "unrecognized_keys":
        return issue.keys.map((key) => unknownName(key, known)).join("; ");
      case "too_small":
        return issue.origin === "array" || issue.origin === "string"
          ? "must not be empty"
          : `must be ${issue.inclusive === true ? `${issue.minimum} or more` : `more than ${issue.minimum}`}${notWhat(issue.input)}`;
      case "too_big":
        return `must be at most ${issue.maximum}${notWhat(issue.input)}`;
      default:
        return undefined;
    }
  };
}
