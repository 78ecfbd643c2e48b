import type { LivePlatformCustomer } from "../../apis/live-platform";
import { shown } from "../../text/shown";
import {
  type Comparison,
  type LicenseResource,
  type Preview,
  type Reading,
  refused,
  type Run,
} from "../../run/license-resource";
import type { Claim } from "../../run/claim";
import { isForgotten } from "../../run/unseen-write";
import { holdsUnknown } from "../../run/unknowns";
import { type Properties } from "../../run/properties";
import { applyCustomer } from "./apply";
import {
  checkCustomer,
  type ComparableCustomerInputs,
  customerFields,
  readComparableCustomerInputs,
  readCustomerInputs,
  readKnownCustomerInputs,
} from "./fields";
import { namesIn, secretsIn, unset } from "../fields";
import { Seen } from "../seen";
import { claimOf } from "./claim";
import { importCustomer } from "./import";
import { sameName } from "./names";
import {
  byGuid,
  type LivePlatformSystem,
  type Observation,
  observeCustomer,
  toObservation,
  withLicensesInUse,
} from "./observe";
import {
  describeCustomerPlan,
  notesOnCustomerPlan,
  planCustomer,
  reductionsOf,
  refusalsOf,
  refuseUnlicensable,
  sameUuid,
} from "./plan";
import { showsUnseen } from "./progress";
import { removeCustomer } from "./remove";
import { type CustomerState, inputsOf, readCustomerState, writeCustomerState } from "./state";

const LOCAL_INPUTS = namesIn(customerFields, "local");

/** The service licence of one Live Platform customer. */
export class CustomerServiceLicenseLifecycle implements LicenseResource {
  public readonly typeName = "CustomerServiceLicense";
  public readonly system = "livePlatform";
  public readonly secrets = secretsIn(customerFields);
  private list: Promise<ReadonlyMap<string, LivePlatformCustomer>> | undefined;
  private readonly seen = new Seen<Observation>();

  public constructor(private readonly platform: () => LivePlatformSystem) {}

  public check(raw: Properties): ReturnType<typeof checkCustomer> {
    return checkCustomer(raw);
  }

  public idOf(inputs: Properties): string {
    return String(inputs["customerGuid"]);
  }

  public claims(inputs: Properties): Claim[] {
    const guid = inputs["customerGuid"];
    return [claimOf(typeof guid === "string" && !holdsUnknown(guid) ? guid : null)];
  }

  public compare(properties: Properties, inputs: Properties): Comparison {
    const state = readCustomerState(properties);
    if (inputs["customerGuid"] !== state.customerGuid) {
      return { changes: "remote", replaces: ["customerGuid"] };
    }
    const remote =
      state.pendingTask !== undefined ||
      state.pendingPatch === true ||
      // What there is has not been seen since the last write: only a look can tell.
      state.unseen !== undefined ||
      holdsUnknown(inputs) ||
      this.differsRemotely(state, readComparableCustomerInputs(inputs));
    if (remote) {
      return { changes: "remote", replaces: [] };
    }
    return { changes: differsLocally(state, readComparableCustomerInputs(inputs)) ? "local" : "none", replaces: [] };
  }

  public async preview(properties: Properties, stateProperties: Properties | undefined, run: Run): Promise<Preview> {
    const inputs = readKnownCustomerInputs(properties);
    const { customerGuid, licenseType, licensedUsersCount } = inputs;
    if (customerGuid === undefined) {
      return refused([]);
    }
    const state = stateProperties === undefined ? undefined : readCustomerState(stateProperties);
    if (stateProperties !== undefined && this.compare(stateProperties, properties).changes === "local") {
      // Nothing is sent, so nothing is read.
      return refused([]);
    }
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

  public readAhead(guid: string, run: Run): void {
    // What goes wrong is told by the preview that uses it.
    this.observeNew(guid, true, run).catch(() => undefined);
  }

  public async apply(properties: Properties, stateProperties: Properties | undefined, run: Run): Promise<Properties> {
    const state = stateProperties === undefined ? undefined : readCustomerState(stateProperties);
    if (
      stateProperties !== undefined &&
      state !== undefined &&
      this.compare(stateProperties, properties).changes === "local"
    ) {
      // With ignoreChanges the licence may be one that nobody can declare.
      return writeCustomerState(withLocalInputs(state, readComparableCustomerInputs(properties)));
    }
    const inputs = readCustomerInputs(properties);
    return writeCustomerState(await applyCustomer(this.platform(), inputs, state, run));
  }

  public async read(properties: Properties, run: Run): Promise<Reading | undefined> {
    const state = readCustomerState(properties);
    const observation = await this.seen.note(state.customerGuid, this.observeForRead(state, run));
    if (!observation.found) {
      // It is there without a licence: drift, which the next update refuses with the reason.
      return observation.why === "missing"
        ? undefined
        : readingOf({ ...state, licenseType: undefined, licensedUsersCount: undefined });
    }
    const { customer } = observation;
    const told = customer.applicationClientId !== undefined;
    const { unseen } = state;
    const isOver = unseen !== undefined && (showsUnseen(customer, unseen) || isForgotten(unseen, run.clock.now()));
    return readingOf({
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
    });
  }

  public async find(id: string, run: Run): Promise<Reading | undefined> {
    const found = await importCustomer(id, (guid) => this.observe(guid, run), run);
    return found === undefined ? undefined : readingOf(found);
  }

  public remove(properties: Properties, run: Run): Promise<void> {
    return removeCustomer(this.platform, readCustomerState(properties), run);
  }

  private differsRemotely(state: CustomerState, inputs: ComparableCustomerInputs): boolean {
    const declaresRegistration = inputs.applicationClientId !== undefined;
    return (
      state.licenseType !== inputs.licenseType ||
      state.licensedUsersCount !== inputs.licensedUsersCount ||
      (inputs.customerFullName !== undefined && !sameName(inputs.customerFullName, state.customerFullName)) ||
      (declaresRegistration &&
        (!sameUuid(inputs.applicationClientId, state.applicationClientId) ||
          inputs.applicationClientSecret !== state.applicationClientSecret ||
          inputs.resendSecret !== state.resendSecret))
    );
  }

  private async observe(guid: string, run: Run): Promise<Observation> {
    const { api, settings } = this.platform();
    return observeCustomer(api, guid, settings, run.signal);
  }

  /**
   * In preview all new customers are served by one list call. Only where nothing but the App Registration, which the list does
   * not tell, can decide whether there is anything to send, or where the customer seems to be missing, is it read by itself.
   */
  private async observeNew(guid: string, withRegistration: boolean, run: Run): Promise<Observation> {
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

function readingOf(now: CustomerState): Reading {
  return { inputs: inputsOf(now), outputs: writeCustomerState(now) };
}

function differsLocally(state: CustomerState, inputs: ComparableCustomerInputs): boolean {
  return (
    LOCAL_INPUTS.some((name) => state[name] !== inputs[name]) ||
    (state.customerFullNameDeclared === true) !== (inputs.customerFullName !== undefined) ||
    // Taken out of the program: nothing is sent, state forgets them.
    (inputs.applicationClientId === undefined && state.applicationClientId !== undefined) ||
    state.resendSecret !== inputs.resendSecret
  );
}

/** State with the settings of the program; what a system holds stays as it was seen last. */
function withLocalInputs(state: CustomerState, inputs: ComparableCustomerInputs): CustomerState {
  const keepsRegistration = inputs.applicationClientId !== undefined;
  return {
    ...state,
    ...unset(LOCAL_INPUTS),
    ...inputs,
    customerGuid: state.customerGuid,
    licenseType: state.licenseType,
    licensedUsersCount: state.licensedUsersCount,
    applicationClientId: keepsRegistration ? state.applicationClientId : undefined,
    applicationClientSecret: keepsRegistration ? state.applicationClientSecret : undefined,
    resendSecret: inputs.resendSecret,
    customerFullName: state.customerFullName,
    customerFullNameDeclared: inputs.customerFullName === undefined ? undefined : true,
  };
}
