import { connected, type ConnectedSystems } from "../inventory/systems";
import { readTenants } from "../inventory/tenants";
import { eachService } from "../../provider/tenant/allocation";
import { type KeyedUse, useKey } from "./use";

/** The licences in use of each service. */
export async function useOfTenants(
  ids: readonly string[],
  { tenantGateway }: ConnectedSystems,
  signal: AbortSignal,
  onRead: () => void,
): Promise<KeyedUse> {
  const named = ids.map((tenantId) => ({ tenantId, name: null, type: null }));
  const tenants = await readTenants(connected(tenantGateway), named, signal, onRead);
  return tenants.flatMap(({ tenantId, services }) =>
    [...eachService(services)].map(([kind, service, use]) => [useKey(tenantId, kind, service), use] as const),
  );
}
