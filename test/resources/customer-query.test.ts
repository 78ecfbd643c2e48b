import assert from "node:assert/strict";
import type { LivePlatformCustomer } from "../../provider/systems/live-platform/client";
import { type CustomerQuery, findByName } from "../../provider/customer/customer-lookup";

function row(changes: Partial<LivePlatformCustomer>): LivePlatformCustomer {
  return {
    guid: "D5253892-1C1E-4B23-89D7-29D86734C31B",
    shortName: "contoso",
    fullName: "Contoso Ltd",
    licenseType: 5,
    licensedUsersCount: 50,
    activeUserCount: 35,
    applicationClientId: undefined,
    clientSecretExpirationDate: undefined,
    ...changes,
  };
}

const ROWS = [
  row({}),
  row({ guid: "2b6e1f0d-94a7-4c38-a5d1-8f7c0e3b6a22", shortName: "fabrikam", fullName: "Fabrikam" }),
  row({ guid: "9e37b5d1-62c8-4a0f-bd74-1f6a3c8e5044", shortName: "fabrikam-2", fullName: "Fabrikam" }),
  row({ guid: null, licenseType: null, shortName: "tailspin", fullName: "Tailspin Toys" }),
  row({ guid: "00000000-0000-4000-8000-000000000001", shortName: null, fullName: null }),
];

const PLATFORM = { baseUrlKey: "livePlatform.baseUrl" };

describe("looking up a customer by name", () => {
  it("finds the one of that very name, with its GUID in lower case", () => {
    for (const query of [{ shortName: "contoso" }, { fullName: "Contoso Ltd" }]) {
      const found = findByName(ROWS, query, PLATFORM);
      assert.ok("guid" in found);
      assert.equal(found.guid, "d5253892-1c1e-4b23-89d7-29d86734c31b");
    }
  });

  const table: readonly [CustomerQuery, string][] = [
    [
      { shortName: "Contoso" },
      'there is no customer with shortName "Contoso" on the Live Platform: did you mean "contoso"?',
    ],
    [
      { fullName: "contoso" },
      'there is no customer with fullName "contoso" on the Live Platform: did you mean "Contoso Ltd"?',
    ],
    [
      { shortName: "northwind" },
      'there is no customer with shortName "northwind" on the Live Platform: check the name and livePlatform.baseUrl.',
    ],
    [
      { fullName: "Fabrikam" },
      '2 customers have fullName "Fabrikam": give the customerGuid in its place (2b6e1f0d-94a7-4c38-a5d1-8f7c0e3b6a22, 9e37b5d1-62c8-4a0f-bd74-1f6a3c8e5044).',
    ],
    [
      { shortName: "tailspin" },
      'no licence has been applied to the customer with shortName "tailspin" yet: create its service on the Live Platform first.',
    ],
  ];
  for (const [query, problem] of table) {
    it(problem, () => {
      assert.deepEqual(findByName(ROWS, query, PLATFORM), { problem });
    });
  }
});
