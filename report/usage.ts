import { compareCodePoints } from "../provider/text/code-points";
import { type CustomerEntry, titleOf } from "../inventory/customers";
import type { UseByCustomer } from "../inventory/licenses-in-use";
import type { TenantEntry } from "../inventory/tenants";
import type { LicensesInUse } from "../provider/apis/live-platform";
import type { GatewayStock, StockItem } from "../provider/apis/tenant-gateway";
import type { ServiceKind } from "../provider/apis/service-kinds";
import { describeLicenseType } from "../provider/resources/customer-service-license/license-type";
import {
  type Allocation,
  eachService,
  fromGateway,
  leastInUse,
  type ServiceUse,
} from "../provider/resources/tenant-service-licenses/allocation";

/** How a customer uses its licence. */
interface CustomerUsage {
  readonly guid: string;
  readonly name: string;
  /** In the product's words: `OC Pro`. */
  readonly license: string;
  /** `null` where the platform shows none. */
  readonly licensedUsers: number | null;
  readonly activeUsers: number | null;
  /** Licences acquired and in use, as the platform computes them, and when it did; `null` where it is not known. */
  readonly acquired: number | null;
  readonly inUse: number | null;
  readonly inUseAt: string | null;
  /** Of the App Registration's secret, ISO 8601; `null` where the platform shows none. */
  readonly secretExpiresAt: string | null;
  /** Whole days until then, negative where it is past. */
  readonly secretDaysLeft: number | null;
}

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

/** A licence of the gateway's own stock. Its names are bundles or services, and not those of the tenants' services. */
interface StockUsage {
  readonly kind: "subscriber" | "group service" | "virtual service" | "user service";
  readonly name: string;
  readonly licensed: Allocation | null;
  readonly used: Allocation | null;
  readonly available: Allocation | null;
}

/** The operator's own pool of Live Platform licences, which no API shows. */
export interface Pool {
  readonly size: number;
  /** The sum of the licensed users of all customers. */
  readonly sold: number;
  /** Negative where more is sold than the pool holds. */
  readonly left: number;
}

/** What a report is of, beside customers and tenants. */
export interface Surroundings {
  readonly use: UseByCustomer;
  readonly stock: GatewayStock | undefined;
  /** The size of the operator's pool. */
  readonly pool: number | undefined;
  /** The addresses of the systems that were read. */
  readonly livePlatform: string | undefined;
  readonly tenantGateway: string | undefined;
  /** What the reader should know. */
  readonly notes: readonly string[];
}

const NO_SURROUNDINGS: Surroundings = {
  use: new Map(),
  stock: undefined,
  pool: undefined,
  livePlatform: undefined,
  tenantGateway: undefined,
  notes: [],
};

/** How licences are used. */
export interface Usage {
  readonly systems: { readonly livePlatform: string | null; readonly tenantGateway: string | null };
  readonly notes: readonly string[];
  readonly customers: readonly CustomerUsage[];
  /** Customers by licence, most first. */
  readonly licenses: readonly { readonly license: string; readonly customers: number }[];
  readonly services: readonly ServiceUsage[];
  readonly totals: readonly ServiceTotal[];
  readonly tenants: readonly TenantTotal[];
  readonly servicePacks: readonly PackUsage[];
  /** `null` where the gateway does not show it. */
  readonly stock: { readonly expires: string | null; readonly licenses: readonly StockUsage[] } | null;
  /** `null` where its size is not given. */
  readonly pool: Pool | null;
  /** Of which all are in use, the fullest first. */
  readonly exhausted: readonly ServiceUsage[];
  /** Of which nine tenths and more are in use, but not all, the fullest first. */
  readonly nearlyExhausted: readonly ServiceUsage[];
  /** Licensed with a maximum, and not in use at all, the greatest first. */
  readonly unused: readonly ServiceUsage[];
  /** Secrets that have expired or will within {@link EXPIRY_NOTICE_DAYS} days, the first first. */
  readonly expiring: readonly CustomerUsage[];
}

/** From which share in use on a service counts as nearly exhausted. */
export const NEARLY_EXHAUSTED = 0.9;
/** How many days ahead the expiry of a secret is shown. */
export const EXPIRY_NOTICE_DAYS = 60;
/** From how many days before its expiry a secret stands out, wherever it is shown. */
const EXPIRY_URGENT_DAYS = 14;

const DAY_MS = 86_400_000;

/** How licences are used: a pure function of what the systems hold, and of the time in milliseconds since the epoch. */
export function usageOf(
  customers: readonly CustomerEntry[],
  tenants: readonly TenantEntry[],
  now: number,
  { use, stock, pool, livePlatform, tenantGateway, notes }: Surroundings = NO_SURROUNDINGS,
): Usage {
  const ofCustomers = customers
    .map((entry) => customerUsage(entry, use.get(entry.guid), now))
    .sort((a, b) => compareCodePoints(a.name, b.name) || compareCodePoints(a.guid, b.guid));
  const sortedTenants = [...tenants].sort((a, b) => compareCodePoints(a.tenantId, b.tenantId));
  const services = sortedTenants.flatMap(({ tenantId, services: observed }) =>
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
  const sold = ofCustomers.reduce((sum, { licensedUsers }) => sum + (licensedUsers ?? 0), 0);
  return {
    systems: { livePlatform: livePlatform ?? null, tenantGateway: tenantGateway ?? null },
    notes,
    customers: ofCustomers,
    licenses: licensesOf(ofCustomers),
    services,
    totals: totalsOf(services),
    tenants: tenantsOf(sortedTenants, services),
    servicePacks: sortedTenants.flatMap(packsOf),
    stock: stock === undefined ? null : { expires: stock.expirationDate ?? null, licenses: stockOf(stock) },
    pool: pool === undefined ? null : { size: pool, sold, left: pool - sold },
    exhausted: fullestFirst.filter(isExhausted),
    nearlyExhausted: fullestFirst.filter(isNearlyExhausted),
    unused: services
      .filter(isLimited)
      .filter(isUnused)
      .sort((a, b) => Number(b.allocated) - Number(a.allocated)),
    expiring: ofCustomers
      .filter(({ secretDaysLeft }) => secretDaysLeft !== null && secretDaysLeft <= EXPIRY_NOTICE_DAYS)
      .sort((a, b) => (a.secretDaysLeft ?? 0) - (b.secretDaysLeft ?? 0)),
  };
}

/** How much of something is used, by the one figure that counts. */
interface Used {
  readonly allocated: Allocation;
  readonly used: number;
}

/** How much of a service is used. */
export function useOf(service: ServiceUsage): Used {
  return { allocated: service.allocated, used: leastInUse(service) };
}

/** The share of a maximum that is in use, which may be more than 1; 0 where there is no maximum. */
export function shareUsed({ allocated, used }: Used): number {
  return allocated === "unlimited" || allocated === 0 ? 0 : used / allocated;
}

/** The same in whole percent, rounded down, so that 100 is really all; `null` where there is no maximum. */
export function percentUsed({ allocated, used }: Used): number | null {
  return allocated === "unlimited" || allocated === 0 ? null : Math.floor((used * 100) / allocated);
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

/** Whether a secret needs someone to look at it, by the whole days that are left: the one rule for its colour. */
export function isUrgent(daysLeft: number | null): boolean {
  return daysLeft !== null && daysLeft <= EXPIRY_URGENT_DAYS;
}

function isUnused(one: ServiceUsage): boolean {
  return isLimited(one) && leastInUse(one) === 0;
}

function customerUsage(entry: CustomerEntry, use: LicensesInUse | undefined, now: number): CustomerUsage {
  const { guid, customer } = entry;
  const expiresAt = customer.clientSecretExpiresAt ?? null;
  return {
    guid,
    name: titleOf(entry),
    license: describeLicenseType(customer.licenseType),
    licensedUsers: customer.licensedUsersCount,
    activeUsers: customer.activeUserCount,
    acquired: use?.acquired ?? null,
    inUse: use?.currentlyLicensed ?? null,
    inUseAt: use?.lastUpdate ?? null,
    secretExpiresAt: expiresAt,
    secretDaysLeft: expiresAt === null ? null : Math.floor((Date.parse(expiresAt) - now) / DAY_MS),
  };
}

function licensesOf(customers: readonly CustomerUsage[]): Usage["licenses"] {
  const counts = new Map<string, number>();
  for (const { license } of customers) {
    counts.set(license, (counts.get(license) ?? 0) + 1);
  }
  return [...counts]
    .map(([license, count]) => ({ license, customers: count }))
    .sort((a, b) => b.customers - a.customers || compareCodePoints(a.license, b.license));
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

function stockOf(stock: GatewayStock): StockUsage[] {
  const rows = (kind: StockUsage["kind"], items: readonly StockItem[]): StockUsage[] =>
    items.map(({ name, licensed, used, available }) => ({
      kind,
      name,
      licensed: licensed ?? null,
      used: used ?? null,
      available: available ?? null,
    }));
  return [
    ...rows("subscriber", stock.subscriberLicenses),
    ...rows("group service", stock.groupServiceLicenses),
    ...rows("virtual service", stock.virtualServiceLicenses),
    ...rows("user service", stock.userServiceLicenses),
  ];
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
