import { didYouMean, nearest } from "../../text/nearest";
import { shownKey } from "../../text/shown";
import type { SettingsSource } from "./reader";
import { type NamedSetting, NAMESPACE } from "./table";

/** How a message calls a setting: by the name under which its audience has it. */
export function settingName({ audience, olderKeys }: SettingsSource, setting: NamedSetting): string {
  const { prefix, name, key, variable } = setting;
  if (audience === "commandLine") {
    return variable;
  }
  if (prefix === NAMESPACE) {
    return audience === "instance" ? name : key;
  }
  return olderKeys?.has(key) === true ? key : `${prefix}.${name}`;
}

/** The same for several, with the variables of a stack beside them: `a.x and a.y (A_X, A_Y)`. */
export function settingNames(source: SettingsSource, ...settings: readonly NamedSetting[]): string {
  const names = settings.map((setting) => settingName(source, setting)).join(" and ");
  const variables = settings.map(({ variable }) => variable).join(", ");
  return (source.audience ?? "stack") === "stack" ? `${names} (${variables})` : names;
}

/** The end of a message: where its audience sets a setting. */
export function howToSet(source: SettingsSource, setting: NamedSetting): string {
  switch (source.audience ?? "stack") {
    case "stack":
      return `\`${setLine(setting, settingName(source, setting))} …\`, or set ${setting.variable} in the environment.`;
    case "commandLine":
      return "set it in the environment.";
    case "instance":
      return "set it in the provider's inputs.";
  }
}

/** The line that sets a setting in a stack's configuration. `shown` is its name there: `tenantGateway.password`. */
export function setLine({ secret }: NamedSetting, shown: string): string {
  const key = shown.includes(":") ? shown : `--path '${NAMESPACE}:${shown}'`;
  return `pulumi config set ${secret === true ? "--secret " : ""}${key}`;
}

/** Says that `shown` is not a setting, and offers those that it may be meant as, or else all that are `known`. */
export function notASetting(shown: string, meant: readonly string[], known: readonly string[] = meant): string {
  const rest = meant.length === 0 ? `; the settings are ${known.join(", ")}.` : didYouMean(meant);
  return `${shownKey(shown)} is not a setting${rest}`;
}

/** The known names that `name` may be meant as: they differ by a few letters, or else contain it, as `username` does `user`. */
export function alike(name: string, known: readonly string[]): string[] {
  const near = nearest(name, known);
  const part = name.toLowerCase();
  return near.length > 0 || part.length < 3 ? near : known.filter((each) => each.toLowerCase().includes(part));
}
