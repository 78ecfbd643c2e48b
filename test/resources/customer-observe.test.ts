import assert from "node:assert/strict";
import fc from "fast-check";
import type { LivePlatformCustomer } from "../../provider/apis/live-platform";
import { byGuid, parseUsDate, toObservation } from "../../provider/resources/customer-service-license/observe";
import { standingOf } from "../../provider/resources/customer-service-license/upgrade-task";

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

describe("the platform's dates", () => {
  const table: readonly [string | null | undefined, string | undefined][] = [
    ["2/18/2027 8:39:26 AM", "2027-02-18T08:39:26.000Z"],
    ["2/18/2027 8:39:26\u202FPM", "2027-02-18T20:39:26.000Z"],
    ["02/08/2027 08:39:26 am", "2027-02-08T08:39:26.000Z"],
    [" 12/31/2026 12:00:00 AM ", "2026-12-31T00:00:00.000Z"],
    ["12/31/2026 12:00:00 PM", "2026-12-31T12:00:00.000Z"],
    ["12/31/2026 23:59", "2026-12-31T23:59:00.000Z"],
    ["2/29/2028", "2028-02-29T00:00:00.000Z"],
    ["2/29/2027 8:00:00 AM", undefined],
    ["13/1/2027 8:00:00 AM", undefined],
    ["0/1/2027", undefined],
    ["4/31/2027", undefined],
    ["2/18/2027 24:00:00", undefined],
    ["2/18/2027 8:60:00 AM", undefined],
    ["2/18/2027 8:00:99 AM", undefined],
    ["1/1/0001 12:00:00 AM", undefined],
    ["0001-01-01T00:00:00", undefined],
    ["2027-02-18T08:39:26", "2027-02-18T08:39:26.000Z"],
    ["2027-02-18T08:39:26.5Z", "2027-02-18T08:39:26.500Z"],
    ["2027-02-18T08:39:26+02:00", "2027-02-18T06:39:26.000Z"],
    ["2027-02-30T99:00:00", undefined],
    ["18.2.2027", undefined],
    ["soon", undefined],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
  ];
  for (const [text, expected] of table) {
    it(`${text === undefined ? "undefined" : JSON.stringify(text)} is ${expected ?? "none"}`, () => {
      assert.equal(parseUsDate(text), expected);
    });
  }

  it("never make reading throw, and what is read is ISO 8601", () => {
    const part = fc.nat(99);
    const text = fc.oneof(
      fc.string(),
      fc
        .tuple(part, part, fc.nat(9999), part, part, part, fc.constantFrom(" AM", " PM", "", "Z"))
        .map(
          ([month, day, year, hour, minute, second, half]) =>
            `${month}/${day}/${year} ${hour}:${minute}:${second}${half}`,
        ),
    );
    fc.assert(
      fc.property(text, (value) => {
        const parsed = parseUsDate(value);
        assert.ok(parsed === undefined || new Date(parsed).toISOString() === parsed);
      }),
    );
  });

  it("come back as they were written", () => {
    const date = fc.date({ min: new Date("1970-01-02"), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(date, (moment) => {
        const whole = new Date(Math.floor(moment.getTime() / 1000) * 1000);
        const text = whole.toLocaleString("en-US", { timeZone: "UTC" }).replace(",", "");
        assert.equal(parseUsDate(text), whole.toISOString());
      }),
    );
  });
});

describe("the platform's words for where a task stands", () => {
  const table = {
    succeeded: ["CompletedSuccess", "Completed Success", "completed_success", "COMPLETED SUCCESS", "completedsuccess"],
    failed: [
      "Failed",
      "CompletedFailed",
      "Completed With Errors",
      "CompletedError",
      "Cancelled",
      "canceled",
      "Aborted",
      "Failure",
      "PartiallyFailed",
    ],
    running: [
      "In Progress",
      "InProgress",
      "Queued",
      "Completed",
      "Success",
      "CompletedSuccessfully?",
      "Pending",
      "",
      "42",
    ],
  } as const;
  for (const [standing, words] of Object.entries(table)) {
    for (const word of words) {
      it(`${JSON.stringify(word)} is ${standing}`, () => {
        assert.equal(standingOf(word), standing);
      });
    }
  }
});
