import type { LivePlatformCustomer } from "../../apis/live-platform";
import type { LivePlatformSystem } from "./apply";
import { type CustomerQuery, findByName } from "./customer-query";
import { fromObservedCode, type ObservedLicenseType } from "./license-type";

/** A customer as the platform's list shows it. */
export interface FoundCustomer {
  readonly customerGuid: string;
  readonly shortName: string | null;
  readonly fullName: string | null;
  readonly licenseType: ObservedLicenseType;
  readonly licensedUsersCount: number | null;
  readonly activeUserCount: number | null;
}

/** Looks up customers by name; all lookups of a run share one list call. */
export class CustomerLookup {
  private list: Promise<readonly LivePlatformCustomer[]> | undefined;

  public constructor(private readonly system: () => LivePlatformSystem) {}

  /** @throws where no customer or more than one has that name, or where the platform cannot be reached. */
  public async find(query: CustomerQuery): Promise<FoundCustomer> {
    const { api, settings } = this.system();
    if (this.list === undefined) {
      this.list = api.listCustomers();
      // Where it could not be read, the next lookup asks again.
      this.list.catch(() => {
        this.list = undefined;
      });
    }
    const found = findByName(await this.list, query);
    if ("problem" in found) {
      throw new Error(found.problem);
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
