import { z } from "zod";
import type { LivePlatformCustomer } from "../../apis/live-platform";
import { messageOf } from "../../errors";
import type { Properties } from "../../run/properties";
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

const query = z.union([
  z.strictObject({ shortName: z.string().min(1) }),
  z.strictObject({ fullName: z.string().min(1) }),
]);

/** Looks up customers by name; all lookups of a run share one list call. */
export class CustomerLookup {
  private list: Promise<readonly LivePlatformCustomer[]> | undefined;

  public constructor(private readonly system: () => LivePlatformSystem) {}

  /**
   * The customer that the arguments of a program name.
   * @throws where no customer or more than one has that name, or where the platform cannot be reached.
   */
  public async find(args: Properties): Promise<FoundCustomer> {
    const given = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
    const parsed = query.safeParse(Object.fromEntries(given));
    if (!parsed.success) {
      throw new Error("getCustomer: give one name of the customer, either shortName or fullName.");
    }
    try {
      return await this.lookUp(parsed.data);
    } catch (error) {
      throw new Error(`getCustomer: ${messageOf(error)}`);
    }
  }

  private async lookUp(wanted: CustomerQuery): Promise<FoundCustomer> {
    const { api, settings } = this.system();
    if (this.list === undefined) {
      this.list = api.listCustomers();
      // Where it could not be read, the next lookup asks again.
      this.list.catch(() => {
        this.list = undefined;
      });
    }
    const found = findByName(await this.list, wanted);
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
