import { didYouMean, nearest } from "../text/nearest";
import type { SettingsAudience } from "./reader";
import { type SettingsPrefix, variableOf } from "./table";

/** How a message calls one setting: by the name under which its audience has it. */
export function settingName(audience: SettingsAudience, prefix: SettingsPrefix, name: string): string {
  switch (audience) {
    case "stack":
      return `${prefix}:${name}`;
    case "commandLine":
      return variableOf(prefix, name);
    case "nativeStack":
    case "instance":
      return prefix === "voice-licenses" ? name : `${prefix}.${name}`;
  }
}

/** The same for several settings of one system, with the variables beside the keys: `a:x and a:y (A_X, A_Y)`. */
export function settingNames(audience: SettingsAudience, prefix: SettingsPrefix, ...names: readonly string[]): string {
  const listed = names.map((name) => settingName(audience, prefix, name)).join(" and ");
  const variables = names.map((name) => variableOf(prefix, name)).join(", ");
  return audience === "stack" || audience === "nativeStack" ? `${listed} (${variables})` : listed;
}

/** Says that `shown` is not a setting, and offers the `known` ones that are most like `name`, or all of them where none is. */
export function notASetting(shown: string, name: string, known: readonly string[]): string {
  const alike = nearest(name, known);
  return `${shown} is not a setting${alike.length === 0 ? `; the settings are ${known.join(", ")}.` : didYouMean(alike)}`;
}
