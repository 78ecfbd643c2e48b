import { compareCodePoints } from "../../provider/text/code-points";
import assert from "node:assert/strict";
import { shownMistake } from "../../provider/resource/mistake";
import fc from "fast-check";
import { SERVICE_KINDS, type ServiceKind } from "../../provider/systems/gateway/service-kinds";
import { type Allocation, eachService, byKind, type ServiceAllocations } from "../../provider/tenant/allocation";
import {
  type DesiredTenant,
  describeChanges,
  type ObservedService,
  type ObservedServices,
  planTenant,
  reductionsOf,
  refuseMissingTenant,
  previewLines,
  type Removal,
  type TenantPlan,
  toGatewayChange,
  toObserved,
} from "../../provider/tenant/plan";

type Services<T> = Partial<Record<ServiceKind, Readonly<Record<string, T>>>>;

function maps<T>(services: Services<T>): Record<ServiceKind, Map<string, T>> {
  return byKind((kind) => new Map(Object.entries(services[kind] ?? {})));
}

/** Services as the gateway lists them: `[allocation, in use, in packs]`. */
function observed(services: Services<readonly [Allocation, number, number?]>): ObservedServices {
  return byKind(
    (kind) =>
      new Map(
        Object.entries(services[kind] ?? {}).map(([name, [allocation, inUse, inPacks = 0]]) => [
          name,
          { allocation, inUse, inPacks },
        ]),
      ),
  );
}

function desired(changes: Partial<DesiredTenant>): DesiredTenant {
  const none = maps<Allocation>({});
  return {
    tenantId: "foo",
    declared: none,
    applied: none,
    allowBelowUse: false,
    allowUnlisted: false,
    ...changes,
  };
}

type Gone = Partial<Record<ServiceKind, readonly string[]>>;

function removing(policy: Removal["policy"], gone: Gone): Removal {
  const services = SERVICE_KINDS.flatMap((kind) => (gone[kind] ?? []).map((name) => [kind, name] as const));
  return { policy, services, original: maps<Allocation>({}) };
}
const unlicensing = (gone: Gone): Removal => removing("unlicense", gone);
const retaining = (gone: Gone): Removal => removing("retain", gone);

/** Puts services back to these values. */
function restoring(first: Services<Allocation>): Removal {
  const original = maps(first);
  return { policy: "restore", services: [...eachService(original)].map(([kind, name]) => [kind, name]), original };
}

const SEEN = observed({
  groupServices: { "Auto Attendant": [10, 10], "Call Pickup": [3, 2], "Hunt Group": [3, 1], Both: [1, 0] },
  userServices: { "Call Forwarding Busy": [50, 6], "Speed Dial 8": ["unlimited", 0], Both: [1, 0] },
});

describe("the plan for a tenant", () => {
  const plan = (declared: Services<Allocation>, changes: Partial<DesiredTenant> = {}): TenantPlan =>
    planTenant(SEEN, desired({ declared: maps(declared), ...changes }));

  it("tells what it takes away: maxima lowered, unlimited ended, services unlicensed, also by removal", () => {
    const { changes } = plan(
      { groupServices: { "Auto Attendant": 11, "Call Pickup": 2, "Hunt Group": "unlimited", Both: 0 } },
      { removal: restoring({ userServices: { "Call Forwarding Busy": 20, "Speed Dial 8": 5, Both: 1 } }) },
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
  const words = (declared: Services<Allocation>, changes: Partial<DesiredTenant> = {}): string => {
    const { refusals, refusedRemovals, ...rest } = plan(declared, changes);
    const lines = [
      ...refusals.map((refusal) => `refused ${refusal.property}: ${shownMistake(refusal)}`),
      ...refusedRemovals.map((refusal) => `kept ${refusal.kind}.${refusal.name}: ${shownMistake(refusal)}`),
      ...previewLines(rest),
    ];
    return lines.length === 0 ? "none" : lines.join(" / ");
  };

  const table: readonly [string, Services<Allocation>, Partial<DesiredTenant>, string][] = [
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
      { removal: unlicensing({ groupServices: ["Both"], userServices: ["Speed Dial 8"] }) },
      "PUT Hunt Group 3 → 5 / PUT Both 1 → 0 (removed, unlicense) / PUT Speed Dial 8 unlimited → 0 (removed, unlicense)",
    ],
    [
      "keeps a service that is no longer managed, but in use, and lets the others go",
      {},
      { removal: unlicensing({ groupServices: ["Auto Attendant", "Both"] }) },
      "kept groupServices.Auto Attendant: removing Auto Attendant would unlicense 10 in use: free them, keep it, or use retain / PUT Both 1 → 0 (removed, unlicense)",
    ],
    [
      "keeps a service whose first value is below what is in use by now",
      {},
      { removal: restoring({ groupServices: { "Auto Attendant": 9 } }) },
      "kept groupServices.Auto Attendant: removing Auto Attendant would restore 9, which is below the 10 in use: free them, keep it, or use retain",
    ],
    [
      "puts a service that is no longer managed back to its first value",
      {},
      { removal: restoring({ groupServices: { "Hunt Group": 9 }, userServices: { "Speed Dial 8": 2 } }) },
      "PUT Hunt Group 3 → 9 (removed, restore) / PUT Speed Dial 8 unlimited → 2 (removed, restore)",
    ],
    [
      "leaves services that are no longer managed as they are, each by name",
      { groupServices: { "Call Pickup": 5 } },
      { removal: retaining({ groupServices: ["Both", "Hunt Group"], userServices: ["Both", "Gone"] }) },
      "PUT Call Pickup 3 → 5 / Both (group): no longer managed, stays at 1 / Hunt Group: no longer managed, stays at 3 / " +
        "Both (user): no longer managed, stays at 1 / Gone: no longer managed, not listed by the gateway",
    ],
    [
      "leaves a service as it is of which nobody knows what it was first",
      {},
      { removal: { ...restoring({}), services: [["groupServices", "Hunt Group"]] } },
      "Hunt Group: no longer managed, stays at 3",
    ],
    [
      "lets go of a service in use where that is asked for",
      {},
      { removal: unlicensing({ groupServices: ["Auto Attendant"] }), allowBelowUse: true },
      "PUT Auto Attendant 10 → 0 (removed, unlicense)",
    ],
    [
      "has nothing to do for a service that the gateway no longer lists, or that is so already",
      {},
      { removal: restoring({ groupServices: { Gone: 0, "Hunt Group": 3 } }), allowUnlisted: true },
      "Gone: no longer managed, not listed by the gateway / Hunt Group: no longer managed, stays at 3",
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
    assert.deepEqual(refuseMissingTenant("foo", { baseUrl: "https://gateway", baseUrlKey: "tenantGateway:baseUrl" }), {
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
      groupServices: [
        {
          name: "A",
          allocated: { unlimited: false, maximum: 0 },
          currentlyAllocated: undefined,
          packsAllocated: undefined,
        },
      ],
      userServices: [{ name: "B", allocated: { unlimited: true }, currentlyAllocated: 17, packsAllocated: 7 }],
      odd: [{ kind: "userServices", name: "C", problem: "maximum: is -1" }],
      servicePacks: [],
    });
    assert.deepEqual([...(seen.odd ?? [])], [["userServices.C", "maximum: is -1"]]);
    assert.deepEqual(seen.groupServices.get("A"), { allocation: 0, inUse: 0, inPacks: 0 });
    assert.deepEqual(seen.userServices.get("B"), { allocation: "unlimited", inUse: 17, inPacks: 7 });
  });

  it("refuses a declared service whose row cannot be read, by its name, and minds no other such row", () => {
    const odd = new Map([
      ["groupServices.Odd", "maximum: is -1"],
      ["userServices.Other", "allocated: is missing\u001b"],
    ]);
    const seen = { ...SEEN, odd };
    const judged = (changes: Partial<DesiredTenant>): TenantPlan => planTenant(seen, desired(changes));
    assert.deepEqual(judged({ declared: maps<Allocation>({ groupServices: { "Hunt Group": 3 } }) }).refusals, []);
    assert.deepEqual(
      judged({ declared: maps<Allocation>({ groupServices: { Odd: 3 } }), allowUnlisted: true }).refusals,
      [
        {
          property: "",
          path: ["groupServices", "Odd"],
          message: "what the gateway lists for this service cannot be read: maximum: is -1",
        },
      ],
    );
    const gone: Gone = { userServices: ["Other"] };
    assert.match(
      judged({ removal: unlicensing(gone) })
        .refusedRemovals.map(shownMistake)
        .join(),
      /^userServices\.Other: what the gateway lists for this service cannot be read: allocated: is missing\\u\{1b\}$/,
    );
    assert.deepEqual(judged({ removal: retaining(gone) }).refusedRemovals, []);
  });

  it("takes no service for not listed where the answer has a gap", () => {
    const seen = { ...SEEN, gap: "only a 200 holds all there is" };
    const declared = maps<Allocation>({ groupServices: { New: 1, "Hunt Group": 4 } });
    const { refusals, changes } = planTenant(seen, desired({ declared, allowUnlisted: true }));
    assert.deepEqual(refusals.map(shownMistake), [
      "groupServices.New: what the gateway lists for this service cannot be read: only a 200 holds all there is",
    ]);
    assert.deepEqual(
      changes.map(({ name }) => name),
      ["Hunt Group"],
    );
    const removed = planTenant(seen, desired({ removal: unlicensing({ groupServices: ["New"] }) }));
    assert.deepEqual(
      removed.refusedRemovals.map(({ name }) => name),
      ["New"],
    );
    assert.deepEqual(removed.kept, []);
  });

  it("takes no service for not listed where a row of its kind has no name", () => {
    const seen = { ...SEEN, odd: new Map([["groupServices.", "name: is 42"]]) };
    const declared = maps<Allocation>({ groupServices: { New: 1, "Hunt Group": 4 }, userServices: { Newer: 1 } });
    const { refusals } = planTenant(seen, desired({ declared, allowUnlisted: true }));
    assert.deepEqual(refusals.map(shownMistake), [
      "groupServices.New: what the gateway lists for this service cannot be read: name: is 42",
    ]);
    const removal = unlicensing({ groupServices: ["New"], userServices: ["Newer"] });
    const { refusedRemovals, kept } = planTenant(seen, desired({ removal }));
    assert.deepEqual(
      [refusedRemovals, kept].map((services) => services.map(({ name }) => name)),
      [["New"], ["Newer"]],
    );
  });

  it("counts of an unlimited service what is in use above the new maximum, at least one", () => {
    const seen = observed({
      groupServices: { A: ["unlimited", 7], B: ["unlimited", 1], C: ["unlimited", 0], D: [9, 4] },
    });
    const declared = maps<Allocation>({ groupServices: { A: 2, B: 1, C: 0, D: 2 } });
    const { changes } = planTenant(seen, desired({ declared, allowBelowUse: true }));
    assert.deepEqual(
      reductionsOf(changes).map(({ property, units }) => [property, units]),
      [
        ["groupServices.A", 5],
        ["groupServices.B", 1],
        ["groupServices.C", 1],
        ["groupServices.D", 7],
      ],
    );
  });

  describe("where service packs hand out licences", () => {
    const packed = observed({
      userServices: {
        Packs: [10, 0, 7],
        Both: [10, 8, 7],
        Below: [3, 0, 7],
        Free: ["unlimited", 2, 6],
        Equal: [7, 7, 7],
      },
    });
    const name = (to: Allocation, service: string): Partial<DesiredTenant> => ({
      declared: maps<Allocation>({ userServices: { [service]: to } }),
    });
    const advice = (least: number): string => `declare ${least} or more, free some, or set allowBelowUse.`;
    const cases: readonly [title: string, changes: Partial<DesiredTenant>, ...said: string[]][] = [
      [
        "refuses a maximum below them, with both figures",
        name(6, "Packs"),
        `6 is below the 7 handed out by service packs (0 allocated now): ${advice(7)}`,
      ],
      [
        "refuses to unlicense such a service, which nothing else uses",
        name(0, "Packs"),
        `0 is below the 7 handed out by service packs (0 allocated now): ${advice(7)}`,
      ],
      [
        "refuses a maximum below the larger of the two",
        name(7, "Both"),
        `7 is below the 8 allocated now (service packs hand out 7): ${advice(8)}`,
      ],
      [
        "names what is allocated first where the two are equal",
        name(6, "Equal"),
        `6 is below the 7 allocated now (service packs hand out 7): ${advice(7)}`,
      ],
      [
        "refuses a limit below them for an unlimited service",
        name(5, "Free"),
        `5 is below the 6 handed out by service packs (2 allocated now): ${advice(6)}`,
      ],
      ["takes the larger of the two, not the sum, for the lower bound", name(8, "Both")],
      ["sends a maximum that is just what they hand out", name(7, "Packs")],
      ["leaves a service alone that is below them, and as declared", name(3, "Below")],
      ["sends a maximum below them where that is asked for", { ...name(0, "Packs"), allowBelowUse: true }],
      [
        "keeps a service that is no longer managed",
        { removal: unlicensing({ userServices: ["Packs"] }) },
        "removing Packs would unlicense 7 handed out by service packs (0 in use): free them, keep it, or use retain",
      ],
      [
        "keeps a service whose first value is below them",
        { removal: restoring({ userServices: { Packs: 5 } }) },
        "removing Packs would restore 5, which is below the 7 handed out by service packs (0 in use): free them, keep it, or use retain",
      ],
      [
        "keeps a service that is in use beside them",
        { removal: unlicensing({ userServices: ["Both"] }) },
        "removing Both would unlicense 8 in use (service packs hand out 7): free them, keep it, or use retain",
      ],
    ];
    for (const [title, changes, ...said] of cases) {
      it(title, () => {
        const { refusals, refusedRemovals } = planTenant(packed, desired(changes));
        assert.deepEqual(
          [...refusals, ...refusedRemovals].map(({ message }) => message),
          said,
        );
      });
    }

    it("counts by the larger of the two what an unlimited service loses", () => {
      const { changes } = planTenant(packed, desired({ ...name(1, "Free"), allowBelowUse: true }));
      assert.deepEqual(
        reductionsOf(changes).map(({ units }) => units),
        [5],
      );
    });
  });

  it("names services so that no name can garble a terminal", () => {
    const seen = observed({ groupServices: { "A\u202e\u001b[31m": [1, 0] } });
    const { changes } = planTenant(
      seen,
      desired({ declared: maps<Allocation>({ groupServices: { "A\u202e\u001b[31m": 2 } }) }),
    );
    assert.equal(describeChanges(changes), "PUT A\\u{202e}\\u{1b}[31m 1 → 2");
  });

  describe("as a property:", () => {
    const NAMES = ["A", "Hunt Group", "Z", "é", "\uFF21", "\u{1F4DE}", "10", "2", "constructor"];
    const name = fc.constantFrom(...NAMES);
    const allocation: fc.Arbitrary<Allocation> = fc.oneof(fc.constant("unlimited" as const), fc.nat(6));
    const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Map<string, T>> =>
      fc.array(fc.tuple(name, value), { maxLength: 6 }).map((entries) => new Map(entries));
    const kinds = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<ServiceKind, Map<string, T>>> =>
      fc.record({ groupServices: some(value), userServices: some(value) });
    const service: fc.Arbitrary<ObservedService> = fc.record({ allocation, inUse: fc.nat(4), inPacks: fc.nat(4) });
    const anyDesired: fc.Arbitrary<DesiredTenant> = fc
      .record({
        tenantId: fc.constant("foo"),
        declared: kinds(allocation),
        first: kinds(allocation),
        policy: fc.constantFrom<Removal["policy"]>("retain", "unlicense", "restore"),
        applied: kinds(allocation),
        allowBelowUse: fc.boolean(),
        allowUnlisted: fc.boolean(),
      })
      .map(({ first, policy, ...rest }) => {
        // A service is declared or gone, never both.
        const services = [...eachService(first)].flatMap(([kind, gone]) =>
          rest.declared[kind].has(gone) ? [] : [[kind, gone] as const],
        );
        return { ...rest, removal: { policy, services, original: first } };
      });

    /** What a gateway that does as it is told holds after a PUT of the plan's body. */
    const carriedOut = (seen: ObservedServices, { changes }: TenantPlan): ObservedServices => {
      const body = toGatewayChange(changes);
      return byKind((kind) => {
        const services = new Map(seen[kind]);
        for (const { name: changed, allocated } of body[kind] ?? []) {
          services.set(changed, {
            allocation: allocated.unlimited ? "unlimited" : allocated.maximum,
            inUse: seen[kind].get(changed)?.inUse ?? 0,
            inPacks: seen[kind].get(changed)?.inPacks ?? 0,
          });
        }
        return services;
      });
    };

    it("once it is carried out, there is nothing to send", () => {
      fc.assert(
        fc.property(kinds(service), anyDesired, (seen, wanted) => {
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
        fc.property(kinds(service), anyDesired, (seen, wanted) => {
          const { changes } = planTenant(seen, wanted);
          const body = toGatewayChange(changes);
          for (const kind of SERVICE_KINDS) {
            const sent = body[kind] ?? [];
            assert.notEqual(body[kind]?.length, 0, "an empty kind is left out");
            assert.equal(new Set(sent.map((item) => item.name)).size, sent.length);
            for (const item of sent) {
              const isGone = wanted.removal?.services.some(([of, gone]) => of === kind && gone === item.name);
              const first = wanted.removal?.policy === "unlicense" ? 0 : wanted.removal?.original[kind].get(item.name);
              const to = wanted.declared[kind].get(item.name) ?? (isGone === true ? first : undefined);
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
        fc.property(kinds(service), anyDesired, (seen, wanted) => {
          const { changes } = planTenant(seen, { ...wanted, removal: retaining({}) });
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

    it("nothing that is sent goes below what is in use, or handed out by service packs, unasked", () => {
      fc.assert(
        fc.property(kinds(service), anyDesired, (seen, wanted) => {
          for (const { kind, name: sent, to } of planTenant(seen, { ...wanted, allowBelowUse: false }).changes) {
            const { inUse, inPacks } = seen[kind].get(sent) ?? { inUse: 0, inPacks: 0 };
            assert.ok(to === "unlimited" || (to >= inUse && to >= inPacks));
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
