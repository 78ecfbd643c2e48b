import * as z from "zod";
import { PROFILE_KEY } from "../../fleet/keys";
import { customerFields } from "../../provider/customer/fields";
import type { Fields } from "../../provider/resource/fields";
import { allocationForm, tenantFields } from "../../provider/tenant/fields";

/**
 * A text that is taken as it is written. An editor reads `0042` and `null` by YAML's rules before it looks at the schema, so there
 * they must not be wrong.
 */
function asWritten(form: z.ZodType): z.ZodType {
  return z.union([form, z.number(), z.boolean(), z.null()]);
}

/** A map that may also be left empty, as when all its lines are comments. */
function orNothing(form: z.ZodType): z.ZodType {
  return z.union([form, z.null()]);
}

/** What the file says in another way than a program. */
interface OwnForm {
  readonly form: z.ZodType;
  readonly doc?: string;
}

/**
 * How the inputs of a resource are written in the file: by the resource's own forms, free texts as they are written, and some in a form
 * of the file's `own`.
 */
function written(fields: Fields, own: Readonly<Record<string, OwnForm>>): z.ZodObject {
  const entries = Object.entries(fields).map(([name, one]) => {
    const { doc, examples, default: byDefault, secret } = one.field;
    const form = own[name]?.form ?? (one.safeParse("1").success ? asWritten(one).optional() : one);
    const described = {
      description: own[name]?.doc ?? doc,
      ...(byDefault === undefined ? {} : { default: byDefault }),
      ...(examples === undefined || secret === true ? {} : { examples: [...examples] }),
    };
    return [name, form.meta(described)] as const;
  });
  return z.strictObject(Object.fromEntries(entries));
}

const secretReference = z.strictObject({
  config: asWritten(z.string().min(1)).meta({
    description: "The key in the stack's configuration, without its namespace voice-licenses.",
    examples: ["contosoAppSecret"],
  }),
});

/** What may be written about a customer. */
const customerForm = written(customerFields, {
  applicationClientSecret: {
    form: secretReference.optional(),
    doc: "Where the App Registration's client secret is: a secret of the stack, set with `pulumi config set --secret voice-licenses:<key>`. Never the secret itself.",
  },
}).meta({
  description: "The service licence of one customer of the Live Platform.",
  dependencies: {
    applicationClientId: ["applicationClientSecret"],
    applicationClientSecret: ["applicationClientId"],
  },
});

const allocation = allocationForm.meta({
  description: "`unlimited`, or a whole number (0: not licensed), or the same as the gateway's API writes it.",
});

/** What may be written as services of one kind: a map may also be left empty. */
const services = {
  form: z
    .union([
      z.record(z.string(), allocation),
      z.array(z.strictObject({ name: asWritten(z.string()), allocated: allocation })),
      z.null(),
    ])
    .optional(),
};

/** What may be written about a tenant. */
const tenantForm = written(tenantFields, {
  tenantId: {
    form: asWritten(tenantFields.tenantId).optional(),
    doc: `${tenantFields.tenantId.field.doc} Where it is not given, it is the resource's name.`,
  },
  groupServices: services,
  userServices: services,
}).meta({ description: "The service licences of one tenant of a BroadWorks gateway." });

const oneOrSeveral = z.union([z.string().min(1), z.array(z.string().min(1))]);

const profile = z.union([asWritten(z.string()), z.array(asWritten(z.string()))]).meta({
  description:
    "The profile, or profiles, that give what is not given here: services one by one, all else as a whole; the last profile first.",
  examples: ["standard-pbx"],
});

/** What defaults and profiles may say: anything but what identifies an object. */
const sharedByCustomers = customerForm.omit({ customerGuid: true }).partial();
const sharedByTenants = tenantForm.omit({ tenantId: true }).partial();

/** What is required may come from a profile; the check knows. */
const declaredCustomer = sharedByCustomers
  .extend({
    customerGuid: customerFields.customerGuid.meta({ description: customerFields.customerGuid.field.doc }),
    [PROFILE_KEY]: profile.optional(),
  })
  .meta(customerForm.meta() ?? {});
const declaredTenant = tenantForm.extend({ [PROFILE_KEY]: profile.optional() }).meta(tenantForm.meta() ?? {});

const fleetForm = z
  .strictObject({
    include: orNothing(oneOrSeveral)
      .optional()
      .meta({
        description:
          "Other files with customers, tenants and profiles: paths or patterns, from the directory of this file. One that matches no file is a mistake.",
        examples: ["tenants/*.yaml"],
      }),
    csv: orNothing(oneOrSeveral)
      .optional()
      .meta({
        description:
          "Tables of tenants × services, as CSV: the first column is tenant, others are groupServices.<service>, userServices.<service>, profile, or another input. An empty cell says nothing.",
        examples: ["tenants.csv"],
      }),
    defaults: orNothing(
      z.strictObject({
        customer: orNothing(sharedByCustomers).optional().meta({ description: "For every customer." }),
        tenant: orNothing(sharedByTenants).optional().meta({ description: "For every tenant." }),
      }),
    )
      .optional()
      .meta({ description: "What counts where neither the customer or tenant nor a profile of it says anything." }),
    profiles: orNothing(
      z.record(z.string(), orNothing(z.strictObject({ ...sharedByCustomers.shape, ...sharedByTenants.shape }))),
    )
      .optional()
      .meta({ description: "Inputs under a name, for customers and tenants to take over." }),
    customers: orNothing(z.record(z.string(), declaredCustomer)).optional().meta({
      description: "Customers of the Live Platform, each under the name of its resource.",
    }),
    tenants: orNothing(z.record(z.string(), orNothing(declaredTenant)))
      .optional()
      .meta({
        description: "Tenants of the gateway, each under the name of its resource.",
      }),
  })
  .meta({
    title: "Fleet file of pulumi-voice-licenses",
    description: "Voice-service licences as they are to be, read by declareFleet().",
  });

/**
 * The JSON Schema (draft 7, which editors know best) of the fleet file, made from the forms that the resources themselves check by.
 *
 * It is published as `pulumi-voice-licenses/licenses.schema.json`. It cannot express all that `declareFleet` checks, for example that two
 * customers have the same GUID.
 */
export function licensesJsonSchema(): unknown {
  return z.toJSONSchema(fleetForm, {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => {
      joinTypes(jsonSchema);
      // A pattern in JSON Schema has no flags, and a UUID is taken in any case.
      if (jsonSchema.pattern !== undefined) {
        jsonSchema.pattern = jsonSchema.pattern.replaceAll("[0-9a-f]", "[0-9a-fA-F]");
      }
    },
  });
}

/** Writes "this, or any number, or nothing" as a list of types, which means the same, and which editors explain better. */
function joinTypes(schema: JsonSchema): void {
  const [first, ...others] = schema.anyOf ?? [];
  const types = others.flatMap((other) => (Object.keys(other).length === 1 ? [other.type] : []));
  if (typeof first?.type === "string" && types.length > 0 && types.length === others.length) {
    delete schema.anyOf;
    Object.assign(schema, { ...first, ...schema, type: [first.type, ...types] });
  }
}

type JsonSchema = z.core.JSONSchema.BaseSchema;
