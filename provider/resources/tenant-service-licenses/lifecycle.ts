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
import { holdsUnknown, UNKNOWN_VALUE } from "../../run/unknowns";
import { type Properties } from "../../run/properties";
import { type Allocation, eachService, forEachKind, pathOf, type ServiceAllocations } from "./allocation";
import {
  applyTenant,
  describeFailed,
  planWork,
  type TenantGatewaySystem,
  type TenantWork,
  workOnTenant,
} from "./apply";
import { checkTenant, readTenantInputs, tenantFields, type TenantInputs } from "./fields";
import { namesIn } from "../fields";
import { claimOf } from "./claim";
import { importTenant } from "./import";
import { observeTenant } from "./observe";
import { describeChanges, type ObservedServices, reductionsOf, refuseMissingTenant } from "./plan";
import { inputsOf, readTenantState, type TenantState, writeTenantState } from "./state";
import { TurnByTurn } from "./turn-by-turn";

const LOCAL_INPUTS = namesIn(tenantFields, "local");

/** The service licences of one tenant of the gateway. */
export class TenantServiceLicensesLifecycle implements LicenseResource {
  public readonly typeName = "TenantServiceLicenses";
  private readonly turns = new TurnByTurn();
  /** What refresh or preview has read in this run, so that preview reads no tenant twice; never used for a write. */
  private readonly seen = new Map<string, Promise<ObservedServices | undefined>>();

  public constructor(private readonly system: () => TenantGatewaySystem) {}

  public check(raw: Properties): ReturnType<typeof checkTenant> {
    return checkTenant(raw);
  }

  public idOf(inputs: Properties): string {
    return String(inputs["tenantId"]);
  }

  public claims(inputs: Properties): string[] {
    const tenantId = inputs["tenantId"];
    if (typeof tenantId !== "string" || tenantId === UNKNOWN_VALUE) {
      return [];
    }
    return SERVICE_KINDS.flatMap((kind) => {
      const services = inputs[kind];
      return isPlainObject(services) ? Object.keys(services).map((name) => claimOf(tenantId, kind, name)) : [];
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
    const wanted = readTenantInputs(inputs);
    const gone = goneServices(state, wanted.services);
    const differs = [...eachService(wanted.services)].some(([kind, name, to]) => state.services[kind].get(name) !== to);
    if (differs || (gone.length > 0 && (wanted.onServiceRemoved ?? "retain") !== "retain")) {
      return { changes: "remote", replaces: [] };
    }
    const local = gone.length > 0 || LOCAL_INPUTS.some((name) => state[name] !== wanted[name]);
    return { changes: local ? "local" : "none", replaces: [] };
  }

  public async preview(properties: Properties, stateProperties: Properties | undefined, run: Run): Promise<Preview> {
    if (properties["tenantId"] === UNKNOWN_VALUE) {
      return refused([]);
    }
    const inputs = readTenantInputs(properties);
    const state = stateProperties === undefined ? undefined : readTenantState(stateProperties);
    const observed = await this.look(inputs.tenantId, run);
    if (observed === undefined) {
      return refused([refuseMissingTenant(inputs.tenantId, this.system().settings.baseUrl)]);
    }
    // With services that are not known yet, which ones are gone is not known either.
    const work = {
      ...this.work(inputs, holdsUnknown(properties) ? undefined : state, run),
      // Nothing is refused for want of a permission that may be given.
      allowBelowUse: inputs.allowBelowUse ?? holdsUnknown(properties["allowBelowUse"]),
      allowUnlisted: inputs.allowUnlisted ?? holdsUnknown(properties["allowUnlisted"]),
    };
    const plan = planWork(observed, work, state);
    const refusals = [...plan.refusals, ...plan.refusedRemovals];
    if (plan.changes.length > 0) {
      return { refusals, lines: [describeChanges(plan.changes)], reductions: reductionsOf(plan.changes) };
    }
    return { refusals, lines: state === undefined ? ["nothing to send: adopts what is there"] : [], reductions: [] };
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
    const work = this.work(inputs, state, run);
    return this.turns.take(inputs.tenantId, async () =>
      writeTenantState(await applyTenant(this.system(), inputs, work, state, run)),
    );
  }

  public async read(properties: Properties, run: Run): Promise<Reading | undefined> {
    const state = readTenantState(properties);
    const reading = this.observe(state.tenantId, run);
    this.seen.set(state.tenantId, reading);
    const observed = await reading;
    if (observed === undefined) {
      return undefined;
    }
    const services = forEachKind((kind) => {
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
    const now = { ...state, services };
    return { inputs: inputsOf(now), outputs: writeTenantState(now) };
  }

  public async find(id: string, run: Run): Promise<Reading | undefined> {
    const found = await importTenant(id, (tenantId) => this.observe(tenantId, run));
    return found === undefined ? undefined : { inputs: inputsOf(found), outputs: writeTenantState(found) };
  }

  public async remove(properties: Properties, run: Run): Promise<void> {
    const state = readTenantState(properties);
    const policy = state.onDestroy ?? "retain";
    if (policy === "retain") {
      return;
    }
    const gone = this.notClaimedElsewhere(state.tenantId, goneServices(state, NO_SERVICES), run);
    if (gone.length === 0) {
      return;
    }
    await this.turns.take(state.tenantId, async () => {
      const before = await this.observe(state.tenantId, run);
      if (before === undefined) {
        return;
      }
      const work: TenantWork = {
        tenantId: state.tenantId,
        declared: NO_SERVICES,
        gone,
        policy,
        allowBelowUse: state.allowBelowUse === true,
        allowUnlisted: false,
      };
      const { failed } = await workOnTenant(this.system(), work, state, before, run);
      if (failed.size > 0) {
        throw new Error(describeFailed(state.tenantId, failed));
      }
    });
  }

  private work(inputs: TenantInputs, state: TenantState | undefined, run: Run): TenantWork {
    return {
      tenantId: inputs.tenantId,
      declared: inputs.services,
      gone:
        state === undefined ? [] : this.notClaimedElsewhere(inputs.tenantId, goneServices(state, inputs.services), run),
      policy: inputs.onServiceRemoved ?? "retain",
      allowBelowUse: inputs.allowBelowUse === true,
      allowUnlisted: inputs.allowUnlisted === true,
    };
  }

  /** Services that another resource of this program declares are that one's business. */
  private notClaimedElsewhere(
    tenantId: string,
    gone: readonly (readonly [ServiceKind, string])[],
    run: Run,
  ): (readonly [ServiceKind, string])[] {
    const elsewhere = gone.filter(([kind, name]) => run.isClaimed(claimOf(tenantId, kind, name)));
    if (elsewhere.length > 0) {
      const paths = elsewhere.map(([kind, name]) => pathOf(kind, name)).join(", ");
      run.tell(`left as they are, because this program declares them in another resource: ${paths}`);
    }
    return gone.filter((service) => !elsewhere.includes(service));
  }

  private look(tenantId: string, run: Run): Promise<ObservedServices | undefined> {
    const seen = this.seen.get(tenantId) ?? this.observe(tenantId, run);
    this.seen.set(tenantId, seen);
    return seen;
  }

  private async observe(tenantId: string, run: Run): Promise<ObservedServices | undefined> {
    return observeTenant(this.system().api, tenantId, run.signal);
  }
}

const NO_SERVICES: ServiceAllocations = forEachKind(() => new Map());

/** Services that state manages and the program does not declare any more. */
function goneServices(state: TenantState, declared: ServiceAllocations): (readonly [ServiceKind, string])[] {
  return [...eachService(state.services)].flatMap(([kind, name]) =>
    declared[kind].has(name) ? [] : [[kind, name] as const],
  );
}

function withLocalInputs(state: TenantState, inputs: TenantInputs): TenantState {
  const managed = <T>(of: Readonly<Record<ServiceKind, ReadonlyMap<string, T>>>): Record<ServiceKind, Map<string, T>> =>
    forEachKind((kind) => new Map([...of[kind]].filter(([name]) => inputs.services[kind].has(name))));
  return {
    ...inputs,
    services: managed(state.services),
    original: managed(state.original),
  };
}
