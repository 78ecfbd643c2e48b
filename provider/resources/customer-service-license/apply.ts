import { messageOf } from "../../errors";
import { ApiError } from "../../apis/transport/api-error";
import { retryPause } from "../../apis/transport/retry-policy";
import type { LivePlatform, LivePlatformChange } from "../../apis/live-platform";
import { Cancelled, PartialFailure, Refusal } from "../../run/failures";
import type { Run } from "../../run/license-resource";
import type { LivePlatformSettings } from "../../settings";
import { describeDuration, parseDuration } from "../../time/duration";
import { readBack } from "../../time/read-back";
import { waitUntil } from "../../time/wait-until";
import { type CustomerInputs, DEFAULT_TASK_TIMEOUT } from "./fields";
import { describeLicenseType, toLicenseCode } from "./license-type";
import { observeCustomer } from "./observe";
import {
  type CustomerPlan,
  describeDifferences,
  type ObservedCustomer,
  planCustomer,
  provesDesired,
  reductionsOf,
  refuseUnlicensable,
  showsDesired,
} from "./plan";
import { type CustomerState, type PendingTask, writeCustomerState } from "./state";
import { type TaskEnd, waitForTask } from "./upgrade-task";

/** The platform and how to treat it. */
export interface LivePlatformSystem {
  readonly api: LivePlatform;
  readonly settings: LivePlatformSettings;
}

/** An upgrade whose answer was lost is asked for again when its grace is over; in one run at most this often in all. */
const MOST_UPGRADE_REQUESTS = 3;

/** Brings one customer to what is declared: settle what is pending, observe, plan, apply, verify. */
export class CustomerApplication {
  private readonly guid: string;
  private pendingTask: PendingTask | undefined;
  private pendingPatch: boolean;
  private lastTaskId: string | undefined;
  /** What of the App Registration the platform has got, as far as is known. */
  private sent: Pick<CustomerState, "applicationClientId" | "applicationClientSecret" | "resendSecret">;
  /** Whether this run has asked the platform for anything that may have had an effect. */
  private touched = false;

  public constructor(
    private readonly system: LivePlatformSystem,
    private readonly inputs: CustomerInputs,
    private readonly state: CustomerState | undefined,
    private readonly run: Run,
    /** What was seen last, where the caller has just looked. */
    private observed?: ObservedCustomer,
  ) {
    this.guid = inputs.customerGuid;
    this.pendingTask = state?.pendingTask;
    this.pendingPatch = state?.pendingPatch ?? false;
    this.lastTaskId = state?.lastTaskId;
    this.sent = {
      applicationClientId: state?.applicationClientId,
      applicationClientSecret: state?.applicationClientSecret,
      resendSecret: state?.resendSecret,
    };
  }

  /**
   * Gives the state once the customer is as declared.
   * @throws {PartialFailure} with the state reached so far, where something was done or is under way.
   */
  public async apply(): Promise<CustomerState> {
    const pendingBefore = this.pendings();
    try {
      return await this.converge();
    } catch (error) {
      if (this.touched || this.pendings() !== pendingBefore) {
        throw new PartialFailure(`${messageOf(error)}${this.whatIsLeft(error)}`, writeCustomerState(this.reached()));
      }
      throw error;
    }
  }

  private async converge(): Promise<CustomerState> {
    if (this.pendingTask !== undefined) {
      await this.settlePendingTask(this.pendingTask, true);
    }
    let observed = this.observed ?? (await this.observe());
    let plan = this.plan(observed);
    for (let asked = 1; plan.kind === "upgrade"; asked += 1) {
      if (asked > MOST_UPGRADE_REQUESTS) {
        throw new Error(
          `The upgrade of customer ${this.guid} was asked for ${MOST_UPGRADE_REQUESTS} times, and no trace of it was found. ` +
            "Check the connection to the Live Platform, and run `pulumi up` again.",
        );
      }
      await this.upgrade();
      if (this.pendingPatch) {
        // What the upgrade did already shows, so that nothing visible tells whether the PATCH arrived.
        plan = { kind: "patch", changes: [], visible: false };
      } else {
        observed = await this.observe();
        plan = this.plan(observed);
      }
    }
    if (plan.kind === "patch") {
      observed = await this.patch(observed, plan.visible);
    } else if (plan.adoptsSecret) {
      this.run.tell(
        "adopted with the App Registration that is there; its secret is masked and cannot be compared, so it was not sent " +
          "(a later change of applicationClientSecret or resendSecret is).",
      );
    }
    this.remember();
    return this.reached(observed);
  }

  /** The plan, or a refusal. */
  private plan(observed: ObservedCustomer): Exclude<CustomerPlan, { kind: "refused" }> {
    const before = this.state === undefined ? undefined : { ...this.sent, pendingPatch: this.pendingPatch };
    // After an upgrade of an earlier run of this resource the PATCH is owed, whether or not there is state.
    const plan = planCustomer(observed, this.inputs, this.pendingPatch ? { ...this.sent, pendingPatch: true } : before);
    if (plan.kind === "refused") {
      throw new Refusal(plan.refusals);
    }
    return plan;
  }

  private async observe(): Promise<ObservedCustomer> {
    const { api, settings } = this.system;
    const observation = await observeCustomer(api, this.guid, settings.ocEssentialType, this.run.signal);
    if (!observation.found) {
      throw new Refusal([refuseUnlicensable(this.guid, observation.why, settings.baseUrl)]);
    }
    this.observed = observation.customer;
    return observation.customer;
  }

  // --- the upgrade -----------------------------------------------------------------------------------------------------

  private async upgrade(): Promise<void> {
    const { api } = this.system;
    const target = { licenseType: this.inputs.licenseType, licensedUsersCount: this.inputs.licensedUsersCount };
    await this.run.beforeWrite(this.observed === undefined ? [] : reductionsOf(this.observed, target));
    const sentAt = new Date(this.run.clock.now()).toISOString();
    let taskId: string | null = null;
    try {
      taskId = await api.upgradeCustomer(
        this.guid,
        {
          customerFullName: this.inputs.customerFullName,
          licenseType: toLicenseCode(target.licenseType),
          licensedUsersCount: target.licensedUsersCount,
        },
        this.run.signal,
      );
    } catch (error) {
      if (!(error instanceof ApiError) || (!error.lost && error.status !== 409)) {
        throw error;
      }
      this.run.warn(
        error.lost
          ? `${error.message} Looking for its effect.`
          : `The platform says that this customer is upgraded already, or being upgraded: waiting for that. (${error.message})`,
      );
      this.touched = true;
      this.pendingTask = { version: 1, id: null, target, sentAt };
      if (error.lost) {
        await this.settlePendingTask(this.pendingTask, false);
      } else {
        await this.awaitOtherUpgrade();
      }
      return;
    }
    this.touched = true;
    this.pendingTask = { version: 1, id: taskId, target, sentAt };
    await this.settlePendingTask(this.pendingTask, false);
  }

  /** Waits for the end of an upgrade that was asked for, in this run or an earlier one; afterwards the PATCH is owed. */
  private async settlePendingTask(task: PendingTask, resumed: boolean): Promise<void> {
    if (task.id === null) {
      await this.lookForLostUpgrade(task);
      return;
    }
    if (resumed) {
      this.run.tell(`going on with task ${task.id}, which an earlier run started.`);
    }
    const end = await waitForTask(
      this.system.api,
      task.id,
      { timeoutMs: this.taskTimeoutMs(), pollIntervalMs: this.system.settings.pollIntervalMs, resumed },
      this.run,
    );
    await this.afterTask(task.id, end);
  }

  private async afterTask(taskId: string, end: TaskEnd): Promise<void> {
    switch (end.end) {
      case "succeeded":
        this.lastTaskId = taskId;
        this.upgradeIsOver();
        return;
      case "failed":
        this.lastTaskId = taskId;
        this.pendingTask = undefined;
        throw new Error(
          `Task ${taskId}, the upgrade of customer ${this.guid}, failed: ${end.reason}. ` +
            "Correct what it complains of; the next `pulumi up` looks at the customer and starts anew.",
        );
      case "forgotten": {
        this.pendingTask = undefined;
        const observed = await this.observe();
        if (observed.licenseType === "OcEssential") {
          throw new Error(
            `The platform does not know task ${taskId}, the upgrade of customer ${this.guid}, any more, and the customer still holds ` +
              "OC Essential. The next `pulumi up` looks again and starts anew.",
          );
        }
        this.pendingPatch = true;
        return;
      }
      case "notYet":
        throw new Error(
          `Task ${taskId}, the upgrade of customer ${this.guid}, is not finished after ${describeDuration(end.waitedMs)} (taskTimeout). ` +
            "It goes on at the platform; the next `pulumi up` goes on waiting for the same task.",
        );
    }
  }

  /** An upgrade whose answer was lost may be running: it is looked for until the grace is over, and only then asked for again. */
  private async lookForLostUpgrade(task: PendingTask): Promise<void> {
    const { settings } = this.system;
    const sentAt = Date.parse(task.sentAt);
    const graceLeft = (Number.isNaN(sentAt) ? 0 : sentAt) + settings.lostAnswerGraceMs - this.run.clock.now();
    const bound = Math.min(Math.max(graceLeft, 0), this.taskTimeoutMs());
    if (await this.typeChangesWithin(bound, "upgrade of which no answer came")) {
      this.upgradeIsOver();
      return;
    }
    if (bound < graceLeft) {
      throw new Error(
        `No trace of the upgrade of customer ${this.guid}, whose answer was lost, after ${describeDuration(bound)} (taskTimeout). ` +
          "The next `pulumi up` goes on looking.",
      );
    }
    this.pendingTask = undefined;
  }

  /** The platform refused an upgrade because the customer is upgraded already, or is being upgraded. */
  private async awaitOtherUpgrade(): Promise<void> {
    const bound = this.taskTimeoutMs();
    if (!(await this.typeChangesWithin(bound, "another upgrade of this customer"))) {
      throw new Error(
        `The platform refuses to upgrade customer ${this.guid} (409), but it still holds OC Essential after ${describeDuration(bound)} ` +
          "(taskTimeout). The next `pulumi up` goes on looking.",
      );
    }
    this.upgradeIsOver();
  }

  private async typeChangesWithin(timeoutMs: number, what: string): Promise<boolean> {
    const waited = await waitUntil(
      async () => {
        const observed = await this.observe();
        return observed.licenseType === "OcEssential"
          ? {
              done: false as const,
              progress: `${what}: customer still holds ${describeLicenseType(observed.licenseType)}`,
            }
          : { done: true as const, result: undefined };
      },
      {
        clock: this.run.clock,
        timeoutMs,
        firstPauseMs: this.system.settings.pollIntervalMs,
        lookFirst: true,
        signal: this.run.signal,
        onProgress: (progress, waitedMs) => {
          this.run.progress(`${progress}, ${describeDuration(waitedMs)}`);
        },
      },
    );
    return waited.done;
  }

  private upgradeIsOver(): void {
    this.pendingTask = undefined;
    this.pendingPatch = true;
  }

  // --- the PATCH -------------------------------------------------------------------------------------------------------

  /** Sends the PATCH until its effect is known, and verifies it by reading back. */
  private async patch(before: ObservedCustomer, visible: boolean): Promise<ObservedCustomer> {
    const { api, settings } = this.system;
    const owedBefore = this.pendingPatch;
    for (let attempt = 1; ; attempt += 1) {
      // As seen last, which may be later than what was planned for: nobody's edit since then is undone.
      const seen = this.observed ?? before;
      await this.run.beforeWrite(reductionsOf(seen, this.inputs));
      try {
        const change = this.change(seen);
        await api.patchCustomer(this.guid, change, this.run.signal).catch(async (error: unknown) => {
          if (!(visible && (await this.isDoneAllTheSame(error)))) {
            throw error;
          }
        });
        this.patched();
        return await this.verify();
      } catch (error) {
        if (!(error instanceof ApiError) || !error.lost) {
          throw error;
        }
        // Known only again when a look shows the effect, or an answer comes.
        this.touched = true;
        this.pendingPatch = true;
        const observed = await this.observe();
        if (visible && provesDesired(observed, this.inputs)) {
          this.patched();
          return observed;
        }
        if (attempt > settings.maxRetries) {
          throw error;
        }
        this.pendingPatch = owedBefore || !visible;
        await this.run.clock.sleep(retryPause(attempt, this.run.clock.random()), this.run.signal);
      }
    }
  }

  /** After a 5xx that says nothing of what was done: state must not go on holding what is no longer there. */
  private async isDoneAllTheSame(error: unknown): Promise<boolean> {
    if (!(error instanceof ApiError) || error.lost || (error.status ?? 0) < 500) {
      return false;
    }
    const observed = await this.observe().catch(() => undefined);
    if (observed === undefined || !provesDesired(observed, this.inputs)) {
      return false;
    }
    this.run.warn(`${error.message} Reading back shows it done.`);
    return true;
  }

  private change(observed: ObservedCustomer): LivePlatformChange {
    const { applicationClientId, applicationClientSecret, customerFullName, licenseType, licensedUsersCount } =
      this.inputs;
    return {
      customerFullName: customerFullName ?? observed.fullName ?? undefined,
      licenseType: toLicenseCode(licenseType),
      licensedUsersCount,
      application:
        applicationClientId === undefined || applicationClientSecret === undefined
          ? undefined
          : { clientId: applicationClientId, clientSecret: applicationClientSecret },
    };
  }

  /** The platform has the PATCH: nothing is owed any more, and what it carried was sent. */
  private patched(): void {
    this.touched = true;
    this.pendingPatch = false;
    this.remember();
  }

  private remember(): void {
    const { applicationClientId, applicationClientSecret, resendSecret } = this.inputs;
    this.sent = { applicationClientId, applicationClientSecret, resendSecret };
  }

  private async verify(): Promise<ObservedCustomer> {
    const observed = await readBack(
      () => this.observe(),
      (seen) => showsDesired(seen, this.inputs),
      { clock: this.run.clock, signal: this.run.signal, timeoutMs: this.system.settings.verifyTimeoutMs },
    );
    if (!showsDesired(observed, this.inputs)) {
      throw new Error(
        `The platform accepted the change of customer ${this.guid}, but reads back differently: ${describeDifferences(observed, this.inputs)}. ` +
          "Run `pulumi up` again; if it stays, ask the platform's support.",
      );
    }
    return observed;
  }

  // --- the outcome -----------------------------------------------------------------------------------------------------

  /** The state as reached: what was seen last, what was sent, what is unfinished. */
  private reached(observed: ObservedCustomer | undefined = this.observed): CustomerState {
    const { inputs, state } = this;
    const declaresName = inputs.customerFullName !== undefined;
    return {
      ...inputs,
      licenseType: observed?.licenseType ?? state?.licenseType,
      licensedUsersCount:
        observed === undefined ? state?.licensedUsersCount : (observed.licensedUsersCount ?? undefined),
      applicationClientId: this.sent.applicationClientId,
      applicationClientSecret: this.sent.applicationClientSecret,
      resendSecret: this.sent.resendSecret,
      customerFullName: (observed === undefined ? state?.customerFullName : observed.fullName) ?? undefined,
      customerFullNameDeclared: declaresName ? true : undefined,
      customerShortName: (observed === undefined ? state?.customerShortName : observed.shortName) ?? undefined,
      clientSecretExpiresAt: observed === undefined ? state?.clientSecretExpiresAt : observed.clientSecretExpiresAt,
      lastTaskId: this.lastTaskId,
      pendingTask: this.pendingTask,
      pendingPatch: this.pendingPatch ? true : undefined,
    };
  }

  /** What the next run goes on with, where the error itself does not say. */
  private whatIsLeft(error: unknown): string {
    if (!(error instanceof Cancelled || error instanceof ApiError)) {
      return "";
    }
    if (this.pendingTask !== undefined) {
      const task = this.pendingTask.id === null ? "The upgrade" : `Task ${this.pendingTask.id}`;
      return ` ${task} goes on at the platform, and the next \`pulumi up\` goes on with it.`;
    }
    return this.pendingPatch ? " The PATCH that is owed is sent by the next `pulumi up`." : "";
  }

  private pendings(): string {
    return JSON.stringify([this.pendingTask, this.pendingPatch]);
  }

  private taskTimeoutMs(): number {
    const { taskTimeout } = this.inputs;
    const declared = taskTimeout === undefined ? this.run.taskTimeoutMs : parseDuration(taskTimeout);
    return declared ?? parseDuration(DEFAULT_TASK_TIMEOUT) ?? 0;
  }
}
