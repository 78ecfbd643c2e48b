import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DeclaredFleet } from "../../fleet/kinds";
import { loadFleet } from "../../fleet/load-fleet";
import { rewrittenFleet } from "../../cli/rightsize/edits/rewritten-fleet";
import { sizesOf } from "../../cli/rightsize/size-fleet";
import type { Sizing } from "../../cli/rightsize/sizing";
import { useKey, type UseByKey } from "../../cli/rightsize/use";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const OTHER = "60d3b8e5-72f4-4c9b-9e16-c8a5017d4f32";

/** Use of group services by `tenant/service`, and of customers by their GUIDs. */
function use(figures: Readonly<Record<string, number>>): UseByKey {
  return new Map(
    Object.entries(figures).map(([name, inUse]) => {
      const [tenantId = "", service] = name.split("/");
      return [service === undefined ? useKey(name) : useKey(tenantId, "groupServices", service), { inUse, inPacks: 0 }];
    }),
  );
}

describe("rewriting a fleet file in place", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-rightsize-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const fleetOf = (file: string): DeclaredFleet => {
    const loaded = loadFleet(file, file);
    assert.ok("fleet" in loaded, JSON.stringify(loaded));
    return loaded.fleet;
  };

  /** The new texts by file, those that change alone; nothing is kept free above the use. */
  const rewritten = (
    files: Readonly<Record<string, string>>,
    figures: Readonly<Record<string, number>>,
    includeUnlimited = false,
  ): Record<string, string> | string => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const main = path.join(folder, "licenses.yaml");
    const fleet = fleetOf(main);
    const sizes: Sizing[] = sizesOf(fleet, use(figures), { headroom: { percent: 0 }, includeUnlimited });
    const result = rewrittenFleet(main, fleet, sizes);
    for (const [name, text] of Object.entries(files)) {
      assert.equal(readFileSync(path.join(folder, name), "utf8"), text, `${name} on disk`);
    }
    return "problem" in result
      ? result.problem.replaceAll(folder + path.sep, "")
      : Object.fromEntries(result.files.map(({ whole, text }) => [path.relative(folder, whole), text]));
  };

  const one = (text: string, figures: Readonly<Record<string, number>>, includeUnlimited = false): string => {
    const result = rewritten({ "licenses.yaml": text }, figures, includeUnlimited);
    return typeof result === "string" ? result : (result["licenses.yaml"] ?? "unchanged");
  };

  it("replaces numbers alone, and keeps comments, order, quotes, blank lines and line ends", () => {
    const text = [
      "# top",
      "customers:",
      "  contoso:   # the big one",
      `    customerGuid: '${GUID}'`,
      "    licensedUsersCount:   50   # of 100",
      '    licenseType: "OcPro"',
      "",
      "tenants:",
      '  "0042": {groupServices: {"Hunt Group":  3 , Call Pickup: 5}} # flow',
      "  foo:",
      "    groupServices:",
      "      # why",
      "      Hunt Group:",
      "        3",
      "      'Call: Pickup': { unlimited: false, maximum: 9 } # nine",
      "      Music:",
      "        maximum: 4 # four",
      "        unlimited: false",
      "# end",
    ].join("\r\n");
    const figures = {
      [GUID]: 40,
      "0042/Hunt Group": 12,
      "0042/Call Pickup": 5,
      "foo/Hunt Group": 1,
      "foo/Call: Pickup": 10,
      "foo/Music": 2,
    };
    const expected = text
      .replace("  50 ", "  40 ")
      .replace('":  3 ,', '":  12 ,')
      .replace("        3\r", "        1\r")
      .replace("maximum: 9", "maximum: 10")
      .replace("maximum: 4", "maximum: 2");
    assert.equal(one(text, figures), expected);
  });

  it("changes nothing where nothing is suggested", () => {
    assert.deepEqual(
      rewritten({ "licenses.yaml": "tenants: { foo: { groupServices: { A: 3 } } }" }, { "foo/A": 3 }),
      {},
    );
  });

  it("puts a limit in the place of unlimited in each of its forms", () => {
    const text =
      'tenants:\n  foo:\n    groupServices:\n      A: unlimited\n      B: { unlimited: true } # b\n      C:\n        unlimited: true\n      D: "unlimited"\n';
    assert.equal(
      one(text, { "foo/A": 1, "foo/B": 2, "foo/C": 3, "foo/D": 4 }, true),
      "tenants:\n  foo:\n    groupServices:\n      A: 1\n      B: 2 # b\n      C:\n        3\n      D: 4\n",
    );
    assert.equal(one(text, { "foo/A": 1 }), "unchanged");
  });

  it("changes lists of the API's form, as blocks and in one line", () => {
    const text =
      "tenants:\n  foo:\n    groupServices:\n      - name: A\n        allocated: 5 # five\n      - { allocated: { unlimited: false, maximum: 7 }, name: B }\n  bar: { groupServices: [{ name: A, allocated: 9 }] }\n";
    assert.equal(
      one(text, { "foo/A": 4, "foo/B": 6, "bar/A": 8 }),
      text.replace("allocated: 5", "allocated: 4").replace("maximum: 7", "maximum: 6").replace("9", "8"),
    );
  });

  describe("where a value comes from a profile", () => {
    const profile = "profiles:\n  small:\n    groupServices: { Hunt Group: 3, Park: 8 }\n";

    it("changes the profile where all that take it agree", () => {
      const text = `${profile}tenants:\n  foo: { profile: small }\n  bar:\n    profile: small\n  baz: { profile: small, groupServices: { Hunt Group: 9 } }\n`;
      assert.equal(
        one(text, {
          "foo/Hunt Group": 2,
          "bar/Hunt Group": 2,
          "baz/Hunt Group": 9,
          "foo/Park": 8,
          "bar/Park": 8,
          "baz/Park": 8,
        }),
        text.replace("Hunt Group: 3", "Hunt Group: 2"),
      );
    });

    it("changes defaults where all that take them agree", () => {
      const text = `defaults:\n  customer: { licensedUsersCount: 50, licenseType: OcPro }\ncustomers:\n  a: { customerGuid: ${GUID} }\n  b: { customerGuid: ${OTHER} }\n`;
      assert.equal(one(text, { [GUID]: 7, [OTHER]: 7 }), text.replace("50", "7"));
    });

    const own: readonly [string, string, string][] = [
      [
        "a map of its own in one line",
        "{ profile: small, groupServices: { A: 1 } }",
        "{ profile: small, groupServices: { A: 1, Hunt Group: 1 } }",
      ],
      ["an empty map", "{ profile: small, groupServices: {} }", "{ profile: small, groupServices: { Hunt Group: 1 } }"],
      [
        "a list in one line",
        "{ profile: small, groupServices: [{ name: A, allocated: 1 }] }",
        "{ profile: small, groupServices: [{ name: A, allocated: 1 }, { name: Hunt Group, allocated: 1 }] }",
      ],
      ["no services, in one line", "{ profile: small }", "{ profile: small, groupServices: { Hunt Group: 1 } }"],
      [
        "no services, as a block",
        "\n    profile: small # why",
        "\n    profile: small # why\n    groupServices:\n      Hunt Group: 1",
      ],
      [
        "a deeper block",
        "\n      profile: small",
        "\n      profile: small\n      groupServices:\n          Hunt Group: 1",
      ],
      [
        "a block of its own",
        "\n    groupServices: # g\n     A: 1 # a\n\n    # p\n    profile: small",
        "\n    groupServices: # g\n     A: 1 # a\n     Hunt Group: 1\n\n    # p\n    profile: small",
      ],
      [
        "a block list",
        "\n    profile: small\n    groupServices:\n    - name: A\n      allocated: 1",
        "\n    profile: small\n    groupServices:\n    - name: A\n      allocated: 1\n    - { name: Hunt Group, allocated: 1 }",
      ],
      [
        "an empty key",
        "\n    groupServices: # none\n    profile: small",
        "\n    groupServices: { Hunt Group: 1 } # none\n    profile: small",
      ],
      [
        "an alias",
        "\n    profile: small\n    groupServices: *shared",
        "\n    profile: small\n    groupServices: { <<: *shared, Hunt Group: 1 }",
      ],
    ];
    for (const [what, before, after] of own) {
      it(`writes an override where one that takes it differs, into ${what}`, () => {
        const text = (foo: string): string =>
          `${profile}tenants:\n  other: { profile: small, groupServices: &shared { A: 1 } }\n  foo: ${foo}\n# end\n`;
        const figures = {
          "other/Hunt Group": 3,
          "foo/Hunt Group": 1,
          "foo/A": 1,
          "other/A": 1,
          "foo/Park": 8,
          "other/Park": 8,
        };
        assert.equal(one(text(before), figures), text(after));
      });
    }

    it("writes an override into a tenant that says nothing itself", () => {
      const text = "defaults: { tenant: { groupServices: { A: 4 } } }\ntenants:\n  foo: # all defaults\n  bar:\n";
      assert.equal(one(text, { "foo/A": 1, "bar/A": 4 }), text.replace("foo:", "foo: { groupServices: { A: 1 } }"));
    });

    it("writes an override of a customer's count beside its other inputs", () => {
      const text = `profiles: { p: { licensedUsersCount: 50, licenseType: OcPro } }\ncustomers:\n  a:\n    profile: p\n    customerGuid: ${GUID} # a\n  b: { profile: p, customerGuid: ${OTHER} }\n`;
      assert.equal(
        one(text, { [GUID]: 7, [OTHER]: 9 }),
        text
          .replace(`${GUID} # a`, `${GUID} # a\n    licensedUsersCount: 7`)
          .replace(`${OTHER} }`, `${OTHER}, licensedUsersCount: 9 }`),
      );
    });

    it("keeps the profile as it is where the use of one that takes it is not known", () => {
      const text = `${profile}tenants:\n  foo: { profile: small }\n  bar: { profile: small }\n`;
      assert.equal(
        one(text, { "foo/Park": 1 }),
        text.replace("foo: { profile: small", "foo: { profile: small, groupServices: { Park: 1 }"),
      );
    });
  });

  describe("where a value is shared by an anchor", () => {
    it("changes the value that it stands for where all agree", () => {
      const text = "tenants:\n  foo: { groupServices: { A: &n 5, B: *n } }\n";
      assert.equal(one(text, { "foo/A": 3, "foo/B": 3 }), text.replace("5", "3").replace("&n 3", "&n 3"));
    });

    it("writes the number in the place of an alias that differs", () => {
      const text = "tenants:\n  foo: { groupServices: { A: &n 5, B: *n , C: *n } }\n";
      assert.equal(
        one(text, { "foo/A": 3, "foo/B": 5, "foo/C": 3 }),
        "tenants:\n  foo: { groupServices: { A: &n 3, B: 5 , C: *n } }\n",
      );
    });

    it("changes a map that two tenants share where both agree", () => {
      const text = "tenants:\n  foo: { groupServices: &s { A: 5 } }\n  bar: { groupServices: *s }\n";
      assert.equal(one(text, { "foo/A": 3, "bar/A": 3 }), text.replace("5", "3"));
    });

    it("writes an override beside a merge key", () => {
      const text =
        "tenants:\n  foo: { groupServices: &s { A: 5 } }\n  bar:\n    groupServices:\n      <<: *s\n      B: 1\n";
      assert.equal(one(text, { "foo/A": 5, "bar/A": 3, "bar/B": 1 }), text.replace("B: 1\n", "B: 1\n      A: 3\n"));
    });

    it("writes what was shared where the one that holds it differs alone", () => {
      const text =
        "tenants:\n  foo: { groupServices: &s { A: 5 } }\n  bar: { groupServices: *s }\n  baz: { groupServices: { <<: *s } }\n";
      assert.equal(
        one(text, { "foo/A": 3, "bar/A": 5, "baz/A": 3 }),
        text.replace("A: 5", "A: 3").replace("groupServices: *s }", "groupServices: { <<: *s, A: 5 } }"),
      );
    });

    it("leaves the file as it is, and names the value, where no edit in its place will do", () => {
      const text =
        "tenants:\n  foo: &s { groupServices: { A: 5, B: 1 }, tenantId: foo }\n  bar: { <<: *s, tenantId: bar }\n";
      assert.match(one(text, { "foo/A": 3, "bar/A": 5, "foo/B": 1, "bar/B": 1 }), /^licenses\.yaml .*by hand\.$/);
    });
  });

  it("changes included files and tables where the values are", () => {
    const files = {
      "licenses.yaml":
        'include: "more/*.txt"\ncsv: branches.table\nprofiles: { p: { groupServices: { Hunt Group: 3 } } }\n',
      "more/a.txt": "# a\ntenants:\n  inc:\n    groupServices: { A: 5 }\n",
      "branches.table": 'tenant;profile;groupServices.A;"groupServices.B"\r\none;p; 5 ;\r\ntwo;;"6";7\r\nthree;p\r\n',
    };
    assert.deepEqual(
      rewritten(files, {
        "inc/A": 4,
        "one/A": 4,
        "one/Hunt Group": 2,
        "two/A": 5,
        "two/B": 8,
        "three/Hunt Group": 3,
      }),
      {
        "more/a.txt": files["more/a.txt"].replace("5", "4"),
        "branches.table":
          'tenant;profile;groupServices.A;"groupServices.B";groupServices.Hunt Group\r\none;p; 4 ;;2\r\ntwo;;5;8\r\nthree;p\r\n',
      },
    );
  });

  it("fills the cell of a table for a tenant that takes the service from a profile", () => {
    const table = "sep=,\ntenant,groupServices.A,profile,groupServices.B\none,1,p,\ntwo,2,p\nthree,,p,3";
    const files = {
      "licenses.yaml": "csv: t.csv\ndefaults: { tenant: { groupServices: { B: 9, A: 9 } } }\nprofiles: { p: {} }\n",
      "t.csv": table,
    };
    assert.deepEqual(rewritten(files, { "one/A": 1, "one/B": 1, "two/A": 2, "two/B": 2, "three/A": 9, "three/B": 3 }), {
      "t.csv": "sep=,\ntenant,groupServices.A,profile,groupServices.B\none,1,p,1\ntwo,2,p,2\nthree,,p,3",
    });
  });
});
