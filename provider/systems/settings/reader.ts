import { shownExactly } from "../../text/shown";
import { Misfit } from "./forms";
import { howToSet, settingName } from "./names";
import type { NamedSetting } from "./table";

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Who gave the settings, and so what can be done about a wrong one: a stack and its environment, the environment of the command line, or
 * the inputs of a provider instance.
 */
type SettingsAudience = "stack" | "commandLine" | "instance";

/** Where settings come from. */
export interface SettingsSource {
  /** A setting of the stack or instance by its key, `livePlatform:baseUrl`. */
  readonly configuration: (key: string) => string | undefined;
  readonly environment: Environment;
  /** @default "stack" */
  readonly audience?: SettingsAudience | undefined;
  /** Keys that the stack has in their older form, `livePlatform:baseUrl`. */
  readonly olderKeys?: ReadonlySet<string> | undefined;
  /** What is wrong with them before any is read, a sentence each: every reader refuses it. */
  readonly problems?: readonly string[] | undefined;
}

/** Settings are missing or wrong. The message has a line for each, which names where to set it. */
export class SettingsError extends Error {
  public override readonly name = "SettingsError";

  public constructor(public readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/** What is missing or wrong in settings, as values; none where they can be used. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof SettingsError) {
      return error.problems;
    }
    throw error;
  }
}

/** In these a password may have been written by mistake, before an `@` or in a query. */
const ADDRESS_NAMES: readonly string[] = ["baseUrl", "authUrl"];

/** Whether a value that fits its form can be used here too: what is wrong with it, to follow the name of its setting. */
type FurtherCheck = (value: string) => string | undefined;

/** Reads settings, and collects every problem before it throws, so that a user corrects all in one go. */
export class SettingsReader {
  private readonly problems = new Map<string, string>();

  public constructor(private readonly source: SettingsSource) {
    source.problems?.forEach((problem) => this.problems.set(problem, problem));
  }

  public optional<T>(setting: NamedSetting<T>): T | undefined {
    const given = lookUp(this.source, setting);
    return given === undefined ? undefined : this.parse(setting, given);
  }

  public withDefault<T>(setting: NamedSetting<T> & { readonly default: string }): T {
    // The default stands in for a wrong value until throwIfWrong() speaks.
    const value = this.optional(setting) ?? setting.form.read(setting.default);
    if (value instanceof Misfit) {
      throw new Error(`The default of ${setting.key} ${value.problem}.`);
    }
    return value;
  }

  /** The text of a setting, `""` where it is missing or wrong. */
  public required(setting: NamedSetting<string>, check?: FurtherCheck): string {
    if (lookUp(this.source, setting) === undefined) {
      this.complain(setting, `is missing: ${howToSet(this.source, setting)}`);
    }
    return this.checked(setting, check) ?? "";
  }

  /** An optional text, with a check that its form cannot make. */
  public checked(setting: NamedSetting<string>, check?: FurtherCheck): string | undefined {
    const value = this.optional(setting);
    const problem = value === undefined ? undefined : check?.(value);
    if (value !== undefined && problem !== undefined) {
      this.refuse(setting, problem, value);
    }
    return value;
  }

  /** Complains of a setting that is there, but empty, which would count as none. */
  public refuseEmpty(setting: NamedSetting): void {
    if (this.source.configuration(setting.key) === "") {
      this.complain(setting, `is empty: give it a number, or remove it with \`pulumi config rm ${setting.key}\`.`);
    }
  }

  /** @throws {SettingsError} where anything was missing or wrong. */
  public throwIfWrong(): void {
    if (this.problems.size > 0) {
      throw new SettingsError([...this.problems.values()]);
    }
  }

  private parse<T>(setting: NamedSetting<T>, given: string): T | undefined {
    const value = setting.form.read(given);
    if (value instanceof Misfit) {
      this.refuse(setting, value.problem, given);
      return undefined;
    }
    return value;
  }

  private refuse(setting: NamedSetting, problem: string, given: string): void {
    const shown = shownExactly(JSON.stringify(withoutPassword(setting.name, given)), 100);
    const value = setting.credential === true ? "" : `, not ${shown}`;
    this.complain(setting, `${problem}${value}: ${howToSet(this.source, setting)}`);
  }

  private complain(setting: NamedSetting, problem: string): void {
    this.problems.set(setting.key, `${settingName(this.source, setting)} ${problem}`);
  }
}

/**
 * The text of a setting, by the two rules of precedence: the environment wins for credentials, the stack for all else. An empty one counts
 * as not given.
 */
export function lookUp({ configuration, environment }: SettingsSource, setting: NamedSetting): string | undefined {
  const [stack, variable] = [configuration(setting.key), environment[setting.variable]];
  const texts = setting.credential === true ? [variable, stack] : [stack, variable];
  return texts.find((text) => text !== undefined && text !== "");
}

function withoutPassword(name: string, given: string): string {
  return ADDRESS_NAMES.includes(name) ? given.replace(/^.*@/s, "…@").replace(/[?#].*$/s, "?…") : given;
}
