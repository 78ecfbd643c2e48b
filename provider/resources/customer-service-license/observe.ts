import { readDate } from "../../apis/dates";
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
      clientSecretExpiresAt: readDate(customer.clientSecretExpirationDate ?? ""),
    },
  };
}
