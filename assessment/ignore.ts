import type { DeclaredFleet } from "../fleet/check-fleet";
import { fitsAny } from "../inventory/pattern";
import { eachService, pathOf } from "../provider/resources/tenant-service-licenses/allocation";
import type { AssessedObject, Assessment, ObjectKind, UnmanagedObject } from "./assessment";

/**
 * Leaves out what fits one of `patterns`, in which `*` stands for any text and `?` for one character: differences by `customers.contoso.licensedUsersCount` or
 * `tenants.foo.groupServices.Hunt Group`, objects with all their differences by `customers.contoso`, unmanaged ones by
 * `unmanaged.customers.<full name or GUID>`.
 */
export function ignoring(assessment: Assessment, patterns: readonly string[]): Assessment {
  const ignored = fitsAny(patterns);
  const isObject = ({ kind, name }: AssessedObject): boolean => ignored(`${kind}s.${name}`);
  const isUnmanaged = (object: UnmanagedObject): boolean => unmanagedNames(object).some(ignored);
  return {
    ...assessment,
    objects: assessment.objects.map((object) => {
      const kept = isObject(object)
        ? []
        : object.differences.filter(({ property }) =>
            property === null ? true : !ignored(`${object.kind}s.${object.name}.${property}`),
          );
      return kept.length === 0
        ? { ...object, differences: [], calls: [], refusals: [] }
        : { ...object, differences: kept };
    }),
    unmanaged: assessment.unmanaged.filter((object) => !isUnmanaged(object)),
  };
}

/**
 * The patterns that fit nothing: no object of the fleet and nothing that it declares, whether that differs now or not, and nothing
 * unmanaged. Where not all that is unmanaged was looked at, patterns for that are taken on trust.
 */
export function idlePatterns(
  { objects, unmanaged }: Assessment,
  patterns: readonly string[],
  { customers, tenants }: DeclaredFleet,
  isWhole: boolean,
): string[] {
  const known = [
    ...customers.flatMap(({ name, inputs }) =>
      ["", ...Object.keys(inputs)].map((key) => nameOf("customer", name, key)),
    ),
    ...tenants.flatMap(({ name, inputs }) =>
      ["", ...[...eachService(inputs.services)].map(([kind, service]) => pathOf(kind, service))].map((key) =>
        nameOf("tenant", name, key),
      ),
    ),
    ...objects.flatMap(({ kind, name, differences }) =>
      differences.map(({ property }) => nameOf(kind, name, property ?? "")),
    ),
    ...unmanaged.flatMap(unmanagedNames),
  ];
  return patterns.filter(
    (pattern) => !known.some(fitsAny([pattern])) && (isWhole || !/^(?:unmanaged\.|[*?])/.test(pattern)),
  );
}

function nameOf(kind: ObjectKind, name: string, property: string): string {
  return `${kind}s.${name}${property === "" ? "" : `.${property}`}`;
}

function unmanagedNames({ kind, id, name }: UnmanagedObject): string[] {
  return [id, name].map((text) => `unmanaged.${kind}s.${text}`);
}
