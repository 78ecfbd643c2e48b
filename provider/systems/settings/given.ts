import { isPlainObject } from "../../text/plain-object";
import { setLine } from "./names";
import type { Environment, SettingsSource } from "./reader";
import { findSetting, isSystem, type NamedSetting, NAMESPACE, type System } from "./table";
import { unknownIn, unknownInput, unknownKey, unknownNamespace, unknownVariables } from "./unknown";

/** Whose settings they are. */
export interface SettingsOwner {
  /** The environment fills in a stack. It does not fill in an instance, so that no credential of one platform reaches another. */
  readonly audience: "stack" | "instance";
  readonly environment: Environment;
  /** The project whose program this is: a stack's keys below that name are its own. */
  readonly project?: string | undefined;
  /** Whether the stack's configuration holds a key as a secret, where that is known. */
  readonly isSecret?: ((key: string) => boolean) | undefined;
}

/** A setting as it was given. */
interface Given {
  readonly setting: NamedSetting;
  readonly text: string;
  /** The key that holds it: `voice-licenses:tenantGateway`, or the older `tenantGateway:password`. */
  readonly holder: string;
  /** What messages call it: `tenantGateway.password`, or the older `tenantGateway:password`. */
  readonly shown: string;
}

/** What is wrong with a configuration, as a sentence. */
type Problem = string;

/**
 * The settings in a whole configuration, by its keys: those of a system are an object or its JSON text, `voice-licenses:tenantGateway`, or
 * keys of their own, `tenantGateway:password`, as before 0.3. What is wrong with them as a whole is a problem of the source.
 */
export function settingsFrom(raw: Readonly<Record<string, unknown>>, owner: SettingsOwner): SettingsSource {
  const { audience, environment } = owner;
  const problems: Problem[] = [];
  const given = new Map<string, Given>();
  for (const one of Object.entries(raw).flatMap(([key, value]) => givenIn(key, value, owner))) {
    if (typeof one === "string") {
      problems.push(one);
    } else {
      problems.push(...againstRules(one, given.get(one.setting.key), owner));
      given.set(one.setting.key, one);
    }
  }
  return {
    audience,
    environment: audience === "stack" ? environment : {},
    configuration: (key) => given.get(key)?.text,
    olderKeys: new Set([...given.values()].map(({ shown }) => shown).filter((shown) => given.has(shown))),
    problems: [...problems, ...unknownVariables(environment)],
  };
}

/** The settings of the command line, which has no stack. */
export function settingsOfEnvironment(environment: Environment): SettingsSource {
  const problems = unknownVariables(environment);
  return { audience: "commandLine", environment, configuration: () => undefined, problems };
}

/** The names in the inputs of an instance that are no setting. Their values may be anything. */
export function unknownInputs(inputs: Readonly<Record<string, unknown>>): Problem[] {
  const isUnknown = (system: System, name: string): boolean => findSetting(system, name) === undefined;
  return Object.entries(inputs).flatMap(([name, value]) =>
    isSystem(name)
      ? Object.keys(isPlainObject(value) ? value : {})
          .filter((setting) => isUnknown(name, setting))
          .flatMap((setting) => unknownIn(name, setting, "."))
      : findSetting(NAMESPACE, name) === undefined
        ? unknownInput(name)
        : [],
  );
}

function givenIn(key: string, value: unknown, { audience, project }: SettingsOwner): (Given | Problem)[] {
  const [namespace = "", ...rest] = key.split(":");
  const name = rest.join(":");
  if (isSystem(namespace)) {
    return inSystem(namespace, name, value, key, audience === "instance" ? "." : ":");
  }
  if (namespace !== NAMESPACE) {
    return project === undefined || project === namespace ? [] : unknownNamespace(namespace, name);
  }
  if (isSystem(name)) {
    return inObject(name, value, key);
  }
  const setting = findSetting(NAMESPACE, name);
  if (setting === undefined) {
    return audience === "instance" ? unknownInput(name) : unknownKey(name);
  }
  return withText(setting, value, key, audience === "instance" ? name : key);
}

function inObject(system: System, value: unknown, holder: string): (Given | Problem)[] {
  if (value === null || value === undefined || value === "") {
    return [];
  }
  const object = typeof value === "string" ? parsed(value) : value;
  return isPlainObject(object)
    ? Object.entries(object).flatMap(([name, one]) => inSystem(system, name, one, holder, "."))
    : [`${system} must be an object of settings, such as { baseUrl: "https://…" }, or its JSON text.`];
}

function inSystem(
  system: System,
  name: string,
  value: unknown,
  holder: string,
  separator: "." | ":",
): (Given | Problem)[] {
  const setting = findSetting(system, name);
  return setting === undefined
    ? unknownIn(system, name, separator)
    : withText(setting, value, holder, `${system}${separator}${name}`);
}

/** An empty text counts as not given, but for a limit: that is a slip, which must not take the brake off. */
function withText(setting: NamedSetting, value: unknown, holder: string, shown: string): (Given | Problem)[] {
  if (value === null || value === undefined || (value === "" && setting.prefix !== NAMESPACE)) {
    return [];
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? [{ setting, text: String(value), holder, shown }]
    : [`${shown} must be a string, a number or a boolean.`];
}

function againstRules(one: Given, other: Given | undefined, { isSecret }: SettingsOwner): Problem[] {
  const { setting, text, holder, shown } = one;
  const problems: Problem[] = [];
  if (other !== undefined && other.text !== text) {
    const newer = `${NAMESPACE}:${setting.prefix}.${setting.name}`;
    problems.push(
      `${setting.key} and ${newer} have different values: keep one of them, such as with \`pulumi config rm ${setting.key}\`.`,
    );
  }
  if (setting.secret === true && isSecret?.(holder) === false) {
    problems.push(
      `${shown} is in the stack's configuration, but not as a secret, and lies there in clear text: run \`${setLine(setting, shown)}\` and enter it there.`,
    );
  }
  return problems;
}

/** What a JSON text holds; `undefined` where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
