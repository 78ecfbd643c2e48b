/** Where a task stands; `unclear`: its status is a word of which nobody knows whether it is an end. */
export type TaskStanding = "running" | "succeeded" | "failed" | "unclear";

/** Words for a task that goes on, that went well, and that did not; case, spaces, underscores and hyphens do not count. */
const RUNNING = new Set(["inprogress", "running", "pending", "queued", "notstarted"]);
const SUCCEEDED = new Set([
  "completed",
  "completedsuccess",
  "completedwithwarnings",
  "completedwithouterrors",
  "success",
  "succeeded",
  "done",
  "finished",
]);
const FAILED = new Set(["timeout", "expired", "skipped"]);
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
