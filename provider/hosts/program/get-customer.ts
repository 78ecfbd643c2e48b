import { messageOf } from "../../text/errors";
import * as pulumi from "@pulumi/pulumi";
import { announcingLookup } from "./announce";
import { Provider } from "./provider";
import { ProgramMemory } from "./program-memory";
import { callMock, isMocked } from "./mocks";
import { settingsFrom } from "../../systems/settings/given";
import { stackSettings } from "./stack-settings";
import { type Customer, CustomerLookup, type CustomerQuery, readCustomerQuery } from "../../customer/customer-lookup";

/** How a lookup is made. */
export interface CustomerLookupOptions {
  /** The instance whose Live Platform is asked; without it, the platform of the stack's configuration and the environment. */
  readonly provider?: Provider | undefined;
}

/** All lookups of a run on one platform share one list. */
const lookups = new ProgramMemory(() => new Map<Provider | undefined, ConnectedLookup>());

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
  return isMocked()
    ? callMock("getCustomer", checked, provider)
    : lookUp(checked, provider, provider === undefined ? undefined : await knownSettings(provider));
}

async function lookUp(
  query: CustomerQuery,
  provider: Provider | undefined,
  settings: InstanceSettings | undefined,
): Promise<Customer> {
  const known = lookups.ofThisRun();
  const { lookup, redact } = known.get(provider) ?? connect(settings);
  known.set(provider, { lookup, redact });
  try {
    return await announcingLookup(() => lookup.find(query));
  } catch (error) {
    throw new pulumi.RunError(`getCustomer: ${redact(messageOf(error))}`);
  }
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
  return pulumi.all([query, settings]).apply(([plain, known]) => {
    const checked = checkLookUp(plain, provider);
    return isMocked() ? callMock("getCustomer", checked, provider) : lookUp(checked, provider, known);
  });
}

type InstanceSettings = Readonly<Record<string, string>>;

/**
 * The query, with just the name that it gives. Programs in JavaScript may give anything.
 * @throws {pulumi.RunError} saying what is missing.
 */
function checkLookUp(query: unknown, provider: unknown): CustomerQuery {
  if (provider === undefined) {
    stackSettings();
  } else if (!Provider.isInstance(provider)) {
    throw new pulumi.RunError("getCustomer: provider must be a Provider of pulumi-voice-licenses.");
  }
  try {
    return readCustomerQuery(query);
  } catch (error) {
    throw new pulumi.RunError(`getCustomer: ${messageOf(error)}`);
  }
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

/** A lookup, and what makes its errors safe to show. */
interface ConnectedLookup {
  readonly lookup: CustomerLookup;
  readonly redact: (text: string) => string;
}

/** Loads the client when it is needed: most programs look up nothing, and leave all requests to the plugin. */
function connect(instance: InstanceSettings | undefined): ConnectedLookup {
  /* eslint-disable @typescript-eslint/no-require-imports -- an import would load it with the package */
  const { Systems } = require("../../systems/systems") as typeof import("../../systems/systems");
  const { createRedactor } =
    require("../../systems/transport/redact") as typeof import("../../systems/transport/redact");
  const { systemClock } = require("../../time/clock") as typeof import("../../time/clock");
  /* eslint-enable @typescript-eslint/no-require-imports */
  const redactor = createRedactor();
  const source =
    instance === undefined
      ? stackSettings()
      : settingsFrom(instance, { audience: "instance", environment: process.env });
  const onWarning = (line: string): void => {
    void pulumi.log.warn(line);
  };
  const systems = new Systems({ ...source, clock: systemClock, redactor, onWarning });
  return {
    lookup: new CustomerLookup(() => systems.livePlatform()),
    redact: (text) => redactor.redact(text),
  };
}
