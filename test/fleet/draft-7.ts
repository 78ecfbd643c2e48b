import { isDeepStrictEqual } from "node:util";

type Schema = Readonly<Record<string, unknown>>;
type Rule = (argument: unknown, value: unknown, schema: Schema) => boolean;

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): Schema {
  if (!isObject(value)) {
    throw new TypeError(`not a schema: ${JSON.stringify(value)}`);
  }
  return value;
}

function typeMatches(type: unknown, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    default:
      throw new TypeError(`unknown type ${String(type)}`);
  }
}

const ANNOTATION: Rule = () => true;

/** The keywords that the schema of the fleet file is made of; another one must be added here first. */
const RULES: Readonly<Record<string, Rule>> = {
  $schema: ANNOTATION,
  title: ANNOTATION,
  description: ANNOTATION,
  default: ANNOTATION,
  examples: ANNOTATION,
  type: (types, value) => [types].flat().some((type) => typeMatches(type, value)),
  enum: (values, value) => (values as unknown[]).some((one) => isDeepStrictEqual(one, value)),
  const: (wanted, value) => isDeepStrictEqual(wanted, value),
  anyOf: (schemas, value) => (schemas as unknown[]).some((one) => accepts(one, value)),
  minimum: (least, value) => typeof value !== "number" || value >= Number(least),
  maximum: (most, value) => typeof value !== "number" || value <= Number(most),
  minLength: (least, value) => typeof value !== "string" || Array.from(value).length >= Number(least),
  maxLength: (most, value) => typeof value !== "string" || Array.from(value).length <= Number(most),
  pattern: (pattern, value) => typeof value !== "string" || new RegExp(String(pattern), "u").test(value),
  items: (schema, value) => !Array.isArray(value) || value.every((item) => accepts(schema, item)),
  required: (names, value) => !isObject(value) || (names as string[]).every((name) => Object.hasOwn(value, name)),
  propertyNames: (schema, value) => !isObject(value) || Object.keys(value).every((name) => accepts(schema, name)),
  properties: (schemas, value) =>
    !isObject(value) ||
    Object.entries(asSchema(schemas)).every(
      ([name, schema]) => !Object.hasOwn(value, name) || accepts(schema, value[name]),
    ),
  additionalProperties: (schema, value, { properties }) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, item]) => Object.hasOwn(asSchema(properties ?? {}), name) || (schema !== false && accepts(schema, item)),
    ),
  dependencies: (dependencies, value) =>
    !isObject(value) ||
    Object.entries(asSchema(dependencies)).every(
      ([name, others]) =>
        !Object.hasOwn(value, name) || (others as string[]).every((other) => Object.hasOwn(value, other)),
    ),
};

/**
 * Whether a JSON Schema (draft 7, the part that is used here) takes a value.
 * @throws TypeError for a keyword or type that this does not know.
 */
export function accepts(schema: unknown, value: unknown): boolean {
  const known = asSchema(schema);
  return Object.entries(known)
    .map(([keyword, argument]) => {
      const rule = RULES[keyword];
      if (rule === undefined) {
        throw new TypeError(`unknown keyword ${keyword}`);
      }
      return rule(argument, value, known);
    })
    .every((holds) => holds);
}
