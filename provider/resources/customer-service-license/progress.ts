import { isDeepStrictEqual } from "node:util";
import type { CustomerInputs } from "./fields";
import type { Desired, ObservedCustomer, SentBefore } from "./plan";
import type { CustomerState, PendingTask } from "./state";

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
  readonly unverified: boolean;
  readonly lastTaskId: string | undefined;
}

/** What state remembers of earlier runs. */
export function progressOf(state: CustomerState | undefined): Progress {
  return {
    observed: undefined,
    sent: state === undefined ? undefined : registrationOf(state),
    pendingTask: state?.pendingTask,
    pendingPatch: state?.pendingPatch ?? false,
    unverified: state?.unverified ?? false,
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
  return !isDeepStrictEqual({ ...before, observed: undefined }, { ...now, observed: undefined });
}

/** All is as desired, and was seen so. */
export function settled(now: Progress, desired: Desired): Progress {
  return { ...now, sent: registrationOf(desired), pendingPatch: false, unverified: false };
}

/** The state that is reached: what was seen last, what was sent, what is unfinished. */
export function stateOf(
  { observed, sent, pendingTask, pendingPatch, unverified, lastTaskId }: Progress,
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
    unverified: unverified ? true : undefined,
  };
}
