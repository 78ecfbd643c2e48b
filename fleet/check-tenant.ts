import { isPlainObject } from "../provider/text/plain-object";
import { SERVICE_KINDS, type ServiceKind } from "../provider/systems/gateway/service-kinds";
import type { Mistake as InputMistake, Path } from "../provider/resource/mistake";
import { didYouMean, nearest } from "../provider/text/nearest";
import { holdsUnknown, UNKNOWN_VALUE } from "../provider/resource/unknowns";
import { type Properties } from "../provider/resource/properties";
import { checkTenant, readTenantInputs, tenantFields, type TenantInputs } from "../provider/tenant/fields";
import { claimOf } from "../provider/tenant/allocation";
import { claimText } from "../provider/resource/claim";
import {
  coreFields,
  type Declaration,
  EMPTY_VALUE,
  type Fields,
  locateMistake,
  type ReadField,
  readInputs,
} from "./check-inputs";
import type { CheckedDeclaration, Claim } from "./claims";
import { below, type Mistake, type Position } from "./mistake";
import { inputNames } from "./keys";
import { insteadOfMap, strayName } from "./slips";
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
  names: inputNames("tenants"),
  core: coreFields(tenantFields),
  custom: { groupServices: readServices, userServices: readServices },
};

/** Checks one tenant in itself. Its id, where it is not given, is the resource's name. */
export function checkDeclaredTenant(declaration: Declaration): CheckedDeclaration<DeclaredTenant> {
  const { name, path } = declaration;
  const { entries, raw, mistakes } = readInputs(FIELDS, declaration);
  const { inputs, mistakes: found } = checkTenant({ tenantId: name, ...raw });
  const places = new Map(SERVICE_KINDS.flatMap((kind) => servicePlaces(kind, path, entries.get(kind))));
  const all = [
    ...mistakes,
    ...SERVICE_KINDS.flatMap((kind) => partMistakes(below(path, kind), entries.get(kind)?.value)),
    ...found.map((mistake) => locateService(mistake, places) ?? locateId(mistake, declaration, entries)),
  ];
  const read = all.length > 0 || holdsUnknown(inputs) ? undefined : readTenantInputs(inputs);
  return {
    declared: read && { name, inputs: read },
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

/** Where in the file each part of the services is, by its path in the resource's inputs. */
type Places = ReadonlyMap<string, Place>;

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function servicePlaces(kind: ServiceKind, path: string, services: Entry | undefined): (readonly [string, Place])[] {
  if (services === undefined) {
    return [];
  }
  const { at, value } = services;
  const where = below(path, kind);
  const named = (name: string, { at: position, inherited }: Entry): readonly [string, Place] => [
    keyOf([kind, name]),
    { at: position, path: below(where, name), inherited },
  ];
  const listed = (item: Entry, index: number): (readonly [string, Place])[] => {
    const name = item.value.kind === "map" ? item.value.entries.get("name")?.value : undefined;
    return [
      [keyOf([kind, index]), { at: item.at, path: `${where}[${index}]` }],
      ...(name?.kind === "scalar" ? [named(name.text, item)] : []),
    ];
  };
  const parts =
    value.kind === "map"
      ? [...value.entries].map(([name, entry]) => named(name, entry))
      : value.kind === "list"
        ? value.items.flatMap(listed)
        : [];
  return [[keyOf([kind]), { at, path: where }], ...parts];
}

function locateService({ path, message }: InputMistake, places: Places): Mistake | undefined {
  const place = places.get(keyOf(path));
  return place === undefined ? undefined : { at: place.at, path: place.path, message };
}

/** As any other mistake; but an id that the file does not give is the resource's name. */
function locateId(found: InputMistake, declaration: Declaration, entries: Mapping["entries"]): Mistake {
  const mistake = locateMistake(found, declaration, entries);
  return found.path[0] === "tenantId" && !entries.has("tenantId")
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
      const place = places.get(keyOf([kind, service]));
      // Who takes over a service from a profile claims it where it is declared itself.
      return place === undefined
        ? []
        : [
            {
              to: claimText(claimOf(tenantId, kind, service)),
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
    case "scalar": {
      const problem = insteadOfMap(services, "");
      return problem === "" ? { value: coreValue(services, 0) } : { problem };
    }
    case "faulty":
      return { value: coreValue(services, 0) };
  }
}

/** An allocation may be a map of plain values; that one is missing is reported by `partMistakes`. */
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
      return [...services.entries].flatMap(([name, entry]) => emptyMistakes(path, name, entry));
    case "list":
      return services.items.flatMap((item, index) => itemMistakes(`${path}[${index}]`, item));
    default:
      return [];
  }
}

function itemMistakes(path: string, { value }: Entry): Mistake[] {
  return [...(value.kind === "map" ? value.entries : [])].flatMap(([key, entry]) =>
    ITEM_KEYS.includes(key)
      ? emptyMistakes(path, key, entry)
      : [
          {
            at: entry.at,
            path: below(path, key),
            message: `is not a part of {name, allocated}${didYouMean(nearest(key, ITEM_KEYS))}`,
          },
        ],
  );
}

function emptyMistakes(path: string, name: string, { at, value }: Entry): Mistake[] {
  return value.kind === "empty" ? [{ at, path: below(path, name), message: strayName(name, EMPTY_VALUE) }] : [];
}
