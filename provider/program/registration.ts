import { CONTEXT_KEY, PROVIDER_KEY } from "../edges/dynamic/hidden-keys";
import * as pulumi from "@pulumi/pulumi";
import { SECRET_KEYS } from "../secret-keys";
import { isConfigSecret } from "./config-secret";
import type { ResourceContext } from "../edges/dynamic/context";

/** How a resource class presents itself to the engine. */
export interface ResourceKind {
  /** The whole type token. */
  readonly type: string;
  /** The text by which the plugin loads the provider; it lies in users' state for ever. */
  readonly provider: string;
  /** Outputs that are encrypted in state whatever they were given as. */
  readonly secretOutputs: readonly string[];
}

/** What a program says of a resource before the engine hears of it, as far as it says so with plain values. */
export interface Announcement {
  /** What it declares, in the words of `LicenseResource.claims`. */
  readonly claims: readonly string[];
  /** The id of its object, where the preview of a new one reads that object by itself. */
  readonly readAhead: string | undefined;
}

/** The part of a type token before the type's own name. */
export const TYPE_PREFIX = "pulumi-nodejs:dynamic/voice-licenses:";

/** The text that loads `name` from this package in the plugin: constant, short, and never serialised from a closure. */
export function providerText(name: "customerServiceLicense" | "tenantServiceLicenses"): string {
  return `exports.handler=()=>require("pulumi-voice-licenses/dynamic").${name}()`;
}

/** What the resources of this program declare with plain values: by object, then by the number of the resource. */
const declared = new Map<string, Map<number, readonly string[]>>();
let registered = 0;
/** What the preview of new resources may read ahead, by type, and no resource has told the plugin yet. */
const toReadAhead = new Map<string, string[]>();

/** The properties that a resource is registered with: its inputs, its outputs to be, and what the plugin needs. */
export function registration(
  kind: ResourceKind,
  name: string,
  inputs: object,
  outputs: readonly string[],
  options: pulumi.CustomResourceOptions | undefined,
  announcement: Announcement,
): pulumi.Inputs {
  refusePlainCredentials();
  return {
    ...Object.fromEntries(outputs.map((output) => [output, undefined])),
    ...inputs,
    [PROVIDER_KEY]: kind.provider,
    [CONTEXT_KEY]: contextOf(kind, name, options, announcement),
  };
}

/** The options that a resource is registered with. */
export function registrationOptions(
  kind: ResourceKind,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions(options, { additionalSecretOutputs: [...kind.secretOutputs] });
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
  { claims, readAhead }: Announcement,
): pulumi.Output<ResourceContext> {
  const urn = pulumi.createUrn(name, kind.type, options?.parent);
  registered += 1;
  const number = registered;
  const objects = new Set(claims.map(objectOf));
  for (const object of objects) {
    const claimers = declared.get(object) ?? new Map<number, readonly string[]>();
    declared.set(object, claimers.set(number, claims));
  }
  const preview = pulumi.runtime.isDryRun();
  if (preview && readAhead !== undefined) {
    const others = toReadAhead.get(kind.type);
    if (others === undefined) {
      toReadAhead.set(kind.type, [readAhead]);
    } else {
      others.push(readAhead);
    }
  }
  return pulumi.all([urn, restOfProgram(kind, objects, number)]).apply(([resolved, rest]) => ({
    name,
    urn: resolved,
    preview,
    ...rest,
  }));
}

/**
 * What the rest of the program says. It is asked for once the program's synchronous part is through, so that a service that moves from
 * one resource to another is known to have moved before either is updated, and so that the first resource can tell what is to come.
 */
async function restOfProgram(
  kind: ResourceKind,
  objects: ReadonlySet<string>,
  number: number,
): Promise<Pick<ResourceContext, "claimedElsewhere" | "readAhead">> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  const readAhead = toReadAhead.get(kind.type) ?? [];
  toReadAhead.delete(kind.type);
  return { claimedElsewhere: claimedElsewhere(objects, number), readAhead };
}

function claimedElsewhere(objects: ReadonlySet<string>, number: number): string[] {
  return [...objects].flatMap((object) =>
    [...(declared.get(object) ?? [])].flatMap(([other, claims]) => (other === number ? [] : claims)),
  );
}

/** `tenant foo` of `tenant foo: groupServices.Hunt Group`. */
function objectOf(claim: string): string {
  return claim.split(": ", 1)[0] ?? claim;
}

/**
 * A credential that is no secret of the stack would lie in clear text in its state, in the provider resource.
 * @throws {pulumi.RunError} naming the key and the line to run.
 */
export function refusePlainCredentials(): void {
  for (const key of SECRET_KEYS) {
    const [namespace = "", name = ""] = key.split(":");
    if (new pulumi.Config(namespace).get(name) !== undefined && !isConfigSecret(key)) {
      throw new pulumi.RunError(
        `${key} is in the stack's configuration, but not as a secret, and would lie in clear text in its state: run \`pulumi config set --secret ${key}\` and enter it there.`,
      );
    }
  }
}
