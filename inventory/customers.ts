import type { LivePlatformCustomer } from "../provider/apis/live-platform";
import type { LivePlatformSystem } from "../provider/resources/customer-service-license/apply";
import { toObservation } from "../provider/resources/customer-service-license/observe";
import type { ObservedCustomer } from "../provider/resources/customer-service-license/plan";

/** A customer of the Live Platform that holds a service licence. */
export interface CustomerEntry {
  /** Its `umpCustomerGuid`, in lower case. */
  readonly guid: string;
  readonly customer: ObservedCustomer;
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

/** The same customer with its App Registration, by a call of its own; `undefined` where it has gone or lost its licence meanwhile. */
export async function readDetails(
  { api, settings }: LivePlatformSystem,
  guid: string,
  signal: AbortSignal,
): Promise<CustomerEntry | undefined> {
  const row = await api.getCustomer(guid, signal);
  return row === undefined ? undefined : entryOf(row, settings.ocEssentialType)[0];
}

function entryOf(row: LivePlatformCustomer, ocEssentialType: number): CustomerEntry[] {
  const observation = toObservation(row, ocEssentialType);
  return row.guid === null || !observation.found
    ? []
    : [{ guid: row.guid.toLowerCase(), customer: observation.customer }];
}
