import { compareCodePoints } from "../provider/text/code-points";
import { type CustomerEntry, titleOf } from "../inventory/customers";
import type { TenantEntry } from "../inventory/tenants";
import type { ServiceKind } from "../provider/apis/service-kinds";
import { describeLicenseType } from "../provider/resources/customer-service-license/license-type";
import { type Allocation, eachService } from "../provider/resources/tenant-service-licenses/allocation";

/** How a customer uses its licence. */
interface CustomerUsage {
  readonly guid: string;
  readonly name: string;
  /** In the product's words: `OC Pro`. */
  readonly license: string;
  /** `null` where the platform tells none. */
  readonly licensedUsers: number | null;
  readonly activeUsers: number | null;
  /** Of the App Registration's secret, ISO 8601; `null` where the platform tells none. */
  readonly secretExpiresAt: string | null;
  /** Whole days until then, negative where it is past. */
  readonly secretDaysLeft: number | null;
}

/** How a tenant uses one of its services. */
export interface ServiceUsage {
  readonly tenantId: string;
  readonly kind: ServiceKind;
  readonly service: string;
  /** 0: not licensed. */
  readonly allocated: Allocation;
  readonly inUse: number;
}

/** All tenants together, for one service. */
interface ServiceTotal {
  readonly kind: ServiceKind;
  readonly service: string;
  /** Tenants that have it licensed, and those of them without a limit. */
  readonly tenants: number;
  readonly unlimitedTenants: number;
  /** The sum of all maxima, and what is in use below them. */
  readonly allocated: number;
  readonly inUseOfAllocated: number;
  /** What is in use altogether. */
  readonly inUse: number;
}

/** All services of a tenant together. */
interface TenantTotal {
  readonly tenantId: string;
  /** That it has licensed, and those of them without a limit. */
  readonly services: number;
  readonly unlimitedServices: number;
  /** The sum of all maxima, and what is in use below them. */
  readonly allocated: number;
  readonly inUseOfAllocated: number;
  /** How many of its services are in the list of that name. */
  readonly nearlyExhausted: number;
  readonly unused: number;
}

/** How licences are used. */
export interface Usage {
  readonly customers: readonly CustomerUsage[];
  /** Customers by licence, most first. */
  readonly licenses: readonly { readonly license: string; readonly customers: number }[];
  readonly services: readonly ServiceUsage[];
  readonly totals: readonly ServiceTotal[];
  readonly tenants: readonly TenantTotal[];
  /** Of which nine tenths and more are in use, the fullest first. */
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

const DAY_MS = 86_400_000;

/** How licences are used: a pure function of what the systems hold, and of the time in milliseconds since the epoch. */
export function usageOf(customers: readonly CustomerEntry[], tenants: readonly TenantEntry[], now: number): Usage {
  const ofCustomers = customers
    .map((entry) => customerUsage(entry, now))
    .sort((a, b) => compareCodePoints(a.name, b.name) || compareCodePoints(a.guid, b.guid));
  const services = [...tenants]
    .sort((a, b) => compareCodePoints(a.tenantId, b.tenantId))
    .flatMap(({ tenantId, services: observed }) =>
      [...eachService(observed)].map(([kind, service, { allocation, inUse }]) => ({
        tenantId,
        kind,
        service,
        allocated: allocation,
        inUse,
      })),
    );
  const limited = services.filter(isLimited);
  return {
    customers: ofCustomers,
    licenses: licensesOf(ofCustomers),
    services,
    totals: totalsOf(services),
    tenants: tenantsOf(services),
    nearlyExhausted: limited
      .filter(isNearlyExhausted)
      .sort((a, b) => shareInUse(b) - shareInUse(a) || b.inUse - a.inUse),
    unused: limited.filter(isUnused).sort((a, b) => Number(b.allocated) - Number(a.allocated)),
    expiring: ofCustomers
      .filter(({ secretDaysLeft }) => secretDaysLeft !== null && secretDaysLeft <= EXPIRY_NOTICE_DAYS)
      .sort((a, b) => (a.secretDaysLeft ?? 0) - (b.secretDaysLeft ?? 0)),
  };
}

/** The share of a maximum that is in use, which may be more than 1; 0 where there is no maximum. */
export function shareInUse({ allocated, inUse }: Pick<ServiceUsage, "allocated" | "inUse">): number {
  return allocated === "unlimited" || allocated === 0 ? 0 : inUse / allocated;
}

/** The same in whole percent, rounded down, so that 100 is really all; `null` where there is no maximum. */
export function percentInUse({ allocated, inUse }: Pick<ServiceUsage, "allocated" | "inUse">): number | null {
  return allocated === "unlimited" || allocated === 0 ? null : Math.floor((inUse * 100) / allocated);
}

function isLimited({ allocated }: ServiceUsage): boolean {
  return allocated !== "unlimited" && allocated > 0;
}

function isNearlyExhausted(one: ServiceUsage): boolean {
  return isLimited(one) && shareInUse(one) >= NEARLY_EXHAUSTED;
}

function isUnused(one: ServiceUsage): boolean {
  return isLimited(one) && one.inUse === 0;
}

function customerUsage(entry: CustomerEntry, now: number): CustomerUsage {
  const { guid, customer } = entry;
  const expiresAt = customer.clientSecretExpiresAt ?? null;
  return {
    guid,
    name: titleOf(entry),
    license: describeLicenseType(customer.licenseType),
    licensedUsers: customer.licensedUsersCount,
    activeUsers: customer.activeUserCount,
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
  for (const { kind, service, allocated, inUse } of services.filter((one) => one.allocated !== 0)) {
    const key = JSON.stringify([kind, service]);
    const before = byService.get(key) ?? {
      kind,
      service,
      tenants: 0,
      unlimitedTenants: 0,
      allocated: 0,
      inUseOfAllocated: 0,
      inUse: 0,
    };
    const isUnlimited = allocated === "unlimited";
    byService.set(key, {
      ...before,
      tenants: before.tenants + 1,
      unlimitedTenants: before.unlimitedTenants + (isUnlimited ? 1 : 0),
      allocated: before.allocated + (isUnlimited ? 0 : allocated),
      inUseOfAllocated: before.inUseOfAllocated + (isUnlimited ? 0 : inUse),
      inUse: before.inUse + inUse,
    });
  }
  return [...byService.values()].sort(
    (a, b) => compareCodePoints(a.kind, b.kind) || compareCodePoints(a.service, b.service),
  );
}

function tenantsOf(services: readonly ServiceUsage[]): TenantTotal[] {
  const byTenant = new Map<string, ServiceUsage[]>();
  for (const one of services) {
    const before = byTenant.get(one.tenantId);
    if (before === undefined) {
      byTenant.set(one.tenantId, [one]);
    } else {
      before.push(one);
    }
  }
  return [...byTenant].map(([tenantId, all]) => {
    const licensed = all.filter(({ allocated }) => allocated !== 0);
    const limited = licensed.filter(isLimited);
    return {
      tenantId,
      services: licensed.length,
      unlimitedServices: licensed.length - limited.length,
      allocated: limited.reduce((sum, { allocated }) => sum + Number(allocated), 0),
      inUseOfAllocated: limited.reduce((sum, { inUse }) => sum + inUse, 0),
      nearlyExhausted: limited.filter(isNearlyExhausted).length,
      unused: limited.filter(isUnused).length,
    };
  });
}
