import type { Tree } from "./tree";

/** The namespace of the stack's configuration that holds a fleet file's secrets, and `voice-licenses:file`. */
export const CONFIG_NAMESPACE = "voice-licenses";

/** How a key stands in the stack's configuration. */
export type SecretStanding = "secret" | "plain" | "missing";

/** Tells how a key of the namespace `voice-licenses` stands in the stack's configuration. */
export type LookUpSecret = (key: string) => SecretStanding;

/** The key that a fleet file names in place of a secret, or what is wrong with what stands there. */
export type SecretReference = { readonly key: string } | { readonly problem: string };

/** Few signs, so that a secret that was put here by mistake is seldom taken for a key, and then shown. */
const KEY = /^[\p{L}\p{M}\p{N}_.-]{1,100}$/u;

/**
 * Reads `{ config: <key> }`, the one way for a fleet file to name a secret.
 *
 * @param tree What stands in the file. It may be the secret itself, so no message repeats anything of it but a key.
 * @param resource The resource's name, from which a key is proposed.
 * @param lookUp Without it, as outside of a Pulumi program, the key is taken on trust.
 */
export function readSecretReference(
  tree: Tree,
  resource: string,
  lookUp: LookUpSecret | undefined = () => "secret",
): SecretReference {
  const reference = tree.kind === "map" && tree.entries.size === 1 ? tree.entries.get("config")?.value : undefined;
  if (reference?.kind !== "scalar") {
    const proposed = proposedKey(resource);
    const what = tree.kind === "scalar" ? "the secret itself must not be in this file" : "must be { config: <key> }";
    return { problem: `${what}: ${howToSet(proposed)}, and write { config: ${proposed} } here.` };
  }
  const key = reference.text;
  if (!KEY.test(key)) {
    return {
      problem: `config must be a key without ${CONFIG_NAMESPACE}: before it, made of letters, digits, _ . and -.`,
    };
  }
  switch (lookUp(key)) {
    case "secret":
      return { key };
    case "plain":
      return {
        problem: `${CONFIG_NAMESPACE}:${key} is in the stack's configuration, but not as a secret, so it lies there in clear text: ${howToSet(key)}.`,
      };
    case "missing":
      return { problem: `${CONFIG_NAMESPACE}:${key} is not in the stack's configuration: ${howToSet(key)}.` };
  }
}

function howToSet(key: string): string {
  return `run \`pulumi config set --secret ${CONFIG_NAMESPACE}:${key}\` and enter it there`;
}

function proposedKey(resource: string): string {
  return `${resource.replace(/[^\p{L}\p{M}\p{N}]+/gu, "-").replace(/^-|-$/g, "")}AppSecret`;
}
