import type { z } from "zod";
import { didYouMean, nearest } from "../text/nearest";
import { UNKNOWN_VALUE } from "../run/unknowns";
import type { Properties } from "../run/properties";

/** A refusal of an input, in the engine's form. */
export interface CheckFailure {
  /** The input's name; `""` where the engine must not print its value. */
  readonly property: string;
  readonly reason: string;
}

/** One input: its form, and how failures speak of it. */
export interface FieldRule {
  readonly schema: z.ZodType;
  readonly required?: boolean;
  /** The engine prints the value of a property that a failure names, so a secret one must not be named as property. */
  readonly secret?: boolean;
}

/** Inputs as checked: `inputs` in their one normal form, unknown values left in place. */
export interface CheckedFields {
  readonly inputs: Properties;
  /** Inputs that were given, but are not known yet. */
  readonly unknown: ReadonlySet<string>;
  readonly failures: CheckFailure[];
}

/** Checks each input by its rule. `null` counts as not given; an unknown value passes; an input without a rule is refused. */
export function checkFields(rules: Readonly<Record<string, FieldRule>>, raw: Properties): CheckedFields {
  const inputs: Properties = {};
  const unknown = new Set<string>();
  const failures: CheckFailure[] = [];
  const known = new Map(Object.entries(rules));
  const given = new Map(Object.entries(raw).filter(([, value]) => value !== undefined && value !== null));

  for (const name of given.keys()) {
    if (!known.has(name)) {
      const meant = nearest(name, [...known.keys()]);
      // Not under its own name: its value could be a secret under a misspelt one.
      failures.push({
        property: "",
        reason: `${JSON.stringify(name.slice(0, 100))} is not an input of this resource${didYouMean(meant)}`,
      });
    }
  }
  for (const [name, rule] of known) {
    const value = given.get(name);
    if (value === undefined) {
      if (rule.required === true) {
        failures.push({ property: name, reason: `${name} is missing.` });
      }
    } else if (value === UNKNOWN_VALUE) {
      inputs[name] = value;
      unknown.add(name);
    } else {
      const parsed = rule.schema.safeParse(value);
      if (parsed.success) {
        inputs[name] = parsed.data;
      } else {
        const problem = parsed.error.issues[0]?.message ?? "is wrong";
        failures.push({ property: rule.secret === true ? "" : name, reason: `${name} ${problem}.` });
      }
    }
  }
  return { inputs, unknown, failures };
}
