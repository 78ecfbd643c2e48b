import { KINDS, NO_OBJECT, SECTIONS } from "../provider/kinds";
import { enumerated } from "../provider/text/count";
import type { Mistake } from "./mistake";
import type { Mapping, Tree } from "./tree";

/** Keys of the main file that declare no object. */
const NO_OBJECTS = ["include", "csv", "defaults", "profiles"];

/** The mistake of an included file that declares nothing; one with profiles alone is of use. */
export function emptyPart(part: Tree, file: string): Mistake[] {
  return part.kind === "empty" ||
    (part.kind === "map" && [...part.entries.values()].every(({ value }) => isEmpty(value)))
    ? [declaresNothing(file, `no ${enumerated([...SECTIONS.map((section) => KINDS[section].noun), "profile"], "or")}`)]
    : [];
}

/** The mistake of a table without a row of its own. */
export function emptyTable(tenants: Mapping["entries"], file: string): Mistake[] {
  return tenants.size === 0 ? [declaresNothing(file, "no tenant")] : [];
}

/** The mistake of a main file that, with all that it includes, declares no object. */
export function emptyFleet(entries: Mapping["entries"], file: string): Mistake[] {
  return [...entries].every(([key, { value }]) => NO_OBJECTS.includes(key) || isEmpty(value))
    ? [declaresNothing(file, NO_OBJECT)]
    : [];
}

function isEmpty(value: Tree): boolean {
  return value.kind === "empty" || (value.kind === "map" && value.entries.size === 0);
}

/** A file is emptied more often by accident than on purpose, and what it declared before would leave the stack without a word. */
function declaresNothing(file: string, what: string): Mistake {
  const message = `declares ${what}, so \`pulumi up\` would remove from the stack what it declared before: permit it with --allow-empty, or voice-licenses:allowEmpty in the stack.`;
  return { at: { file, line: 1, column: 1 }, path: "", message };
}
