import * as pulumi from "@pulumi/pulumi";

const NAMESPACE = "voice-licenses";
/** Settings that limit what one run may take away. */
const NAMES = ["maxReductions", "maxLicensesRemoved"] as const;

/** The key of a limit in a stack's configuration. */
export function limitKey(name: (typeof NAMES)[number]): string {
  return `${NAMESPACE}:${name}`;
}

/** The limits in the stack's configuration, by their keys. Pulumi hands them to the default provider alone. */
export function limitsOfStack(): Record<string, string> {
  const config = new pulumi.Config(NAMESPACE);
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const limit = config.get(name);
      return limit === undefined ? [] : [[limitKey(name), limit]];
    }),
  );
}
