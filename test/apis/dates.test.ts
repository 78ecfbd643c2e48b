import assert from "node:assert/strict";
import fc from "fast-check";
import { readDate } from "../../provider/systems/shared/dates";

describe("the platform's dates", () => {
  const table: readonly [string, string | undefined][] = [
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
    ["2027-02-18 08:39:26", "2027-02-18T08:39:26.000Z"],
    ["2027-02-18", "2027-02-18T00:00:00.000Z"],
    ["2027-02-18 08:39", "2027-02-18T08:39:00.000Z"],
    ["2027-02-18T08:39:26.0202209+00:00", "2027-02-18T08:39:26.020Z"],
    ["2027-02-18 08:39:26 +0100", "2027-02-18T07:39:26.000Z"],
    ["2027-02-18 08:39:26 UTC", "2027-02-18T08:39:26.000Z"],
    ["2027-02-18T23:30:00-02:00", "2027-02-19T01:30:00.000Z"],
    ["2027-02-30 08:39:26", undefined],
    ["2027-13-01", undefined],
    ["13/02/2027 08:39:26", undefined],
    ["18.02.2027", undefined],
    ["18-02-2027", undefined],
    ["2027/02/18", undefined],
    ["1771403966", undefined],
  ];
  for (const [text, expected] of table) {
    it(`${JSON.stringify(text)} is ${expected ?? "none"}`, () => {
      assert.equal(readDate(text), expected);
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
        const parsed = readDate(value);
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
        assert.equal(readDate(text), whole.toISOString());
      }),
    );
  });
});
