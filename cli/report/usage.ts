import type { HeldFleet } from "../inventory/kinds";
import type { UseByCustomer } from "../inventory/licenses-in-use";
import type { GatewayStock } from "../../provider/systems/gateway/client";
import type { Section } from "../../provider/kinds";
import type { System } from "../../provider/systems/settings/table";
import { type CustomerFigures, customerFigures } from "./customer-usage";
import { type Pool, poolOf } from "./pool";
import { type ServiceFigures, serviceFigures } from "./service-usage";
import { type Stock, stockUsage } from "./stock";

/** The addresses of the systems that were read. */
type Addresses<Unknown> = Readonly<Record<System, string | Unknown>>;

/** What a report is of, beside the objects. */
export interface Surroundings extends Addresses<undefined> {
  readonly use: UseByCustomer;
  readonly stock: GatewayStock | undefined;
  /** The size of the operator's pool. */
  readonly pool: number | undefined;
  /** What the reader should know. */
  readonly notes: readonly string[];
}

const NO_SURROUNDINGS: Surroundings = {
  use: new Map(),
  stock: undefined,
  pool: undefined,
  livePlatform: undefined,
  tenantGateway: undefined,
  notes: [],
};

/** How licences are used. */
export interface Usage extends CustomerFigures, ServiceFigures {
  readonly systems: Addresses<null>;
  readonly notes: readonly string[];
  /** `null` where the gateway does not show it. */
  readonly stock: Stock | null;
  /** `null` where its size is not given. */
  readonly pool: Pool | null;
}

/** How licences are used: a pure function of what the systems hold, and of the time in milliseconds since the epoch. */
export function usageOf(
  held: HeldFleet,
  now: number,
  { use, stock, pool, livePlatform, tenantGateway, notes }: Surroundings = NO_SURROUNDINGS,
): Usage {
  const { customers, licenses, expiring } = customerFigures(held.customers, use, now);
  const { services, totals, tenants, servicePacks, ...lists } = serviceFigures(held.tenants);
  return {
    systems: { livePlatform: livePlatform ?? null, tenantGateway: tenantGateway ?? null },
    notes,
    customers,
    licenses,
    services,
    totals,
    tenants,
    servicePacks,
    stock: stock === undefined ? null : stockUsage(stock),
    pool: pool === undefined ? null : poolOf(pool, customers),
    ...lists,
    expiring,
  } satisfies Usage & Record<Section, unknown>;
}
