import * as z from "zod";

/** The form of a value, as far as types and tables need it. */
export type Form =
  | { readonly kind: "text" | "whole number" | "number" | "boolean" | "anything" }
  | { readonly kind: "one of"; readonly values: readonly (string | number)[] }
  | { readonly kind: "map"; readonly of: Form }
  | { readonly kind: "object"; readonly members: Readonly<Record<string, Form>> }
  | { readonly kind: "list" }
  | { readonly kind: "either"; readonly forms: readonly Form[] };

const jsonSchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  const: z.union([z.string(), z.number(), z.boolean()]).optional(),
  get anyOf() {
    return z.array(jsonSchema).optional();
  },
  get properties() {
    return z.record(z.string(), jsonSchema).optional();
  },
  get additionalProperties() {
    return z.union([jsonSchema, z.boolean()]).optional();
  },
});

/** The form in which a value is given. */
export function formOf(type: z.ZodType): Form {
  return read(jsonSchema.parse(z.toJSONSchema(type, { io: "input", unrepresentable: "any" })));
}

function read(schema: z.infer<typeof jsonSchema>): Form {
  const { type, additionalProperties } = schema;
  const values = schema.enum ?? (typeof schema.const === "boolean" ? undefined : schema.const);
  if (schema.anyOf !== undefined) {
    return { kind: "either", forms: schema.anyOf.map(read) };
  }
  if (values !== undefined) {
    return { kind: "one of", values: [values].flat() };
  }
  switch (type) {
    case "string":
      return { kind: "text" };
    case "integer":
      return { kind: "whole number" };
    case "number":
    case "boolean":
      return { kind: type };
    case "array":
      return { kind: "list" };
    case "object":
      return typeof additionalProperties === "object"
        ? { kind: "map", of: read(additionalProperties) }
        : { kind: "object", members: mapped(schema.properties ?? {}, read) };
    default:
      return { kind: "anything" };
  }
}

/** Whether a value may be left out. */
export function isOptional(type: z.ZodType): boolean {
  return type.safeParse(undefined).success;
}

/** The same names with other values. */
export function mapped<From, To>(
  values: Readonly<Record<string, From>>,
  map: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value, name)]));
}
