import { fitsAny } from "../inventory/pattern";
import type { AssessedObject, Assessment, UnmanagedObject } from "./assessment";

/**
 * Leaves out what fits one of `patterns`, in which `*` stands for any text and `?` for one character: differences by `customers.contoso.licensedUsersCount` or
 * `tenants.foo.groupServices.Hunt Group`, objects with all their differences by `customers.contoso`, unmanaged ones by
 * `unmanaged.customers.<full name or GUID>`.
 */
export function ignoring(assessment: Assessment, patterns: readonly string[]): Assessment {
  const ignored = fitsAny(patterns);
  const isObject = ({ kind, name }: AssessedObject): boolean => ignored(`${kind}s.${name}`);
  const isUnmanaged = ({ kind, id, name }: UnmanagedObject): boolean =>
    [id, name].some((text) => ignored(`unmanaged.${kind}s.${text}`));
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
