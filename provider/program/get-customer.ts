import { messageOf } from "../errors";
import * as pulumi from "@pulumi/pulumi";
import type { LivePlatformCustomer } from "../apis/live-platform";
import type { LivePlatformSystem } from "../resources/customer-service-license/apply";
import { ProgramMemory } from "./program-memory";
import { refusePlainCredentials } from "./registration";
import { type CustomerQuery, findByName } from "../resources/customer-service-license/customer-query";
import { fromObservedCode, type ObservedLicenseType } from "../resources/customer-service-license/license-type";

/** A customer of the Live Platform, as its list tells. */
export interface Customer {
  /** Its `umpCustomerGuid`, in lower case: what `CustomerServiceLicense` takes. */
  readonly customerGuid: string;
  /** Its short name; `null` where it has none. */
  readonly shortName: string | null;
  /** Its full name; `null` where it has none. */
  readonly fullName: string | null;
  /** The licence that it holds now. */
  readonly licenseType: ObservedLicenseType;
  /** The number of licensed users; `null` where the platform does not tell. */
  readonly licensedUsersCount: number | null;
  /** The number of active users; `null` where the platform does not tell. */
  readonly activeUserCount: number | null;
}

/** All lookups of a run share one list. */
interface List {
  readonly rows: readonly LivePlatformCustomer[];
  readonly ocEssentialType: number;
}
const lists = new ProgramMemory<{ list?: Promise<List> }>(() => ({}));

/**
 * Looks up a customer by a name, because people know names, not GUIDs. All lookups of a program cost one list call together, in preview
 * and in the update alike.
 *
 * A program that looks up a name depends on it: a customer that is renamed is not found any more. Where that matters, write the GUID.
 *
 * @param query One of the names, exactly as the platform writes it.
 * @returns The customer as it is now.
 * @throws {pulumi.RunError} Where no customer or more than one has that name, where no licence has been applied to it yet, or where
 *   the platform cannot be asked.
 * @see Live Platform REST API, "Get Services Brief Details (V3)"
 * @example
 * const { customerGuid } = await getCustomer({ shortName: "contoso" });
 */
export async function getCustomer(query: CustomerQuery): Promise<Customer> {
  refusePlainCredentials();
  const { rows, ocEssentialType } = await sharedList();
  const found = findByName(rows, query);
  if ("problem" in found) {
    throw new pulumi.RunError(`getCustomer: ${found.problem}`);
  }
  const { customer, guid } = found;
  return {
    customerGuid: guid,
    shortName: customer.shortName,
    fullName: customer.fullName,
    licenseType: fromObservedCode(customer.licenseType ?? 0, ocEssentialType),
    licensedUsersCount: customer.licensedUsersCount,
    activeUserCount: customer.activeUserCount,
  };
}

/**
 * The same for a name that is an output of something else.
 *
 * @param query One of the names, plain or as an output.
 * @returns The customer, as an output.
 * @throws {pulumi.RunError} As {@link getCustomer}.
 * @example
 * const contoso = getCustomerOutput({ fullName: "Contoso Ltd" });
 * new CustomerServiceLicense("contoso", { customerGuid: contoso.customerGuid, licenseType: "OcPro", licensedUsersCount: 50 });
 */
export function getCustomerOutput(query: pulumi.Input<CustomerQuery>): pulumi.Output<Customer> {
  return pulumi.output(query).apply((plain) => getCustomer(plain));
}

/** The list of this run; where it could not be read, the next lookup asks again. */
function sharedList(): Promise<List> {
  const shared = lists.ofThisRun();
  if (shared.list === undefined) {
    shared.list = listCustomers();
    shared.list.catch(() => {
      delete shared.list;
    });
  }
  return shared.list;
}

async function listCustomers(): Promise<List> {
  const { redact, connect } = connection();
  try {
    const { api, settings } = connect();
    return { rows: await api.listCustomers(), ocEssentialType: settings.ocEssentialType };
  } catch (error) {
    throw new pulumi.RunError(`getCustomer: ${redact(messageOf(error))}`);
  }
}

/** Loads the client when it is needed: most programs look up nothing, and leave all requests to the plugin. */
function connection(): { redact: (text: string) => string; connect: () => LivePlatformSystem } {
  /* eslint-disable @typescript-eslint/no-require-imports -- an import would load it with the package */
  const { Systems } = require("../systems") as typeof import("../systems");
  const { createRedactor } = require("../apis/transport/redact") as typeof import("../apis/transport/redact");
  const { systemClock } = require("../time/clock") as typeof import("../time/clock");
  /* eslint-enable @typescript-eslint/no-require-imports */
  const redactor = createRedactor();
  const configuration = (key: string): string | undefined => {
    const [namespace = "", name = ""] = key.split(":");
    return new pulumi.Config(namespace).get(name);
  };
  const systems = new Systems({ configuration, environment: process.env, clock: systemClock, redactor });
  return { redact: (text) => redactor.redact(text), connect: () => systems.livePlatform() };
}
