import * as z from "zod";
import { type Mistake, mistakeIn } from "../resource/mistake";
import type { Properties } from "../resource/properties";
import { holdsUnknown } from "../resource/unknowns";
import { sameName, sameUuid } from "../text/names";
import { parseDuration } from "../time/duration";
import { checkFields, field, type Fields, type Lenient, output, type Outputs, readLeniently } from "../resource/fields";
import { fromDeclaredCode, LicenseType, type ObservedLicenseType } from "./license-type";

/** The longest wait for one task where none is declared. */
export const DEFAULT_TASK_TIMEOUT = "30m";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_FORM = "must be a UUID such as d5253892-1c1e-4b23-89d7-29d86734c31b";
/** The largest count that the API's integer holds. */
const MOST_USERS = 2_147_483_647;
const TYPE_WORDS = `must be ${Object.values(LicenseType).join(", ")}, or the API's number 1, 2, 4 or 5`;

const uuid = z.string(UUID_FORM).regex(UUID, UUID_FORM);

/** Text of one line. Control characters have no place in a name, and would garble logs. */
function line(most: number): z.ZodString {
  return z
    .string("must be a string")
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .regex(/^[^\p{Cc}]*$/u, "must not hold control characters");
}

const licenseType = z
  .union([z.enum(LicenseType), z.literal([1, 2, 4, 5])], TYPE_WORDS)
  .transform((type) => (typeof type === "number" ? (fromDeclaredCode(type) ?? z.NEVER) : type));

const userCount = z
  .number("must be a whole number, 1 or more")
  .int("must be a whole number, 1 or more")
  .min(1, "must be 1 or more")
  .max(MOST_USERS, `must be at most ${MOST_USERS}`);

const DURATION = "must be a time such as 90s, 30m or 2h, up to a day";

const taskTimeout = z.string(DURATION).refine((value) => parseDuration(value) !== undefined, DURATION);

/** The table of inputs: what is checked, compared, kept in state, and shown in schemas and docs derives from it. */
export const customerFields = {
  customerGuid: field(
    uuid.transform((guid) => guid.toLowerCase()),
    {
      scope: "identity",
      doc: "The customer's `umpCustomerGuid`, a UUID in any case; state holds it in lower case, as the resource's id. Changing it replaces the resource.",
      examples: ["d5253892-1c1e-4b23-89d7-29d86734c31b"],
    },
  ),
  licenseType: field(licenseType, {
    scope: "remote",
    wire: "licenseType",
    doc: "The licence that the customer is to hold, or the API's number of it: 1, 2, 4 or 5. `Hosted` is Direct Routing, `Oc` is Operator Connect; a move from one to the other is refused.",
    examples: ["OcPro"],
    output: {
      type: "ObservedLicenseType",
      doc: "After a refresh the output may also be one that cannot be declared: `HostedEssentials`, `OcEssential` or `Unknown(7)`.",
    },
  }),
  licensedUsersCount: field(userCount, {
    scope: "remote",
    wire: "licensedUsersCount",
    doc: "The number of licensed users: a whole number from 1 to 2147483647. One below the licences in use is refused, unless `allowBelowUse` is set.",
    examples: [50],
  }),
  applicationClientId: field(uuid.optional(), {
    scope: "remote",
    wire: "applicationClientId",
    same: sameUuid,
    mayBeSecret: true,
    doc: "Application (client) id of the App Registration that secures the link to the customer's Microsoft 365: a UUID. It goes together with `applicationClientSecret`; a move from Operator Connect Essential needs both. Taking both out sends nothing.",
    examples: ["0fdc8122-e0b5-43ac-8433-54860113710d"],
  }),
  applicationClientSecret: field(line(1000).optional(), {
    scope: "remote",
    wire: "applicationClientSecret",
    secret: true,
    doc: "Client secret of the App Registration: one line of 1 to 1000 characters. Always encrypted in state. The platform masks it, so it cannot be compared with what is there: it is sent when it differs from the one sent or adopted before.",
    output: { doc: "The output is there once it was sent or adopted." },
  }),
  resendSecret: field(line(1000).optional(), {
    scope: "remote",
    planned: true,
    compare: (declared, held, { applicationClientId }) =>
      declared === held ? "none" : applicationClientId === undefined ? "local" : "remote",
    mayBeSecret: true,
    doc: "One line of 1 to 1000 characters, any change of which sends the App Registration again, for example after somebody changed it on the platform. Without an App Registration it sends nothing.",
    examples: ["2026-11-23"],
  }),
  customerFullName: field(line(500).optional(), {
    scope: "remote",
    wire: "customerFullName",
    same: sameName,
    doc: "The customer's full name: one line of 1 to 500 characters. Declared, it is compared and kept; not declared, it is an output only.",
    examples: ["Contoso Ltd"],
  }),
  onDestroy: field(z.enum(["retain", "downgrade"], "must be retain or downgrade").optional(), {
    scope: "local",
    default: "retain",
    doc: "What destroying the resource does: `retain` leaves the licence as it is, `downgrade` moves Pro to Essentials Plus of the same family. What counts is what the last `pulumi up` has put into state.",
  }),
  taskTimeout: field(taskTimeout.optional(), {
    scope: "local",
    default: DEFAULT_TASK_TIMEOUT,
    doc: "The longest wait for one task of the platform, such as `90s`, `30m` or `2h`; at most a day. When it is over, `pulumi up` fails, the task goes on, and the next `pulumi up` goes on waiting for it.",
    examples: ["90s", "30m", "2h"],
    type: "Duration",
  }),
  allowBelowUse: field(z.boolean("must be true or false").optional(), {
    scope: "local",
    default: false,
    doc: "Lets the count go below the licences in use. What the platform then does is not documented.",
  }),
} satisfies Fields;

/** The table of outputs that are no inputs, and of the one that is there whether or not it is declared. */
export const customerOutputs = {
  customerFullName: output(z.string().optional(), {
    lasts: true,
    doc: "The customer's full name, as the platform holds it.",
  }),
  customerShortName: output(z.string().optional(), {
    lasts: true,
    doc: "The customer's short name, as the platform holds it.",
  }),
  clientSecretExpiresAt: output(z.string().optional(), {
    doc: "When the App Registration's secret expires (ISO 8601, the platform's text taken as UTC), where the platform shows it.",
  }),
  lastTaskId: output(z.string().optional(), {
    doc: "The platform's id of the last task that ran for this customer, such as `tsk_185510`; absent where none ran.",
  }),
  pendingTask: output(z.unknown(), {
    type: "PendingTask",
    unfinished: true,
    doc: 'A task whose end has not been seen, which the next `pulumi up` goes on with: `{version: 1, id, target: {licenseType, licensedUsersCount}, sentAt}`. `id` is `null` where the platform\'s answer was lost; `call: "PATCH"` where a PATCH started it, and not an upgrade.',
  }),
  pendingPatch: output(z.boolean().optional(), {
    unfinished: true,
    doc: "`true` while a PATCH is owed; the next `pulumi up` sends it.",
  }),
  unverified: output(z.boolean().optional(), {
    unfinished: true,
    doc: "`true` while the effect of the last write has not been seen: the other outputs show what was seen before it. The next `pulumi up` looks first, whatever the program declares.",
  }),
} satisfies Outputs;

const customerForm = z.object(customerFields);

/** The inputs once checked: all known, all in their one normal form. */
export type CustomerInputs = Readonly<z.output<typeof customerForm>>;

/** What `check` makes of the inputs. */
export interface CheckedCustomer {
  readonly inputs: Properties;
  readonly mistakes: Mistake[];
}

/** Checks the inputs in themselves, without looking at the platform. */
export function checkCustomer(raw: Properties): CheckedCustomer {
  const { inputs, mistakes } = checkFields(customerFields, raw);
  const hasId = raw["applicationClientId"] !== undefined && raw["applicationClientId"] !== null;
  const hasSecret = raw["applicationClientSecret"] !== undefined && raw["applicationClientSecret"] !== null;
  if (hasId !== hasSecret) {
    const fix = hasId ? "add the secret or remove the id." : "add the id or remove the secret.";
    mistakes.push(
      mistakeIn("applicationClientId", `applicationClientId and applicationClientSecret go together: ${fix}`),
    );
  }
  return { inputs, mistakes };
}

/** Inputs that went through `check`, typed; all are known. */
export function readCustomerInputs(inputs: Properties): CustomerInputs {
  return customerForm.parse(inputs);
}

/** The form of the inputs in state: after a refresh it tells what the platform holds, declarable or not. */
export const observedCustomerForm = customerForm.extend({
  licenseType: z.custom<ObservedLicenseType>((value) => typeof value === "string"),
  licensedUsersCount: z.number(),
});

/** Inputs that went through `check`, or that a refresh has put into state and the next one compares with. */
export type ComparableCustomerInputs = Lenient<z.output<typeof observedCustomerForm>>;

/** Reads inputs that went through `check`, or that a refresh has put into state; all are known. */
export function readComparableCustomerInputs(inputs: Properties): ComparableCustomerInputs {
  return readLeniently(observedCustomerForm.partial(), inputs);
}

/** The part of checked inputs that is known in preview. */
export type KnownCustomerInputs = Lenient<CustomerInputs>;

/** Reads the part of checked inputs that is known in preview. */
export function readKnownCustomerInputs(inputs: Properties): KnownCustomerInputs {
  return customerForm
    .extend({ licenseType: licenseType.optional().catch(undefined) })
    .partial()
    .parse(Object.fromEntries(Object.entries(inputs).filter(([, value]) => !holdsUnknown(value))));
}
