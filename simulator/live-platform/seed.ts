import { z } from "zod";

import { durationSchema } from "../duration";
import { livePlatformSettings, taskOutcomeSchema } from "./settings";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID in any case, read into lower case. */
export const uuidSchema = z
  .string()
  .regex(UUID, "write a UUID such as d5253892-1c1e-4b23-89d7-29d86734c31b")
  .transform((text) => text.toLowerCase());

const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? null);
const optionalUuid = uuidSchema.nullish().transform((text) => text ?? null);
const optionalCount = z
  .int()
  .min(0)
  .nullish()
  .transform((count) => count ?? null);
const count = z.int().min(0).default(0);

const taskMessageSchema = z.union([
  z.string().transform((message) => ({ level: "Error", message })),
  z.strictObject({ level: z.string(), message: z.string() }),
]);

const customerFields = {
  guid: uuidSchema,
  shortName: z.string().optional(),
  fullName: z.string().optional(),
  licenseType: z
    .int()
    .nullish()
    .transform((type) => type ?? null),
  licensedUsersCount: optionalCount,
  msTenantId: optionalUuid,
  activeUserCount: count,
  /** The licences in use, which `licenseinfo` shows; null: as many as active users. */
  currentlyLicensed: optionalCount,
  /** When they were counted, as `licenseinfo` shows it; null: now. */
  lastUpdate: optionalText,
  liveHubActiveUsersCount: count,
  liveHubSimpleUsersCount: count,
  msDefaultDomain: optionalText,
  applicationClientId: optionalUuid,
  applicationClientSecret: optionalText,
  clientSecretExpirationDate: optionalText,
  taskOutcome: taskOutcomeSchema.nullish().transform((outcome) => outcome ?? null),
  taskDuration: z
    .string()
    .nullish()
    .transform((text) => text ?? null),
  taskDetails: z.array(z.string()).default([]),
  taskMessages: z.array(taskMessageSchema).default([]),
  /** The PATCH answers `1` and changes nothing. */
  ignorePatch: z.boolean().default(false),
  /** An upgrade just left the customer without an App Registration: the next PATCH must bring one. */
  appRegistrationOwed: z.boolean().default(false),
};

/** A customer in the seed; reading what was read before changes nothing, so that an edit can be merged and read again. */
export const customerSchema = z
  .strictObject(customerFields)
  .superRefine((customer, context) => {
    const duration = customer.taskDuration === null ? undefined : durationSchema.safeParse(customer.taskDuration);
    if (duration?.success === false) {
      context.addIssue({ code: "custom", path: ["taskDuration"], message: duration.error.issues[0]?.message ?? "" });
    }
  })
  .transform((customer) => {
    const shortName = customer.shortName ?? customer.fullName ?? customer.guid.slice(0, 8);
    return { ...customer, shortName, fullName: customer.fullName ?? shortName };
  });

/** A customer as the simulator holds it. */
export type Customer = z.output<typeof customerSchema>;

const leadSchema = z.strictObject({
  shortName: z.string(),
  fullName: z.string(),
  msTenantId: optionalUuid,
});

/** A lead: a prospective customer to which no licence has been applied, so that it has no GUID. */
export type Lead = z.output<typeof leadSchema>;

const clientSchema = z.strictObject({ id: z.string().min(1), secret: z.string().min(1) });

const seedFields = {
  clients: z
    .array(clientSchema)
    .min(1)
    .default([{ id: "00000000-0000-4000-8000-00000000c11e", secret: "simulator-client-secret" }]),
  directoryTenantId: z.string().min(1).default("00000000-0000-4000-8000-0000000d12ec"),
  scope: z.string().min(1).default("api://9d576dc4-b85d-4571-880e-4c6ed4c08c31/.default"),
  ...livePlatformSettings,
  customers: z
    .array(customerSchema)
    .default([])
    .superRefine((customers, context) => {
      const seen = new Set<string>();
      customers.forEach(({ guid }, index) => {
        if (seen.has(guid)) {
          context.addIssue({ code: "custom", path: [index, "guid"], message: `a second customer with ${guid}` });
        }
        seen.add(guid);
      });
    }),
  leads: z.array(leadSchema).default([]),
};

/** The names that this part of a seed uses. */
export const livePlatformSeedNames: readonly string[] = [
  seedFields,
  customerFields,
  leadSchema.shape,
  clientSchema.shape,
].flatMap((fields) => Object.keys(fields));

/** The seed of Live Platform and of the directory that gives out its tokens. */
export const livePlatformSeedSchema = z
  .strictObject(seedFields)
  .transform(({ clients, directoryTenantId, scope, customers, leads, ...settings }) => ({
    clients,
    directoryTenantId,
    scope,
    customers,
    leads,
    settings,
  }));

/** The part of a seed that concerns Live Platform, with all defaults filled in. */
export type LivePlatformSeed = z.output<typeof livePlatformSeedSchema>;
