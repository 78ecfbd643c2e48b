import { type Mistake, mistakeIn } from "../resource/mistake";
import type { Reduction } from "../resource/license-resource";
import type { SystemAddress } from "../systems/settings";
import type { CustomerInputs } from "./fields";
import { counted } from "../text/count";
import { shown } from "../text/shown";
import { isUnreadable, quoted, sameName, sameUuid } from "../text/names";
import {
  describeLicenseType,
  downgradeOf,
  familyOf,
  type LicenseFamily,
  LicenseType,
  type ObservedLicenseType,
} from "./license-type";

/** A customer as the platform holds it; `null` where it holds none. */
export interface ObservedCustomer {
  readonly licenseType: ObservedLicenseType;
  readonly licensedUsersCount: number | null;
  readonly activeUserCount: number | null;
  /** The licences in use, where they were asked for and the platform counts them. */
  readonly licensesInUse?: number | undefined;
  readonly fullName: string | null;
  readonly shortName: string | null;
  /** `undefined`: not told, as in the list. */
  readonly applicationClientId: string | null | undefined;
  readonly clientSecretExpiresAt: string | undefined;
}

/** Why a customer cannot be observed as one that can be licensed. */
export type Unlicensable = "missing" | "noLicenseApplied";

/** What was sent before, as far as it is remembered; `undefined` where the resource is new. */
export interface SentBefore {
  readonly applicationClientId?: string | undefined;
  readonly applicationClientSecret?: string | undefined;
  readonly resendSecret?: string | undefined;
  readonly pendingPatch?: boolean | undefined;
}

/** Just what the plan needs of the inputs. */
export type Desired = Pick<
  CustomerInputs,
  | "licenseType"
  | "licensedUsersCount"
  | "applicationClientId"
  | "applicationClientSecret"
  | "resendSecret"
  | "customerFullName"
  | "allowBelowUse"
>;

/** The same as far as preview knows it. */
type KnownDesired = { readonly [Name in keyof Desired]?: Desired[Name] | undefined };

/** The calls that lead from what is there to what is declared, or why there are none. */
export type CustomerPlan =
  | { readonly kind: "refused"; readonly refusals: readonly Mistake[] }
  | { readonly kind: "nothing"; readonly adoptsSecret: boolean }
  | {
      readonly kind: "patch";
      readonly changes: readonly string[];
      /** Whether it carries something of which no look can tell whether it arrived: a secret, or a PATCH that is owed. */
      readonly invisible: boolean;
      /** Whether it moves to another type without an App Registration: the vendor's page reads as if each move carried one. */
      readonly withoutRegistration: boolean;
    }
  | { readonly kind: "upgrade" };

/** The plan for a customer: a pure function of what is there, what is declared, and what was sent before. */
export function planCustomer(
  observed: ObservedCustomer,
  desired: Desired,
  before: SentBefore | undefined,
): CustomerPlan {
  const refusals = refusalsOf(observed, desired);
  if (refusals.length > 0) {
    return { kind: "refused", refusals };
  }
  if (observed.licenseType === "OcEssential") {
    return { kind: "upgrade" };
  }
  const invisible = invisibleChanges(observed, desired, before);
  const changes = [...visibleChanges(observed, desired, before), ...invisible];
  if (changes.length > 0) {
    const withoutRegistration =
      observed.licenseType !== desired.licenseType && desired.applicationClientId === undefined;
    return { kind: "patch", changes, invisible: invisible.length > 0, withoutRegistration };
  }
  return { kind: "nothing", adoptsSecret: !knowsSecret(before) && desired.applicationClientSecret !== undefined };
}

/** Refuses what a customer that is not there, or has no licence yet, cannot be given. */
export function refuseUnlicensable(
  customerGuid: string,
  why: Unlicensable,
  { baseUrl, baseUrlKey }: Pick<SystemAddress, "baseUrl" | "baseUrlKey">,
): Mistake {
  return mistakeIn(
    "customerGuid",
    why === "missing"
      ? `there is no customer ${customerGuid} on the Live Platform (${baseUrl}): check customerGuid and ${baseUrlKey}.`
      : `no licence has been applied to customer ${customerGuid} yet (its GUID or licence type is null): create its service on the Live Platform first.`,
  );
}

/** The calls of a plan, as preview shows them; none where there is nothing to send or to say. */
export function describeCustomerPlan(plan: CustomerPlan, desired: Desired, isNew: boolean): string[] {
  switch (plan.kind) {
    case "refused":
      return [];
    case "upgrade":
      return [`${describeUpgrade(desired)}, wait, PATCH`];
    case "patch":
      return [describePatch(plan.changes)];
    case "nothing":
      return isNew ? ["nothing to send: adopts what is there"] : [];
  }
}

/** What preview says of a plan beside its calls. */
export function notesOnCustomerPlan(plan: CustomerPlan): string[] {
  return plan.kind === "patch" && plan.withoutRegistration
    ? ["no App Registration is sent with it: none is declared"]
    : [];
}

/** The call that upgrades, in the words of preview. */
export function describeUpgrade({
  licenseType,
  licensedUsersCount,
}: Pick<Desired, "licenseType" | "licensedUsersCount">): string {
  return `POST upgrade OC Essential → ${describeLicenseType(licenseType)} for ${licensedUsersCount} users`;
}

/** The call that changes, in the words of preview. */
export function describePatch(changes: readonly string[]): string {
  return `PATCH ${changes.join(", ")}`;
}

/** Why the platform would not take what is declared, as far as that is known: what is not known refuses nothing. */
export function refusalsOf(observed: ObservedCustomer, desired: KnownDesired): Mistake[] {
  const held = familyOf(observed.licenseType);
  if (held === undefined) {
    return [
      mistakeIn(
        "licenseType",
        `the customer holds ${describeLicenseType(observed.licenseType)}, which this package does not know and does not change.`,
      ),
    ];
  }
  const refusals: Mistake[] = [];
  const { licenseType } = desired;
  if (licenseType !== undefined && held !== familyOf(licenseType)) {
    refusals.push(
      mistakeIn(
        "licenseType",
        `the customer holds ${describeLicenseType(observed.licenseType)}, and the platform has no way from ${describeFamily(held)} to ${describeLicenseType(licenseType)}: declare ${typesOf(held).join(" or ")}.`,
      ),
    );
  } else if (observed.licenseType === "OcEssential" && desired.applicationClientId === undefined) {
    const to = licenseType === undefined ? "" : ` to ${describeLicenseType(licenseType)}`;
    refusals.push(
      mistakeIn(
        "applicationClientId",
        `an upgrade from OC Essential${to} needs an App Registration: add applicationClientId and applicationClientSecret.`,
      ),
    );
  }
  const below = refuseBelowUse(observed, desired);
  if (below !== undefined) {
    refusals.push(below);
  }
  if (desired.customerFullName !== undefined && isUnreadable(desired.customerFullName)) {
    refusals.push(
      mistakeIn(
        "customerFullName",
        `${quoted(desired.customerFullName)} holds U+FFFD, which stands for a character that was lost: write the name as it is.`,
      ),
    );
  }
  return refusals;
}

/** A count that is held already is not a change that anybody asked for, however many licences are in use. */
function refuseBelowUse(
  { licensedUsersCount: held, licensesInUse, activeUserCount }: ObservedCustomer,
  { licensedUsersCount, allowBelowUse }: KnownDesired,
): Mistake | undefined {
  const inUse = licensesInUse ?? activeUserCount;
  if (
    allowBelowUse === true ||
    inUse === null ||
    licensedUsersCount === undefined ||
    licensedUsersCount === held ||
    licensedUsersCount >= inUse
  ) {
    return undefined;
  }
  const what = licensesInUse === undefined ? counted(inUse, "active user") : `${counted(inUse, "licence")} in use`;
  return mistakeIn(
    "licensedUsersCount",
    `${licensedUsersCount} is below the ${what}: declare ${inUse} or more, or set allowBelowUse.`,
  );
}

/** Where a customer is not as declared: one of its inputs, with both values. */
export interface CustomerDifference {
  readonly property: "licenseType" | "licensedUsersCount" | "customerFullName" | "applicationClientId";
  readonly declared: string | number;
  /** `null` where the platform holds none. */
  readonly actual: string | number | null;
}

/** Where what the platform shows is not as declared; what it does not tell counts as it was sent before. */
export function differencesOf(
  observed: ObservedCustomer,
  desired: Desired,
  before: SentBefore | undefined,
): CustomerDifference[] {
  const differences: CustomerDifference[] = [];
  if (observed.licenseType !== desired.licenseType) {
    differences.push({ property: "licenseType", declared: desired.licenseType, actual: observed.licenseType });
  }
  if (observed.licensedUsersCount !== desired.licensedUsersCount) {
    differences.push({
      property: "licensedUsersCount",
      declared: desired.licensedUsersCount,
      actual: observed.licensedUsersCount,
    });
  }
  if (desired.customerFullName !== undefined && !sameName(observed.fullName, desired.customerFullName)) {
    differences.push({
      property: "customerFullName",
      declared: desired.customerFullName,
      actual: observed.fullName,
    });
  }
  if (desired.applicationClientId !== undefined) {
    const held =
      observed.applicationClientId === undefined ? (before?.applicationClientId ?? null) : observed.applicationClientId;
    if (!sameUuid(held, desired.applicationClientId)) {
      differences.push({ property: "applicationClientId", declared: desired.applicationClientId, actual: held });
    }
  }
  return differences;
}

/** What bringing a customer to what is declared takes away. */
export function reductionsOf(
  observed: ObservedCustomer,
  { licenseType, licensedUsersCount }: Pick<Desired, "licenseType" | "licensedUsersCount">,
): Reduction[] {
  const reductions: Reduction[] = [];
  if (downgradeOf(observed.licenseType) === licenseType) {
    const change = `${describeLicenseType(observed.licenseType)} → ${describeLicenseType(licenseType)}`;
    // Each user who keeps a licence keeps a lower one.
    const units = Math.max(1, Math.min(observed.licensedUsersCount ?? 1, licensedUsersCount));
    reductions.push({ property: "licenseType", change, units });
  }
  const held = observed.licensedUsersCount;
  if (held !== null && licensedUsersCount < held) {
    reductions.push({
      property: "licensedUsersCount",
      change: `${held} → ${licensedUsersCount}`,
      units: held - licensedUsersCount,
    });
  }
  return reductions;
}

/** Changes that reading back can confirm. */
function visibleChanges(observed: ObservedCustomer, desired: Desired, before: SentBefore | undefined): string[] {
  return differencesOf(observed, desired, before).map(({ property, declared, actual }) => {
    switch (property) {
      case "licenseType":
        return `${describeLicenseType(observed.licenseType)} → ${describeLicenseType(desired.licenseType)}`;
      case "licensedUsersCount":
        return `users ${actual ?? "none"} → ${declared}`;
      case "customerFullName":
        return `full name ${quoted(String(actual ?? ""))} → ${quoted(String(declared))}`;
      case "applicationClientId":
        return `App Registration ${actual === null ? "none" : shown(String(actual))} → ${declared}`;
    }
  });
}

/** Changes that the platform never shows: it masks the secret. */
function invisibleChanges(observed: ObservedCustomer, desired: Desired, before: SentBefore | undefined): string[] {
  if (before === undefined) {
    return [];
  }
  const changes: string[] = [];
  if (before.pendingPatch === true) {
    changes.push(`confirms ${describeLicenseType(observed.licenseType)}`);
  }
  // With another App Registration its secret goes out anyway.
  const isSame = sameUuid(observed.applicationClientId, desired.applicationClientId);
  if (
    isSame &&
    desired.applicationClientSecret !== undefined &&
    (knowsSecret(before) || before.pendingPatch === true)
  ) {
    if (before.applicationClientSecret !== desired.applicationClientSecret) {
      changes.push("new App Registration secret");
    } else if (before.resendSecret !== desired.resendSecret) {
      changes.push("App Registration again (resendSecret)");
    }
  }
  return changes;
}

/**
 * Whether the secret can be compared with what was sent before. It cannot where the resource is new, nor after an import: state then
 * holds the App Registration that was found, without its secret.
 */
function knowsSecret(before: SentBefore | undefined): boolean {
  return (
    before !== undefined && (before.applicationClientId === undefined || before.applicationClientSecret !== undefined)
  );
}

/** Whether what was read back shows everything that was declared. */
export function showsDesired(observed: ObservedCustomer, desired: Desired): boolean {
  return visibleChanges(observed, desired, { applicationClientId: desired.applicationClientId }).length === 0;
}

/** What was read back and is not as declared, for a message. */
export function describeDifferences(observed: ObservedCustomer, desired: Desired): string {
  return visibleChanges(observed, desired, { applicationClientId: desired.applicationClientId }).join(", ");
}

function typesOf(family: LicenseFamily): LicenseType[] {
  return Object.values(LicenseType).filter((type) => familyOf(type) === family);
}

function describeFamily(family: LicenseFamily): string {
  return family === "OC" ? "Operator Connect" : "Hosted";
}
