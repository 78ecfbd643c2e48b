import assert from "node:assert/strict";
import { unmanagedCustomers } from "../../cli/assessment/assess-customer";
import { toFleet } from "../../cli/export/exported-fleet";
import { fleetTypeScript } from "../../cli/export/fleet-typescript";
import { fleetYaml } from "../../cli/export/fleet-yaml";
import type { CustomerEntry } from "../../cli/inventory/customers";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

const entry = (
  fullName: string | null,
  shortName: string | null,
  licenseType: "OcPro" | "OcEssential",
): CustomerEntry => ({
  guid: GUID,
  customer: {
    licenseType,
    licensedUsersCount: 50,
    activeUserCount: 3,
    fullName,
    shortName,
    applicationClientId: null,
    clientSecretExpiresAt: undefined,
  },
});

const EVERYTHING = {
  isWanted: () => true,
  onlyLicensed: false,
  isClaimed: () => false,
};

describe("what a customer is called", () => {
  const cases = [
    ["Contoso Ltd", "Contoso 1", "Contoso Ltd"],
    ["", "Contoso 1", "Contoso 1"],
    [" \t\u200b", "Contoso 1", "Contoso 1"],
    [null, "Contoso 1", "Contoso 1"],
    ["", "", GUID],
    ["", null, GUID],
    [null, " ", GUID],
  ] as const;
  for (const [fullName, shortName, expected] of cases) {
    it(`${JSON.stringify([fullName, shortName])} is ${expected}, wherever it is shown`, () => {
      const [unmanaged] = unmanagedCustomers([entry(fullName, shortName, "OcPro")], new Set());
      assert.equal(unmanaged?.name, expected);
      const declared = toFleet({ customers: [entry(fullName, shortName, "OcPro")], tenants: [] }, EVERYTHING);
      const isName = expected === GUID;
      assert.equal(fleetYaml(declared).includes(`    # ${expected}\n`), !isName);
      assert.equal(fleetTypeScript(declared).includes(`// ${expected}\n`), !isName);
      const undeclarable = toFleet({ customers: [entry(fullName, shortName, "OcEssential")], tenants: [] }, EVERYTHING);
      assert.ok(fleetYaml(undeclarable).includes(`#   ${expected} (${GUID}): OC Essential, 50 users`));
      assert.ok(fleetTypeScript(undeclarable).includes(`//   ${expected} (${GUID}): OC Essential, 50 users`));
    });
  }
});
