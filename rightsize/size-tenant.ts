import type { DeclaredTenant } from "../fleet/check-tenant";
import {
  type Allocation,
  byKind,
  eachService,
  mostInUse,
  pathOf,
  type ServiceUse,
} from "../provider/resources/tenant-service-licenses/allocation";
import { withHeadroom } from "./headroom";
import type { Sizing, SizingOptions } from "./sizing";
import { useKey, type UseByKey } from "./use";

/** A size for each service of a tenant. */
export function sizesOfTenant(
  { name, inputs: { tenantId, services } }: DeclaredTenant,
  useByKey: UseByKey,
  options: SizingOptions,
): Sizing[] {
  return [...eachService(services)].map(([kind, service, declared]) => {
    const use = useByKey.get(useKey(tenantId, kind, service));
    const suggestion = suggestedAllocation(declared, use, options);
    return { kind: "tenant", id: tenantId, name, service: { kind, name: service }, declared, use, ...suggestion };
  });
}

function suggestedAllocation(
  declared: Allocation,
  use: ServiceUse | undefined,
  { headroom, includeUnlimited }: SizingOptions,
): Pick<Sizing, "suggested" | "kept"> {
  if (declared === "unlimited" && !includeUnlimited) {
    return { suggested: declared, kept: "unlimited" };
  }
  if (use === undefined) {
    return { suggested: declared, kept: "unknown use" };
  }
  if (declared === 0 && mostInUse(use) === 0) {
    // Not licensed on purpose: a headroom of 5 is none for it.
    return { suggested: declared, kept: "not licensed" };
  }
  return { suggested: withHeadroom(mostInUse(use), headroom), kept: undefined };
}

export function resizedTenant(
  tenant: DeclaredTenant,
  suggested: (property: string) => Allocation | undefined,
): DeclaredTenant {
  const services = byKind(
    (kind) =>
      new Map(
        [...tenant.inputs.services[kind]].map(([service, declared]) => [
          service,
          suggested(pathOf(kind, service)) ?? declared,
        ]),
      ),
  );
  return { ...tenant, inputs: { ...tenant.inputs, services } };
}
