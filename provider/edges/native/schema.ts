import * as z from "zod";

/** A type in Pulumi's schema. */
export interface TypeSpec {
  readonly type?: "string" | "integer" | "number" | "boolean" | "object";
  readonly $ref?: string;
  readonly additionalProperties?: TypeSpec;
  readonly oneOf?: readonly TypeSpec[];
}

/** A property in Pulumi's schema. */
export type PropertySpec = TypeSpec & {
  readonly description: string;
  readonly secret?: true;
  readonly willReplaceOnChanges?: true;
};

/** What the schema takes of an input. */
type DescribedInput = z.ZodType & {
  readonly field: {
    readonly scope: "identity" | "remote" | "local";
    readonly doc: string;
    readonly default?: string | boolean;
    readonly secret?: boolean;
  };
};

/** An output that is no input. */
interface DescribedOutput {
  readonly type: TypeSpec;
  readonly doc: string;
  /** Whether no update changes it, so that previews know it. */
  readonly lasts?: true;
}

/** A resource as the schema describes it. */
export interface DescribedResource {
  readonly token: string;
  readonly doc: string;
  readonly inputs: Readonly<Record<string, DescribedInput>>;
  readonly outputs: Readonly<Record<string, DescribedOutput>>;
  /** The types under which state may hold the same resource. */
  readonly aliases: readonly string[];
}

/** One of the values that an input may have. */
interface DescribedValue {
  readonly value: string;
  readonly doc: string;
}

/** Names that generated code gives to a choice of values. */
export type NamedChoices = Readonly<Record<string, readonly DescribedValue[]>>;

/** A resource in Pulumi's schema. */
export interface ResourceSpec {
  readonly description: string;
  readonly inputProperties: Readonly<Record<string, PropertySpec>>;
  readonly requiredInputs: readonly string[];
  readonly properties: Readonly<Record<string, PropertySpec>>;
  readonly required: readonly string[];
  readonly aliases: readonly { readonly type: string }[];
}

/** The resource in Pulumi's schema. Outputs are each input as applied, and those that are no inputs. */
export function resourceSpec(resource: DescribedResource, choices: NamedChoices, packageName: string): ResourceSpec {
  const inputs = Object.entries(resource.inputs);
  const identity = inputs.filter(([, { field }]) => field.scope === "identity").map(([name]) => name);
  const properties = (isInput: boolean): [string, PropertySpec][] =>
    inputs.map(([name, input]) => [name, inputSpec(input, choices, packageName, isInput)]);
  return {
    description: resource.doc,
    inputProperties: Object.fromEntries(properties(true)),
    requiredInputs: inputs.filter(([, input]) => !input.safeParse(undefined).success).map(([name]) => name),
    properties: {
      ...Object.fromEntries(properties(false)),
      ...Object.fromEntries(
        Object.entries(resource.outputs).map(([name, { type, doc }]) => [name, { ...type, description: doc }]),
      ),
    },
    required: identity,
    aliases: resource.aliases.map((type) => ({ type })),
  };
}

/** The types that name the choices. */
export function choiceTypes(choices: NamedChoices, packageName: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(choices).map(([name, values]) => [
      `${packageName}:index:${name}`,
      { type: "string", enum: values.map(({ value, doc }) => ({ name: capitalised(value), value, description: doc })) },
    ]),
  );
}

function inputSpec(input: DescribedInput, choices: NamedChoices, packageName: string, isInput: boolean): PropertySpec {
  const { scope, doc, default: fallback, secret } = input.field;
  const json: unknown = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  const type = typeOf(readJsonSchema(json), (values) => {
    // What is there may be a value that cannot be declared.
    const named = isInput ? Object.entries(choices).find(([, choice]) => sameValues(choice, values)) : undefined;
    return named === undefined ? { type: "string" } : { $ref: `#/types/${packageName}:index:${named[0]}` };
  });
  return {
    ...type,
    description: fallback === undefined ? doc : `${doc} Default: \`${fallback}\`.`,
    ...(secret === true ? { secret: true } : {}),
    ...(isInput && scope === "identity" ? { willReplaceOnChanges: true } : {}),
  };
}

const jsonSchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  get anyOf() {
    return z.array(jsonSchema).optional();
  },
  get additionalProperties() {
    return z.union([jsonSchema, z.boolean()]).optional();
  },
});
type JsonSchema = z.infer<typeof jsonSchema>;

function readJsonSchema(json: unknown): JsonSchema {
  return jsonSchema.parse(json);
}

/** The type of a form. Of several forms the plain one counts: not the API's numbers for names, nor its lists and objects. */
function typeOf(form: JsonSchema, choiceOf: (values: readonly string[]) => TypeSpec): TypeSpec {
  if (form.anyOf !== undefined) {
    const types = form.anyOf.filter(isPlain).map((each) => typeOf(each, choiceOf));
    const [first] = types;
    if (first === undefined) {
      throw new Error("A form of which Pulumi's schema can show no alternative.");
    }
    return types.length === 1 ? first : { oneOf: types };
  }
  const values = valuesOf(form);
  if (values !== undefined) {
    return form.const === undefined ? choiceOf(values) : { type: "string" };
  }
  const { type, additionalProperties } = form;
  if (type === "string" || type === "integer" || type === "number" || type === "boolean") {
    return { type };
  }
  if (type === "object" && typeof additionalProperties === "object") {
    return { type, additionalProperties: typeOf(additionalProperties, choiceOf) };
  }
  throw new Error(`A form that Pulumi's schema cannot show: ${JSON.stringify(form)}`);
}

function isPlain(form: JsonSchema): boolean {
  const isLiteral = form.enum !== undefined || form.const !== undefined;
  return isLiteral ? valuesOf(form) !== undefined : form.type !== "array" && !isFixedObject(form);
}

function isFixedObject({ type, additionalProperties }: JsonSchema): boolean {
  return type === "object" && typeof additionalProperties !== "object";
}

/** The texts that a form is limited to. */
function valuesOf(form: JsonSchema): readonly string[] | undefined {
  const values = form.enum ?? (form.const === undefined ? undefined : [form.const]);
  return values?.every((value) => typeof value === "string") === true ? values : undefined;
}

function sameValues(choice: readonly DescribedValue[], values: readonly string[]): boolean {
  return choice.length === values.length && choice.every(({ value }) => values.includes(value));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
