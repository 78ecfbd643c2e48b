import { shownMistake } from "../../provider/run/mistake";
import { compareCodePoints } from "../../provider/text/code-points";
import assert from "node:assert/strict";
import fc from "fast-check";
import { SERVICE_KINDS, type ServiceKind } from "../../provider/apis/service-kinds";
import {
  type Allocation,
  eachService,
  forEachKind,
  type ServiceAllocations,
} from "../../provider/resources/tenant-service-licenses/allocation";
import {
  describeChanges,
  type ObservedService,
  type ObservedServices,
  planTenant,
  reductionsOf,
  refuseMissingTenant,
  removalTargets,
  type TenantPlan,
  type TenantWish,
  toGatewayChange,
  toObserved,
} from "../../provider/resources/tenant-service-licenses/plan";

type Services<T> = Partial<Record<ServiceKind, Readonly<Record<string, T>>>>;

function maps<T>(services: Services<T>): Record<ServiceKind, Map<string, T>> {
  return forEachKind((kind) => new Map(Object.entries(services[kind] ?? {})));
}

/** Services as the gateway lists them: `[allocation, in use]`. */
function observed(services: Services<readonly [Allocation, number]>): ObservedServices {
  return forEachKind(
    (kind) =>
      new Map(Object.entries(services[kind] ?? {}).map(([name, [allocation, inUse]]) => [name, { allocation, inUse }])),
  );
}

function wish(changes: Partial<TenantWish>): TenantWish {
  const none = maps<Allocation>({});
  return {
    tenantId: "foo",
    declared: none,
    removed: none,
    applied: none,
    allowBelowUse: false,
    allowUnlisted: false,
    ...changes,
  };
}

const SEEN = observed({
  groupServices: { "Auto Attendant": [10, 10], "Call Pickup": [3, 2], "Hunt Group": [3, 1], Both: [1, 0] },
  userServices: { "Call Forwarding Busy": [50, 6], "Speed Dial 8": ["unlimited", 0], Both: [1, 0] },
});

describe("the plan for a tenant", () => {
  const plan = (declared: Services<Allocation>, changes: Partial<TenantWish> = {}): TenantPlan =>
    planTenant(SEEN, wish({ declared: maps(declared), ...changes }));

  it("tells what it takes away: maxima lowered, unlimited ended, services unlicensed, also by removal", () => {
    const { changes } = plan(
      { groupServices: { "Auto Attendant": 11, "Call Pickup": 2, "Hunt Group": "unlimited", Both: 0 } },
      { removed: maps<Allocation>({ userServices: { "Call Forwarding Busy": 20, "Speed Dial 8": 5, Both: 1 } }) },
    );
    assert.deepEqual(reductionsOf(changes), [
      { property: "groupServices.Both", change: "1 → 0", units: 1 },
      { property: "groupServices.Call Pickup", change: "3 → 2", units: 1 },
      { property: "userServices.Call Forwarding Busy", change: "50 → 20", units: 30 },
      { property: "userServices.Speed Dial 8", change: "unlimited → 5", units: 1 },
    ]);
    const unlisted = plan({ groupServices: { New: 0 } }, { allowUnlisted: true });
    assert.deepEqual([unlisted.changes.length, reductionsOf(unlisted.changes)], [1, []]);
  });

  /** The plan in the words that preview shows. */
  const words = (declared: Services<Allocation>, changes: Partial<TenantWish> = {}): string => {
    const { refusals, changes: calls, refusedRemovals } = plan(declared, changes);
    const lines = [
      ...refusals.map((refusal) => `refused ${refusal.property}: ${shownMistake(refusal)}`),
      ...refusedRemovals.map((refusal) => `kept ${refusal.kind}.${refusal.name}: ${shownMistake(refusal)}`),
      ...(calls.length === 0 ? [] : [describeChanges(calls)]),
    ];
    return lines.length === 0 ? "none" : lines.join(" / ");
  };

  const table: readonly [string, Services<Allocation>, Partial<TenantWish>, string][] = [
    [
      "sends nothing where all is as declared",
      { groupServices: { "Hunt Group": 3 }, userServices: { "Speed Dial 8": "unlimited" } },
      {},
      "none",
    ],
    [
      "sends just what differs, group services first, by code point",
      {
        userServices: { "Speed Dial 8": 9, "Call Forwarding Busy": 7 },
        groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5, "Auto Attendant": 10 },
      },
      {},
      "PUT Call Pickup 3 → 5, Hunt Group 3 → unlimited, Call Forwarding Busy 50 → 7, Speed Dial 8 unlimited → 9",
    ],
    [
      "tells the kinds of one name apart",
      { groupServices: { Both: 2 }, userServices: { Both: 3 } },
      {},
      "PUT Both (group) 1 → 2, Both (user) 1 → 3",
    ],
    [
      "takes a licence away that nobody uses",
      { userServices: { "Speed Dial 8": 0 } },
      {},
      "PUT Speed Dial 8 unlimited → 0",
    ],
    [
      "refuses a maximum that is below what is allocated",
      { groupServices: { "Auto Attendant": 9 } },
      {},
      "refused : groupServices.Auto Attendant: 9 is below the 10 allocated now: declare 10 or more, free some, or set allowBelowUse.",
    ],
    [
      "refuses 0 likewise",
      { userServices: { "Call Forwarding Busy": 0 } },
      {},
      "refused : userServices.Call Forwarding Busy: 0 is below the 6 allocated now: declare 6 or more, free some, or set allowBelowUse.",
    ],
    ["allows a maximum at what is allocated", { groupServices: { "Call Pickup": 2 } }, {}, "PUT Call Pickup 3 → 2"],
    [
      "allows a maximum below what is allocated where that is asked for",
      { groupServices: { "Auto Attendant": 9 } },
      { allowBelowUse: true },
      "PUT Auto Attendant 10 → 9",
    ],
    [
      "refuses an unknown service, with the nearest names",
      { groupServices: { "Hunt Gruop": 1 } },
      {},
      "refused : groupServices.Hunt Gruop: the gateway does not list this service for tenant foo: did you mean Hunt Group? (allowUnlisted sends it all the same)",
    ],
    [
      "refuses a service of the other kind, and says so",
      { groupServices: { "Speed Dial 8": 1 } },
      {},
      "refused : groupServices.Speed Dial 8: the gateway does not list this service for tenant foo: it is one of userServices (allowUnlisted sends it all the same)",
    ],
    [
      "refuses a service like no other",
      { userServices: { Zzzzzzzzzzzzzzzzz: 1 } },
      {},
      "refused : userServices.Zzzzzzzzzzzzzzzzz: the gateway does not list this service for tenant foo: check its name (allowUnlisted sends it all the same)",
    ],
    [
      "sends an unknown service where that is asked for",
      { userServices: { New: 1 } },
      { allowUnlisted: true },
      "PUT New not listed → 1",
    ],
    [
      "takes what was applied for what an unlisted service holds",
      { userServices: { New: 1, Newer: 3 } },
      { allowUnlisted: true, applied: maps<Allocation>({ userServices: { New: 1, Newer: 2 } }) },
      "PUT Newer not listed → 3",
    ],
    [
      "sets services that are no longer managed beside those that are",
      { groupServices: { "Hunt Group": 5 } },
      { removed: maps<Allocation>({ groupServices: { Both: 0 }, userServices: { "Speed Dial 8": 0 } }) },
      "PUT Hunt Group 3 → 5, Both 1 → 0, Speed Dial 8 unlimited → 0",
    ],
    [
      "keeps a service that is no longer managed, but in use, and lets the others go",
      {},
      { removed: maps<Allocation>({ groupServices: { "Auto Attendant": 0, Both: 0 } }) },
      "kept groupServices.Auto Attendant: groupServices.Auto Attendant: 0 is below the 10 allocated now: declare 10 or more, free some, or set allowBelowUse. / PUT Both 1 → 0",
    ],
    [
      "lets go of a service in use where that is asked for",
      {},
      { removed: maps<Allocation>({ groupServices: { "Auto Attendant": 0 } }), allowBelowUse: true },
      "PUT Auto Attendant 10 → 0",
    ],
    [
      "has nothing to do for a service that the gateway no longer lists, or that is so already",
      {},
      { removed: maps<Allocation>({ groupServices: { Gone: 0, "Hunt Group": 3 } }), allowUnlisted: true },
      "none",
    ],
  ];
  for (const [title, declared, changes, expected] of table) {
    it(title, () => {
      assert.equal(words(declared, changes), expected);
    });
  }

  it("refuses several services at once, each by its path", () => {
    const { refusals } = plan({
      groupServices: { "Auto Attendant": 1, Nix: 1 },
      userServices: { "Call Forwarding Busy": 1 },
    });
    assert.deepEqual(
      refusals.map(({ property, path }) => [property, path.join(".")]),
      [
        ["", "groupServices.Auto Attendant"],
        ["", "groupServices.Nix"],
        ["", "userServices.Call Forwarding Busy"],
      ],
    );
  });

  it("refuses a tenant that is not there, and says what to check", () => {
    assert.deepEqual(refuseMissingTenant("foo", "https://gateway"), {
      property: "tenantId",
      path: ["tenantId"],
      message: "there is no tenant foo on the gateway (https://gateway): check tenantId and tenantGateway:baseUrl.",
    });
  });

  it("writes the body as the gateway's page does, and leaves an empty kind out", () => {
    const { changes } = plan({ groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5 } });
    assert.equal(
      JSON.stringify(toGatewayChange(changes)),
      '{"groupServices":[{"name":"Call Pickup","allocated":{"unlimited":false,"maximum":5}},{"name":"Hunt Group","allocated":{"unlimited":true}}]}',
    );
    const user = plan({ userServices: { "Speed Dial 8": 0 } }).changes;
    assert.equal(
      JSON.stringify(toGatewayChange(user)),
      '{"userServices":[{"name":"Speed Dial 8","allocated":{"unlimited":false,"maximum":0}}]}',
    );
    assert.deepEqual(toGatewayChange([]), {});
  });

  it("sees the gateway's list, with nothing in use where it does not say", () => {
    const seen = toObserved({
      groupServices: [{ name: "A", allocated: { unlimited: false, maximum: 0 }, currentlyAllocated: undefined }],
      userServices: [{ name: "B", allocated: { unlimited: true }, currentlyAllocated: 17 }],
      odd: [],
      servicePacks: [],
    });
    assert.deepEqual(seen.groupServices.get("A"), { allocation: 0, inUse: 0 });
    assert.deepEqual(seen.userServices.get("B"), { allocation: "unlimited", inUse: 17 });
  });

  it("knows what services that are no longer managed are to be set to, by policy", () => {
    const gone = [
      ["groupServices", "A"],
      ["userServices", "B"],
      ["userServices", "C"],
    ] as const;
    const original = maps<Allocation>({ groupServices: { A: 3, Z: 1 }, userServices: { B: "unlimited" } });
    assert.deepEqual(removalTargets("retain", gone, original), maps({}));
    assert.deepEqual(
      removalTargets("unlicense", gone, original),
      maps({ groupServices: { A: 0 }, userServices: { B: 0, C: 0 } }),
    );
    assert.deepEqual(
      removalTargets("restore", gone, original),
      maps<Allocation>({ groupServices: { A: 3 }, userServices: { B: "unlimited" } }),
    );
  });

  describe("as a property:", () => {
    const NAMES = ["A", "Hunt Group", "Z", "é", "\uFF21", "\u{1F4DE}", "10", "2", "constructor"];
    const name = fc.constantFrom(...NAMES);
    const allocation: fc.Arbitrary<Allocation> = fc.oneof(fc.constant("unlimited" as const), fc.nat(6));
    const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Map<string, T>> =>
      fc.array(fc.tuple(name, value), { maxLength: 6 }).map((entries) => new Map(entries));
    const kinds = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<ServiceKind, Map<string, T>>> =>
      fc.record({ groupServices: some(value), userServices: some(value) });
    const service: fc.Arbitrary<ObservedService> = fc.record({ allocation, inUse: fc.nat(4) });
    const anyWish: fc.Arbitrary<TenantWish> = fc
      .record({
        tenantId: fc.constant("foo"),
        declared: kinds(allocation),
        removed: kinds(allocation),
        applied: kinds(allocation),
        allowBelowUse: fc.boolean(),
        allowUnlisted: fc.boolean(),
      })
      // A service is declared or gone, never both.
      .map((wanted) => ({
        ...wanted,
        removed: forEachKind(
          (kind) => new Map([...wanted.removed[kind]].filter(([removed]) => !wanted.declared[kind].has(removed))),
        ),
      }));

    /** What a gateway that does as it is told holds after a PUT of the plan's body. */
    const carriedOut = (seen: ObservedServices, { changes }: TenantPlan): ObservedServices => {
      const body = toGatewayChange(changes);
      return forEachKind((kind) => {
        const services = new Map(seen[kind]);
        for (const { name: changed, allocated } of body[kind] ?? []) {
          services.set(changed, {
            allocation: allocated.unlimited ? "unlimited" : allocated.maximum,
            inUse: seen[kind].get(changed)?.inUse ?? 0,
          });
        }
        return services;
      });
    };

    it("once it is carried out, there is nothing to send", () => {
      fc.assert(
        fc.property(kinds(service), anyWish, (seen, wanted) => {
          const first = planTenant(seen, wanted);
          const second = planTenant(carriedOut(seen, first), wanted);
          assert.deepEqual(second.changes, []);
          assert.deepEqual(second.refusals, first.refusals);
          assert.deepEqual(second.refusedRemovals, first.refusedRemovals);
        }),
        { numRuns: 1000 },
      );
    });

    it("the PUT names services that differ and are declared or gone, and no others, each once", () => {
      fc.assert(
        fc.property(kinds(service), anyWish, (seen, wanted) => {
          const { changes } = planTenant(seen, wanted);
          const body = toGatewayChange(changes);
          for (const kind of SERVICE_KINDS) {
            const sent = body[kind] ?? [];
            assert.notEqual(body[kind]?.length, 0, "an empty kind is left out");
            assert.equal(new Set(sent.map((item) => item.name)).size, sent.length);
            for (const item of sent) {
              const to = wanted.declared[kind].get(item.name) ?? wanted.removed[kind].get(item.name);
              assert.ok(to !== undefined, `${item.name} is nobody's`);
              assert.notEqual(seen[kind].get(item.name)?.allocation, to);
            }
          }
        }),
        { numRuns: 1000 },
      );
    });

    it("what is sent is sorted by code point, group services before user services", () => {
      fc.assert(
        fc.property(kinds(service), anyWish, (seen, wanted) => {
          const { changes } = planTenant(seen, { ...wanted, removed: maps({}) });
          const body = toGatewayChange(changes);
          assert.deepEqual(
            Object.keys(body),
            SERVICE_KINDS.filter((kind) => body[kind] !== undefined),
          );
          for (const kind of SERVICE_KINDS) {
            const names = (body[kind] ?? []).map((item) => item.name);
            const points = names.map(codePoints);
            for (const [index, point] of points.entries()) {
              const next = points[index + 1];
              assert.ok(next === undefined || isBefore(point, next), names.join());
            }
          }
        }),
      );
    });

    it("nothing that is sent goes below use unasked", () => {
      fc.assert(
        fc.property(kinds(service), anyWish, (seen, wanted) => {
          for (const { kind, name: sent, to } of planTenant(seen, { ...wanted, allowBelowUse: false }).changes) {
            assert.ok(to === "unlimited" || to >= (seen[kind].get(sent)?.inUse ?? 0));
          }
        }),
      );
    });

    it("code points order texts as their numbers do", () => {
      fc.assert(
        fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
          assert.equal(compareCodePoints(a, b) < 0, isBefore(codePoints(a), codePoints(b)));
        }),
      );
    });
  });
});

function codePoints(text: string): number[] {
  return Array.from(text, (point) => point.codePointAt(0) ?? 0);
}

/** Whether one list of numbers comes before another one, shorter first where one begins with the other. */
function isBefore(left: readonly number[], right: readonly number[]): boolean {
  const at = left.findIndex((point, index) => point !== right[index]);
  if (at === -1) {
    return left.length < right.length;
  }
  const other = right[at];
  return other !== undefined && left[at]! < other;
}

describe("services of both kinds", () => {
  it("are listed group services first, each kind by code point", () => {
    const services: ServiceAllocations = maps<Allocation>({
      userServices: { b: 1, a: 2 },
      groupServices: { z: "unlimited", "\u{1F4DE}": 1, "\uFF21": 1 },
    });
    assert.deepEqual(
      [...eachService(services)],
      [
        ["groupServices", "z", "unlimited"],
        ["groupServices", "\uFF21", 1],
        ["groupServices", "\u{1F4DE}", 1],
        ["userServices", "a", 2],
        ["userServices", "b", 1],
      ],
    );
  });
});
