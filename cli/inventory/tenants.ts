import { wholeOf } from "../../provider/systems/shared/complete-list";
import type {
  GatewayLicenses,
  GatewayServicePack,
  GatewayTenant,
  OddService,
} from "../../provider/systems/gateway/client";
import { messageOf } from "../../provider/text/errors";
import type { TenantGatewaySystem } from "../../provider/tenant/observe";
import { type ObservedServices, toObserved } from "../../provider/tenant/plan";
import { compareCodePoints } from "../../provider/text/code-points";
import { counted } from "../../provider/text/count";
import { shownExactly } from "../../provider/text/shown";
import { readEach } from "./read-each";
import { tenantIdProblem } from "./tenant-id";

/** How many problems of a list a note names. */
const MOST_NAMED = 3;

/** A tenant as the gateway lists it. */
export type ListedTenant = Pick<GatewayTenant, "tenantId" | "name" | "type">;

/** A tenant of the gateway with all that it is licensed for. */
export interface TenantEntry extends ListedTenant {
  readonly services: ObservedServices;
  /** Services whose row cannot be read. */
  readonly odd: readonly OddService[];
  readonly servicePacks: readonly GatewayServicePack[];
}

/** The tenants that a list has, and what the reader should know of it. */
export interface TenantList {
  readonly tenants: readonly ListedTenant[];
  readonly notes: readonly string[];
}

/**
 * All tenants of the gateway that its user may see, which is a part of them for a reseller's user; by id. One whose id no call can carry
 * or whose row
 * cannot be read, is left out, with a note.
 * @throws {ApiError} where the gateway refuses its list, or may give only a part of it.
 */
export async function listTenants({ api }: TenantGatewaySystem, signal: AbortSignal): Promise<TenantList> {
  const list = await api.listTenants(signal);
  const listed = wholeOf(list);
  const problems = list.unreadable;
  const isUsable = ({ tenantId }: ListedTenant): boolean => tenantIdProblem(tenantId) === undefined;
  return {
    tenants: listed.filter(isUsable).sort((a, b) => compareCodePoints(a.tenantId, b.tenantId)),
    notes: [
      ...listed
        .filter((tenant) => !isUsable(tenant))
        .map(
          ({ tenantId }) =>
            `The gateway lists a tenant ${shownExactly(tenantId, 100)}, whose id cannot be used: left out.`,
        ),
      ...(problems.length === 0
        ? []
        : [
            `The gateway's list has ${counted(problems.length, "tenant")} that cannot be read, left out: ${problems.slice(0, MOST_NAMED).join("; ")}${problems.length > MOST_NAMED ? "; …" : ""}.`,
          ]),
    ],
  };
}

/** Tenants that somebody named, with the names and types that the gateway lists, where it does. */
export async function namedTenants(
  system: TenantGatewaySystem,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ListedTenant[]> {
  const listed = await listTenants(system, signal).catch(() => ({ tenants: [] }));
  const byId = new Map(listed.tenants.map((tenant) => [tenant.tenantId, tenant]));
  return ids.map((tenantId) => byId.get(tenantId) ?? { tenantId, name: null, type: null });
}

/**
 * Reads tenants, as many at a time as the settings let through; in the order of `tenants`.
 * @throws {Error} with a line for each tenant that is not there or cannot be read.
 */
export function readTenants(
  system: TenantGatewaySystem,
  tenants: readonly ListedTenant[],
  signal: AbortSignal,
  onRead: () => void,
): Promise<TenantEntry[]> {
  return readEach(
    tenants,
    async ({ tenantId, name, type }) => {
      const licenses = await readLicenses(system, tenantId, signal);
      const { odd, servicePacks } = licenses;
      return [{ tenantId, name, type, services: toObserved(licenses), odd, servicePacks }];
    },
    onRead,
  );
}

/**
 * What a tenant is licensed for.
 * @throws {Error} where the gateway answers 404: that is no tenant without licences, whatever it means.
 */
export async function readLicenses(
  { api, settings }: TenantGatewaySystem,
  tenantId: string,
  signal: AbortSignal,
): Promise<GatewayLicenses> {
  const licenses = await api.getLicenses(tenantId, signal);
  if (licenses === undefined) {
    throw new Error(
      `The gateway answers 404 when asked for tenant ${shownExactly(tenantId, 100)}: check its id, TENANT_GATEWAY_BASE_URL (${settings.baseUrl}) and the rights of the gateway's user.`,
    );
  }
  return licenses;
}

/** Why the tenants are not known, for people. */
export function refusedList(error: unknown): string {
  return `the gateway does not give the list of its tenants (${messageOf(error)})`;
}
