import { type DeclaredFleet, type DeclaredObjects, type DeclaredValue, FLEET_KINDS, fleetOf } from "../../fleet/kinds";
import { KINDS, type Noun, type Section, SECTIONS } from "../../provider/kinds";
import { mostInUse, type ServiceUse } from "../../provider/tenant/allocation";
import { withHeadroom } from "./headroom";
import type { Sizing, SizingOptions } from "./sizing";
import { type UseByKey, useKey } from "./use";

/** A size for each declared value, in the order of the file: its use and the headroom, never below the use. */
export function sizesOf(fleet: DeclaredFleet, useByKey: UseByKey, options: SizingOptions): Sizing[] {
  return SECTIONS.flatMap((section) => sizesOfSection(section, fleet[section], useByKey, options));
}

function sizesOfSection<S extends Section>(
  section: S,
  objects: readonly DeclaredObjects[S][],
  useByKey: UseByKey,
  options: SizingOptions,
): Sizing[] {
  const { idOf, valuesOf } = FLEET_KINDS[section];
  return objects.flatMap((object) => {
    const id = idOf(object);
    return valuesOf(object).map((value): Sizing => {
      const [[kind, name], declared] = value;
      const service = kind === undefined || name === undefined ? undefined : { kind, name };
      const use = useByKey.get(useKey(id, ...value[0]));
      const suggestion = suggested(value, use, options);
      return { kind: KINDS[section].noun, id, name: object.name, service, declared, use, ...suggestion };
    });
  });
}

function suggested(
  [service, declared]: DeclaredValue,
  use: ServiceUse | undefined,
  { headroom, includeUnlimited }: SizingOptions,
): Pick<Sizing, "suggested" | "kept"> {
  if (declared === "unlimited" && !includeUnlimited) {
    return { suggested: declared, kept: "unlimited" };
  }
  if (use === undefined) {
    return { suggested: declared, kept: "unknown use" };
  }
  if (declared === 0 && mostInUse(use) === 0) {
    // Not licensed on purpose: a headroom of 5 is none for it.
    return { suggested: declared, kept: "not licensed" };
  }
  // Neither the platform nor the fleet file knows a licence for no user.
  const least = service.length === 0 ? 1 : 0;
  return { suggested: Math.max(least, withHeadroom(mostInUse(use), headroom)), kept: undefined };
}

/** The fleet with every suggestion in the place of what is declared. */
export function resized(fleet: DeclaredFleet, sizes: readonly Sizing[]): DeclaredFleet {
  const suggestions = new Map(
    sizes.map(({ kind, name, service, suggested: value }) => [
      keyOf(kind, name, service === undefined ? [] : [service.kind, service.name]),
      value,
    ]),
  );
  return fleetOf((section) =>
    fleet[section].map((object) =>
      FLEET_KINDS[section].withValues(
        object,
        (service, declared) => suggestions.get(keyOf(KINDS[section].noun, object.name, service)) ?? declared,
      ),
    ),
  );
}

function keyOf(kind: Noun, name: string, service: DeclaredValue[0]): string {
  return JSON.stringify([kind, name, ...service]);
}
