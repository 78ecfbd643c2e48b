import { messageOf } from "../text/errors";
import type { Run } from "../resource/license-resource";
import { counted } from "../text/count";
import { converge, taskTimeoutOf } from "./apply";
import { claimOf } from "./claim";
import { describeLicenseType, downgradeOf } from "./license-type";
import type { LivePlatformSystem } from "./customers";
import { awaitOperation } from "./operation";
import { sameUuid } from "../text/names";
import type { Desired, ObservedCustomer } from "./plan";
import { type CustomerState, hasAdvanced, type PendingTask, type Progress, progressOf, registrationOf } from "./state";
import { Unlicensed, type Work } from "./work";

/**
 * Does what the policy in state says of the resource's end.
 * @throws where a downgrade is refused, or is not seen done.
 */
export async function removeCustomer(system: () => LivePlatformSystem, state: CustomerState, run: Run): Promise<void> {
  if (state.onDestroy !== "downgrade") {
    run.tell(`left as it is${describeHeld(state)} (onDestroy: retain)`);
    return;
  }
  const [verdict] = await run.whoDeclares([claimOf(state.customerGuid)]);
  if (verdict?.kind === "declared") {
    run.tell(`left as it is: this program declares the same customer in another resource (${verdict.by}).`);
    return;
  }
  if (verdict?.kind === "unknown") {
    const why = `another resource of the program may declare customer ${state.customerGuid}: ${verdict.why}.`;
    if (!run.isReplacement) {
      throw new Error(`Nothing was downgraded, because ${why}`);
    }
    run.warn(`left as it is, because ${why}`);
    return;
  }
  const work: Work = { system: system(), run, guid: state.customerGuid, taskTimeout: taskTimeoutOf(state, run) };
  const start: Progress = {
    ...progressOf(state),
    pendingTask: undefined,
    pendingPatch: false,
  };
  let now = start;
  try {
    if (state.pendingTask !== undefined) {
      await awaitTaskOf(work, state.pendingTask);
    }
    for await (const next of converge(work, (observed) => downgradeFor(observed, state), start, true)) {
      now = next;
    }
  } catch (error) {
    if (!hasAdvanced(start, now)) {
      if (error instanceof Unlicensed) {
        return;
      }
      throw error;
    }
    // A delete that fails cannot write state.
    throw new Error(
      `${messageOf(error)} The downgrade may have taken effect, but state still shows the values from before; ` +
        "`pulumi up --refresh` restores them once the resource is back in the program.",
    );
  }
}

/** The customer as it is, but for the type: the same way as an update. */
function downgradeFor(observed: ObservedCustomer, state: CustomerState): Desired | undefined {
  const licenseType = downgradeOf(observed.licenseType);
  if (licenseType === undefined || observed.licensedUsersCount === null) {
    return undefined;
  }
  // Another one may have been set by hand: its secret is not ours to replace. The name stays as it is, too.
  const holdsSecret =
    state.applicationClientSecret !== undefined && sameUuid(observed.applicationClientId, state.applicationClientId);
  return {
    licenseType,
    licensedUsersCount: observed.licensedUsersCount,
    ...(holdsSecret ? registrationOf(state) : {}),
  };
}

/** An upgrade or task that is under way would end after the downgrade and undo it. */
async function awaitTaskOf(work: Work, task: PendingTask): Promise<void> {
  const ended = await awaitOperation(work, { task, from: "earlier" });
  if (ended.end !== "pending") {
    return;
  }
  if (task.id === null) {
    throw new Error(
      `An upgrade of customer ${work.guid} was asked for, its answer was lost, and it may still come: nothing was downgraded. ` +
        "Run `pulumi destroy` again later.",
    );
  }
  throw new Error(`${ended.problem} Nothing was downgraded: run \`pulumi destroy\` again later.`);
}

function describeHeld({ licenseType, licensedUsersCount }: CustomerState): string {
  const held = [
    ...(licenseType === undefined ? [] : [describeLicenseType(licenseType)]),
    ...(licensedUsersCount === undefined ? [] : [counted(licensedUsersCount, "user")]),
  ];
  return held.length === 0 ? "" : `: ${held.join(", ")}`;
}
