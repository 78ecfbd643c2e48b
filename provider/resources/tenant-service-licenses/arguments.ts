import { compareCodePoints } from "../../text/code-points";
import { isPlainObject } from "../../plain-object";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { SERVICE_KINDS, type ServiceKind } from "../../apis/service-kinds";
import { type CheckFailure, checkFields, type FieldRule } from "../check-fields";
import { holdsUnknown, UNKNOWN_VALUE } from "../../run/unknowns";
import { type Properties } from "../../run/properties";
import { forEachKind, parseAllocation, pathOf, type ServiceAllocations } from "./allocation";

/**
 * How many licences of a service: `"unlimited"`, a maximum (a whole number from 0, which means not licensed, to 2147483647), or the
 * same as the API writes it: `{ unlimited: true }`, or `{ unlimited: false, maximum: 5 }`. State holds one of the first two.
 *
 * @example "unlimited"
 * @example 5
 * @see Gateway API, "Service Licenses"
 */
export type LicenseAllocation = "unlimited" | number | { unlimited: boolean; maximum?: number | undefined };

/**
 * Allocations by service name, or the API's list form. A name is written as the gateway lists it: 1 to 200 characters, none of them a
 * control character. A service that is named twice is refused.
 *
 * @example { "Hunt Group": "unlimited", "Call Pickup": 5 }
 * @example [{ name: "Hunt Group", allocated: { unlimited: true } }]
 */
export type LicenseAllocations =
  | Record<string, pulumi.Input<LicenseAllocation>>
  | pulumi.Input<{ name: pulumi.Input<string>; allocated: pulumi.Input<LicenseAllocation> }>[];

/**
 * What becomes of a service that is no longer managed: leave it as it is (`retain`), set it to 0 (`unlicense`), or put back what was
 * found first (`restore`, see the output `original`).
 */
export type RemovalPolicy = "retain" | "unlicense" | "restore";

/**
 * What a tenant is to be licensed for. An input that is absent, `undefined` or `null` means its default. An input that is wrong in
 * itself is refused by preview, and so is what the gateway would refuse, as far as reading tells.
 *
 * @see Gateway API, "Service Licenses"
 */
export interface TenantServiceLicensesArgs {
  /**
   * The tenant's id at the gateway: 1 to 255 characters, none of them `/ \ ? # %` or a control character. Changing it replaces the
   * resource.
   *
   * @example "foo"
   */
  tenantId: pulumi.Input<string>;
  /**
   * Group services that this resource manages; all others are never touched. One of the two maps must hold a service.
   *
   * @default {}
   * @example { "Hunt Group": "unlimited", "Call Pickup": 5 }
   */
  groupServices?: pulumi.Input<LicenseAllocations> | undefined;
  /**
   * User services that this resource manages; all others are never touched.
   *
   * @default {}
   * @example { "Call Forwarding Busy": 7, "Anonymous Call Rejection": 0 }
   */
  userServices?: pulumi.Input<LicenseAllocations> | undefined;
  /**
   * What becomes of a service that is taken out of the maps.
   *
   * @default "retain"
   */
  onServiceRemoved?: pulumi.Input<RemovalPolicy> | undefined;
  /**
   * What becomes of all managed services when the resource is destroyed. What counts is what the last `pulumi up` has put into state.
   *
   * @default "retain"
   */
  onDestroy?: pulumi.Input<RemovalPolicy> | undefined;
  /**
   * Lets a maximum go below what is allocated now, also when a service is taken out or the resource is destroyed. What the gateway then
   * does is not documented.
   *
   * @default false
   */
  allowBelowUse?: pulumi.Input<boolean> | undefined;
  /**
   * Sends services that the gateway does not list. They cannot be read back: state keeps what was sent, and drift in them is not seen.
   *
   * @default false
   */
  allowUnlisted?: pulumi.Input<boolean> | undefined;
}

/** The settings among the inputs, whose change needs no request. */
export interface TenantPolicies {
  readonly onServiceRemoved?: RemovalPolicy | undefined;
  readonly onDestroy?: RemovalPolicy | undefined;
  readonly allowBelowUse?: boolean | undefined;
  readonly allowUnlisted?: boolean | undefined;
}

/** Inputs once checked. */
export interface TenantInputs extends TenantPolicies {
  readonly tenantId: string;
  readonly services: ServiceAllocations;
}

const TENANT_ID = "must be a tenant's id: 1 to 255 characters without / \\ ? # % or control characters";
/** The id becomes a part of a path: nothing that could lead to another one, or that cannot be encoded (half a surrogate pair). */
const tenantId = z
  .string("must be a text")
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}/\\?#%]{1,255}$/u, TENANT_ID)
  .refine((id) => id.trim() === id && !/^\.{1,2}$/.test(id), TENANT_ID);
const policy = z.enum(["retain", "unlicense", "restore"], "must be retain, unlicense or restore");
const flag = z.boolean("must be true or false");

/** The form of each input but the two maps; the fleet file's schema is made from the same. */
export const tenantFields = {
  tenantId,
  onServiceRemoved: policy,
  onDestroy: policy,
  allowBelowUse: flag,
  allowUnlisted: flag,
} as const;

const rules: Readonly<Record<string, FieldRule>> = {
  tenantId: { schema: tenantFields.tenantId, required: true },
  groupServices: { schema: z.unknown() },
  userServices: { schema: z.unknown() },
  onServiceRemoved: { schema: tenantFields.onServiceRemoved },
  onDestroy: { schema: tenantFields.onDestroy },
  allowBelowUse: { schema: tenantFields.allowBelowUse },
  allowUnlisted: { schema: tenantFields.allowUnlisted },
};

const LONGEST_NAME = 200;

/** Checks the inputs in themselves, without looking at the gateway. */
export function checkTenant(raw: Properties): { inputs: Properties; failures: CheckFailure[] } {
  const { inputs: fields, failures } = checkFields(rules, raw);
  const { groupServices, userServices, ...inputs } = fields;
  const maps = { groupServices, userServices };
  for (const kind of SERVICE_KINDS) {
    const services = maps[kind];
    if (services === UNKNOWN_VALUE) {
      inputs[kind] = services;
    } else if (holdsUnknownName(services)) {
      // Which services the list is about is not known yet.
      inputs[kind] = UNKNOWN_VALUE;
    } else if (services !== undefined) {
      const { map, problems } = readServices(kind, services);
      failures.push(...problems);
      // An empty map is the default, and defaults are not written.
      if (Object.keys(map).length > 0) {
        inputs[kind] = map;
      }
    }
  }
  if (failures.length === 0 && inputs["groupServices"] === undefined && inputs["userServices"] === undefined) {
    failures.push({ property: "groupServices", reason: "name at least one service in groupServices or userServices." });
  }
  return { inputs, failures };
}

/** Inputs that went through `check`, typed; services whose allocation is not known yet are left out. */
export function readTenantInputs(inputs: Properties): TenantInputs {
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== UNKNOWN_VALUE));
  const settings = z
    .object({
      tenantId: z.string(),
      onServiceRemoved: policy.optional(),
      onDestroy: policy.optional(),
      allowBelowUse: z.boolean().optional(),
      allowUnlisted: z.boolean().optional(),
    })
    .parse(known);
  return { ...settings, services: forEachKind((kind) => readAllocations(known[kind])) };
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

interface ReadServices {
  readonly map: Properties;
  readonly problems: CheckFailure[];
}

/** The engine would print a whole map with a failure that names it, so failures name none and begin with the path. */
function problem(path: string, reason: string): CheckFailure {
  return { property: "", reason: `${path}: ${reason}.` };
}

function readServices(kind: ServiceKind, services: unknown): ReadServices {
  const problems: CheckFailure[] = [];
  const found = new Map<string, unknown>();
  for (const [name, value] of listServices(kind, services, problems)) {
    const nameProblem = problemWithName(name);
    if (found.has(name)) {
      problems.push(problem(pathOf(kind, name), "the service is named twice: keep one of the two"));
    } else if (nameProblem !== undefined) {
      problems.push(problem(`${kind}.${JSON.stringify(name.slice(0, 100))}`, nameProblem));
    } else if (holdsUnknown(value)) {
      found.set(name, UNKNOWN_VALUE);
    } else {
      const parsed = parseAllocation(value);
      if ("allocation" in parsed) {
        found.set(name, parsed.allocation);
      } else {
        problems.push(problem(pathOf(kind, name), `${parsed.problem}, not ${shown(value)}`));
        found.set(name, undefined);
      }
    }
  }
  const sorted = [...found].sort(([a], [b]) => compareCodePoints(a, b));
  return { map: Object.fromEntries(sorted.filter(([, value]) => value !== undefined)), problems };
}

function listServices(kind: ServiceKind, services: unknown, problems: CheckFailure[]): (readonly [string, unknown])[] {
  if (isPlainObject(services)) {
    return Object.entries(services);
  }
  if (!Array.isArray(services)) {
    problems.push(
      problem(kind, "must be a map from service name to allocation, or the API's list of {name, allocated}"),
    );
    return [];
  }
  return services.flatMap((item: unknown, index) => {
    if (isPlainObject(item) && typeof item["name"] === "string" && "allocated" in item) {
      return [[item["name"], item["allocated"]] as const];
    }
    problems.push(problem(`${kind}[${index}]`, "must be {name, allocated}"));
    return [];
  });
}

function holdsUnknownName(services: unknown): boolean {
  return (
    Array.isArray(services) &&
    services.some((item: unknown) => item === UNKNOWN_VALUE || (isPlainObject(item) && item["name"] === UNKNOWN_VALUE))
  );
}

/**
 * An object with the first of these keys would lose it on its way through the engine. Pulumi's SDK calls the second, and takes the
 * third for a mark of its own, and would fail far from here.
 */
const UNUSABLE_NAMES = ["__proto__", "toString", "4dabf18193072939515e22adb298388d"];

function problemWithName(name: string): string | undefined {
  if (name.trim() === "") {
    return "a service's name must not be empty";
  }
  if (name.length > LONGEST_NAME) {
    return `a service's name has at most ${LONGEST_NAME} characters`;
  }
  if (UNUSABLE_NAMES.includes(name)) {
    return "this cannot be the name of a service";
  }
  return /\p{Cc}/u.test(name) ? "a service's name must not hold control characters" : undefined;
}

function shown(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    return "what is given";
  }
  // JSON has no word for undefined, NaN and infinity.
  return (typeof value === "string" ? JSON.stringify(value) : String(value)).slice(0, 100);
}
