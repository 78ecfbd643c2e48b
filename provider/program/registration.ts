import { CONTEXT_KEY, PROVIDER_KEY } from "../edges/dynamic/hidden-keys";
import * as pulumi from "@pulumi/pulumi";
import { SECRET_KEYS } from "../secret-keys";
import { isConfigSecret } from "./config-secret";
import type { ResourceContext } from "../edges/dynamic/context";
import { type Announcement, Announcements } from "./announcements";
import { ProgramMemory } from "./program-memory";

/** How a resource class presents itself to the engine. */
export interface ResourceKind {
  /** The whole type token. */
  readonly type: string;
  /** The text by which the plugin loads the provider; it lies in users' state for ever. */
  readonly provider: string;
  /** Outputs that are encrypted in state whatever they were given as. */
  readonly secretOutputs: readonly string[];
}

/** The part of a type token before the type's own name. */
export const TYPE_PREFIX = "pulumi-nodejs:dynamic/voice-licenses:";

/** The text that loads `name` from this package in the plugin: constant, short, and never serialised from a closure. */
export function providerText(name: "customerServiceLicense" | "tenantServiceLicenses"): string {
  return `exports.handler=()=>require("pulumi-voice-licenses/dynamic").${name}()`;
}

const LIMITS_NAMESPACE = "voice-licenses";
/** Keys of the stack's configuration that limit what one run may take away. */
const LIMIT_NAMES = ["maxReductions", "maxLicensesRemoved"] as const;

const announcements = new ProgramMemory(() => new Announcements());

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
  const announced = announcements.ofThisRun();
  const number = announced.claim(claims);
  const preview = pulumi.runtime.isDryRun();
  if (preview && readAhead !== undefined) {
    announced.readAhead(kind.type, readAhead);
  }
  // What the rest of the program says is asked for once the program's synchronous part is through, so that a service that moves from one
  // resource to another is known to have moved before either is updated, and so that the first resource can announce what is to come.
  const rest = nextTurn().then(() => ({
    claimedElsewhere: announced.claimedElsewhere(number, claims),
    readAhead: announced.takeReadAhead(kind.type),
  }));
  const urn = pulumi.createUrn(name, kind.type, options?.parent);
  const limits = limitsOfProgram();
  return pulumi.all([urn, rest]).apply(([resolved, others]) => ({ name, urn: resolved, preview, limits, ...others }));
}

/** The limits in the stack's configuration. It is handed to the default provider alone; these hold on every instance. */
function limitsOfProgram(): Record<string, string> {
  const config = new pulumi.Config(LIMITS_NAMESPACE);
  return Object.fromEntries(
    LIMIT_NAMES.flatMap((name) => {
      const limit = config.get(name);
      return limit === undefined ? [] : [[`${LIMITS_NAMESPACE}:${name}`, limit]];
    }),
  );
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
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
