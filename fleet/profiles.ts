import { KINDS, SECTIONS } from "../provider/kinds";
import { didYouMean, nearest } from "../provider/text/nearest";
import { shownExactly } from "../provider/text/shown";
import { below, type Mistake, type Position } from "./mistake";
import { inputNames, PROFILE_KEY } from "./keys";
import { asServiceMap, holdsServices } from "./service-maps";
import { insteadOfMap } from "./slips";
import type { Entry, Mapping, Tree } from "./tree";

/** A fleet file whose objects hold all that they take over from defaults and profiles. */
export interface ResolvedFile {
  readonly entries: Mapping["entries"];
  readonly mistakes: readonly Mistake[];
  /** Where in the file, in words, something stands that is taken over: by {@link placeKey} of its position. */
  readonly inheritedPaths: ReadonlyMap<string, string>;
}

/** What identifies an object is never taken over. */
const IDENTITY = [...SECTIONS.map((section): string => KINDS[section].id), PROFILE_KEY];

/** Inputs that are taken over where they are not given, by name. */
type Layer = Mapping["entries"];

/** A position as a key of a map. */
export function placeKey({ file, line, column }: Position): string {
  return `${line}:${column}:${file ?? ""}`;
}

/**
 * Gives each object what it does not say itself: from its profiles, the last one first, then from the defaults. Services
 * are taken over one by one, all else as a whole.
 */
export function resolveProfiles(file: Mapping["entries"]): ResolvedFile {
  const mistakes: Mistake[] = [];
  const inheritedPaths = new Map<string, string>();
  const readLayer = (entry: Entry, path: string, inputs: readonly string[]): Layer => {
    const layer = layerOf(entry, path, inputs, mistakes);
    notePaths({ kind: "map", entries: layer }, path, inheritedPaths);
    return layer;
  };
  const defaults = readDefaults(file.get("defaults"), readLayer, mistakes);
  const profiles = new Map<string, Layer>();
  for (const [name, entry] of namedEntries("profiles", file.get("profiles"), mistakes)) {
    const inputs = [...new Set(SECTIONS.flatMap(inputNames))];
    profiles.set(name, readLayer(entry, below("profiles", name), inputs));
  }
  const entries = new Map(file);
  for (const section of SECTIONS) {
    const inputs = inputNames(section);
    const declared = entries.get(section);
    if (declared?.value.kind === "map") {
      const base = defaults.get(section) ?? new Map<string, Entry>();
      const resolved = new Map<string, Entry>();
      for (const [name, declaration] of declared.value.entries) {
        const one = resolveOne(declaration, below(section, name), inputs, base, profiles);
        resolved.set(name, one.entry);
        mistakes.push(...one.mistakes);
      }
      entries.set(section, { ...declared, value: { kind: "map", entries: resolved } });
    }
  }
  return { entries, mistakes, inheritedPaths };
}

function resolveOne(
  declaration: Entry,
  path: string,
  inputs: readonly string[],
  defaults: Layer,
  profiles: ReadonlyMap<string, Layer>,
): { readonly entry: Entry; readonly mistakes: readonly Mistake[] } {
  const { at, value } = declaration;
  if (value.kind !== "map" && value.kind !== "empty") {
    return { entry: declaration, mistakes: [] };
  }
  const own = new Map(value.kind === "map" ? value.entries : []);
  const profile = own.get(PROFILE_KEY);
  own.delete(PROFILE_KEY);
  const taken =
    profile === undefined ? { layers: [], mistakes: [] } : takenProfiles(profile, below(path, PROFILE_KEY), profiles);
  for (const layer of [...taken.layers.reverse(), defaults]) {
    takeOver(own, layer);
  }
  if (taken.mistakes.length > 0) {
    // What the right profile would give is not known, and not missing.
    takeOver(own, new Map(inputs.map((name) => [name, { at, value: { kind: "faulty" } }])));
  }
  return { entry: { at, value: { kind: "map", entries: own } }, mistakes: taken.mistakes };
}

function takenProfiles(
  { at, value }: Entry,
  path: string,
  profiles: ReadonlyMap<string, Layer>,
): { readonly layers: Layer[]; readonly mistakes: readonly Mistake[] } {
  const layers: Layer[] = [];
  const mistakes: Mistake[] = [];
  for (const item of value.kind === "list" ? value.items : [{ at, value }]) {
    const name = item.value.kind === "scalar" ? item.value.text : undefined;
    const profile = name === undefined ? undefined : profiles.get(name);
    if (profile !== undefined) {
      layers.push(profile);
    } else if (item.value.kind !== "faulty") {
      mistakes.push({ at: item.at, path, message: refuseProfile(name, [...profiles.keys()]) });
    }
  }
  return { layers, mistakes };
}

function refuseProfile(name: string | undefined, known: readonly string[]): string {
  if (name === undefined) {
    return "must be the name of a profile, or a list of such names.";
  }
  const fix = known.length === 0 ? ": the file has no profiles." : didYouMean(nearest(name, known));
  return `there is no profile "${shownExactly(name, 100)}"${fix}`;
}

/** Adds to `own` what it lacks. */
function takeOver(own: Map<string, Entry>, layer: Layer): void {
  for (const [key, entry] of layer) {
    const given = own.get(key);
    if (given === undefined) {
      own.set(key, inherited(entry, holdsServices(key)));
      continue;
    }
    const before = asServiceMap(given.value);
    const more = asServiceMap(entry.value);
    if (holdsServices(key) && before !== undefined && more !== undefined) {
      const services = new Map(before);
      for (const [name, one] of more) {
        if (!services.has(name)) {
          services.set(name, inherited(one, false));
        }
      }
      own.set(key, { ...given, value: { kind: "map", entries: services } });
    }
  }
}

function inherited(entry: Entry, services: boolean): Entry {
  const entries = services ? asServiceMap(entry.value) : undefined;
  return entries === undefined
    ? { ...entry, inherited: true }
    : {
        at: entry.at,
        inherited: true,
        value: { kind: "map", entries: new Map([...entries].map(([name, one]) => [name, inherited(one, false)])) },
      };
}

function readDefaults(
  entry: Entry | undefined,
  readLayer: (entry: Entry, path: string, inputs: readonly string[]) => Layer,
  mistakes: Mistake[],
): ReadonlyMap<string, Layer> {
  const layers = new Map<string, Layer>();
  for (const [name, one] of namedEntries("defaults", entry, mistakes)) {
    const section = SECTIONS.find((known) => KINDS[known].noun === name);
    const path = below("defaults", name);
    if (section === undefined) {
      const names = SECTIONS.map((known) => KINDS[known].noun);
      mistakes.push({
        at: one.at,
        path,
        message: `is none of ${names.join(" and ")}${didYouMean(nearest(name, names))}`,
      });
    } else {
      layers.set(section, readLayer(one, path, inputNames(section)));
    }
  }
  return layers;
}

function namedEntries(key: string, entry: Entry | undefined, mistakes: Mistake[]): Mapping["entries"] {
  if (entry === undefined || entry.value.kind === "empty" || entry.value.kind === "faulty") {
    return new Map();
  }
  if (entry.value.kind === "map") {
    return entry.value.entries;
  }
  mistakes.push({ at: entry.at, path: key, message: insteadOfMap(entry.value, "must be a map.") });
  return new Map();
}

/** What a profile says, without what it cannot say. */
function layerOf({ at, value }: Entry, path: string, inputs: readonly string[], mistakes: Mistake[]): Layer {
  if (value.kind === "empty" || value.kind === "faulty") {
    return new Map();
  }
  if (value.kind !== "map") {
    mistakes.push({ at, path, message: insteadOfMap(value, "must be a map of inputs.") });
    return new Map();
  }
  const kept = new Map<string, Entry>();
  for (const [key, entry] of value.entries) {
    const where = below(path, key);
    if (IDENTITY.includes(key)) {
      mistakes.push({ at: entry.at, path: where, message: "cannot be shared: give it where it belongs." });
    } else if (inputs.includes(key)) {
      kept.set(key, entry);
    } else {
      mistakes.push({ at: entry.at, path: where, message: `is not an input here${didYouMean(nearest(key, inputs))}` });
    }
  }
  return kept;
}

function notePaths(tree: Tree, path: string, paths: Map<string, string>): void {
  const note = (entry: Entry, where: string): void => {
    paths.set(placeKey(entry.at), where);
    notePaths(entry.value, where, paths);
  };
  if (tree.kind === "map") {
    for (const [key, entry] of tree.entries) {
      note(entry, below(path, key));
    }
  } else if (tree.kind === "list") {
    for (const [index, item] of tree.items.entries()) {
      note(item, `${path}[${index}]`);
    }
  }
}
