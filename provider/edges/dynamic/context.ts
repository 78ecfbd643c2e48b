import { isPlainObject } from "../../plain-object";
import { CONTEXT_KEY } from "./hidden-keys";
import { type Properties } from "../../run/properties";

/** What the resource class tells `check` and the engine does not. */
export interface ResourceContext {
  readonly name: string;
  readonly urn: string;
  /** Whether this is a preview. */
  readonly preview: boolean;
  /** What other resources of the program declare, as far as the program knew it when this one was registered. */
  readonly claimedElsewhere: readonly string[];
  /** Objects of the same type that preview may read before their turn, each told once in a program. */
  readonly readAhead: readonly string[];
}

/** The context in raw inputs, or `undefined` where there is none: in a refresh, a destroy, or a bare harness. */
export function readContext(raw: Properties): ResourceContext | undefined {
  const context = raw[CONTEXT_KEY];
  if (!isPlainObject(context)) {
    return undefined;
  }
  const { name, urn, preview, claimedElsewhere, readAhead } = context;
  if (typeof name !== "string" || typeof urn !== "string" || typeof preview !== "boolean") {
    return undefined;
  }
  return {
    name,
    urn,
    preview,
    claimedElsewhere: texts(claimedElsewhere),
    readAhead: texts(readAhead),
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
