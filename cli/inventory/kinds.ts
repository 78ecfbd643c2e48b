import type { Section } from "../../provider/kinds";
import type { CustomerEntry } from "./customers";
import type { TenantEntry } from "./tenants";

/** An object as a system holds it, by its section. */
export interface HeldObjects {
  readonly customers: CustomerEntry;
  readonly tenants: TenantEntry;
}

/** What the systems hold. */
export type HeldFleet = { readonly [S in Section]: readonly HeldObjects[S][] };
