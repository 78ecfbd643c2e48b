import { type Preview, refused, type Run } from "../resource/license-resource";
import { isForgotten } from "../resource/unseen-write";
import { holdsUnknown } from "../resource/unknowns";
import type { Properties } from "../resource/properties";
import { shownMistake, shownPath } from "../resource/mistake";
import { counted } from "../text/count";
import { shown } from "../text/shown";
import {
  type Allocation,
  byKind,
  claimOf,
  eachService,
  NO_SERVICES,
  pathOf,
  type ServiceAllocations,
  type ServiceRef,
} from "./allocation";
import { applyTenant, MissingTenant, removeTenant, showsUpdate } from "./apply";
import { Seen } from "../resource/seen";
import { readTenantInputs, tenantFields, type TenantInputs } from "./fields";
import { observeTenant, TenantDirectory, type TenantGatewaySystem } from "./observe";
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
import type { TenantState } from "./state";
import { TurnByTurn } from "../resource/turn-by-turn";
import type { TenantWork } from "./update";

/** The tenants of the gateway, as one process reads and writes them. */
export class Tenants {
  private readonly turns = new TurnByTurn();
  private readonly seen = new Seen<ObservedServices | undefined>();
  private readonly list = new TenantDirectory();

  public constructor(private readonly gateway: () => TenantGatewaySystem) {}

  public async preview(properties: Properties, state: TenantState | undefined, run: Run): Promise<Preview> {
    const inputs = readTenantInputs(properties);
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

  public async apply(inputs: TenantInputs, state: TenantState | undefined, run: Run): Promise<TenantState> {
    const gone = await this.gone(inputs, state, run);
    for (const line of elsewhereLines(gone)) {
      run.tell(line);
    }
    return this.turns.take(inputs.tenantId, () =>
      applyTenant(this.workOn(inputs.tenantId, run), inputs, this.desired(inputs, state, gone), state),
    );
  }

  public async read(state: TenantState, run: Run): Promise<TenantState | undefined> {
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
    return { ...state, services, unseen: isOver ? undefined : state.unseen };
  }

  public async remove(state: TenantState, run: Run): Promise<void> {
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

  public look(tenantId: string, run: Run): Promise<ObservedServices | undefined> {
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

  public observe(tenantId: string, run: Run): Promise<ObservedServices | undefined> {
    return observeTenant(this.gateway(), tenantId, this.list, run.signal);
  }
}

/**
 * What an import takes over of the tenant with this id: every service that is licensed.
 * @returns `undefined` where there is no such tenant.
 * @throws where none of its services is licensed.
 */
export async function importTenant(
  id: string,
  observe: (tenantId: string) => Promise<ObservedServices | undefined>,
): Promise<TenantState | undefined> {
  const tenantId = tenantFields.tenantId.safeParse(id);
  if (!tenantId.success) {
    throw new Error(`The id of a TenantServiceLicenses ${tenantId.error.issues[0]?.message ?? ""}.`);
  }
  const observed = await observe(tenantId.data);
  if (observed === undefined) {
    return undefined;
  }
  const services = byKind(
    (kind) =>
      new Map<string, Allocation>(
        [...observed[kind]].flatMap(([name, { allocation }]) => (allocation === 0 ? [] : [[name, allocation]])),
      ),
  );
  if (services.groupServices.size + services.userServices.size === 0) {
    throw new Error(`None of tenant ${tenantId.data}'s services is licensed: there is nothing to import.`);
  }
  return { tenantId: tenantId.data, services, original: services };
}

/** Services that are no longer managed here, by who else declares them. */
export interface GoneServices {
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

/** Services that state manages and the program does not declare any more. */
export function goneServices(state: TenantState, declared: ServiceAllocations): ServiceRef[] {
  return [...eachService(state.services)].flatMap(([kind, name]) =>
    declared[kind].has(name) ? [] : [[kind, name] as const],
  );
}
