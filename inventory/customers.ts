import type { LivePlatformCustomer } from "../provider/apis/live-platform";
import type { LivePlatformSystem } from "../provider/resources/customer-service-license/apply";
import { toObservation } from "../provider/resources/customer-service-license/observe";
import type { ObservedCustomer } from "../provider/resources/customer-service-license/plan";
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

/**
 * All customers that hold a service licence, by one list call; those without one are left out. The list does not tell App
 * Registrations: {@link readDetails} does.
 */
export async function listCustomers(
  { api, settings }: LivePlatformSystem,
  signal: AbortSignal,
): Promise<CustomerEntry[]> {
  return (await api.listCustomers(signal)).flatMap((row) => entryOf(row, settings.ocEssentialType));
}

/**
 * The same customers with their App Registrations, by a call each, as many at a time as the settings let through. One that has gone or
 * lost its licence meanwhile is left out.
 * @throws {Error} with a line for each customer that cannot be read.
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
      return row === undefined ? [] : entryOf(row, settings.ocEssentialType);
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
