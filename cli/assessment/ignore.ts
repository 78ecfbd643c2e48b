import { type DeclaredFleet, type DeclaredObjects, FLEET_KINDS } from "../../fleet/kinds";
import { fitsAny } from "../inventory/pattern";
import { nearest } from "../../provider/text/nearest";
import { KINDS, type Noun, type Section, SECTIONS } from "../../provider/kinds";
import type { AssessedObject, Assessment, UnmanagedObject } from "./assessment";

/**
 * Leaves out what matches one of `patterns`, in which `*` stands for any text and `?` for one character: differences by
 * `tenants.foo.groupServices.Hunt Group`, objects with all their differences by `tenants.foo`, unmanaged ones by
 * `unmanaged.tenants.<name or id>`.
 */
export function ignoring(assessment: Assessment, patterns: readonly string[]): Assessment {
  const isIgnored = fitsAny(patterns);
  const objects = assessment.objects.map((object) => ({ object, kept: keptOf(object, isIgnored) }));
  const isUnmanaged = (object: UnmanagedObject): boolean => !unmanagedNames(object).some(isIgnored);
  return {
    ...assessment,
    objects: objects.flatMap(({ kept }) => kept ?? []),
    unmanaged: assessment.unmanaged.filter(isUnmanaged),
    ignored: [
      ...objects.flatMap(({ object, kept }) => (kept === undefined ? [object] : [])),
      ...assessment.unmanaged.filter((object) => !isUnmanaged(object)),
    ].map(({ kind, id, name }) => ({ kind, id, name })),
  };
}

/** What is left of an object: `undefined` where it is ignored itself, or in all that differs. */
function keptOf(object: AssessedObject, isIgnored: (name: string) => boolean): AssessedObject | undefined {
  const { kind, name } = object;
  if (isIgnored(nameOf(kind, name, ""))) {
    return undefined;
  }
  const differences = object.differences.filter(
    ({ property }) => property === null || !isIgnored(nameOf(kind, name, property)),
  );
  return differences.length === 0 && object.differences.length > 0 ? undefined : { ...object, differences };
}

/** A pattern that leaves out nothing, and names that were perhaps meant. */
export interface IdlePattern {
  readonly pattern: string;
  readonly meant: readonly string[];
}

/**
 * The patterns that match nothing: no object of the fleet and nothing that it declares, whether that differs now or not, and nothing
 * unmanaged. Where not all that is unmanaged was looked at, patterns for that are taken on trust.
 */
export function idlePatterns(
  { objects, unmanaged }: Assessment,
  patterns: readonly string[],
  fleet: DeclaredFleet,
  isWhole: boolean,
): IdlePattern[] {
  const known = [
    ...SECTIONS.flatMap((section) => declaredNames(section, fleet[section])),
    ...objects.flatMap(({ kind, name, differences }) =>
      differences.map(({ property }) => nameOf(kind, name, property ?? "")),
    ),
    ...unmanaged.flatMap(unmanagedNames),
  ];
  return patterns
    .filter((pattern) => !known.some(fitsAny([pattern])) && (isWhole || !/^(?:unmanaged\.|[*?])/.test(pattern)))
    .map((pattern) => ({ pattern, meant: meantBy(pattern, known) }));
}

function declaredNames<S extends Section>(section: S, objects: readonly DeclaredObjects[S][]): string[] {
  return objects.flatMap((declared) =>
    ["", ...FLEET_KINDS[section].propertiesOf(declared)].map((property) =>
      nameOf(KINDS[section].noun, declared.name, property),
    ),
  );
}

/** Where a pattern matches after a prefix, the same with that; else names like it. */
function meantBy(pattern: string, known: readonly string[]): string[] {
  const prefixed = PREFIXES.map((prefix) => `${prefix}${pattern}`).filter((one) => known.some(fitsAny([one])));
  if (prefixed.length > 0 || /[*?]/.test(pattern)) {
    return prefixed;
  }
  const prefix = KIND_PREFIXES.find((one) => pattern.startsWith(one)) ?? "";
  const rests = known.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  return nearest(pattern.slice(prefix.length), rests).map((rest) => `${prefix}${rest}`);
}

/** The kind of which there are most first. */
const DECLARED = [...SECTIONS].reverse().map((section) => `${section}.`);
const UNMANAGED = DECLARED.map((prefix) => `unmanaged.${prefix}`);
const KIND_PREFIXES = [...DECLARED, ...UNMANAGED];
const PREFIXES = [...DECLARED, "unmanaged.", ...UNMANAGED];

function nameOf(kind: Noun, name: string, property: string): string {
  return `${kind}s.${name}${property === "" ? "" : `.${property}`}`;
}

function unmanagedNames({ kind, id, name }: UnmanagedObject): string[] {
  return [id, name].map((text) => `unmanaged.${kind}s.${text}`);
}
