import { isDeepStrictEqual } from "node:util";
import type { CustomerInputs } from "./fields";
import { type Desired, type ObservedCustomer, type SentBefore, showsDesired } from "./plan";
import type { CustomerState, PendingTask, UnseenLicense } from "./state";

/** What of an App Registration was sent or adopted. */
export type SentRegistration = Pick<CustomerState, "applicationClientId" | "applicationClientSecret" | "resendSecret">;

/** What is known of a customer in the course of one run. Each step gives the next; the last one is what state remembers. */
export interface Progress {
  /** What was seen last; `undefined` before the first look. */
  readonly observed: ObservedCustomer | undefined;
  /** `undefined` for a new resource of which nothing was sent yet. */
  readonly sent: SentRegistration | undefined;
  readonly pendingTask: PendingTask | undefined;
  readonly pendingPatch: boolean;
  /** What was sent and not seen. */
  readonly unseen: UnseenLicense | undefined;
  readonly lastTaskId: string | undefined;
}

/** What state remembers of earlier runs. */
export function progressOf(state: CustomerState | undefined): Progress {
  return {
    observed: undefined,
    sent: state === undefined ? undefined : registrationOf(state),
    pendingTask: state?.pendingTask,
    pendingPatch: state?.pendingPatch ?? false,
    unseen: state?.unseen,
    lastTaskId: state?.lastTaskId,
  };
}

/** What of the inputs, or of state, is the App Registration. */
export function registrationOf({
  applicationClientId,
  applicationClientSecret,
  resendSecret,
}: SentRegistration): SentRegistration {
  return { applicationClientId, applicationClientSecret, resendSecret };
}

/** What the plan needs to know of earlier writes. */
export function sentBefore({ sent, pendingPatch }: Progress): SentBefore | undefined {
  return sent === undefined && !pendingPatch ? undefined : { ...sent, pendingPatch };
}

/** Whether state must remember more, or something else, than it did. */
export function hasAdvanced(before: Progress, now: Progress): boolean {
  // That what was sent before counts as undone now is nothing that this run has done.
  const unseen = now.unseen === undefined ? undefined : before.unseen;
  return !isDeepStrictEqual({ ...before, unseen, observed: undefined }, { ...now, observed: undefined });
}

/** Whether a look shows what was sent; of a write of an older version, which did not keep it, none does. */
export function showsUnseen(observed: ObservedCustomer, { what }: UnseenLicense): boolean {
  return what !== undefined && showsDesired(observed, what);
}

/** What of the inputs a look can show, as it is remembered until a look shows it. */
export function unseenOf(
  { licenseType, licensedUsersCount, customerFullName, applicationClientId }: Desired,
  now: number,
): UnseenLicense {
  return {
    at: new Date(now).toISOString(),
    what: { licenseType, licensedUsersCount, customerFullName, applicationClientId },
  };
}

/** All is as desired, and was seen so. */
export function asDesired(now: Progress, desired: Desired): Progress {
  return { ...now, sent: registrationOf(desired), pendingPatch: false, unseen: undefined };
}

/** The state that is reached: what was seen last, what was sent, what is unfinished. */
export function stateOf(
  { observed, sent, pendingTask, pendingPatch, unseen, lastTaskId }: Progress,
  inputs: CustomerInputs,
  before: CustomerState | undefined,
): CustomerState {
  const seen =
    observed === undefined
      ? before
      : {
          licenseType: observed.licenseType,
          licensedUsersCount: observed.licensedUsersCount ?? undefined,
          customerFullName: observed.fullName ?? undefined,
          customerShortName: observed.shortName ?? undefined,
          clientSecretExpiresAt: observed.clientSecretExpiresAt,
        };
  return {
    ...inputs,
    licenseType: seen?.licenseType,
    licensedUsersCount: seen?.licensedUsersCount,
    ...registrationOf(sent ?? {}),
    customerFullName: seen?.customerFullName,
    customerFullNameDeclared: inputs.customerFullName === undefined ? undefined : true,
    customerShortName: seen?.customerShortName,
    clientSecretExpiresAt: seen?.clientSecretExpiresAt,
    lastTaskId,
    pendingTask,
    pendingPatch: pendingPatch ? true : undefined,
    unseen,
  };
}
