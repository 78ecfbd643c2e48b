import type { DeclaredCustomer } from "../../fleet/check-customer";
import { type CustomerEntry, holdingsOf, titleOf } from "../inventory/customers";
import type { LivePlatformSystem, Observation } from "../../provider/customer/customers";
import {
  describeCustomerPlan,
  type Desired,
  differencesOf,
  planCustomer,
  refuseUnlicensable,
  type SentBefore,
} from "../../provider/customer/plan";
import type { AssessedObject, UnmanagedObject } from "./assessment";

/** The file does not hold the secret, and the platform masks it: one that stands for what was sent before. */
const UNCHANGED_SECRET = "unchanged";

/** A declared customer against what is there: a pure function, by the plan that `pulumi up` uses. */
export function assessCustomer(
  { name, inputs }: DeclaredCustomer,
  observation: Observation,
  { settings }: LivePlatformSystem,
): AssessedObject {
  const object = { kind: "customer", id: inputs.customerGuid, name } as const;
  if (!observation.found) {
    const missing =
      observation.why === "missing"
        ? ({ property: null, declared: "present", actual: null } as const)
        : ({ property: "licenseType", declared: inputs.licenseType, actual: null } as const);
    return {
      ...object,
      differences: [missing],
      calls: [],
      refusals: [refuseUnlicensable(inputs.customerGuid, observation.why, settings)],
    };
  }
  const desired: Desired = {
    ...inputs,
    ...(inputs.applicationClientId === undefined ? {} : { applicationClientSecret: UNCHANGED_SECRET }),
  };
  const before: SentBefore = {
    applicationClientId: desired.applicationClientId,
    applicationClientSecret: desired.applicationClientSecret,
    resendSecret: desired.resendSecret,
  };
  const plan = planCustomer(observation.customer, desired, before);
  return {
    ...object,
    differences: differencesOf(observation.customer, desired, before),
    calls: describeCustomerPlan(plan, desired, false),
    refusals: plan.kind === "refused" ? plan.refusals : [],
  };
}

/** The licensed customers that none of `declared`, GUIDs in lower case, is; by name, then GUID. */
export function unmanagedCustomers(listed: readonly CustomerEntry[], declared: ReadonlySet<string>): UnmanagedObject[] {
  return listed
    .filter(({ guid }) => !declared.has(guid))
    .map((entry) => ({
      kind: "customer" as const,
      id: entry.guid,
      name: titleOf(entry),
      holds: holdingsOf(entry.customer),
    }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
