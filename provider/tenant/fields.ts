import * as z from "zod";
import { SERVICE_KINDS, type ServiceKind } from "../systems/gateway/service-kinds";
import { type Mistake, mistakeIn, type Path } from "../resource/mistake";
import type { Properties } from "../resource/properties";
import { holdsUnknown, UNKNOWN_VALUE } from "../resource/unknowns";
import { checkFields, field, type Fields, output, type Outputs } from "../resource/fields";
import { type Allocation, byKind, type ServiceAllocations } from "./allocation";
import { described, refusedValue } from "../resource/refused-value";
import { isPlainObject } from "../text/plain-object";
import type { Changes } from "../resource/license-resource";
import { compareCodePoints } from "../text/code-points";

/** The largest maximum that is taken. */
const LARGEST_MAXIMUM = 2_147_483_647;

const FORM = "must be `unlimited` or a whole number (0 = not licensed)";
const maximum = z.number(FORM).int(FORM).min(0, FORM).max(LARGEST_MAXIMUM, `must be at most ${LARGEST_MAXIMUM}`);

/** An allocation in any of the accepted forms. */
export const allocationForm = z.union(
  [
    z.literal("unlimited"),
    maximum,
    z.strictObject({ unlimited: z.literal(true) }, FORM),
    z.strictObject({ unlimited: z.literal(false), maximum }, FORM),
  ],
  FORM,
);

/** The one normal form of an allocation in any accepted form, or why it is none, as a sentence. */
export function parseAllocation(value: unknown): { readonly allocation: Allocation } | { readonly problem: string } {
  const parsed = allocationForm.safeParse(value);
  if (!parsed.success) {
    return { problem: refusedValue(allocationForm, parsed.error.issues[0]?.message ?? FORM, value) };
  }
  const form = parsed.data;
  if (typeof form !== "object") {
    return { allocation: form };
  }
  return { allocation: form.unlimited ? "unlimited" : form.maximum };
}

/** A map as `check` or state wrote it; entries that are none are left out. */
export function readAllocations(map: unknown): ReadonlyMap<string, "unlimited" | number> {
  const entries = isPlainObject(map) ? Object.entries(map) : [];
  return new Map(
    entries.flatMap(([name, value]) => {
      const parsed = parseAllocation(value);
      return "allocation" in parsed ? [[name, parsed.allocation] as const] : [];
    }),
  );
}

/** How the services that are declared differ from those in state: one that is taken out is sent only under a policy that changes it. */
function compareServices(declared: unknown, held: unknown, { onServiceRemoved = "retain" }: Properties): Changes {
  const [wanted, managed] = [declared, held].map((map): Properties => (isPlainObject(map) ? map : {}));
  if (Object.entries(wanted ?? {}).some(([name, to]) => managed?.[name] !== to)) {
    return "remote";
  }
  const isGone = Object.keys(managed ?? {}).some((name) => !(name in (wanted ?? {})));
  return !isGone ? "none" : onServiceRemoved === "retain" ? "local" : "remote";
}

/** The services of one kind as a map in its one normal form, and every mistake in them; no map where it would be empty, or is not known. */
export function checkServices(
  kind: ServiceKind,
  services: unknown,
): { readonly value: unknown; readonly mistakes: readonly Mistake[] } {
  if (holdsUnknownName(services)) {
    // Which services the list is about is not known yet.
    return { value: UNKNOWN_VALUE, mistakes: [] };
  }
  const mistakes: Mistake[] = [];
  const map: Properties = {};
  const found = new Set<string>();
  // The API's list may be in any order.
  for (const [name, value] of listServices(kind, services, mistakes).sort(([a], [b]) => compareCodePoints(a, b))) {
    const problem = found.has(name) ? "the service is named twice: keep one of the two" : problemWithName(name);
    found.add(name);
    if (problem !== undefined) {
      mistakes.push(mistakeAt([kind, name], problem));
    } else if (holdsUnknown(value)) {
      map[name] = UNKNOWN_VALUE;
    } else {
      const parsed = parseAllocation(value);
      if ("allocation" in parsed) {
        map[name] = parsed.allocation;
      } else {
        mistakes.push({ property: "", path: [kind, name], message: parsed.problem });
      }
    }
  }
  // An empty map is the default, and defaults are not written.
  return { value: Object.keys(map).length > 0 ? map : undefined, mistakes };
}

/** The engine would print a whole map with a mistake that names it, so these name no property. */
function mistakeAt(path: Path, problem: string): Mistake {
  return { property: "", path, message: `${problem}.` };
}

function listServices(kind: ServiceKind, services: unknown, mistakes: Mistake[]): (readonly [string, unknown])[] {
  if (isPlainObject(services)) {
    return Object.entries(services);
  }
  if (!Array.isArray(services)) {
    mistakes.push(
      mistakeAt(
        [kind],
        `must be a map from service name to allocation, or the API's list of {name, allocated}, not ${described(services)}`,
      ),
    );
    return [];
  }
  return services.flatMap((item: unknown, index) => {
    if (isPlainObject(item) && typeof item["name"] === "string" && "allocated" in item) {
      return [[item["name"], item["allocated"]] as const];
    }
    mistakes.push(
      mistakeAt([kind, index], `must be {name, allocated}${isPlainObject(item) ? "" : `, not ${described(item)}`}`),
    );
    return [];
  });
}

function holdsUnknownName(services: unknown): boolean {
  return (
    Array.isArray(services) &&
    services.some((item: unknown) => item === UNKNOWN_VALUE || (isPlainObject(item) && item["name"] === UNKNOWN_VALUE))
  );
}

const LONGEST_NAME = 200;

/**
 * Names that cannot be carried, and why: an object loses the first key on its way through protobuf (assigning it sets the prototype), and
 * with the second one Pulumi marks secrets and outputs, so that it takes the whole map for one of these.
 */
const UNUSABLE_NAMES = ["__proto__", "4dabf18193072939515e22adb298388d"];

function problemWithName(name: string): string | undefined {
  if (name.trim() === "") {
    return "a service's name must not be empty";
  }
  if (name.length > LONGEST_NAME) {
    return `a service's name has at most ${LONGEST_NAME} characters`;
  }
  if (UNUSABLE_NAMES.includes(name)) {
    return "Pulumi cannot carry a service of this name: remove it from the maps";
  }
  return /\p{Cc}/u.test(name) ? "a service's name must not hold control characters" : undefined;
}

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
    wire: "groupServices",
    compare: compareServices,
    doc: "Group services that this resource manages, by name: `unlimited`, or a maximum from 0 (not licensed) to 2147483647. All others are never touched. One of the two maps must hold a service.",
    examples: [{ "Hunt Group": "unlimited", "Call Pickup": 5 }],
    check: (value) => checkServices("groupServices", value),
    type: "LicenseAllocations",
    output: { type: "AllocationMap", doc: "The output holds the managed services as the gateway has them." },
  }),
  userServices: field(services, {
    scope: "remote",
    wire: "userServices",
    compare: compareServices,
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
