import * as pulumi from "@pulumi/pulumi";
import { settingsFrom } from "../../systems/settings/given";
import type { SettingsSource } from "../../systems/settings/reader";
import { isConfigSecret } from "./config-secret";
import { ProgramMemory } from "./program-memory";

/** By configuration: every resource asks, and one run has one. */
const checked = new ProgramMemory(() => new Map<string, SettingsSource>());

/**
 * The settings of the stack and the environment of this program.
 * @throws {pulumi.RunError} with all that is wrong with them as a whole: names that no table knows, a credential in clear text.
 */
export function stackSettings(): SettingsSource {
  const configuration = pulumi.runtime.allConfig();
  const known = checked.ofThisRun();
  const key = JSON.stringify(configuration);
  const settings =
    known.get(key) ??
    settingsFrom(configuration, {
      audience: "stack",
      environment: process.env,
      project: pulumi.getProject(),
      isSecret: isConfigSecret,
    });
  if (settings.problems !== undefined && settings.problems.length > 0) {
    throw new pulumi.RunError(settings.problems.join("\n"));
  }
  known.set(key, settings);
  return settings;
}
