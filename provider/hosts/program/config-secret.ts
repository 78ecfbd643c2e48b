import * as pulumi from "@pulumi/pulumi";

/**
 * Whether a key of the stack's configuration is a secret there. Pulumi knows, but does not say so in its types. Where it does not
 * know either, the key is taken for one, so that nothing is refused without cause.
 */
export function isConfigSecret(key: string): boolean {
  const known: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  return typeof known !== "function" || Reflect.apply(known, pulumi.runtime, [key]) === true;
}
