import assert from "node:assert/strict";
import type { LivePlatformCustomer } from "../../provider/systems/live-platform/client";
import { byGuid, toDetailedObservation, toObservation } from "../../provider/customer/customers";
import { standingOf } from "../../provider/customer/task-status";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

const ROW: LivePlatformCustomer = {
  guid: GUID.toUpperCase(),
  shortName: "contoso",
  fullName: "Contoso",
  licenseType: 5,
  licensedUsersCount: 50,
  activeUserCount: 35,
  applicationClientId: null,
  clientSecretExpirationDate: "2/18/2027 8:39:26 AM",
};

describe("a customer as it is seen", () => {
  it("has names for numbers and ISO 8601 for the platform's own dates", () => {
    assert.deepEqual(toObservation(ROW, 3), {
      found: true,
      customer: {
        licenseType: "OcPro",
        licensedUsersCount: 50,
        activeUserCount: 35,
        fullName: "Contoso",
        shortName: "contoso",
        applicationClientId: null,
        clientSecretExpiresAt: "2027-02-18T08:39:26.000Z",
      },
    });
  });

  it("has no App Registration where its own answer names none; the list never names any", () => {
    const unnamed = { ...ROW, applicationClientId: undefined };
    for (const [observation, expected] of [
      [toDetailedObservation(unnamed, 3), null],
      [toObservation(unnamed, 3), undefined],
    ] as const) {
      assert.ok(observation.found);
      assert.equal(observation.customer.applicationClientId, expected);
    }
  });

  it("has no licence where its GUID or its type is null", () => {
    for (const lead of [{ guid: null }, { licenseType: null }, { guid: null, licenseType: null }]) {
      assert.deepEqual(toObservation({ ...ROW, ...lead }, 3), { found: false, why: "noLicenseApplied" });
    }
  });

  it("is found in the list in any case, and not among leads", () => {
    const lead = { ...ROW, guid: null };
    assert.equal(byGuid([lead, ROW]).get(GUID), ROW);
    assert.equal(byGuid([lead]).size, 0);
  });
});

describe("the platform's words for where a task stands", () => {
  const table = {
    succeeded: [
      "CompletedSuccess",
      "Completed Success",
      "completed_success",
      "COMPLETED-SUCCESS",
      "Completed",
      "CompletedWithWarnings",
      "completed without errors",
      "Success",
      "Succeeded",
      "Done",
      "Finished",
    ],
    failed: [
      "Failed",
      "Failed (validation)",
      "CompletedFailed",
      "Completed With Errors",
      "CompletedError",
      "UpgradeFailed",
      "PartiallyFailed",
      "Failure",
      "Error",
      "TimedOut",
      "Timed Out",
      "time-out",
      "Rejected",
      "Skipped",
      "Cancelled",
      "canceled",
      "Aborted",
      "Expired",
    ],
    running: ["In Progress", "InProgress", "in-progress", "Queued", "Pending", "Running", "Not Started"],
    unclear: ["", " ", "3", "null", "CompletedSuccessfully?", "Cancelling", "Phase 2", "terminé"],
  } as const;
  for (const [standing, words] of Object.entries(table)) {
    for (const word of words) {
      it(`${JSON.stringify(word)} is ${standing}`, () => {
        assert.equal(standingOf(word), standing);
      });
    }
  }
});
