import { readFileSync } from "node:fs";
import path from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";

import { gatewaySeedSchema } from "./gateway/seed";
import { issueTexts } from "./issues";
import { livePlatformSeedSchema } from "./live-platform/seed";
import { commonSettings, type Settings } from "./settings";

const seedSchema = z.strictObject({
  ...commonSettings,
  livePlatform: livePlatformSeedSchema.prefault({}),
  gateway: gatewaySeedSchema.prefault({}),
});

/** All that a simulator starts with, defaults filled in. */
export type Seed = z.output<typeof seedSchema>;

/** The seed is not usable; the message names the path in it, and what to write there. */
export class SeedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SeedError";
  }
}

/** Reads a seed that was parsed from YAML or JSON. */
export function parseSeed(value: unknown): Seed {
  const result = seedSchema.safeParse(value);
  if (!result.success) {
    throw new SeedError(`The seed is not valid: ${issueTexts(result.error).join("; ")}`);
  }
  return result.data;
}

/**
 * Reads a seed file in YAML, without looking at what it holds.
 * @throws SeedError where it cannot be read, or is not YAML; the message names the file, and the line.
 */
export function readSeedFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new SeedError(
      `The seed file ${file} cannot be read; check its path: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line;
    const place = line === undefined ? "" : `, line ${line}`;
    throw new SeedError(
      `The seed file ${file}${place} is not YAML: ${(problem.message.split("\n")[0] ?? "").replace(/:$/, "")}`,
    );
  }
  const value: unknown = document.toJS();
  return value;
}

/** The seed that is used where none is given. */
export function readDemoSeed(): unknown {
  return readSeedFile(path.join(__dirname, "demo-seed.yaml"));
}

/** The settings with which a seed starts. */
export function settingsOf({ livePlatform, gateway, ...common }: Seed): Settings {
  return { ...common, ...livePlatform.settings, ...gateway.settings };
}
