import type { LivePlatformChange } from "../systems/live-platform/client";
import { ApiError } from "../systems/transport/api-error";
import { isUnreadable } from "../text/names";
import { toLicenseCode } from "./license-type";
import type { Operation } from "./operation";
import { describeUpgrade, type Desired, type ObservedCustomer, showsDesired } from "./plan";
import type { PendingTask } from "./state";
import { look, lookUntil, type Work } from "./work";

/** A write as it was planned. */
export interface PlannedWrite {
  /** What it was planned from. */
  readonly observed: ObservedCustomer;
  readonly desired: Desired;
  /** When `observed` was read (`Clock.elapsed`). */
  readonly plannedAt: number;
  /** How often it was sent before it was planned again. */
  readonly attempts: number;
}

/** What is known of a PATCH that left: its effect is proven by a look only. */
export type PatchAnswer =
  /** The platform has it. */
  | { readonly answer: "accepted" }
  /** The platform has it, and goes on with it in a task. */
  | { readonly answer: "task"; readonly task: PendingTask }
  /** No answer came: it may be sent again. */
  | { readonly answer: "lost"; readonly error: ApiError }
  /** A success whose body does not say so: sent again, it would be answered in the same way. */
  | { readonly answer: "unclear"; readonly error: ApiError }
  /** The platform says that it failed, as with a 500: it may have done it all the same. */
  | { readonly answer: "failed"; readonly error: ApiError };

/**
 * Sends a PATCH.
 * @throws {ApiError} where the platform refuses it, so that nothing was done.
 * @throws {StaleWrite} where it waited for too long and has to be planned again.
 */
export async function sendPatch(
  { system, run, guid }: Work,
  { observed, desired, plannedAt, attempts }: PlannedWrite,
): Promise<PatchAnswer> {
  const { licenseType, licensedUsersCount } = desired;
  const guard = { assertWanted: () => run.assertWanted(), plannedAt, attempts };
  try {
    const id = await system.api.patchCustomer(guid, changeTo(observed, desired), { signal: run.signal, guard });
    if (id === undefined) {
      return { answer: "accepted" };
    }
    const sentAt = new Date(run.clock.now()).toISOString();
    const target = { licenseType, licensedUsersCount };
    return { answer: "task", task: { version: 1, id, call: "PATCH", target, sentAt } };
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    const { lost, status = 0 } = error;
    if (lost) {
      return { answer: status >= 200 && status < 300 ? "unclear" : "lost", error };
    }
    if (status >= 500) {
      return { answer: "failed", error };
    }
    throw error;
  }
}

/** Looks whether a PATCH had its effect: until it shows, where the platform answered with a success; once otherwise. */
export function lookForPatch(work: Work, { answer }: PatchAnswer, desired: Desired): Promise<ObservedCustomer> {
  return answer === "lost" || answer === "failed" ? look(work) : lookUntil(work, (seen) => showsDesired(seen, desired));
}

/**
 * Asks for the upgrade. A lost answer, or a 409, gives a task without an id.
 * @throws {ApiError} where the platform refuses it.
 * @throws {StaleWrite} where it waited for too long and has to be planned again.
 */
export async function askForUpgrade(
  { system, run, guid }: Work,
  { desired, plannedAt, attempts }: PlannedWrite,
): Promise<Operation> {
  const { licenseType, licensedUsersCount, customerFullName } = desired;
  const pending = {
    version: 1,
    target: { licenseType, licensedUsersCount },
    sentAt: new Date(run.clock.now()).toISOString(),
  } as const;
  run.progress(describeUpgrade(desired));
  try {
    const id = await system.api.upgradeCustomer(
      guid,
      { customerFullName, licenseType: toLicenseCode(licenseType), licensedUsersCount },
      { signal: run.signal, guard: { assertWanted: () => run.assertWanted(), plannedAt, attempts } },
    );
    return { task: { ...pending, id }, from: "here" };
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    const { lost, status = 0 } = error;
    if (status === 409) {
      run.warn(`The customer is upgraded already, or being upgraded: waiting for that. (${error.outcome})`);
      return { task: { ...pending, id: null }, from: "elsewhere" };
    }
    // A 500 may mean that the input is wrong, or that the upgrade runs all the same.
    if (!lost && status < 500) {
      throw error;
    }
    run.warn(`${error.outcome}: looking for its effect.`);
    const isSaid = (status >= 200 && status < 300) || !lost;
    return { task: { ...pending, id: null }, from: "here", unclear: isSaid ? error : undefined };
  }
}

function changeTo(observed: ObservedCustomer, desired: Desired): LivePlatformChange {
  const { applicationClientId, applicationClientSecret, customerFullName, licenseType, licensedUsersCount } = desired;
  const heldName = observed.fullName === null || isUnreadable(observed.fullName) ? undefined : observed.fullName;
  return {
    customerFullName: customerFullName ?? heldName,
    licenseType: toLicenseCode(licenseType),
    licensedUsersCount,
    application:
      applicationClientId === undefined || applicationClientSecret === undefined
        ? undefined
        : { clientId: applicationClientId, clientSecret: applicationClientSecret },
  };
}
