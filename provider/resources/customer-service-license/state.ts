import * as z from "zod";
import { type Properties, withoutUndefined } from "../../run/properties";
import type { UnseenWrite } from "../../run/unseen-write";
import { type Lenient, readLeniently } from "../fields";
import { customerFields, customerOutputs, observedCustomerForm } from "./fields";
import { LicenseType } from "./license-type";

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
