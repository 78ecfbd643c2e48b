import type { DeclaredFleet } from "../fleet/kinds";
import { listCustomers } from "../inventory/customers";
import { readLicensesInUse } from "../inventory/licenses-in-use";
import { readTenants } from "../inventory/tenants";
import type { LivePlatformSystem } from "../provider/resources/customer-service-license/customers";
import { eachService, type ServiceUse } from "../provider/resources/tenant-service-licenses/allocation";
import type { TenantGatewaySystem } from "../provider/resources/tenant-service-licenses/observe";
import { messageOf } from "../provider/errors";
import { systemClock } from "../provider/time/clock";
import { customerKey, serviceKey, type UseByKey } from "../rightsize/use";
import { connectNeeded } from "./connect";
import { progressOn } from "./progress";

/**
 * The licences in use of all that a fleet declares, from the systems that the environment names: of a customer the licences in use,
 * or its active users where the platform does not offer that call.
 * @throws {SettingsError} where the settings of a system that is needed are missing or wrong.
 * @throws {Error} with a line for each object that cannot be read.
 */
export async function readUse({ customers, tenants }: DeclaredFleet): Promise<UseByKey> {
  const guids = new Set(customers.map(({ inputs }) => inputs.customerGuid));
  const ids = [...new Set(tenants.map(({ inputs }) => inputs.tenantId))];
  const { livePlatform, tenantGateway, signal } = connectNeeded(process.env, {
    livePlatform: guids.size > 0,
    tenantGateway: ids.length > 0,
  });
  const progress = progressOn(process.stderr, "Read customers and tenants", systemClock);
  let done = 0;
  const advance = (): void => {
    done += 1;
    progress.update(done, guids.size + ids.length);
  };
  try {
    const parts = await Promise.allSettled([
      livePlatform === undefined || guids.size === 0 ? [] : useOfCustomers(livePlatform, guids, signal, advance),
      tenantGateway === undefined || ids.length === 0 ? [] : useOfTenants(tenantGateway, ids, signal, advance),
    ]);
    const failed = parts.flatMap((part) => (part.status === "rejected" ? [messageOf(part.reason)] : []));
    if (failed.length > 0) {
      throw new Error([...new Set(failed)].join("\n"));
    }
    return new Map(parts.flatMap((part) => (part.status === "fulfilled" ? part.value : [])));
  } finally {
    progress.end();
  }
}

type KeyedUse = readonly (readonly [key: string, use: ServiceUse])[];

async function useOfCustomers(
  system: LivePlatformSystem,
  guids: ReadonlySet<string>,
  signal: AbortSignal,
  onRead: () => void,
): Promise<KeyedUse> {
  const { rows, gap } = await listCustomers(system, signal);
  const listed = rows.filter(({ guid }) => guids.has(guid));
  const found = new Set(listed.map(({ guid }) => guid));
  const missing = [...guids].filter((guid) => !found.has(guid));
  if (missing.length > 0) {
    throw (
      gap ??
      new Error(
        missing
          .map((guid) => `The Live Platform (${system.settings.baseUrl}) lists no customer ${guid} with a licence.`)
          .join("\n"),
      )
    );
  }
  const { use, notes } = await readLicensesInUse(system, listed, signal, onRead);
  if (notes.length > 0) {
    // The active users may be fewer: what they suggest could be below the use.
    throw new Error(notes.join("\n"));
  }
  return listed.flatMap(({ guid, customer }) => {
    const inUse = use.get(guid)?.currentlyLicensed ?? customer.activeUserCount;
    return inUse === null ? [] : [[customerKey(guid), { inUse, inPacks: 0 }] as const];
  });
}

async function useOfTenants(
  system: TenantGatewaySystem,
  ids: readonly string[],
  signal: AbortSignal,
  onRead: () => void,
): Promise<KeyedUse> {
  const named = ids.map((tenantId) => ({ tenantId, name: null, type: null }));
  const tenants = await readTenants(system, named, signal, onRead);
  return tenants.flatMap(({ tenantId, services }) =>
    [...eachService(services)].map(([kind, service, use]) => [serviceKey(tenantId, kind, service), use] as const),
  );
}
