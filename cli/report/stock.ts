import type { GatewayStock, StockItem } from "../../provider/systems/gateway/client";
import type { Allocation } from "../../provider/tenant/allocation";

/** A licence of the gateway's own stock. Its names are bundles or services, and not those of the tenants' services. */
interface StockUsage {
  readonly kind: "subscriber" | "group service" | "virtual service" | "user service";
  readonly name: string;
  readonly licensed: Allocation | null;
  readonly used: Allocation | null;
  readonly available: Allocation | null;
}

/** The gateway's own stock. */
export interface Stock {
  readonly expires: string | null;
  readonly licenses: readonly StockUsage[];
}

export function stockUsage(stock: GatewayStock): Stock {
  return { expires: stock.expirationDate ?? null, licenses: stockOf(stock) };
}

function stockOf(stock: GatewayStock): StockUsage[] {
  const rows = (kind: StockUsage["kind"], items: readonly StockItem[]): StockUsage[] =>
    items.map(({ name, licensed, used, available }) => ({
      kind,
      name,
      licensed: licensed ?? null,
      used: used ?? null,
      available: available ?? null,
    }));
  return [
    ...rows("subscriber", stock.subscriberLicenses),
    ...rows("group service", stock.groupServiceLicenses),
    ...rows("virtual service", stock.virtualServiceLicenses),
    ...rows("user service", stock.userServiceLicenses),
  ];
}
