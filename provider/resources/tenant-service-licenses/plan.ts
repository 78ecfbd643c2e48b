import type { GatewayAllocation, GatewayChange, GatewayLicenses } from "../../apis/tenant-gateway";
import type { ServiceKind } from "../../apis/service-kinds";
import { type Mistake, mistakeIn } from "../../run/mistake";
import type { Reduction } from "../../run/license-resource";
import { nearest } from "../../text/nearest";
import {
  type Allocation,
  eachService,
  forEachKind,
  fromGateway,
  pathOf,
  type ServiceAllocations,
  toGateway,
} from "./allocation";
import type { RemovalPolicy } from "./arguments";

/** A service as the gateway lists it. */
export interface ObservedService {
  readonly allocation: Allocation;
  /** Licences in use now. */
  readonly inUse: number;
}

/** All listed services of a tenant. */
export type ObservedServices = Readonly<Record<ServiceKind, ReadonlyMap<string, ObservedService>>>;

/** A service that is to change. */
export interface ServiceChange {
  readonly kind: ServiceKind;
  readonly name: string;
  /** `undefined` where the gateway does not list the service. */
  readonly from: Allocation | undefined;
  readonly to: Allocation;
}

/** What is declared, what is no longer, and what is allowed. */
export interface TenantWish {
  readonly tenantId: string;
  readonly declared: ServiceAllocations;
  /** What to set services to that are no longer managed. */
  readonly removed: ServiceAllocations;
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
}

/** The plan for a tenant: a pure function of what is there and what is wished. Group services first, by code point. */
export function planTenant(observed: ObservedServices, wish: TenantWish): TenantPlan {
  const refusals: Mistake[] = [];
  const refusedRemovals: (Mistake & { kind: ServiceKind; name: string })[] = [];
  const changes: ServiceChange[] = [];

  for (const [kind, name, to] of eachService(wish.declared)) {
    const service = observed[kind].get(name);
    if (service === undefined) {
      if (!wish.allowUnlisted) {
        refusals.push(refuseUnlisted(observed, wish.tenantId, kind, name));
      } else if (wish.applied[kind].get(name) !== to) {
        changes.push({ kind, name, from: undefined, to });
      }
    } else if (service.allocation !== to) {
      if (isBelowUse(to, service) && !wish.allowBelowUse) {
        refusals.push(refuseBelowUse(kind, name, to, service));
      } else {
        changes.push({ kind, name, from: service.allocation, to });
      }
    }
  }
  for (const [kind, name, to] of eachService(wish.removed)) {
    const service = observed[kind].get(name);
    // A service that the gateway no longer lists needs no removal.
    if (service !== undefined && service.allocation !== to) {
      if (isBelowUse(to, service) && !wish.allowBelowUse) {
        refusedRemovals.push({ ...refuseBelowUse(kind, name, to, service), kind, name });
      } else {
        changes.push({ kind, name, from: service.allocation, to });
      }
    }
  }
  return { refusals, changes, refusedRemovals };
}

/**
 * What services that are no longer managed are to be set to: nothing under `retain`, 0 under `unlicense`, what was found first under
 * `restore` (a service of which that is not known is left as it is).
 */
export function removalTargets(
  policy: RemovalPolicy,
  gone: readonly (readonly [ServiceKind, string])[],
  original: ServiceAllocations,
): ServiceAllocations {
  const targets = forEachKind(() => new Map<string, Allocation>());
  for (const [kind, name] of gone) {
    const to = policy === "unlicense" ? 0 : policy === "restore" ? original[kind].get(name) : undefined;
    if (to !== undefined) {
      targets[kind].set(name, to);
    }
  }
  return targets;
}

/** The gateway's list as the plan sees it. */
export function toObserved(licenses: GatewayLicenses): ObservedServices {
  return forEachKind(
    (kind) =>
      new Map(
        licenses[kind].map((service) => [
          service.name,
          { allocation: fromGateway(service.allocated), inUse: service.currentlyAllocated ?? 0 },
        ]),
      ),
  );
}

/** The body of the PUT: only what differs, group services before user services, an empty kind left out. */
export function toGatewayChange(changes: readonly ServiceChange[]): GatewayChange {
  const sorted = forEachKind(
    (kind) => new Map(changes.filter((change) => change.kind === kind).map(({ name, to }) => [name, to])),
  );
  const bodies = forEachKind((): { name: string; allocated: GatewayAllocation }[] => []);
  for (const [kind, name, to] of eachService(sorted)) {
    bodies[kind].push({ name, allocated: toGateway(to) });
  }
  return {
    ...(bodies.groupServices.length === 0 ? {} : { groupServices: bodies.groupServices }),
    ...(bodies.userServices.length === 0 ? {} : { userServices: bodies.userServices }),
  };
}

/** The line that preview shows: `PUT Hunt Group 3 → unlimited, Call Pickup 0 → 5`. */
export function describeChanges(changes: readonly ServiceChange[]): string {
  const inBothKinds = (name: string): boolean =>
    new Set(changes.filter((change) => change.name === name).map(({ kind }) => kind)).size > 1;
  const parts = changes.map(({ kind, name, from, to }) => {
    const which = inBothKinds(name) ? ` (${kind === "groupServices" ? "group" : "user"})` : "";
    return `${name}${which} ${from ?? "not listed"} → ${to}`;
  });
  return `PUT ${parts.join(", ")}`;
}

/** What changes take away. A service that the gateway does not list has nothing to lose. */
export function reductionsOf(changes: readonly ServiceChange[]): Reduction[] {
  return changes
    .filter(({ from, to }) => from !== undefined && size(to) < size(from))
    .map(({ kind, name, from, to }) => ({
      property: pathOf(kind, name),
      change: `${from ?? 0} → ${to}`,
      units: typeof from === "number" && typeof to === "number" ? from - to : 1,
    }));
}

function size(allocation: Allocation): number {
  return allocation === "unlimited" ? Infinity : allocation;
}

/** Refuses a tenant that is not there. */
export function refuseMissingTenant(tenantId: string, baseUrl: string): Mistake {
  return mistakeIn(
    "tenantId",
    `there is no tenant ${tenantId} on the gateway (${baseUrl}): check tenantId and tenantGateway:baseUrl.`,
  );
}

function isBelowUse(to: Allocation, service: ObservedService): boolean {
  return to !== "unlimited" && to < service.inUse;
}

function refuseBelowUse(kind: ServiceKind, name: string, to: Allocation, { inUse }: ObservedService): Mistake {
  return {
    property: "",
    path: [kind, name],
    message: `${to} is below the ${inUse} allocated now: declare ${inUse} or more, free some, or set allowBelowUse.`,
  };
}

function refuseUnlisted(observed: ObservedServices, tenantId: string, kind: ServiceKind, name: string): Mistake {
  const other: ServiceKind = kind === "groupServices" ? "userServices" : "groupServices";
  const alike = nearest(name, [...observed[kind].keys()]);
  const fix = observed[other].has(name)
    ? `it is one of ${other}`
    : alike.length > 0
      ? `did you mean ${alike.join(" or ")}?`
      : "check its name";
  return {
    property: "",
    path: [kind, name],
    message: `the gateway does not list this service for tenant ${tenantId}: ${fix} (allowUnlisted sends it all the same)`,
  };
}
