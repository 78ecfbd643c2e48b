import { ApiError } from "../systems/transport/api-error";
import type { ListedTenants, TenantGateway } from "../systems/gateway/client";
import { messageOf } from "../text/errors";
import type { TenantGatewaySettings } from "../systems/settings";
import { shown } from "../text/shown";
import { type ObservedServices, toObserved } from "./plan";

/** The gateway and how to treat it. */
export interface TenantGatewaySystem {
  readonly api: TenantGateway;
  readonly settings: TenantGatewaySettings;
}

/** The gateway's list of tenants, the second witness of absence: asked when it is first needed, and then shared by the whole run. */
export class TenantDirectory {
  private asked: Promise<ListedTenants> | undefined;

  /**
   * What the gateway lists.
   * @throws where the list is refused, for the rest of the run; or where the gateway could not be reached: that is asked again by the
   * next caller.
   */
  public list({ api }: TenantGatewaySystem, signal: AbortSignal): Promise<ListedTenants> {
    if (this.asked === undefined) {
      const asked = api.listTenants(signal);
      this.asked = asked;
      asked.catch((error: unknown) => {
        if (!isAnswer(error)) {
          this.asked = undefined;
        }
      });
    }
    return this.asked;
  }
}

/** Whether the gateway itself has answered, so that asking again would give the same. */
function isAnswer(error: unknown): boolean {
  return error instanceof ApiError && error.status !== undefined && error.status < 500 && error.status !== 408;
}

/**
 * Looks at a tenant's services, or returns `undefined` where the tenant is gone: its own GET answers 404, and the gateway's list lacks it.
 * @throws where the GET answers 404 and the list cannot be read, is empty, or still holds the tenant.
 */
export async function observeTenant(
  system: TenantGatewaySystem,
  tenantId: string,
  directory: TenantDirectory,
  signal: AbortSignal,
): Promise<ObservedServices | undefined> {
  const licenses = await system.api.getLicenses(tenantId, signal);
  if (licenses !== undefined) {
    return toObserved(licenses);
  }
  const doubt = await whyNotGone(system, tenantId, directory, signal);
  if (doubt === undefined) {
    return undefined;
  }
  const { baseUrl, baseUrlKey, hasStack } = system.settings;
  const byHand = hasStack
    ? " If the tenant is really gone, remove it from the stack by hand: `pulumi state delete <urn>` (`pulumi stack --show-urns` lists the URNs)."
    : "";
  throw new Error(
    `The gateway (${baseUrl}) answers 404 for tenant ${shown(tenantId)}, ${doubt} Check ${baseUrlKey} and the rights of the ` +
      `gateway's user.${byHand}`,
  );
}

async function whyNotGone(
  system: TenantGatewaySystem,
  tenantId: string,
  directory: TenantDirectory,
  signal: AbortSignal,
): Promise<string | undefined> {
  let listed: ListedTenants;
  try {
    listed = await directory.list(system, signal);
  } catch (error) {
    return `and its list of tenants, which would confirm that the tenant is gone, cannot be read: ${messageOf(error)}`;
  }
  const { rows, gap, unreadable } = listed;
  if (rows.some((row) => row.tenantId === tenantId)) {
    return "but still lists the tenant.";
  }
  if (gap !== undefined) {
    return `and its list of tenants proves nothing: ${gap.message}`;
  }
  if (unreadable[0] !== undefined) {
    return `and its list of tenants proves nothing: a tenant of the list cannot be read: ${unreadable[0]}.`;
  }
  return rows.length === 0 ? "and lists no tenant at all, which proves nothing." : undefined;
}
