import type { LivePlatformCustomer } from "../../apis/live-platform";
import { type Preview, refused, type Run } from "../../run/license-resource";
import type { Properties } from "../../run/properties";
import { holdsUnknown } from "../../run/unknowns";
import { isForgotten } from "../../run/unseen-write";
import { shown } from "../../text/shown";
import { Seen } from "../seen";
import { readKnownCustomerInputs } from "./fields";
import { sameUuid } from "./names";
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
} from "./plan";
import { showsUnseen } from "./progress";
import type { CustomerState } from "./state";

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
