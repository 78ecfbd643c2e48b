import type { LivePlatform, LivePlatformCustomer } from "../../apis/live-platform";
import type { Listed } from "../../apis/complete-list";
import { readDate } from "../../apis/dates";
import { ApiError } from "../../apis/transport/api-error";
import type { LivePlatformSettings, SystemAddress } from "../../settings";
import { fromObservedCode } from "./license-type";
import type { ObservedCustomer, Unlicensable } from "./plan";

/** The platform and how to treat it. */
export interface LivePlatformSystem {
  readonly api: LivePlatform;
  readonly settings: LivePlatformSettings;
}

/** What a look at a customer found. */
export type Observation =
  { readonly found: true; readonly customer: ObservedCustomer } | { readonly found: false; readonly why: Unlicensable };

/**
 * Looks at one customer, with all details. That it is missing takes two witnesses: its own 404, and a list that has other customers but
 * not this one.
 * @throws where the two contradict each other, or the list proves nothing.
 */
export async function observeCustomer(
  api: LivePlatform,
  guid: string,
  settings: SystemAddress & Pick<LivePlatformSettings, "ocEssentialType">,
  signal: AbortSignal,
): Promise<Observation> {
  const customer = await api.getCustomer(guid, signal);
  if (customer !== undefined) {
    return toDetailedObservation(customer, settings.ocEssentialType);
  }
  const { baseUrl, baseUrlKey } = settings;
  const { rows, gap } = await secondWitness(api, guid, settings, signal);
  const listed = byGuid(rows);
  if (listed.has(guid)) {
    throw new Error(
      `The Live Platform lists customer ${guid}, but answers 404 when asked for it: check ${baseUrlKey} (${baseUrl}), and run it again.`,
    );
  }
  if (gap !== undefined) {
    throw unconfirmed(guid, gap, settings);
  }
  // A row whose GUID cannot be read may be this customer's.
  const unnamed = rows.some((row) => row.guid === null && row.problem !== undefined);
  if (listed.size === 0 || unnamed) {
    const why = unnamed ? "has rows whose GUID cannot be read" : "is empty";
    throw new Error(
      `The Live Platform answers 404 for customer ${guid}, but its list of customers ${why}, which proves nothing: ` +
        `check ${baseUrlKey} (${baseUrl}) and what its credentials may see.${byHand(settings)}`,
    );
  }
  return { found: false, why: "missing" };
}

function byHand({ hasStack }: SystemAddress): string {
  return hasStack
    ? " If the customer is really gone, remove its resource from state with `pulumi state delete <URN>` (`pulumi stack --show-urns` lists them)."
    : "";
}

async function secondWitness(
  api: LivePlatform,
  guid: string,
  address: SystemAddress,
  signal: AbortSignal,
): Promise<Listed<LivePlatformCustomer>> {
  try {
    return await api.listCustomers(signal);
  } catch (error) {
    throw error instanceof ApiError ? unconfirmed(guid, error, address) : error;
  }
}

function unconfirmed(guid: string, { message }: ApiError, address: SystemAddress): Error {
  return new Error(
    `The Live Platform answers 404 for customer ${guid}, and nothing else confirms it. ${message}${byHand(address)}`,
  );
}

/** The list by GUID, in lower case; rows without one are customers without a service. */
export function byGuid(customers: readonly LivePlatformCustomer[]): ReadonlyMap<string, LivePlatformCustomer> {
  return new Map(
    customers.flatMap((customer) => (customer.guid === null ? [] : [[customer.guid.toLowerCase(), customer] as const])),
  );
}

/** A customer read by itself: an App Registration that it does not name is none. */
export function toDetailedObservation(customer: LivePlatformCustomer, ocEssentialType: number): Observation {
  return toObservation({ ...customer, applicationClientId: customer.applicationClientId ?? null }, ocEssentialType);
}

/** A customer as the plan sees it, from a row of the list, which never names an App Registration. */
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

/** The same customer with the licences in use, which are asked for only where a count is to be lowered. */
export async function withLicensesInUse(
  api: LivePlatform,
  guid: string,
  observed: ObservedCustomer,
  {
    licensedUsersCount,
    allowBelowUse,
  }: { readonly licensedUsersCount?: number | undefined; readonly allowBelowUse?: boolean | undefined },
  signal: AbortSignal,
): Promise<ObservedCustomer> {
  const held = observed.licensedUsersCount;
  if (allowBelowUse === true || licensedUsersCount === undefined || held === null || licensedUsersCount >= held) {
    return observed;
  }
  const licenses = await api.licensesInUse(guid, signal);
  return { ...observed, licensesInUse: licenses?.currentlyLicensed ?? undefined };
}
