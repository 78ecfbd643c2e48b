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
  const { systems } = connectSystems(process.env);
  const { signal } = new AbortController();
  const isPlatformNamed = (process.env["LIVE_PLATFORM_BASE_URL"] ?? "") !== "";
  const livePlatform = isPlatformNamed || ids.length === 0 ? systems.livePlatform() : undefined;
  const tenantGateway = ids.length > 0 ? systems.tenantGateway() : undefined;
  const listed = livePlatform === undefined ? [] : await listCustomers(livePlatform, signal);
  const total = ids.length + (withDetails ? listed.length : 0);
  const progress = progressOn(process.stderr, "Read customers and tenants", systemClock);
  let done = 0;
  const advance = (): void => {
    done += 1;
    progress.update(done, total);
  };
  const detailed = async (entry: CustomerEntry): Promise<CustomerEntry> => {
    if (livePlatform === undefined || !withDetails) {
      return entry;
    }
    const details = await readDetails(livePlatform, entry.guid, signal);
    advance();
    return details ?? entry;
  };
  try {
    const [customers, tenants] = await Promise.all([
      Promise.all(listed.map(detailed)),
      tenantGateway === undefined ? [] : readTenants(tenantGateway, ids, signal, advance),
    ]);
    return { customers, tenants };
  } finally {
    progress.end();
  }
}
