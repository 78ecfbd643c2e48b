import { compareCodePoints } from "../../text/code-points";
import type { GatewayAllocation } from "../../apis/tenant-gateway";
import type { ServiceKind } from "../../apis/service-kinds";
import { SERVICE_KINDS } from "../../apis/service-kinds";

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
