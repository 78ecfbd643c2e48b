import { didYouMean, nearest } from "../provider/text/nearest";
import { ALL_KINDS, type Section } from "../provider/kinds";
import { type Declaration, problemWithName } from "./check-inputs";
import { type Claim, conflictingClaims } from "./claims";
import { FILE_KEYS } from "./keys";
import { type DeclaredFleet, type DeclaredObjects, FLEET_KINDS, fleetOf } from "./kinds";
import { below, FILE_START, type Mistake } from "./mistake";
import { oddNames } from "./odd-names";
import { placeKey, resolveProfiles } from "./profiles";
import { type ReadTree, readTree } from "./read-tree";
import type { LookUpSecret } from "./secret-reference";
import { insteadOfMap, strayName } from "./slips";
import type { Entry, Mapping } from "./tree";

/** A fleet file as checked: the fleet, or all that is wrong with the file. */
export type CheckedFleet =
  | {
      readonly fleet: DeclaredFleet;
      /** What is allowed, but probably not meant. */
      readonly warnings: readonly Mistake[];
    }
  | { readonly mistakes: readonly Mistake[] };

/**
 * Checks the text of a fleet file, without looking at any API; needs no Pulumi. Other files that it names are not read.
 *
 * @param lookUpSecret How a key stands in the stack's configuration; without it, keys are taken on trust.
 */
export function checkFleet(text: string, lookUpSecret?: LookUpSecret): CheckedFleet {
  return checkRead(readTree(text), lookUpSecret);
}

/** The same for what has been read already; its mistakes are reported with those that are found here. */
export function checkRead({ tree, mistakes }: ReadTree, lookUpSecret?: LookUpSecret): CheckedFleet {
  if (tree === undefined || tree.kind === "faulty") {
    return { mistakes };
  }
  if (tree.kind !== "map" && tree.kind !== "empty") {
    const message = insteadOfMap(tree, `must be a map with ${ALL_KINDS}.`);
    return { mistakes: [...mistakes, { at: FILE_START, path: "", message }] };
  }
  const resolved = resolveProfiles(tree.kind === "map" ? tree.entries : new Map<string, Entry>());
  const { entries } = resolved;
  const found: Omit<CheckedSection<Section>, "declared">[] = [];
  const fleet = fleetOf((section) => {
    const checked = checkSection(section, entries, lookUpSecret);
    found.push(checked);
    return checked.declared;
  });
  const inherited = resolved.inheritedPaths;
  const all = reportedOnce(
    [
      ...mistakes,
      ...strayKeys(entries),
      ...resolved.mistakes,
      ...found.flatMap((checked) => checked.mistakes),
      ...conflictingClaims(found.flatMap(({ claims }) => claims)),
    ],
    inherited,
  );
  return all.length > 0 ? { mistakes: all } : { fleet, warnings: reportedOnce(oddNames(entries), inherited) };
}

/** A mistake in a profile is one, however many take it over, and its place is in the profile. */
function reportedOnce(mistakes: readonly Mistake[], inheritedPaths: ReadonlyMap<string, string>): Mistake[] {
  const reported = new Map<string, Mistake>();
  for (const mistake of mistakes) {
    const place = placeKey(mistake.at);
    const path = inheritedPaths.get(place);
    reported.set(
      `${place} ${path ?? mistake.path} ${mistake.message}`,
      path === undefined ? mistake : { ...mistake, path },
    );
  }
  return [...reported.values()];
}

interface CheckedSection<S extends Section> {
  readonly declared: readonly DeclaredObjects[S][];
  readonly claims: readonly Claim[];
  readonly mistakes: readonly Mistake[];
}

function checkSection<S extends Section>(
  section: S,
  file: Mapping["entries"],
  lookUpSecret: LookUpSecret | undefined,
): CheckedSection<S> {
  const { declarations, mistakes } = readDeclarations(section, file.get(section));
  const checked = declarations.map((declaration) => FLEET_KINDS[section].check(declaration, lookUpSecret));
  return {
    declared: checked.flatMap(({ declared }) => (declared === undefined ? [] : [declared])),
    claims: checked.flatMap(({ claims }) => claims),
    mistakes: [...mistakes, ...checked.flatMap((one) => one.mistakes)],
  };
}

function readDeclarations(
  key: string,
  entry: Entry | undefined,
): { readonly declarations: Declaration[]; readonly mistakes: Mistake[] } {
  if (entry === undefined || entry.value.kind === "empty" || entry.value.kind === "faulty") {
    return { declarations: [], mistakes: [] };
  }
  const { at, value } = entry;
  if (value.kind !== "map") {
    return {
      declarations: [],
      mistakes: [
        { at, path: key, message: insteadOfMap(value, "must be a map from a resource's name to its inputs.") },
      ],
    };
  }
  const declarations = [...value.entries].map(([name, one]) => ({ ...one, name, path: below(key, name) }));
  const mistakes = declarations.flatMap(({ name, at: where, path }) => {
    const message = problemWithName(name);
    return message === undefined ? [] : [{ at: where, path, message }];
  });
  return { declarations, mistakes };
}

function strayKeys(entries: Mapping["entries"]): Mistake[] {
  return [...entries]
    .filter(([key]) => !FILE_KEYS.includes(key))
    .map(([key, { at }]) => ({
      at,
      path: below("", key),
      message: strayName(key, `is not a part of a fleet file${didYouMean(nearest(key, FILE_KEYS))}`),
    }));
}
