import type { DeclaredObjects } from "../fleet/kinds";
import type { ConnectedSystems } from "../inventory/systems";
import type { Section } from "../provider/resources/kinds";
import type { Allocation } from "../provider/resources/tenant-service-licenses/allocation";
import { resizedCustomer, sizesOfCustomer } from "./size-customer";
import { resizedTenant, sizesOfTenant } from "./size-tenant";
import type { Sizing, SizingOptions } from "./sizing";
import type { KeyedUse, UseByKey } from "./use";
import { useOfCustomers } from "./use-of-customers";
import { useOfTenants } from "./use-of-tenants";

/** What is particular to a kind of object. */
interface SizedKind<S extends Section> {
  /** A size for each value that an object declares. */
  readonly sizesOf: (declared: DeclaredObjects[S], use: UseByKey, options: SizingOptions) => Sizing[];
  /** An object with what `suggested` gives for a property in the place of what it declares. */
  readonly resized: (
    declared: DeclaredObjects[S],
    suggested: (property: string) => Allocation | undefined,
  ) => DeclaredObjects[S];
  /**
   * The licences in use of the objects with these ids.
   * @throws {Error} with a line for each object that cannot be read.
   */
  readonly readUse: (
    ids: readonly string[],
    systems: ConnectedSystems,
    signal: AbortSignal,
    onRead: () => void,
  ) => Promise<KeyedUse>;
}

export const SIZED: { readonly [S in Section]: SizedKind<S> } = {
  customers: { sizesOf: sizesOfCustomer, resized: resizedCustomer, readUse: useOfCustomers },
  tenants: { sizesOf: sizesOfTenant, resized: resizedTenant, readUse: useOfTenants },
};
