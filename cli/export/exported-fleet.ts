import type { HeldFleet, HeldObjects } from "../inventory/kinds";
import { type Section, SECTIONS } from "../../provider/kinds";
import { compareCodePoints } from "../../provider/text/code-points";
import { exportCustomers } from "./export-customers";
import { exportTenants } from "./export-tenants";
import type { ExportChoice, ExportedKind, ExportedObject, LeftOut, Undeclarable } from "./exported-object";

/** The objects of a kind as they are to be declared. */
type Export<S extends Section> = (held: readonly HeldObjects[S][], choice: ExportChoice) => ExportedKind;

const EXPORT: { readonly [S in Section]: Export<S> } = { customers: exportCustomers, tenants: exportTenants };

/** The systems as a fleet, each section by name. */
export interface ExportedFleet extends Omit<ExportedKind, "objects"> {
  readonly sections: ReadonlyMap<Section, readonly ExportedObject[]>;
}

/** The fleet that declares just what is there: a pure function, the same for the same systems. */
export function toFleet(held: HeldFleet, choice: ExportChoice): ExportedFleet {
  const exported = <S extends Section>(section: S, objects: readonly HeldObjects[S][]): ExportedKind =>
    EXPORT[section](objects, choice);
  const kinds = SECTIONS.map((section) => [section, exported(section, held[section])] as const);
  const all = <T>(of: (kind: ExportedKind) => readonly T[]): T[] => kinds.flatMap(([, kind]) => of(kind));
  return {
    sections: new Map(
      kinds.map(([section, { objects }]) => [section, [...objects].sort((a, b) => compareCodePoints(a.name, b.name))]),
    ),
    undeclarable: all<Undeclarable>(({ undeclarable }) => undeclarable).sort(
      (a, b) => compareCodePoints(a.title, b.title) || compareCodePoints(a.id, b.id),
    ),
    leftOut: all<LeftOut>(({ leftOut }) => leftOut).sort((a, b) => compareCodePoints(a.what, b.what)),
    notes: all(({ notes }) => notes),
  };
}
