import { isPlainObject } from "../provider/plain-object";
import { SERVICE_KINDS, type ServiceKind } from "../provider/apis/service-kinds";
import type { CheckFailure } from "../provider/resources/check-fields";
import { didYouMean, nearest } from "../provider/text/nearest";
import { holdsUnknown, UNKNOWN_VALUE } from "../provider/run/unknowns";
import { type Properties } from "../provider/run/properties";
import { pathOf } from "../provider/resources/tenant-service-licenses/allocation";
import {
  checkTenant,
  readTenantInputs,
  type TenantInputs,
} from "../provider/resources/tenant-service-licenses/arguments";
import { claimOf } from "../provider/resources/tenant-service-licenses/claim";
import { type Declaration, EMPTY_VALUE, type Fields, locateFailure, type ReadField, readInputs } from "./check-inputs";
import type { CheckedDeclaration, Claim } from "./claims";
import { below, type Mistake, type Position } from "./mistake";
import { FLEET_KEYS } from "./schema";
import { coreValue, type Entry, type Mapping, type Tree } from "./tree";

/** A tenant of a fleet file, checked. */
export interface DeclaredTenant {
  /** The resource's name. */
  readonly name: string;
  /** Its inputs in their normal form. */
  readonly inputs: TenantInputs;
}

const FIELDS: Fields = {
  noun: "a tenant",
  names: FLEET_KEYS.tenant,
  core: new Set(["allowBelowUse", "allowUnlisted"]),
  custom: { groupServices: readServices, userServices: readServices },
};

/** Checks one tenant in itself. Its id, where it is not given, is the resource's name. */
export function checkDeclaredTenant(declaration: Declaration): CheckedDeclaration<DeclaredTenant> {
  const { name, path } = declaration;
  const { entries, raw, mistakes } = readInputs(FIELDS, declaration);
  const { inputs, failures } = checkTenant({ tenantId: name, ...raw });
  const places = new Map(SERVICE_KINDS.flatMap((kind) => servicePlaces(kind, path, entries.get(kind))));
  const all = [
    ...mistakes,
    ...SERVICE_KINDS.flatMap((kind) => partMistakes(below(path, kind), entries.get(kind)?.value)),
    ...failures.map((failure) => locateService(failure, places) ?? locateId(failure, declaration, entries)),
  ];
  return {
    declared: all.length > 0 || holdsUnknown(inputs) ? undefined : { name, inputs: readTenantInputs(inputs) },
    claims: claimsOf(inputs, places, declaration),
    mistakes: all,
  };
}

interface Place {
  readonly at: Position;
  /** Taken over from a profile. */
  readonly inherited?: true | undefined;
  readonly path: string;
}

/** By the path that the resource's own check puts before what it says about a service: where in the file that is. */
type Places = ReadonlyMap<string, Place>;

function servicePlaces(kind: ServiceKind, path: string, services: Entry | undefined): (readonly [string, Place])[] {
  if (services === undefined) {
    return [];
  }
  const { at, value } = services;
  const where = below(path, kind);
  const named = (name: string, { at: position, inherited }: Entry): (readonly [string, Place])[] => {
    const place = { at: position, path: below(where, name), inherited };
    // In the second form where something is wrong with the name itself.
    return [
      [pathOf(kind, name), place],
      [pathOf(kind, JSON.stringify(name.slice(0, 100))), place],
    ];
  };
  const listed = (item: Entry, index: number): (readonly [string, Place])[] => {
    const name = item.value.kind === "map" ? item.value.entries.get("name")?.value : undefined;
    return [
      [`${kind}[${index}]`, { at: item.at, path: `${where}[${index}]` }],
      ...(name?.kind === "scalar" ? named(name.text, item) : []),
    ];
  };
  const parts =
    value.kind === "map"
      ? [...value.entries].flatMap(([name, entry]) => named(name, entry))
      : value.kind === "list"
        ? value.items.flatMap(listed)
        : [];
  return [[kind, { at, path: where }], ...parts];
}

function locateService({ property, reason }: CheckFailure, places: Places): Mistake | undefined {
  const [prefix, place] =
    [...places]
      .filter(([start]) => property === "" && reason.startsWith(`${start}: `))
      .sort(([a], [b]) => b.length - a.length)[0] ?? [];
  return prefix === undefined || place === undefined
    ? undefined
    : { at: place.at, path: place.path, message: reason.slice(prefix.length + ": ".length) };
}

/** As any other failure; but an id that the file does not give is the resource's name. */
function locateId(failure: CheckFailure, declaration: Declaration, entries: Mapping["entries"]): Mistake {
  const mistake = locateFailure(failure, declaration, entries);
  return failure.property === "tenantId" && !entries.has("tenantId")
    ? { ...mistake, message: `${mistake.message} The resource's name cannot stand for it: give tenantId.` }
    : mistake;
}

function claimsOf(inputs: Properties, places: Places, declaration: Declaration): Claim[] {
  const { tenantId } = inputs;
  if (typeof tenantId !== "string" || tenantId === UNKNOWN_VALUE) {
    return [];
  }
  return SERVICE_KINDS.flatMap((kind) => {
    const services = inputs[kind];
    return (isPlainObject(services) ? Object.keys(services) : []).flatMap((service) => {
      const place = places.get(pathOf(kind, service));
      // Who takes over a service from a profile claims it where it is declared itself.
      return place === undefined
        ? []
        : [
            {
              to: claimOf(tenantId, kind, service),
              at: place.inherited === true ? declaration.at : place.at,
              path: place.path,
            },
          ];
    });
  });
}

/** Services for the resource's own check: names as they are written, allocations by YAML's core rules. */
function readServices(services: Tree): ReadField {
  switch (services.kind) {
    case "empty":
      return { value: undefined };
    case "map":
      return {
        value: Object.fromEntries([...services.entries].map(([name, { value }]) => [name, readAllocation(value)])),
      };
    case "list":
      return { value: services.items.map(({ value }) => readItem(value)) };
    case "scalar":
    case "faulty":
      return { value: coreValue(services, 0) };
  }
}

/** An allocation may be a map of plain values; that one is missing is told by `partMistakes`. */
function readAllocation(allocation: Tree): unknown {
  return allocation.kind === "empty" ? UNKNOWN_VALUE : coreValue(allocation, 1);
}

function readItem(item: Tree): unknown {
  if (item.kind !== "map") {
    return coreValue(item, 0);
  }
  const name = item.entries.get("name")?.value;
  const allocated = item.entries.get("allocated")?.value;
  return {
    ...(name === undefined ? {} : { name: readName(name) }),
    ...(allocated === undefined ? {} : { allocated: readAllocation(allocated) }),
  };
}

function readName(name: Tree): unknown {
  return name.kind === "scalar" ? name.text : name.kind === "empty" ? UNKNOWN_VALUE : coreValue(name, 0);
}

const ITEM_KEYS = ["name", "allocated"];

/** What the resource's own check, which is also given what the API itself returned, would let pass. */
function partMistakes(path: string, services: Tree | undefined): Mistake[] {
  switch (services?.kind) {
    case "map":
      return [...services.entries].flatMap(([name, entry]) => emptyMistakes(below(path, name), entry));
    case "list":
      return services.items.flatMap((item, index) => itemMistakes(`${path}[${index}]`, item));
    default:
      return [];
  }
}

function itemMistakes(path: string, { value }: Entry): Mistake[] {
  return [...(value.kind === "map" ? value.entries : [])].flatMap(([key, entry]) =>
    ITEM_KEYS.includes(key)
      ? emptyMistakes(below(path, key), entry)
      : [
          {
            at: entry.at,
            path: below(path, key),
            message: `is not a part of {name, allocated}${didYouMean(nearest(key, ITEM_KEYS))}`,
          },
        ],
  );
}

function emptyMistakes(path: string, { at, value }: Entry): Mistake[] {
  return value.kind === "empty" ? [{ at, path, message: EMPTY_VALUE }] : [];
}
