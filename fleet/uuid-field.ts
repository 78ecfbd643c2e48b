import { shownExactly } from "../provider/text/shown";
import type { ReadField } from "./check-inputs";
import { EMPTY_VALUE } from "./check-inputs";
import { coreValue, type Tree } from "./tree";

const UUID = /[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/i;

/** Reads a UUID. Consoles and registries show it in braces, which YAML takes for a map, in quotes, or without hyphens. */
export function readUuid(tree: Tree): ReadField {
  switch (tree.kind) {
    case "empty":
      return { problem: EMPTY_VALUE };
    case "map": {
      const [[key, entry] = []] = tree.entries;
      const [uuid] = key !== undefined && tree.entries.size === 1 && entry?.value.kind === "empty" ? found(key) : [];
      return uuid === undefined ? { value: coreValue(tree, 0) } : { problem: `must be without braces: ${uuid}.` };
    }
    case "scalar": {
      const [uuid, around = ""] = found(tree.text);
      if (uuid === undefined || uuid === tree.text.toLowerCase()) {
        return { value: tree.text };
      }
      const braces = /[{}]/.test(around) ? "without braces" : around === "" ? "written with hyphens" : "the UUID alone";
      return { problem: `must be ${braces}, not "${shownExactly(tree.text, 100)}": ${uuid}.` };
    }
    case "list":
    case "faulty":
      return { value: coreValue(tree, 0) };
  }
}

/** A UUID in its usual form, and what stands around it: braces, quotes, spaces or `urn:uuid:`. */
function found(text: string): readonly [string, string] | readonly [] {
  const [match] = UUID.exec(text) ?? [];
  if (match === undefined) {
    return [];
  }
  const around = text.replace(match, "");
  const digits = match.toLowerCase().replaceAll("-", "");
  const uuid = digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  return /^(?:urn:uuid:|[\s{}()"']|\p{Default_Ignorable_Code_Point})*$/iu.test(around) ? [uuid, around] : [];
}
