import type { DeclaredFleet } from "../fleet/kinds";
import type { ServiceKind } from "../provider/apis/service-kinds";
import type { Noun } from "../provider/resources/kinds";
import {
  type Allocation,
  eachService,
  mostInUse,
  pathOf,
  type ServiceUse,
} from "../provider/resources/tenant-service-licenses/allocation";
import { type Headroom, withHeadroom } from "./headroom";
import { customerKey, serviceKey, type UseByKey } from "./use";

/** A service of a tenant. */
interface Service {
  readonly kind: ServiceKind;
  readonly name: string;
}

/** Why a value is left as it is, whatever the headroom. */
type Kept = "unlimited" | "unknown use" | "not licensed";

/** One declared user count or allocation, and what its use suggests. */
export interface Sizing {
  readonly kind: Noun;
  /** The customer's GUID, or the tenant's id. */
  readonly id: string;
  /** The resource's name in the file. */
  readonly name: string;
  /** `undefined` for a customer, of which the user count is meant. */
  readonly service: Service | undefined;
  readonly declared: Allocation;
  /** `undefined` where no system shows it. */
  readonly use: ServiceUse | undefined;
  readonly suggested: Allocation;
  readonly kept: Kept | undefined;
}

/** How sizes are suggested. */
export interface SizingOptions {
  readonly headroom: Headroom;
  /** Also suggest a limit for services that are declared `unlimited`. */
  readonly includeUnlimited: boolean;
}

/** A size for each declared value, in the order of the file: its use and the headroom, never below the use. */
export function sizesOf({ customers, tenants }: DeclaredFleet, useByKey: UseByKey, options: SizingOptions): Sizing[] {
  return [
    ...customers.map(({ name, inputs: { customerGuid, licensedUsersCount } }): Sizing => {
      const use = useByKey.get(customerKey(customerGuid));
      const base = { kind: "customer" as const, id: customerGuid, name, service: undefined, use };
      return use === undefined
        ? { ...base, declared: licensedUsersCount, suggested: licensedUsersCount, kept: "unknown use" }
        : {
            ...base,
            declared: licensedUsersCount,
            // Neither the platform nor the fleet file knows a licence for no user.
            suggested: Math.max(1, withHeadroom(mostInUse(use), options.headroom)),
            kept: undefined,
          };
    }),
    ...tenants.flatMap(({ name, inputs: { tenantId, services } }) =>
      [...eachService(services)].map(([kind, service, declared]): Sizing => {
        const use = useByKey.get(serviceKey(tenantId, kind, service));
        const suggestion = suggestedAllocation(declared, use, options);
        return { kind: "tenant", id: tenantId, name, service: { kind, name: service }, declared, use, ...suggestion };
      }),
    ),
  ];
}

function suggestedAllocation(
  declared: Allocation,
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
  return { suggested: withHeadroom(mostInUse(use), headroom), kept: undefined };
}

/** Whether another value is suggested than the declared one. */
export function isChange({ declared, suggested }: Sizing): boolean {
  return declared !== suggested;
}

/** How many licences a change adds; negative where it frees some; `undefined` where a service gets a limit. */
export function unitsOf({ declared, suggested }: Sizing): number | undefined {
  return typeof declared === "number" && typeof suggested === "number" ? suggested - declared : undefined;
}

/** The name of the input: `licensedUsersCount`, `groupServices.Hunt Group`. */
export function propertyOf({ service }: Sizing): string {
  return service === undefined ? "licensedUsersCount" : pathOf(service.kind, service.name);
}

/** What all changes come to. */
export interface SizingTotals {
  readonly values: number;
  readonly changes: number;
  /** Licences that lower values free, and that higher ones add. */
  readonly freed: number;
  readonly added: number;
  /** Services without a limit that get one. */
  readonly limited: number;
  /** Services whose suggestion counts what service packs hand out beside what is in use. */
  readonly packed: number;
  readonly kept: Readonly<Record<Kept, number>>;
}

export function totalsOf(sizes: readonly Sizing[]): SizingTotals {
  const units = sizes.map((sizing) => unitsOf(sizing) ?? 0);
  const kept = (why: Kept): number => sizes.filter((sizing) => sizing.kept === why).length;
  return {
    values: sizes.length,
    changes: sizes.filter(isChange).length,
    freed: units.reduce((sum, one) => sum + Math.max(0, -one), 0),
    added: units.reduce((sum, one) => sum + Math.max(0, one), 0),
    limited: sizes.filter((sizing) => isChange(sizing) && sizing.declared === "unlimited").length,
    packed: sizes.filter(({ use, kept: why }) => why === undefined && use !== undefined && use.inPacks > 0).length,
    kept: {
      unlimited: kept("unlimited"),
      "unknown use": kept("unknown use"),
      "not licensed": kept("not licensed"),
    },
  };
}

/** The fleet with every suggestion in the place of what is declared. */
export function resized({ customers, tenants }: DeclaredFleet, sizes: readonly Sizing[]): DeclaredFleet {
  const byProperty = new Map(sizes.map((sizing) => [keyOf(sizing.kind, sizing.name, propertyOf(sizing)), sizing]));
  return {
    customers: customers.map((customer) => {
      const suggested = byProperty.get(keyOf("customer", customer.name, "licensedUsersCount"))?.suggested;
      return typeof suggested === "number"
        ? { ...customer, inputs: { ...customer.inputs, licensedUsersCount: suggested } }
        : customer;
    }),
    tenants: tenants.map((tenant) => {
      const resizedKind = (kind: ServiceKind): ReadonlyMap<string, Allocation> =>
        new Map(
          [...tenant.inputs.services[kind]].map(([service, declared]) => [
            service,
            byProperty.get(keyOf("tenant", tenant.name, pathOf(kind, service)))?.suggested ?? declared,
          ]),
        );
      const services = { groupServices: resizedKind("groupServices"), userServices: resizedKind("userServices") };
      return { ...tenant, inputs: { ...tenant.inputs, services } };
    }),
  };
}

function keyOf(kind: Noun, name: string, property: string): string {
  return JSON.stringify([kind, name, property]);
}
