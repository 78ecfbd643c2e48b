import type { Mistake as InputMistake } from "../provider/resource/mistake";
import { didYouMean, nearest } from "../provider/text/nearest";
import { UNKNOWN_VALUE } from "../provider/resource/unknowns";
import type { Properties } from "../provider/resource/properties";
import type { Field } from "../provider/resource/fields";
import { below, type Mistake } from "./mistake";
import { PROFILE_KEY } from "./keys";
import { insteadOfMap, strayName } from "./slips";
import { coreValue, type Entry, LEADING_ZERO, type Mapping, type Tree } from "./tree";

/** One resource as a fleet file has it. */
export interface Declaration extends Entry {
  /** The resource's name. */
  readonly name: string;
  /** Where in the file it is, in words: `customers.contoso`. */
  readonly path: string;
}

/** What the file says about one resource, in the form that the resource's own `check` takes. */
export interface Inputs {
  readonly entries: Mapping["entries"];
  /** Without what is in `mistakes`: there the value counts as not known yet, so that nothing is reported twice. */
  readonly raw: Properties;
  readonly mistakes: Mistake[];
}

/** Which fields are there, and how each is read: `custom` ones by their own function, `core` ones by YAML's core rules, all others as text. */
export interface Fields {
  /** How a message speaks of the resource: `a customer`. */
  readonly noun: string;
  readonly names: readonly string[];
  readonly core: ReadonlySet<string>;
  readonly custom: Readonly<Record<string, (tree: Tree) => ReadField>>;
}

/** A field as read; `undefined` counts as not given. */
export type ReadField = { readonly value: unknown } | { readonly problem: string };

/** What is wrong with a key that has no value. */
export const EMPTY_VALUE = "is empty: give a value, or take the line out.";

/** Reads what stands under a resource's name. */
export function readInputs(fields: Fields, { value, at, path }: Declaration): Inputs {
  if (value.kind === "faulty") {
    return { entries: new Map(), raw: allUnknown(fields.names), mistakes: [] };
  }
  if (value.kind !== "map" && value.kind !== "empty") {
    const message = insteadOfMap(value, `must be a map of inputs of ${fields.noun}, such as ${fields.names[0] ?? ""}.`);
    return { entries: new Map(), raw: allUnknown(fields.names), mistakes: [{ at, path, message }] };
  }
  const entries: Mapping["entries"] = value.kind === "map" ? value.entries : new Map<string, Entry>();
  const raw: Properties = {};
  const mistakes: Mistake[] = [];
  for (const [name, entry] of entries) {
    const where = below(path, name);
    if (!fields.names.includes(name)) {
      const meant = nearest(name, [...fields.names, PROFILE_KEY]).filter((other) => !entries.has(other));
      const message = strayName(name, `is not an input of ${fields.noun}${didYouMean(meant)}`);
      mistakes.push({ at: entry.at, path: where, message });
      Object.assign(raw, allUnknown(meant.filter((other) => other !== PROFILE_KEY)));
    } else {
      const read = readField(fields, name, entry.value);
      if ("problem" in read) {
        mistakes.push({ at: entry.at, path: where, message: read.problem });
      }
      raw[name] = "problem" in read ? UNKNOWN_VALUE : read.value;
    }
  }
  return { entries, raw, mistakes };
}

/** What is wrong with an input by the resource's own check, at the place in the file that it is about. */
export function locateMistake(
  { path: [property], message }: InputMistake,
  { at, path }: Declaration,
  entries: Mapping["entries"],
): Mistake {
  return typeof property !== "string"
    ? { at, path, message }
    : { at: entries.get(property)?.at ?? at, path: below(path, property), message };
}

/** What is wrong with a resource's name, if anything; Pulumi itself takes all but the empty one. */
export function problemWithName(name: string): string | undefined {
  if (name === "") {
    return "a resource's name must not be empty.";
  }
  return /\p{Cc}/u.test(name) ? "a resource's name must not hold control characters." : undefined;
}

function readField({ core, custom }: Fields, name: string, tree: Tree): ReadField {
  const read = tree.kind === "faulty" ? undefined : custom[name];
  if (read !== undefined) {
    return read(tree);
  }
  switch (tree.kind) {
    case "empty":
      return { problem: EMPTY_VALUE };
    case "scalar":
      if (!core.has(name)) {
        return { value: tree.text };
      }
      if (!tree.quoted && LEADING_ZERO.test(tree.text)) {
        return { problem: `must be written without a leading zero: ${tree.text.replace(/^([-+]?)0+(?=\d)/, "$1")}.` };
      }
      return { value: tree.core };
    case "faulty":
    case "list":
    case "map":
      // No field of one value takes any of these, whatever is in it: one level, for the message.
      return { value: coreValue(tree, 1) };
  }
}

/** The fields whose values are numbers or flags: YAML's core rules read them. */
export function coreFields(fields: Readonly<Record<string, Field>>): Set<string> {
  return new Set(
    Object.keys(fields).filter((name) => [1, true].some((value) => fields[name]?.safeParse(value).success === true)),
  );
}

function allUnknown(names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, UNKNOWN_VALUE]));
}
