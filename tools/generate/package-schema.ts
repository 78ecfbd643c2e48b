import type { Field } from "../../provider/resource/fields";
import { type Setting, SETTINGS, type System } from "../../provider/systems/settings/table";
import { CHOICES, type DescribedResource, RESOURCES } from "./described";
import { type Form, formOf, isOptional, mapped } from "./forms";
import { choiceOf } from "./program-types";
import { outputDoc } from "./resource-class";
import type { SourceMember } from "./source-docs";
import { capitalised, sentence } from "./text";

/** A type in Pulumi's schema. */
interface TypeSpec {
  readonly type?: "string" | "integer" | "number" | "boolean" | "object";
  readonly $ref?: string;
  readonly additionalProperties?: TypeSpec;
  readonly oneOf?: readonly TypeSpec[];
}

/** A property in Pulumi's schema. */
type PropertySpec = TypeSpec & {
  readonly description: string;
  readonly secret?: true;
  readonly willReplaceOnChanges?: true;
};

/** What the schema shows of types that stand in source files. */
export interface SourceDocs {
  /** The constant `LicenseType`. */
  readonly licenseTypes: readonly SourceMember[];
  /** What `getCustomer` finds. */
  readonly customer: readonly SourceMember[];
}

/** The package's name, the first part of each token. */
const PACKAGE = "voice-licenses";

const TEXT: TypeSpec = { type: "string" };
const COUNT: TypeSpec = { type: "integer" };

/** The packages that programs install, by language. */
const LANGUAGES = {
  nodejs: {
    packageName: "pulumi-voice-licenses-native",
    packageDescription: "The native Pulumi provider for voice-service licences, for programs in TypeScript.",
    respectSchemaVersion: true,
    dependencies: { "@pulumi/pulumi": "^3.216.0" },
  },
  python: {
    packageName: "pulumi_voice_licenses",
    respectSchemaVersion: true,
    pyproject: { enabled: true },
    requires: { pulumi: ">=3.216.0,<4.0.0" },
  },
  go: {
    importBasePath: "pulumi-voice-licenses/sdk/go/voicelicenses",
    rootPackageName: "voicelicenses",
    respectSchemaVersion: true,
    generateResourceContainerTypes: true,
  },
} as const;

/** Pulumi's schema of the package: what the native plugin offers to programs in any language. */
export function packageSchema(version: string, source: SourceDocs): object {
  return {
    name: PACKAGE,
    displayName: "Voice licences",
    version,
    description:
      "Voice-service licences as code: AudioCodes Live Platform customers, and BroadWorks tenants behind a Netaxis APIO gateway.",
    keywords: ["pulumi", "category/utility", "kind/native", "voice", "licenses", "audiocodes", "broadworks"],
    license: "Apache-2.0",
    publisher: "pulumi-voice-licenses",
    language: LANGUAGES,
    config: { variables: instanceInputs() },
    provider: {
      description: "A provider instance: one Live Platform, one tenant gateway, or both.",
      inputProperties: instanceInputs(),
      properties: instanceInputs(),
    },
    types: {
      [token("LicenseType")]: enumeration(source.licenseTypes.map(({ name, doc }) => ({ value: name, doc }))),
      ...Object.fromEntries(CHOICES.map(({ name, values }) => [token(name), enumeration(values)])),
      [token("LivePlatform")]: settingsType("livePlatform", "How to reach the Live Platform."),
      [token("TenantGateway")]: settingsType("tenantGateway", "How to reach the tenant gateway."),
      ...Object.fromEntries(RESOURCES.flatMap(objectTypes)),
    },
    resources: Object.fromEntries(RESOURCES.map((resource) => [token(resource.name), resourceSpec(resource, source)])),
    functions: { [token("getCustomer")]: getCustomer(source) },
  };
}

function token(name: string): string {
  return `${PACKAGE}:index:${name}`;
}

function reference(name: string): TypeSpec {
  return { $ref: `#/types/${token(name)}` };
}

function enumeration(values: readonly { readonly value: string; readonly doc: string }[]): object {
  return {
    type: "string",
    enum: values.map(({ value, doc }) => ({ name: capitalised(value), value, description: doc })),
  };
}

/** The resource: outputs are each input as applied, and those that are no inputs. */
function resourceSpec(resource: DescribedResource, source: SourceDocs): object {
  const { name, doc, inputs } = resource;
  const identity = Object.entries(inputs).filter(([, { field }]) => field.scope === "identity");
  return {
    description: doc.join("\n\n"),
    inputProperties: mapped(inputs, (one) => inputSpec(one, source)),
    requiredInputs: Object.entries(inputs).flatMap(([input, one]) => (isOptional(one) ? [] : [input])),
    properties: {
      ...mapped(inputs, (one) => asApplied(one)),
      ...mapped(finishedOutputs(resource), (one, output) => {
        const named = resource.objectTypes?.[output];
        const type = named === undefined ? typeSpec(formOf(one), () => TEXT) : reference(named.name);
        return { ...type, description: one.output.doc };
      }),
    },
    required: identity.map(([input]) => input),
    aliases: [{ type: `pulumi-nodejs:dynamic/${PACKAGE}:${name}` }],
  };
}

function finishedOutputs({ outputs }: DescribedResource): DescribedResource["outputs"] {
  return Object.fromEntries(Object.entries(outputs).filter(([, one]) => one.output.unfinished !== true));
}

/** The types of outputs that are objects. */
function objectTypes({ name: owner, outputs, objectTypes: named = {} }: DescribedResource): [string, object][] {
  return Object.entries(named).map(([output, { name, doc }]) => {
    const form = outputs[output] === undefined ? undefined : formOf(outputs[output]);
    if (form?.kind !== "object") {
      throw new Error(`${owner} has no output ${output} that is an object.`);
    }
    const properties = mapped(form.members, (member) => typeSpec(member, () => TEXT));
    return [token(name), { type: "object", description: doc, properties }];
  });
}

function inputSpec(input: Field, source: SourceDocs): PropertySpec {
  const { scope, secret } = input.field;
  const type = typeSpec(formOf(input), (values) => {
    const isLicense = source.licenseTypes.every(({ name }) => values.includes(name));
    const name = isLicense ? "LicenseType" : choiceOf(values)?.name;
    return name === undefined ? TEXT : reference(name);
  });
  return {
    ...type,
    description: withDefault(input.field.doc, input.field.default),
    ...(secret === true ? { secret } : {}),
    ...(scope === "identity" ? { willReplaceOnChanges: true } : {}),
  };
}

/** What is there may be a value that cannot be declared. */
function asApplied(input: Field): PropertySpec {
  const { default: fallback, secret } = input.field;
  return {
    ...typeSpec(formOf(input), () => TEXT),
    description: withDefault(outputDoc(input), fallback),
    ...(secret === true ? { secret } : {}),
  };
}

function withDefault(doc: string, fallback: string | boolean | undefined): string {
  return fallback === undefined ? doc : `${doc} Default: \`${fallback}\`.`;
}

/** The type of a form. Of several forms the plain ones count: not the API's numbers for names, nor its lists and objects. */
function typeSpec(form: Form, choice: (values: readonly string[]) => TypeSpec): TypeSpec {
  switch (form.kind) {
    case "text":
      return TEXT;
    case "whole number":
      return COUNT;
    case "number":
    case "boolean":
      return { type: form.kind };
    case "one of": {
      const words = form.values.filter((value) => typeof value === "string");
      return words.length === 1 ? TEXT : choice(words);
    }
    case "map":
      return { type: "object", additionalProperties: typeSpec(form.of, choice) };
    case "either": {
      const types = form.forms.filter(isPlain).map((each) => typeSpec(each, choice));
      const [first] = types;
      return types.length === 1 && first !== undefined ? first : { oneOf: types };
    }
    default:
      throw new Error(`A form that Pulumi's schema cannot show: ${form.kind}`);
  }
}

function isPlain(form: Form): boolean {
  return form.kind === "one of"
    ? form.values.every((value) => typeof value === "string")
    : form.kind !== "list" && form.kind !== "object";
}

function getCustomer({ customer }: SourceDocs): object {
  return {
    description:
      "Looks up a customer by one of its names, exactly as the platform writes it. All lookups of a program share one list call.",
    inputs: {
      properties: {
        shortName: { ...TEXT, description: "Its short name. One of `shortName` and `fullName`." },
        fullName: { ...TEXT, description: "Its full name. One of `shortName` and `fullName`." },
      },
    },
    outputs: {
      properties: Object.fromEntries(
        customer.map(({ name, doc, text }) => [
          name,
          { ...(text.includes("number") ? COUNT : TEXT), description: doc },
        ]),
      ),
      required: customer.flatMap(({ name, text }) => (text.includes("null") ? [] : [name])),
    },
  };
}

function instanceInputs(): Record<string, PropertySpec> {
  const limits = SETTINGS[PACKAGE];
  const system = (type: string, description: string): PropertySpec => ({
    ...reference(type),
    description,
    // The whole: a secret inside an object is not marked by every generated SDK.
    secret: true,
  });
  return {
    livePlatform: system("LivePlatform", "How to reach the Live Platform; needed for customers."),
    tenantGateway: system("TenantGateway", "How to reach the tenant gateway; needed for tenants."),
    ...mapped(limits, ({ doc }) => ({ ...COUNT, description: sentence(doc) })),
  };
}

function settingsType(system: System, description: string): object {
  const settings: Readonly<Record<string, Setting>> = SETTINGS[system];
  return {
    type: "object",
    description,
    properties: mapped(settings, ({ form, doc, default: fallback, required, secret }) => {
      const sentences = [sentence(doc), ...(required === undefined ? [] : [sentence(required)])];
      return {
        type: form.type,
        description: withDefault(sentences.join(" "), fallback),
        ...(secret === true ? { secret } : {}),
      };
    }),
    required: ["baseUrl"],
  };
}
