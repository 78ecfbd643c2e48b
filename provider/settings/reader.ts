import type * as z from "zod";
import { settingName } from "./names";
import { DEFAULTS, findSetting, type NamedSetting, type SettingName, type SettingsPrefix, variableOf } from "./table";

/** Reads one key of the stack configuration, for example `livePlatform:baseUrl`. */
export type StackConfiguration = (key: string) => string | undefined;
/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Who gave the settings, and so what can be done about a wrong one: a stack and its environment, the same for the native plugin, whose
 * keys are objects, the environment of the command line, or the inputs of a provider instance.
 */
export type SettingsAudience = "stack" | "nativeStack" | "commandLine" | "instance";

/** Where settings come from. */
export interface SettingsSource {
  readonly configuration: StackConfiguration;
  readonly environment: Environment;
  /** `stack` where it is absent. */
  readonly audience?: SettingsAudience | undefined;
}

/** One setting that is missing or wrong. */
export interface SettingProblem {
  readonly kind: "missing" | "wrong";
  /** `livePlatform:baseUrl`. */
  readonly key: string;
  /** `LIVE_PLATFORM_BASE_URL`. */
  readonly variable: string;
  /** What is wrong with it and how to set it, in the words of its audience. */
  readonly message: string;
}

/** Settings are missing or wrong. The message has a line for each, which names where to set it. */
export class SettingsError extends Error {
  public override readonly name = "SettingsError";

  public constructor(public readonly problems: readonly SettingProblem[]) {
    super(problems.map(({ message }) => message).join("\n"));
  }
}

/** In these a password may have been written by mistake, before an `@` or in a query. */
const ADDRESS_NAMES: readonly string[] = ["baseUrl", "authUrl"];

/** Reads the settings of one prefix, and collects every problem before it throws, so that a user corrects all in one go. */
export class SettingsReader {
  private readonly problems = new Map<string, SettingProblem>();
  public readonly audience: SettingsAudience;

  public constructor(
    private readonly prefix: SettingsPrefix,
    private readonly source: SettingsSource,
  ) {
    this.audience = source.audience ?? "stack";
  }

  /** How the audience calls a setting. */
  public called(name: SettingName): string {
    return settingName(this.audience, this.prefix, name);
  }

  public optional<T>(name: SettingName, form: z.ZodType<T, string>): T | undefined {
    const given = this.lookUp(name);
    return given === undefined ? undefined : this.parse(name, form, given);
  }

  public required(name: SettingName, form: z.ZodType<string, string>): string {
    const given = this.lookUp(name);
    if (given === undefined) {
      this.complain("missing", name, `is missing: ${this.howToSet(name)}`);
      return "";
    }
    return this.parse(name, form, given) ?? "";
  }

  public withDefault<T>(name: keyof typeof DEFAULTS, form: z.ZodType<T, string>): T {
    const parsed = this.parse(name, form, this.lookUp(name) ?? DEFAULTS[name]);
    // The default stands in for a wrong value until throwIfWrong() speaks.
    return parsed ?? form.parse(DEFAULTS[name]);
  }

  /** Complains of a setting that is there, but empty, which would count as none. */
  public refuseEmpty(name: SettingName): void {
    const key = `${this.prefix}:${name}`;
    if (this.source.configuration(key) === "") {
      this.complain("wrong", name, `is empty: give it a number, or remove it with \`pulumi config rm ${key}\`.`);
    }
  }

  /** @throws {SettingsError} where anything was missing or wrong. */
  public throwIfWrong(): void {
    if (this.problems.size > 0) {
      throw new SettingsError([...this.problems.values()]);
    }
  }

  private lookUp(name: SettingName): string | undefined {
    const stack = this.source.configuration(`${this.prefix}:${name}`);
    const environment = this.source.environment[variableOf(this.prefix, name)];
    const [first, second] = this.setting(name)?.credential === true ? [environment, stack] : [stack, environment];
    return [first, second].find((value) => value !== undefined && value !== "");
  }

  private parse<T>(name: SettingName, form: z.ZodType<T, string>, given: string): T | undefined {
    const parsed = form.safeParse(given);
    if (parsed.success) {
      return parsed.data;
    }
    const problem = parsed.error.issues[0]?.message ?? "is wrong";
    const shown =
      this.setting(name)?.credential === true
        ? ""
        : `, not ${JSON.stringify(withoutPassword(name, given).slice(0, 100))}`;
    this.complain("wrong", name, `${problem}${shown}: ${this.howToSet(name)}`);
    return undefined;
  }

  private complain(kind: SettingProblem["kind"], name: SettingName, problem: string): void {
    const key = `${this.prefix}:${name}`;
    const variable = variableOf(this.prefix, name);
    const message = `${this.called(name)} ${problem}`;
    this.problems.set(name, { kind, key, variable, message });
  }

  private howToSet(name: SettingName): string {
    const secret = this.setting(name)?.secret === true ? "--secret " : "";
    switch (this.audience) {
      case "stack":
        return `\`pulumi config set ${secret}${this.prefix}:${name} …\`, or set ${variableOf(this.prefix, name)} in the environment.`;
      case "nativeStack": {
        const key = settingName(this.audience, this.prefix, name);
        const path = key.includes(".") ? `--path 'voice-licenses:${key}'` : `voice-licenses:${key}`;
        return `\`pulumi config set ${secret}${path} …\`, or set ${variableOf(this.prefix, name)} in the environment.`;
      }
      case "commandLine":
        return "set it in the environment.";
      case "instance":
        return "set it in the provider's inputs.";
    }
  }

  private setting(name: SettingName): NamedSetting | undefined {
    return findSetting(this.prefix, name);
  }
}

function withoutPassword(name: string, given: string): string {
  return ADDRESS_NAMES.includes(name) ? given.replace(/^.*@/s, "…@").replace(/[?#].*$/s, "?…") : given;
}
