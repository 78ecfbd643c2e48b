import { Refusal } from "../resource/failures";
import type { Run } from "../resource/license-resource";
import { readBack } from "../time/read-back";
import { type Look, type Waited, waitUntil } from "../time/wait-until";
import { type LivePlatformSystem, observeCustomer } from "./customers";
import { type ObservedCustomer, refuseUnlicensable } from "./plan";

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
