import assert from "node:assert/strict";
import fc from "fast-check";
import { checkFleet, type DeclaredFleet } from "../../fleet/check-fleet";
import { sizesTable, totalsLines } from "../../rightsize/formats/table";
import { parseHeadroom, withHeadroom } from "../../rightsize/headroom";
import { isChange, propertyOf, sizesOf, totalsOf } from "../../rightsize/sizing";
import { customerKey, highestUse, serviceKey } from "../../rightsize/use";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

function fleetOf(text: string): DeclaredFleet {
  const checked = checkFleet(text);
  assert.ok("fleet" in checked, JSON.stringify(checked));
  return checked.fleet;
}

describe("the headroom of a suggestion", () => {
  it("is a share in whole percent, or a number of licences", () => {
    assert.deepEqual(parseHeadroom("20%"), { percent: 20 });
    assert.deepEqual(parseHeadroom(" 5 "), { licenses: 5 });
    assert.deepEqual(parseHeadroom("0"), { licenses: 0 });
    for (const text of ["", "%", "-1", "2.5%", "20%%", "1e3", "x", "9999999999"]) {
      assert.equal(parseHeadroom(text), undefined, text);
    }
  });

  it("is rounded up, without the errors of floating point", () => {
    const cases = [
      [50, { percent: 10 }, 55],
      [70, { percent: 10 }, 77],
      [1, { percent: 20 }, 2],
      [5, { percent: 20 }, 6],
      [0, { percent: 20 }, 0],
      [7, { percent: 0 }, 7],
      [7, { licenses: 5 }, 12],
      [2_147_483_647, { percent: 50 }, 2_147_483_647],
    ] as const;
    for (const [inUse, headroom, expected] of cases) {
      assert.equal(withHeadroom(inUse, headroom), expected, `${inUse} ${JSON.stringify(headroom)}`);
    }
  });

  it("never suggests less than the use, nor a licence more than the share asks for", () => {
    fc.assert(
      fc.property(fc.nat(2_000_000), fc.nat(500), (inUse, percent) => {
        const suggested = withHeadroom(inUse, { percent });
        assert.ok(suggested >= inUse);
        assert.ok(BigInt(suggested) * 100n >= BigInt(inUse) * BigInt(100 + percent));
        assert.ok((BigInt(suggested) - 1n) * 100n < BigInt(inUse) * BigInt(100 + percent) || suggested === 0);
      }),
    );
  });
});

describe("suggested sizes", () => {
  const fleet = fleetOf(`
customers:
  idle: { customerGuid: ${GUID}, licenseType: OcPro, licensedUsersCount: 50 }
tenants:
  foo:
    groupServices: { A: 10, B: unlimited, C: 0, D: 5, E: 4, F: 0, G: 9 }
`);
  const use = new Map([
    [customerKey(GUID), 0],
    ...Object.entries({ A: 5, B: 7, C: 0, D: 0, F: 3, G: 9 }).map(
      ([name, inUse]) => [serviceKey("foo", "groupServices", name), inUse] as const,
    ),
  ]);
  const suggested = (headroom: string, includeUnlimited = false): Record<string, unknown> =>
    Object.fromEntries(
      sizesOf(fleet, use, { headroom: parseHeadroom(headroom)!, includeUnlimited }).map((sizing) => [
        propertyOf(sizing).replace("groupServices.", ""),
        sizing.suggested,
      ]),
    );

  it("are the use and a share of it; at least 1 for a customer, 0 for a service not in use, as declared where it is not known", () => {
    assert.deepEqual(suggested("20%"), { licensedUsersCount: 1, A: 6, B: "unlimited", C: 0, D: 0, E: 4, F: 4, G: 11 });
  });

  it("license nothing that is declared as not licensed and not in use, whatever the headroom", () => {
    assert.deepEqual(suggested("5"), { licensedUsersCount: 5, A: 10, B: "unlimited", C: 0, D: 5, E: 4, F: 8, G: 14 });
  });

  it("give unlimited services a limit only where asked", () => {
    assert.equal(suggested("20%", true)["B"], 9);
  });

  it("add up what is freed and added", () => {
    const sizes = sizesOf(fleet, use, { headroom: { percent: 20 }, includeUnlimited: true });
    assert.deepEqual(totalsOf(sizes), {
      values: 8,
      changes: 6,
      freed: 49 + 4 + 5,
      added: 4 + 2,
      limited: 1,
      kept: { unlimited: 0, "unknown use": 1, "not licensed": 1 },
    });
    assert.deepEqual(totalsLines(totalsOf(sizes), false), [
      "6 of 8 values to change: 58 licences freed, 6 added, 1 unlimited service limited.",
      "1 value left alone: the systems do not show their use.",
    ]);
  });

  it("are shown in 80 columns, with what is not in use apart", () => {
    const name = "BroadTouch Business Communicator Desktop - Audio and more";
    const long = fleetOf(`tenants: { foo: { userServices: { ${name}: 1000000 }, groupServices: { Idle: 5 } } }`);
    const all = new Map([
      [serviceKey("foo", "userServices", name), 3],
      [serviceKey("foo", "groupServices", "Idle"), 0],
    ]);
    const lines = sizesTable(sizesOf(long, all, { headroom: { percent: 20 }, includeUnlimited: false }), false).split(
      "\n",
    );
    assert.ok(
      lines.every((line) => line.length <= 80),
      lines.join("\n"),
    );
    assert.deepEqual(
      lines.filter((line) => line !== "").map((line) => line.trim().replaceAll(/\s+/g, " ")),
      [
        "declared in use suggested change",
        "tenant foo",
        `user ${name}`,
        "1000000 3 4 -999996",
        "not in use:",
        "group Idle 5 0 0 -5",
      ],
    );
  });

  it("take the highest of several looks, of what is there now", () => {
    const highest = highestUse(
      new Map([
        ["a", 3],
        ["b", 0],
      ]),
      [
        new Map([
          ["a", 2],
          ["b", 5],
        ]),
        new Map([["gone", 9]]),
      ],
    );
    assert.deepEqual(
      [...highest],
      [
        ["a", 3],
        ["b", 5],
      ],
    );
  });

  it("say what changes by the value alone", () => {
    const [first] = sizesOf(fleet, use, { headroom: { percent: 20 }, includeUnlimited: false });
    assert.equal(isChange(first!), true);
  });
});
