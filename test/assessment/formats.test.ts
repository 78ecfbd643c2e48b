import { mistakeIn } from "../../provider/run/mistake";
import assert from "node:assert/strict";
import type { Assessment } from "../../assessment/assessment";
import { driftJson, planJson } from "../../assessment/formats/json";
import { driftJunit } from "../../assessment/formats/junit";
import { driftMarkdown } from "../../assessment/formats/markdown";
import { driftTable, planTable } from "../../assessment/formats/table";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

const CLEAN: Assessment = {
  objects: [{ kind: "tenant", id: "foo", name: "foo", differences: [], calls: [], refusals: [] }],
  unmanaged: [],
  errors: [],
};

const MIXED: Assessment = {
  objects: [
    {
      kind: "customer",
      id: GUID,
      name: "contoso",
      differences: [
        { property: "licenseType", declared: "OcPro", actual: "OcEssentialPlus" },
        { property: "licensedUsersCount", declared: 50, actual: 60 },
      ],
      calls: ["PATCH OC Essential Plus → OC Pro, users 60 → 50"],
      refusals: [],
    },
    {
      kind: "customer",
      id: GUID.replace("d", "e"),
      name: "gone",
      differences: [{ property: null, declared: "present", actual: null }],
      calls: [],
      refusals: [mistakeIn("customerGuid", "there is no customer.")],
    },
    {
      kind: "tenant",
      id: "foo",
      name: "foo",
      differences: [{ property: "groupServices.Hunt Group", declared: "unlimited", actual: null }],
      calls: [],
      refusals: [{ property: "", path: ["groupServices", "Hunt Group"], message: "not listed" }],
    },
    { kind: "tenant", id: "bar", name: "bar", differences: [], calls: [], refusals: [] },
  ],
  unmanaged: [{ kind: "customer", id: GUID.replace("d", "f"), name: "Fabrikam", holds: "Hosted Pro, 7 users" }],
  errors: [],
};

const FAILED: Assessment = {
  objects: [],
  unmanaged: [],
  errors: ["a", "b", "c", "d", "e"].map((name) => ({ kind: "tenant", name, message: "the gateway is away" })),
};

/** What an API or a file may hold to play tricks on whoever reads a report. */
const HOSTILE = `</failure><script>\u001b[2J\u0000|[x](http://evil) @team \`code\` "q" & \u202e\ud800`;
const ODD: Assessment = {
  objects: [
    {
      kind: "tenant",
      id: HOSTILE,
      name: HOSTILE,
      differences: [{ property: `groupServices.${HOSTILE}`, declared: 5, actual: null }],
      calls: [`PUT ${HOSTILE} 1 → 2`],
      refusals: [],
    },
  ],
  unmanaged: [{ kind: "customer", id: "x", name: HOSTILE, holds: "OC Pro" }],
  errors: [{ kind: "tenant", name: HOSTILE, message: HOSTILE }],
};

describe("a drift report", () => {
  it("as a table says what differs, what would be called or refused, and what is unmanaged", () => {
    assert.equal(
      driftTable(MIXED),
      `customer contoso  (${GUID})
  licenseType         declared OcPro  is OcEssentialPlus
  licensedUsersCount  declared 50     is 60
  up would call: PATCH OC Essential Plus → OC Pro, users 60 → 50

customer gone  (e5253892-1c1e-4b23-89d7-29d86734c31b)
  is missing
  up would refuse: customerGuid: there is no customer.

tenant foo
  groupServices.Hunt Group  declared unlimited  is none
  up would refuse: groupServices.Hunt Group: not listed

1 object unmanaged: licensed, and declared by nothing in the file
  customer Fabrikam  (f5253892-1c1e-4b23-89d7-29d86734c31b): Hosted Pro, 7 users

3 of 4 objects not as declared, 1 unmanaged.`,
    );
    assert.equal(driftTable(CLEAN), "1 object as declared, 0 unmanaged.");
    // Colours change nothing of what is written, nor where it stands.
    for (const assessment of [MIXED, CLEAN, FAILED]) {
      const painted = driftTable(assessment, (kind, text) => `<${kind}>${text}</${kind}>`);
      assert.match(painted, /<(good|bad)>/);
      assert.equal(painted.replaceAll(/<\/?[a-z]+>/g, ""), driftTable(assessment));
      const plan = planTable(assessment, (kind, text) => `<${kind}>${text}</${kind}>`);
      assert.equal(plan.replaceAll(/<\/?[a-z]+>/g, ""), planTable(assessment));
    }
  });

  it("says once what went wrong for many", () => {
    assert.match(driftTable(FAILED), /^error: tenant a, tenant b, tenant c and 2 more: the gateway is away$/m);
    assert.match(driftTable(FAILED), /5 errors\.$/);
    assert.match(driftMarkdown(FAILED, "incomplete"), /^\*\*5 errors\*\*: this report is not complete\.$/m);
  });

  it("as a table counts unmanaged objects beyond twenty", () => {
    const unmanaged = Array.from({ length: 25 }, (_, n) => ({
      kind: "tenant" as const,
      id: `t${n}`,
      name: `t${n}`,
      holds: "1 service licensed",
    }));
    assert.match(driftTable({ ...CLEAN, unmanaged }), /and 5 more: --format json lists them all/);
  });

  it("as JSON has the contract's form", () => {
    const report = JSON.parse(driftJson(MIXED, false)) as Record<string, unknown>;
    assert.equal(report["version"], 1);
    assert.equal(report["clean"], false);
    assert.deepEqual((report["drifted"] as unknown[]).slice(2), [
      { kind: "customer", id: GUID.replace("d", "e"), name: "gone", property: null, declared: "present", actual: null },
      {
        kind: "tenant",
        id: "foo",
        name: "foo",
        property: "groupServices.Hunt Group",
        declared: "unlimited",
        actual: null,
      },
    ]);
    assert.deepEqual(report["unmanaged"], MIXED.unmanaged);
    assert.deepEqual((JSON.parse(driftJson(FAILED, false)) as Record<string, unknown>)["errors"], FAILED.errors);
  });

  it("as Markdown is a table, with details folded", () => {
    const text = driftMarkdown(MIXED, "drifted");
    assert.match(text, /^\*\*3 of 4 objects not as declared\.\*\*$/m);
    assert.match(text, /^\| customer contoso \| licensedUsersCount \| 50 \| 60 \|$/m);
    assert.match(text, /^\| customer gone \| \\\(the object\\\) \| present \| missing \|$/m);
    assert.match(text, /<details><summary>What <code>pulumi up --refresh<\/code> would call<\/summary>/);
    assert.match(driftMarkdown(CLEAN, "clean"), /All 1 object as declared\./);
  });

  it("as JUnit has a case for each object; unmanaged ones fail only where that was asked for", () => {
    assert.match(driftJunit(MIXED, false), /tests="5" failures="3" errors="0" skipped="1"/);
    assert.match(driftJunit(MIXED, true), /tests="5" failures="4" errors="0" skipped="0"/);
    assert.match(driftJunit(FAILED, false), /tests="5" failures="0" errors="5"/);
    assert.match(driftJunit(MIXED, false), /<testcase classname="tenant" name="bar"\/>/);
  });

  it("lets no name break its form, or a terminal", () => {
    const junit = driftJunit(ODD, true);
    assert.doesNotMatch(junit, /<script>|<\/failure><script/);
    const control = /[\u0000-\u0009\u000b-\u001f\u202e]|\p{Cs}/u;
    assert.doesNotMatch(junit, control);
    assert.doesNotMatch(driftTable(ODD), /[\u001b\u0000\u202e]/);
    const markdown = driftMarkdown(ODD, "drifted");
    assert.doesNotMatch(markdown, /<script>|[^\\]\[x|@team|[\u001b\u0000\u202e]/);
    assert.equal((/^\| tenant .*$/m.exec(markdown)?.[0] ?? "").split(/(?<!\\)\|/).length, 6);
    assert.equal((JSON.parse(driftJson(ODD, false)) as { drifted: { name: string }[] }).drifted[0]?.name, HOSTILE);
  });
});

describe("a plan", () => {
  it("as text says what would be called, and what refused", () => {
    assert.match(planTable(MIXED), /up would call: PATCH OC Essential Plus → OC Pro, users 60 → 50/);
    assert.match(planTable(MIXED), /^1 object to change, 2 refused, 1 as declared\.$/m);
    assert.equal(planTable(CLEAN), "Nothing to call, 1 as declared.");
    assert.match(planTable(FAILED), /^Nothing to call, 0 as declared, 5 errors\.$/m);
  });

  it("as JSON says the same", () => {
    const plan = JSON.parse(planJson(MIXED)) as Record<string, unknown>;
    assert.deepEqual(plan["calls"], [
      { kind: "customer", id: GUID, name: "contoso", call: "PATCH OC Essential Plus → OC Pro, users 60 → 50" },
    ]);
    assert.equal((plan["refused"] as unknown[]).length, 2);
    assert.equal(plan["unchanged"], 1);
  });
});
