import { z } from "zod";
import { type Properties, withoutUndefined } from "../../run/properties";
import { type CustomerInputs, observedLicenseType } from "./arguments";
import { LicenseType, type ObservedLicenseType } from "./license-type";

/** An upgrade that was asked for and whose end has not been seen; the next `pulumi up` goes on with it. */
export interface PendingTask {
  /** The version of this shape. One that is newer than this package is refused. */
  readonly version: 1;
  /** The platform's id of the task, such as `tsk_185510`; `null` where the platform's answer was lost. */
  readonly id: string | null;
  /** What the upgrade was asked for. */
  readonly target: { readonly licenseType: LicenseType; readonly licensedUsersCount: number };
  /** When it was asked for (ISO 8601, UTC). */
  readonly sentAt: string;
}

/** What state remembers of a customer. */
export interface CustomerState {
  readonly customerGuid: string;
  readonly licenseType?: ObservedLicenseType | undefined;
  readonly licensedUsersCount?: number | undefined;
  readonly applicationClientId?: string | undefined;
  /** Only once it was sent or adopted. */
  readonly applicationClientSecret?: string | undefined;
  readonly resendSecret?: string | undefined;
  readonly customerFullName?: string | undefined;
  /** There where the full name was declared: outputs hold one in either case. */
  readonly customerFullNameDeclared?: boolean | undefined;
  readonly customerShortName?: string | undefined;
  readonly clientSecretExpiresAt?: string | undefined;
  readonly onDestroy?: "retain" | "downgrade" | undefined;
  readonly taskTimeout?: string | undefined;
  readonly allowBelowUse?: boolean | undefined;
  readonly lastTaskId?: string | undefined;
  readonly pendingTask?: PendingTask | undefined;
  readonly pendingPatch?: boolean | undefined;
}

const optionalText = z.string().optional().catch(undefined);
const optionalFlag = z.boolean().optional().catch(undefined);

const pendingTask = z.object({
  version: z.literal(1, "it was written by a newer version of pulumi-voice-licenses: use that version"),
  // A null may be lost on its way through the engine.
  id: z
    .string()
    .nullish()
    .transform((id) => id ?? null),
  target: z.object({ licenseType: z.enum(LicenseType), licensedUsersCount: z.number() }),
  sentAt: z.string(),
});

const state = z.object({
  customerGuid: z.string().transform((guid) => guid.toLowerCase()),
  licenseType: observedLicenseType,
  licensedUsersCount: z.number().optional().catch(undefined),
  applicationClientId: optionalText,
  applicationClientSecret: optionalText,
  resendSecret: optionalText,
  customerFullName: optionalText,
  customerFullNameDeclared: optionalFlag,
  customerShortName: optionalText,
  clientSecretExpiresAt: optionalText,
  onDestroy: z.enum(["retain", "downgrade"]).optional().catch(undefined),
  taskTimeout: optionalText,
  allowBelowUse: optionalFlag,
  lastTaskId: optionalText,
  pendingTask: pendingTask.optional(),
  pendingPatch: optionalFlag,
});

/**
 * State as any version wrote it, typed. What cannot be read is left out, but for an unfinished task: to forget one could start another.
 * @throws where the pending task was written by a newer version.
 */
export function readCustomerState(properties: Properties): CustomerState {
  const parsed = state.safeParse(properties);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(
      `The state of this customer cannot be read: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
    );
  }
  return parsed.data;
}

/** State as outputs. */
export function writeCustomerState(customer: CustomerState): Properties {
  return withoutUndefined({ ...customer });
}

/** The inputs that state stands for: what a program would declare to have just this. */
export function inputsOf(customer: CustomerState): Properties {
  const inputs: Partial<Record<keyof CustomerInputs, unknown>> = {
    customerGuid: customer.customerGuid,
    licenseType: customer.licenseType,
    licensedUsersCount: customer.licensedUsersCount,
    applicationClientId: customer.applicationClientId,
    applicationClientSecret: customer.applicationClientSecret,
    resendSecret: customer.resendSecret,
    customerFullName: customer.customerFullNameDeclared === true ? customer.customerFullName : undefined,
    onDestroy: customer.onDestroy,
    taskTimeout: customer.taskTimeout,
    allowBelowUse: customer.allowBelowUse,
  };
  return withoutUndefined(inputs);
}
