import type { LivePlatform, LivePlatformCustomer } from "../systems/live-platform/client";
import { type Preview, refused, type Run } from "../resource/license-resource";
import type { Properties } from "../resource/properties";
import { holdsUnknown } from "../resource/unknowns";
import { isForgotten } from "../resource/unseen-write";
import { shown } from "../text/shown";
import { Seen } from "../resource/seen";
import { customerFields, readKnownCustomerInputs } from "./fields";
import { sameUuid } from "../text/names";
import {
  describeCustomerPlan,
  notesOnCustomerPlan,
  type ObservedCustomer,
  planCustomer,
  reductionsOf,
  refusalsOf,
  refuseUnlicensable,
  type Unlicensable,
} from "./plan";
import { type CustomerState, showsUnseen } from "./state";
import { describeLicenseType, fromObservedCode, LicenseType, type ObservedLicenseType } from "./license-type";
import type { Listed } from "../systems/shared/complete-list";
import { readDate } from "../systems/shared/dates";
import { ApiError } from "../systems/transport/api-error";
import type { LivePlatformSettings, SystemAddress } from "../systems/settings";

/** The customers of the platform, as one process reads them: preview and refresh share what has been seen. */
export class Customers {
  private list: Promise<ReadonlyMap<string, LivePlatformCustomer>> | undefined;
  private readonly seen = new Seen<Observation>();

  public constructor(private readonly platform: () => LivePlatformSystem) {}

  public async preview(properties: Properties, state: CustomerState | undefined, run: Run): Promise<Preview> {
    const inputs = readKnownCustomerInputs(properties);
    const { customerGuid = "", licenseType, licensedUsersCount } = inputs;
    const observation =
      state === undefined
        ? await this.observeNew(customerGuid, inputs.applicationClientId !== undefined, run)
        : await this.look(customerGuid, inputs.applicationClientId !== undefined, run);
    if (!observation.found) {
      return refused([refuseUnlicensable(customerGuid, observation.why, this.platform().settings)]);
    }
    // An App Registration that is not known yet is there all the same.
    const applicationClientId =
      inputs.applicationClientId ?? (properties["applicationClientId"] === undefined ? undefined : "not known yet");
    // Nor is anything refused for want of a permission that may be given.
    const allowBelowUse = inputs.allowBelowUse ?? holdsUnknown(properties["allowBelowUse"]);
    const known = { ...inputs, applicationClientId, allowBelowUse };
    const customer = await withLicensesInUse(
      this.platform().api,
      customerGuid,
      observation.customer,
      known,
      run.signal,
    );
    if (licenseType === undefined || licensedUsersCount === undefined) {
      return refused(refusalsOf(customer, known));
    }
    const desired = { ...known, licenseType, licensedUsersCount };
    const plan = planCustomer(customer, desired, state);
    if (plan.kind === "refused") {
      return refused(plan.refusals);
    }
    const reductions = plan.kind === "nothing" ? [] : reductionsOf(customer, desired);
    return {
      refusals: [],
      lines: linesOf(state, [
        ...describeCustomerPlan(plan, desired, state === undefined),
        ...notesOnCustomerPlan(plan),
      ]),
      reductions,
    };
  }

  public async read(state: CustomerState, run: Run): Promise<CustomerState | undefined> {
    const observation = await this.seen.note(state.customerGuid, this.observeForRead(state, run));
    if (!observation.found) {
      // It is there without a licence: drift, which the next update refuses with the reason.
      return observation.why === "missing"
        ? undefined
        : { ...state, licenseType: undefined, licensedUsersCount: undefined };
    }
    const { customer } = observation;
    const told = customer.applicationClientId !== undefined;
    const { unseen } = state;
    const isOver = unseen !== undefined && (showsUnseen(customer, unseen) || isForgotten(unseen, run.clock.now()));
    return {
      ...state,
      licenseType: customer.licenseType,
      licensedUsersCount: customer.licensedUsersCount ?? undefined,
      customerFullName: customer.fullName ?? undefined,
      customerShortName: customer.shortName ?? undefined,
      unseen: isOver ? undefined : state.unseen,
      // Another App Registration has another secret, which the platform masks.
      ...(told &&
      state.applicationClientId !== undefined &&
      !sameUuid(customer.applicationClientId, state.applicationClientId)
        ? { applicationClientId: customer.applicationClientId ?? undefined, applicationClientSecret: undefined }
        : {}),
      ...(told ? { clientSecretExpiresAt: customer.clientSecretExpiresAt } : {}),
    };
  }

  public async observe(guid: string, run: Run): Promise<Observation> {
    const { api, settings } = this.platform();
    return observeCustomer(api, guid, settings, run.signal);
  }

  /**
   * In preview all new customers are served by one list call. Only where nothing but the App Registration, which the list does
   * not tell, can decide whether there is anything to send, or where the customer seems to be missing, is it read by itself.
   */
  public async observeNew(guid: string, withRegistration: boolean, run: Run): Promise<Observation> {
    const row = (await this.listOnce(run)).get(guid);
    if (row === undefined || row.problem !== undefined) {
      return this.look(guid, withRegistration, run);
    }
    const observation = toObservation(row, this.platform().settings.ocEssentialType);
    const decidedByList = !observation.found || !withRegistration || observation.customer.licenseType === "OcEssential";
    return decidedByList ? observation : this.look(guid, withRegistration, run);
  }

  /** For preview: what this run has seen already, unless it lacks the App Registration that is to be compared. */
  private look(guid: string, withRegistration: boolean, run: Run): Promise<Observation> {
    return this.seen.look(
      guid,
      () => this.observe(guid, run),
      (seen) => !seen.found || !withRegistration || seen.customer.applicationClientId !== undefined,
    );
  }

  /** A refresh without App Registrations costs one list call for all customers. */
  private async observeForRead(state: CustomerState, run: Run): Promise<Observation> {
    if (state.applicationClientId !== undefined) {
      return this.observe(state.customerGuid, run);
    }
    const row = (await this.listOnce(run)).get(state.customerGuid);
    return row === undefined || row.problem !== undefined
      ? this.observe(state.customerGuid, run)
      : toObservation(row, this.platform().settings.ocEssentialType);
  }

  private listOnce(run: Run): Promise<ReadonlyMap<string, LivePlatformCustomer>> {
    this.list ??= this.listCustomers(run);
    return this.list;
  }

  private async listCustomers(run: Run): Promise<ReadonlyMap<string, LivePlatformCustomer>> {
    return byGuid((await this.platform().api.listCustomers(run.signal)).rows);
  }
}

/** The line of preview: what is unfinished comes before what is planned now. */
function linesOf(state: CustomerState | undefined, planned: readonly string[]): readonly string[] {
  const task = state?.pendingTask;
  if (task !== undefined) {
    const awaited = task.id === null ? "the upgrade whose answer was lost" : `task ${shown(task.id)}`;
    return [task.call === "PATCH" ? `wait for ${awaited}` : `wait for ${awaited}, then PATCH`];
  }
  return planned.length === 0 && state?.unseen !== undefined ? ["nothing to send: verifies the last write"] : planned;
}

/**
 * What an import takes over of the customer with this id: the licence, the count, and the id of the App Registration. Its secret is
 * masked, so that the program has to give it.
 * @returns `undefined` where there is no such customer.
 * @throws where the customer holds nothing that a program can declare.
 */
export async function importCustomer(
  id: string,
  observe: (guid: string) => Promise<Observation>,
  run: Run,
): Promise<CustomerState | undefined> {
  const guid = customerFields.customerGuid.safeParse(id);
  if (!guid.success) {
    throw new Error(
      `The id of a CustomerServiceLicense is the customer's GUID: it ${guid.error.issues[0]?.message ?? ""}.`,
    );
  }
  const observation = await observe(guid.data);
  if (!observation.found) {
    if (observation.why === "missing") {
      return undefined;
    }
    throw new Error(`No licence has been applied to customer ${guid.data} yet: there is nothing to import.`);
  }
  const { licenseType, licensedUsersCount, applicationClientId, clientSecretExpiresAt, ...names } =
    observation.customer;
  if (!isDeclarable(licenseType)) {
    throw new Error(
      `Customer ${guid.data} holds ${describeLicenseType(licenseType)}, which no program can declare: ` +
        "declare the licence that it is to hold, without an import.",
    );
  }
  if (typeof applicationClientId === "string") {
    run.tell(
      `add applicationClientSecret, the secret of App Registration ${shown(applicationClientId)}: the platform masks it, so it was not imported.`,
    );
  }
  return {
    customerGuid: guid.data,
    licenseType,
    licensedUsersCount: licensedUsersCount ?? undefined,
    applicationClientId: applicationClientId ?? undefined,
    customerFullName: names.fullName ?? undefined,
    customerShortName: names.shortName ?? undefined,
    clientSecretExpiresAt,
  };
}

function isDeclarable(type: ObservedLicenseType): type is LicenseType {
  return Object.values(LicenseType).some((declarable) => declarable === type);
}

/** The platform and how to treat it. */
export interface LivePlatformSystem {
  readonly api: LivePlatform;
  readonly settings: LivePlatformSettings;
}

/** What a look at a customer found. */
export type Observation =
  { readonly found: true; readonly customer: ObservedCustomer } | { readonly found: false; readonly why: Unlicensable };

/**
 * Looks at one customer, with all details. That it is missing takes two witnesses: its own 404, and a list that has other customers but
 * not this one.
 * @throws where the two contradict each other, or the list proves nothing.
 */
export async function observeCustomer(
  api: LivePlatform,
  guid: string,
  settings: SystemAddress & Pick<LivePlatformSettings, "ocEssentialType">,
  signal: AbortSignal,
): Promise<Observation> {
  const customer = await api.getCustomer(guid, signal);
  if (customer !== undefined) {
    return toDetailedObservation(customer, settings.ocEssentialType);
  }
  const { baseUrl, baseUrlKey } = settings;
  const { rows, gap } = await secondWitness(api, guid, settings, signal);
  const listed = byGuid(rows);
  if (listed.has(guid)) {
    throw new Error(
      `The Live Platform lists customer ${guid}, but answers 404 when asked for it: check ${baseUrlKey} (${baseUrl}), and run it again.`,
    );
  }
  if (gap !== undefined) {
    throw unconfirmed(guid, gap, settings);
  }
  // A row whose GUID cannot be read may be this customer's.
  const unnamed = rows.some((row) => row.guid === null && row.problem !== undefined);
  if (listed.size === 0 || unnamed) {
    const why = unnamed ? "has rows whose GUID cannot be read" : "is empty";
    throw new Error(
      `The Live Platform answers 404 for customer ${guid}, but its list of customers ${why}, which proves nothing: ` +
        `check ${baseUrlKey} (${baseUrl}) and what its credentials may see.${byHand(settings)}`,
    );
  }
  return { found: false, why: "missing" };
}

function byHand({ hasStack }: SystemAddress): string {
  return hasStack
    ? " If the customer is really gone, remove its resource from state with `pulumi state delete <URN>` (`pulumi stack --show-urns` lists them)."
    : "";
}

async function secondWitness(
  api: LivePlatform,
  guid: string,
  address: SystemAddress,
  signal: AbortSignal,
): Promise<Listed<LivePlatformCustomer>> {
  try {
    return await api.listCustomers(signal);
  } catch (error) {
    throw error instanceof ApiError ? unconfirmed(guid, error, address) : error;
  }
}

function unconfirmed(guid: string, { message }: ApiError, address: SystemAddress): Error {
  return new Error(
    `The Live Platform answers 404 for customer ${guid}, and nothing else confirms it. ${message}${byHand(address)}`,
  );
}

/** The list by GUID, in lower case; rows without one are customers without a service. */
export function byGuid(customers: readonly LivePlatformCustomer[]): ReadonlyMap<string, LivePlatformCustomer> {
  return new Map(
    customers.flatMap((customer) => (customer.guid === null ? [] : [[customer.guid.toLowerCase(), customer] as const])),
  );
}

/** A customer read by itself: an App Registration that it does not name is none. */
export function toDetailedObservation(customer: LivePlatformCustomer, ocEssentialType: number): Observation {
  return toObservation({ ...customer, applicationClientId: customer.applicationClientId ?? null }, ocEssentialType);
}

/** A customer as the plan sees it, from a row of the list, which never names an App Registration. */
export function toObservation(customer: LivePlatformCustomer, ocEssentialType: number): Observation {
  if (customer.guid === null || customer.licenseType === null) {
    return { found: false, why: "noLicenseApplied" };
  }
  return {
    found: true,
    customer: {
      licenseType: fromObservedCode(customer.licenseType, ocEssentialType),
      licensedUsersCount: customer.licensedUsersCount,
      activeUserCount: customer.activeUserCount,
      fullName: customer.fullName,
      shortName: customer.shortName,
      applicationClientId: customer.applicationClientId,
      clientSecretExpiresAt: readDate(customer.clientSecretExpirationDate ?? ""),
    },
  };
}

/** The same customer with the licences in use, which are asked for only where a count is to be lowered. */
export async function withLicensesInUse(
  api: LivePlatform,
  guid: string,
  observed: ObservedCustomer,
  {
    licensedUsersCount,
    allowBelowUse,
  }: { readonly licensedUsersCount?: number | undefined; readonly allowBelowUse?: boolean | undefined },
  signal: AbortSignal,
): Promise<ObservedCustomer> {
  const held = observed.licensedUsersCount;
  if (allowBelowUse === true || licensedUsersCount === undefined || held === null || licensedUsersCount >= held) {
    return observed;
  }
  const licenses = await api.licensesInUse(guid, signal);
  return { ...observed, licensesInUse: licenses?.currentlyLicensed ?? undefined };
}
