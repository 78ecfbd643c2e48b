import { type Answer, type Call, json } from "../exchange";
import { GatewayError } from "./errors";
import { refuseBody, refuseQuery } from "./request";
import type { StockItem } from "./seed";
import type { GatewayState } from "./state";

/** The list of tenants. INVENTED: the words of its 403. */
export function listTenants(call: Call, state: GatewayState): Answer {
  refuseQuery(call);
  refuseBody(call);
  if (state.settings.tenantListAccess === "refuse") {
    throw new GatewayError(403, "You do not have permission to perform this action");
  }
  const tenants = [...state.tenants().values()].filter((tenant) => tenant.details.listed && state.isVisible(tenant));
  return json(200, {
    tenants: tenants.map(({ id, details: { name, type, resellerId } }) => ({
      tenantId: id,
      name: name ?? id,
      type,
      ...(resellerId === null ? {} : { resellerId }),
    })),
  });
}

function stockRow({ name, licensed, used }: StockItem): Record<string, string> {
  const isUnlimited = licensed === "unlimited";
  return {
    name,
    licensed: isUnlimited ? "Unlimited" : String(licensed),
    used: String(used),
    available: isUnlimited ? "Unlimited" : String(Math.max(0, licensed - used)),
  };
}

/** The platform's stock of licences. INVENTED: that it is read from the seed alone, whatever tenants hold. */
export function showStock(call: Call, { settings, seed: { stock } }: GatewayState): Answer {
  refuseQuery(call);
  refuseBody(call);
  if (settings.stockAccess === "refuse") {
    throw new GatewayError(403, "You do not have permission to perform this action");
  }
  return json(200, {
    licenseStrictness: stock.licenseStrictness,
    expirationDate: stock.expirationDate,
    subscriberLicenses: stock.subscriberLicenses.map(stockRow),
    groupServiceLicenses: stock.groupServiceLicenses.map(stockRow),
    virtualServiceLicenses: stock.virtualServiceLicenses.map(stockRow),
    userServiceLicenses: stock.userServiceLicenses.map(stockRow),
  });
}
