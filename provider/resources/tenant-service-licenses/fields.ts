import * as z from "zod";
import { SERVICE_KINDS } from "../../apis/service-kinds";
import { type Mistake, mistakeIn } from "../../run/mistake";
import type { Properties } from "../../run/properties";
import { UNKNOWN_VALUE } from "../../run/unknowns";
import { checkFields, field, type Fields, output, type Outputs } from "../fields";
import { byKind, type ServiceAllocations } from "./allocation";
import { allocationForm } from "./allocation-form";
import { checkServices, readAllocations } from "./services";

const TENANT_ID = "must be a tenant's id: 1 to 255 characters without / \\ ? # % or control characters";
/** The id becomes a part of a path: nothing that could lead to another one, or that cannot be encoded (half a surrogate pair). */
const tenantId = z
  .string("must be a string")
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}/\\?#%]{1,255}$/u, TENANT_ID)
  .refine((id) => id.trim() === id && !/^\.{1,2}$/.test(id), TENANT_ID);
const policy = z.enum(["retain", "unlicense", "restore"], "must be retain, unlicense or restore").optional();
const flag = z.boolean("must be true or false").optional();
const services = z
  .union([
    z.record(z.string(), allocationForm),
    z.array(z.strictObject({ name: z.string(), allocated: allocationForm })),
  ])
  .optional();

/** The table of inputs: what is checked, compared, kept in state, and shown in schemas and docs derives from it. */
export const tenantFields = {
  tenantId: field(tenantId, {
    scope: "identity",
    doc: "The tenant's id at the gateway, and the resource's: 1 to 255 characters, none of them `/ \\ ? # %` or a control character. Changing it replaces the resource.",
    examples: ["foo"],
  }),
  groupServices: field(services, {
    scope: "remote",
    doc: "Group services that this resource manages, by name: `unlimited`, or a maximum from 0 (not licensed) to 2147483647. All others are never touched. One of the two maps must hold a service.",
    examples: [{ "Hunt Group": "unlimited", "Call Pickup": 5 }],
    check: (value) => checkServices("groupServices", value),
    type: "LicenseAllocations",
    output: { type: "AllocationMap", doc: "The output holds the managed services as the gateway has them." },
  }),
  userServices: field(services, {
    scope: "remote",
    doc: "User services that this resource manages, by name: `unlimited`, or a maximum from 0 (not licensed) to 2147483647. All others are never touched.",
    examples: [{ "Call Forwarding Busy": 7, "Anonymous Call Rejection": 0 }],
    check: (value) => checkServices("userServices", value),
    type: "LicenseAllocations",
    output: { type: "AllocationMap", doc: "The output holds the managed services as the gateway has them." },
  }),
  onServiceRemoved: field(policy, {
    scope: "local",
    default: "retain",
    doc: "What becomes of a service that is taken out of the maps: `retain` leaves it as it is, `unlicense` sets it to 0, `restore` puts back what it held before Pulumi first managed it.",
  }),
  onDestroy: field(policy, {
    scope: "local",
    default: "retain",
    doc: "What becomes of all managed services when the resource is destroyed: `retain` leaves them as they are, `unlicense` sets them to 0, `restore` puts back what they held before Pulumi first managed them. What counts is what the last `pulumi up` has put into state.",
  }),
  allowBelowUse: field(flag, {
    scope: "local",
    default: false,
    doc: "Lets a maximum go below what is allocated now, or handed out by service packs, also when a service is taken out or the resource is destroyed. What the gateway then does is not documented.",
  }),
  allowUnlisted: field(flag, {
    scope: "local",
    default: false,
    doc: "Sends services that the gateway does not list. They cannot be read back: state keeps what was sent, and drift in them is not seen.",
  }),
} satisfies Fields;

const allocations = z.record(z.string(), allocationForm).optional();

/** The table of outputs that are no inputs. */
export const tenantOutputs = {
  original: output(z.object({ groupServices: allocations, userServices: allocations }), {
    type: "Partial<Record<ServiceKind, AllocationMap>>",
    doc: 'What each managed service held in the first run that reached state, such as `{groupServices: {"Hunt Group": 3}}`: what `restore` puts back. A service that is taken out under `retain` loses its entry.',
  }),
  unverified: output(z.boolean().optional(), {
    unfinished: true,
    doc: "`true` while it is not known what became of the last update; the next `pulumi up` reads the tenant before anything else.",
  }),
} satisfies Outputs;

/** The form of the inputs but for the two maps. */
export const tenantSettingsForm = z.object(tenantFields).omit({ groupServices: true, userServices: true });

/** Inputs once checked. */
export type TenantInputs = Readonly<z.output<typeof tenantSettingsForm>> & {
  readonly services: ServiceAllocations;
};

/** What becomes of a service that is no longer managed. */
export type RemovalPolicy = NonNullable<TenantInputs["onDestroy"]>;

/** Checks the inputs in themselves, without looking at the gateway. */
export function checkTenant(raw: Properties): { inputs: Properties; mistakes: Mistake[] } {
  const { inputs, mistakes } = checkFields(tenantFields, raw);
  if (mistakes.length === 0 && SERVICE_KINDS.every((kind) => inputs[kind] === undefined)) {
    mistakes.push(mistakeIn("groupServices", "name at least one service in groupServices or userServices."));
  }
  return { inputs, mistakes };
}

/** Inputs that went through `check`, typed; services whose allocation is not known yet are left out. */
export function readTenantInputs(inputs: Properties): TenantInputs {
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== UNKNOWN_VALUE));
  return { ...tenantSettingsForm.parse(known), services: byKind((kind) => readAllocations(known[kind])) };
}
