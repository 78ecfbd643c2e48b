import type { GatewayAllocation, GatewayChange, GatewayLicenses } from "../systems/gateway/client";
import type { ServiceKind } from "../systems/gateway/service-kinds";
import { type Mistake, mistakeIn, mistakeInAll, shownPath } from "../resource/mistake";
import type { Reduction } from "../resource/license-resource";
import type { SystemAddress } from "../systems/settings";
import { nearest } from "../text/nearest";
import { shown } from "../text/shown";
import {
  type Allocation,
  byKind,
  eachService,
  fromGateway,
  leastInUse,
  pathOf,
  type ServiceAllocations,
  type ServiceRef,
  type ServiceUse,
  toGateway,
  useInWords,
} from "./allocation";
import type { RemovalPolicy } from "./fields";

/** A service as the gateway lists it. */
export interface ObservedService extends ServiceUse {
  readonly allocation: Allocation;
}

/** All listed services of a tenant. */
export type ObservedServices = Readonly<Record<ServiceKind, ReadonlyMap<string, ObservedService>>> & {
  /** What is wrong with each row that cannot be read, by path, which ends with the dot where it has no name; absent where there is none. */
  readonly odd?: ReadonlyMap<string, string>;
  /** Why a service that is not listed may be licensed all the same; absent where it is not. */
  readonly gap?: string;
};

/** A service that is to change. */
export interface ServiceChange {
  readonly kind: ServiceKind;
  readonly name: string;
  /** `undefined` where the gateway does not list the service. */
  readonly from: Allocation | undefined;
  readonly to: Allocation;
  /** Licences in use now, at least. */
  readonly used: number;
  /** The policy that changes it, where the service is no longer managed. */
  readonly removal?: RemovalPolicy;
}

/** A service of which it is not known whether another resource of the program declares it. */
export interface UnknownOwner {
  readonly kind: ServiceKind;
  readonly name: string;
  readonly why: string;
}

/** What becomes of services that are no longer managed. */
export interface Removal {
  /** Those that nothing in the program declares. */
  readonly services: readonly ServiceRef[];
  /** Those that something may declare, by path: they stay as they are. */
  readonly unknown?: ReadonlyMap<string, UnknownOwner>;
  readonly policy: RemovalPolicy;
  /** What each service held when it was first managed. */
  readonly original: ServiceAllocations;
}

/** What a tenant is to hold, and what is allowed on the way. */
export interface DesiredTenant {
  readonly tenantId: string;
  readonly declared: ServiceAllocations;
  readonly removal?: Removal;
  /** What state says was applied: it stands for services that the gateway does not list. */
  readonly applied: ServiceAllocations;
  readonly allowBelowUse: boolean;
  readonly allowUnlisted: boolean;
}

/** What to send and what is refused. Declared services that are refused stop everything; removed ones only themselves. */
export interface TenantPlan {
  readonly refusals: readonly Mistake[];
  readonly changes: readonly ServiceChange[];
  readonly refusedRemovals: readonly (Mistake & { readonly kind: ServiceKind; readonly name: string })[];
  /** Services that are no longer managed and stay as they are. */
  readonly kept: readonly KeptService[];
}

/** A service that is no longer managed and stays as it is; `undefined` where the gateway does not list it. */
interface KeptService {
  readonly kind: ServiceKind;
  readonly name: string;
  readonly allocation: Allocation | undefined;
}

/** The plan for a tenant: a pure function of observed and desired. Group services first, by code point. */
export function planTenant(observed: ObservedServices, desired: DesiredTenant): TenantPlan {
  const { refusals, changes } = planDeclared(observed, desired);
  const removed = planRemoval(observed, desired);
  return { ...removed, refusals, changes: [...changes, ...removed.changes] };
}

/** Why it is not known what a service holds: its row cannot be read, or it is not listed, but a row without a name may be it or the list has a gap. */
export function problemOf(observed: ObservedServices, kind: ServiceKind, name: string): string | undefined {
  const { odd, gap } = observed;
  const isListed = observed[kind].has(name);
  return odd?.get(pathOf(kind, name)) ?? (isListed ? undefined : (odd?.get(pathOf(kind, "")) ?? gap));
}

function planDeclared(
  observed: ObservedServices,
  { tenantId, declared, applied, allowBelowUse, allowUnlisted }: DesiredTenant,
): Pick<TenantPlan, "refusals" | "changes"> {
  const refusals: Mistake[] = [];
  const changes: ServiceChange[] = [];
  for (const [kind, name, to] of eachService(declared)) {
    const service = observed[kind].get(name);
    const problem = problemOf(observed, kind, name);
    if (problem !== undefined) {
      refusals.push(refuseOdd(kind, name, problem));
    } else if (service === undefined) {
      if (!allowUnlisted) {
        refusals.push(refuseUnlisted(observed, tenantId, kind, name));
      } else if (applied[kind].get(name) !== to) {
        changes.push({ kind, name, from: undefined, to, used: 0 });
      }
    } else if (service.allocation !== to) {
      if (isBelowUse(to, service) && !allowBelowUse) {
        refusals.push(refuseBelowUse(kind, name, to, service));
      } else {
        changes.push({ kind, name, from: service.allocation, to, used: leastInUse(service) });
      }
    }
  }
  return { refusals, changes };
}

function planRemoval(
  observed: ObservedServices,
  { removal, allowBelowUse }: DesiredTenant,
): Omit<TenantPlan, "refusals"> {
  const changes: ServiceChange[] = [];
  const refusedRemovals: (Mistake & { kind: ServiceKind; name: string })[] = [
    ...(removal?.unknown?.values() ?? []),
  ].map((one) => ({ ...refuseUnknownOwner(one), kind: one.kind, name: one.name }));
  const kept: KeptService[] = [];
  const label = labelsOf(removal?.services.map(([kind, name]) => ({ kind, name })) ?? []);
  for (const [kind, name] of removal?.services ?? []) {
    const service = observed[kind].get(name);
    const problem = problemOf(observed, kind, name);
    const to = removal === undefined ? undefined : removalTarget(removal, kind, name);
    if (to !== undefined && problem !== undefined) {
      refusedRemovals.push({ ...refuseOdd(kind, name, problem), kind, name });
    } else if (to === undefined || service === undefined || service.allocation === to) {
      // A service that the gateway no longer lists needs no removal.
      kept.push({ kind, name, allocation: service?.allocation });
    } else if (isBelowUse(to, service) && !allowBelowUse) {
      refusedRemovals.push({ ...refuseRemoval(label({ kind, name }), to, service), kind, name });
    } else {
      changes.push({
        kind,
        name,
        from: service.allocation,
        to,
        used: leastInUse(service),
        removal: removal?.policy ?? "retain",
      });
    }
  }
  return { changes, refusedRemovals, kept };
}

/**
 * What a service that is no longer managed is set to: nothing under `retain`, 0 under `unlicense`, what was found first under `restore`
 * (a service of which that is not known stays as it is).
 */
function removalTarget({ policy, original }: Removal, kind: ServiceKind, name: string): Allocation | undefined {
  return policy === "unlicense" ? 0 : policy === "restore" ? original[kind].get(name) : undefined;
}

/** The gateway's list as the plan sees it. */
export function toObserved({ odd, gap, ...licenses }: GatewayLicenses): ObservedServices {
  const services = byKind(
    (kind) =>
      new Map(
        licenses[kind].map((service) => [
          service.name,
          {
            allocation: fromGateway(service.allocated),
            inUse: service.currentlyAllocated ?? 0,
            inPacks: service.packsAllocated ?? 0,
          },
        ]),
      ),
  );
  return {
    ...services,
    ...(odd.length === 0 ? {} : { odd: new Map(odd.map(({ kind, name, problem }) => [pathOf(kind, name), problem])) }),
    ...(gap === undefined ? {} : { gap }),
  };
}

/** The body of the PUT: only what differs, group services before user services, an empty kind left out. */
export function toGatewayChange(changes: readonly ServiceChange[]): GatewayChange {
  const sorted = byKind(
    (kind) => new Map(changes.filter((change) => change.kind === kind).map(({ name, to }) => [name, to])),
  );
  const bodies = byKind((): { name: string; allocated: GatewayAllocation }[] => []);
  for (const [kind, name, to] of eachService(sorted)) {
    bodies[kind].push({ name, allocated: toGateway(to) });
  }
  return {
    ...(bodies.groupServices.length === 0 ? {} : { groupServices: bodies.groupServices }),
    ...(bodies.userServices.length === 0 ? {} : { userServices: bodies.userServices }),
  };
}

/** A PUT in one line: `PUT Hunt Group 3 → unlimited, Call Pickup 5 → 0 (removed, unlicense)`. */
export function describeChanges(changes: readonly ServiceChange[]): string {
  return describePut(changes, labelsOf(changes));
}

/** What preview shows: what is sent for declared services, then a line for each that is no longer managed. */
export function previewLines({ changes, kept }: Pick<TenantPlan, "changes" | "kept">): string[] {
  const label = labelsOf([...changes, ...kept]);
  const declared = changes.filter(({ removal }) => removal === undefined);
  return [
    ...(declared.length === 0 ? [] : [describePut(declared, label)]),
    ...changes.filter(({ removal }) => removal !== undefined).map((change) => describePut([change], label)),
    ...kept.map((service) => {
      const where = service.allocation === undefined ? "not listed by the gateway" : `stays at ${service.allocation}`;
      return `${label(service)}: no longer managed, ${where}`;
    }),
  ];
}

type Label = (service: { readonly kind: ServiceKind; readonly name: string }) => string;

/** How services are named in one text: with their kind only where one name is of both. */
function labelsOf(services: readonly { readonly kind: ServiceKind; readonly name: string }[]): Label {
  const names = byKind((kind) => new Set(services.filter((one) => one.kind === kind).map(({ name }) => name)));
  return ({ kind, name }) =>
    names.groupServices.has(name) && names.userServices.has(name)
      ? `${shown(name)} (${kind === "groupServices" ? "group" : "user"})`
      : shown(name);
}

function describePut(changes: readonly ServiceChange[], label: Label): string {
  const parts = changes.map((change) => {
    const { from, to, removal } = change;
    return `${label(change)} ${from ?? "not listed"} → ${to}${removal === undefined ? "" : ` (removed, ${removal})`}`;
  });
  return `PUT ${parts.join(", ")}`;
}

/** What changes take away. A service that the gateway does not list has nothing to lose. */
export function reductionsOf(changes: readonly ServiceChange[]): Reduction[] {
  return changes
    .filter(({ from, to }) => from !== undefined && size(to) < size(from))
    .map(({ kind, name, from, to, used }) => ({
      property: shownPath([kind, name]),
      change: `${from ?? 0} → ${to}`,
      // Of an unlimited service, what is in use is all that can be counted.
      units: Math.max(1, (typeof from === "number" ? from : used) - Math.min(size(to), Number.MAX_SAFE_INTEGER)),
    }));
}

function size(allocation: Allocation): number {
  return allocation === "unlimited" ? Infinity : allocation;
}

/** Refuses a tenant that does not exist. */
export function refuseMissingTenant(
  tenantId: string,
  { baseUrl, baseUrlKey }: Pick<SystemAddress, "baseUrl" | "baseUrlKey">,
): Mistake {
  return mistakeIn(
    "tenantId",
    `there is no tenant ${shown(tenantId)} on the gateway (${baseUrl}): check tenantId and ${baseUrlKey}.`,
  );
}

function isBelowUse(to: Allocation, service: ObservedService): boolean {
  return to !== "unlimited" && to < leastInUse(service);
}

function refuseBelowUse(kind: ServiceKind, name: string, to: Allocation, use: ServiceUse): Mistake {
  return {
    property: "",
    path: [kind, name],
    message: `${to} is below the ${useInWords(use, "allocated now")}: declare ${leastInUse(use)} or more, free some, or set allowBelowUse.`,
  };
}

function refuseRemoval(label: string, to: Allocation, use: ServiceUse): Mistake {
  const used = useInWords(use, "in use");
  const effect = to === 0 ? `unlicense ${used}` : `restore ${to}, which is below the ${used}`;
  return mistakeInAll(`removing ${label} would ${effect}: free them, keep it, or use retain`);
}

/** Leaves as it is what may be declared elsewhere. */
export function refuseUnknownOwner({ kind, name, why }: UnknownOwner): Mistake {
  return {
    property: "",
    path: [kind, name],
    message: `stays as it is, because another resource of the program may declare it: ${why}`,
  };
}

function refuseOdd(kind: ServiceKind, name: string, problem: string): Mistake {
  return {
    property: "",
    path: [kind, name],
    message: `what the gateway lists for this service cannot be read: ${shown(problem)}`,
  };
}

function refuseUnlisted(observed: ObservedServices, tenantId: string, kind: ServiceKind, name: string): Mistake {
  const other: ServiceKind = kind === "groupServices" ? "userServices" : "groupServices";
  const alike = nearest(name, [...observed[kind].keys()]);
  const fix = observed[other].has(name)
    ? `it is one of ${other}`
    : alike.length > 0
      ? `did you mean ${alike.map((one) => shown(one)).join(" or ")}?`
      : "check its name";
  return {
    property: "",
    path: [kind, name],
    message: `the gateway does not list this service for tenant ${shown(tenantId)}: ${fix} (allowUnlisted sends it all the same)`,
  };
}
