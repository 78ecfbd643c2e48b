import { withoutCommands } from "../provider/text/pipeline-commands";
import { shown } from "../provider/text/shown";
import type { ExportedFleet, ExportedTenant } from "./exported-fleet";
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
    ...(fleet.tenants.length === 0
      ? []
      : ["Tenants are those that the gateway's user may see: a reseller's user sees only its own."]),
  ];
}

/** What stands above a tenant: what people call it, and its service packs. */
export function tenantLines({ title, servicePacks }: ExportedTenant): string[] {
  return [
    ...(title === "" ? [] : [asComment(title)]),
    ...(servicePacks.length === 0
      ? []
      : ["Service packs, which are not managed:", ...servicePacks.map((pack) => `  ${asComment(pack)}`)]),
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
            ({ guid, title, holds }) => `  ${asComment(title)} (${asComment(guid)}): ${asComment(holds)}`,
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
