import type { DeclaredTenant } from "../../fleet/check-tenant";
import type { ListedTenant } from "../inventory/tenants";
import { eachService, pathOf } from "../../provider/tenant/allocation";
import type { TenantGatewaySystem } from "../../provider/tenant/observe";
import { describeChanges, type ObservedServices, planTenant, refuseMissingTenant } from "../../provider/tenant/plan";
import { counted } from "../../provider/text/count";
import type { AssessedObject, Difference, UnmanagedObject } from "./assessment";

/** A declared tenant against what is there: a pure function, by the plan that `pulumi up` uses. */
export function assessTenant(
  { name, inputs }: DeclaredTenant,
  observed: ObservedServices | undefined,
  { settings }: TenantGatewaySystem,
): AssessedObject {
  const { tenantId, services } = inputs;
  const object = { kind: "tenant", id: tenantId, name } as const;
  if (observed === undefined) {
    return {
      ...object,
      differences: [{ property: null, declared: "present", actual: null }],
      calls: [],
      refusals: [refuseMissingTenant(tenantId, settings)],
    };
  }
  const allowUnlisted = inputs.allowUnlisted === true;
  const { changes, refusals } = planTenant(observed, {
    tenantId,
    declared: services,
    // What the gateway does not list counts as it was sent before.
    applied: services,
    allowBelowUse: inputs.allowBelowUse === true,
    allowUnlisted,
  });
  const differences = [...eachService(services)].flatMap(([kind, service, declared]): Difference[] => {
    const actual = observed[kind].get(service)?.allocation ?? null;
    return actual === declared || (actual === null && allowUnlisted)
      ? []
      : [{ property: pathOf(kind, service), declared, actual }];
  });
  return {
    ...object,
    differences,
    calls: refusals.length > 0 || changes.length === 0 ? [] : [describeChanges(changes)],
    refusals,
  };
}

/** A tenant that nothing declares, if any of its services is licensed. */
export function unmanagedTenant({ tenantId, name, type }: ListedTenant, observed: ObservedServices): UnmanagedObject[] {
  const licensed = [...eachService(observed)].filter(([, , { allocation }]) => allocation !== 0).length;
  const called = [name, type].filter((text) => text !== null && text !== "" && text !== tenantId);
  const holds = [...called, `${counted(licensed, "service")} licensed`].join(", ");
  return licensed === 0 ? [] : [{ kind: "tenant", id: tenantId, name: tenantId, holds }];
}
