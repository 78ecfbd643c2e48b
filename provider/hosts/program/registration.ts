import type { Claim } from "../../resource/claim";
import type { Properties } from "../../resource/properties";
import { CONTEXT_KEY, LIMITS_KEY, PROVIDER_KEY } from "../dynamic/hidden-keys";
import * as pulumi from "@pulumi/pulumi";
import type { WrittenContext } from "../dynamic/context";
import type { System } from "../../systems/settings/table";
import { announce } from "./announce";
import { type Instance, instanceFor } from "./instance";
import { limitsOfStack } from "./limits";
import { ProgramMemory } from "./program-memory";
import { ReadAheadLists } from "./read-ahead-lists";
import { stackSettings } from "./stack-settings";

/** The names by which a resource class presents itself to the engine; generated from the resource's tables. */
interface ResourceNames {
  /** The class, such as `CustomerServiceLicense`: the last part of its type token. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Inputs that are encrypted in state whatever they were given as. */
  readonly secrets: readonly string[];
  /** The input that does what Pulumi's `customTimeouts` would, where there is one. */
  readonly insteadOfTimeouts?: string;
}

/** What is particular to a resource in a program. */
export interface ProgramResource {
  /** Which system it is about. */
  readonly system: System;
  /** What its arguments say with plain values. An output may depend on another resource of the program, so none is waited for. */
  readonly plainValues: (given: Properties) => PlainValues;
  /** The id of its object as state has it. */
  readonly idOf: (id: pulumi.Input<pulumi.ID>) => pulumi.Input<pulumi.ID>;
}

/** How a resource class presents itself to the engine. */
export type ResourceKind = ResourceNames & ProgramResource;

/** What the arguments of a resource say with plain values. */
interface PlainValues {
  /** What it declares to own; outputs are not known yet. */
  readonly claims: readonly Claim[];
  /** The id of its object, where the preview of a new one reads that object separately. */
  readonly readAhead: string | undefined;
}

/** The part of a type token before the type's own name. */
const TYPE_PREFIX = "pulumi-nodejs:dynamic/voice-licenses:";

/** The same for the native plugin's types. */
const NATIVE_TYPE_PREFIX = "voice-licenses:index:";

/** The whole type token of a class. */
export function typeToken({ name }: Pick<ResourceKind, "name">): string {
  return TYPE_PREFIX + name;
}

/**
 * The text that loads the provider of a class from this package in the plugin: constant, short, and never serialised from a closure,
 * because it lies in users' state for ever.
 */
function providerText({ name }: ResourceKind): string {
  return `exports.handler=()=>require("pulumi-voice-licenses/dynamic").${name.charAt(0).toLowerCase()}${name.slice(1)}()`;
}

const readAheadLists = new ProgramMemory(() => new ReadAheadLists());

/** The properties that a resource is registered with: its inputs, its outputs to be, and what the plugin needs. */
export function registration(
  kind: ResourceKind,
  name: string,
  given: Properties,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  refuseImport(kind, name, options);
  stackSettings();
  return {
    ...unset(kind.outputs),
    ...Object.fromEntries(Object.entries(given).map(([input, value]) => [input, carried(kind, input, value)])),
    [PROVIDER_KEY]: providerText(kind),
    [CONTEXT_KEY]: contextOf(kind, name, options, kind.plainValues(given)),
    ...limitsInState(instanceFor(typeToken(kind), options)),
  };
}

/** An input in the form that Pulumi carries. */
function carried({ secrets }: ResourceKind, input: string, value: unknown): unknown {
  if (secrets.includes(input)) {
    // A plain string is as secret as one from the configuration.
    return value === undefined ? undefined : pulumi.secret(value);
  }
  // Pulumi makes a text of each plain input, for messages of its own, and fails on a map with the key `toString`. It leaves outputs alone.
  return typeof value === "object" && value !== null && Object.hasOwn(value, "toString") ? pulumi.output(value) : value;
}

function unset(names: readonly string[]): pulumi.Inputs {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

function limitsInState({ isForeign }: Instance): pulumi.Inputs {
  const limits = isForeign ? limitsOfStack() : {};
  return Object.keys(limits).length === 0 ? {} : { [LIMITS_KEY]: limits };
}

/** The properties with which the engine reads an object that exists: its outputs to be, and what loads the provider. */
export function existing(kind: ResourceKind): pulumi.Inputs {
  stackSettings();
  return { ...unset([...kind.inputs, ...kind.outputs]), [PROVIDER_KEY]: providerText(kind) };
}

/** The options that a resource is registered with. */
export function registrationOptions(
  kind: ResourceKind,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return {
    ...pulumi.mergeOptions(options, {
      additionalSecretOutputs: [...kind.secrets],
      // A stack that comes from the native plugin keeps its resources.
      aliases: [{ type: NATIVE_TYPE_PREFIX + kind.name }],
    }),
    ...(options?.ignoreChanges === undefined ? {} : { ignoreChanges: ignoredInputs(kind, options) }),
  };
}

/** `*` would take away the context as well, so it is written out. */
function ignoredInputs(kind: ResourceKind, options: pulumi.CustomResourceOptions | undefined): string[] {
  return (options?.ignoreChanges ?? []).flatMap((path) => (path === "*" ? kind.inputs : [path]));
}

/**
 * Says what Pulumi does not pass on to a dynamic provider.
 *
 * @param instead What to use instead, where there is anything.
 */
export function warnOfIgnoredOptions(
  resource: pulumi.Resource,
  options: pulumi.CustomResourceOptions | undefined,
  instead?: string,
): void {
  if (options?.customTimeouts !== undefined) {
    void pulumi.log.warn(
      `customTimeouts has no effect on this resource, because Pulumi does not pass it to dynamic providers${instead === undefined ? "" : `: use ${instead}`}.`,
      resource,
    );
  }
}

function contextOf(
  kind: ResourceKind,
  name: string,
  options: pulumi.CustomResourceOptions | undefined,
  { claims, readAhead }: PlainValues,
): Promise<WrittenContext> {
  const preview = pulumi.runtime.isDryRun();
  const type = typeToken(kind);
  const instance = instanceFor(type, options);
  announce({ type, name, instance: instance.label, address: instance.addressOf(kind.system), claims });
  const near =
    preview && readAhead !== undefined ? readAheadLists.ofThisRun().add(instance, type, readAhead) : (): string[] => [];
  // Once the program's synchronous part is through: by then it has announced the resources that follow, and what is near is known.
  const ahead = nextTurn().then(near);
  const urn = plainUrn(name, type, options?.parent);
  const known = {
    name,
    preview,
    instance: instance.label,
    limits: limitsOfStack(),
    keptInputs: ignoredInputs(kind, options),
  };
  // In one text: Pulumi makes a promise for each item of a list.
  return Promise.all([urn, ahead]).then(([resolved, ids]) => ({
    ...known,
    urn: resolved,
    readAhead: JSON.stringify(ids),
  }));
}

/**
 * A resource's URN as a plain value. As an output it would depend on the parent, and with a component as parent on all its children, so
 * that two of them would wait for each other for ever.
 */
function plainUrn(name: string, type: string, parent: pulumi.Resource | undefined): Promise<string> {
  return new Promise((resolve) => {
    pulumi.createUrn(name, type, parent).apply(resolve);
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Pulumi cannot import dynamic resources, and would fail with a message about its own code. */
function refuseImport(kind: ResourceKind, name: string, options: pulumi.CustomResourceOptions | undefined): void {
  if (options?.import !== undefined) {
    throw new pulumi.RunError(
      `${kind.name} ${name}: the option import is not needed: declaring an object that exists adopts it, and sends nothing where nothing differs. Remove the option.`,
    );
  }
}
