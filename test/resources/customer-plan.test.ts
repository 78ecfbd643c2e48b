import assert from "node:assert/strict";
import fc from "fast-check";
import { sameUuid } from "../../provider/text/names";
import {
  describeLicenseType,
  downgradeOf,
  familyOf,
  fromDeclaredCode,
  fromObservedCode,
  LicenseType,
  type ObservedLicenseType,
  toLicenseCode,
} from "../../provider/customer/license-type";
import {
  describeCustomerPlan,
  describeDifferences,
  type Desired,
  type ObservedCustomer,
  planCustomer,
  reductionsOf,
  refuseUnlicensable,
  type SentBefore,
  showsDesired,
} from "../../provider/customer/plan";

const APPLICATION = "0fdc8122-e0b5-43ac-8433-54860113710d";
const OTHER_APPLICATION = "2b6e1f0d-94a7-4c38-a5d1-8f7c0e3b6a22";
const REGISTRATION = { applicationClientId: APPLICATION, applicationClientSecret: "s1" };

function observed(changes: Partial<ObservedCustomer> = {}): ObservedCustomer {
  return {
    licenseType: "OcPro",
    licensedUsersCount: 50,
    activeUserCount: 35,
    fullName: "Contoso",
    shortName: "contoso",
    applicationClientId: APPLICATION,
    clientSecretExpiresAt: undefined,
    ...changes,
  };
}

function desired(changes: Partial<Desired> = {}): Desired {
  return { licenseType: "OcPro", licensedUsersCount: 50, ...changes };
}

/** The plan in the words that preview shows, or `refused <property>: <reason>`. */
function words(seen: ObservedCustomer, wanted: Desired, before?: SentBefore, isNew = before === undefined): string {
  const plan = planCustomer(seen, wanted, before);
  return plan.kind === "refused"
    ? plan.refusals.map(({ property, message }) => `refused ${property}: ${message}`).join(" / ")
    : (describeCustomerPlan(plan, wanted, isNew)[0] ?? "none");
}

describe("what a customer loses", () => {
  const table: readonly [string, ObservedCustomer, Desired, readonly string[]][] = [
    ["nothing, as it is", observed(), desired(), []],
    ["nothing, where it gains", observed({ licenseType: "OcEssentialPlus" }), desired({ licensedUsersCount: 51 }), []],
    ["users", observed(), desired({ licensedUsersCount: 49 }), ["licensedUsersCount 50 → 49 (1)"]],
    [
      "Pro, of those who keep a licence, and users",
      observed({ licenseType: "HostedPro" }),
      desired({ licenseType: "HostedEssentialsPlus", licensedUsersCount: 20 }),
      ["licenseType Hosted Pro → Hosted Essentials Plus (20)", "licensedUsersCount 50 → 20 (30)"],
    ],
    [
      "Pro, of those who had one, where users are added",
      observed(),
      desired({ licenseType: "OcEssentialPlus", licensedUsersCount: 80 }),
      ["licenseType OC Pro → OC Essential Plus (50)"],
    ],
    [
      "at least one Pro licence, where the platform tells no count, or none",
      observed({ licensedUsersCount: null }),
      desired({ licenseType: "OcEssentialPlus", licensedUsersCount: 80 }),
      ["licenseType OC Pro → OC Essential Plus (1)"],
    ],
    [
      "at least one Pro licence of a customer without users",
      observed({ licensedUsersCount: 0 }),
      desired({ licenseType: "OcEssentialPlus", licensedUsersCount: 80 }),
      ["licenseType OC Pro → OC Essential Plus (1)"],
    ],
    [
      "users by an upgrade",
      observed({ licenseType: "OcEssential" }),
      desired({ licensedUsersCount: 40 }),
      ["licensedUsersCount 50 → 40 (10)"],
    ],
    ["nothing known", observed({ licensedUsersCount: null }), desired({ licensedUsersCount: 1 }), []],
  ];
  for (const [what, seen, wanted, lost] of table) {
    it(what, () => {
      assert.deepEqual(
        reductionsOf(seen, wanted).map(({ property, change, units }) => `${property} ${change} (${units})`),
        lost,
      );
    });
  }
});

describe("the plan for a customer", () => {
  const ADOPT = "nothing to send: adopts what is there";
  const table: readonly [string, ObservedCustomer, Desired, SentBefore | undefined, string][] = [
    ["adopts the same type and count", observed(), desired(), undefined, ADOPT],
    ["adopts the same App Registration, whatever its secret", observed(), desired(REGISTRATION), undefined, ADOPT],
    [
      "adopts the same client id in another case",
      observed(),
      desired({ ...REGISTRATION, applicationClientId: APPLICATION.toUpperCase() }),
      undefined,
      ADOPT,
    ],
    ["sends nothing where all is as sent", observed(), desired(REGISTRATION), REGISTRATION, "none"],
    ["leaves a full name alone that is not declared", observed({ fullName: "Anything" }), desired(), {}, "none"],
    [
      "upgrades Hosted Essentials Plus by PATCH",
      observed({ licenseType: "HostedEssentialsPlus" }),
      desired({ licenseType: "HostedPro" }),
      {},
      "PATCH Hosted Essentials Plus → Hosted Pro",
    ],
    [
      "downgrades Hosted Pro by PATCH",
      observed({ licenseType: "HostedPro" }),
      desired({ licenseType: "HostedEssentialsPlus", licensedUsersCount: 40 }),
      undefined,
      "PATCH Hosted Pro → Hosted Essentials Plus, users 50 → 40",
    ],
    [
      "upgrades OC Essential Plus by PATCH",
      observed({ licenseType: "OcEssentialPlus" }),
      desired(),
      undefined,
      "PATCH OC Essential Plus → OC Pro",
    ],
    [
      "downgrades OC Pro by PATCH",
      observed(),
      desired({ licenseType: "OcEssentialPlus" }),
      {},
      "PATCH OC Pro → OC Essential Plus",
    ],
    ["changes the count by PATCH", observed(), desired({ licensedUsersCount: 60 }), {}, "PATCH users 50 → 60"],
    [
      "changes a declared full name by PATCH",
      observed(),
      desired({ customerFullName: 'Contoso "Ltd"' }),
      {},
      'PATCH full name "Contoso" → "Contoso \\"Ltd\\""',
    ],
    [
      "gives an App Registration to a customer without one",
      observed({ applicationClientId: null }),
      desired(REGISTRATION),
      undefined,
      `PATCH App Registration none → ${APPLICATION}`,
    ],
    [
      "gives an App Registration where the platform tells of none, and none was sent",
      observed({ applicationClientId: undefined }),
      desired(REGISTRATION),
      undefined,
      `PATCH App Registration none → ${APPLICATION}`,
    ],
    [
      "takes what was sent for what is there, where the platform does not tell",
      observed({ applicationClientId: undefined }),
      desired(REGISTRATION),
      REGISTRATION,
      "none",
    ],
    [
      "replaces another App Registration",
      observed({ applicationClientId: OTHER_APPLICATION }),
      desired(REGISTRATION),
      REGISTRATION,
      `PATCH App Registration ${OTHER_APPLICATION} → ${APPLICATION}`,
    ],
    [
      "leaves an App Registration alone that is not declared",
      observed({ applicationClientId: OTHER_APPLICATION }),
      desired(),
      REGISTRATION,
      "none",
    ],
    [
      "sends a changed secret",
      observed(),
      desired({ ...REGISTRATION, applicationClientSecret: "s2" }),
      REGISTRATION,
      "PATCH new App Registration secret",
    ],
    [
      "says nothing of the secret where the App Registration itself changes",
      observed({ applicationClientId: OTHER_APPLICATION }),
      desired({ ...REGISTRATION, applicationClientSecret: "s2" }),
      { applicationClientId: OTHER_APPLICATION, applicationClientSecret: "s1" },
      `PATCH App Registration ${OTHER_APPLICATION} → ${APPLICATION}`,
    ],
    [
      "sends a secret that an owed PATCH did not bring, and that was never sent",
      observed(),
      desired(REGISTRATION),
      { applicationClientId: APPLICATION, pendingPatch: true },
      "PATCH confirms OC Pro, new App Registration secret",
    ],
    [
      "gives a full name to a customer without one",
      observed({ fullName: null }),
      desired({ customerFullName: "Contoso Ltd" }),
      {},
      'PATCH full name "" → "Contoso Ltd"',
    ],
    ["sends a secret that was never sent", observed(), desired(REGISTRATION), {}, "PATCH new App Registration secret"],
    [
      "adopts the secret after an import, which brings the client id alone",
      observed(),
      desired(REGISTRATION),
      { applicationClientId: APPLICATION },
      "none",
    ],
    [
      "sends the App Registration again when resendSecret changes",
      observed(),
      desired({ ...REGISTRATION, resendSecret: "2" }),
      { ...REGISTRATION, resendSecret: "1" },
      "PATCH App Registration again (resendSecret)",
    ],
    [
      "and when resendSecret goes",
      observed(),
      desired(REGISTRATION),
      { ...REGISTRATION, resendSecret: "1" },
      "PATCH App Registration again (resendSecret)",
    ],
    [
      "sends nothing for a resendSecret without an App Registration",
      observed(),
      desired({ resendSecret: "2" }),
      {},
      "none",
    ],
    [
      "sends a PATCH that is owed",
      observed(),
      desired(REGISTRATION),
      { ...REGISTRATION, pendingPatch: true },
      "PATCH confirms OC Pro",
    ],
    [
      "upgrades OC Essential to OC Pro by POST",
      observed({ licenseType: "OcEssential", licensedUsersCount: 35 }),
      desired(REGISTRATION),
      undefined,
      "POST upgrade OC Essential → OC Pro for 50 users, wait, PATCH",
    ],
    [
      "upgrades OC Essential to OC Essential Plus by POST",
      observed({ licenseType: "OcEssential", applicationClientId: undefined }),
      desired({ ...REGISTRATION, licenseType: "OcEssentialPlus" }),
      REGISTRATION,
      "POST upgrade OC Essential → OC Essential Plus for 50 users, wait, PATCH",
    ],
    [
      "lets the platform decide about Hosted Essentials",
      observed({ licenseType: "HostedEssentials", licensedUsersCount: null, activeUserCount: null }),
      desired({ licenseType: "HostedPro" }),
      undefined,
      "PATCH Hosted Essentials → Hosted Pro, users none → 50",
    ],
    [
      "refuses a move from Hosted to OC",
      observed({ licenseType: "HostedPro" }),
      desired(),
      undefined,
      "refused licenseType: the customer holds Hosted Pro, and the platform has no way from Hosted to OC Pro: declare HostedEssentialsPlus or HostedPro.",
    ],
    [
      "refuses a move from OC to Hosted",
      observed({ licenseType: "OcEssentialPlus" }),
      desired({ licenseType: "HostedEssentialsPlus" }),
      {},
      "refused licenseType: the customer holds OC Essential Plus, and the platform has no way from Operator Connect to Hosted Essentials Plus: declare OcEssentialPlus or OcPro.",
    ],
    [
      "refuses a move from OC Essential to Hosted, and says nothing of an App Registration",
      observed({ licenseType: "OcEssential" }),
      desired({ licenseType: "HostedPro" }),
      {},
      "refused licenseType: the customer holds OC Essential, and the platform has no way from Operator Connect to Hosted Pro: declare OcEssentialPlus or OcPro.",
    ],
    [
      "refuses a move from Hosted Essentials to OC",
      observed({ licenseType: "HostedEssentials" }),
      desired(),
      undefined,
      "refused licenseType: the customer holds Hosted Essentials, and the platform has no way from Hosted to OC Pro: declare HostedEssentialsPlus or HostedPro.",
    ],
    [
      "refuses an unknown type, even for a type that it resembles",
      observed({ licenseType: "Unknown(7)" }),
      desired(),
      undefined,
      "refused licenseType: the customer holds unknown licence type 7, which this package does not know and does not change.",
    ],
    [
      "refuses to upgrade OC Essential without an App Registration",
      observed({ licenseType: "OcEssential" }),
      desired(),
      undefined,
      "refused applicationClientId: an upgrade from OC Essential to OC Pro needs an App Registration: add applicationClientId and applicationClientSecret.",
    ],
    [
      "refuses a count below the active users",
      observed(),
      desired({ licensedUsersCount: 34 }),
      undefined,
      "refused licensedUsersCount: 34 is below the 35 active users: declare 35 or more, or set allowBelowUse.",
    ],
    [
      "refuses all that is wrong at once",
      observed({ licenseType: "OcEssential", licensedUsersCount: 40 }),
      desired({ licensedUsersCount: 1 }),
      undefined,
      "refused applicationClientId: an upgrade from OC Essential to OC Pro needs an App Registration: add applicationClientId and applicationClientSecret. / " +
        "refused licensedUsersCount: 1 is below the 35 active users: declare 35 or more, or set allowBelowUse.",
    ],
    ["allows a count at the active users", observed(), desired({ licensedUsersCount: 35 }), {}, "PATCH users 50 → 35"],
    [
      "allows a count below the active users where that is asked for",
      observed(),
      desired({ licensedUsersCount: 34, allowBelowUse: true }),
      {},
      "PATCH users 50 → 34",
    ],
    [
      "adopts a count that is below the active users already",
      observed({ activeUserCount: 70 }),
      desired(),
      undefined,
      ADOPT,
    ],
    [
      "allows any count where the platform tells no active users",
      observed({ activeUserCount: null }),
      desired({ licensedUsersCount: 1 }),
      {},
      "PATCH users 50 → 1",
    ],
  ];
  for (const [title, seen, wanted, before, expected] of table) {
    it(title, () => {
      assert.equal(words(seen, wanted, before), expected);
    });
  }

  it("refuses a customer that is not there, or has no licence yet, and says what to do", () => {
    const ADDRESS = { baseUrl: "https://portal/tenantui", baseUrlKey: "livePlatform:baseUrl" };
    assert.deepEqual(refuseUnlicensable("d5", "missing", ADDRESS), {
      property: "customerGuid",
      path: ["customerGuid"],
      message:
        "there is no customer d5 on the Live Platform (https://portal/tenantui): check customerGuid and livePlatform:baseUrl.",
    });
    const { property, message } = refuseUnlicensable("d5", "noLicenseApplied", ADDRESS);
    assert.equal(property, "customerGuid");
    assert.match(
      message,
      /^no licence has been applied to customer d5 yet .* create its service on the Live Platform first\.$/,
    );
  });

  it("describes no calls where it refuses", () => {
    assert.deepEqual(describeCustomerPlan({ kind: "refused", refusals: [] }, desired(), true), []);
  });

  it("knows when reading back shows what was declared, and what does not", () => {
    assert.equal(showsDesired(observed(), desired(REGISTRATION)), true);
    assert.equal(showsDesired(observed({ applicationClientId: undefined }), desired(REGISTRATION)), true);
    assert.equal(showsDesired(observed({ applicationClientId: null }), desired(REGISTRATION)), false);
    assert.equal(
      describeDifferences(observed({ licenseType: "OcEssentialPlus", licensedUsersCount: 49 }), desired()),
      "OC Essential Plus → OC Pro, users 49 → 50",
    );
  });

  it("takes UUIDs in whatever case, and none for none", () => {
    assert.equal(sameUuid(APPLICATION, APPLICATION.toUpperCase()), true);
    assert.equal(sameUuid(null, undefined), true);
    assert.equal(sameUuid(APPLICATION, undefined), false);
  });

  describe("as a property:", () => {
    const types: readonly ObservedLicenseType[] = [
      ...Object.values(LicenseType),
      "HostedEssentials",
      "OcEssential",
      "Unknown(9)",
    ];
    const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
      fc.option(arbitrary, { nil: undefined });
    const clientId = fc.constantFrom(APPLICATION, OTHER_APPLICATION, APPLICATION.toUpperCase());
    const anyObserved: fc.Arbitrary<ObservedCustomer> = fc.record({
      licenseType: fc.constantFrom(...types),
      licensedUsersCount: fc.option(fc.nat(60)),
      activeUserCount: fc.option(fc.nat(60)),
      fullName: fc.option(fc.constantFrom("A", "B")),
      shortName: fc.constant(null),
      applicationClientId: fc.oneof(maybe(clientId), fc.constant(null)),
      clientSecretExpiresAt: fc.constant(undefined),
    });
    const anyDesired: fc.Arbitrary<Desired> = fc
      .record({
        licenseType: fc.constantFrom(...Object.values(LicenseType)),
        licensedUsersCount: fc.integer({ min: 1, max: 60 }),
        registration: maybe(fc.tuple(clientId, fc.constantFrom("s1", "s2"))),
        resendSecret: maybe(fc.constantFrom("1", "2")),
        customerFullName: maybe(fc.constantFrom("A", "B")),
        allowBelowUse: maybe(fc.boolean()),
      })
      .map(({ registration, ...rest }) => ({
        ...rest,
        applicationClientId: registration?.[0],
        applicationClientSecret: registration?.[1],
      }));
    const anyBefore: fc.Arbitrary<SentBefore | undefined> = maybe(
      fc.record({
        applicationClientId: maybe(clientId),
        applicationClientSecret: maybe(fc.constantFrom("s1", "s2")),
        resendSecret: maybe(fc.constantFrom("1", "2")),
        pendingPatch: maybe(fc.boolean()),
      }),
    );
    const sentNow = ({ applicationClientId, applicationClientSecret, resendSecret }: Desired): SentBefore => ({
      applicationClientId,
      applicationClientSecret,
      resendSecret,
    });
    /** What a platform that does as it is told holds after a PATCH. */
    const patched = (seen: ObservedCustomer, wanted: Desired): ObservedCustomer => ({
      ...seen,
      licenseType: wanted.licenseType,
      licensedUsersCount: wanted.licensedUsersCount,
      fullName: wanted.customerFullName ?? seen.fullName,
      applicationClientId: wanted.applicationClientId ?? seen.applicationClientId,
    });

    it("once it is carried out, there is nothing to do", () => {
      fc.assert(
        fc.property(anyObserved, anyDesired, anyBefore, (seen, wanted, before) => {
          let now = seen;
          let sent = before;
          let plan = planCustomer(now, wanted, sent);
          if (plan.kind === "refused") {
            return;
          }
          if (plan.kind === "upgrade") {
            now = { ...now, licenseType: wanted.licenseType, licensedUsersCount: wanted.licensedUsersCount };
            sent = { ...sent, pendingPatch: true };
            plan = planCustomer(now, wanted, sent);
            assert.equal(plan.kind, "patch");
          }
          if (plan.kind === "patch") {
            now = patched(now, wanted);
            assert.equal(showsDesired(now, wanted), true);
          }
          assert.deepEqual(planCustomer(now, wanted, sentNow(wanted)), { kind: "nothing", adoptsSecret: false });
        }),
        { numRuns: 1000 },
      );
    });

    it("it never crosses families, goes below use unasked, or upgrades without an App Registration", () => {
      fc.assert(
        fc.property(anyObserved, anyDesired, anyBefore, (seen, wanted, before) => {
          const plan = planCustomer(seen, wanted, before);
          if (plan.kind === "refused") {
            assert.ok(plan.refusals.length > 0);
            return;
          }
          assert.equal(familyOf(seen.licenseType), familyOf(wanted.licenseType));
          if (plan.kind === "upgrade") {
            assert.equal(seen.licenseType, "OcEssential");
            assert.ok(wanted.applicationClientId !== undefined);
          }
          if (
            plan.kind !== "nothing" &&
            wanted.allowBelowUse !== true &&
            wanted.licensedUsersCount !== seen.licensedUsersCount
          ) {
            assert.ok(wanted.licensedUsersCount >= (seen.activeUserCount ?? 0));
          }
        }),
        { numRuns: 1000 },
      );
    });

    it("it is the same for a new resource as for an old one, but for what cannot be seen", () => {
      fc.assert(
        fc.property(anyObserved, anyDesired, (seen, wanted) => {
          const isNew = planCustomer(seen, wanted, undefined);
          const isOld = planCustomer(seen, wanted, sentNow(wanted));
          if (seen.applicationClientId !== undefined) {
            assert.equal(isNew.kind, isOld.kind);
          }
        }),
      );
    });
  });
});

describe("licence types", () => {
  it("are the API's numbers", () => {
    assert.deepEqual(
      Object.values(LicenseType).map((type) => [type, toLicenseCode(type), describeLicenseType(type)]),
      [
        ["HostedEssentialsPlus", 1, "Hosted Essentials Plus"],
        ["HostedPro", 2, "Hosted Pro"],
        ["OcEssentialPlus", 4, "OC Essential Plus"],
        ["OcPro", 5, "OC Pro"],
      ],
    );
    for (const type of Object.values(LicenseType)) {
      assert.equal(fromDeclaredCode(toLicenseCode(type)), type);
      assert.equal(fromObservedCode(toLicenseCode(type), 3), type);
    }
    assert.deepEqual([0, 3, 7, -1].map(fromDeclaredCode), [undefined, undefined, undefined, undefined]);
  });

  it("that cannot be declared are told all the same", () => {
    assert.equal(fromObservedCode(0, 3), "HostedEssentials");
    assert.equal(fromObservedCode(3, 3), "OcEssential");
    assert.equal(fromObservedCode(7, 3), "Unknown(7)");
    assert.equal(fromObservedCode(3, 6), "Unknown(3)");
    assert.equal(fromObservedCode(6, 6), "OcEssential");
    assert.equal(describeLicenseType("Unknown(7)"), "unknown licence type 7");
    assert.equal(describeLicenseType("HostedEssentials"), "Hosted Essentials");
  });

  it("have a family, and Pro ones something to be downgraded to in it", () => {
    const types: ObservedLicenseType[] = [
      "HostedEssentials",
      "HostedEssentialsPlus",
      "HostedPro",
      "OcEssential",
      "OcEssentialPlus",
      "OcPro",
      "Unknown(7)",
    ];
    assert.deepEqual(
      types.map((type) => [familyOf(type), downgradeOf(type)]),
      [
        ["Hosted", undefined],
        ["Hosted", undefined],
        ["Hosted", "HostedEssentialsPlus"],
        ["OC", undefined],
        ["OC", undefined],
        ["OC", "OcEssentialPlus"],
        [undefined, undefined],
      ],
    );
  });
});
