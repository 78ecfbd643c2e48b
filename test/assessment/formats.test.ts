import { mistakeIn } from "../../provider/resource/mistake";
import assert from "node:assert/strict";
import { type Assessment, NOTHING } from "../../cli/assessment/assessment";
import { ignoring, idlePatterns } from "../../cli/assessment/ignore";
import { driftJson, planJson } from "../../cli/assessment/formats/json";
import { driftJunit } from "../../cli/assessment/formats/junit";
import { driftMarkdown } from "../../cli/assessment/formats/markdown";
import { driftTable, planTable } from "../../cli/assessment/formats/table";
import { withoutCommands } from "../../provider/text/pipeline-commands";
import { fleetOf } from "../fleet/fleets";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

const CLEAN: Assessment = {
  ...NOTHING,
  objects: [{ kind: "tenant", id: "foo", name: "foo", differences: [], calls: [], refusals: [] }],
};

const MIXED: Assessment = {
  ...NOTHING,
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
  ...NOTHING,
  objects: [],
  unmanaged: [],
  errors: ["a", "b", "c", "d", "e"].map((name) => ({ kind: "tenant", name, message: "the gateway is away" })),
};

/** What an API or a file may hold to play tricks on whoever reads a report. */
const HOSTILE = `</failure><script>\u001b[2J\u0000|[x](http://evil) @team \`code\` "q" & \u202e\ud800`;
const ODD: Assessment = {
  ...NOTHING,
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
    assert.match(driftTable(FAILED), /^Nothing could be compared: 5 objects could not be read\.$/m);
    assert.match(driftMarkdown(FAILED, "incomplete"), /^\*\*5 errors\*\*: this report is not complete\.$/m);
  });

  it("says once what each object was answered alike, and apart what was answered otherwise", () => {
    const refused = (id: string, status: number): Assessment["errors"][number] => ({
      kind: "tenant",
      id,
      name: `site ${id}`,
      message: `Could not read the service licences of tenant ${id}: GET /api/v1/tenants/${id}/licenses/ answered ${status}.`,
    });
    const errors = [refused("a", 500), refused("b", 500), refused("c", 403)];
    assert.deepEqual(
      driftTable({ ...NOTHING, errors })
        .split("\n")
        .filter((line) => line.startsWith("error")),
      [
        "error: tenant site a, tenant site b: Could not read the service licences of tenant a: GET /api/v1/tenants/a/licenses/ answered 500.",
        "error: tenant site c: Could not read the service licences of tenant c: GET /api/v1/tenants/c/licenses/ answered 403.",
      ],
    );
  });

  describe("of 150 tenants that are refused alike, and one otherwise", () => {
    const refused = (id: string, message: string): Assessment["objects"][number] => ({
      kind: "tenant",
      id,
      name: id,
      differences: [{ property: "groupServices.Hunt Grup", declared: 5, actual: null }],
      calls: [],
      refusals: [{ property: "", path: ["groupServices", "Hunt Grup"], message }],
    });
    const ids = Array.from({ length: 150 }, (_, n) => `site-${n}`);
    const many: Assessment = {
      ...NOTHING,
      objects: [
        ...ids.map((id) => refused(id, `not listed for tenant ${id}: did you mean Hunt Group?`)),
        refused("odd", "not listed at all"),
      ],
    };
    const named = `${Array.from({ length: 10 }, (_, n) => `tenant site-${n}`).join(", ")} and 140 more`;

    it("a plan shows the refusal once, with how many and whom", () => {
      assert.equal(
        planTable(many),
        `tenant odd
  up would refuse: groupServices.Hunt Grup: not listed at all

up would refuse 150 objects: groupServices.Hunt Grup: not listed for tenant site-0: did you mean Hunt Group?
  ${named}

Nothing to call, 151 refused, 0 as declared.`,
      );
    });

    it("a drift report shows the refusal once beside each difference", () => {
      const table = driftTable(many);
      assert.equal(table.split("Hunt Group?").length - 1, 1);
      assert.ok(table.includes(`\n  ${named}\n`));
      assert.equal(table.split("declared 5  is none").length - 1, 151);
      const markdown = driftMarkdown(many, "drifted");
      assert.equal(markdown.split("**refused**").length - 1, 2);
      assert.match(
        markdown,
        /^- 150 objects \\\(tenant site-0, .* and 140 more\\\): \*\*refused\*\*: groupServices\./m,
      );
    });

    it("JSON and JUnit stay complete", () => {
      assert.equal((JSON.parse(planJson(many)) as { refused: unknown[] }).refused.length, 151);
      assert.equal((JSON.parse(driftJson(many, false)) as { refused: unknown[] }).refused.length, 151);
      assert.equal(driftJunit(many, false).split("up would refuse").length - 1, 151);
    });
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
    assert.doesNotMatch(markdown, /<script>|[^\\]\[x|@team|http:\/\/|[\u001b\u0000\u202e]/);
    assert.equal((/^\| tenant .*$/m.exec(markdown)?.[0] ?? "").split(/(?<!\\)\|/).length, 6);
    assert.equal((JSON.parse(driftJson(ODD, false)) as { drifted: { name: string }[] }).drifted[0]?.name, HOSTILE);
  });
});

const LOGGED: Assessment = {
  ...NOTHING,
  objects: [
    {
      kind: "customer",
      id: GUID,
      name: "##vso[task.setvariable variable=STACK]prod2",
      differences: [{ property: "groupServices.::error::x", declared: "##[error]", actual: 1 }],
      calls: ["PUT ::error::x"],
      refusals: [],
    },
  ],
  unmanaged: [{ kind: "tenant", id: "::error::x", name: "::error::x", holds: "##vso[x]" }],
  errors: [{ kind: "tenant", name: "::warning::y", message: "a\n::error::z\n##teamcity[a]" }],
};

describe("a drift report in a pipeline's log", () => {
  const forms = {
    table: driftTable,
    json: (one: Assessment) => driftJson(one, false),
    junit: (one: Assessment) => driftJunit(one, true),
    markdown: (one: Assessment) => driftMarkdown(one, "drifted"),
  };
  for (const [name, render] of Object.entries(forms)) {
    it(`as ${name} holds no command`, () => {
      // What the command line prints goes through this as well; programs' forms do without.
      const text = name === "table" ? withoutCommands(render(LOGGED)) : render(LOGGED);
      assert.doesNotMatch(text, /##(?:vso|teamcity)?\[/);
      assert.doesNotMatch(text, /^\s*::/m);
      assert.equal(withoutCommands(text), text);
    });
  }

  it("as JSON keeps the names", () => {
    const { drifted } = JSON.parse(driftJson(LOGGED, false)) as { drifted: { name: string; declared: string }[] };
    assert.deepEqual([drifted[0]?.name, drifted[0]?.declared], [LOGGED.objects[0]?.name, "##[error]"]);
  });
});

describe("a drift report as Markdown", () => {
  for (const [text, expected] of [
    ["https://evil.example/x", "https:<!-- -->//evil.example/x"],
    ["see WWW.evil.example", "see WWW<!-- -->.evil.example"],
    ["ftp://a", "ftp:<!-- -->//a"],
    ["a@b.example", "a@<!-- -->b.example"],
    ["@team", "@<!-- -->team"],
    ["#12 and a/b#3", "\\#<!-- -->12 and a/b\\#<!-- -->3"],
    ["!12 ~bug $7 %3", "\\!<!-- -->12 \\~<!-- -->bug $<!-- -->7 %<!-- -->3"],
    ["100 % of A & B", "100 % of A &amp; B"],
    ["Lwww.evil.example", "Lwww<!-- -->.evil.example"],
    ["\u202ex\u001b[1m", "\\\\u\\{202e\\}x\\\\u\\{1b\\}\\[1m"],
  ] as const) {
    it(`shows ${JSON.stringify(text)} as text`, () => {
      const unmanaged = [{ kind: "tenant" as const, id: "x", name: text, holds: "5" }];
      const markdown = driftMarkdown({ ...NOTHING, unmanaged }, "clean");
      assert.ok(markdown.includes(`- tenant ${expected} (x): 5`), markdown);
    });
  }
});

describe("what --ignore leaves out", () => {
  const site = (name: string, differs: boolean): Assessment["objects"][number] => ({
    kind: "tenant",
    id: name,
    name,
    differences: differs ? [{ property: "groupServices.Fax", declared: 1, actual: 2 }] : [],
    calls: differs ? ["PUT Fax 2 → 1"] : [],
    refusals: [],
  });
  const all: Assessment = {
    ...NOTHING,
    objects: [site("site-1", true), site("site-2", false), site("head", false)],
    unmanaged: [{ kind: "tenant", id: "site-9", name: "site-9", holds: "1 service licensed" }],
  };

  it("is counted, not taken for as declared", () => {
    const found = ignoring(all, ["tenants.site-*"]);
    assert.equal(driftTable(found).split("\n").at(-1), "1 as declared, 2 ignored, 1 unmanaged.");
    assert.match(driftJunit(found, false), /tests="4" failures="0" errors="0" skipped="3"/);
    assert.match(driftJunit(found, false), /name="site-1">\n\s*<skipped message="left out by --ignore"\/>/);
    assert.equal((JSON.parse(driftJson(found, true)) as { ignored: number }).ignored, 2);
    assert.match(driftMarkdown(found, "clean"), /^All 1 object as declared, 2 ignored\.$/m);
  });

  it("is an object of which every difference is ignored, and an unmanaged one", () => {
    const found = ignoring(all, ["*.groupServices.Fax", "unmanaged.tenants.*"]);
    assert.deepEqual(
      found.ignored.map(({ name }) => name),
      ["site-1", "site-9"],
    );
    assert.equal(driftTable(found), "2 as declared, 2 ignored, 0 unmanaged.");
  });

  it("comes with a hint where it is nothing", () => {
    const fleet = fleetOf("tenants: { site-01: { userServices: { Fax: 1 } } }");
    assert.deepEqual(idlePatterns(NOTHING, ["site-01", "tenants.site-1", "xyz", "tenants.*"], fleet, true), [
      { pattern: "site-01", meant: ["tenants.site-01"] },
      { pattern: "tenants.site-1", meant: ["tenants.site-01"] },
      { pattern: "xyz", meant: [] },
    ]);
  });
});

describe("a plan", () => {
  it("as text says what would be called, and what refused", () => {
    assert.match(planTable(MIXED), /up would call: PATCH OC Essential Plus → OC Pro, users 60 → 50/);
    assert.match(planTable(MIXED), /^1 object to change, 2 refused, 1 as declared\.$/m);
    assert.equal(planTable(CLEAN), "Nothing to call, 1 as declared.");
    assert.match(planTable(FAILED), /^Nothing could be planned: 5 objects could not be read\.$/m);
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
