import { retryPause } from "../systems/transport/retry-policy";
import { ApiError } from "../systems/transport/api-error";
import { StaleWrite } from "../systems/transport/http-api";
import { messageOf } from "../text/errors";
import { Cancelled, PartialFailure, Refusal } from "../resource/failures";
import type { Run } from "../resource/license-resource";
import { awaitUnseen } from "../resource/unseen-write";
import { shown } from "../text/shown";
import { describeDuration, parseDuration } from "../time/duration";
import { type CustomerInputs, DEFAULT_TASK_TIMEOUT } from "./fields";
import { askForUpgrade, lookForPatch, type PatchAnswer, sendPatch } from "./calls";
import { type LivePlatformSystem, withLicensesInUse } from "./customers";
import {
  type CustomerPlan,
  describeDifferences,
  describePatch,
  describeUpgrade,
  type Desired,
  type ObservedCustomer,
  planCustomer,
  reductionsOf,
} from "./plan";
import {
  asDesired,
  type CustomerState,
  hasAdvanced,
  type Progress,
  progressOf,
  registrationOf,
  sentBefore,
  showsUnseen,
  stateOf,
  unseenOf,
  writeCustomerState,
} from "./state";
import { awaitOperation, describePatchTask, isOvertaken, type Operation, type OperationEnd } from "./operation";
import { look, type TaskTimeout, type Work } from "./work";

/** An upgrade whose answer was lost is asked for again when its grace is over; in one run at most this often in all. */
const MOST_UPGRADE_REQUESTS = 3;

/**
 * Brings one customer to what is declared; returns the state once it is.
 * @throws {PartialFailure} with the state reached so far, where something was done or is under way.
 */
export async function applyCustomer(
  system: LivePlatformSystem,
  inputs: CustomerInputs,
  state: CustomerState | undefined,
  run: Run,
): Promise<CustomerState> {
  const start = progressOf(state);
  const work: Work = { system, run, guid: inputs.customerGuid, taskTimeout: taskTimeoutOf(inputs, run) };
  let now = start;
  try {
    for await (const next of converge(work, () => inputs, start)) {
      now = next;
    }
  } catch (error) {
    if (!hasAdvanced(start, now)) {
      throw error;
    }
    throw new PartialFailure(
      `${messageOf(error)}${unfinished(error, now)}`,
      writeCustomerState(stateOf(now, inputs, state)),
    );
  }
  return stateOf(now, inputs, state);
}

/** The longest wait for one task: as declared, as the run has it, or the default. */
export function taskTimeoutOf({ taskTimeout }: Pick<CustomerState, "taskTimeout">, run: Run): TaskTimeout {
  return taskTimeout === undefined && run.taskTimeoutMs !== undefined
    ? { ms: run.taskTimeoutMs, setBy: "customTimeouts" }
    : { ms: parseDuration(taskTimeout ?? DEFAULT_TASK_TIMEOUT) ?? 0, setBy: "taskTimeout" };
}

/** A PATCH of this run whose effect was not seen yet. */
interface SentPatch {
  /** The call, in words. */
  readonly line: string;
  /** How often it was sent. */
  readonly attempt: number;
  readonly desired: Desired;
  readonly answer: PatchAnswer;
  /** What it was planned from. */
  readonly before: ObservedCustomer;
}

/**
 * Settles what is pending, looks, plans, acts, and again until nothing is left to do. Yields what is known after each step, so that
 * whoever reads on keeps it when a step fails. No call follows a look that was not planned.
 * @param desiredFor What is desired of a customer as it is, or `undefined` for nothing.
 * @param isRemoval Whether what is desired follows from what is there, so that all that was sent before has to show first.
 */
export async function* converge(
  work: Work,
  desiredFor: (observed: ObservedCustomer) => Desired | undefined,
  start: Progress,
  isRemoval = false,
): AsyncGenerator<Progress, void> {
  const { run, system, guid } = work;
  let now = start;
  let upgrades = 0;
  let attempts = 0;
  let late: ObservedCustomer | undefined;
  let asked: Operation | undefined;
  let sent: SentPatch | undefined;
  for (;;) {
    let seen = late;
    late = undefined;
    const task = now.pendingTask;
    if (task !== undefined) {
      const operation: Operation = asked?.task === task ? asked : { task, from: "earlier" };
      const ended = settled(now, operation, await awaitOperation(work, operation));
      yield (now = ended.now);
      if (ended.problem !== undefined) {
        throw new Error(ended.problem);
      }
      ({ seen } = ended);
    }

    seen ??= sent === undefined ? await look(work) : await verify(work, sent);
    const plannedAt = run.clock.elapsed();
    yield (now = { ...now, observed: seen });
    const desired = sent?.desired ?? desiredFor(seen);
    const observed =
      desired === undefined ? seen : await withLicensesInUse(system.api, guid, seen, desired, run.signal);
    const plan = desired === undefined ? undefined : planCustomer(observed, desired, sentBefore(now));
    if (sent === undefined && now.unseen !== undefined && (isRemoval || plan?.kind === "nothing")) {
      // What an earlier run sent may still become visible, and is then to be planned from.
      const { unseen } = now;
      const isShown = (one: ObservedCustomer): boolean => showsUnseen(one, unseen);
      const { verifyTimeoutMs: timeoutMs } = system.settings;
      late = await awaitUnseen({ read: () => look(work), first: seen, isShown, timeoutMs }, run);
      now = { ...now, unseen: undefined };
      continue;
    }
    if (desired === undefined || plan === undefined) {
      return;
    }
    if (sent !== undefined) {
      await followUp(work, sent, plan, observed);
    }

    switch (plan.kind) {
      case "refused":
        throw new Refusal(plan.refusals);
      case "nothing":
        if (plan.adoptsSecret && sent === undefined) {
          run.tell(
            "adopted; the secret was not sent, because the platform does not show the current one. Change resendSecret to send it.",
          );
        }
        yield asDesired(now, desired);
        return;
      case "upgrade":
        upgrades += 1;
        if (upgrades > MOST_UPGRADE_REQUESTS) {
          throw new Error(
            `The upgrade of customer ${guid} was asked for ${MOST_UPGRADE_REQUESTS} times, and no trace of it was found. ` +
              "Check the connection to the Live Platform, and run `pulumi up` again.",
          );
        }
        run.brake(reductionsOf(observed, desired));
        try {
          asked = await askForUpgrade(work, { observed, desired, plannedAt, attempts });
        } catch (error) {
          attempts = attemptsOf(error, describeUpgrade(desired), work);
          upgrades -= 1;
          break;
        }
        yield (now = { ...now, pendingTask: asked.task });
        break;
      case "patch": {
        run.brake(reductionsOf(observed, desired));
        const line = describePatch(plan.changes);
        run.progress(line);
        try {
          const answer = await sendPatch(work, { observed, desired, plannedAt, attempts });
          sent = { line, desired, answer, before: observed, attempt: (sent?.attempt ?? 0) + 1 };
          asked = answer.answer === "task" ? { task: answer.task, from: "here", line } : undefined;
          yield (now = afterPatch(now, sent, plan.invisible, run.clock.now()));
        } catch (error) {
          sent = undefined;
          attempts = attemptsOf(error, line, work);
        }
      }
    }
  }
}

/** Looks for the effect of a PATCH; a look that fails leaves the line of the call too. */
async function verify(work: Work, { line, answer, desired }: SentPatch): Promise<ObservedCustomer> {
  try {
    return await lookForPatch(work, answer, desired);
  } catch (error) {
    work.run.tell(`${line}: not verified`);
    throw error;
  }
}

/** What is known after a wait, what was seen at its end, and why the run stops there, if it does. */
interface Settled {
  readonly now: Progress;
  readonly seen?: ObservedCustomer | undefined;
  readonly problem?: string | undefined;
}

function settled(now: Progress, operation: Operation, ended: OperationEnd): Settled {
  const { task, unclear } = operation;
  const isUpgrade = task.call === undefined;
  const lastTaskId = task.id ?? now.lastTaskId;
  const over = { ...now, pendingTask: undefined, lastTaskId };
  const unseen = { at: task.sentAt, what: task.target };
  switch (ended.end) {
    case "done": {
      const { observed: seen } = ended;
      // The PATCH after an upgrade validates the App Registration: it is owed until the platform has it.
      const isOwed = isUpgrade && seen !== undefined && !isOvertaken(operation, seen);
      return { now: isOwed ? { ...over, pendingPatch: true, unseen: undefined } : over, seen };
    }
    case "failed":
      return { now: { ...over, ...(isUpgrade ? { unseen } : { pendingPatch: true }) }, problem: ended.problem };
    case "pending":
      return { now: ended.isSaidDone ? { ...now, unseen, lastTaskId } : now, problem: ended.problem };
    case "lost":
      return { now: { ...now, pendingTask: undefined, unseen }, problem: unclear?.message };
  }
}

function afterPatch(now: Progress, { answer, desired }: SentPatch, invisible: boolean, time: number): Progress {
  const unseen = unseenOf(desired, time);
  switch (answer.answer) {
    case "accepted":
      return { ...now, sent: registrationOf(desired), pendingPatch: false, unseen };
    case "task":
      return { ...now, sent: registrationOf(desired), pendingPatch: false, unseen, pendingTask: answer.task };
    case "lost":
    case "unclear":
    case "failed":
      return { ...now, pendingPatch: invisible, unseen };
  }
}

/**
 * How often a write was sent that has to be planned again.
 * @throws the error itself, with a line that says how the call ended, where it is another one; and where it was tried often enough.
 */
function attemptsOf(error: unknown, line: string, { system, run, guid }: Work): number {
  if (!(error instanceof StaleWrite)) {
    run.tell(`${line}: ${describeFailure(error)}`);
    throw error;
  }
  if (error.attempts > system.settings.maxRetries) {
    throw new Error(
      `The change of customer ${guid} was planned again and again, because the Live Platform took none within the time: run \`pulumi up\` again later.`,
    );
  }
  return error.attempts;
}

/**
 * Says how a PATCH ended, now that the customer was looked at again, and pauses before it may be sent once more.
 * @throws where it is not to be sent again in this run.
 */
async function followUp(
  { run, system, guid }: Work,
  { line, attempt, desired, answer, before }: SentPatch,
  plan: CustomerPlan,
  observed: ObservedCustomer,
): Promise<void> {
  const { maxRetries, verifyTimeoutMs } = system.settings;
  const isDone = plan.kind === "nothing";
  switch (answer.answer) {
    case "lost":
      run.tell(`${line}: ${isDone ? "done, though its answer was lost" : "its answer was lost"}`);
      if (!isDone && attempt > maxRetries) {
        throw answer.error;
      }
      if (!isDone) {
        await run.clock.sleep(retryPause(attempt, run.clock.random()), run.signal);
      }
      return;
    case "unclear":
    case "failed":
      run.tell(`${line}: ${isDone ? "done, though its answer did not say so" : describeFailure(answer.error)}`);
      if (!isDone) {
        throw answer.error;
      }
      run.warn(`${answer.error.outcome}, but reading back shows it done.`);
      return;
    case "accepted":
    case "task":
      if (isDone) {
        run.tell(`${line}: ${answer.answer === "task" ? describePatchTask(answer.task, run) : "done"}`);
        warnOfLostRegistration(run, before, observed);
        return;
      }
      run.tell(`${line}: accepted, not visible yet`);
      if (plan.kind !== "refused") {
        throw new Error(
          `The platform accepted the change of customer ${guid}, but it is not visible yet after ${describeDuration(verifyTimeoutMs)} ` +
            `(verifyTimeout): ${describeDifferences(observed, desired)}. The next \`pulumi up\` looks again; if it stays, ask the platform's support.`,
        );
      }
  }
}

/** The vendor's page does not say what a PATCH without an App Registration does to the one that is there. */
function warnOfLostRegistration(run: Run, before: ObservedCustomer, after: ObservedCustomer): void {
  if (typeof before.applicationClientId === "string" && after.applicationClientId === null) {
    run.warn(
      `The customer no longer holds App Registration ${shown(before.applicationClientId)}: the PATCH, which carried none, has removed it. ` +
        "Declare applicationClientId and applicationClientSecret to set it again.",
    );
  }
}

/** How a call that was refused, or never left, ended. */
function describeFailure(error: unknown): string {
  return error instanceof ApiError && error.status !== undefined ? `answered ${error.status}` : "failed";
}

/** What the next run goes on with, where the error itself does not say. */
function unfinished(error: unknown, { pendingTask, pendingPatch, unseen }: Progress): string {
  if (!(error instanceof Cancelled || error instanceof ApiError)) {
    return "";
  }
  if (pendingTask !== undefined) {
    const task = pendingTask.id === null ? "The upgrade" : `Task ${shown(pendingTask.id)}`;
    return ` ${task} goes on at the platform, and the next \`pulumi up\` goes on with it.`;
  }
  if (pendingPatch) {
    return " The PATCH that is owed is sent by the next `pulumi up`.";
  }
  return unseen !== undefined ? " Whether the change took effect is not known; the next `pulumi up` looks first." : "";
}
