import { type DeclaredFleet, type DeclaredObjects, fleetOf } from "../fleet/kinds";
import { KINDS, type Noun, type Section, SECTIONS } from "../provider/resources/kinds";
import { SIZED } from "./kinds";
import { propertyOf, type Sizing, type SizingOptions } from "./sizing";
import type { UseByKey } from "./use";

/** A size for each declared value, in the order of the file: its use and the headroom, never below the use. */
export function sizesOf(fleet: DeclaredFleet, useByKey: UseByKey, options: SizingOptions): Sizing[] {
  const sizes = <S extends Section>(section: S, objects: readonly DeclaredObjects[S][]): Sizing[] =>
    objects.flatMap((declared) => SIZED[section].sizesOf(declared, useByKey, options));
  return SECTIONS.flatMap((section) => sizes(section, fleet[section]));
}

/** The fleet with every suggestion in the place of what is declared. */
export function resized(fleet: DeclaredFleet, sizes: readonly Sizing[]): DeclaredFleet {
  const byProperty = new Map(sizes.map((sizing) => [keyOf(sizing.kind, sizing.name, propertyOf(sizing)), sizing]));
  return fleetOf((section) =>
    fleet[section].map((declared) =>
      SIZED[section].resized(
        declared,
        (property) => byProperty.get(keyOf(KINDS[section].noun, declared.name, property))?.suggested,
      ),
    ),
  );
}

function keyOf(kind: Noun, name: string, property: string): string {
  return JSON.stringify([kind, name, property]);
}
