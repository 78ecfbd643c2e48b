import { licensesInUse } from "./request";
import type { Customer } from "./seed";

const DIRECT_ROUTING: ReadonlySet<number | null> = new Set([0, 1, 2]);

/** The time in the form of the page: seven digits of a second, and an offset. */
function timeText(now: number): string {
  return new Date(now).toISOString().replace("Z", "0000+00:00");
}

/**
 * The licences that a customer has and uses. The names are documented. INVENTED: that a customer's users are all of the
 * one kind of its licence and none is managed otherwise; the level, and the names of the factors.
 */
export function licenseInfo(customer: Customer, now: number): Record<string, unknown> {
  const inUse = licensesInUse(customer);
  const isDirectRouting = DIRECT_ROUTING.has(customer.licenseType);
  return {
    acquiredLicenses: customer.licensedUsersCount ?? 0,
    currentlyLicensed: inUse,
    totalMonitoredUsers: customer.activeUserCount,
    managedUsersDirectRouting: isDirectRouting ? inUse : 0,
    managedUsersOperatorConnect: isDirectRouting ? 0 : inUse,
    managedUsersByLifeCycleManagement: 0,
    managedUsersUserInterface: 0,
    managedServiceNumbers: 0,
    lastUpdate: customer.lastUpdate ?? timeText(now),
    umpCustomerGuid: customer.guid,
    licenseSettingsFlagsLevel: "Global",
    LicenseFactors: { ManagedUsersDirectRouting: true, ManagedUsersOperatorConnect: true },
  };
}
