import { compareCodePoints } from "../provider/text/code-points";
import { type CustomerEntry, holdingsOf, titleOf } from "../inventory/customers";
import type { TenantEntry } from "../inventory/tenants";
import type { GatewayServicePack } from "../provider/apis/tenant-gateway";
import { SERVICE_KINDS } from "../provider/apis/service-kinds";
import { checkCustomer, customerFields } from "../provider/resources/customer-service-license/fields";
import { LicenseType } from "../provider/resources/customer-service-license/license-type";
import {
  type Allocation,
  eachService,
  byKind,
  fromGateway,
  type ServiceAllocations,
} from "../provider/resources/tenant-service-licenses/allocation";
import { checkServices } from "../provider/resources/tenant-service-licenses/fields";
import { shownMistake, shownPath } from "../provider/run/mistake";
import { shown } from "../provider/text/shown";
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
  /** Its App Registration, where the platform shows one, and the configuration key under which its secret is to be put. */
  readonly registration: { readonly clientId: string; readonly secretKey: string } | undefined;
}

/** A tenant as it is to be declared. */
export interface ExportedTenant {
  readonly tenantId: string;
  /** Its name and type at the gateway, where it shows them. */
  readonly title: string;
  readonly services: ServiceAllocations;
  /** What it holds beside services, in words; not managed. */
  readonly servicePacks: readonly string[];
}

/** A customer that cannot be declared, and what it holds. */
interface Undeclarable {
  readonly guid: string;
  readonly title: string;
  readonly holds: string;
}

/** A part of what the systems hold that is left out, because no fleet file can declare it. */
interface LeftOut {
  /** `customer contoso, applicationClientId`, `tenant foo, groupServices.Hunt Group`. */
  readonly what: string;
  readonly why: string;
}

/** The systems as a fleet: customers by name, tenants and services by code point. */
export interface ExportedFleet {
  readonly customers: readonly ExportedCustomer[];
  readonly undeclarable: readonly Undeclarable[];
  readonly tenants: readonly ExportedTenant[];
  readonly leftOut: readonly LeftOut[];
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
  const exportedCustomers = customers
    .filter(
      ({ guid, customer: { shortName, fullName } }) =>
        choice.isWanted([guid, names.get(guid) ?? "", shortName ?? "", fullName ?? ""]) &&
        !choice.isClaimed(choice.customerClaim(guid)),
    )
    .map((entry) => toCustomer(entry, names.get(entry.guid) ?? entry.guid));
  const exportedTenants = [...tenants]
    .sort((a, b) => compareCodePoints(a.tenantId, b.tenantId))
    .filter(({ tenantId, name }) => choice.isWanted([tenantId, name ?? ""]))
    .map((tenant) => toTenant(tenant, choice));
  return {
    customers: exportedCustomers
      .flatMap(({ customer }) => customer ?? [])
      .sort((a, b) => compareCodePoints(a.name, b.name)),
    undeclarable: exportedCustomers
      .flatMap(({ undeclarable }) => undeclarable ?? [])
      .sort((a, b) => compareCodePoints(a.title, b.title) || compareCodePoints(a.guid, b.guid)),
    tenants: exportedTenants
      .map(({ tenant }) => tenant)
      .filter(({ services }) => services.groupServices.size + services.userServices.size > 0),
    leftOut: [...exportedCustomers, ...exportedTenants]
      .flatMap(({ leftOut }) => leftOut)
      .sort((a, b) => compareCodePoints(a.what, b.what)),
  };
}

interface CustomerExport {
  readonly customer?: ExportedCustomer;
  readonly undeclarable?: Undeclarable;
  readonly leftOut: readonly LeftOut[];
}

function toCustomer(entry: CustomerEntry, name: string): CustomerExport {
  const { guid, customer } = entry;
  const { licensedUsersCount, applicationClientId } = customer;
  const title = titleOf(entry);
  const licenseType = Object.values(LicenseType).find((type) => type === customer.licenseType);
  if (licenseType === undefined || licensedUsersCount === null || licensedUsersCount < 1) {
    return { undeclarable: { guid, title, holds: holdingsOf(customer) }, leftOut: [] };
  }
  const [mistake] = checkCustomer({ customerGuid: guid, licenseType, licensedUsersCount }).mistakes;
  if (mistake !== undefined) {
    const holds = `${holdingsOf(customer)}; ${shownMistake(mistake)}`;
    return {
      undeclarable: { guid, title, holds },
      leftOut: [{ what: `customer ${title}`, why: shownMistake(mistake) }],
    };
  }
  const declared = { name, guid, title, licenseType, licensedUsersCount };
  if (applicationClientId === undefined || applicationClientId === null || applicationClientId === "") {
    return { customer: { ...declared, registration: undefined }, leftOut: [] };
  }
  const clientId = customerFields.applicationClientId.safeParse(applicationClientId);
  if (clientId.success) {
    const registration = { clientId: applicationClientId, secretKey: secretKey(name) };
    return { customer: { ...declared, registration }, leftOut: [] };
  }
  const why = `"${shown(applicationClientId, 100)}" ${clientId.error.issues[0]?.message ?? "is wrong"}`;
  return {
    customer: { ...declared, registration: undefined },
    leftOut: [{ what: `customer ${name}, applicationClientId`, why }],
  };
}

function toTenant(
  { tenantId, name, type, services, servicePacks, odd }: TenantEntry,
  choice: ExportChoice,
): { readonly tenant: ExportedTenant; readonly leftOut: readonly LeftOut[] } {
  const kept = byKind(() => new Map<string, Allocation>());
  for (const [kind, service, { allocation }] of eachService(services)) {
    const isLeftOut =
      (choice.onlyLicensed && allocation === 0) || choice.isClaimed(choice.serviceClaim(tenantId, kind, service));
    if (!isLeftOut) {
      kept[kind].set(service, allocation);
    }
  }
  const leftOut: LeftOut[] = odd.map(({ kind, name: service, problem }) => ({
    what: `tenant ${tenantId}, ${shownPath([kind, service])}`,
    why: `the gateway's row cannot be read (${problem})`,
  }));
  for (const { path, message } of SERVICE_KINDS.flatMap(
    (kind) => checkServices(kind, Object.fromEntries(kept[kind])).mistakes,
  )) {
    const [kind, service] = path;
    if (typeof service === "string" && (kind === "groupServices" || kind === "userServices")) {
      kept[kind].delete(service);
      leftOut.push({ what: `tenant ${tenantId}, ${shownPath(path)}`, why: message });
    }
  }
  const title = [name, type].filter((text) => text !== null && text !== "" && text !== tenantId).join(", ");
  return { tenant: { tenantId, title, services: kept, servicePacks: servicePacks.map(packInWords) }, leftOut };
}

function packInWords({ name, allocated, currentlyAllocated }: GatewayServicePack): string {
  const inUse = currentlyAllocated === undefined ? "" : `, ${currentlyAllocated} in use`;
  const amount = fromGateway(allocated);
  return `${name}: ${amount === 0 ? "not licensed" : amount === "unlimited" ? "unlimited" : `${amount} allocated`}${inUse}`;
}
