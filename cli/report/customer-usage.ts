import type { LicensesInUse } from "../../provider/systems/live-platform/client";
import { type CustomerEntry, titleOf } from "../inventory/customers";
import type { UseByCustomer } from "../inventory/licenses-in-use";
import { describeLicenseType } from "../../provider/customer/license-type";
import { compareCodePoints } from "../../provider/text/code-points";

/** How a customer uses its licence. */
export interface CustomerUsage {
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

/** How all customers use their licences. */
export interface CustomerFigures {
  readonly customers: readonly CustomerUsage[];
  /** Customers by licence, most first. */
  readonly licenses: readonly { readonly license: string; readonly customers: number }[];
  /** Secrets that have expired or will within {@link EXPIRY_NOTICE_DAYS} days, the first first. */
  readonly expiring: readonly CustomerUsage[];
}

/** How many days ahead the expiry of a secret is shown. */
export const EXPIRY_NOTICE_DAYS = 60;
/** From how many days before its expiry a secret stands out, wherever it is shown. */
const EXPIRY_URGENT_DAYS = 14;

const DAY_MS = 86_400_000;

export function customerFigures(held: readonly CustomerEntry[], use: UseByCustomer, now: number): CustomerFigures {
  const customers = held
    .map((entry) => customerUsage(entry, use.get(entry.guid), now))
    .sort((a, b) => compareCodePoints(a.name, b.name) || compareCodePoints(a.guid, b.guid));
  return {
    customers,
    licenses: licensesOf(customers),
    expiring: customers
      .filter(({ secretDaysLeft }) => secretDaysLeft !== null && secretDaysLeft <= EXPIRY_NOTICE_DAYS)
      .sort((a, b) => (a.secretDaysLeft ?? 0) - (b.secretDaysLeft ?? 0)),
  };
}

/** Whether a secret needs someone to look at it, by the whole days that are left: the one rule for its colour. */
export function isUrgent(daysLeft: number | null): boolean {
  return daysLeft !== null && daysLeft <= EXPIRY_URGENT_DAYS;
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

function licensesOf(customers: readonly CustomerUsage[]): CustomerFigures["licenses"] {
  const counts = new Map<string, number>();
  for (const { license } of customers) {
    counts.set(license, (counts.get(license) ?? 0) + 1);
  }
  return [...counts]
    .map(([license, count]) => ({ license, customers: count }))
    .sort((a, b) => b.customers - a.customers || compareCodePoints(a.license, b.license));
}
