import type { TenantEntry } from "../inventory/tenants";
import type { ServiceKind } from "../../provider/systems/gateway/service-kinds";
import {
  type Allocation,
  eachService,
  fromGateway,
  leastInUse,
  type ServiceUse,
} from "../../provider/tenant/allocation";
import { compareCodePoints } from "../../provider/text/code-points";
import { NEARLY_EXHAUSTED, shareUsed, type Used } from "./share";

/** How a tenant uses one of its services. */
export interface ServiceUsage extends ServiceUse {
  readonly tenantId: string;
  readonly kind: ServiceKind;
  readonly service: string;
  /** 0: not licensed. */
  readonly allocated: Allocation;
}

/** All tenants together, for one service: what is in use altogether, by both figures. */
interface ServiceTotal extends ServiceUse {
  readonly kind: ServiceKind;
  readonly service: string;
  /** Tenants that have it licensed, and those of them without a limit. */
  readonly tenants: number;
  readonly unlimitedTenants: number;
  /** The sum of all maxima, and what is in use below them, by the larger figure of each. */
  readonly allocated: number;
  readonly inUseOfAllocated: number;
}

/** All services of a tenant together. */
interface TenantTotal {
  readonly tenantId: string;
  /** Its name and type at the gateway, `null` where it shows none. */
  readonly name: string | null;
  readonly type: string | null;
  /** That it has licensed, and those of them without a limit. */
  readonly services: number;
  readonly unlimitedServices: number;
  /** The sum of all maxima, and what is in use below them, by the larger figure of each. */
  readonly allocated: number;
  readonly inUseOfAllocated: number;
  /** How many of its services are in the list of that name. */
  readonly exhausted: number;
  readonly nearlyExhausted: number;
  readonly unused: number;
}

/** A service pack of a tenant; packs are shown and not managed. */
export interface PackUsage {
  readonly tenantId: string;
  readonly pack: string;
  readonly allocated: Allocation;
  /** The most that the tenant may be allocated; `null` where the gateway shows none. */
  readonly maximumAllowed: Allocation | null;
  readonly inUse: number | null;
}

/** How all tenants use their services. */
export interface ServiceFigures {
  readonly services: readonly ServiceUsage[];
  readonly totals: readonly ServiceTotal[];
  readonly tenants: readonly TenantTotal[];
  readonly servicePacks: readonly PackUsage[];
  /** Of which all are in use, the fullest first. */
  readonly exhausted: readonly ServiceUsage[];
  /** Of which nine tenths and more are in use, but not all, the fullest first. */
  readonly nearlyExhausted: readonly ServiceUsage[];
  /** Licensed with a maximum, and not in use at all, the greatest first. */
  readonly unused: readonly ServiceUsage[];
}

export function serviceFigures(held: readonly TenantEntry[]): ServiceFigures {
  const tenants = [...held].sort((a, b) => compareCodePoints(a.tenantId, b.tenantId));
  const services = tenants.flatMap(({ tenantId, services: observed }) =>
    [...eachService(observed)].map(([kind, service, { allocation, inUse, inPacks }]) => ({
      tenantId,
      kind,
      service,
      allocated: allocation,
      inUse,
      inPacks,
    })),
  );
  const fullestFirst = services
    .filter(isLimited)
    .sort((a, b) => shareUsed(useOf(b)) - shareUsed(useOf(a)) || leastInUse(b) - leastInUse(a));
  return {
    services,
    totals: totalsOf(services),
    tenants: tenantsOf(tenants, services),
    servicePacks: tenants.flatMap(packsOf),
    exhausted: fullestFirst.filter(isExhausted),
    nearlyExhausted: fullestFirst.filter(isNearlyExhausted),
    unused: services
      .filter(isLimited)
      .filter(isUnused)
      .sort((a, b) => Number(b.allocated) - Number(a.allocated)),
  };
}

/** How much of a service is used. */
export function useOf(service: ServiceUsage): Used {
  return { allocated: service.allocated, used: leastInUse(service) };
}

function isLimited({ allocated }: ServiceUsage): boolean {
  return allocated !== "unlimited" && allocated > 0;
}

function isExhausted(one: ServiceUsage): boolean {
  return isLimited(one) && shareUsed(useOf(one)) >= 1;
}

function isNearlyExhausted(one: ServiceUsage): boolean {
  return isLimited(one) && shareUsed(useOf(one)) >= NEARLY_EXHAUSTED && !isExhausted(one);
}

function isUnused(one: ServiceUsage): boolean {
  return isLimited(one) && leastInUse(one) === 0;
}

function totalsOf(services: readonly ServiceUsage[]): ServiceTotal[] {
  const byService = new Map<string, ServiceTotal>();
  for (const one of services.filter(({ allocated }) => allocated !== 0)) {
    const { kind, service, allocated, inUse, inPacks } = one;
    const key = JSON.stringify([kind, service]);
    const before = byService.get(key) ?? {
      kind,
      service,
      tenants: 0,
      unlimitedTenants: 0,
      allocated: 0,
      inUseOfAllocated: 0,
      inUse: 0,
      inPacks: 0,
    };
    const isUnlimited = allocated === "unlimited";
    byService.set(key, {
      ...before,
      tenants: before.tenants + 1,
      unlimitedTenants: before.unlimitedTenants + (isUnlimited ? 1 : 0),
      allocated: before.allocated + (isUnlimited ? 0 : allocated),
      inUseOfAllocated: before.inUseOfAllocated + (isUnlimited ? 0 : leastInUse(one)),
      inUse: before.inUse + inUse,
      inPacks: before.inPacks + inPacks,
    });
  }
  return [...byService.values()].sort(
    (a, b) => compareCodePoints(a.kind, b.kind) || compareCodePoints(a.service, b.service),
  );
}

function packsOf({ tenantId, servicePacks }: TenantEntry): PackUsage[] {
  return servicePacks
    .map(({ name, allocated, maximumAllowed, currentlyAllocated }) => ({
      tenantId,
      pack: name,
      allocated: fromGateway(allocated),
      maximumAllowed: maximumAllowed === undefined ? null : fromGateway(maximumAllowed),
      inUse: currentlyAllocated ?? null,
    }))
    .sort((a, b) => compareCodePoints(a.pack, b.pack));
}

function tenantsOf(tenants: readonly TenantEntry[], services: readonly ServiceUsage[]): TenantTotal[] {
  const byTenant = new Map(tenants.map(({ tenantId }) => [tenantId, [] as ServiceUsage[]]));
  for (const one of services) {
    byTenant.get(one.tenantId)?.push(one);
  }
  return tenants.map(({ tenantId, name, type }) => {
    const all = byTenant.get(tenantId) ?? [];
    const licensed = all.filter(({ allocated }) => allocated !== 0);
    const limited = licensed.filter(isLimited);
    return {
      tenantId,
      name,
      type,
      services: licensed.length,
      unlimitedServices: licensed.length - limited.length,
      allocated: limited.reduce((sum, { allocated }) => sum + Number(allocated), 0),
      inUseOfAllocated: limited.reduce((sum, one) => sum + leastInUse(one), 0),
      exhausted: limited.filter(isExhausted).length,
      nearlyExhausted: limited.filter(isNearlyExhausted).length,
      unused: limited.filter(isUnused).length,
    };
  });
}
