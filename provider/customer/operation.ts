import type { LivePlatformTask } from "../systems/live-platform/client";
import type { Run } from "../resource/license-resource";
import { counted } from "../text/count";
import { shown } from "../text/shown";
import { describeDuration } from "../time/duration";
import type { Look } from "../time/wait-until";
import { describeLicenseType, familyOf } from "./license-type";
import { describeUpgrade, type ObservedCustomer } from "./plan";
import type { PendingTask } from "./state";
import { standingOf } from "./task-status";
import { look, lookUntil, waitFor, type Work } from "./work";

/** Work that the platform goes on with after a call: an upgrade, or a PATCH of which it made a task. */
export interface Operation {
  readonly task: PendingTask;
  /** How it came about: asked for in this run, in an earlier one, or by somebody else, as the platform's 409 says. */
  readonly from: "here" | "earlier" | "elsewhere";
  /** The call in words, where this run made it. */
  readonly line?: string;
  /** What the platform answered that asking again would not change: a success that names no task, or a 500. */
  readonly unclear?: Error | undefined;
}

/** How the wait for an operation ended. */
export type OperationEnd =
  /** It is over. Where nothing was `observed`, the look that follows has the last word. */
  | { readonly end: "done"; readonly observed?: ObservedCustomer }
  | { readonly end: "failed"; readonly problem: string }
  /** It may still come; or the platform says that it is done (`isSaidDone`), and it does not show yet. */
  | { readonly end: "pending"; readonly problem: string; readonly isSaidDone?: true }
  /** Its answer was lost, and its effect was looked for during the whole grace: it never arrived. */
  | { readonly end: "lost" };

/** Waits for the end of an operation, and leaves a line that says how it ended. */
export function awaitOperation(work: Work, operation: Operation): Promise<OperationEnd> {
  return operation.task.call === "PATCH" ? awaitPatch(work, operation) : awaitUpgrade(work, operation);
}

/** The task of a PATCH, and how long it has taken: `task tsk_185510, 42 s`. */
export function describePatchTask({ id, sentAt }: PendingTask, run: Run): string {
  return `task ${shown(id ?? "")}${took(sentAt, run)}`;
}

async function awaitUpgrade(work: Work, operation: Operation): Promise<OperationEnd> {
  const { task, from } = operation;
  const ended =
    task.id !== null
      ? await awaitUpgradeTask(work, task.id, from)
      : from === "elsewhere"
        ? await awaitOther(work)
        : await lookForLost(work, operation);
  work.run.tell(
    `${describeUpgrade(task.target)}: ${describeUpgradeEnd(operation, ended)}${took(task.sentAt, work.run)}`,
  );
  return ended;
}

function describeUpgradeEnd(operation: Operation, ended: OperationEnd): string {
  const { task, from } = operation;
  const name = task.id === null ? "" : `task ${shown(task.id)}`;
  switch (ended.end) {
    case "done":
      if (ended.observed !== undefined && isOvertaken(operation, ended.observed)) {
        return `overtaken, the customer now holds ${describeLicenseType(ended.observed.licenseType)}`;
      }
      return task.id !== null ? name : from === "elsewhere" ? "done elsewhere" : "done, though its answer was lost";
    case "failed":
      return `${name} failed`;
    case "pending":
      return task.id === null
        ? "not visible yet"
        : `${name} ${ended.isSaidDone ? "succeeded, not visible" : "not finished"} yet`;
    case "lost":
      return "its answer was lost, and it never arrived";
  }
}

/** Whether a customer holds a licence to which no upgrade leads, and no task says that it is done: somebody has given it another service. */
export function isOvertaken({ task: { id } }: Operation, observed: ObservedCustomer): boolean {
  return id === null && familyOf(observed.licenseType) !== "OC";
}

async function awaitUpgradeTask(work: Work, id: string, from: Operation["from"]): Promise<OperationEnd> {
  const { guid, system } = work;
  const { lostAnswerGraceMs, verifyTimeoutMs } = system.settings;
  const name = `Task ${shown(id)}, the upgrade of customer ${guid},`;
  const isResumed = from === "earlier";
  const end = await awaitTask(work, { id, isResumed, isShown: isUpgraded, forgottenAfterMs: lostAnswerGraceMs });
  switch (end.end) {
    case "succeeded": {
      const observed = await lookUntil(work, isUpgraded);
      return isUpgraded(observed)
        ? { end: "done", observed }
        : {
            end: "pending",
            isSaidDone: true,
            problem:
              `${name} succeeded, but after ${describeDuration(verifyTimeoutMs)} (verifyTimeout) the customer still holds OC Essential. ` +
              "The next `pulumi up` looks again and does not ask for a second upgrade; if it stays, ask the platform's support.",
          };
    }
    case "failed":
      return {
        end: "failed",
        problem: `${name} failed: ${end.reason}. Correct the cause; the next \`pulumi up\` looks at the customer and starts again.`,
      };
    case "forgotten":
      return {
        end: "failed",
        problem:
          `The platform does not know task ${shown(id)}, the upgrade of customer ${guid}, and after ` +
          `${describeDuration(lostAnswerGraceMs)} (lostAnswerGrace) the customer still holds OC Essential. The next \`pulumi up\` looks again and starts again.`,
      };
    case "notYet":
      return { end: "pending", problem: notFinished(name, end.waitedMs, work) };
  }
}

async function awaitPatch(work: Work, { task, from, line }: Operation): Promise<OperationEnd> {
  const { guid, run, system } = work;
  const { target } = task;
  const id = task.id ?? "";
  const name = `Task ${shown(id)}, the change of customer ${guid},`;
  const isResumed = from === "earlier";
  const isShown = ({ licenseType, licensedUsersCount }: ObservedCustomer): boolean =>
    licenseType === target.licenseType && licensedUsersCount === target.licensedUsersCount;
  const forgottenAfterMs = system.settings.verifyTimeoutMs;
  const ended = await awaitTask(work, { id, isResumed, isShown, forgottenAfterMs });
  const tell = (end: string): void => {
    const call =
      line ?? `PATCH ${describeLicenseType(target.licenseType)}, ${counted(target.licensedUsersCount, "user")}`;
    run.tell(`${call}: ${describePatchTask(task, run)}${end}`);
  };
  switch (ended.end) {
    case "succeeded":
    case "forgotten":
      if (!isResumed) {
        return { end: "done" };
      }
      tell("");
      return { end: "done", observed: await lookUntil(work, isShown) };
    case "failed":
      tell(", failed");
      return {
        end: "failed",
        problem: `${name} failed: ${ended.reason}. Correct the cause; the next \`pulumi up\` looks at the customer and sends it again.`,
      };
    case "notYet":
      tell(", not finished yet");
      return { end: "pending", problem: notFinished(name, ended.waitedMs, work) };
  }
}

function notFinished(name: string, waitedMs: number, { taskTimeout }: Work): string {
  return (
    `${name} is not finished after ${describeDuration(waitedMs)} (${taskTimeout.setBy}). ` +
    "It goes on at the platform; the next `pulumi up` goes on waiting for the same task."
  );
}

function took(sentAt: string, { clock }: Run): string {
  const sent = Date.parse(sentAt);
  return Number.isNaN(sent) ? "" : `, ${describeDuration(clock.now() - sent)}`;
}

/** An upgrade whose answer was lost may be running: it is looked for until the grace is over. */
async function lookForLost(work: Work, upgrade: Operation): Promise<OperationEnd> {
  const { guid, taskTimeout } = work;
  const left = graceLeftMs(upgrade, work);
  const observed = await awaitType(work, left, "waiting for the upgrade whose answer was lost");
  if (observed !== undefined) {
    return { end: "done", observed };
  }
  return left <= taskTimeout.ms
    ? { end: "lost" }
    : {
        end: "pending",
        problem:
          `No trace of the upgrade of customer ${guid}, whose answer was lost, after ${describeDuration(taskTimeout.ms)} (${taskTimeout.setBy}). ` +
          "The next `pulumi up` goes on looking.",
      };
}

/** The platform refused an upgrade because the customer is upgraded already, or is being upgraded. */
async function awaitOther(work: Work): Promise<OperationEnd> {
  const observed = await awaitType(work, work.taskTimeout.ms, "waiting for an upgrade started elsewhere");
  return observed !== undefined
    ? { end: "done", observed }
    : {
        end: "pending",
        problem:
          `The platform refuses to upgrade customer ${work.guid} (409), but it still holds OC Essential after ` +
          `${describeDuration(work.taskTimeout.ms)} (${work.taskTimeout.setBy}). The next \`pulumi up\` goes on looking.`,
      };
}

async function awaitType(work: Work, timeoutMs: number, what: string): Promise<ObservedCustomer | undefined> {
  const waited = await waitFor(
    work,
    async () => {
      const observed = await look(work);
      return isUpgraded(observed)
        ? { done: true as const, result: observed }
        : { done: false as const, progress: "still OC Essential" };
    },
    {
      timeoutMs,
      lookFirst: true,
      describe: (standing, waitedMs) => `${what}; ${standing} after ${describeDuration(waitedMs)}`,
    },
  );
  return waited.done ? waited.result : undefined;
}

/** By no more than this are the clocks of two machines expected to differ. */
const MOST_SKEW_MS = 3_600_000;

/**
 * How much longer the effect of an upgrade whose answer was lost is looked for before it is asked for again: until `sentAt` and the grace
 * are over, but no longer than the grace from now. Where they seem to be over already, a machine whose clock is behind may have sent it a
 * moment ago: then it is looked for once more, for as long as this run waits for anything.
 */
function graceLeftMs({ task: { sentAt }, from }: Operation, { system, run, taskTimeout }: Work): number {
  const { lostAnswerGraceMs } = system.settings;
  const age = run.clock.now() - Date.parse(sentAt);
  if (age < lostAnswerGraceMs) {
    return Math.min(lostAnswerGraceMs, lostAnswerGraceMs - age);
  }
  return from === "earlier" && age < MOST_SKEW_MS ? Math.min(lostAnswerGraceMs, taskTimeout.ms) : 0;
}

function isUpgraded({ licenseType }: ObservedCustomer): boolean {
  return licenseType !== "OcEssential";
}

/** How a wait for a task ended. */
type TaskEnd =
  | { readonly end: "succeeded" }
  | { readonly end: "failed"; readonly reason: string }
  /** The platform does not know the task (any more). */
  | { readonly end: "forgotten" }
  | { readonly end: "notYet"; readonly waitedMs: number };

/** A task to wait for. */
interface AwaitedTask {
  readonly id: string;
  /** Whether it was started in an earlier run. */
  readonly isResumed: boolean;
  /** Whether the customer itself shows what the task is to bring about: that ends the wait where the task's own word does not. */
  readonly isShown: (seen: ObservedCustomer) => boolean;
  /** How long the platform may not know it before it counts as forgotten, in milliseconds. */
  readonly forgottenAfterMs: number;
}

/** Of the looks at a task whose word is unclear, each so many-th is followed by one at the customer itself. */
const LOOKS_PER_LOOK_AT_CUSTOMER = 3;

/** Waits for a task, showing how it stands. A failed look ends the wait with its error. */
async function awaitTask(work: Work, { id, isResumed, isShown, forgottenAfterMs }: AwaitedTask): Promise<TaskEnd> {
  const { system, run } = work;
  if (isResumed) {
    run.tell(`resuming task ${shown(id)} from an earlier run`);
  }
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
    lookFirst: isResumed,
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
