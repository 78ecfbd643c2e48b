import type { ExportedFleet } from "./exported-fleet";
import { isSecretKey } from "./exported-object";

/** The lines that put the secrets into the stack's configuration which no API reveals. */
export function configurationLines({ sections }: ExportedFleet): string[] {
  return [...sections.values()]
    .flat()
    .flatMap(({ inputs }) => inputs.map(([, value]) => value))
    .filter(isSecretKey)
    .map(({ secretKey }) => `pulumi config set --secret voice-licenses:${secretKey}`);
}
