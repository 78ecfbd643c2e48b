import { wholeOf } from "../../apis/complete-list";
import type { LivePlatformCustomer } from "../../apis/live-platform";
import { shown } from "../../text/shown";
import { type CustomerQuery, findByName } from "./customer-query";
import { fromObservedCode, type ObservedLicenseType } from "./license-type";
import type { LivePlatformSystem } from "./observe";

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
