import type { Listed } from "../../provider/systems/shared/complete-list";
import type { LivePlatformCustomer } from "../../provider/systems/live-platform/client";
import { type LivePlatformSystem, toObservation } from "../../provider/customer/customers";
import { describeLicenseType } from "../../provider/customer/license-type";
import type { ObservedCustomer } from "../../provider/customer/plan";
import { readEach } from "./read-each";

/** A customer of the Live Platform that holds a service licence. */
export interface CustomerEntry {
  /** Its `umpCustomerGuid`, in lower case. */
  readonly guid: string;
  readonly customer: ObservedCustomer;
}

/** What people call a customer: its full name, else its short name, else its GUID; a name of which nothing is seen is none. */
export function titleOf({ guid, customer: { fullName, shortName } }: CustomerEntry): string {
  return [fullName, shortName].find((name) => /[^\s\p{C}\p{Z}]/u.test(name ?? "")) ?? guid;
}

/** What a customer holds, in words: `OC Pro, 50 users`. */
export function holdingsOf({ licenseType, licensedUsersCount }: ObservedCustomer): string {
  const type = describeLicenseType(licenseType);
  return licensedUsersCount === null ? type : `${type}, ${licensedUsersCount} users`;
}

/**
 * All customers that hold a service licence, by one list call; those without one are left out, and so are rows that cannot be read,
 * of which the client warns. The list does not hold App Registrations: {@link readDetails} does.
 */
export async function listCustomers(
  { api, settings }: LivePlatformSystem,
  signal: AbortSignal,
): Promise<Listed<CustomerEntry>> {
  const list = await api.listCustomers(signal);
  const rows = list.rows.flatMap((row) => (row.problem === undefined ? entryOf(row, settings.ocEssentialType) : []));
  return { ...list, rows };
}

/**
 * The same customers with their App Registrations, by a call each, as many at a time as the settings let through. One that has lost its
 * licence meanwhile is left out.
 * @throws {Error} with a line for each customer that cannot be read, also one that the platform lists and does not find.
 */
export function readDetails(
  { api, settings }: LivePlatformSystem,
  listed: readonly CustomerEntry[],
  signal: AbortSignal,
  onRead: () => void,
): Promise<CustomerEntry[]> {
  return readEach(
    listed,
    async ({ guid }) => {
      const row = await api.getCustomer(guid, signal);
      if (row === undefined) {
        throw new Error(
          `The Live Platform lists customer ${guid}, but answers 404 when asked for it: check LIVE_PLATFORM_BASE_URL (${settings.baseUrl}), and run it again.`,
        );
      }
      return entryOf(row, settings.ocEssentialType);
    },
    onRead,
  );
}

function entryOf(row: LivePlatformCustomer, ocEssentialType: number): CustomerEntry[] {
  const observation = toObservation(row, ocEssentialType);
  return row.guid === null || !observation.found
    ? []
    : [{ guid: row.guid.toLowerCase(), customer: observation.customer }];
}
