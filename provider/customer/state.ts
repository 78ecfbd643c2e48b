import * as z from "zod";
import { type Properties, withoutUndefined } from "../resource/properties";
import type { UnseenWrite } from "../resource/unseen-write";
import { type Lenient, readLeniently } from "../resource/fields";
import { customerFields, type CustomerInputs, customerOutputs, observedCustomerForm } from "./fields";
import { LicenseType } from "./license-type";
import { isDeepStrictEqual } from "node:util";
import { type Desired, type ObservedCustomer, type SentBefore, showsDesired } from "./plan";

/** A task of the platform whose end has not been seen; the next `pulumi up` goes on with it. */
export interface PendingTask {
  /** The version of this shape. One that is newer than this package is refused. */
  readonly version: 1;
  /** The platform's id of the task, such as `tsk_185510`; `null` where the platform's answer was lost. */
  readonly id: string | null;
  /** The call that started it: absent for an upgrade. */
  readonly call?: "PATCH" | undefined;
  /** What was asked for. */
  readonly target: { readonly licenseType: LicenseType; readonly licensedUsersCount: number };
  /** When it was asked for (ISO 8601, UTC), by the clock of the machine that did. */
  readonly sentAt: string;
}

const pendingTask = z.object({
  version: z.literal(1, "it was written by a newer version of pulumi-voice-licenses: use that version"),
  // A null may be lost on its way through the engine.
  id: z
    .string()
    .nullish()
    .transform((id) => id ?? null),
  call: z.literal("PATCH").optional().catch(undefined),
  target: z.object({ licenseType: z.enum(LicenseType), licensedUsersCount: z.number() }),
  sentAt: z.string(),
});

/** What state holds beside the inputs; the secret among those only once it was sent or adopted. */
const outputs = z
  .object(customerOutputs)
  .omit({ customerFullName: true, pendingTask: true, unverified: true })
  // There where the full name was declared: outputs hold one in either case.
  .extend({ customerFullNameDeclared: z.boolean() });

/** What was sent and not seen: of an older version only that there is something. */
const whatWasSent = z.object({
  licenseType: z.enum(LicenseType),
  licensedUsersCount: z.number(),
  customerFullName: z.string().optional(),
  applicationClientId: z.string().optional(),
});
const sentForm = whatWasSent.extend({ version: z.literal(1), at: z.string() });

const state = observedCustomerForm.extend(outputs.shape);

/** What state remembers of a customer. */
export type CustomerState = Lenient<Omit<z.output<typeof state>, "customerGuid">> & {
  readonly customerGuid: string;
  readonly pendingTask?: PendingTask | undefined;
  /** A write was sent, and its effect has not been seen: what else state holds may be older. */
  readonly unseen?: UnseenLicense | undefined;
};

/** What a write asked for and that has not been seen; `undefined` where an older version did not keep it. */
export interface UnseenLicense extends UnseenWrite {
  readonly what: z.output<typeof whatWasSent> | undefined;
}

/**
 * State as any version wrote it, typed. What cannot be read is left out, but for an unfinished task: to forget one could start another.
 * @throws where the pending task was written by a newer version.
 */
export function readCustomerState(properties: Properties): CustomerState {
  const { customerGuid, ...rest } = readLeniently(state.partial(), properties);
  const pending = pendingTask.optional().safeParse(properties["pendingTask"]);
  if (customerGuid === undefined) {
    throw new Error("The state of this customer cannot be read: it names no customerGuid.");
  }
  if (!pending.success) {
    const issue = pending.error.issues[0];
    const path = ["pendingTask", ...(issue?.path ?? [])].join(".");
    throw new Error(`The state of customer ${customerGuid} cannot be read: ${path}: ${issue?.message ?? "is wrong"}.`);
  }
  const unseen = properties["unverified"] === true ? readUnseen(properties["sent"]) : undefined;
  return { ...rest, customerGuid, pendingTask: pending.data, unseen };
}

function readUnseen(raw: unknown): UnseenLicense {
  const sent = sentForm.safeParse(raw);
  return sent.success ? { at: sent.data.at, what: whatWasSent.parse(sent.data) } : { at: undefined, what: undefined };
}

/** State as outputs. */
export function writeCustomerState(customer: CustomerState): Properties {
  const { unseen, ...rest } = customer;
  const sent = unseen?.what === undefined ? undefined : { version: 1, at: unseen.at, ...unseen.what };
  return withoutUndefined({ ...rest, ...(unseen === undefined ? {} : { unverified: true, sent }) });
}

/** The inputs that state stands for: what a program would declare to have just this. */
export function inputsOf(customer: CustomerState): Properties {
  const inputs = Object.entries(customer).filter(([name]) => name in customerFields);
  return withoutUndefined({
    ...Object.fromEntries(inputs),
    customerFullName: customer.customerFullNameDeclared === true ? customer.customerFullName : undefined,
  });
}

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
