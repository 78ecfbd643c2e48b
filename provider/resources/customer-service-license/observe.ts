import type { LivePlatform, LivePlatformCustomer } from "../../apis/live-platform";
import { fromObservedCode } from "./license-type";
import type { ObservedCustomer, Unlicensable } from "./plan";

/** What a look at a customer found. */
export type Observation =
  { readonly found: true; readonly customer: ObservedCustomer } | { readonly found: false; readonly why: Unlicensable };

/** Looks at one customer, with all details. That it is missing takes two witnesses: its own 404, and the list without it. */
export async function observeCustomer(
  api: LivePlatform,
  guid: string,
  ocEssentialType: number,
  signal: AbortSignal,
): Promise<Observation> {
  const customer = await api.getCustomer(guid, signal);
  if (customer !== undefined) {
    return toObservation(customer, ocEssentialType);
  }
  if (byGuid(await api.listCustomers(signal)).has(guid)) {
    throw new Error(
      `The Live Platform lists customer ${guid}, but answers 404 when asked for it: check livePlatform:baseUrl, and run it again.`,
    );
  }
  return { found: false, why: "missing" };
}

/** The list by GUID, in lower case; rows without one are customers without a service. */
export function byGuid(customers: readonly LivePlatformCustomer[]): ReadonlyMap<string, LivePlatformCustomer> {
  return new Map(
    customers.flatMap((customer) => (customer.guid === null ? [] : [[customer.guid.toLowerCase(), customer] as const])),
  );
}

/** A customer as the plan sees it. */
export function toObservation(customer: LivePlatformCustomer, ocEssentialType: number): Observation {
  if (customer.guid === null || customer.licenseType === null) {
    return { found: false, why: "noLicenseApplied" };
  }
  return {
    found: true,
    customer: {
      licenseType: fromObservedCode(customer.licenseType, ocEssentialType),
      licensedUsersCount: customer.licensedUsersCount,
      activeUserCount: customer.activeUserCount,
      fullName: customer.fullName,
      shortName: customer.shortName,
      applicationClientId: customer.applicationClientId,
      clientSecretExpiresAt: parseUsDate(customer.clientSecretExpirationDate),
    },
  };
}

const US_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AP]M))?)?$/i;

/**
 * ISO 8601 of the platform's US text (`2/18/2027 8:39:26 AM`), or `undefined` where it is none. The text has no time zone: it is
 * taken as UTC, which is a guess. A text in ISO 8601 is taken as it is.
 */
export function parseUsDate(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined) {
    return undefined;
  }
  const match = US_DATE.exec(text.trim());
  if (match === null) {
    const hasZone = /(?:Z|[+-]\d{2}:\d{2})$/.test(text);
    return /^\d{4}-\d{2}-\d{2}T/.test(text) ? toIso(hasZone ? text : `${text}Z`) : undefined;
  }
  const [, month, day, year, hour, minute = "00", second = "00", half] = match;
  const hours = half === undefined ? Number(hour ?? 0) : (Number(hour) % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
  const written = `${year}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(hours)}:${minute}:${second}.000Z`;
  // A date that does not exist, such as February 30, comes back as another one.
  return toIso(written) === written ? written : undefined;
}

/** What comes before 1970 is no date: .NET writes the first day of year 1 where it has none. */
function toIso(text: string): string | undefined {
  const date = new Date(text);
  return date.getTime() > 0 ? date.toISOString() : undefined;
}

function twoDigits(number: string | number | undefined): string {
  return String(number).padStart(2, "0");
}
