import { z } from "zod";

import { gatewaySettings } from "./settings";

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

/** Says what an allocation looks like where something else stands; other mistakes have their own words. */
const formOf =
  (form: string) =>
  ({ code }: { readonly code: string }): string | undefined =>
    code === "invalid_type" ? `write ${form}` : undefined;

const allocationFields = { unlimited: z.boolean().optional(), maximum: z.int().min(0).nullish() };

const allocationSchema = z.preprocess(
  spellOut,
  z
    .strictObject(allocationFields, { error: formOf("`unlimited`, a whole number or a map such as `{ maximum: 5 }`") })
    .superRefine(checkAllocation)
    .transform(({ unlimited, maximum }) => ({ unlimited: unlimited === true, maximum: maximum ?? null })),
);

/** How much of something a tenant may use; `maximum` is null where `unlimited` is true. */
export interface Allocation {
  readonly unlimited: boolean;
  readonly maximum: number | null;
}

const serviceFields = {
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
};

/** A service in the seed; reading what was read before changes nothing, so that an edit can be merged and read again. */
export const serviceSchema = z.preprocess(
  spellOut,
  z
    .strictObject(serviceFields, {
      error: formOf("`unlimited`, a whole number or a map such as `{ maximum: 5, currentlyAllocated: 2 }`"),
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

/** What a tenant is, apart from its services. */
export const tenantDetails = {
  /** Null: its id. */
  name: z
    .string()
    .nullish()
    .transform((name) => name ?? null),
  type: z.enum(["ServiceProvider", "Enterprise"]).default("ServiceProvider"),
  resellerId: z
    .string()
    .nullish()
    .transform((id) => id ?? null),
  /** Whether the list of tenants shows it; its licences can be read in any case. */
  listed: z.boolean().default(true),
  /** BroadWorks refuses every PUT to the tenant, with this reason. */
  refuseUpdate: z
    .string()
    .nullish()
    .transform((reason) => reason ?? null),
};

/** A tenant in the seed. */
export const tenantSchema = z.strictObject({
  ...tenantDetails,
  groupServices: z.record(z.string(), serviceSchema).default({}),
  userServices: z.record(z.string(), serviceSchema).default({}),
  servicePacks: z.record(z.string(), servicePackSchema).default({}),
});

/** A tenant as read from a seed. */
export type TenantSeed = z.output<typeof tenantSchema>;

/** What a tenant is, apart from its services, as the simulator holds it. */
export type TenantDetails = Pick<TenantSeed, keyof typeof tenantDetails>;

const stockItemSchema = z.strictObject({
  name: z.string().min(1),
  licensed: z.union([z.literal("unlimited"), z.int().min(0)]),
  used: z.int().min(0).default(0),
});
const stockList = z.array(stockItemSchema).default([]);

/** One line of the platform's stock. */
export type StockItem = z.output<typeof stockItemSchema>;

const stockSchema = z.strictObject({
  licenseStrictness: z.string().default("Loose"),
  expirationDate: z.string().default("2099-12-31 23:59:59 +0100"),
  subscriberLicenses: stockList,
  groupServiceLicenses: stockList,
  virtualServiceLicenses: stockList,
  userServiceLicenses: stockList,
});

const userSchema = z.strictObject({
  username: z.string().min(1),
  password: z.string().min(1),
  /** A machine-to-machine token of APIO Core, which needs no login. */
  token: z.string().regex(/^\S+$/, "write a token without spaces").optional(),
});

const seedFields = {
  ...gatewaySettings,
  users: z
    .array(userSchema)
    .min(1)
    .default([{ username: "simulator", password: "simulator-password", token: "simulator-machine-token" }]),
  /** The name under which Core knows the gateway: the last part of `/api/v01/p1/`. */
  proxyName: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, "write a name of letters, digits, - and _")
    .default("p1"),
  tenants: z.record(z.string(), tenantSchema).default({}),
  stock: stockSchema.prefault({}),
};

/** The names that this part of a seed uses. */
export const gatewaySeedNames: readonly string[] = [
  seedFields,
  tenantSchema.shape,
  serviceFields,
  servicePackSchema.shape,
  stockSchema.shape,
  stockItemSchema.shape,
  userSchema.shape,
].flatMap((fields) => Object.keys(fields));

/** The seed of the gateway and of APIO Core in front of it. */
export const gatewaySeedSchema = z
  .strictObject(seedFields)
  .transform(({ users, proxyName, tenants, stock, ...settings }) => ({ users, proxyName, tenants, stock, settings }));

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
