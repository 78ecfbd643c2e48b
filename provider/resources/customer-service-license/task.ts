import type { LivePlatformTask } from "../../apis/live-platform";
import { describeDuration } from "../../time/duration";
import { type Look, type Waited, waitUntil } from "../../time/wait-until";
import { shown } from "../../text/shown";
import { type ObservedCustomer, refuseUnlicensable } from "./plan";
import { Refusal } from "../../run/failures";
import type { Run } from "../../run/license-resource";
import { readBack } from "../../time/read-back";
import { type LivePlatformSystem, observeCustomer } from "./customers";

/** Where a task stands; `unclear`: its status is a word of which nobody knows whether it is an end. */
export type TaskStanding = "running" | "succeeded" | "failed" | "unclear";

/** The platform's words for a task that goes on, and for one that went well; case, spaces, underscores and hyphens do not count. */
const RUNNING = new Set(
  "inprogress running started starting pending queued waiting scheduled created new accepted submitted processing executing active notstarted".split(
    " ",
  ),
);
const SUCCEEDED = new Set(
  "completed complete completedsuccess completedsuccessfully completedwithwarnings completedwithouterrors success successful succeeded succeededwithwarnings done finished finishedsuccessfully ok".split(
    " ",
  ),
);
const FAILED = new Set(
  "fail fault faulted unsuccessful timeout expired denied refused declined skipped ignored terminated stopped killed invalid exception".split(
    " ",
  ),
);
/** Words that tell a bad end within longer ones, such as `UpgradeFailed`; not `Cancelling`, which goes on. */
const BAD_END = /^failed|(?<!without|no)(?:failed|failures?|errors?|errored|cancell?ed|aborted|rejected|timedout)$/;

/**
 * Where a task stands, by the platform's word for it. `CompletedSuccess` is the only word that the pages print; prose says "In
 * Progress", "Completed Success", "Failed".
 */
export function standingOf(status: string): TaskStanding {
  const word = status.toLowerCase().replace(/[\s_-]/g, "");
  if (RUNNING.has(word)) {
    return "running";
  }
  if (SUCCEEDED.has(word)) {
    return "succeeded";
  }
  return FAILED.has(word) || BAD_END.test(word) ? "failed" : "unclear";
}

/** How a wait for a task ended. */
export type TaskEnd =
  | { readonly end: "succeeded" }
  | { readonly end: "failed"; readonly reason: string }
  /** The platform does not know the task (any more). */
  | { readonly end: "forgotten" }
  | { readonly end: "notYet"; readonly waitedMs: number };

/** A task to wait for. */
export interface AwaitedTask {
  readonly id: string;
  /** `true` for a task that was started in an earlier run. */
  readonly resumed: boolean;
  /** Whether the customer itself shows what the task is to bring about: that ends the wait where the task's own word does not. */
  readonly isShown: (seen: ObservedCustomer) => boolean;
  /** How long the platform may not know it before it counts as forgotten, in milliseconds. */
  readonly forgottenAfterMs: number;
}

/** Of the looks at a task whose word is unclear, each so many-th is followed by one at the customer itself. */
const LOOKS_PER_LOOK_AT_CUSTOMER = 3;

/** Waits for a task, showing how it stands. A failed look ends the wait with its error. */
export async function waitForTask(
  work: Work,
  { id, resumed, isShown, forgottenAfterMs }: AwaitedTask,
): Promise<TaskEnd> {
  const { system, run } = work;
  let missedSince: number | undefined;
  let unclear = 0;
  const lookAtTask = async (): Promise<Look<TaskEnd>> => {
    const task = await system.api.getTask(id, run.signal);
    if (task === undefined) {
      missedSince ??= run.clock.elapsed();
      if (isShown(await look(work))) {
        return { done: true, result: { end: "succeeded" } };
      }
      // It may be known a little later, or never: what it does shows at the customer.
      return run.clock.elapsed() - missedSince < forgottenAfterMs
        ? { done: false, progress: "not found" }
        : { done: true, result: { end: "forgotten" } };
    }
    missedSince = undefined;
    switch (standingOf(task.status)) {
      case "succeeded":
        return { done: true, result: { end: "succeeded" } };
      case "failed":
        return { done: true, result: { end: "failed", reason: describeTask(task) } };
      case "unclear":
        unclear += 1;
        if (unclear % LOOKS_PER_LOOK_AT_CUSTOMER === 1 && isShown(await look(work))) {
          return { done: true, result: { end: "succeeded" } };
        }
        break;
      case "running":
    }
    return { done: false, progress: describeStatus(task.status), retryAfterMs: task.retryAfterMs };
  };
  const waited = await waitFor(work, lookAtTask, {
    lookFirst: resumed,
    describe: (standing, waitedMs) => `${standing}, ${describeDuration(waitedMs)} (task ${shown(id)})`,
  });
  return waited.done ? waited.result : { end: "notYet", waitedMs: waited.waitedMs };
}

function describeStatus(status: string): string {
  return status.trim() === "" ? "no status" : shown(status, 60);
}

function describeTask(task: LivePlatformTask): string {
  const listed = (what: string, texts: readonly string[]): string =>
    texts.length === 0 ? "" : `; ${what}: ${texts.map((text) => shown(text)).join("; ")}`;
  // A sentence of ours follows: its full stop is enough.
  return `status "${shown(task.status)}"${listed("details", task.details)}${listed("messages", task.executionMessages)}`.replace(
    /\.+$/,
    "",
  );
}

/** One piece of work on one customer: where, in which run, and how long to wait for one task. */
export interface Work {
  readonly system: LivePlatformSystem;
  readonly run: Run;
  readonly guid: string;
  readonly taskTimeout: TaskTimeout;
}

/** The longest wait for one task, and by what the user set it. */
export interface TaskTimeout {
  readonly ms: number;
  readonly setBy: "taskTimeout" | "customTimeouts";
}

/** The customer does not exist, or has no licence. */
export class Unlicensed extends Refusal {}

/**
 * Looks at the customer.
 * @throws {Unlicensed}
 */
export async function look({ system, run, guid }: Work): Promise<ObservedCustomer> {
  const { api, settings } = system;
  const observation = await observeCustomer(api, guid, settings, run.signal);
  if (!observation.found) {
    throw new Unlicensed([refuseUnlicensable(guid, observation.why, settings)]);
  }
  return observation.customer;
}

/** Looks until what was accepted shows, at most `verifyTimeout` long; returns what was seen last. */
export function lookUntil(work: Work, isShown: (seen: ObservedCustomer) => boolean): Promise<ObservedCustomer> {
  const { run, system } = work;
  return readBack(
    () => look(work),
    (seen) => {
      const settled = isShown(seen);
      if (!settled) {
        run.progress("accepted, not visible yet");
      }
      return settled;
    },
    { clock: run.clock, signal: run.signal, timeoutMs: system.settings.verifyTimeoutMs },
  );
}

/** How to wait for something on the platform. */
export interface Waiting {
  /** At most `taskTimeout` where it is longer. */
  readonly timeoutMs?: number;
  readonly lookFirst: boolean;
  /** The line that shows how it stands and for how long it was waited. */
  readonly describe: (standing: string, waitedMs: number) => string;
}

/** Waits, at most `taskTimeout` long, and shows how it stands. */
export function waitFor<T>(
  { system, run, taskTimeout }: Work,
  lookAt: () => Promise<Look<T>>,
  { timeoutMs = taskTimeout.ms, lookFirst, describe }: Waiting,
): Promise<Waited<T>> {
  return waitUntil(lookAt, {
    clock: run.clock,
    timeoutMs: Math.min(timeoutMs, taskTimeout.ms),
    firstPauseMs: system.settings.pollIntervalMs,
    lookFirst,
    signal: run.signal,
    onProgress: (standing, waitedMs) => {
      run.progress(describe(standing, waitedMs));
    },
  });
}
