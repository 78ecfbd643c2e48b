import type { ServiceKind } from "../../provider/systems/gateway/service-kinds";
import type { Noun } from "../../provider/kinds";
import { type Allocation, pathOf, type ServiceUse } from "../../provider/tenant/allocation";
import type { Headroom } from "./headroom";

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
  /** The object's id, as its resource has it. */
  readonly id: string;
  /** The resource's name in the file. */
  readonly name: string;
  /** `undefined` where the user count of the object itself is meant. */
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
