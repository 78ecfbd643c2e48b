import * as z from "zod";
import { type Mistake, mistakeIn } from "./mistake";
import type { Changes } from "./license-resource";
import type { Properties } from "./properties";
import { UNKNOWN_VALUE } from "./unknowns";
import { didYouMean, nearest } from "../text/nearest";
import { refusedSecret, refusedValue } from "./refused-value";

/** What there is to know of an input beside its form. */
export type FieldFacts = (Identity | Local | Remote) & {
  /** What the input means, for the docs, in Markdown. */
  readonly doc: string;
  /** What counts where it is not given; never written into state. */
  readonly default?: string | boolean;
  readonly examples?: readonly unknown[];
  /** Its type in programs, where the form does not say it. */
  readonly type?: string;
  /** What is different where it is read as an output: the type in programs, and a sentence more. */
  readonly output?: { readonly type?: string; readonly doc: string };
  /** The engine prints the value of a property that a mistake names: a secret one is not named. */
  readonly secret?: boolean;
  /** A secret is easily given here by mistake: a refused value is not shown. */
  readonly mayBeSecret?: boolean;
  /** For a value with parts: finds every mistake in it, without naming the property. By default the form's first mistake is reported. */
  readonly check?: (value: unknown) => { readonly value: unknown; readonly mistakes: readonly Mistake[] };
};

/** A change makes it another object. */
interface Identity {
  readonly scope: "identity";
}

/** A setting of this package alone: a change needs no request. */
interface Local {
  readonly scope: "local";
}

/** A change needs a call to a system. Where it is not declared, nothing of it is sent. */
type Remote = {
  readonly scope: "remote";
  /** Whether what is declared is what state holds. @default `===` */
  readonly same?: (declared: unknown, held: unknown) => boolean;
  /** What a change comes to, where more than the value itself decides that, or where taking it out is sent too. */
  readonly compare?: (declared: unknown, held: unknown, inputs: Properties) => Changes;
} & (
  | {
      /** The property of the write's body that carries it. */
      readonly wire: string;
    }
  | {
      /** The plan knows how it is sent. */
      readonly planned: true;
    }
);

/** An input of a resource: its form in zod, and all else that is derived from. */
export type Field<Form extends z.ZodType = z.ZodType, Facts extends FieldFacts = FieldFacts> = Form & {
  readonly field: Facts;
};

/** One line of a resource's table of inputs. */
export function field<Form extends z.ZodType, const Facts extends FieldFacts>(
  form: Form,
  facts: Facts,
): Field<Form, Facts> {
  return Object.assign(form.clone(), { field: facts });
}

/** A resource's table of inputs. */
export type Fields = Readonly<Record<string, Field>>;

/** What there is to know of an output that is no input, or not only, beside its form. */
interface OutputFacts {
  /** What it means, for the docs, in Markdown. */
  readonly doc: string;
  /** Its type in programs, where the form does not say it. */
  readonly type?: string;
  /** No update changes it, so that previews know it. */
  readonly lasts?: true;
  /** Speaks of work that is not finished, and only in the npm form. */
  readonly unfinished?: true;
}

/** An output of a resource: its form in zod, and all else that is derived from. */
export type Output<Form extends z.ZodType = z.ZodType> = Form & { readonly output: OutputFacts };

/** One line of a resource's table of outputs. */
export function output<Form extends z.ZodType>(form: Form, facts: OutputFacts): Output<Form> {
  return Object.assign(form.clone(), { output: facts });
}

/** A resource's table of outputs: those beside its inputs. */
export type Outputs = Readonly<Record<string, Output>>;

/** Inputs as checked: `inputs` in their one normal form, unknown values left in place. */
export interface CheckedFields {
  readonly inputs: Properties;
  readonly mistakes: Mistake[];
}

/** Checks each input by its field. `null` counts as not given; an unknown value passes; an input without a field is refused. */
export function checkFields(fields: Fields, raw: Properties): CheckedFields {
  const inputs: Properties = {};
  const mistakes: Mistake[] = [];
  const given = new Map(Object.entries(raw).filter(([, value]) => value !== undefined && value !== null));
  const names = Object.keys(fields);

  for (const name of given.keys()) {
    if (!names.includes(name)) {
      const message = `is not an input of this resource${didYouMean(nearest(name, names))}`;
      // Not under its own name: its value could be a secret under a misspelt one.
      mistakes.push({ property: "", path: [name], message });
    }
  }
  for (const [name, one] of Object.entries(fields)) {
    const value = given.get(name);
    if (value === undefined) {
      if (!isOptional(one)) {
        mistakes.push(mistakeIn(name, "is missing."));
      }
    } else if (value === UNKNOWN_VALUE) {
      inputs[name] = value;
    } else {
      const checked = one.field.check?.(value) ?? checkByForm(name, one, value);
      mistakes.push(...checked.mistakes);
      if (checked.value !== undefined) {
        inputs[name] = checked.value;
      }
    }
  }
  return { inputs, mistakes };
}

function checkByForm(name: string, form: Field, value: unknown): { value: unknown; mistakes: Mistake[] } {
  const parsed = form.safeParse(value);
  if (parsed.success) {
    return { value: parsed.data, mistakes: [] };
  }
  const problem = parsed.error.issues[0]?.message ?? "is wrong";
  const { secret = false, mayBeSecret = secret } = form.field;
  const message = mayBeSecret ? refusedSecret(problem, value) : refusedValue(form, problem, value);
  const property = secret ? "" : name;
  return { value: undefined, mistakes: [{ property, path: [name], message }] };
}

/** Whether an input may be left out. */
export function isOptional(form: z.ZodType): boolean {
  return form.safeParse(undefined).success;
}

type NamesIn<T extends Fields, Scope> = {
  [Name in keyof T]: T[Name]["field"]["scope"] extends Scope ? Name : never;
}[keyof T];

/** The names of the inputs of one scope. */
export function namesIn<T extends Fields, Scope extends FieldFacts["scope"]>(
  fields: T,
  scope: Scope,
): (NamesIn<T, Scope> & string)[] {
  const isInScope = (name: string): name is NamesIn<T, Scope> & string => fields[name]?.field.scope === scope;
  return Object.keys(fields).filter(isInScope);
}

/** The names of the secret inputs. */
export function secretsIn(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, { field: facts }]) => (facts.secret === true ? [name] : []));
}

/** Each name with no value, to be spread before inputs: an input that is not given must not stay as state has it. */
export function unset(names: readonly string[]): Readonly<Record<string, undefined>> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** Properties as state may hold them: each one may be missing. */
export type Lenient<T> = { readonly [Name in keyof T]?: T[Name] | undefined };

/** Reads the properties of `form`, all of them optional: what does not have its form is left out, because any version may have written it. */
export function readLeniently<Shape extends z.ZodRawShape>(
  form: z.ZodObject<Shape>,
  properties: Properties,
): z.output<z.ZodObject<Shape>> {
  const shape: Readonly<Record<string, z.core.$ZodType | undefined>> = form.shape;
  const readable = Object.entries(properties).filter(([name, value]) => {
    const one = shape[name];
    return one !== undefined && z.safeParse(one, value).success;
  });
  return form.parse(Object.fromEntries(readable));
}
