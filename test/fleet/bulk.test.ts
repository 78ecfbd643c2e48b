import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { readCsvTable } from "../../fleet/csv-table";
import { loadFleet } from "../../fleet/load-fleet";
import { mistakeLines } from "../../fleet/mistake";
import { fleetOf, GUID, linesOf } from "./fleets";

/** What a tenant of a text is to hold. */
function servicesOf(text: string, name: string): unknown {
  const tenant = fleetOf(text).tenants.find((one) => one.name === name);
  assert.ok(tenant !== undefined, name);
  const { groupServices, userServices } = tenant.inputs.services;
  return { groupServices: Object.fromEntries(groupServices), userServices: Object.fromEntries(userServices) };
}

const PROFILES = `
defaults:
  tenant: { onServiceRemoved: unlicense, groupServices: { Hunt Group: 1, Auto Attendant: 1 } }
  customer: { licenseType: HostedPro, licensedUsersCount: 10, taskTimeout: 1h }
profiles:
  standard-pbx:
    groupServices: { Hunt Group: unlimited, Call Pickup: 5 }
    userServices: [{ name: Voicemail, allocated: 7 }]
  call-center:
    groupServices: { Call Pickup: unlimited }
    onServiceRemoved: retain
`;

describe("defaults and profiles", () => {
  it("a tenant takes over services one by one, and overrides them one by one", () => {
    const text = `${PROFILES}
tenants:
  plain: {}
  foo: { profile: standard-pbx }
  bar:
    profile: standard-pbx
    groupServices: { Call Pickup: 9 }
    userServices: { Voicemail: unlimited, Fax: 1 }
`;
    assert.deepEqual(servicesOf(text, "plain"), {
      groupServices: { "Auto Attendant": 1, "Hunt Group": 1 },
      userServices: {},
    });
    assert.deepEqual(servicesOf(text, "foo"), {
      groupServices: { "Auto Attendant": 1, "Call Pickup": 5, "Hunt Group": "unlimited" },
      userServices: { Voicemail: 7 },
    });
    assert.deepEqual(servicesOf(text, "bar"), {
      groupServices: { "Auto Attendant": 1, "Call Pickup": 9, "Hunt Group": "unlimited" },
      userServices: { Fax: 1, Voicemail: "unlimited" },
    });
  });

  it("of several profiles the last one wins, and a value of one's own over all", () => {
    const text = `${PROFILES}
tenants:
  foo: { profile: [standard-pbx, call-center] }
  bar: { profile: [call-center, standard-pbx], onServiceRemoved: restore }
`;
    const [foo, bar] = fleetOf(text).tenants;
    assert.equal(foo!.inputs.services.groupServices.get("Call Pickup"), "unlimited");
    assert.equal(foo!.inputs.onServiceRemoved, "retain");
    assert.equal(bar!.inputs.services.groupServices.get("Call Pickup"), 5);
    assert.equal(bar!.inputs.onServiceRemoved, "restore");
  });

  it("a customer takes over what it does not give", () => {
    const text = `${PROFILES}
  small: { licensedUsersCount: 3 }
customers:
  contoso: { customerGuid: ${GUID}, profile: small }
  fabrikam: { customerGuid: 00000000-0000-4000-8000-000000000001, licenseType: OcPro }
`;
    assert.deepEqual(
      fleetOf(text).customers.map(({ inputs }) => inputs),
      [
        { customerGuid: GUID, licenseType: "HostedPro", licensedUsersCount: 3, taskTimeout: "1h" },
        {
          customerGuid: "00000000-0000-4000-8000-000000000001",
          licenseType: "OcPro",
          licensedUsersCount: 10,
          taskTimeout: "1h",
        },
      ],
    );
  });

  it("a tenant without anything takes the defaults", () => {
    assert.deepEqual(servicesOf("defaults: { tenant: { userServices: { Fax: 1 } } }\ntenants:\n  foo:\n", "foo"), {
      groupServices: {},
      userServices: { Fax: 1 },
    });
  });

  it("means what the same would written out, whatever is where", () => {
    const names = ["A", "B", "C"];
    const services = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(0, 5, "unlimited"), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(services, services, services, services, (base, first, second, own) => {
        const merged = { ...base, ...first, ...second, ...own };
        const text = JSON.stringify({
          defaults: { tenant: { groupServices: base } },
          profiles: { first: { groupServices: first }, second: { groupServices: second } },
          tenants: { foo: { profile: ["first", "second"], groupServices: own, userServices: { Z: 1 } } },
        });
        assert.deepEqual(servicesOf(text, "foo"), {
          groupServices: merged,
          userServices: { Z: 1 },
        });
      }),
    );
  });

  it("a mistake in a profile is told once, where it stands, however many take it over", () => {
    const text = `profiles:
  bad: { groupServices: { Hunt Group: many }, onDestroi: retain, tenantId: x }
tenants:
  a: { profile: bad }
  b: { profile: bad }
  c: { profile: worse }
  d: { profil: bad, userServices: { Fax: 1 } }
  e: { profile: { name: bad } }
`;
    assert.deepEqual(linesOf(text), [
      'licenses.yaml:2:27 profiles.bad.groupServices.Hunt Group: must be `unlimited` or a whole number (0 = not licensed), not "many".',
      "licenses.yaml:2:47 profiles.bad.onDestroi: is not an input here: did you mean onDestroy?",
      "licenses.yaml:2:66 profiles.bad.tenantId: cannot be shared: give it where it belongs.",
      'licenses.yaml:6:8 tenants.c.profile: there is no profile "worse".',
      "licenses.yaml:7:8 tenants.d.profil: is not an input of a tenant: did you mean profile?",
      "licenses.yaml:8:8 tenants.e.profile: must be the name of a profile, or a list of such names.",
    ]);
  });

  it("two resources that declare the same by a profile are told where they are declared", () => {
    const text = `profiles: { p: { groupServices: { Hunt Group: 1 } } }
tenants:
  a: { profile: p, tenantId: foo }
  b: { profile: p, tenantId: foo }
`;
    assert.deepEqual(linesOf(text), [
      "licenses.yaml:4:3 tenants.b.groupServices.Hunt Group: is already declared by tenants.a.groupServices.Hunt Group on line 3: keep one of the two.",
    ]);
  });

  it("says what defaults and profiles must be", () => {
    assert.deepEqual(linesOf("defaults: { tenants: {} }\nprofiles: [a]\n"), [
      "licenses.yaml:1:13 defaults.tenants: is none of customer and tenant: did you mean tenant?",
      "licenses.yaml:2:1 profiles: must be a map.",
    ]);
    assert.deepEqual(linesOf("profiles: { a: 5 }\ntenants: { foo: { profile: a, userServices: { Fax: 1 } } }\n"), [
      "licenses.yaml:1:13 profiles.a: must be a map of inputs.",
    ]);
  });
});

describe("the example of ten tenants from one profile", () => {
  it("declares what it says", () => {
    const file = path.resolve(__dirname, "../../examples/fleet/branches.yaml");
    const loaded = loadFleet(file, "branches.yaml");
    assert.ok("fleet" in loaded, JSON.stringify(loaded));
    const { tenants } = loaded.fleet;
    assert.equal(tenants.length, 10);
    const voicemail = Object.fromEntries(
      tenants.map(({ name, inputs }) => [name, inputs.services.userServices.get("Voice Messaging User")]),
    );
    assert.deepEqual(
      [voicemail["branch-01"], voicemail["branch-03"], voicemail["branch-07"], voicemail["branch-09"]],
      [10, 30, "unlimited", 0],
    );
    const last = tenants.find(({ name }) => name === "branch-10")!.inputs.services;
    assert.deepEqual(
      [...last.groupServices, ...last.userServices],
      [
        ["Auto Attendant", 1],
        ["Call Pickup", "unlimited"],
        ["Hunt Group", "unlimited"],
        ["Authentication", "unlimited"],
        ["Call Center - Standard", 12],
        ["Call Forwarding Busy", 40],
        ["Voice Messaging User", 10],
      ],
    );
  });
});

const WOULD_REMOVE =
  "so `pulumi up` would remove from the stack what it declared before: permit it with --allow-empty, or voice-licenses:allowEmpty in the stack.";

describe("a fleet of several files", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "voice-licenses-bulk-")));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
  }

  /** The names of what is declared; or the mistakes, as lines. */
  function load(allowEmpty = false): unknown {
    const loaded = loadFleet(path.join(folder, "licenses.yaml"), "licenses.yaml", { allowEmpty });
    if ("problem" in loaded) {
      return loaded.problem;
    }
    if ("mistakes" in loaded) {
      return mistakeLines("licenses.yaml", loaded.mistakes);
    }
    return loaded.fleet.tenants.map(({ name, inputs }) => [
      name,
      Object.fromEntries([...inputs.services.groupServices, ...inputs.services.userServices]),
    ]);
  }

  it("takes in what patterns name, in the order of the paths, and not itself", () => {
    write({
      "licenses.yaml": "include: [tenants/**/*.yaml, '*.yaml']\nprofiles: { p: { userServices: { Fax: 1 } } }\n",
      "tenants/b.yaml": "tenants: { b: { profile: p } }\n",
      "tenants/a/a.yaml": "tenants: { a: { profile: q } }\n",
      "q.yaml": "profiles: { q: { userServices: { Fax: 2 } } }\ncustomers:\n",
    });
    assert.deepEqual(load(), [
      ["a", { Fax: 2 }],
      ["b", { Fax: 1 }],
    ]);
  });

  it("says that a pattern fits nothing but the file that it stands in", () => {
    write({ "licenses.yaml": "include: l*.yaml\ntenants: { a: { userServices: { Fax: 1 } } }\n" });
    assert.deepEqual(load(), [
      'licenses.yaml:1:1 include: "l*.yaml" matches only this file itself: name the others, or remove it.',
    ]);
  });

  it("tells mistakes with the file that they are in, those of the main file first", () => {
    write({
      "licenses.yaml": "include: [tenants/*.yaml, customers/*.yaml]\ntenants: { a: { userServices: { Fax: x } } }\n",
      "tenants/a.yaml": "tenants: { a: { userServices: { Fax: 1 } } }\n",
      "tenants/b.yaml": "tenants:\n  b: { userServices: { Fax: -1 }, tenantId: a }\ninclude: more.yaml\n",
      "tenants/c.yaml": "tenants: [c\n",
      "tenants/d.yaml": "- d\n",
    });
    assert.deepEqual(load(), [
      'licenses.yaml:1:27 include: "customers/*.yaml" matches no file; paths start at the directory of this file.',
      'licenses.yaml:2:33 tenants.a.userServices.Fax: must be `unlimited` or a whole number (0 = not licensed), not "x".',
      "tenants/a.yaml:1:12 tenants.a: is already declared in licenses.yaml on line 2: keep one of the two.",
      "tenants/b.yaml:2:24 tenants.b.userServices.Fax: must be `unlimited` or a whole number (0 = not licensed), not -1.",
      "tenants/b.yaml:3:1 include: is not a part of an included file.",
      "tenants/c.yaml:2:1 a { or [ before this line is not closed, or this line is not indented below it.",
      "tenants/d.yaml:1:1 must be a map with customers, tenants and profiles.",
    ]);
  });

  it("merges a table of tenants × services into what is declared", () => {
    write({
      "licenses.yaml": `csv: tenants.csv
defaults: { tenant: { userServices: { Voicemail: 1 } } }
profiles: { p: { groupServices: { Hunt Group: 3 } } }
tenants: { foo: { profile: p, groupServices: { Call Pickup: 5 } }, bar: }
`,
      "tenants.csv":
        '\uFEFFtenant,profile,groupServices.Hunt Group,"userServices.A, B",userServices.Voicemail\r\n' +
        "foo,,unlimited,0,\r\n" +
        "\r\n" +
        "bar,p,,,7\r\n" +
        '"0042",,,2, unlimited \r\n',
    });
    assert.deepEqual(load(), [
      ["foo", { "Call Pickup": 5, "Hunt Group": "unlimited", "A, B": 0, Voicemail: 1 }],
      ["bar", { "Hunt Group": 3, Voicemail: 7 }],
      ["0042", { "A, B": 2, Voicemail: "unlimited" }],
    ]);
  });

  it("reads tables with semicolons and tabs, as spreadsheets of many countries write them", () => {
    for (const delimiter of [";", "\t"]) {
      write({
        "licenses.yaml": "csv: [tenants.csv]\n",
        "tenants.csv": `tenant${delimiter}userServices.A, B\nfoo${delimiter}5\n`,
      });
      assert.deepEqual(load(), [["foo", { "A, B": 5 }]]);
    }
  });

  it("reads tables whose lines end in more than one way, as editors leave them", () => {
    write({
      "licenses.yaml": "csv: [tenants.csv]\n",
      "tenants.csv": "tenant,userServices.Fax\r\nfoo,5\nbar,6\rbaz,7\r\n",
    });
    assert.deepEqual(load(), [
      ["foo", { Fax: 5 }],
      ["bar", { Fax: 6 }],
      ["baz", { Fax: 7 }],
    ]);
  });

  it("tells mistakes of a table with line and column", () => {
    write({
      "licenses.yaml": "csv: tenants.csv\ntenants: { foo: { userServices: { Fax: 1 } } }\n",
      "tenants.csv":
        "tenant,userServices.Fax,Hunt Group,onDestroy,onDestroy\n" +
        "foo,2,5,,\n" +
        "bar,1.5,,never,\n" +
        "bar,1,,,\n" +
        "baz,1\n" +
        ",1,,,\n",
    });
    assert.deepEqual(load(), [
      "tenants.csv:1:25 Hunt Group: is not a column of tenants: a service is written groupServices.… or userServices.….",
      "tenants.csv:1:46 onDestroy: is a column twice: keep one of the two.",
      "tenants.csv:2:5 tenants.foo.userServices.Fax: is already declared in licenses.yaml on line 2: keep one of the two.",
      'tenants.csv:3:5 tenants.bar.userServices.Fax: must be `unlimited` or a whole number (0 = not licensed), not "1.5".',
      'tenants.csv:3:10 tenants.bar.onDestroy: must be retain, unlicense or restore, not "never".',
      "tenants.csv:4:1 tenants.bar: already has a row on line 3: keep one of the two.",
      'tenants.csv:6:1 tenants."": a resource\'s name must not be empty.',
      `tenants.csv:6:1 tenants."".tenantId: must be a tenant's id: 1 to 255 characters without / \\ ? # % or control characters, not "". The resource's name cannot stand for it: give tenantId.`,
    ]);
    write({ "licenses.yaml": "csv: tenants.csv\n", "tenants.csv": "name,userServices.Fax\nfoo,1\n" });
    assert.deepEqual(load(), [
      "tenants.csv:1:1 must begin with a line of columns, tenant first: tenant,profile,groupServices.Hunt Group.",
    ]);
    write({ "tenants.csv": 'tenant,userServices.Fax\n"foo,1\n' });
    assert.deepEqual(load(), ['tenants.csv:2:1 this double quote is not closed: write " at the end of the cell.']);
  });

  it("reads what spreadsheets write: a line that names the delimiter, rows of delimiters alone, short rows, TRUE", () => {
    write({
      "licenses.yaml": "csv: tenants.csv\n",
      "tenants.csv":
        "\ufeffsep=;\r\n" +
        "tenant;userServices.Fax;allowUnlisted;;\r\n" +
        ";;;;\r\n" +
        "foo;1;TRUE;;\r\n" +
        "bar;2\r\n" +
        " ; ;;\r\n" +
        "baz;3;False;;;;\r\n",
    });
    const loaded = loadFleet(path.join(folder, "licenses.yaml"), "licenses.yaml");
    assert.ok("fleet" in loaded, JSON.stringify(loaded));
    assert.deepEqual(
      loaded.fleet.tenants.map(({ name, inputs }) => [
        name,
        inputs.services.userServices.get("Fax"),
        inputs.allowUnlisted,
      ]),
      [
        ["foo", 1, true],
        ["bar", 2, undefined],
        ["baz", 3, false],
      ],
    );
  });

  for (const [what, table, expected] of [
    [
      "a double quote in a cell without quotes",
      'tenant,userServices.2" Line\nfoo,1\n',
      '1:22 a cell that holds a double quote stands in double quotes, and each in it is doubled: "userServices.2"" Line".',
    ],
    [
      "a double quote after a row that is broken within quotes",
      'sep=,\ntenant,userServices.Fax\n"a\nb",1\nfoo, 3" x,\n',
      '5:7 a cell that holds a double quote stands in double quotes, and each in it is doubled: "3"" x".',
    ],
    [
      "text after a closing quote",
      'tenant,userServices.Fax\n"foo"bar,1\n',
      '2:5 a cell that holds a double quote stands in double quotes, and each in it is doubled: "foo""bar".',
    ],
    [
      "a first column in another case",
      "Tenant,userServices.Fax\nfoo,1\n",
      "1:1 the first column must be tenant, not Tenant: did you mean tenant?",
    ],
    [
      "a cell beyond the titles",
      "tenant,userServices.Fax\nfoo,1,,2\n",
      '2:8 tenants.foo: the cell "2" stands in a column without a title: give the column one, or remove the cell.',
    ],
    [
      "a count with a leading zero",
      "tenant,userServices.Fax\nfoo,050\n",
      '2:5 tenants.foo.userServices.Fax: must be `unlimited` or a whole number (0 = not licensed), not "050".',
    ],
  ] as const) {
    it(`names line and column, and what to write, for ${what}`, () => {
      write({ "licenses.yaml": "csv: tenants.csv\n", "tenants.csv": table });
      assert.deepEqual(load(), [`tenants.csv:${expected}`]);
    });
  }

  it("reads any table that CSV can write", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", ";", "\n", "\r\n", "\t", "é", "1") });
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(",", ";", "\t"),
        (names, delimiter) => {
          const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const table = readCsvTable(
            [
              ["tenant", ...names],
              ["foo", ...names],
            ]
              .map((row) => `${row.map(quoted).join(delimiter)}\r\n`)
              .join(""),
            "t.csv",
          );
          assert.ok("rows" in table, JSON.stringify(table));
          assert.deepEqual(
            table.rows.map(({ cells }) => cells),
            [
              ["tenant", ...names],
              ["foo", ...names],
            ],
          );
        },
      ),
      { numRuns: 300, seed: 4 },
    );
  });

  for (const [what, emptied, declares] of [
    ["an included file of no bytes", { "tenants/north.yaml": "" }, "no customer, tenant or profile"],
    ["an included file of comments", { "tenants/north.yaml": "# a: {}\n" }, "no customer, tenant or profile"],
    ["an included file with a bare tenants:", { "tenants/north.yaml": "tenants:\n" }, "no customer, tenant or profile"],
    [
      "an included file of empty maps",
      { "tenants/north.yaml": "{ customers: {}, profiles: }" },
      "no customer, tenant or profile",
    ],
    ["a table of titles alone", { "north.csv": "tenant,userServices.Fax\r\n,\r\n" }, "no tenant"],
    ["a table of delimiters alone", { "north.csv": ";;\n" }, "no tenant"],
    ["a table of no bytes", { "north.csv": "" }, "no tenant"],
  ] as const) {
    it(`refuses ${what}, beside others that declare something, unless that is allowed`, () => {
      const [[file]] = Object.entries(emptied) as [[string, string]];
      write({
        "licenses.yaml": "include: tenants/*.yaml\ncsv: '*.csv'\n",
        "tenants/north.yaml": "tenants: { a: { userServices: { Fax: 1 } } }\n",
        "tenants/south.yaml": "tenants: { b: { userServices: { Fax: 1 } } }\n",
        "north.csv": "tenant,userServices.Fax\nc,1\n",
        ...emptied,
      });
      assert.deepEqual(load(), [`${file}:1:1 declares ${declares}, ${WOULD_REMOVE}`]);
      assert.equal((load(true) as unknown[]).length, 2);
    });
  }

  it("refuses a main file that declares nothing with all that it includes, once", () => {
    const nothing = [`licenses.yaml:1:1 declares no customer and no tenant, ${WOULD_REMOVE}`];
    for (const text of [
      "",
      "# nothing\n",
      "customers: {}\ntenants:\n",
      "include:\ncsv: []\nprofiles: { p: { onDestroy: retain } }\n",
    ]) {
      write({ "licenses.yaml": text });
      assert.deepEqual(load(), nothing, text);
      assert.deepEqual(load(true), []);
    }
    write({ "licenses.yaml": "include: p.yaml\n", "p.yaml": "profiles: { p: { onDestroy: retain } }\n" });
    assert.deepEqual(load(), nothing);
    write({ "p.yaml": "tenants:\n" });
    assert.deepEqual(load(), [`p.yaml:1:1 declares no customer, tenant or profile, ${WOULD_REMOVE}`]);
    write({ "licenses.yaml": "tenant: { a: { userServices: { Fax: 1 } } }\n" });
    assert.deepEqual(load(), ["licenses.yaml:1:1 tenant: is not a part of a fleet file: did you mean tenants?"]);
  });

  for (const [title, expected] of [
    [
      "userServices.Voice\u00a0Mail",
      '"userServices.Voice\\u{a0}Mail" holds a no-break space (U+00A0): is "userServices.Voice Mail" meant?',
    ],
    [
      "userServices.Voice\u200bMail",
      '"userServices.Voice\\u{200b}Mail" holds a zero-width space (U+200B): is "userServices.VoiceMail" meant?',
    ],
    [
      "userServices.Voice\u200eMail",
      '"userServices.Voice\\u{200e}Mail" holds an invisible character (U+200E): is "userServices.VoiceMail" meant?',
    ],
    [
      "userServices.Voice\u3164Mail",
      '"userServices.Voice\\u{3164}Mail" holds an invisible character (U+3164): is "userServices.VoiceMail" meant?',
    ],
    [
      "userServices.Voice\nMail",
      '"userServices.Voice\\u{a}Mail" holds a line break (U+000A): is "userServices.Voice Mail" meant?',
    ],
    [
      "userServices.Voice  Mail",
      '"userServices.Voice \\u{20}Mail" holds two spaces in a row: is "userServices.Voice Mail" meant?',
    ],
    ["userServices. Voice Mail", '"\\u{20}Voice Mail" begins or ends with a space: is "Voice Mail" meant?'],
    ["profile\u00a0", '"profile\\u{a0}" holds a no-break space (U+00A0): is "profile" meant?'],
  ] as const) {
    it(`reports a title with white space that is hard to see once, at its cell: ${JSON.stringify(title)}`, () => {
      write({
        "licenses.yaml": "csv: tenants.csv\nprofiles: { '1': { userServices: { Fax: 1 } } }\n",
        "tenants.csv": `tenant,"${title}"\n${Array.from({ length: 50 }, (_, index) => `t${index},1\n`).join("")}`,
      });
      assert.deepEqual(load(), [`tenants.csv:1:8 the title ${expected}`]);
    });
  }

  it("reports a title that is no column once, and does not miss the services of the rows", () => {
    write({
      "licenses.yaml": "csv: tenants.csv\ntenants: { a: { userServices: { Fax: 1 } } }\n",
      "tenants.csv": "tenant,groupService.Hunt Group,Fax\na,1,2\nb,1,\n",
    });
    assert.deepEqual(load(), [
      "tenants.csv:1:8 groupService.Hunt Group: is not a column of tenants: a service is written groupServices.… or userServices.….",
      "tenants.csv:1:32 Fax: is not a column of tenants: a service is written groupServices.… or userServices.….",
    ]);
  });

  it("takes several profiles in a cell, of which the last wins, and refuses each unknown one by its name", () => {
    write({
      "licenses.yaml":
        "csv: tenants.csv\nprofiles:\n  a: { userServices: { Fax: 1, Mail: 1 } }\n  b: { userServices: { Fax: 2 } }\n",
      "tenants.csv": 'tenant,profile\nt1,"a,b"\nt2,"[b, a]"\nt3,[b]\nt4,a; b\n',
    });
    assert.deepEqual(load(), [
      ["t1", { Fax: 2, Mail: 1 }],
      ["t2", { Fax: 1, Mail: 1 }],
      ["t3", { Fax: 2 }],
      ["t4", { Fax: 2, Mail: 1 }],
    ]);
    write({ "tenants.csv": 'tenant,profile\nt1,"a,bb"\nt2,"[]"\n' });
    assert.deepEqual(load(), [
      'tenants.csv:2:4 tenants.t1.profile: there is no profile "bb": did you mean b or a?',
      'tenants.csv:3:4 tenants.t2.profile: there is no profile "[]": did you mean a or b?',
    ]);
  });

  it("says of a cell that stands for none that an empty one declares nothing", () => {
    write({
      "licenses.yaml": "csv: tenants.csv\n",
      "tenants.csv": "tenant,userServices.Fax\na,-\nb,n/a\nc,#NV\n",
    });
    const none = "must be `unlimited` or a whole number (0 = not licensed), not";
    assert.deepEqual(load(), [
      `tenants.csv:2:3 tenants.a.userServices.Fax: ${none} "-". An empty cell declares nothing.`,
      `tenants.csv:3:3 tenants.b.userServices.Fax: ${none} "n/a". An empty cell declares nothing.`,
      `tenants.csv:4:3 tenants.c.userServices.Fax: ${none} "#NV". An empty cell declares nothing.`,
    ]);
  });

  it("shows what was read of a refused cell, with what cannot be seen in it escaped", () => {
    write({
      "licenses.yaml": "csv: tenants.csv\nprofiles: { base: { userServices: { Fax: 1 } } }\n",
      "tenants.csv":
        'tenant,profile,userServices.Fax,onDestroy\na,"base\u00a0",,\nb,,"50\u00a0",\nc,,Unlimited\u200b,\nd,base,,re\u00adtain\n',
    });
    assert.deepEqual(load(), [
      'tenants.csv:2:3 tenants.a.profile: there is no profile "base\\u{a0}": did you mean base?',
      'tenants.csv:3:4 tenants.b.userServices.Fax: must be `unlimited` or a whole number (0 = not licensed), not "50\\u{a0}": did you mean 50?',
      'tenants.csv:4:4 tenants.c.userServices.Fax: must be `unlimited` or a whole number (0 = not licensed), not "Unlimited\\u{200b}": did you mean unlimited? An empty cell declares nothing.',
      'tenants.csv:5:9 tenants.d.onDestroy: must be retain, unlicense or restore, not "re\\u{ad}tain": did you mean retain?',
    ]);
  });

  for (const [marker, lines] of [
    ["<<<<<<< HEAD\n=======\n>>>>>>> north\n", "lines 2, 3, 4"],
    ["<<<<<<< HEAD\r\n||||||| base\r\n=======\r\n>>>>>>> north\r\n", "lines 2, 3, 4, 5"],
    ["=======\n", "line 2"],
    [">>>>>>> north\n", "line 2"],
  ] as const) {
    const conflict = `a merge conflict is left here (${lines}): keep what is right of both sides, and remove these lines.`;

    it(`says that a merge conflict is left in any source, alone, at ${JSON.stringify(marker)}`, () => {
      write({
        "licenses.yaml": "include: north.yaml\ncsv: north.csv\n",
        "north.yaml": `tenants:\n${marker}  a: { userServices: { Fax: 1 } }\n`,
        "north.csv": `tenant,userServices.Fax\n${marker}b,1\n`,
      });
      assert.deepEqual(load(), [`north.csv:2:1 ${conflict}`, `north.yaml:2:1 ${conflict}`]);
      write({ "licenses.yaml": `tenants:\n${marker}  a: { userServices: { Fax: 1 } }\n` });
      assert.deepEqual(load(), [`licenses.yaml:2:1 ${conflict}`]);
    });
  }

  it("says that a merge conflict is left in a table that a spreadsheet has saved since", () => {
    write({
      "licenses.yaml": "csv: north.csv\n",
      "north.csv": 'tenant;profile\n"<<<<<<< HEAD";\na;p\n=======;\n>>>>>>> north;\n',
    });
    assert.match(String(load()), /^north.csv:2:1 a merge conflict is left here \(lines 2, 4, 5\)/);
  });

  for (const [what, content, problem] of [
    [
      "an .xlsx workbook",
      "PK\x03\x04\x14\0\x06\0",
      /is a spreadsheet \(such as \.xlsx or \.ods\) or another zip archive: save the sheet as CSV/,
    ],
    [
      "an .xls workbook",
      "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0",
      /is an Excel workbook of the old form \(\.xls\): save the sheet as CSV/,
    ],
    ["UTF-16 with its mark", "\xff\xfet\0e\0", /is not text in UTF-8 but in UTF-16: save it as UTF-8/],
    ["UTF-16 without its mark", "\0t\0e", /is not text in UTF-8 but in UTF-16: save it as UTF-8/],
    ["Latin-1", "tenant,profile\nM\xfcller,p\n", /is not text in UTF-8: save it as such/],
  ] as const) {
    it(`names ${what} as what it is, as a table and as an included file`, () => {
      write({ "licenses.yaml": "csv: north.csv\ninclude: north.yaml\n" });
      for (const name of ["north.csv", "north.yaml"]) {
        writeFileSync(path.join(folder, name), Buffer.from(content, "latin1"));
      }
      const [table, part] = load() as string[];
      assert.match(table!, /^licenses\.yaml:1:1 csv: north\.csv is /);
      assert.match(part!, /^licenses\.yaml:2:1 include: north\.yaml is /);
      assert.match(table!, problem);
      assert.match(part!, problem);
    });
  }

  for (const [what, content, problem] of [
    [
      "a Git LFS pointer",
      "version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
      "a Git LFS pointer, not the file that it stands for: run `git lfs pull`.",
    ],
    ...["\ufeff\n<!DOCTYPE html>\n<html>", "<table><tr><td>tenant", '<?xml version="1.0"?>'].map(
      (text) =>
        [
          `a web page that begins with ${JSON.stringify(text)}`,
          text,
          "a web page (HTML) or XML, whatever its name ends in: download the file itself, or save it as CSV.",
        ] as const,
    ),
  ] as const) {
    it(`names ${what} as what it is, in any source`, () => {
      write({ "licenses.yaml": "csv: north.csv\ninclude: north.yaml\n", "north.csv": content, "north.yaml": content });
      assert.deepEqual(load(), [`north.csv:1:1 this is ${problem}`, `north.yaml:1:1 this is ${problem}`]);
      write({ "licenses.yaml": content });
      assert.deepEqual(load(), [`licenses.yaml:1:1 this is ${problem}`]);
    });
  }

  for (const [pattern, expected] of [
    ["tenants\\*.yaml", '"tenants\\*.yaml": write paths with /: tenants/*.yaml.'],
    ["tenants/", '"tenants/" is a directory: write tenants/*.yaml.'],
    ["tenants", '"tenants" is a directory: write tenants/*.yaml.'],
    [
      "tenants/*.yaml",
      '"tenants/*.yaml" matches no file; paths start at the directory of this file: did you mean tenants/*.yml?',
    ],
    [
      "tenants/nort.yml",
      '"tenants/nort.yml" matches no file; paths start at the directory of this file: did you mean tenants/north.yml?',
    ],
    ["south/*.yaml", '"south/*.yaml" matches no file; paths start at the directory of this file.'],
  ] as const) {
    it(`says what to write in place of include: ${pattern}`, () => {
      write({ "licenses.yaml": `include: ${pattern}\n`, "tenants/north.yml": "tenants: {}\n" });
      assert.deepEqual(load(), [`licenses.yaml:1:1 include: ${expected}`]);
    });
  }
});
