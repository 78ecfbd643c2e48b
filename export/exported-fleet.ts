import { compareCodePoints } from "../provider/text/code-points";
import { type CustomerEntry, titleOf } from "../inventory/customers";
import type { TenantEntry } from "../inventory/tenants";
import { describeLicenseType, LicenseType } from "../provider/resources/customer-service-license/license-type";
import {
  eachService,
  forEachKind,
  type ServiceAllocations,
} from "../provider/resources/tenant-service-licenses/allocation";
import { resourceNames, secretKey } from "./names";

/** A customer as it is to be declared. */
export interface ExportedCustomer {
  /** The resource's name. */
  readonly name: string;
  readonly guid: string;
  /** What people call it. */
  readonly title: string;
  readonly licenseType: LicenseType;
  readonly licensedUsersCount: number;
  /** Its App Registration, where the platform tells one, and the configuration key under which its secret is to be put. */
  readonly registration: { readonly clientId: string; readonly secretKey: string } | undefined;
}

/** A tenant as it is to be declared. */
export interface ExportedTenant {
  readonly tenantId: string;
  readonly services: ServiceAllocations;
}

/** A customer that cannot be declared, and why. */
export interface Undeclarable {
  readonly guid: string;
  readonly title: string;
  readonly holds: string;
}

/** The systems as a fleet: customers by name, tenants and services by code point. */
export interface ExportedFleet {
  readonly customers: readonly ExportedCustomer[];
  readonly undeclarable: readonly Undeclarable[];
  readonly tenants: readonly ExportedTenant[];
}

/** What is left out. */
export interface ExportChoice {
  /** Whether a customer or tenant is wanted, by any of what it is called. */
  readonly isWanted: (calledBy: readonly string[]) => boolean;
  /** Leaves out services that are not licensed. */
  readonly onlyLicensed: boolean;
  /** Whether something is declared elsewhere already, in the words of the resources' `declarations`. */
  readonly isClaimed: (claim: string) => boolean;
  /** Those words for a customer, and for a tenant's service. */
  readonly customerClaim: (guid: string) => string;
  readonly serviceClaim: (tenantId: string, kind: "groupServices" | "userServices", name: string) => string;
}

/** The fleet that declares just what is there: a pure function, the same for the same systems. */
export function toFleet(
  customers: readonly CustomerEntry[],
  tenants: readonly TenantEntry[],
  choice: ExportChoice,
): ExportedFleet {
  // Named before any is left out, so that what is chosen changes no name.
  const names = resourceNames(
    customers.map(({ guid, customer }) => ({ guid, shortName: customer.shortName, fullName: customer.fullName })),
  );
  const wanted = customers.filter(
    ({ guid, customer: { shortName, fullName } }) =>
      choice.isWanted([guid, names.get(guid) ?? "", shortName ?? "", fullName ?? ""]) &&
      !choice.isClaimed(choice.customerClaim(guid)),
  );
  const exported = wanted.map((entry) => toCustomer(entry, names.get(entry.guid) ?? entry.guid));
  return {
    customers: exported
      .flatMap((one) => ("licenseType" in one ? [one] : []))
      .sort((a, b) => compareCodePoints(a.name, b.name)),
    undeclarable: exported
      .flatMap((one) => ("holds" in one ? [one] : []))
      .sort((a, b) => compareCodePoints(a.title, b.title) || compareCodePoints(a.guid, b.guid)),
    tenants: tenants
      .filter(({ tenantId }) => choice.isWanted([tenantId]))
      .map((tenant) => toTenant(tenant, choice))
      .filter(({ services }) => services.groupServices.size + services.userServices.size > 0)
      .sort((a, b) => compareCodePoints(a.tenantId, b.tenantId)),
  };
}

function toCustomer(entry: CustomerEntry, name: string): ExportedCustomer | Undeclarable {
  const { guid, customer } = entry;
  const { licensedUsersCount, applicationClientId } = customer;
  const title = titleOf(entry);
  const licenseType = Object.values(LicenseType).find((type) => type === customer.licenseType);
  if (licenseType === undefined || licensedUsersCount === null || licensedUsersCount < 1) {
    const users = licensedUsersCount === null ? "" : `, ${licensedUsersCount} users`;
    return { guid, title, holds: `${describeLicenseType(customer.licenseType)}${users}` };
  }
  const hasRegistration =
    applicationClientId !== undefined && applicationClientId !== null && applicationClientId !== "";
  return {
    name,
    guid,
    title,
    licenseType,
    licensedUsersCount,
    registration: hasRegistration ? { clientId: applicationClientId, secretKey: secretKey(name) } : undefined,
  };
}

function toTenant({ tenantId, services }: TenantEntry, choice: ExportChoice): ExportedTenant {
  const kept = forEachKind(() => new Map<string, "unlimited" | number>());
  for (const [kind, name, { allocation }] of eachService(services)) {
    const isLeftOut =
      (choice.onlyLicensed && allocation === 0) || choice.isClaimed(choice.serviceClaim(tenantId, kind, name));
    if (!isLeftOut) {
      kept[kind].set(name, allocation);
    }
  }
  return { tenantId, services: kept };
}
