import type { ExportedFleet } from "./exported-fleet";

/** The lines that put the secrets into the stack's configuration which no API reveals. */
export function configurationLines({ customers }: ExportedFleet): string[] {
  return customers.flatMap(({ registration }) =>
    registration === undefined ? [] : [`pulumi config set --secret voice-licenses:${registration.secretKey}`],
  );
}
