import { isPlainObject } from "../../plain-object";
import { SERVICE_KINDS, type ServiceKind } from "../../apis/service-kinds";
import {
  type Comparison,
  type LicenseResource,
  type Preview,
  type Reading,
  refused,
  type Run,
} from "../../run/license-resource";
import type { Claim } from "../../run/claim";
import { isForgotten } from "../../run/unseen-write";
import { holdsUnknown, UNKNOWN_VALUE } from "../../run/unknowns";
import { type Properties } from "../../run/properties";
import { shownMistake, shownPath } from "../../run/mistake";
import { counted } from "../../text/count";
import { shown } from "../../text/shown";
import {
  type Allocation,
  byKind,
  eachService,
  NO_SERVICES,
  pathOf,
  type ServiceAllocations,
  type ServiceRef,
} from "./allocation";
import { applyTenant, MissingTenant, removeTenant, showsUpdate } from "./apply";
import { namesIn, secretsIn } from "../fields";
import { Seen } from "../seen";
import { claimOf } from "./claim";
import { checkTenant, readTenantInputs, tenantFields, type TenantInputs } from "./fields";
import { importTenant } from "./import";
import { observeTenant, type TenantGatewaySystem, TenantDirectory } from "./observe";
import {
  type DesiredTenant,
  type ObservedServices,
  planTenant,
  previewLines,
  problemOf,
  reductionsOf,
  refuseMissingTenant,
  refuseUnknownOwner,
  type UnknownOwner,
} from "./plan";
import { inputsOf, readTenantState, type TenantState, writeTenantState } from "./state";
import { TurnByTurn } from "./turn-by-turn";
import type { TenantWork } from "./update";

const LOCAL_INPUTS = namesIn(tenantFields, "local");

/** The service licences of one tenant of the gateway. */
export class TenantServiceLicensesLifecycle implements LicenseResource {
  public readonly typeName = "TenantServiceLicenses";
  public readonly system = "tenantGateway";
  public readonly secrets = secretsIn(tenantFields);
  private readonly turns = new TurnByTurn();
  private readonly seen = new Seen<ObservedServices | undefined>();
  private readonly list = new TenantDirectory();

  public constructor(private readonly gateway: () => TenantGatewaySystem) {}

  public check(raw: Properties): ReturnType<typeof checkTenant> {
    return checkTenant(raw);
  }

  public idOf(inputs: Properties): string {
    return String(inputs["tenantId"]);
  }

  public claims(inputs: Properties): Claim[] {
    const { tenantId } = inputs;
    const id = typeof tenantId === "string" && tenantId !== UNKNOWN_VALUE ? tenantId : null;
    return SERVICE_KINDS.flatMap((kind) => {
      const services = inputs[kind];
      const names = isPlainObject(services) ? Object.keys(services) : services === UNKNOWN_VALUE ? [null] : [];
      return names.map((name) => claimOf(id, kind, name));
    });
  }

  public compare(properties: Properties, inputs: Properties): Comparison {
    const state = readTenantState(properties);
    if (inputs["tenantId"] !== state.tenantId) {
      return { changes: "remote", replaces: ["tenantId"] };
    }
    if (holdsUnknown(inputs)) {
      return { changes: "remote", replaces: [] };
    }
    const desired = readTenantInputs(inputs);
    const gone = goneServices(state, desired.services);
    const differs = [...eachService(desired.services)].some(
      ([kind, name, to]) => state.services[kind].get(name) !== to,
    );
    const isToBeSent = gone.length > 0 && (desired.onServiceRemoved ?? "retain") !== "retain";
    // Whatever the inputs say, only a look at the gateway shows what became of the last update.
    if (differs || isToBeSent || state.unseen !== undefined) {
      return { changes: "remote", replaces: [] };
    }
    const local = gone.length > 0 || LOCAL_INPUTS.some((name) => state[name] !== desired[name]);
    return { changes: local ? "local" : "none", replaces: [] };
  }

  public async preview(properties: Properties, stateProperties: Properties | undefined, run: Run): Promise<Preview> {
    if (properties["tenantId"] === UNKNOWN_VALUE) {
      return refused([]);
    }
    const inputs = readTenantInputs(properties);
    const state = stateProperties === undefined ? undefined : readTenantState(stateProperties);
    if (stateProperties !== undefined && this.compare(stateProperties, properties).changes === "local") {
      return { refusals: [], lines: localLines(inputs, state), reductions: [] };
    }
    const observed = await this.look(inputs.tenantId, run);
    if (observed === undefined) {
      return refused([refuseMissingTenant(inputs.tenantId, this.gateway().settings)]);
    }
    // With services that are not known yet, which ones are gone is not known either.
    const gone = await this.gone(inputs, holdsUnknown(properties) ? undefined : state, run);
    const plan = planTenant(observed, {
      ...this.desired(inputs, state, gone),
      // Nothing is refused for want of a permission that may be given.
      allowBelowUse: inputs.allowBelowUse ?? holdsUnknown(properties["allowBelowUse"]),
      allowUnlisted: inputs.allowUnlisted ?? holdsUnknown(properties["allowUnlisted"]),
    });
    const refusals = [...plan.refusals, ...plan.refusedRemovals];
    const lines = [...previewLines(plan), ...elsewhereLines(gone)];
    if (plan.changes.length === 0 && refusals.length === 0) {
      if (state === undefined) {
        lines.push("nothing to send: adopts what is there");
      } else if (state.unseen !== undefined) {
        lines.push(
          showsUpdate(observed, state, state.unseen)
            ? "nothing to send: the last update, which could not be verified, is done"
            : "nothing to send: looks once more for the last update, which could not be verified",
        );
      }
    }
    return { refusals, lines, reductions: reductionsOf(plan.changes) };
  }

  public readAhead(tenantId: string, run: Run): void {
    // What goes wrong is told by the preview that uses it.
    this.look(tenantId, run).catch(() => undefined);
  }

  public async apply(properties: Properties, stateProperties: Properties | undefined, run: Run): Promise<Properties> {
    const inputs = readTenantInputs(properties);
    const state = stateProperties === undefined ? undefined : readTenantState(stateProperties);
    if (
      stateProperties !== undefined &&
      state !== undefined &&
      this.compare(stateProperties, properties).changes === "local"
    ) {
      return writeTenantState(withLocalInputs(state, inputs));
    }
    const gone = await this.gone(inputs, state, run);
    for (const line of elsewhereLines(gone)) {
      run.tell(line);
    }
    return this.turns.take(inputs.tenantId, async () =>
      writeTenantState(
        await applyTenant(this.workOn(inputs.tenantId, run), inputs, this.desired(inputs, state, gone), state),
      ),
    );
  }

  public async read(properties: Properties, run: Run): Promise<Reading | undefined> {
    const state = readTenantState(properties);
    const observed = await this.seen.note(state.tenantId, this.observe(state.tenantId, run));
    if (observed === undefined) {
      return undefined;
    }
    const unreadable = [...eachService(state.services)].flatMap(([kind, name]) => {
      const problem = problemOf(observed, kind, name);
      return problem === undefined ? [] : [`${shownPath([kind, name])}: ${shown(problem)}`];
    });
    if (unreadable.length > 0) {
      throw new Error(
        `What the gateway lists for tenant ${shown(state.tenantId)} cannot be read: ${unreadable.join("; ")}.`,
      );
    }
    const services = byKind((kind) => {
      const now = new Map<string, Allocation>();
      for (const [name, applied] of state.services[kind]) {
        const listed = observed[kind].get(name)?.allocation;
        const allocation = listed ?? (state.allowUnlisted === true ? applied : undefined);
        if (allocation !== undefined) {
          now.set(name, allocation);
        }
      }
      return now;
    });
    const isOver =
      state.unseen !== undefined &&
      (showsUpdate(observed, state, state.unseen) || isForgotten(state.unseen, run.clock.now()));
    const now = { ...state, services, unseen: isOver ? undefined : state.unseen };
    return { inputs: inputsOf(now), outputs: writeTenantState(now) };
  }

  public async find(id: string, run: Run): Promise<Reading | undefined> {
    const found = await importTenant(id, (tenantId) => this.observe(tenantId, run));
    return found === undefined ? undefined : { inputs: inputsOf(found), outputs: writeTenantState(found) };
  }

  public async remove(properties: Properties, run: Run): Promise<void> {
    const state = readTenantState(properties);
    const policy = state.onDestroy ?? "retain";
    const managed = goneServices(state, NO_SERVICES);
    if (policy === "retain") {
      run.tell(`left as they are: ${counted(managed.length, "service")} (onDestroy: retain)`);
      return;
    }
    const gone = await partitionByOwner(state.tenantId, managed, run);
    for (const line of elsewhereLines(gone)) {
      run.tell(line);
    }
    if (gone.unknown.size > 0 && !run.isReplacement) {
      throw new Error(
        [`${shown(state.tenantId)} stays in the stack, and nothing was removed:`, ...unknownLines(gone)].join("\n  "),
      );
    }
    for (const line of unknownLines(gone)) {
      run.warn(`left as it is: ${line}`);
    }
    if (gone.undeclared.length === 0) {
      return;
    }
    const desired: DesiredTenant = {
      tenantId: state.tenantId,
      declared: NO_SERVICES,
      removal: { services: gone.undeclared, policy, original: state.original },
      applied: NO_SERVICES,
      allowBelowUse: state.allowBelowUse === true,
      allowUnlisted: false,
    };
    await this.turns.take(state.tenantId, () => removeTenant(this.workOn(state.tenantId, run), desired, state));
  }

  private desired(inputs: TenantInputs, state: TenantState | undefined, gone: GoneServices): DesiredTenant {
    return {
      tenantId: inputs.tenantId,
      declared: inputs.services,
      removal: {
        services: gone.undeclared,
        unknown: gone.unknown,
        policy: inputs.onServiceRemoved ?? "retain",
        original: state?.original ?? NO_SERVICES,
      },
      applied: state?.services ?? NO_SERVICES,
      allowBelowUse: inputs.allowBelowUse === true,
      allowUnlisted: inputs.allowUnlisted === true,
    };
  }

  private async gone(inputs: TenantInputs, state: TenantState | undefined, run: Run): Promise<GoneServices> {
    const gone = state === undefined ? [] : goneServices(state, inputs.services);
    // What stays as it is may be declared by anybody.
    return (inputs.onServiceRemoved ?? "retain") === "retain"
      ? { undeclared: gone, elsewhere: [], unknown: new Map() }
      : partitionByOwner(inputs.tenantId, gone, run);
  }

  private look(tenantId: string, run: Run): Promise<ObservedServices | undefined> {
    return this.seen.look(tenantId, () => this.observe(tenantId, run));
  }

  /** The tenant, to be worked on: one that is gone is refused. */
  private workOn(tenantId: string, run: Run): TenantWork {
    const read = async (): Promise<ObservedServices> => {
      const observed = await this.observe(tenantId, run);
      if (observed === undefined) {
        throw new MissingTenant([refuseMissingTenant(tenantId, this.gateway().settings)]);
      }
      return observed;
    };
    return { system: this.gateway(), run, tenantId, read };
  }

  private observe(tenantId: string, run: Run): Promise<ObservedServices | undefined> {
    return observeTenant(this.gateway(), tenantId, this.list, run.signal);
  }
}

/** Services that are no longer managed here, by who else declares them. */
interface GoneServices {
  readonly undeclared: readonly ServiceRef[];
  /** Declared by another resource of the program, whose name comes last. */
  readonly elsewhere: readonly (readonly [...ServiceRef, by: string])[];
  /** Why it is not known whether one is declared elsewhere, by path. */
  readonly unknown: ReadonlyMap<string, UnknownOwner>;
}

/** Services that another resource of this program declares are left to that one. */
async function partitionByOwner(tenantId: string, gone: readonly ServiceRef[], run: Run): Promise<GoneServices> {
  const verdicts =
    gone.length === 0 ? [] : await run.whoDeclares(gone.map(([kind, name]) => claimOf(tenantId, kind, name)));
  const judged = gone.map(([kind, name], index) => ({ kind, name, verdict: verdicts[index] ?? { kind: "nobody" } }));
  return {
    undeclared: judged.flatMap(({ kind, name, verdict }) => (verdict.kind === "nobody" ? [[kind, name] as const] : [])),
    elsewhere: judged.flatMap(({ kind, name, verdict }) =>
      verdict.kind === "declared" ? [[kind, name, verdict.by] as const] : [],
    ),
    unknown: new Map(
      judged.flatMap(({ kind, name, verdict }) =>
        verdict.kind === "unknown" ? [[pathOf(kind, name), { kind, name, why: verdict.why }] as const] : [],
      ),
    ),
  };
}

function elsewhereLines({ elsewhere }: GoneServices): string[] {
  return elsewhere.length === 0
    ? []
    : [
        `left as they are, because this program declares them in another resource: ${elsewhere.map(([kind, name, by]) => `${shownPath([kind, name])} (${by})`).join(", ")}`,
      ];
}

function unknownLines({ unknown }: GoneServices): string[] {
  return [...unknown.values()].map((one) => shownMistake(refuseUnknownOwner(one)));
}

/** What preview shows of services that are no longer managed, from state alone: nothing is sent, so nothing is read. */
function localLines(inputs: TenantInputs, state: TenantState | undefined): string[] {
  const gone = state === undefined ? [] : goneServices(state, inputs.services);
  const kept = gone.map(([kind, name]) => ({ kind, name, allocation: state?.services[kind].get(name) }));
  return previewLines({ changes: [], kept });
}

/** Services that state manages and the program does not declare any more. */
function goneServices(state: TenantState, declared: ServiceAllocations): ServiceRef[] {
  return [...eachService(state.services)].flatMap(([kind, name]) =>
    declared[kind].has(name) ? [] : [[kind, name] as const],
  );
}

function withLocalInputs(state: TenantState, inputs: TenantInputs): TenantState {
  const managed = <T>(of: Readonly<Record<ServiceKind, ReadonlyMap<string, T>>>): Record<ServiceKind, Map<string, T>> =>
    byKind((kind) => new Map([...of[kind]].filter(([name]) => inputs.services[kind].has(name))));
  return {
    ...inputs,
    services: managed(state.services),
    original: managed(state.original),
  };
}
