import { z } from "zod";
import { SERVICE_KINDS, type ServiceKind } from "../../provider/systems/gateway/service-kinds";
import type { Allocation, ServiceRef, ServiceUse } from "../../provider/tenant/allocation";

const allocation = z.union([z.literal("unlimited"), z.number().int().nonnegative()]);
const count = z.number().int().nonnegative();
const services = z.array(z.tuple([z.string(), allocation, count, count.optional()]));

/** One look at all that is licensed or in use: a line of the history. */
const recordForm = z.object({
  version: z.literal(1),
  /** When, ISO 8601. */
  at: z.iso.datetime(),
  /** Whether its tenants are all that the gateway lists, or some that were named. */
  scope: z.enum(["all", "named"]),
  /** GUID, licensed users, licences in use. */
  customers: z.array(z.tuple([z.string(), count.nullable(), count])),
  /** Each with its services: name, allocated, in use and, where service packs hand out any, in packs. */
  tenants: z.array(z.object({ id: z.string(), groupServices: services, userServices: services })),
});

/** One look at the use of licences, as a line of the history holds it. */
export type UsageRecord = z.infer<typeof recordForm>;

/** Reads a line of the history; `undefined` where it is none of this version. */
export function parseRecord(line: string): UsageRecord | undefined {
  try {
    const parsed = recordForm.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** What is in use of an object, or of one of its services. */
type RecordedUse = readonly [id: string, service: readonly [] | ServiceRef, use: ServiceUse];

/** All that is in use in a look. */
export function usesOf(record: UsageRecord): RecordedUse[] {
  return [
    ...record.customers.map(([guid, , inUse]): RecordedUse => [guid, [], { inUse, inPacks: 0 }]),
    ...servicesOf(record).map(({ tenantId, kind, service, inUse, inPacks }): RecordedUse => [
      tenantId,
      [kind, service],
      { inUse, inPacks },
    ]),
  ];
}

/** A service of a tenant as a look has it. */
export interface RecordedService extends ServiceUse {
  readonly tenantId: string;
  readonly kind: ServiceKind;
  readonly service: string;
  readonly allocated: Allocation;
}

/** Every service of a look. */
export function servicesOf({ tenants }: UsageRecord): RecordedService[] {
  return tenants.flatMap((tenant) =>
    SERVICE_KINDS.flatMap((kind) =>
      tenant[kind].map(([service, allocated, inUse, inPacks = 0]) => ({
        tenantId: tenant.id,
        kind,
        service,
        allocated,
        inUse,
        inPacks,
      })),
    ),
  );
}
