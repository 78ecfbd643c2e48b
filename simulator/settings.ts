import { z } from "zod";

import { gatewaySettings } from "./gateway/settings";
import { livePlatformSettings } from "./live-platform/settings";

/** How both systems behave alike. */
export const commonSettings = {
  /** How long each call waits before it is looked at. */
  latencyMs: z.number().min(0).default(0),
  /** How many calls a host takes in a second; more are answered 429. */
  rateLimitPerSecond: z.number().positive().nullable().default(null),
  /** How long after a write, or the end of a task, reads still show what was there before. */
  visibleAfterMs: z.number().min(0).default(0),
};

/**
 * All settings by name, defaults filled in. In a seed those of a system stand in its part, and the others at the top; the
 * admin route takes any of them.
 */
export const settingsSchema = z.strictObject({ ...commonSettings, ...livePlatformSettings, ...gatewaySettings });

/** The settings in force. */
export type Settings = z.output<typeof settingsSchema>;

/** A change of settings, as the admin route takes it. */
export type SettingsChange = z.input<typeof settingsSchema>;

const changeSchema = z.record(z.string(), z.unknown());

/** Reads a change: the settings that it names, and no others. */
export function parseSettingsChange(value: unknown): z.ZodSafeParseResult<Partial<Settings>> {
  const object = changeSchema.safeParse(value);
  if (!object.success) {
    return object;
  }
  const names = new Set(Object.keys(object.data));
  return settingsSchema
    .transform((settings): Partial<Settings> =>
      Object.fromEntries(Object.entries(settings).filter(([name]) => names.has(name))),
    )
    .safeParse(value);
}

/** The settings as the admin route shows them; a duration in its unit. */
export function shownSettings({ taskDuration, ...settings }: Settings): Readonly<Record<string, unknown>> {
  return { taskDurationMs: taskDuration, ...settings };
}
