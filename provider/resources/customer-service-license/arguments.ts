import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type CheckFailure, checkFields, type FieldRule } from "../check-fields";
import { holdsUnknown } from "../../run/unknowns";
import type { Properties } from "../../run/properties";
import { type Duration, parseDuration } from "../../time/duration";
import { fromDeclaredCode, LicenseType, type ObservedLicenseType } from "./license-type";

/**
 * What a customer's service licence is to be. An input that is absent, `undefined` or `null` means its default. An input that is wrong
 * in itself is refused by preview, and so is what the platform would refuse, as far as reading tells.
 *
 * @see Live Platform REST API, "Upgrade or Downgrade Service License" and "Upgrade Operator Connect Customer License"
 */
export interface CustomerServiceLicenseArgs {
  /**
   * The customer's `umpCustomerGuid`, a UUID in any case; state holds it in lower case. Changing it replaces the resource.
   *
   * @example "d5253892-1c1e-4b23-89d7-29d86734c31b"
   * @see Live Platform REST API, "Upgrade or Downgrade Service License"
   */
  customerGuid: pulumi.Input<string>;
  /**
   * The licence that the customer is to hold: one of {@link LicenseType}, or the API's number 1, 2, 4 or 5. A move between Hosted
   * and Operator Connect is refused.
   *
   * @example LicenseType.OcPro
   */
  licenseType: pulumi.Input<LicenseType | 1 | 2 | 4 | 5>;
  /**
   * The number of licensed users: a whole number from 1 to 2147483647. One that is below the active users is refused, unless
   * `allowBelowUse` is set.
   *
   * @example 50
   */
  licensedUsersCount: pulumi.Input<number>;
  /**
   * Application (client) id of the App Registration that secures the link to the customer's Microsoft 365: a UUID. Together with
   * the secret, or not at all; needed for a move from Operator Connect Essential. Taking both out of a program sends nothing.
   *
   * @example "0fdc8122-e0b5-43ac-8433-54860113710d"
   */
  applicationClientId?: pulumi.Input<string> | undefined;
  /**
   * Client secret of the App Registration: one line of 1 to 1000 characters. It is encrypted in state, whether or not it was given as
   * a secret. The platform masks it, so that it cannot be compared with what is there: it is sent when it differs from the one sent
   * or adopted before.
   *
   * @example config.requireSecret("contosoAppSecret")
   */
  applicationClientSecret?: pulumi.Input<string> | undefined;
  /**
   * One line of 1 to 1000 characters, any change of which sends the App Registration again, for example after it was changed on the
   * platform by hand. Without an App Registration it sends nothing.
   *
   * @example "2026-11-23"
   */
  resendSecret?: pulumi.Input<string> | undefined;
  /**
   * The customer's full name: one line of 1 to 500 characters. Declared, it is compared and kept; not declared, it is an output only.
   *
   * @example "Contoso Ltd"
   */
  customerFullName?: pulumi.Input<string> | undefined;
  /**
   * What destroying the resource does: leave the licence as it is, or move Pro to Essentials Plus of the same family. What counts is
   * what the last `pulumi up` has put into state.
   *
   * @default "retain"
   */
  onDestroy?: pulumi.Input<"retain" | "downgrade"> | undefined;
  /**
   * The longest wait for one task of the platform, at most a day. When it is over, `pulumi up` fails, the task goes on, and the next
   * `pulumi up` goes on waiting for it.
   *
   * @default "30m"
   * @example "90s"
   */
  taskTimeout?: pulumi.Input<Duration> | undefined;
  /**
   * Lets the count go below the active users. What the platform then does is not documented. Changing it needs no request.
   *
   * @default false
   */
  allowBelowUse?: pulumi.Input<boolean> | undefined;
}

/** The same once checked: all known, all in their one normal form. */
export interface CustomerInputs {
  readonly customerGuid: string;
  readonly licenseType: LicenseType;
  readonly licensedUsersCount: number;
  readonly applicationClientId?: string | undefined;
  readonly applicationClientSecret?: string | undefined;
  readonly resendSecret?: string | undefined;
  readonly customerFullName?: string | undefined;
  readonly onDestroy?: "retain" | "downgrade" | undefined;
  readonly taskTimeout?: string | undefined;
  readonly allowBelowUse?: boolean | undefined;
}

/** The longest wait for one task where none is declared. */
export const DEFAULT_TASK_TIMEOUT = "30m";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** The largest count that the API's integer holds. */
const MOST_USERS = 2_147_483_647;
const TYPE_WORDS = `must be ${Object.values(LicenseType).join(", ")}, or the API's number 1, 2, 4 or 5`;

const uuid = z.string("must be a UUID").regex(UUID, "must be a UUID such as d5253892-1c1e-4b23-89d7-29d86734c31b");
const flag = z.boolean("must be true or false");

/** Text of one line. Control characters have no place in a name, and would garble logs. */
function line(most: number): z.ZodString {
  return z
    .string("must be a text")
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .regex(/^[^\p{Cc}]*$/u, "must not hold control characters");
}

const licenseType = z
  .union([z.enum(LicenseType), z.literal([1, 2, 4, 5])], TYPE_WORDS)
  .transform((type) => (typeof type === "number" ? (fromDeclaredCode(type) ?? z.NEVER) : type));

const taskTimeout = z
  .string("must be a time such as 90s or 30m")
  .refine((value) => parseDuration(value) !== undefined, "must be a time such as 90s, 30m or 2h, up to a day");

/** The form of each input; the fleet file's schema is made from the same. */
export const customerFields = {
  customerGuid: uuid.transform((guid) => guid.toLowerCase()),
  licenseType,
  licensedUsersCount: z
    .number("must be a whole number, 1 or more")
    .int("must be a whole number, 1 or more")
    .min(1, "must be 1 or more")
    .max(MOST_USERS, `must be at most ${MOST_USERS}`),
  applicationClientId: uuid,
  applicationClientSecret: line(1000),
  resendSecret: line(1000),
  customerFullName: line(500),
  onDestroy: z.enum(["retain", "downgrade"], "must be retain or downgrade"),
  taskTimeout,
  allowBelowUse: flag,
} as const;

const rules: Readonly<Record<keyof typeof customerFields, FieldRule>> = {
  customerGuid: { schema: customerFields.customerGuid, required: true },
  licenseType: { schema: customerFields.licenseType, required: true },
  licensedUsersCount: { schema: customerFields.licensedUsersCount, required: true },
  applicationClientId: { schema: customerFields.applicationClientId },
  applicationClientSecret: { schema: customerFields.applicationClientSecret, secret: true },
  resendSecret: { schema: customerFields.resendSecret },
  customerFullName: { schema: customerFields.customerFullName },
  onDestroy: { schema: customerFields.onDestroy },
  taskTimeout: { schema: customerFields.taskTimeout },
  allowBelowUse: { schema: customerFields.allowBelowUse },
};

/** What `check` makes of the inputs. */
export interface CheckedCustomer {
  readonly inputs: Properties;
  readonly failures: CheckFailure[];
}

/** Checks the inputs in themselves, without looking at the platform. */
export function checkCustomer(raw: Properties): CheckedCustomer {
  const { inputs, failures } = checkFields(rules, raw);
  const hasId = raw["applicationClientId"] !== undefined && raw["applicationClientId"] !== null;
  const hasSecret = raw["applicationClientSecret"] !== undefined && raw["applicationClientSecret"] !== null;
  if (hasId !== hasSecret) {
    failures.push({
      property: "applicationClientId",
      reason: hasId
        ? "an App Registration is both: add applicationClientSecret, or take applicationClientId out."
        : "an App Registration is both: add applicationClientId, or take applicationClientSecret out.",
    });
  }
  return { inputs, failures };
}

const knownInputs = z.object({
  customerGuid: customerFields.customerGuid,
  licenseType: z.enum(LicenseType),
  licensedUsersCount: z.number(),
  applicationClientId: z.string().optional(),
  applicationClientSecret: z.string().optional(),
  resendSecret: z.string().optional(),
  customerFullName: z.string().optional(),
  onDestroy: customerFields.onDestroy.optional(),
  taskTimeout: z.string().optional(),
  allowBelowUse: z.boolean().optional(),
});

/** Inputs that went through `check`, typed; all are known. */
export function readCustomerInputs(inputs: Properties): CustomerInputs {
  return knownInputs.parse(inputs);
}

/**
 * Inputs as state may hold them. After a refresh they tell what the platform holds, which may be a licence that cannot be declared, or
 * none; and the engine has the next refresh compare with them.
 */
export type ComparableCustomerInputs = Omit<CustomerInputs, "licenseType" | "licensedUsersCount"> & {
  readonly licenseType?: ObservedLicenseType | undefined;
  readonly licensedUsersCount?: number | undefined;
};

/** A licence as state holds it; what cannot be read is left out. */
export const observedLicenseType = z
  .custom<ObservedLicenseType>((value) => typeof value === "string")
  .optional()
  .catch(undefined);

const comparableInputs = knownInputs.extend({
  licenseType: observedLicenseType,
  licensedUsersCount: z.number().optional(),
});

/** Inputs that went through `check`, or that a refresh has put into state; all are known. */
export function readComparableCustomerInputs(inputs: Properties): ComparableCustomerInputs {
  return comparableInputs.parse(inputs);
}

/** The part of checked inputs that is known in preview. */
export type KnownCustomerInputs = { readonly [Name in keyof CustomerInputs]?: CustomerInputs[Name] | undefined };

/** Reads the part of checked inputs that is known in preview. */
export function readKnownCustomerInputs(inputs: Properties): KnownCustomerInputs {
  return knownInputs
    .extend({ licenseType: z.enum(LicenseType).optional().catch(undefined) })
    .partial()
    .parse(Object.fromEntries(Object.entries(inputs).filter(([, value]) => !holdsUnknown(value))));
}
