import assert from "node:assert/strict";
import { checkFleet } from "../../fleet/check-fleet";
import type { DeclaredFleet } from "../../fleet/kinds";
import { mistakeLines } from "../../fleet/mistake";
import type { LookUpSecret } from "../../fleet/secret-reference";

export const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";
export const APP_ID = "0fdc8122-e0b5-43ac-8433-54860113710d";

/** A customer with the inputs that it must have, and further lines. */
export function customer(...lines: string[]): string {
  return [
    "customers:",
    "  contoso:",
    `    customerGuid: ${GUID}`,
    "    licenseType: OcPro",
    "    licensedUsersCount: 50",
    ...lines.map((line) => `    ${line}`),
    "",
  ].join("\n");
}

/** A tenant with these lines. */
export function tenant(...lines: string[]): string {
  return ["tenants:", "  foo:", ...lines.map((line) => `    ${line}`), ""].join("\n");
}

/** The fleet of a text that has no mistakes. */
export function fleetOf(text: string): DeclaredFleet {
  const checked = checkFleet(text);
  assert.ok("fleet" in checked, `${text}\n${linesOf(text).join("\n")}`);
  return checked.fleet;
}

/** The mistakes of a text, as a user sees them. */
export function linesOf(text: string, lookUpSecret?: LookUpSecret): string[] {
  const checked = checkFleet(text, lookUpSecret);
  return "fleet" in checked ? [] : mistakeLines("licenses.yaml", checked.mistakes);
}
