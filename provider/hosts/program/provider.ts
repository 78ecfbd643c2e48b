import * as pulumi from "@pulumi/pulumi";
import { INSTANCE_KEY } from "../dynamic/hidden-keys";
import { unknownInputs } from "../../systems/settings/given";
import { findSetting, type System, SYSTEMS } from "../../systems/settings/table";
import { limitKey, limitsOfStack } from "./limits";
import type { ProviderArgs } from "./generated/provider-args";
import { givenArguments } from "./given-arguments";
import { addressOf } from "../../systems/settings/address";
import type { Instance } from "./instance";

/**
 * A provider instance: one Live Platform, one tenant gateway, or both, for a program that manages several.
 *
 * It is complete in itself: neither the environment nor the stack's configuration fills in what its arguments leave out, so no credential
 * of one platform reaches another. Only the limits on what a run may take away hold on every instance. Two instances may hold the same
 * tenant id; the same object declared twice on one platform is refused.
 *
 * @example
 * const west = new Provider("west", {
 *   livePlatform: {
 *     baseUrl: "https://west.example.com/tenantui",
 *     directoryTenantId: "west.example.com",
 *     clientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
 *     clientSecret: config.requireSecret("westClientSecret"),
 *   },
 * });
 * new CustomerServiceLicense("contoso", { … }, { provider: west });
 */
export class Provider extends pulumi.ProviderResource implements Instance {
  /** @internal The settings, by their keys in a stack's configuration. Holds secrets. */
  public readonly settings: pulumi.Output<Readonly<Record<string, string>>>;
  /** @internal Its name, for messages. */
  public readonly label: string;
  /** @internal */
  public readonly isForeign = false;
  private readonly addresses = new Map<System, string | undefined>();

  /**
   * Connects to one Live Platform, one tenant gateway, or both, for the resources that name it as their `provider`.
   *
   * @example
   * const west = new Provider("west", {
   *   tenantGateway: { baseUrl: "https://gw.west.example.com", username: "svc", password: config.requireSecret("westPassword") },
   * });
   * @param name The instance's name in the program.
   * @param args What it connects to.
   * @param options Pulumi's resource options.
   * @throws {pulumi.RunError} Where an argument is not one of those documented, or no system is given.
   */
  public constructor(name: string, args: ProviderArgs, options?: pulumi.ResourceOptions) {
    const given = givenArguments(`Provider ${name}`, args);
    const settings = settingsOf(name, given);
    super("pulumi-nodejs", name, { ...settings, [INSTANCE_KEY]: "true" }, options);
    this.settings = pulumi.output(settings).apply(withoutAbsent);
    this.label = `provider ${name}`;
    for (const system of SYSTEMS) {
      // Known by the time that resources are compared, unless it is the output of another resource.
      pulumi.output([settings[`${system}:baseUrl`], settings[`${system}:apiPath`]]).apply(([baseUrl, apiPath]) => {
        this.addresses.set(system, addressOf(system, { baseUrl, apiPath }));
      });
    }
  }

  /** @internal */
  public addressOf(system: System): string | undefined {
    return this.addresses.get(system);
  }

  /** Whether `candidate` is an instance of this class, also one of another copy of this package. */
  public static override isInstance(candidate: unknown): candidate is Provider {
    return pulumi.CustomResource.isInstance(candidate) && INSTANCE_KEY in candidate;
  }
}

type Setting = pulumi.Input<string | number | boolean> | undefined;

/** The arguments by their keys in a stack's configuration, all as texts, credentials as secrets. */
function settingsOf(name: string, args: ProviderArgs): Record<string, pulumi.Output<string | undefined>> {
  const settings: Record<string, pulumi.Output<string | undefined>> = {};
  const unknown = unknownInputs({ ...args });
  if (unknown.length > 0) {
    throw new pulumi.RunError(unknown.map((problem) => `Provider ${name}: ${problem}`).join("\n"));
  }
  for (const system of SYSTEMS) {
    for (const [setting, value] of Object.entries(connectionOf(name, system, args))) {
      const text = asText(value);
      // Encrypted in state however it was given.
      const isCredential = findSetting(system, setting)?.credential === true;
      settings[`${system}:${setting}`] = isCredential ? pulumi.secret(text) : text;
    }
  }
  if (Object.keys(settings).length === 0) {
    throw new pulumi.RunError(`Provider ${name}: give it a livePlatform, a tenantGateway, or both.`);
  }
  const { maxReductions, maxLicensesRemoved } = args;
  // The stack's limits are copied, because a destroy runs no program that could hand them on.
  const limits: Record<string, Setting> = {
    ...limitsOfStack(),
    ...(maxReductions === undefined ? {} : { [limitKey("maxReductions")]: maxReductions }),
    ...(maxLicensesRemoved === undefined ? {} : { [limitKey("maxLicensesRemoved")]: maxLicensesRemoved }),
  };
  return { ...settings, ...Object.fromEntries(Object.entries(limits).map(([key, value]) => [key, asText(value)])) };
}

function connectionOf(name: string, system: System, args: ProviderArgs): Record<string, Setting> {
  const connection: Record<string, Setting> = { ...args[system] };
  if (args[system] !== undefined && connection["baseUrl"] === undefined) {
    throw new pulumi.RunError(
      `Provider ${name}: ${system} needs a baseUrl, such as ${system}: { baseUrl: "https://…", … }.`,
    );
  }
  return connection;
}

/** The plugin is configured with texts alone. */
function asText(setting: Setting): pulumi.Output<string | undefined> {
  return pulumi.output(setting).apply((plain) => (plain === undefined ? undefined : String(plain)));
}

function withoutAbsent<T>(values: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, T] => entry[1] !== undefined));
}
