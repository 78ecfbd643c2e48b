import { z } from "zod";

import { gatewaySeedNames, gatewaySeedSchema } from "./gateway/seed";
import { explainWith, issueTexts } from "./issues";
import { livePlatformSeedNames, livePlatformSeedSchema } from "./live-platform/seed";
import { commonSettings, type Settings } from "./settings";

const seedSchema = z.strictObject({
  ...commonSettings,
  livePlatform: livePlatformSeedSchema.prefault({}),
  gateway: gatewaySeedSchema.prefault({}),
});

/** All that a simulator starts with, defaults filled in. */
export type Seed = z.output<typeof seedSchema>;

/** Every name that a seed may use. */
export const seedNames: readonly string[] = [
  ...Object.keys(seedSchema.shape),
  ...livePlatformSeedNames,
  ...gatewaySeedNames,
];

/** The seed is not usable; the message names the path in it, and what to write there. */
export class SeedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SeedError";
  }
}

const MOST_MISTAKES = 3;

/** The first mistakes, and how many more there are. */
export function limited(mistakes: readonly string[]): readonly string[] {
  const more = mistakes.length - MOST_MISTAKES;
  return more > 0
    ? [...mistakes.slice(0, MOST_MISTAKES), `and ${more} more ${more === 1 ? "mistake" : "mistakes"}`]
    : mistakes;
}

/** Checks a seed that was parsed from YAML or JSON. */
export function checkSeed(value: unknown): z.ZodSafeParseResult<Seed> {
  return seedSchema.safeParse(value, { error: explainWith(seedNames) });
}

/** Reads a seed that was parsed from YAML or JSON. */
export function parseSeed(value: unknown): Seed {
  const result = checkSeed(value);
  if (!result.success) {
    throw new SeedError(`The seed is not valid: ${limited(issueTexts(result.error)).join("; ")}`);
  }
  return result.data;
}

/** The settings with which a seed starts. */
export function settingsOf({ livePlatform, gateway, ...common }: Seed): Settings {
  return { ...common, ...livePlatform.settings, ...gateway.settings };
}
