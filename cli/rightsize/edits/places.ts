import { SERVICE_KINDS, type ServiceKind } from "../../../provider/systems/gateway/service-kinds";
import { KINDS, SECTIONS } from "../../../provider/kinds";
import type { Allocation } from "../../../provider/tenant/allocation";
import type { Position } from "../../../fleet/mistake";
import { placeKey, resolveProfiles } from "../../../fleet/profiles";
import { asServiceMap } from "../../../fleet/service-maps";
import type { Entry, Mapping, Tree } from "../../../fleet/tree";
import { propertyOf, type Sizing } from "../sizing";

/** What one file is to say at one place: the value that stands there, or another. */
export interface PlacedValue {
  readonly at: Position;
  readonly value: Allocation;
}

/** Values that an object is to give itself, because it shares the place that it takes them from. */
export interface Override {
  /** Where the object is declared. */
  readonly at: Position;
  readonly licensedUsersCount: number | undefined;
  readonly services: Readonly<Record<ServiceKind, ReadonlyMap<string, Allocation>>>;
}

/** How suggestions get into the files. */
export interface Placement {
  /** Every place of a declared value, also those that keep theirs. */
  readonly values: readonly PlacedValue[];
  readonly overrides: readonly Override[];
}

interface Located {
  readonly sizing: Sizing;
  readonly at: Position;
  /** Where the object is declared that has the value. */
  readonly objectAt: Position;
  readonly isInherited: boolean;
}

/**
 * Where each suggestion is to be written. A value that several objects take from one place, such as a profile, changes there where they
 * all agree; else each that differs says it itself.
 *
 * @param file The fleet file as read, before profiles.
 */
export function placementOf(file: Mapping["entries"], sizes: readonly Sizing[]): Placement {
  const byPlace = new Map<string, [Located, ...Located[]]>();
  for (const located of locate(resolveProfiles(file).entries, sizes)) {
    const key = placeKey(located.at);
    const others = byPlace.get(key);
    if (others === undefined) {
      byPlace.set(key, [located]);
    } else {
      others.push(located);
    }
  }
  const values: PlacedValue[] = [];
  const differing: Located[] = [];
  for (const takers of byPlace.values()) {
    const [first] = takers;
    const agree = takers.every(({ sizing }) => sizing.suggested === first.sizing.suggested);
    const owner = agree ? first : takers.find(isOwner);
    const value = owner === undefined ? first.sizing.declared : owner.sizing.suggested;
    values.push({ at: first.at, value });
    differing.push(...takers.filter(({ sizing }) => sizing.suggested !== value));
  }
  return { values, overrides: overridesOf(differing) };
}

/** Whether a value that others take by an alias stands where its own object is declared: an alias comes behind its anchor. */
function isOwner({ at, objectAt, isInherited }: Located): boolean {
  const isBefore = objectAt.line < at.line || (objectAt.line === at.line && objectAt.column < at.column);
  return !isInherited && objectAt.file === at.file && isBefore;
}

function locate(resolved: Mapping["entries"], sizes: readonly Sizing[]): Located[] {
  const sections = new Map(
    SECTIONS.map((section) => [KINDS[section].noun, entriesOf(resolved.get(section)?.value)] as const),
  );
  return sizes.map((sizing) => {
    const object = sections.get(sizing.kind)?.get(sizing.name);
    const inputs = entriesOf(object?.value);
    const { service } = sizing;
    const entry: Entry | undefined =
      service === undefined
        ? inputs.get("licensedUsersCount")
        : servicesOf(inputs.get(service.kind)?.value).get(service.name);
    if (object === undefined || entry === undefined) {
      throw new Error(`${sizing.kind} ${sizing.name} has no ${propertyOf(sizing)}`);
    }
    return { sizing, at: entry.at, objectAt: object.at, isInherited: entry.inherited === true };
  });
}

function entriesOf(tree: Tree | undefined): Mapping["entries"] {
  return tree?.kind === "map" ? tree.entries : new Map();
}

function servicesOf(tree: Tree | undefined): Mapping["entries"] {
  return (tree === undefined ? undefined : asServiceMap(tree)) ?? new Map<string, Entry>();
}

function overridesOf(differing: readonly Located[]): Override[] {
  const byObject = new Map<string, { readonly at: Position; readonly sizes: Sizing[] }>();
  for (const { sizing, objectAt } of differing) {
    const key = `${sizing.kind} ${placeKey(objectAt)}`;
    const known = byObject.get(key) ?? { at: objectAt, sizes: [] };
    known.sizes.push(sizing);
    byObject.set(key, known);
  }
  return [...byObject.values()].map(({ at, sizes }) => {
    const count = sizes.find(({ service }) => service === undefined)?.suggested;
    const servicesOfKind = (kind: ServiceKind): ReadonlyMap<string, Allocation> =>
      new Map(
        sizes.flatMap(({ service, suggested }) => (service?.kind === kind ? [[service.name, suggested] as const] : [])),
      );
    const [group, user] = SERVICE_KINDS;
    return {
      at,
      licensedUsersCount: typeof count === "number" ? count : undefined,
      services: { [group]: servicesOfKind(group), [user]: servicesOfKind(user) },
    };
  });
}
