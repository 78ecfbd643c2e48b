import type { HeldObjects } from "../inventory/kinds";
import type { Section } from "../provider/resources/kinds";
import { exportCustomers } from "./export-customers";
import { exportTenants } from "./export-tenants";
import type { ExportChoice, ExportedKind } from "./exported-object";

/** The objects of a kind as they are to be declared. */
type Export<S extends Section> = (held: readonly HeldObjects[S][], choice: ExportChoice) => ExportedKind;

export const EXPORT: { readonly [S in Section]: Export<S> } = { customers: exportCustomers, tenants: exportTenants };
