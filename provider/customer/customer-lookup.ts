import { wholeOf } from "../systems/shared/complete-list";
import type { LivePlatformCustomer } from "../systems/live-platform/client";
import { shown } from "../text/shown";
import { fromObservedCode, type ObservedLicenseType } from "./license-type";
import type { LivePlatformSystem } from "./customers";
import { isPlainObject } from "../text/plain-object";
import { nearest } from "../text/nearest";
import { quoted } from "../text/names";

/** A customer of the Live Platform, as its list shows it. */
export interface Customer {
  /** Its `umpCustomerGuid`, in lower case: what `CustomerServiceLicense` takes. */
  readonly customerGuid: string;
  /** Its short name; `null` where it has none. */
  readonly shortName: string | null;
  /** Its full name; `null` where it has none. */
  readonly fullName: string | null;
  /** The licence that it holds now. */
  readonly licenseType: ObservedLicenseType;
  /** The number of licensed users; `null` where the platform does not show it. */
  readonly licensedUsersCount: number | null;
  /** The number of active users; `null` where the platform does not show it. */
  readonly activeUserCount: number | null;
}

/** Looks up customers of one platform by name; all lookups share one list call. */
export class CustomerLookup {
  private list: Promise<readonly LivePlatformCustomer[]> | undefined;

  /** @param signal Ends every lookup of the run. */
  public constructor(
    private readonly system: () => LivePlatformSystem,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * The customer of that very name.
   * @throws where no customer or more than one has that name, or where the platform cannot be reached.
   */
  public async find(query: CustomerQuery): Promise<Customer> {
    const { api, settings } = this.system();
    if (this.list === undefined) {
      // In a part of the list, another customer of that name would go unnoticed.
      this.list = api.listCustomers(this.signal).then(wholeOf);
      // Where it could not be read, the next lookup asks again.
      this.list.catch(() => {
        this.list = undefined;
      });
    }
    const found = findByName(await this.list, query, settings);
    if ("problem" in found) {
      throw new Error(shown(found.problem, 2000));
    }
    const { customer, guid } = found;
    return {
      customerGuid: guid,
      shortName: customer.shortName,
      fullName: customer.fullName,
      licenseType: fromObservedCode(customer.licenseType ?? 0, settings.ocEssentialType),
      licensedUsersCount: customer.licensedUsersCount,
      activeUserCount: customer.activeUserCount,
    };
  }
}

/** By which of its names a customer is looked for. */
export type CustomerQuery =
  | {
      /** Its short name, as the platform writes it. */
      readonly shortName: string;
    }
  | {
      /** Its full name, as the platform writes it. */
      readonly fullName: string;
    };

const HOW = 'give one name, such as getCustomer({ shortName: "contoso" }) or getCustomer({ fullName: "Contoso Ltd" })';

/**
 * The query that the arguments of a program make, which may be anything.
 * @throws saying what is missing or wrong.
 */
export function readCustomerQuery(args: unknown): CustomerQuery {
  const given = isPlainObject(args)
    ? Object.entries(args).filter(([, name]) => name !== undefined && name !== null)
    : [];
  const unknown = given.find(([key]) => key !== "shortName" && key !== "fullName");
  if (unknown !== undefined) {
    throw new Error(`${shown(unknown[0])} is not a name of a customer: ${HOW}.`);
  }
  const [[key, name] = ["", undefined], ...others] = given;
  if (key === "" || others.length > 0) {
    throw new Error(`${key === "" ? "no name is given" : "more than one name is given"}: ${HOW}.`);
  }
  if (typeof name !== "string" || name === "") {
    throw new Error(`${key} must be a string that is not empty: ${HOW}.`);
  }
  return key === "shortName" ? { shortName: name } : { fullName: name };
}

/** The one customer that a query means, or why there is none. */
export type QueryResult =
  { readonly customer: LivePlatformCustomer; readonly guid: string } | { readonly problem: string };

/** The customer of that very name: one that differs in case only is offered, not taken. */
export function findByName(
  customers: readonly LivePlatformCustomer[],
  query: CustomerQuery,
  { baseUrlKey }: { readonly baseUrlKey: string },
): QueryResult {
  const byShortName = "shortName" in query;
  const wanted = byShortName ? query.shortName : query.fullName;
  const what = `${byShortName ? "shortName" : "fullName"} ${quoted(wanted)}`;
  const nameOf = ({ shortName, fullName }: LivePlatformCustomer): string | null => (byShortName ? shortName : fullName);
  const [first, ...others] = customers.filter((customer) => nameOf(customer) === wanted);
  if (first === undefined) {
    const names = new Set(customers.flatMap((customer) => nameOf(customer) ?? []));
    const alike = nearest(wanted, [...names]).map((name) => quoted(name));
    const fix = alike.length > 0 ? `did you mean ${alike.join(" or ")}?` : `check the name and ${baseUrlKey}.`;
    return { problem: `there is no customer with ${what} on the Live Platform: ${fix}` };
  }
  if (others.length > 0) {
    const guids = [first, ...others].map(({ guid }) => (guid === null ? "one without a licence" : shown(guid)));
    return {
      problem: `${guids.length} customers have ${what}: give the customerGuid in its place (${guids.join(", ")}).`,
    };
  }
  if (first.guid === null || first.licenseType === null) {
    return {
      problem: `no licence has been applied to the customer with ${what} yet: create its service on the Live Platform first.`,
    };
  }
  return { customer: first, guid: first.guid.toLowerCase() };
}
