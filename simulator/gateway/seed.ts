import { z } from "zod";

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lets a seed say `Hunt Group: unlimited` and `Call Pickup: 5` for the longer form. */
function spellOut(value: unknown): unknown {
  if (value === "unlimited") {
    return { unlimited: true };
  }
  return typeof value === "number" ? { maximum: value } : value;
}

interface RawAllocation {
  readonly unlimited?: boolean | undefined;
  readonly maximum?: number | null | undefined;
}

function checkAllocation({ unlimited, maximum }: RawAllocation, context: z.RefinementCtx): void {
  if ((unlimited === true) === (typeof maximum === "number")) {
    context.addIssue({ code: "custom", message: "write either `unlimited: true` or `maximum: <number>`" });
  }
}

const allocationFields = { unlimited: z.boolean().optional(), maximum: z.int().min(0).nullish() };

const allocationSchema = z.preprocess(
  spellOut,
  z
    .strictObject(allocationFields)
    .superRefine(checkAllocation)
    .transform(({ unlimited, maximum }) => ({ unlimited: unlimited === true, maximum: maximum ?? null })),
);

/** How much of something a tenant may use; `maximum` is null where `unlimited` is true. */
export interface Allocation {
  readonly unlimited: boolean;
  readonly maximum: number | null;
}

/** A service in the seed; reading what was read before changes nothing, so that an edit can be merged and read again. */
export const serviceSchema = z.preprocess(
  spellOut,
  z
    .strictObject({
      ...allocationFields,
      currentlyAllocated: z.int().min(0).default(0),
      packsAllocated: z
        .int()
        .min(0)
        .nullish()
        .transform((packs) => packs ?? null),
      /** A PUT of this service fails, with this reason. */
      failOnUpdate: z
        .string()
        .nullish()
        .transform((reason) => reason ?? null),
      /** A PUT of this service answers `updated` and changes nothing. */
      ignoreUpdate: z.boolean().default(false),
      /** A PUT of this service works, and its reply does not name it. */
      omitFromReply: z.boolean().default(false),
    })
    .superRefine(checkAllocation)
    .transform((service) => ({
      ...service,
      unlimited: service.unlimited === true,
      maximum: service.maximum ?? null,
    })),
);

/** A service of a tenant as the simulator holds it. */
export type Service = z.output<typeof serviceSchema>;

const servicePackSchema = z.strictObject({
  description: z.string().default(""),
  maximumAllowed: allocationSchema,
  allocated: allocationSchema,
  currentlyAllocated: z.int().min(0).default(0),
});

/** A service pack of a tenant as the simulator holds it. */
export type ServicePack = z.output<typeof servicePackSchema>;

/** A tenant in the seed. */
export const tenantSchema = z.strictObject({
  groupServices: z.record(z.string(), serviceSchema).default({}),
  userServices: z.record(z.string(), serviceSchema).default({}),
  servicePacks: z.record(z.string(), servicePackSchema).default({}),
});

/** A tenant as read from a seed. */
export type TenantSeed = z.output<typeof tenantSchema>;

/** The seed of the gateway. */
export const gatewaySeedSchema = z.strictObject({
  users: z
    .array(z.strictObject({ username: z.string().min(1), password: z.string().min(1) }))
    .min(1)
    .default([{ username: "simulator", password: "simulator-password" }]),
  sessionLifetimeSeconds: z.number().positive().default(3600),
  /** What a maximum below `currentlyAllocated` does; no page says. */
  belowCurrentlyAllocated: z.enum(["refuse", "accept"]).default("refuse"),
  tenants: z.record(z.string(), tenantSchema).default({}),
});

/** The part of a seed that concerns the gateway, with all defaults filled in. */
export type GatewaySeed = z.output<typeof gatewaySeedSchema>;

/** Merges an edit into a service: giving a maximum ends "unlimited", and the other way round. */
export function mergeService(current: Service | undefined, edit: unknown): unknown {
  const change = spellOut(edit);
  if (current === undefined || !isPlainObject(change)) {
    return change;
  }
  const allocation: RawAllocation =
    change["unlimited"] === true
      ? { unlimited: true, maximum: null }
      : typeof change["maximum"] === "number"
        ? { unlimited: false }
        : {};
  return { ...current, ...allocation, ...change };
}
