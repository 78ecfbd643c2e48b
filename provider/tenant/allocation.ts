import { compareCodePoints } from "../text/code-points";
import type { GatewayAllocation } from "../systems/gateway/client";
import { SERVICE_KINDS, type ServiceKind } from "../systems/gateway/service-kinds";
import type { Claim } from "../resource/claim";

/** How many licences of a service a tenant has: `"unlimited"`, or a maximum from 0 (not licensed) to 2147483647. */
export type Allocation = "unlimited" | number;

/** Allocations by service name, of one kind. */
type Allocations = ReadonlyMap<string, Allocation>;

/** Allocations by kind and service name. */
export type ServiceAllocations = Readonly<Record<ServiceKind, Allocations>>;

/** An allocation as the gateway writes it. */
export function toGateway(allocation: Allocation): GatewayAllocation {
  return allocation === "unlimited" ? { unlimited: true } : { unlimited: false, maximum: allocation };
}

/** An allocation of the gateway in its normal form. */
export function fromGateway(allocation: GatewayAllocation): Allocation {
  return allocation.unlimited ? "unlimited" : allocation.maximum;
}

/** A record with one value for each kind. */
export function byKind<T>(make: (kind: ServiceKind) => T): Record<ServiceKind, T> {
  return { groupServices: make("groupServices"), userServices: make("userServices") };
}

/** No service of either kind. */
export const NO_SERVICES: ServiceAllocations = byKind(() => new Map());

/** Which service is meant: its kind and its name. */
export type ServiceRef = readonly [ServiceKind, string];

/** Every service of both kinds, group services first, each kind by code point. */
export function* eachService<T>(
  services: Readonly<Record<ServiceKind, ReadonlyMap<string, T>>>,
): Generator<readonly [ServiceKind, string, T]> {
  for (const kind of SERVICE_KINDS) {
    for (const [name, value] of [...services[kind]].sort(([a], [b]) => compareCodePoints(a, b))) {
      yield [kind, name, value];
    }
  }
}

/** How a service is named in claims: `groupServices.Hunt Group`. */
export function pathOf(kind: ServiceKind, name: string): string {
  return `${kind}.${name}`;
}

/** The claim to a tenant's service; `null` for an id or a name that is not known yet. */
export function claimOf(tenantId: string | null, kind: ServiceKind, name: string | null): Claim {
  return ["tenant", tenantId, name === null ? null : pathOf(kind, name)];
}

/** How much of a service is in use. The gateway reports two figures; whether the first includes the second is documented nowhere. */
export interface ServiceUse {
  /** `currentlyAllocated`; 0 where the gateway shows none. */
  readonly inUse: number;
  /** `packsAllocated`: what service packs hand out; 0 where the gateway shows none. */
  readonly inPacks: number;
}

/** At least so many licences are in use: no maximum may go below. */
export function leastInUse({ inUse, inPacks }: ServiceUse): number {
  return Math.max(inUse, inPacks);
}

/** At most so many licences are in use. To suggest a size from: too many only cost money, too few cut off telephones. */
export function mostInUse({ inUse, inPacks }: ServiceUse): number {
  return inUse + inPacks;
}

/** The figure that counts, then the other one: `7 handed out by service packs (2 in use)`. Without packs, just `2 in use`. */
export function useInWords({ inUse, inPacks }: ServiceUse, inUseMeans: "allocated now" | "in use"): string {
  if (inPacks === 0) {
    return `${inUse} ${inUseMeans}`;
  }
  return inPacks > inUse
    ? `${inPacks} handed out by service packs (${inUse} ${inUseMeans})`
    : `${inUse} ${inUseMeans} (service packs hand out ${inPacks})`;
}
