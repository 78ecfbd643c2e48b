import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { TestStack } from "./stack";

const ROOT = path.resolve(__dirname, "../../..");
const NODE_SDK = "pulumi-voice-licenses-native";

/** Pulumi.yaml of a program in a language, with the plugin that this repository builds. */
function project(runtime: string): string {
  const plugin = path.join(ROOT, "dist", "plugin");
  return `name: e2e\nruntime: ${runtime}\nplugins:\n  providers:\n    - { name: voice-licenses, path: ${JSON.stringify(plugin)} }\n`;
}

/** A stack whose program uses the native plugin. Its language host is built where there is none. */
export async function createNativeStack(runtime: "yaml" | "python", seed?: unknown): Promise<TestStack> {
  const { buildPlugin } = (await import("../../../scripts/lib/plugin.mjs")) as { buildPlugin: () => Promise<void> };
  await buildPlugin();
  const stack = await TestStack.create(seed);
  writeFileSync(path.join(stack.folder, "Pulumi.yaml"), project(runtime));
  stack.setVariable("PATH", await searchPath(`pulumi-language-${runtime}`));
  return stack;
}

/** The same for programs in JavaScript, which use the generated SDK. */
export async function createNativeNodeStack(seed?: unknown): Promise<TestStack> {
  await buildSdks();
  const stack = await TestStack.create(seed, NODE_SDK);
  writeFileSync(path.join(stack.folder, "Pulumi.yaml"), project("nodejs"));
  symlinkSync(path.join(ROOT, "dist", "sdk", "nodejs"), path.join(stack.folder, "node_modules", NODE_SDK));
  return stack;
}

/** The same, with the plugin that was installed. */
export function yamlProgramWithInstalledPlugin(stack: TestStack, body: string): void {
  writeFileSync(path.join(stack.folder, "Pulumi.yaml"), `name: e2e\nruntime: yaml\n${body}`);
}

/** Makes the generated SDKs in `dist/sdk`. */
export async function buildSdks(): Promise<void> {
  const module = (await import("../../../scripts/lib/sdk.mjs")) as { buildSdks: () => Promise<void> };
  await module.buildSdks();
}

/** Writes the resources and outputs of a YAML program. */
export function yamlProgram(stack: TestStack, body: string): void {
  writeFileSync(path.join(stack.folder, "Pulumi.yaml"), `${project("yaml")}${body}`);
}

async function searchPath(host: string): Promise<string> {
  const { ensurePulumi } = (await import("../../../scripts/lib/pulumi-cli.mjs")) as {
    ensurePulumi: () => Promise<{ environment: Record<string, string> }>;
  };
  const { searchPathWithHost } = (await import("../../../scripts/lib/language-hosts.mjs")) as {
    searchPathWithHost: (cli: unknown, host: string) => Promise<string>;
  };
  const found = await searchPathWithHost(await ensurePulumi(), host);
  assert.notEqual(found, "");
  return found;
}
