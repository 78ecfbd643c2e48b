import { CONTEXT_KEY, PROVIDER_KEY } from "../edges/dynamic/hidden-keys";
import * as pulumi from "@pulumi/pulumi";
import type { WrittenContext } from "../edges/dynamic/context";
import { type Announcement, Announcements } from "./announcements";
import type { System } from "../settings/table";
import { instanceFor } from "./instance";
import { limitsOfStack } from "./limits";
import { ProgramMemory } from "./program-memory";
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
export type PlainValues = Pick<Announcement, "claims" | "readAhead">;

/** The part of a type token before the type's own name. */
export const TYPE_PREFIX = "pulumi-nodejs:dynamic/voice-licenses:";

/** The same for the native plugin's types. */
const NATIVE_TYPE_PREFIX = "voice-licenses:index:";

/** The text that loads `name` from this package in the plugin: constant, short, and never serialised from a closure. */
export function providerText(name: "customerServiceLicense" | "tenantServiceLicenses"): string {
  return `exports.handler=()=>require("pulumi-voice-licenses/dynamic").${name}()`;
}

const announcements = new ProgramMemory(() => new Announcements());

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
  };
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
): pulumi.Output<WrittenContext> {
  const preview = pulumi.runtime.isDryRun();
  const { type, system } = kind;
  const announced = announcements.ofThisRun();
  const own = {
    name,
    type,
    system,
    instance: instanceFor(type, options),
    claims,
    readAhead: preview ? readAhead : undefined,
  };
  announced.add(own);
  // What the rest of the program says is asked for once the program's synchronous part is through, so that a service that moves from one
  // resource to another is known to have moved before either is updated, and so that each resource can announce what is near it.
  const rest = nextTurn().then(() => announced.restFor(own));
  const urn = pulumi.createUrn(name, type, options?.parent);
  const known = { name, preview, limits: limitsOfStack(), keptInputs: ignoredInputs(kind, options) };
  return pulumi.all([urn, rest]).apply(([resolved, { readAhead: ahead, ...others }]) => {
    // In one text: Pulumi makes a promise for each item of a list.
    return { ...known, urn: resolved, ...others, readAhead: JSON.stringify(ahead) };
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
