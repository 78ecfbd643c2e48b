import { messageOf } from "../provider/errors";
import { type CustomerEntry, listCustomers, readDetails } from "../inventory/customers";
import { readTenants, type TenantEntry } from "../inventory/tenants";
import { systemClock } from "../provider/time/clock";
import { connectSystems } from "./connect";
import { progressOn } from "./progress";

/** What the systems hold. */
export interface Holdings {
  readonly customers: readonly CustomerEntry[];
  readonly tenants: readonly TenantEntry[];
}

/**
 * Reads all customers and the named tenants from the systems that the environment names, with progress. The Live Platform may be left
 * out where tenants are named, by not naming it.
 *
 * @param withDetails Also reads App Registrations, by a call a customer.
 * @throws {Error} with a line for each object that cannot be read.
 */
export async function readSystems(ids: readonly string[], withDetails: boolean): Promise<Holdings> {
  const { systems, signal } = connectSystems(process.env);
  const isPlatformNamed = (process.env["LIVE_PLATFORM_BASE_URL"] ?? "") !== "";
  const livePlatform = isPlatformNamed || ids.length === 0 ? systems.livePlatform() : undefined;
  const tenantGateway = ids.length > 0 ? systems.tenantGateway() : undefined;
  const listed = livePlatform === undefined ? [] : await listCustomers(livePlatform, signal);
  const detailed = livePlatform !== undefined && withDetails;
  const total = ids.length + (detailed ? listed.length : 0);
  const progress = progressOn(process.stderr, "Read customers and tenants", systemClock);
  let done = 0;
  const advance = (): void => {
    done += 1;
    progress.update(done, total);
  };
  try {
    const [customers, tenants] = await Promise.allSettled([
      detailed ? readDetails(livePlatform, listed, signal, advance) : listed,
      tenantGateway === undefined ? [] : readTenants(tenantGateway, ids, signal, advance),
    ]);
    if (customers.status === "fulfilled" && tenants.status === "fulfilled") {
      return { customers: customers.value, tenants: tenants.value };
    }
    const failed = [customers, tenants].flatMap((one) => (one.status === "rejected" ? [messageOf(one.reason)] : []));
    throw new Error(failed.join("\n"));
  } finally {
    progress.end();
  }
}
