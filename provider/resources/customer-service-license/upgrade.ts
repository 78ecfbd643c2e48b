import { ApiError } from "../../apis/transport/api-error";
import { shown } from "../../text/shown";
import { describeDuration } from "../../time/duration";
import { describeLicenseType, familyOf, toLicenseCode } from "./license-type";
import { type Desired, describeUpgrade, type ObservedCustomer } from "./plan";
import type { PendingTask } from "./state";
import { look, lookUntil, waitFor, waitForTask, type Work } from "./task";

/** An upgrade that was asked for, here or elsewhere. */
export interface AskedUpgrade {
  readonly task: PendingTask;
  /** How it came about: asked for in this run, in an earlier one, or by somebody else, as the platform's 409 says. */
  readonly from: "here" | "earlier" | "elsewhere";
  /** What the platform answered that asking again would not change: a success that names no task, or a 500. */
  readonly unclear?: Error | undefined;
}

/** An upgrade as it was planned. */
export interface PlannedUpgrade {
  /** When the customer was read that it was planned from (`Clock.elapsed`). */
  readonly plannedAt: number;
  /** How often it was sent before it was planned again. */
  readonly attempts: number;
}

/**
 * Asks for the upgrade. A lost answer, or a 409, gives a task without an id.
 * @throws {ApiError} where the platform refuses it.
 * @throws {StaleWrite} where it waited for too long and has to be planned again.
 */
export async function askForUpgrade(
  { system, run, guid }: Work,
  desired: Desired,
  planned: PlannedUpgrade,
): Promise<AskedUpgrade> {
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
      { signal: run.signal, guard: { ...planned, assertWanted: () => run.assertWanted() } },
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

/** How a wait for an upgrade ended. */
export type UpgradeEnd =
  /** The customer no longer holds OC Essential. */
  | { readonly end: "over"; readonly observed: ObservedCustomer }
  /** The customer holds a licence to which no upgrade leads: somebody has given it another service. */
  | { readonly end: "overtaken"; readonly observed: ObservedCustomer }
  /** The platform says that it failed, or does not know it any more, while the customer still holds OC Essential. */
  | { readonly end: "failed"; readonly problem: string }
  /** The platform says that it succeeded, but the customer still holds OC Essential. */
  | { readonly end: "notShown"; readonly problem: string }
  /** It may still come. */
  | { readonly end: "notYet"; readonly problem: string }
  /** Its answer was lost, and its effect was looked for in vain for the whole grace: it never arrived. */
  | { readonly end: "noTrace" };

/** Waits for the end of an upgrade, and leaves a line that says how it ended. */
export async function awaitUpgrade(work: Work, upgrade: AskedUpgrade): Promise<UpgradeEnd> {
  const { task, from } = upgrade;
  const { id } = task;
  const ended =
    id === null
      ? overtaken(await (from === "elsewhere" ? awaitOther(work) : lookForLost(work, upgrade)))
      : await awaitTask(work, id, from === "earlier");
  const sentAt = Date.parse(task.sentAt);
  const took = Number.isNaN(sentAt) ? "" : `, ${describeDuration(work.run.clock.now() - sentAt)}`;
  work.run.tell(`${describeUpgrade(task.target)}: ${describeEnd(upgrade, ended)}${took}`);
  return ended;
}

/** To where no upgrade leads, neither this one nor one started elsewhere has led. */
function overtaken(ended: UpgradeEnd): UpgradeEnd {
  return ended.end === "over" && familyOf(ended.observed.licenseType) !== "OC" ? { ...ended, end: "overtaken" } : ended;
}

function describeEnd({ task: { id }, from }: AskedUpgrade, ended: UpgradeEnd): string {
  const task = id === null ? "" : `task ${shown(id)}`;
  switch (ended.end) {
    case "overtaken":
      return `overtaken, the customer now holds ${describeLicenseType(ended.observed.licenseType)}`;
    case "over":
      return id !== null ? task : from === "elsewhere" ? "done elsewhere" : "done, though its answer was lost";
    case "failed":
      return `${task} failed`;
    case "notShown":
      return `${task} succeeded, not visible yet`;
    case "notYet":
      return id === null ? "not visible yet" : `${task} not finished yet`;
    case "noTrace":
      return "its answer was lost, and it never arrived";
  }
}

async function awaitTask(work: Work, id: string, resumed: boolean): Promise<UpgradeEnd> {
  const { run, guid } = work;
  const name = `Task ${shown(id)}, the upgrade of customer ${guid},`;
  if (resumed) {
    run.tell(`resuming task ${shown(id)} from an earlier run`);
  }
  const forgottenAfterMs = work.system.settings.lostAnswerGraceMs;
  const end = await waitForTask(work, { id, resumed, isShown: isUpgraded, forgottenAfterMs });
  switch (end.end) {
    case "succeeded": {
      const observed = await lookUntil(work, isUpgraded);
      return isUpgraded(observed)
        ? { end: "over", observed }
        : {
            end: "notShown",
            problem:
              `${name} succeeded, but after ${verifyTimeout(work)} (verifyTimeout) the customer still holds OC Essential. ` +
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
          `${describeDuration(forgottenAfterMs)} (lostAnswerGrace) the customer still holds OC Essential. The next \`pulumi up\` looks again and starts again.`,
      };
    case "notYet":
      return {
        end: "notYet",
        problem:
          `${name} is not finished after ${describeDuration(end.waitedMs)} (${work.taskTimeout.setBy}). ` +
          "It goes on at the platform; the next `pulumi up` goes on waiting for the same task.",
      };
  }
}

/** An upgrade whose answer was lost may be running: it is looked for until the grace is over. */
async function lookForLost(work: Work, upgrade: AskedUpgrade): Promise<UpgradeEnd> {
  const { guid, taskTimeout } = work;
  const left = graceLeftMs(upgrade, work);
  const observed = await awaitType(work, left, "waiting for the upgrade whose answer was lost");
  if (observed !== undefined) {
    return { end: "over", observed };
  }
  return left <= taskTimeout.ms
    ? { end: "noTrace" }
    : {
        end: "notYet",
        problem:
          `No trace of the upgrade of customer ${guid}, whose answer was lost, after ${describeDuration(taskTimeout.ms)} (${taskTimeout.setBy}). ` +
          "The next `pulumi up` goes on looking.",
      };
}

/** The platform refused an upgrade because the customer is upgraded already, or is being upgraded. */
async function awaitOther(work: Work): Promise<UpgradeEnd> {
  const observed = await awaitType(work, work.taskTimeout.ms, "waiting for an upgrade started elsewhere");
  return observed !== undefined
    ? { end: "over", observed }
    : {
        end: "notYet",
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
function graceLeftMs({ task: { sentAt }, from }: AskedUpgrade, { system, run, taskTimeout }: Work): number {
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

function verifyTimeout({ system }: Work): string {
  return describeDuration(system.settings.verifyTimeoutMs);
}
