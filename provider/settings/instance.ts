import { isPlainObject } from "../plain-object";
import { notASetting } from "./names";
import { readLivePlatformSettings, readReductionLimits, readTenantGatewaySettings } from "./read";
import { type SettingProblem, SettingsError, type SettingsSource } from "./reader";
import { ALL_SETTINGS, type SettingsPrefix, SYSTEMS, variableOf } from "./table";

/** The inputs of a provider instance, as they come from a program: numbers and flags may be texts. */
export type InstanceInputs = Readonly<Record<string, unknown>>;

/**
 * Settings from the inputs of a provider instance alone: neither a stack nor the environment fills in what they leave out, so that no
 * credential of one platform reaches another.
 */
export function instanceSettings(inputs: InstanceInputs): SettingsSource {
  return {
    audience: "instance",
    environment: {},
    configuration: (key) => {
      const [prefix = "", name = ""] = key.split(":");
      const group = prefix === "voice-licenses" ? inputs : inputs[prefix];
      return isPlainObject(group) ? asText(group[name]) : undefined;
    },
  };
}

/** Everything that is missing or wrong in the inputs of a provider instance: unknown names first, then each system that it names. */
export function checkInstance(inputs: InstanceInputs): readonly SettingProblem[] {
  const source = instanceSettings(inputs);
  return [
    ...unknownNames(inputs),
    ...((inputs["livePlatform"] ?? undefined) === undefined ? [] : problemsOf(() => readLivePlatformSettings(source))),
    ...((inputs["tenantGateway"] ?? undefined) === undefined
      ? []
      : problemsOf(() => readTenantGatewaySettings(source))),
    ...problemsOf(() => readReductionLimits(source)),
  ];
}

/** What is missing or wrong in settings, as values; none where they can be used. */
export function problemsOf(read: () => unknown): readonly SettingProblem[] {
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

/** A misspelt setting would silently count as not given. */
function unknownNames(inputs: InstanceInputs): SettingProblem[] {
  const limits = namesOf("voice-licenses");
  const top = [...SYSTEMS, ...limits];
  return Object.entries(inputs).flatMap(([name, value]): SettingProblem[] => {
    const system = SYSTEMS.find((one) => one === name);
    if (system === undefined) {
      return limits.includes(name) ? [] : [unknown("voice-licenses", name, name, top)];
    }
    if (value === undefined || value === null) {
      return [];
    }
    if (!isPlainObject(value)) {
      return [wrong(system, "", `${system} must be an object with its settings.`)];
    }
    return Object.keys(value)
      .filter((setting) => !namesOf(system).includes(setting))
      .map((setting) => unknown(system, setting, `${system}.${setting}`, namesOf(system)));
  });
}

function unknown(prefix: SettingsPrefix, name: string, shown: string, known: readonly string[]): SettingProblem {
  return wrong(prefix, name, notASetting(shown, name, known));
}

function wrong(prefix: SettingsPrefix, name: string, message: string): SettingProblem {
  return { kind: "wrong", key: `${prefix}:${name}`, variable: variableOf(prefix, name), message };
}

function namesOf(prefix: SettingsPrefix): string[] {
  return ALL_SETTINGS.filter((setting) => setting.prefix === prefix).map(({ name }) => name);
}

/** Texts as they are; what is neither text, number nor flag is shown as it is where it is refused. */
function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
