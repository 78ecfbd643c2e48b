import type { ServiceKind } from "../systems/gateway/service-kinds";
import { messageOf } from "../text/errors";
import { PartialFailure, Refusal } from "../resource/failures";
import { shownMistake } from "../resource/mistake";
import { awaitUnseen } from "../resource/unseen-write";
import { counted } from "../text/count";
import { shown } from "../text/shown";
import { type Allocation, byKind, eachService, pathOf } from "./allocation";
import type { TenantInputs } from "./fields";
import {
  type DesiredTenant,
  type ObservedServices,
  planTenant,
  problemOf,
  reductionsOf,
  type ServiceChange,
  type TenantPlan,
} from "./plan";
import { type TenantState, type UnseenUpdate, writeTenantState } from "./state";
import { type AnsweredUpdate, describeTrouble, describeVerdict, type TenantWork, updateTenant } from "./update";

/**
 * Brings a tenant to what is desired and returns its state: observes, plans, sends one PUT of what differs, and reads back.
 * @throws {Refusal} before anything is sent, where the tenant is gone or a declared service is refused.
 * @throws {PartialFailure} naming each service that is not as desired, with the state of all.
 */
export async function applyTenant(
  work: TenantWork,
  inputs: TenantInputs,
  desired: DesiredTenant,
  state: TenantState | undefined,
): Promise<TenantState> {
  const reached = await converge(work, desired, state, ({ refusals }) => {
    if (refusals.length > 0) {
      throw new Refusal(refusals);
    }
  });
  const failed = new Map([
    ...reached.plan.refusedRemovals.map(
      (refusal) => [pathOf(refusal.kind, refusal.name), shownMistake(refusal)] as const,
    ),
    ...reached.failed,
  ]);
  const now = stateOf(inputs, desired, state, reached, failed);
  if (failed.size > 0 || reached.error !== undefined) {
    throw new PartialFailure(describeFailure(work.tenantId, failed, reached), writeTenantState(now));
  }
  return now;
}

/**
 * Does to a tenant's services what their policy says when the resource is destroyed. Deleting cannot write state: so nothing is sent
 * unless all of it can be done.
 * @throws where a service cannot be let go, before anything is sent; and where the PUT was not done, or not wholly.
 */
export async function removeTenant(work: TenantWork, desired: DesiredTenant, state: TenantState): Promise<void> {
  try {
    await removeServices(work, desired, state);
  } catch (error) {
    // A tenant that is gone has nothing to remove.
    if (!(error instanceof MissingTenant)) {
      throw error;
    }
  }
}

async function removeServices(work: TenantWork, desired: DesiredTenant, state: TenantState): Promise<void> {
  const id = shown(work.tenantId);
  const { failed, trouble, error } = await converge(work, desired, state, ({ refusedRemovals }, seen) => {
    if (refusedRemovals.length > 0) {
      const count = refusedRemovals.length;
      const isUnreadable = refusedRemovals.some(({ kind, name }) => problemOf(seen, kind, name) !== undefined);
      const what = isUnreadable ? "cannot be removed" : `${count === 1 ? "is" : "are"} still in use`;
      throw new Error(
        listed(`${id} stays in the stack: ${count} of its services ${what}`, refusedRemovals.map(shownMistake)),
      );
    }
  });
  if (error !== undefined) {
    throw error;
  }
  if (failed.size > 0) {
    throw new Error(
      listed(
        `${id} stays in the stack: ${failed.size} of its services ${failed.size === 1 ? "was" : "were"} not removed. ` +
          "State still shows the values from before: `pulumi up --refresh` restores what the program declares.",
        [...(trouble === undefined ? [] : [trouble]), ...failed.values()],
      ),
    );
  }
}

/** The tenant does not exist. */
export class MissingTenant extends Refusal {}

/** What one run has come to. */
interface Reached {
  /** What was seen first. */
  readonly before: ObservedServices;
  /** What was seen last. */
  readonly after: ObservedServices;
  readonly plan: TenantPlan;
  /** Why each service is not as it was sent, by path. */
  readonly failed: ReadonlyMap<string, string>;
  /** What was sent and has not been seen. */
  readonly unseen: UnseenUpdate | undefined;
  /** What went wrong with the PUT or with reading back, as a whole. */
  readonly trouble?: string | undefined;
  /** What ended the run after something may have been sent. */
  readonly error?: Error;
}

/**
 * Observes, plans, sends what differs, reads back; and again while a PUT that waited for too long has to be planned again.
 * @param check Throws where a plan must not be carried out.
 */
async function converge(
  work: TenantWork,
  desired: DesiredTenant,
  state: TenantState | undefined,
  check: (plan: TenantPlan, seen: ObservedServices) => void,
): Promise<Reached> {
  const { run } = work;
  const first = await work.read();
  const before = await awaitEarlier(work, desired, state, first);
  let seen = before;
  let plan = planTenant(seen, desired);
  let plannedAt = run.clock.elapsed();
  let attempts = 0;
  let unseen: UnseenUpdate | undefined;
  for (;;) {
    try {
      if (attempts > 0) {
        refuseEndless(attempts, work);
        run.progress("planning again: the update waited for too long");
        seen = await work.read();
        plannedAt = run.clock.elapsed();
        plan = planTenant(seen, desired);
      }
      check(plan, seen);
      run.brake(reductionsOf(plan.changes));
    } catch (error) {
      // What may have been done must be known to state, whatever ends the run.
      if (unseen === undefined || !(error instanceof Error)) {
        throw error;
      }
      return { before, after: seen, plan, failed: new Map(), unseen, error };
    }
    if (plan.changes.length === 0) {
      return { before, after: seen, plan, failed: new Map(), unseen: undefined };
    }
    const update = await updateTenant(work, { changes: plan.changes, before: seen, plannedAt, attempts });
    if (update.end === "answered") {
      return { before, plan, ...outcomeOf(update, run.clock.now()) };
    }
    ({ attempts } = update);
    unseen = update.mayBeDone ? sent(plan.changes, run.clock.now()) : unseen;
  }
}

/** @throws where an update was sent as often as it may be tried, and has to be planned again. */
function refuseEndless(attempts: number, { system, tenantId }: TenantWork): void {
  if (attempts > system.settings.maxRetries) {
    throw new Error(
      `Tenant ${shown(tenantId)}: the update was planned again and again, because the gateway took none within the time: run it again later.`,
    );
  }
}

/** What became of a PUT that was answered, as far as state and messages need it. */
function outcomeOf(update: AnsweredUpdate, now: number): Pick<Reached, "after" | "failed" | "unseen" | "trouble"> {
  const missed = update.verdicts.filter(({ outcome }) => outcome !== "done");
  const unknown = missed.filter(({ outcome }) => outcome === "unknown").map(({ change }) => change);
  return {
    after: update.after,
    failed: new Map(
      missed.map((verdict) => [pathOf(verdict.change.kind, verdict.change.name), describeVerdict(verdict, update)]),
    ),
    unseen: unknown.length === 0 ? undefined : sent(unknown, now),
    trouble: describeTrouble(update),
  };
}

function sent(changes: readonly ServiceChange[], now: number): UnseenUpdate {
  const services = byKind(
    (kind) => new Map(changes.filter((one) => one.kind === kind).map(({ name, to }) => [name, to])),
  );
  return { at: new Date(now).toISOString(), services };
}

/**
 * What an earlier run sent may still become visible. It is given the time for that, unless all of it is sent again anyway.
 */
async function awaitEarlier(
  work: TenantWork,
  desired: DesiredTenant,
  state: TenantState | undefined,
  first: ObservedServices,
): Promise<ObservedServices> {
  const unseen = state?.unseen;
  if (state === undefined || unseen === undefined) {
    return first;
  }
  const { refusals, changes } = planTenant(first, desired);
  const isSentAgain =
    unseen.services === undefined
      ? changes.length > 0
      : [...eachService(unseen.services)].every(
          ([kind, name, to]) =>
            first[kind].get(name)?.allocation === to ||
            changes.some((change) => change.kind === kind && change.name === name),
        );
  if (refusals.length > 0 || isSentAgain) {
    return first;
  }
  const { system, read, run } = work;
  const isShown = (seen: ObservedServices): boolean => showsUpdate(seen, state, unseen);
  return awaitUnseen({ read, first, isShown, timeoutMs: system.settings.verifyTimeoutMs }, run);
}

/** Whether a look shows what was sent and not seen; of an update that an older version sent, anything that state does not hold. */
export function showsUpdate(seen: ObservedServices, { services }: TenantState, unseen: UnseenUpdate): boolean {
  const holds = (kind: ServiceKind, name: string, held: Allocation): boolean =>
    seen[kind].get(name)?.allocation === held;
  return unseen.services === undefined
    ? [...eachService(services)].some(([kind, name, held]) => !holds(kind, name, held))
    : [...eachService(unseen.services)].every(([kind, name, to]) => holds(kind, name, to));
}

function describeFailure(tenantId: string, failed: ReadonlyMap<string, string>, reached: Reached): string {
  const trouble = reached.error === undefined ? reached.trouble : messageOf(reached.error);
  const head = trouble === undefined ? "" : `${trouble} `;
  if (failed.size === 0) {
    return `${head}Tenant ${shown(tenantId)}: an earlier attempt of the update may have been done. The next \`pulumi up\` reads the tenant first.`;
  }
  const what = `${counted(failed.size, "service")} ${failed.size === 1 ? "is" : "are"} not`;
  const end =
    reached.unseen === undefined
      ? "as declared; all others are."
      : "verified as declared. The next `pulumi up` reads the tenant first.";
  return listed(`${head}Tenant ${shown(tenantId)}: ${what} ${end}`, [...failed.values()]);
}

function listed(head: string, lines: readonly string[]): string {
  return [head, ...lines.map((line) => `  ${line}`)].join("\n");
}

/** The state of every managed service as it is; services that could not be let go stay in it. */
function stateOf(
  inputs: TenantInputs,
  { declared, removal }: DesiredTenant,
  state: TenantState | undefined,
  { before, after, unseen }: Reached,
  failed: ReadonlyMap<string, string>,
): TenantState {
  const services = byKind(() => new Map<string, Allocation>());
  const original = byKind(() => new Map<string, Allocation>());
  const keep = (kind: ServiceKind, name: string, now: Allocation | undefined): void => {
    if (now !== undefined) {
      services[kind].set(name, now);
    }
    const first = state?.original[kind].get(name) ?? before[kind].get(name)?.allocation;
    if (first !== undefined) {
      original[kind].set(name, first);
    }
  };
  for (const [kind, name, to] of eachService(declared)) {
    const isFailed = failed.has(pathOf(kind, name));
    // What the gateway does not list cannot be read back: it is as declared if it was taken.
    keep(kind, name, after[kind].get(name)?.allocation ?? (isFailed ? undefined : to));
  }
  for (const [kind, name] of [
    ...(removal?.services ?? []),
    ...[...(removal?.unknown?.values() ?? [])].map((one) => [one.kind, one.name] as const),
  ]) {
    if (failed.has(pathOf(kind, name))) {
      keep(kind, name, after[kind].get(name)?.allocation ?? state?.services[kind].get(name));
    }
  }
  return { ...inputs, services, original, unseen };
}
