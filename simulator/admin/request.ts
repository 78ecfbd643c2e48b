import { EditError } from "../edits";
import { type Answer, type Call, json } from "../exchange";

/** The body as JSON; an empty one is an empty object. */
export function bodyOf(call: Call): unknown {
  try {
    const value: unknown = call.body === "" ? {} : JSON.parse(call.body);
    return value;
  } catch {
    throw new EditError(400, "The body is not JSON.");
  }
}

/** The variable part of the path. */
export function idOf(call: Call): string {
  return call.params["id"] ?? "";
}

export function queryOf(call: Call): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(call.query));
}

/** The answer of a route that has nothing to show. */
export function done(): Answer {
  return json(200, { ok: true });
}
