import assert from "node:assert/strict";
import fc from "fast-check";
import { checkFleet } from "../../fleet/check-fleet";
import type { DeclaredFleet } from "../../fleet/kinds";
import { sizesJson } from "../../cli/rightsize/formats/json";
import { sizesTable, totalsLines } from "../../cli/rightsize/formats/table";
import type { ServiceUse } from "../../provider/tenant/allocation";
import { parseHeadroom, withHeadroom } from "../../cli/rightsize/headroom";
import { sizesOf } from "../../cli/rightsize/size-fleet";
import { isChange, propertyOf, totalsOf } from "../../cli/rightsize/sizing";
import { highestUse, useKey } from "../../cli/rightsize/use";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

function fleetOf(text: string): DeclaredFleet {
  const checked = checkFleet(text);
  assert.ok("fleet" in checked, JSON.stringify(checked));
  return checked.fleet;
}

function used(inUse: number, inPacks = 0): ServiceUse {
  return { inUse, inPacks };
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
    [useKey(GUID), used(0)],
    ...Object.entries({ A: 5, B: 7, C: 0, D: 0, F: 3, G: 9 }).map(
      ([name, inUse]) => [useKey("foo", "groupServices", name), used(inUse)] as const,
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
      packed: 0,
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
      [useKey("foo", "userServices", name), used(3)],
      [useKey("foo", "groupServices", "Idle"), used(0)],
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

  describe("where service packs hand out licences", () => {
    const packed = fleetOf("tenants: { foo: { userServices: { A: 10, B: 50, C: 0, D: unlimited, E: 3 } } }");
    const figures = { A: used(0, 7), B: used(31, 31), C: used(0, 2), D: used(17, 7), E: used(0) };
    const inFoo = new Map(
      Object.entries(figures).map(([name, figure]) => [useKey("foo", "userServices", name), figure] as const),
    );
    const sizes = sizesOf(packed, inFoo, { headroom: { percent: 20 }, includeUnlimited: false });

    it("are by the sum of both figures, because nobody knows whether the first includes the second", () => {
      assert.deepEqual(
        sizes.map((sizing) => [propertyOf(sizing), sizing.suggested]),
        [
          ["userServices.A", 9],
          ["userServices.B", 75],
          ["userServices.C", 3],
          ["userServices.D", "unlimited"],
          ["userServices.E", 0],
        ],
      );
    });

    it("never stand under `not in use`, show both figures, and say what they are", () => {
      const words = (text: string): string[] => text.split("\n").map((line) => line.trim().replaceAll(/\s+/g, " "));
      assert.deepEqual(words(sizesTable(sizes, true)).slice(2), [
        "tenant foo",
        "user A 10 0+7 9 -1",
        "user B 50 31+31 75 +25",
        "user C 0 0+2 3 +3",
        "user D unlimited 17+7 unlimited -",
        "not in use:",
        "user E 3 0 0 -3",
      ]);
      assert.deepEqual(totalsLines(totalsOf(sizes), false).slice(1, 3), [
        "3 services are sized by a sum: 0+7 is 0 in use and 7 handed out by service packs.",
        "It is not documented whether the first figure includes the second; too many licences only cost money.",
      ]);
    });

    it("are, as JSON, beside both figures and their sum", () => {
      const { sizes: all } = JSON.parse(sizesJson(sizes, { headroom: { percent: 20 }, days: null, written: [] })) as {
        sizes: Record<string, unknown>[];
      };
      assert.deepEqual(
        all.map(({ inUse, inPacks, use: sum }) => [inUse, inPacks, sum]),
        [
          [0, 7, 7],
          [31, 31, 62],
          [0, 2, 2],
          [17, 7, 24],
          [0, 0, 0],
        ],
      );
    });

    it("are never below the least that may be in use, whatever the figures", () => {
      fc.assert(
        fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(200), (declared, inUse, inPacks, percent) => {
          const fleetOfOne = fleetOf(`tenants: { foo: { userServices: { A: ${declared} } } }`);
          const one = new Map([[useKey("foo", "userServices", "A"), used(inUse, inPacks)]]);
          const [sizing] = sizesOf(fleetOfOne, one, { headroom: { percent }, includeUnlimited: false });
          assert.ok(Number(sizing?.suggested) >= inUse + inPacks);
        }),
      );
    });
  });

  it("take the highest of several looks, of what is there now", () => {
    const highest = highestUse(
      new Map([
        ["a", used(3)],
        ["b", used(0)],
        ["packs", used(5, 2)],
        ["fewer packs", used(5, 4)],
      ]),
      [
        new Map([
          ["a", used(2)],
          ["b", used(5)],
          ["packs", used(1, 7)],
          ["fewer packs", used(7, 1)],
        ]),
        new Map([["gone", used(9)]]),
      ],
    );
    assert.deepEqual(
      [...highest],
      [
        ["a", used(3)],
        ["b", used(5)],
        ["packs", used(1, 7)],
        ["fewer packs", used(5, 4)],
      ],
    );
  });

  it("say what changes by the value alone", () => {
    const [first] = sizesOf(fleet, use, { headroom: { percent: 20 }, includeUnlimited: false });
    assert.equal(isChange(first!), true);
  });
});
