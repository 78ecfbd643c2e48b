import type { ExportedFleet } from "./exported-fleet";

/** The lines that put the secrets into the stack's configuration which no API reveals. */
export function configurationLines({ customers }: ExportedFleet): string[] {
  return customers.flatMap(({ registration }) =>
    registration === undefined ? [] : [`pulumi config set --secret voice-licenses:${registration.secretKey}`],
  );
}

/** A text that stays in its comment, on its line. */
export function asComment(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, " ").trim();
}
