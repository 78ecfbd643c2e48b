import type { LivePlatform, LivePlatformTask } from "../../apis/live-platform";
import type { Run } from "../../run/license-resource";
import { describeDuration } from "../../time/duration";
import { type Look, waitUntil } from "../../time/wait-until";

/** Where a task stands. */
export type TaskStanding = "running" | "succeeded" | "failed";

/**
 * Where a task stands, by the platform's word for it. `CompletedSuccess` is the only word that the pages print; prose says "In
 * Progress", "Completed Success", "Failed". Case, spaces and underscores do not count; what is not known is still running.
 */
export function standingOf(status: string): TaskStanding {
  const word = status.toLowerCase().replace(/[\s_-]/g, "");
  if (word === "completedsuccess") {
    return "succeeded";
  }
  return /fail|error|cancel|abort/.test(word) ? "failed" : "running";
}

/** How a wait for a task ended. */
export type TaskEnd =
  | { readonly end: "succeeded" }
  | { readonly end: "failed"; readonly reason: string }
  /** The platform does not know the task (any more). */
  | { readonly end: "forgotten" }
  | { readonly end: "notYet"; readonly waitedMs: number };

/** Bounds and pauses of a wait. */
export interface TaskWait {
  readonly timeoutMs: number;
  readonly pollIntervalMs: number;
  /** `true` for a task that was started in an earlier run. */
  readonly resumed: boolean;
}

/** Waits for a task, telling its progress. A failed look ends the wait with its error. */
export async function waitForTask(api: LivePlatform, taskId: string, wait: TaskWait, run: Run): Promise<TaskEnd> {
  let missed = 0;
  const look = async (): Promise<Look<TaskEnd>> => {
    const task = await api.getTask(taskId, run.signal);
    if (task === undefined) {
      missed += 1;
      // One stray 404 is no proof: a second one is asked for.
      return missed < 2
        ? { done: false, progress: `task ${taskId} not found` }
        : { done: true, result: { end: "forgotten" } };
    }
    missed = 0;
    switch (standingOf(task.status)) {
      case "succeeded":
        return { done: true, result: { end: "succeeded" } };
      case "failed":
        return { done: true, result: { end: "failed", reason: describeTask(task) } };
      case "running":
        return { done: false, progress: `task ${taskId} ${task.status}`, retryAfterMs: task.retryAfterMs };
    }
  };
  const waited = await waitUntil(look, {
    clock: run.clock,
    timeoutMs: wait.timeoutMs,
    firstPauseMs: wait.pollIntervalMs,
    lookFirst: wait.resumed,
    signal: run.signal,
    onProgress: (progress, waitedMs) => {
      run.progress(`${progress}, ${describeDuration(waitedMs)}`);
    },
  });
  return waited.done ? waited.result : { end: "notYet", waitedMs: waited.waitedMs };
}

function describeTask(task: LivePlatformTask): string {
  const details = task.details.length === 0 ? "" : `; details: ${task.details.join("; ")}`;
  const messages = task.executionMessages.length === 0 ? "" : `; messages: ${task.executionMessages.join("; ")}`;
  // A sentence of ours follows: its full stop is enough.
  return `status ${JSON.stringify(task.status)}${details}${messages}`.replace(/\.+$/, "");
}
