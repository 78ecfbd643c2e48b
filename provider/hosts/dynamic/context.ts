import { isPlainObject } from "../../text/plain-object";
import { CONTEXT_KEY } from "./hidden-keys";
import type { Properties } from "../../resource/properties";

/** What the resource class tells `check` and the engine does not. */
export interface ResourceContext {
  readonly name: string;
  readonly urn: string;
  /** Whether this is a preview. */
  readonly preview: boolean;
  /** How messages call the provider instance that serves it. */
  readonly instance: string;
  /** Inputs that the engine keeps as state has them, by `ignoreChanges`. */
  readonly keptInputs: readonly string[];
  /** Objects of the same type near its own in the program, which preview may read before their turn. */
  readonly readAhead: readonly string[];
  /**
   * Limits on what one run may take away, by their keys in the stack's configuration, which only the default provider is configured with.
   */
  readonly limits: Readonly<Record<string, string>>;
}

/** The context as the resource class writes it. */
export interface WrittenContext extends Omit<ResourceContext, "readAhead"> {
  /** A JSON list. */
  readonly readAhead: string;
}

/** The context in raw inputs, or `undefined` where there is none: in a refresh, a destroy, or a bare harness. */
export function readContext(raw: Properties): ResourceContext | undefined {
  const context = raw[CONTEXT_KEY];
  if (!isPlainObject(context)) {
    return undefined;
  }
  const { name, urn, preview, instance, keptInputs, readAhead, limits } = context;
  if (typeof name !== "string" || typeof urn !== "string" || typeof preview !== "boolean") {
    return undefined;
  }
  return {
    name,
    urn,
    preview,
    instance: typeof instance === "string" ? instance : "another provider",
    keptInputs: texts(keptInputs),
    readAhead: texts(parsed(readAhead)),
    limits: textsByKey(limits),
  };
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function textsByKey(value: unknown): Record<string, string> {
  return isPlainObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      )
    : {};
}
