import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isMap } from "yaml";
import { checkRead } from "../../../fleet/check-fleet";
import type { DeclaredFleet } from "../../../fleet/kinds";
import { readFleet } from "../../../fleet/load-fleet";
import { parseYaml } from "../../../fleet/parse-yaml";
import { type FileText, readTextFile } from "../../../fleet/text-file";
import { resized } from "../size-fleet";
import type { Sizing } from "../sizing";
import { csvEdits } from "./csv-edits";
import { type Placement, placementOf } from "./places";
import { edited } from "./text-edit";
import { UneditableError, yamlEdits } from "./yaml-edits";

/** A file of a fleet with its new text, without its byte-order mark. */
export interface RewrittenFile {
  readonly whole: string;
  /** As messages name it. */
  readonly shown: string;
  readonly text: string;
}

/** The files that change, or why none does: one sentence. */
export type RewrittenFleet = { readonly files: readonly RewrittenFile[] } | { readonly problem: string };

/**
 * A fleet file, and the files it includes, with each suggestion in its place: comments, order and all else stay byte for byte. What
 * comes out has been read and checked again, and declares the suggestions and nothing else that is new. Writes nothing.
 *
 * @param file The fleet file as the user named it.
 * @param before What it declared when the sizes were suggested.
 */
export function rewrittenFleet(file: string, before: DeclaredFleet, sizes: readonly Sizing[]): RewrittenFleet {
  const whole = path.resolve(file);
  const read = readFleet(whole, file, { allowEmpty: true });
  const now = "problem" in read ? read : checkRead(read);
  if ("problem" in read || !("fleet" in now) || read.tree?.kind !== "map" || !isDeepStrictEqual(now.fleet, before)) {
    return { problem: `${file} has changed since it was read: run it again.` };
  }
  let files: RewrittenFile[];
  try {
    files = rewrittenFiles(placementOf(read.tree.entries, sizes), file);
  } catch (error) {
    if (!(error instanceof UneditableError)) {
      throw error;
    }
    const { file: where = file, line } = error.at;
    return { problem: `${where} line ${line} ${error.message}: change it by hand.` };
  }
  const texts = new Map(files.map((one) => [one.whole, one.text]));
  const readText = (one: string): FileText => {
    const text = texts.get(one);
    return text === undefined ? readTextFile(one) : { text };
  };
  const reread = readFleet(whole, file, { allowEmpty: true, readText });
  const after = "problem" in reread ? reread : checkRead(reread);
  if ("fleet" in after && isDeepStrictEqual(after.fleet, resized(before, sizes))) {
    return { files };
  }
  const first = "mistakes" in after ? after.mistakes[0]?.path : undefined;
  return {
    problem: `${file} declares ${first ?? "a value"} in a way that cannot be changed in place, such as an anchor that others share: change it by hand.`,
  };
}

function rewrittenFiles({ values, overrides }: Placement, file: string): RewrittenFile[] {
  const names = [...new Set([...values, ...overrides].map(({ at }) => at.file ?? file))];
  return names.flatMap((shown) => {
    const whole = path.resolve(shown);
    const read = readTextFile(whole);
    const isHere = ({ at }: { readonly at: { readonly file?: string } }): boolean => (at.file ?? file) === shown;
    if ("problem" in read) {
      return [];
    }
    const edits = (isYamlMap(read.text) ? yamlEdits : csvEdits)(
      read.text,
      shown,
      values.filter(isHere),
      overrides.filter(isHere),
    );
    return edits.length === 0 ? [] : [{ whole, shown, text: edited(read.text, edits) }];
  });
}

/** A table may have any name; it is no map to YAML. */
function isYamlMap(text: string): boolean {
  const parsed = parseYaml(text);
  return "document" in parsed && isMap(parsed.document.contents);
}
