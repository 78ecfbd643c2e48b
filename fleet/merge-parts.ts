import { didYouMean, nearest } from "../provider/text/nearest";
import { below, type Mistake, onLine, type Position } from "./mistake";
import { PART_KEYS } from "./keys";
import { asServiceMap, holdsServices } from "./service-maps";
import { insteadOfMap } from "./slips";
import type { Entry, Mapping, Tree } from "./tree";

/** Several files as one. */
export interface MergedParts {
  readonly entries: Mapping["entries"];
  readonly mistakes: readonly Mistake[];
}

/** The fleet file with what its included files declare; a name that two of them give is a mistake. */
export function mergeIncluded(file: Mapping["entries"], parts: readonly Tree[]): MergedParts {
  const merged = new Map(file);
  const mistakes: Mistake[] = [];
  for (const part of parts) {
    if (part.kind === "map") {
      for (const [key, entry] of part.entries) {
        mistakes.push(...addPart(merged, key, entry));
      }
    }
  }
  return { entries: merged, mistakes };
}

/** The fleet file with the tenants of a table of tenants × services; a service that both give is a mistake. */
export function mergeTenants(file: Mapping["entries"], tenants: Mapping["entries"]): MergedParts {
  const declared = file.get("tenants");
  if (declared !== undefined && declared.value.kind !== "map" && declared.value.kind !== "empty") {
    return { entries: file, mistakes: [] };
  }
  const merged = new Map(declared?.value.kind === "map" ? declared.value.entries : []);
  const mistakes: Mistake[] = [];
  for (const [name, entry] of tenants) {
    const earlier = merged.get(name);
    if (earlier === undefined || earlier.value.kind === "empty") {
      merged.set(name, entry);
    } else if (earlier.value.kind === "map" && entry.value.kind === "map") {
      const entries = new Map(earlier.value.entries);
      mistakes.push(...addInputs(entries, entry.value.entries, below("tenants", name)));
      merged.set(name, { at: earlier.at, value: { kind: "map", entries } });
    }
  }
  const at = declared?.at ?? firstPlace(tenants);
  return at === undefined
    ? { entries: file, mistakes }
    : { entries: new Map(file).set("tenants", { at, value: { kind: "map", entries: merged } }), mistakes };
}

function addPart(merged: Map<string, Entry>, key: string, entry: Entry): Mistake[] {
  const { at, value } = entry;
  if (!PART_KEYS.includes(key)) {
    const message = `is not a part of an included file${didYouMean(nearest(key, PART_KEYS))}`;
    return [{ at, path: below("", key), message }];
  }
  const earlier = merged.get(key);
  if (earlier === undefined || earlier.value.kind === "empty") {
    merged.set(key, entry);
    return [];
  }
  if (value.kind === "empty" || value.kind === "faulty" || earlier.value.kind === "faulty") {
    return [];
  }
  if (value.kind !== "map") {
    return [{ at, path: key, message: insteadOfMap(value, "must be a map from a name to what it stands for.") }];
  }
  if (earlier.value.kind !== "map") {
    return [];
  }
  const entries = new Map(earlier.value.entries);
  const mistakes = [...value.entries].flatMap(([name, one]) => addOnce(entries, name, one, below(key, name)));
  merged.set(key, { at: earlier.at, value: { kind: "map", entries } });
  return mistakes;
}

/** What a table says of a tenant that the file declares as well. */
function addInputs(entries: Map<string, Entry>, more: Mapping["entries"], path: string): Mistake[] {
  return [...more].flatMap(([key, entry]) => {
    const earlier = entries.get(key);
    const before = earlier === undefined ? undefined : asServiceMap(earlier.value);
    const added = asServiceMap(entry.value);
    if (!holdsServices(key) || earlier === undefined || before === undefined || added === undefined) {
      return addOnce(entries, key, entry, below(path, key));
    }
    const services = new Map(before);
    const mistakes = [...added].flatMap(([name, one]) => addOnce(services, name, one, below(below(path, key), name)));
    entries.set(key, { at: earlier.at, value: { kind: "map", entries: services } });
    return mistakes;
  });
}

function addOnce(entries: Map<string, Entry>, key: string, entry: Entry, path: string): Mistake[] {
  const earlier = entries.get(key);
  if (earlier === undefined) {
    entries.set(key, entry);
    return [];
  }
  const message = `is already declared ${onLine(earlier.at, entry.at)}: keep one of the two.`;
  return entry.value.kind === "faulty" ? [] : [{ at: entry.at, path, message }];
}

function firstPlace(entries: Mapping["entries"]): Position | undefined {
  const [first] = entries.values();
  return first?.at;
}
