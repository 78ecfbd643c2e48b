import type { Claim } from "../run/claim";
import { CONTEXT_KEY, LIMITS_KEY, PROVIDER_KEY } from "../edges/dynamic/hidden-keys";
import * as pulumi from "@pulumi/pulumi";
import type { WrittenContext } from "../edges/dynamic/context";
import type { System } from "../settings/table";
import { announce } from "./announce";
import { type Instance, instanceFor } from "./instance";
import { limitsOfStack } from "./limits";
import { ProgramMemory } from "./program-memory";
import { ReadAheadLists } from "./read-ahead-lists";
import { stackSettings } from "./stack-settings";

/** How a resource class presents itself to the engine. */
export interface ResourceKind {
  /** The whole type token. */
  readonly type: string;
  /** The text by which the plugin loads the provider; it lies in users' state for ever. */
  readonly provider: string;
  /** Which system it is about. */
  readonly system: System;
  /** The names of all inputs. */
  readonly inputs: readonly string[];
  /** Outputs that are encrypted in state whatever they were given as. */
  readonly secretOutputs: readonly string[];
}

/** What the arguments of a resource say with plain values. */
export interface PlainValues {
  /** What it declares to own; outputs are not known yet. */
  readonly claims: readonly Claim[];
  /** The id of its object, where the preview of a new one reads that object separately. */
  readonly readAhead: string | undefined;
}

/** The part of a type token before the type's own name. */
export const TYPE_PREFIX = "pulumi-nodejs:dynamic/voice-licenses:";

/** The same for the native plugin's types. */
const NATIVE_TYPE_PREFIX = "voice-licenses:index:";

/** The text that loads `name` from this package in the plugin: constant, short, and never serialised from a closure. */
export function providerText(name: "customerServiceLicense" | "tenantServiceLicenses"): string {
  return `exports.handler=()=>require("pulumi-voice-licenses/dynamic").${name}()`;
}

const readAheadLists = new ProgramMemory(() => new ReadAheadLists());

/** The properties that a resource is registered with: its inputs, its outputs to be, and what the plugin needs. */
export function registration(
  kind: ResourceKind,
  name: string,
  inputs: object,
  outputs: readonly string[],
  options: pulumi.CustomResourceOptions | undefined,
  plain: PlainValues,
): pulumi.Inputs {
  refuseImport(kind, name, options);
  stackSettings();
  return {
    ...Object.fromEntries(outputs.map((output) => [output, undefined])),
    ...inputs,
    [PROVIDER_KEY]: kind.provider,
    [CONTEXT_KEY]: contextOf(kind, name, options, plain),
    ...limitsInState(instanceFor(kind.type, options)),
  };
}

function limitsInState({ isForeign }: Instance): pulumi.Inputs {
  const limits = isForeign ? limitsOfStack() : {};
  return Object.keys(limits).length === 0 ? {} : { [LIMITS_KEY]: limits };
}

/** The properties with which the engine reads an object that exists: its outputs to be, and what loads the provider. */
export function existing(kind: ResourceKind, outputs: readonly string[]): pulumi.Inputs {
  stackSettings();
  return {
    ...Object.fromEntries([...kind.inputs, ...outputs].map((property) => [property, undefined])),
    [PROVIDER_KEY]: kind.provider,
  };
}

/** The options that a resource is registered with. */
export function registrationOptions(
  kind: ResourceKind,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return {
    ...pulumi.mergeOptions(options, {
      additionalSecretOutputs: [...kind.secretOutputs],
      // A stack that comes from the native plugin keeps its resources.
      aliases: [{ type: kind.type.replace(TYPE_PREFIX, NATIVE_TYPE_PREFIX) }],
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
  const { type, system } = kind;
  const instance = instanceFor(type, options);
  announce({ type, name, instance: instance.label, address: instance.addressOf(system), claims });
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
function refuseImport({ type }: ResourceKind, name: string, options: pulumi.CustomResourceOptions | undefined): void {
  if (options?.import !== undefined) {
    throw new pulumi.RunError(
      `${type.slice(TYPE_PREFIX.length)} ${name}: the option import is not needed: declaring an object that exists adopts it, and sends nothing where nothing differs. Remove the option.`,
    );
  }
}
