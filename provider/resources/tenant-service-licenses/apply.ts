import type { ServiceKind } from "../../apis/service-kinds";
import { PartialFailure, Refusal } from "../../run/failures";
import type { Run } from "../../run/license-resource";
import { shownMistake } from "../../run/mistake";
import { counted } from "../../text/count";
import { shown } from "../../text/shown";
import { readBack } from "../../time/read-back";
import { type Allocation, byKind, eachService, pathOf } from "./allocation";
import type { TenantInputs } from "./fields";
import type { TenantGatewaySystem } from "./observe";
import {
  type DesiredTenant,
  type ObservedServices,
  planTenant,
  problemOf,
  reductionsOf,
  refuseMissingTenant,
} from "./plan";
import { type TenantState, writeTenantState } from "./state";
import { type TenantUpdate, updateTenant } from "./update";

/** Looks at the tenant that is worked on; `undefined` where it is gone. */
type Observe = () => Promise<ObservedServices | undefined>;

/**
 * Brings a tenant to what is desired and returns its state: observes, plans, sends one PUT of what differs, and reads back.
 * @throws {Refusal} before anything is sent, where the tenant is gone or a declared service is refused.
 * @throws {PartialFailure} naming each service that is not as desired, with the state of all.
 */
export async function applyTenant(
  system: TenantGatewaySystem,
  inputs: TenantInputs,
  desired: DesiredTenant,
  state: TenantState | undefined,
  observe: Observe,
  run: Run,
): Promise<TenantState> {
  const read = present(system, desired.tenantId, observe);
  const before = await settled(system, await read(), desired, state, read, run);
  const plan = planTenant(before, desired);
  if (plan.refusals.length > 0) {
    throw new Refusal(plan.refusals);
  }
  let update: TenantUpdate = { after: before, failed: new Map(), unverified: false, trouble: undefined };
  if (plan.changes.length > 0) {
    await run.beforeWrite(reductionsOf(plan.changes));
    update = await updateTenant(system, desired.tenantId, plan.changes, before, read, run);
  }
  const failed = new Map([
    ...plan.refusedRemovals.map((refusal) => [pathOf(refusal.kind, refusal.name), shownMistake(refusal)] as const),
    ...update.failed,
  ]);
  const reached = reachedState(inputs, desired, state, before, update, failed);
  if (failed.size > 0) {
    throw new PartialFailure(describeFailure(desired.tenantId, failed, update), writeTenantState(reached));
  }
  return reached;
}

/**
 * Does to a tenant's services what their policy says when the resource is destroyed. Deleting cannot write state: so nothing is sent
 * unless all of it can be done.
 * @throws where a service cannot be let go, before anything is sent; and where the PUT was not done, or not wholly.
 */
export async function removeTenant(
  system: TenantGatewaySystem,
  desired: DesiredTenant,
  observe: Observe,
  run: Run,
): Promise<void> {
  const before = await observe();
  if (before === undefined) {
    return;
  }
  const { tenantId } = desired;
  const { changes, refusedRemovals } = planTenant(before, desired);
  if (refusedRemovals.length > 0) {
    const count = refusedRemovals.length;
    const isUnreadable = refusedRemovals.some(({ kind, name }) => problemOf(before, kind, name) !== undefined);
    const what = isUnreadable ? "cannot be removed" : `${count === 1 ? "is" : "are"} still in use`;
    throw new Error(
      listed(
        `${shown(tenantId)} stays in the stack: ${count} of its services ${what}`,
        refusedRemovals.map(shownMistake),
      ),
    );
  }
  if (changes.length === 0) {
    return;
  }
  await run.beforeWrite(reductionsOf(changes));
  const { failed, trouble } = await updateTenant(
    system,
    tenantId,
    changes,
    before,
    present(system, tenantId, observe),
    run,
  );
  if (failed.size > 0) {
    throw new Error(
      listed(
        `${shown(tenantId)} stays in the stack: ${failed.size} of its services ${failed.size === 1 ? "was" : "were"} not removed. ` +
          "State still shows the values from before: `pulumi up --refresh` restores what the program declares.",
        [...(trouble === undefined ? [] : [trouble]), ...failed.values()],
      ),
    );
  }
}

/**
 * Where the last update is unverified, nothing of it shows and nothing is to be sent, as when the program was taken back: what it did
 * may still become visible, and is given the time for that.
 */
async function settled(
  { settings }: TenantGatewaySystem,
  first: ObservedServices,
  desired: DesiredTenant,
  state: TenantState | undefined,
  read: () => Promise<ObservedServices>,
  run: Run,
): Promise<ObservedServices> {
  const isAsInState = (seen: ObservedServices): boolean =>
    state !== undefined &&
    [...eachService(state.services)].every(([kind, name, held]) => seen[kind].get(name)?.allocation === held);
  const plan = planTenant(first, desired);
  if (state?.unverified !== true || !isAsInState(first) || plan.refusals.length > 0 || plan.changes.length > 0) {
    return first;
  }
  run.progress("waiting whether the last update, which could not be verified, becomes visible");
  return readBack(read, (seen) => !isAsInState(seen), {
    clock: run.clock,
    signal: run.signal,
    timeoutMs: settings.verifyTimeoutMs,
  });
}

/** The same look, but a tenant that is gone is refused. */
function present(
  { settings }: TenantGatewaySystem,
  tenantId: string,
  observe: Observe,
): () => Promise<ObservedServices> {
  return async () => {
    const observed = await observe();
    if (observed === undefined) {
      throw new Refusal([refuseMissingTenant(tenantId, settings)]);
    }
    return observed;
  };
}

function describeFailure(tenantId: string, failed: ReadonlyMap<string, string>, update: TenantUpdate): string {
  const trouble = update.trouble === undefined ? "" : `${update.trouble} `;
  const what = `${counted(failed.size, "service")} ${failed.size === 1 ? "is" : "are"} not`;
  const end = update.unverified
    ? "verified as declared. The next `pulumi up` reads the tenant first."
    : "as declared; all others are.";
  return listed(`${trouble}Tenant ${shown(tenantId)}: ${what} ${end}`, [...failed.values()]);
}

function listed(head: string, lines: readonly string[]): string {
  return [head, ...lines.map((line) => `  ${line}`)].join("\n");
}

/** The state of every managed service as it is; services that could not be let go stay in it. */
function reachedState(
  inputs: TenantInputs,
  { declared, removal }: DesiredTenant,
  state: TenantState | undefined,
  before: ObservedServices,
  { after, unverified }: TenantUpdate,
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
  for (const [kind, name] of removal?.services ?? []) {
    if (failed.has(pathOf(kind, name))) {
      keep(kind, name, after[kind].get(name)?.allocation ?? state?.services[kind].get(name));
    }
  }
  return {
    ...inputs,
    services,
    original,
    unverified: unverified ? true : undefined,
  };
}
