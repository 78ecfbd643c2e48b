import {
  type Environment,
  problemsOf,
  readLivePlatformSettings,
  readReductionLimits,
  readTenantGatewaySettings,
  SETTINGS,
  type SettingsSource,
} from "../../settings";
import { isPlainObject } from "../../plain-object";
import { mistakeInAll, shownPath } from "../../run/mistake";
import type { Properties } from "../../run/properties";
import type { ReductionLimits } from "../../run/reduction-brake";
import { addressIn } from "../../settings/address";
import { notASetting } from "../../settings/names";
import { findSetting, type System, SYSTEMS } from "../../settings/table";
import { nameOf } from "../../run/urn";
import { type ProviderConfiguration, type ReadConfiguration, readConfiguration } from "./configuration";
import type { CheckedConfiguration } from "./service";
import { withSecrets } from "./values";

const READERS = { livePlatform: readLivePlatformSettings, tenantGateway: readTenantGatewaySettings } as const;

/**
 * The configuration of the provider instance that this process serves. The default provider is filled from the environment, which wins
 * for credentials; an instance that a program declares is complete in itself, so that no credential of one platform reaches another.
 */
export class InstanceConfiguration {
  private current: SettingsSource;
  private urn = "";
  private isChecked = false;

  public constructor(private readonly environment: Environment) {
    this.current = { configuration: () => undefined, environment };
  }

  /** Where the clients of this instance find their settings. */
  public get settings(): SettingsSource {
    return this.current;
  }

  /** Whether the default provider was taken as it lies in state: the engine has a configuration checked only for a program. */
  public get isFromState(): boolean {
    return !this.isChecked && this.current.audience === "nativeStack";
  }

  /** How messages call this instance. */
  public get label(): string {
    return isDefaultProvider(this.urn) ? "the default provider" : `provider ${nameOf(this.urn)}`;
  }

  /** Where a system is, in one spelling; `undefined` where that is not known. */
  public addressOf(system: System): string | undefined {
    return addressIn(this.current, system);
  }

  /** How much one run may take away: what the instance says, else the stack, else the environment. */
  public limits(): ReductionLimits {
    return readReductionLimits({
      configuration: (key) => this.current.configuration(key) ?? this.ofStack(key),
      environment: this.environment,
    });
  }

  /**
   * Checks the configuration of the provider with this URN. What is known only in `up` is not checked.
   *
   * All settings of an instance are secret in state. The engine shows only in Configure whether the stack's are secret in its
   * configuration, and marks them then as a whole: so here just the credentials among them are.
   */
  public check(urn: string, raw: Properties): CheckedConfiguration {
    this.isChecked = true;
    const read = readConfiguration(raw, { isOfStack: isDefaultProvider(urn) });
    const problems = [...read.problems, ...this.problemsWithSettings(urn, read)];
    const inputs = isDefaultProvider(urn) ? withSecretCredentials(read.inputs) : withSecrets(read.inputs, SYSTEMS);
    return { inputs, mistakes: problems.map((problem) => mistakeInAll(problem)) };
  }

  /**
   * Takes a configuration, as it went through the check or lies in state.
   * @param secrets The keys of what is a secret as a whole.
   * @throws where it cannot be read, or the stack's configuration holds a credential in clear text.
   */
  public take(urn: string, raw: Properties, secrets: ReadonlySet<string>): void {
    const { configuration, problems } = readConfiguration(raw, { isOfStack: isDefaultProvider(urn) });
    const plain = isDefaultProvider(urn) ? plainCredentials(configuration, secrets) : [];
    if (problems.length + plain.length > 0) {
      throw new Error([...problems, ...plain].join("\n"));
    }
    this.urn = urn;
    this.current = this.sourceOf(urn, configuration);
  }

  private problemsWithSettings(urn: string, { configuration, unknown }: ReadConfiguration): string[] {
    const source = this.sourceOf(urn, configuration);
    // A system that is not configured at all is one that the program does not use.
    const given = SYSTEMS.filter((key) => configuration.systems[key] !== undefined);
    const names = given.flatMap((key) => unknownSettings(key, Object.keys(configuration.systems[key] ?? {})));
    const problems = [
      ...given.filter((key) => !unknown.has(key)).flatMap((key) => problemsOf(() => READERS[key](source))),
      ...problemsOf(() => readReductionLimits({ ...source, environment: {} })),
    ];
    return [...names, ...problems.map(({ message }) => message)];
  }

  private sourceOf(urn: string, { systems, limits }: ProviderConfiguration): SettingsSource {
    const texts = new Map<string, string | undefined>([
      ...SYSTEMS.flatMap((key) =>
        Object.entries(systems[key] ?? {}).map(([name, text]) => [`${key}:${name}`, text] as const),
      ),
      ...Object.entries(limits).map(([name, text]) => [`voice-licenses:${name}`, text] as const),
    ]);
    const configuration = (key: string): string | undefined => texts.get(key);
    return isDefaultProvider(urn)
      ? { configuration, environment: this.environment, audience: "nativeStack" }
      : { configuration, environment: {}, audience: "instance" };
  }

  /** The engine hands each plugin the stack's configuration of its package in a variable: the brake holds on every instance. */
  private ofStack(key: string): string | undefined {
    const [, name = ""] = key.split(":");
    return stackConfiguration(this.environment["PULUMI_CONFIG"]).get(name);
  }
}

function stackConfiguration(json: string | undefined): ReadonlyMap<string, string> {
  const parsed: unknown = json === undefined ? {} : JSON.parse(json);
  const entries = isPlainObject(parsed) ? Object.entries(parsed) : [];
  return new Map(entries.flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : [])));
}

function unknownSettings(system: System, names: readonly string[]): string[] {
  return names
    .filter((name) => findSetting(system, name) === undefined)
    .map((name) => notASetting(shownPath([system, name]), name, Object.keys(SETTINGS[system])));
}

/** A credential that is no secret of the stack's configuration lies there in clear text. */
function plainCredentials({ systems }: ProviderConfiguration, secrets: ReadonlySet<string>): string[] {
  return SYSTEMS.filter((system) => !secrets.has(system))
    .flatMap((system) => secretSettings(system, systems[system]).map((name) => `${system}.${name}`))
    .map(
      (path) =>
        `${path} is in the stack's configuration, but not as a secret, and lies there in clear text: run \`pulumi config set --secret --path 'voice-licenses:${path}'\` and enter it there.`,
    );
}

function withSecretCredentials(inputs: Properties): Properties {
  const systems = SYSTEMS.flatMap((system) => {
    const settings = inputs[system];
    return isPlainObject(settings) ? [[system, withSecrets(settings, secretSettings(system, settings))] as const] : [];
  });
  return { ...inputs, ...Object.fromEntries(systems) };
}

function secretSettings(system: System, settings: Properties = {}): string[] {
  return Object.keys(settings).filter((name) => findSetting(system, name)?.secret === true);
}

/** Whether a URN names the provider that a program gets without asking: `…::default`, or `…::default_0_2_0`. `default_west` is declared. */
function isDefaultProvider(urn: string): boolean {
  return /::default(?:_\d[\w.-]*)?$/.test(urn);
}
