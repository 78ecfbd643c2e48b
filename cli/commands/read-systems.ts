import { listCustomers, readDetails } from "../inventory/customers";
import type { HeldFleet } from "../inventory/kinds";
import { readLicensesInUse, type UseByCustomer } from "../inventory/licenses-in-use";
import {
  type ListedTenant,
  listTenants,
  namedTenants,
  readTenants,
  refusedList,
  type TenantEntry,
} from "../inventory/tenants";
import { wholeOf } from "../../provider/systems/shared/complete-list";
import type { GatewayStock } from "../../provider/systems/gateway/client";
import { messageOf } from "../../provider/text/errors";
import { ALL_KINDS } from "../../provider/kinds";
import { type System, SYSTEMS } from "../../provider/systems/settings/table";
import { counted } from "../../provider/text/count";
import { systemClock } from "../../provider/time/clock";
import { allOrThrow } from "./all-or-throw";
import { type Connected, connectNeeded, isNamed } from "./connect";
import { progressOn } from "./progress";

/** What to read. */
export interface Reading {
  /** The tenants to read, by id; `undefined` for all that the gateway lists. */
  readonly tenants: readonly string[] | undefined;
  /** Also App Registrations, by a call a customer. */
  readonly appRegistrations: boolean;
  /** Also the licences in use, by another call a customer. */
  readonly licensesInUse: boolean;
  /** Also the platform's own stock of licences, where this user may see it. */
  readonly stock: boolean;
}

/** What the systems hold. */
export interface Holdings extends HeldFleet {
  readonly use: UseByCustomer;
  /** Whether the tenants are those of the gateway's own list, or why it gives none. */
  readonly tenantList: "whole" | "named" | { readonly refused: string };
  readonly stock: GatewayStock | undefined;
  /** The addresses of the systems that were read. */
  readonly livePlatform: string | undefined;
  readonly tenantGateway: string | undefined;
  /** What the reader should know. */
  readonly notes: readonly string[];
  /** Figures that could not be read though the systems offer them; they are among the notes too. */
  readonly unread: readonly string[];
}

/**
 * Reads all customers, and the named tenants or all, from the systems that the environment names, with progress. A system may be left
 * out by not naming it, where no tenant of it is named.
 * @throws {SettingsError} where settings are missing or wrong, or neither system is named.
 * @throws {Error} with a line for each object that cannot be read.
 */
export async function readSystems(reading: Reading): Promise<Holdings> {
  const systems = connectNeeded(process.env, neededSystems(reading));
  const { livePlatform, tenantGateway, signal } = systems;
  const [listed, list] = await allOrThrow([
    livePlatform === undefined ? Promise.resolve([]) : listCustomers(livePlatform, signal).then(wholeOf),
    listOfTenants(systems, reading.tenants),
  ]);
  const calls = (reading.appRegistrations ? 1 : 0) + (reading.licensesInUse ? 1 : 0);
  const progress = progressOn(process.stderr, `Read ${ALL_KINDS}`, systemClock);
  const { advance } = progress;
  progress.expect(list.tenants.length + listed.length * calls);
  try {
    const [customers, inUse, tenants, stock] = await allOrThrow([
      livePlatform !== undefined && reading.appRegistrations
        ? readDetails(livePlatform, listed, signal, advance)
        : Promise.resolve(listed),
      livePlatform !== undefined && reading.licensesInUse
        ? readLicensesInUse(livePlatform, listed, signal, advance)
        : Promise.resolve({ use: new Map(), notes: [] }),
      tenantGateway === undefined ? Promise.resolve([]) : readTenants(tenantGateway, list.tenants, signal, advance),
      reading.stock ? stockOf(systems) : Promise.resolve({ stock: undefined, notes: [] }),
    ]);
    return {
      customers,
      use: inUse.use,
      tenants,
      tenantList: list.origin,
      stock: stock.stock,
      livePlatform: livePlatform?.settings.baseUrl,
      tenantGateway: tenantGateway?.settings.baseUrl,
      notes: [...list.notes, ...gapsOf(tenants), ...inUse.notes, ...stock.notes],
      unread: [...inUse.notes, ...stock.notes],
    };
  } finally {
    progress.end();
  }
}

/** Where the environment names no system, all are needed, so that what is missing is said. */
function neededSystems({ tenants }: Reading): Record<System, boolean> {
  const isNoneNamed = !SYSTEMS.some((system) => isNamed(system, process.env));
  return { livePlatform: isNoneNamed, tenantGateway: isNoneNamed || (tenants ?? []).length > 0 };
}

interface TenantsToRead {
  readonly tenants: readonly ListedTenant[];
  readonly origin: Holdings["tenantList"];
  readonly notes: readonly string[];
}

async function listOfTenants(
  { tenantGateway, signal }: Connected,
  named: readonly string[] | undefined,
): Promise<TenantsToRead> {
  if (tenantGateway === undefined || named?.length === 0) {
    return { tenants: [], origin: "named", notes: [] };
  }
  if (named !== undefined) {
    return { tenants: await namedTenants(tenantGateway, named, signal), origin: "named", notes: [] };
  }
  try {
    return { ...(await listTenants(tenantGateway, signal)), origin: "whole" };
  } catch (error) {
    return { tenants: [], origin: { refused: refusedList(error) }, notes: [] };
  }
}

/** A note where the gateway's answers may lack services of tenants. */
function gapsOf(tenants: readonly TenantEntry[]): string[] {
  const gaps = tenants.flatMap(({ services: { gap } }) => gap ?? []);
  return gaps[0] === undefined
    ? []
    : [
        `Services of ${counted(gaps.length, "tenant")} may be missing: ${gaps[0]}${gaps.length > 1 ? ", for example" : ""}.`,
      ];
}

async function stockOf({
  tenantGateway,
  signal,
}: Connected): Promise<{ readonly stock: GatewayStock | undefined; readonly notes: readonly string[] }> {
  try {
    return { stock: await tenantGateway?.api.stock(signal), notes: [] };
  } catch (error) {
    return { stock: undefined, notes: [`The gateway's own stock of licences is not known: ${messageOf(error)}`] };
  }
}
