import { messageOf } from "../../errors";
import { ApiError } from "../../apis/transport/api-error";
import type { GatewayResult, TenantGateway } from "../../apis/tenant-gateway";
import type { ServiceKind } from "../../apis/service-kinds";
import { PartialFailure, Refusal } from "../../run/failures";
import type { Run } from "../../run/license-resource";
import { shownMistake } from "../../run/mistake";
import type { TenantGatewaySettings } from "../../settings";
import { readBack } from "../../time/read-back";
import { type Allocation, eachService, forEachKind, pathOf, type ServiceAllocations } from "./allocation";
import type { TenantInputs } from "./fields";
import { observeTenant } from "./observe";
import {
  type ObservedServices,
  planTenant,
  reductionsOf,
  refuseMissingTenant,
  removalTargets,
  type ServiceChange,
  type TenantPlan,
  toGatewayChange,
} from "./plan";
import { type TenantState, writeTenantState } from "./state";

/** The gateway and how to treat it. */
export interface TenantGatewaySystem {
  readonly api: TenantGateway;
  readonly settings: TenantGatewaySettings;
}

/** The one status that the gateway's page shows; any other is a failure of that service. */
const UPDATED = "updated";

const NO_SERVICES: ServiceAllocations = forEachKind(() => new Map());

/** What is to become of a tenant's services. */
export interface TenantWork {
  readonly tenantId: string;
  readonly declared: ServiceAllocations;
  /** Services that are no longer managed, under the policy that is to be applied to them. */
  readonly gone: readonly (readonly [ServiceKind, string])[];
  readonly policy: "retain" | "unlicense" | "restore";
  readonly allowBelowUse: boolean;
  readonly allowUnlisted: boolean;
}

/** What came of the work: what is there now, and each service that is not as wished, with the reason. */
export interface TenantOutcome {
  readonly before: ObservedServices;
  readonly after: ObservedServices;
  readonly failed: ReadonlyMap<string, string>;
}

/** The update was sent, and it failed, or what became of it is not known. */
class UpdateFailed extends Error {
  public constructor(
    message: string,
    public readonly before: ObservedServices,
    public readonly after: ObservedServices,
  ) {
    super(message);
  }
}

/**
 * Plans for a tenant as observed, sends one PUT of what differs, and reads back.
 * @throws {Refusal} before anything is sent, where a declared service is refused.
 */
export async function workOnTenant(
  system: TenantGatewaySystem,
  work: TenantWork,
  state: TenantState | undefined,
  before: ObservedServices,
  run: Run,
): Promise<TenantOutcome> {
  const plan = planWork(before, work, state);
  if (plan.refusals.length > 0) {
    throw new Refusal(plan.refusals);
  }
  const failed = new Map(
    plan.refusedRemovals.map((refusal) => [pathOf(refusal.kind, refusal.name), shownMistake(refusal)]),
  );
  if (plan.changes.length === 0) {
    return { before, after: before, failed };
  }
  await run.beforeWrite(reductionsOf(plan.changes));
  const results = await put(system, work, plan.changes, before, run);
  // What the gateway says that it has not done need not be waited for.
  const expected = plan.changes.filter(
    (change) => results === undefined || resultOf(change, results)?.status === UPDATED,
  );
  const after = await verify(system, work, expected, before, run);
  for (const [path, reason] of failures(plan.changes, results, after)) {
    failed.set(path, reason);
  }
  return { before, after, failed };
}

/** The plan for a piece of work; what `workOnTenant` does, and what preview shows. */
export function planWork(observed: ObservedServices, work: TenantWork, state: TenantState | undefined): TenantPlan {
  return planTenant(observed, {
    tenantId: work.tenantId,
    declared: work.declared,
    removed: removalTargets(work.policy, work.gone, state?.original ?? NO_SERVICES),
    applied: state?.services ?? NO_SERVICES,
    allowBelowUse: work.allowBelowUse,
    allowUnlisted: work.allowUnlisted,
  });
}

/**
 * Brings a tenant to what is declared and gives its state.
 * @throws {PartialFailure} naming each service that is not as declared, with the state of all.
 */
export async function applyTenant(
  system: TenantGatewaySystem,
  inputs: TenantInputs,
  work: TenantWork,
  state: TenantState | undefined,
  run: Run,
): Promise<TenantState> {
  let outcome: TenantOutcome;
  try {
    outcome = await workOnTenant(system, work, state, await observe(system, work.tenantId, run), run);
  } catch (error) {
    if (error instanceof UpdateFailed) {
      const reached = reachedState(inputs, work, state, error, new Set(allPaths(work)));
      throw new PartialFailure(error.message, writeTenantState(reached));
    }
    throw error;
  }
  const reached = reachedState(inputs, work, state, outcome, new Set(outcome.failed.keys()));
  if (outcome.failed.size > 0) {
    throw new PartialFailure(describeFailed(work.tenantId, outcome.failed), writeTenantState(reached));
  }
  return reached;
}

/** One message for all services of a tenant that are not as wished. */
export function describeFailed(tenantId: string, failed: ReadonlyMap<string, string>): string {
  const lines = [...failed.values()].map((reason) => `  ${reason}`);
  return `Tenant ${tenantId}: ${failed.size} service${failed.size === 1 ? " is" : "s are"} not as declared; all others are.\n${lines.join("\n")}`;
}

async function observe(system: TenantGatewaySystem, tenantId: string, run: Run): Promise<ObservedServices> {
  const observed = await observeTenant(system.api, tenantId, run.signal);
  if (observed === undefined) {
    throw new Refusal([refuseMissingTenant(tenantId, system.settings.baseUrl)]);
  }
  return observed;
}

/** What the gateway said of each service, or `undefined` where it did it but its answer could not be read. */
async function put(
  system: TenantGatewaySystem,
  work: TenantWork,
  changes: readonly ServiceChange[],
  before: ObservedServices,
  run: Run,
): Promise<GatewayResult[] | undefined> {
  try {
    return await system.api.putLicenses(work.tenantId, toGatewayChange(changes), run.signal);
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw new UpdateFailed(messageOf(error), before, before);
    }
    const after = await observe(system, work.tenantId, run).catch(() => undefined);
    if (after !== undefined && changes.every(({ kind, name, to }) => after[kind].get(name)?.allocation === to)) {
      run.warn(`${error.message} Reading back shows it done.`);
      return undefined;
    }
    const untouched =
      after === undefined || changes.every(({ kind, name, from }) => after[kind].get(name)?.allocation === from);
    if (saysNo(error) && untouched) {
      throw error;
    }
    throw new UpdateFailed(error.message, before, after ?? before);
  }
}

/** Whether an answer says that the update was not done. An earlier try of the same may have been, all the same. */
function saysNo({ status, lost }: ApiError): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && !lost;
}

async function verify(
  system: TenantGatewaySystem,
  work: TenantWork,
  expected: readonly ServiceChange[],
  before: ObservedServices,
  run: Run,
): Promise<ObservedServices> {
  const isSettled = (seen: ObservedServices): boolean =>
    expected.every(({ kind, name, to }) => (seen[kind].get(name)?.allocation ?? to) === to);
  try {
    return await readBack(() => observe(system, work.tenantId, run), isSettled, {
      clock: run.clock,
      signal: run.signal,
      timeoutMs: system.settings.verifyTimeoutMs,
    });
  } catch (error) {
    throw new UpdateFailed(`The update was sent, but could not be verified. ${messageOf(error)}`, before, before);
  }
}

function resultOf(
  change: Pick<ServiceChange, "kind" | "name">,
  results: readonly GatewayResult[],
): GatewayResult | undefined {
  return results.find(({ kind, name }) => kind === change.kind && name === change.name);
}

function failures(
  changes: readonly ServiceChange[],
  results: readonly GatewayResult[] | undefined,
  after: ObservedServices,
): Map<string, string> {
  const failed = new Map<string, string>();
  for (const { kind, name, from, to } of changes) {
    const path = pathOf(kind, name);
    const result = resultOf({ kind, name }, results ?? []);
    const now = after[kind].get(name)?.allocation;
    if (results !== undefined && result === undefined) {
      failed.set(
        path,
        `${path}: the gateway's answer leaves it out; it is ${now ?? "not listed"}, and was to be ${to}.`,
      );
    } else if (result !== undefined && result.status !== UPDATED) {
      failed.set(
        path,
        `${path}: the gateway says ${JSON.stringify(result.status)}; it is ${now ?? "not listed"}, and was to be ${to}.`,
      );
    } else if (now !== to && (now !== undefined || from !== undefined)) {
      failed.set(
        path,
        `${path}: the gateway says that it is updated, but it reads back as ${now ?? "not listed"}, and was to be ${to}.`,
      );
    }
  }
  return failed;
}

/** The state of every managed service as it is; services that could not be let go stay in it. */
function reachedState(
  inputs: TenantInputs,
  work: TenantWork,
  state: TenantState | undefined,
  { before, after }: { before: ObservedServices; after: ObservedServices },
  failed: ReadonlySet<string>,
): TenantState {
  const services = forEachKind(() => new Map<string, Allocation>());
  const original = forEachKind(() => new Map<string, Allocation>());
  const keep = (kind: ServiceKind, name: string, now: Allocation | undefined): void => {
    if (now !== undefined) {
      services[kind].set(name, now);
    }
    const first = state?.original[kind].get(name) ?? before[kind].get(name)?.allocation;
    if (first !== undefined) {
      original[kind].set(name, first);
    }
  };
  for (const [kind, name, declared] of eachService(work.declared)) {
    const listed = after[kind].get(name)?.allocation;
    // What the gateway does not list cannot be read back: it is as declared if it was taken.
    keep(kind, name, listed ?? (failed.has(pathOf(kind, name)) ? undefined : declared));
  }
  for (const [kind, name] of work.gone) {
    if (failed.has(pathOf(kind, name))) {
      keep(kind, name, after[kind].get(name)?.allocation ?? state?.services[kind].get(name));
    }
  }
  return {
    ...inputs,
    services,
    original,
  };
}

function allPaths(work: TenantWork): string[] {
  return [
    ...[...eachService(work.declared)].map(([kind, name]) => pathOf(kind, name)),
    ...work.gone.map(([kind, name]) => pathOf(kind, name)),
  ];
}
