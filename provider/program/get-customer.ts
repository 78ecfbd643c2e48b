import { messageOf } from "../errors";
import * as pulumi from "@pulumi/pulumi";
import type { LivePlatformCustomer } from "../apis/live-platform";
import type { LivePlatformSystem } from "../resources/customer-service-license/apply";
import { isPlainObject } from "../plain-object";
import { shown } from "../text/shown";
import { Provider } from "./provider";
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

/** How a lookup is made. */
export interface CustomerLookupOptions {
  /** The instance whose Live Platform is asked; without it, the platform of the stack's configuration and the environment. */
  readonly provider?: Provider | undefined;
}

/** All lookups of a run on one platform share one list. */
interface List {
  readonly rows: readonly LivePlatformCustomer[];
  readonly ocEssentialType: number;
}
const lists = new ProgramMemory(() => new Map<Provider | undefined, Promise<List>>());

/**
 * Looks up a customer by a name, because people know names, not GUIDs. All lookups of a program cost one list call together, in preview
 * and in the update alike.
 *
 * A program that looks up a name depends on it: a customer that is renamed is not found any more. Where that matters, write the GUID.
 *
 * @param query One of the names, exactly as the platform writes it.
 * @param options Which platform to ask.
 * @returns The customer as it is now.
 * @throws {pulumi.RunError} Where no customer or more than one has that name, where no licence has been applied to it yet, or where
 *   the platform cannot be reached.
 * @see Live Platform REST API, "Get Services Brief Details (V3)"
 * @example
 * const { customerGuid } = await getCustomer({ shortName: "contoso" });
 */
export async function getCustomer(query: CustomerQuery, options?: CustomerLookupOptions): Promise<Customer> {
  const provider = options?.provider;
  const checked = checkLookUp(query, provider);
  return lookUp(checked, provider, provider === undefined ? undefined : await knownSettings(provider));
}

async function lookUp(
  query: CustomerQuery,
  provider: Provider | undefined,
  settings: InstanceSettings | undefined,
): Promise<Customer> {
  const { rows, ocEssentialType } = await listOf(provider, settings);
  const found = findByName(rows, query);
  if ("problem" in found) {
    throw new pulumi.RunError(`getCustomer: ${shown(found.problem, 2000)}`);
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
 * @param options Which platform to ask.
 * @returns The customer, as an output.
 * @throws {pulumi.RunError} As {@link getCustomer}.
 * @example
 * const contoso = getCustomerOutput({ fullName: "Contoso Ltd" });
 * new CustomerServiceLicense("contoso", { customerGuid: contoso.customerGuid, licenseType: "OcPro", licensedUsersCount: 50 });
 */
export function getCustomerOutput(
  query: pulumi.Input<CustomerQuery>,
  options: CustomerLookupOptions = {},
): pulumi.Output<Customer> {
  const { provider } = options;
  // What the list says of a customer is no secret, though the credentials are.
  const settings = provider === undefined ? undefined : pulumi.unsecret(provider.settings);
  return pulumi.all([query, settings]).apply(([plain, known]) => lookUp(checkLookUp(plain, provider), provider, known));
}

type InstanceSettings = Readonly<Record<string, string>>;

const HOW = 'give one name, such as getCustomer({ shortName: "contoso" }) or getCustomer({ fullName: "Contoso Ltd" })';

/**
 * The query, with just the name that it gives. Programs in JavaScript may give anything.
 * @throws {pulumi.RunError} saying what is missing.
 */
function checkLookUp(query: unknown, provider: unknown): CustomerQuery {
  if (provider === undefined) {
    refusePlainCredentials();
  } else if (!Provider.isInstance(provider)) {
    throw new pulumi.RunError("getCustomer: provider must be a Provider of pulumi-voice-licenses.");
  }
  const given = isPlainObject(query) ? Object.entries(query).filter(([, name]) => name !== undefined) : [];
  const [[key, name] = ["", undefined], ...others] = given;
  if (key !== "" && key !== "shortName" && key !== "fullName") {
    throw new pulumi.RunError(`getCustomer: ${shown(key)} is not a name of a customer: ${HOW}.`);
  }
  if (key === "" || others.length > 0) {
    throw new pulumi.RunError(
      `getCustomer: ${key === "" ? "no name is given" : "more than one name is given"}: ${HOW}.`,
    );
  }
  if (typeof name !== "string" || name === "") {
    throw new pulumi.RunError(`getCustomer: ${key} must be a string that is not empty: ${HOW}.`);
  }
  return key === "shortName" ? { shortName: name } : { fullName: name };
}

/** The settings of an instance, as far as a preview knows them. */
async function knownSettings(provider: Provider): Promise<InstanceSettings> {
  // Not in Pulumi's types. Without it, waiting for a setting that is not known yet would never end.
  const isKnown: unknown = await Promise.resolve<unknown>(Reflect.get(provider.settings, "isKnown"));
  if (isKnown === false) {
    throw new pulumi.RunError(
      `getCustomer: the settings of ${provider.label} are known only in \`pulumi up\`: use getCustomerOutput.`,
    );
  }
  return new Promise((resolve) => {
    provider.settings.apply(resolve);
  });
}

/** The list of this run; where it could not be read, the next lookup asks again. */
function listOf(provider: Provider | undefined, settings: InstanceSettings | undefined): Promise<List> {
  const known = lists.ofThisRun();
  const listed = known.get(provider) ?? listCustomers(settings);
  known.set(provider, listed);
  listed.catch(() => {
    known.delete(provider);
  });
  return listed;
}

async function listCustomers(settings: InstanceSettings | undefined): Promise<List> {
  const { redact, connect } = connection(settings);
  try {
    const { api, settings: ofPlatform } = connect();
    return { rows: await api.listCustomers(), ocEssentialType: ofPlatform.ocEssentialType };
  } catch (error) {
    throw new pulumi.RunError(`getCustomer: ${redact(messageOf(error))}`);
  }
}

/** Loads the client when it is needed: most programs look up nothing, and leave all requests to the plugin. */
function connection(instance: InstanceSettings | undefined): {
  redact: (text: string) => string;
  connect: () => LivePlatformSystem;
} {
  /* eslint-disable @typescript-eslint/no-require-imports -- an import would load it with the package */
  const { Systems } = require("../systems") as typeof import("../systems");
  const { createRedactor } = require("../apis/transport/redact") as typeof import("../apis/transport/redact");
  const { systemClock } = require("../time/clock") as typeof import("../time/clock");
  /* eslint-enable @typescript-eslint/no-require-imports */
  const redactor = createRedactor();
  // An instance is complete in itself.
  const source =
    instance === undefined
      ? { configuration: ofStack, environment: process.env }
      : { configuration: (key: string) => instance[key], environment: {}, audience: "instance" as const };
  const onWarning = (line: string): void => {
    void pulumi.log.warn(line);
  };
  const systems = new Systems({ ...source, clock: systemClock, redactor, onWarning });
  return { redact: (text) => redactor.redact(text), connect: () => systems.livePlatform() };
}

function ofStack(key: string): string | undefined {
  const [namespace = "", name = ""] = key.split(":");
  return new pulumi.Config(namespace).get(name);
}
