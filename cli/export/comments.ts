import { withoutCommands } from "../../provider/text/pipeline-commands";
import { shown } from "../../provider/text/shown";
import type { ExportedFleet } from "./exported-fleet";
import { configurationLines } from "./next-steps";

/** Text from outside that stays in its comment, on its line. */
export function asComment(text: string): string {
  return withoutCommands(shown(text)).trim();
}

/** What stands at the top of an export, line by line. */
export function headerLines(fleet: ExportedFleet): string[] {
  const steps = configurationLines(fleet);
  return [
    "Written by `voice-licenses export`: what the systems hold.",
    ...(steps.length === 0
      ? []
      : [
          "The platform masks the secrets of App Registrations. Before the first `pulumi up`:",
          ...steps.map((step) => `  ${step}`),
        ]),
    ...fleet.notes,
  ];
}

/** What stands at the end: what is not in the file, and why. */
export function footerLines({ undeclarable, leftOut }: ExportedFleet): string[] {
  return [
    ...(undeclarable.length === 0
      ? []
      : [
          "These licences cannot be declared as they are; declare OcPro or OcEssentialPlus to upgrade an OC Essential customer:",
          ...undeclarable.map(
            ({ id, title, holds }) => `  ${asComment(title)} (${asComment(id)}): ${asComment(holds)}`,
          ),
        ]),
    ...(leftOut.length === 0
      ? []
      : [
          "Left out, because it cannot be declared:",
          ...leftOut.map(({ what, why }) => `  ${asComment(what)}: ${asComment(why)}`),
        ]),
  ];
}
