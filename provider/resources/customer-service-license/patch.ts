import { ApiError } from "../../apis/transport/api-error";
import type { LivePlatformChange } from "../../apis/live-platform";
import type { Run } from "../../run/license-resource";
import { counted } from "../../text/count";
import { shown } from "../../text/shown";
import { describeDuration } from "../../time/duration";
import { describeLicenseType, toLicenseCode } from "./license-type";
import { isUnreadable } from "../../text/names";
import { type Desired, type ObservedCustomer, showsDesired } from "./plan";
import type { PendingTask } from "./state";
import { look, lookUntil, waitForTask, type Work } from "./task";

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

/** A PATCH as it was planned. */
export interface PlannedPatch {
  readonly observed: ObservedCustomer;
  readonly desired: Desired;
  /** When `observed` was read (`Clock.elapsed`). */
  readonly plannedAt: number;
  /** How often it was sent before it was planned again. */
  readonly attempts: number;
}

/**
 * Sends a PATCH.
 * @throws {ApiError} where the platform refuses it, so that nothing was done.
 * @throws {StaleWrite} where it waited for too long and has to be planned again.
 */
export async function sendPatch(
  { system, run, guid }: Work,
  { observed, desired, plannedAt, attempts }: PlannedPatch,
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

/** How a wait for the task of a PATCH ended. */
export type PatchTaskEnd =
  /** It succeeded, or the platform no longer knows it. Of a task of an earlier run the effect was waited for. */
  | { readonly end: "over"; readonly observed?: ObservedCustomer }
  | { readonly end: "failed" | "notYet"; readonly problem: string };

/**
 * Waits for the task that a PATCH started.
 * @param line The PATCH of this run, in words; `undefined` for one of an earlier run.
 */
export async function awaitPatchTask(work: Work, task: PendingTask, line: string | undefined): Promise<PatchTaskEnd> {
  const { guid, run } = work;
  const resumed = line === undefined;
  const id = task.id ?? "";
  const name = `Task ${shown(id)}, the change of customer ${guid},`;
  if (resumed) {
    run.tell(`resuming task ${shown(id)} from an earlier run`);
  }
  const { target } = task;
  const isShown = ({ licenseType, licensedUsersCount }: ObservedCustomer): boolean =>
    licenseType === target.licenseType && licensedUsersCount === target.licensedUsersCount;
  const ended = await waitForTask(work, {
    id,
    resumed,
    isShown,
    forgottenAfterMs: work.system.settings.verifyTimeoutMs,
  });
  const tell = (end: string): void => {
    const call =
      line ?? `PATCH ${describeLicenseType(target.licenseType)}, ${counted(target.licensedUsersCount, "user")}`;
    run.tell(`${call}: ${describePatchTask(task, run)}${end}`);
  };
  switch (ended.end) {
    case "succeeded":
    case "forgotten":
      if (!resumed) {
        // The look that follows has the last word.
        return { end: "over" };
      }
      tell("");
      return { end: "over", observed: await lookUntil(work, isShown) };
    case "failed":
      tell(", failed");
      return {
        end: "failed",
        problem: `${name} failed: ${ended.reason}. Correct the cause; the next \`pulumi up\` looks at the customer and sends it again.`,
      };
    case "notYet":
      tell(", not finished yet");
      return {
        end: "notYet",
        problem:
          `${name} is not finished after ${describeDuration(ended.waitedMs)} (${work.taskTimeout.setBy}). ` +
          "It goes on at the platform; the next `pulumi up` goes on waiting for the same task.",
      };
  }
}

/** The task of a PATCH, and how long it has taken: `task tsk_185510, 42 s`. */
export function describePatchTask({ id, sentAt }: PendingTask, { clock }: Run): string {
  const sent = Date.parse(sentAt);
  const took = Number.isNaN(sent) ? "" : `, ${describeDuration(clock.now() - sent)}`;
  return `task ${shown(id ?? "")}${took}`;
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
