import { isDeepStrictEqual } from "node:util";
import { isPlainObject } from "../../text/plain-object";
import { mistakeInAll } from "../../resource/mistake";
import type { Properties } from "../../resource/properties";
import type { ReductionLimits } from "../../resource/reduction-brake";
import { holdsUnknown } from "../../resource/unknowns";
import { nameOf } from "../../resource/urn";
import {
  type Environment,
  problemsOf,
  readLivePlatformSettings,
  readReductionLimits,
  readTenantGatewaySettings,
  settingsFrom,
  type SettingsSource,
} from "../../systems/settings";
import { addressIn } from "../../systems/settings/address";
import { parsed } from "../../systems/settings/given";
import { ALL_SETTINGS, NAMESPACE, type System, SYSTEMS } from "../../systems/settings/table";
import { normalConfiguration, OWN_KEYS } from "./configuration";
import type { CheckedConfiguration } from "./service";
import { withSecrets } from "./values";

const READERS = { livePlatform: readLivePlatformSettings, tenantGateway: readTenantGatewaySettings } as const;

/**
 * The configuration of the provider instance that this process serves. The default provider is filled from the environment, which wins
 * for credentials; an instance that a program declares is complete in itself, so that no credential of one platform reaches another.
 */
export class InstanceConfiguration {
  /** The engine hands each plugin the stack's configuration of its package in a variable: the brakes hold on every instance. */
  private readonly stack: SettingsSource;
  /** The same as inputs; `undefined` where the engine did not start this process. */
  private readonly stackInputs: Properties | undefined;
  private current: SettingsSource;
  private urn = "";
  private isChecked = false;

  public constructor(private readonly environment: Environment) {
    const given = parsed(environment["PULUMI_CONFIG"] ?? "");
    const configuration = isPlainObject(given) ? given : undefined;
    this.stackInputs = configuration && normalConfiguration(configuration).inputs;
    this.stack = this.sourceOf(configuration ?? {}, true);
    this.current = this.stack;
  }

  /** Where the clients of this instance find their settings. */
  public get settings(): SettingsSource {
    return this.current;
  }

  /** Whether the default provider was taken as it lies in state: the engine has a configuration checked only for a program. */
  public get isFromState(): boolean {
    return !this.isChecked && this.current.audience === "stack";
  }

  /** How messages call this instance. */
  public get label(): string {
    return this.current.audience === "stack" ? "the default provider" : `provider ${nameOf(this.urn)}`;
  }

  /** Where a system is, in one spelling; `undefined` where that is not known. */
  public addressOf(system: System): string | undefined {
    return addressIn(this.current, system);
  }

  /** How much one run may take away: what the instance says, else the stack, else the environment. */
  public limits(): ReductionLimits {
    const { current, environment, stack } = this;
    const configuration = (key: string): string | undefined => current.configuration(key) ?? stack.configuration(key);
    return readReductionLimits({ ...current, configuration, environment });
  }

  /**
   * Checks the configuration of the provider with this URN. What is known only in `up` is not checked.
   *
   * All settings of an instance are secret in state. The engine shows only in Configure whether the stack's are secret in its
   * configuration, and marks them then as a whole: so here just the credentials among them are.
   */
  public check(urn: string, raw: Properties): CheckedConfiguration {
    this.isChecked = true;
    const { inputs } = normalConfiguration(raw);
    const isDefault = isDefaultProvider(urn, inputs);
    const source = this.sourceOf(raw, isDefault);
    // A system that is not configured at all is one that the program does not use.
    const given = SYSTEMS.filter((system) => isPlainObject(inputs[system]) && !holdsUnknown(inputs[system]));
    const problems = new Set([
      ...(DEFAULT_NAME.test(nameOf(urn)) && !this.isAsInStack(inputs) ? [takenName(urn)] : []),
      ...this.problemsOf(source),
      ...given.flatMap((system) => problemsOf(() => READERS[system](source))),
      ...problemsOf(() => readReductionLimits({ ...source, environment: {} })),
    ]);
    return {
      inputs: isDefault ? withSecretCredentials(inputs) : withSecrets(inputs, SYSTEMS),
      mistakes: [...problems].map((problem) => mistakeInAll(problem)),
    };
  }

  /**
   * Takes a configuration, as it went through the check or lies in state.
   * @param secrets The keys of what is a secret as a whole.
   * @throws where it cannot be read, or the stack's configuration holds a credential in clear text.
   */
  public take(urn: string, raw: Properties, secrets: ReadonlySet<string>): void {
    const isSecret = (key: string): boolean => secrets.has(key.slice(NAMESPACE.length + 1));
    const isDefault = isDefaultProvider(urn, normalConfiguration(raw).inputs);
    const source = this.sourceOf(raw, isDefault, isDefault ? isSecret : undefined);
    const problems = this.problemsOf(source);
    if (problems.size > 0) {
      throw new Error([...problems].join("\n"));
    }
    this.urn = urn;
    this.current = source;
  }

  /** Whether these are the inputs that the engine gives the default provider. An instance that a program declares may have its name. */
  private isAsInStack(inputs: Properties): boolean {
    const { stackInputs } = this;
    return stackInputs === undefined || OWN_KEYS.every((key) => isDeepStrictEqual(inputs[key], stackInputs[key]));
  }

  private sourceOf(raw: Properties, isDefault: boolean, isSecret?: (key: string) => boolean): SettingsSource {
    const { settings } = normalConfiguration(raw);
    const { environment } = this;
    return settingsFrom(settings, { audience: isDefault ? "stack" : "instance", environment, isSecret });
  }

  /** With those of the stack, whose limits hold on every instance. */
  private problemsOf({ problems = [] }: SettingsSource): Set<string> {
    return new Set([...problems, ...(this.stack.problems ?? [])]);
  }
}

function withSecretCredentials(inputs: Properties): Properties {
  const systems = SYSTEMS.flatMap((system) => {
    const settings = inputs[system];
    return isPlainObject(settings) ? [[system, withSecrets(settings, secretNames(system))] as const] : [];
  });
  return { ...inputs, ...Object.fromEntries(systems) };
}

function secretNames(system: System): string[] {
  return ALL_SETTINGS.filter(({ prefix, secret }) => prefix === system && secret === true).map(({ name }) => name);
}

/**
 * How the engine names the default provider of a program: `default`, and after it the version and the download URL of the plugin, where
 * the program asks for them: `default_0_3_0_alpha_1_https_/get.example.com`. `default_west` and `default_2` are declared.
 */
const DEFAULT_NAME = /^default(?:_\d+_\d+_\d+(?:_[\w-]+)?)?(?:_[a-z]+_\/[\w./-]+)?$/;

/**
 * Whether the environment fills in the provider with this URN. `pulumi do` has no program, and its provider no name: with `--provider` it
 * gets the inputs of an instance, which hold credentials of their own.
 */
function isDefaultProvider(urn: string, inputs: Properties): boolean {
  const name = nameOf(urn);
  return name === "" ? urn !== "" && !holdsCredential(inputs) : DEFAULT_NAME.test(name);
}

function holdsCredential(inputs: Properties): boolean {
  return SYSTEMS.some((system) => {
    const settings = inputs[system];
    return isPlainObject(settings) && secretNames(system).some((name) => settings[name] !== undefined);
  });
}

function takenName(urn: string): string {
  return (
    `provider ${nameOf(urn)} has the name that Pulumi gives the default provider, which gets its credentials from the environment: ` +
    "give this instance another name."
  );
}
