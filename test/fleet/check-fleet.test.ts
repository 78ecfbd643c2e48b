import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { checkFleet } from "../../fleet/check-fleet";
import { UNKNOWN_VALUE } from "../../provider/resource/unknowns";
import { mistakeLines } from "../../fleet/mistake";
import { APP_ID, customer, fleetOf, GUID, linesOf, tenant } from "./fleets";

describe("what a fleet file may say", () => {
  it("the fleet of the repository's root", () => {
    const text = readFileSync(path.resolve(__dirname, "../../licenses.yaml"), "utf8");
    assert.deepEqual(fleetOf(text), {
      customers: [
        {
          name: "contoso",
          inputs: { customerGuid: GUID, licenseType: "OcPro", licensedUsersCount: 50, applicationClientId: APP_ID },
          secretKey: "contosoAppSecret",
        },
      ],
      tenants: [
        {
          name: "foo",
          inputs: {
            tenantId: "foo",
            services: {
              groupServices: new Map<string, unknown>([
                ["Call Pickup", 5],
                ["Hunt Group", "unlimited"],
              ]),
              userServices: new Map([
                ["Anonymous Call Rejection", 0],
                ["Call Forwarding Busy", 7],
              ]),
            },
          },
        },
      ],
    });
  });

  it("every input of a customer", () => {
    const [declared] = fleetOf(
      customer(
        `applicationClientId: ${APP_ID}`,
        "applicationClientSecret:",
        "  config: fabrikam.secret-1",
        "resendSecret: 2026-11-23",
        "customerFullName: Fabrikam, Inc.",
        "onDestroy: downgrade",
        "taskTimeout: 90s",
        "allowBelowUse: true",
      ),
    ).customers;
    assert.deepEqual(declared, {
      name: "contoso",
      secretKey: "fabrikam.secret-1",
      inputs: {
        customerGuid: GUID,
        licenseType: "OcPro",
        licensedUsersCount: 50,
        applicationClientId: APP_ID,
        resendSecret: "2026-11-23",
        customerFullName: "Fabrikam, Inc.",
        onDestroy: "downgrade",
        taskTimeout: "90s",
        allowBelowUse: true,
      },
    });
  });

  it("every input of a tenant, and an allocation in each of its forms", () => {
    const [declared] = fleetOf(
      tenant(
        "tenantId: bar",
        "groupServices: { A: unlimited, B: { unlimited: true }, C: { unlimited: false, maximum: 3 }, D: 0, 'E': \"unlimited\" }",
        "userServices:",
        "  - name: 3G/4G Continuity",
        "    allocated: { unlimited: false, maximum: 4 }",
        "  - { allocated: 5, name: F }",
        "onServiceRemoved: restore",
        "onDestroy: unlicense",
        "allowBelowUse: true",
        "allowUnlisted: false",
      ),
    ).tenants;
    assert.deepEqual(declared, {
      name: "foo",
      inputs: {
        tenantId: "bar",
        onServiceRemoved: "restore",
        onDestroy: "unlicense",
        allowBelowUse: true,
        allowUnlisted: false,
        services: {
          groupServices: new Map<string, unknown>([
            ["A", "unlimited"],
            ["B", "unlimited"],
            ["C", 3],
            ["D", 0],
            ["E", "unlimited"],
          ]),
          userServices: new Map([
            ["3G/4G Continuity", 4],
            ["F", 5],
          ]),
        },
      },
    });
  });

  for (const text of [
    "",
    "# nothing yet\n",
    "---\n",
    "{}",
    "customers:\ntenants:\n",
    "customers: {}\n",
    "---\ntenants:\n  # foo:\n...\n",
  ]) {
    it(`nothing: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(fleetOf(text), { customers: [], tenants: [] });
    });
  }

  it("JSON, and lines that end as on Windows", () => {
    assert.equal(fleetOf(JSON.stringify({ tenants: { foo: { groupServices: { A: 1 } } } })).tenants.length, 1);
    assert.equal(fleetOf(customer().replaceAll("\n", "\r\n")).customers.length, 1);
  });

  it("anchors, aliases and merge keys: the map's own keys win, then the first of the merged", () => {
    const { tenants } = fleetOf(
      [
        "tenants:",
        "  foo: &foo",
        "    groupServices: &group { A: 1, B: 2 }",
        "    onDestroy: restore",
        "  bar:",
        "    <<: *foo",
        "    onDestroy: unlicense",
        "    userServices: *group",
        "  baz:",
        "    groupServices: { <<: [{ A: 8, C: 3 }, *group], B: 9 }",
        "  quoted:",
        '    groupServices: { "<<": 1 }',
      ].join("\n"),
    );
    assert.deepEqual(
      tenants.map(({ inputs: { services, onDestroy } }) => [
        Object.fromEntries(services.groupServices),
        Object.fromEntries(services.userServices),
        onDestroy,
      ]),
      [
        [{ A: 1, B: 2 }, {}, "restore"],
        [{ A: 1, B: 2 }, { A: 1, B: 2 }, "unlicense"],
        [{ A: 8, B: 9, C: 3 }, {}, undefined],
        [{ "<<": 1 }, {}, undefined],
      ],
    );
  });

  it("keys that are not to be trusted as properties", () => {
    const { tenants } = fleetOf("tenants:\n  __proto__: { groupServices: { constructor: 1, valueOf: 2 } }\n");
    assert.equal(tenants[0]?.name, "__proto__");
    assert.deepEqual([...tenants[0].inputs.services.groupServices.keys()], ["constructor", "valueOf"]);
  });

  it("one tenant in two parts, with different services", () => {
    const text =
      "tenants:\n  foo: { groupServices: { A: 1 } }\n  more: { tenantId: foo, userServices: { A: 1 }, groupServices: { B: 2 } }\n";
    assert.equal(fleetOf(text).tenants.length, 2);
  });
});

/** A text, and all that is told about it. */
type Row = readonly [what: string, text: string, ...lines: string[]];

const TYPES = "must be HostedEssentialsPlus, HostedPro, OcEssentialPlus, OcPro, or the API's number 1, 2, 4 or 5";
const ALLOCATION = "must be `unlimited` or a whole number (0 = not licensed)";
const COLON = 'a name that holds a colon needs quotes, as in "Call Center: Standard": 5, and so does a value.';
const TAGS = "tags are not supported here: write the value without it; a text that begins with ! needs quotes.";
const SET = "run `pulumi config set --secret voice-licenses:contosoAppSecret` and enter it there";
const WRITE = `${SET}, and write { config: contosoAppSecret } here.`;

const MISTAKES: readonly Row[] = [
  [
    "a count that is too small",
    customer().replace("50", "0"),
    "5:5 customers.contoso.licensedUsersCount: must be 1 or more, not 0.",
  ],
  [
    "a count in quotes",
    customer().replace("50", '"50"'),
    '5:5 customers.contoso.licensedUsersCount: must be a whole number, 1 or more, not "50": write it as a number, without quotes.',
  ],
  [
    "a count that is null",
    customer().replace("50", "null"),
    '5:5 customers.contoso.licensedUsersCount: must be a whole number, 1 or more, not "null".',
  ],
  [
    "a count that is no number",
    customer().replace("50", "1_000"),
    '5:5 customers.contoso.licensedUsersCount: must be a whole number, 1 or more, not "1_000".',
  ],
  [
    "a count that is not there",
    customer().replace("50", ""),
    "5:5 customers.contoso.licensedUsersCount: is empty: give a value, or take the line out.",
  ],
  [
    "a licence that there is not",
    customer().replace("OcPro", "Pro"),
    `4:5 customers.contoso.licenseType: ${TYPES}, not "Pro": did you mean OcPro?`,
  ],
  [
    "a licence by a number that cannot be declared",
    customer().replace("OcPro", "3"),
    `4:5 customers.contoso.licenseType: ${TYPES}, not 3.`,
  ],
  [
    "a GUID that is none, a flag that is none, a map in place of a text",
    customer("allowBelowUse: yes", "customerFullName: { a: 1 }").replace(GUID, "contoso"),
    '3:5 customers.contoso.customerGuid: must be a UUID such as d5253892-1c1e-4b23-89d7-29d86734c31b, not "contoso".',
    '6:5 customers.contoso.allowBelowUse: must be true or false, not "yes".',
    "7:5 customers.contoso.customerFullName: must be a string, not { a: 1 }.",
  ],
  [
    "everything missing",
    "customers:\n  contoso:\n",
    "2:3 customers.contoso.customerGuid: is missing.",
    "2:3 customers.contoso.licenseType: is missing.",
    "2:3 customers.contoso.licensedUsersCount: is missing.",
  ],
  [
    "a misspelt input, told once",
    customer().replace("licenseType", "licenceType"),
    "4:5 customers.contoso.licenceType: is not an input of a customer: did you mean licenseType?",
  ],
  [
    "an input of the other resource",
    customer("allowUnlisted: true"),
    "6:5 customers.contoso.allowUnlisted: is not an input of a customer.",
  ],
  [
    "unknown parts of the file",
    "tennants: {}\nversion: 1\n",
    "1:1 tennants: is not a part of a fleet file: did you mean tenants?",
    "2:1 version: is not a part of a fleet file.",
  ],
  ["a list at the top", "- a\n", "1:1 must be a map with customers and tenants."],
  ["a text at the top", "customers\n", "1:1 must be a map with customers and tenants."],
  ["a list of customers", "customers: [a]\n", "1:1 customers: must be a map from a resource's name to its inputs."],
  [
    "a customer that is a number",
    "customers:\n  contoso: 5\n",
    "2:3 customers.contoso: must be a map of inputs of a customer, such as customerGuid.",
  ],
  [
    "a nameless resource",
    'tenants:\n  "": { tenantId: foo, groupServices: { A: 1 } }\n',
    `2:3 tenants."": a resource's name must not be empty.`,
  ],
  [
    "a name with a bell in it",
    'tenants:\n  "a\\ab": { tenantId: foo, groupServices: { A: 1 } }\n',
    `2:3 tenants."a\\u{7}b": a resource's name must not hold control characters.`,
  ],
  [
    "one half of an App Registration",
    customer(`applicationClientId: ${APP_ID}`),
    "6:5 customers.contoso.applicationClientId: applicationClientId and applicationClientSecret go together: add the secret or remove the id.",
  ],
  [
    "its other half",
    customer("applicationClientSecret: { config: contosoAppSecret }"),
    "2:3 customers.contoso.applicationClientId: applicationClientId and applicationClientSecret go together: add the id or remove the secret.",
  ],
  [
    "two customers with one GUID, in another case",
    `${customer()}  fabrikam:\n    customerGuid: ${GUID.toUpperCase()}\n    licenseType: 4\n    licensedUsersCount: 1\n`,
    "7:5 customers.fabrikam.customerGuid: is already declared by customers.contoso.customerGuid on line 3: keep one of the two.",
  ],
  [
    "a customer twice",
    "tenants:\n  foo: { groupServices: { A: 1 } }\n  foo: { groupServices: { B: 1 } }\n",
    "3:3 tenants.foo: is here twice, the first time on line 2: keep one of the two.",
  ],
  [
    "a service twice in a map, written in two ways",
    tenant("groupServices:", "  Hunt Group: 1", '  "Hunt Group": 2'),
    "5:7 tenants.foo.groupServices.Hunt Group: is here twice, the first time on line 4: keep one of the two.",
  ],
  [
    "a service twice in a list",
    tenant("groupServices:", "  - { name: Hunt Group, allocated: 1 }", "  - { name: Hunt Group, allocated: 2 }"),
    "5:9 tenants.foo.groupServices.Hunt Group: the service is named twice: keep one of the two.",
  ],
  [
    "a service of one tenant in two entries",
    "tenants:\n  foo: { groupServices: { A: 1 } }\n  more: { tenantId: foo, groupServices: { A: 1 } }\n",
    "3:43 tenants.more.groupServices.A: is already declared by tenants.foo.groupServices.A on line 2: keep one of the two.",
  ],
  [
    "allocations that are none",
    tenant("groupServices:", "  A: unlimitd", "  B: -1", "  C: 1.5", "  D: { unlimited: false }", "  E:", '  F: "5"'),
    `4:7 tenants.foo.groupServices.A: ${ALLOCATION}, not "unlimitd": did you mean unlimited?`,
    `5:7 tenants.foo.groupServices.B: ${ALLOCATION}, not -1.`,
    `6:7 tenants.foo.groupServices.C: ${ALLOCATION}, not 1.5.`,
    `7:7 tenants.foo.groupServices.D: ${ALLOCATION}, not { unlimited: false }.`,
    "8:7 tenants.foo.groupServices.E: is empty: give a value, or take the line out.",
    `9:7 tenants.foo.groupServices.F: ${ALLOCATION}, not "5": write it as a number, without quotes.`,
  ],
  [
    "services whose names begin alike",
    tenant("groupServices: { A: 1, 'A: B': x, 'A: B: C': y }"),
    `3:28 tenants.foo.groupServices.A: B: ${ALLOCATION}, not "x".`,
    `3:39 tenants.foo.groupServices.A: B: C: ${ALLOCATION}, not "y".`,
  ],
  [
    "names that no service has",
    tenant("groupServices:", '  " ": 1', '  "a\\nb": 1', "  __proto__: 1"),
    `4:7 tenants.foo.groupServices."\\u{20}": a service's name must not be empty.`,
    `5:7 tenants.foo.groupServices."a\\u{a}b": a service's name must not hold control characters.`,
    "6:7 tenants.foo.groupServices.__proto__: Pulumi cannot carry a service of this name: remove it from the maps.",
  ],
  [
    "a list of something else",
    tenant("groupServices:", "  - { nme: A, allocated: 1 }", "  - A"),
    "4:9 tenants.foo.groupServices[0]: must be {name, allocated}.",
    "4:11 tenants.foo.groupServices[0].nme: is not a part of {name, allocated}: did you mean name?",
    '5:9 tenants.foo.groupServices[1]: must be {name, allocated}, not "A".',
  ],
  [
    "services that are a number",
    tenant("userServices: 5"),
    "3:5 tenants.foo.userServices: must be a map from service name to allocation, or the API's list of {name, allocated}, not 5.",
  ],
  [
    "no service at all",
    tenant("groupServices:", "userServices: {}"),
    "3:5 tenants.foo.groupServices: name at least one service in groupServices or userServices.",
  ],
  [
    "a name that cannot be the tenant's id",
    "tenants:\n  a/b: { groupServices: { A: 1 } }\n",
    `2:3 tenants.a/b.tenantId: must be a tenant's id: 1 to 255 characters without / \\ ? # % or control characters, not "a/b". The resource's name cannot stand for it: give tenantId.`,
  ],
  [
    "tenantId that is empty",
    tenant("tenantId:", "groupServices: { A: 1 }"),
    "3:5 tenants.foo.tenantId: is empty: give a value, or take the line out.",
  ],
  [
    "a list with things missing",
    tenant("userServices:", "  - { name: , allocated: 1 }", "  - { name: A, allocated: }", "  - !!binary aGk="),
    "4:11 tenants.foo.userServices[0].name: is empty: give a value, or take the line out.",
    "5:20 tenants.foo.userServices[1].allocated: is empty: give a value, or take the line out.",
    `6:18 tenants.foo.userServices[2]: ${TAGS}`,
  ],
  [
    "what Pulumi writes for what is not known yet",
    tenant(`groupServices: { A: ${UNKNOWN_VALUE} }`),
    "3:22 tenants.foo.groupServices.A: this is what Pulumi itself writes for a value that is not known yet: write the value.",
  ],
  [
    "an unknown policy",
    tenant("groupServices: { A: 1 }", "onDestroy: restor"),
    '4:5 tenants.foo.onDestroy: must be retain, unlicense or restore, not "restor": did you mean restore?',
  ],
  [
    "the secret itself",
    customer(`applicationClientId: ${APP_ID}`, "applicationClientSecret: s3cr3t"),
    `7:5 customers.contoso.applicationClientSecret: the secret itself must not be in this file: ${WRITE}`,
  ],
  [
    "a secret that Pulumi has encrypted",
    customer(`applicationClientId: ${APP_ID}`, "applicationClientSecret: { secure: s3cr3t }"),
    `7:5 customers.contoso.applicationClientSecret: must be { config: <key> }: ${WRITE}`,
  ],
  [
    "a secret in place of its key",
    customer(`applicationClientId: ${APP_ID}`, "applicationClientSecret: { config: s3cr3t~s3cr3t }"),
    "7:5 customers.contoso.applicationClientSecret: config must be a key without voice-licenses: before it, made of letters, digits, _ . and -.",
  ],
  [
    "a secret that begins as an alias does, or a tag",
    customer(`applicationClientId: ${APP_ID}`, "applicationClientSecret: *s3cr3t", "customerFullName: !s3cr3t a"),
    "7:5 customers.contoso.applicationClientSecret: this alias stands for nothing, because no anchor of its name comes before it; a text that begins with * needs quotes.",
    "8:5 customers.contoso.customerFullName: tags are not supported here: write the value without it; a text that begins with ! needs quotes.",
  ],
  [
    "tags",
    tenant(
      "groupServices: { A: !!binary aGk=, B: !!int 5, C: !!map { unlimited: true } }",
      "userServices: !!omap [a: 1]",
    ),
    `3:22 tenants.foo.groupServices.A: ${TAGS}`,
    `3:40 tenants.foo.groupServices.B: ${TAGS}`,
    `4:5 tenants.foo.userServices: ${TAGS}`,
  ],
  [
    "an alias to what it is part of",
    "customers: &a\n  contoso: *a\n",
    "2:3 customers.contoso: this alias stands for something that it is a part of.",
  ],
  [
    "a merge of something else",
    tenant("<<: 5", "groupServices: { A: 1 }"),
    "3:5 tenants.foo.<<: takes a map, or a list of maps, such as *contoso.",
  ],
  [
    "a second document",
    "tenants: {}\n---\ntenants: {}\n",
    "2:1 a second document begins here: keep one, without `---` between two.",
  ],
  ["a key that is a list", "? [a]\n: 1\n", "1:3 expected `name: value`, found a list or map in place of the name."],
  [
    "what is not YAML: the first mistake alone, without the text",
    "tenants:\n  foo: { a: 1\n  b: c: d\n\tx: |s3cr3t\n",
    "3:3 a { or [ before this line is not closed, or this line is not indented below it.",
  ],
  [
    "UUIDs as consoles show them",
    `customers:
  a: { customerGuid: {D5253892-1C1E-4B23-89D7-29D86734C31B}, licenseType: OcPro, licensedUsersCount: 050 }
  b: { customerGuid: "{1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601}", licenseType: OcPro, licensedUsersCount: 0 }
  c: { customerGuid: 2f0a9c446b1d4e0ab7c52d94f3a8e602, licenseType: OcPro, licensedUsersCount: "5" }
  d: { customerGuid: "'3f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e603'", licenseType: 05, licensedUsersCount: 1 }
`,
    "2:8 customers.a.customerGuid: must be without braces: d5253892-1c1e-4b23-89d7-29d86734c31b.",
    "2:82 customers.a.licensedUsersCount: must be written without a leading zero: 50.",
    '3:8 customers.b.customerGuid: must be without braces, not "{1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601}": 1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601.',
    "3:84 customers.b.licensedUsersCount: must be 1 or more, not 0.",
    '4:8 customers.c.customerGuid: must be written with hyphens, not "2f0a9c446b1d4e0ab7c52d94f3a8e602": 2f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e602.',
    '4:76 customers.c.licensedUsersCount: must be a whole number, 1 or more, not "5": write it as a number, without quotes.',
    `5:8 customers.d.customerGuid: must be the UUID alone, not "'3f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e603'": 3f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e603.`,
    "5:64 customers.d.licenseType: must be written without a leading zero: 5.",
  ],
  [
    "a tab",
    "tenants:\n  foo:\n    groupServices:\n\t  Fax: 1\n\t  Fax2: 1\n      X: 1\n",
    "4:1 a tab stands here: YAML is indented with spaces only.",
  ],
  [
    "a missing colon",
    "tenants:\n  foo\n    userServices: {}\n",
    "2:3 expected `name: value`; is a colon or the space after it missing?",
  ],
  [
    "a missing space after a colon",
    "tenants:\n  foo:\n    tenantId:bar\n    userServices: {}\n",
    "3:5 expected `name: value`; is a colon or the space after it missing?",
  ],
  [
    "a no-break space after a colon",
    "tenants:\n  foo:\n    tenantId:\u00a0bar\n    userServices: {}\n",
    "3:14 a no-break space (U+00A0) stands here: replace it with an ordinary space.",
  ],
  [
    "a no-break space in a name",
    "tenants:\n  foo:\n    userServices\u00a0: { Fax: 1 }\n",
    '3:5 tenants.foo."userServices\\u{a0}": a no-break space (U+00A0) stands here: replace it with an ordinary space.',
  ],
  [
    "no-break spaces in place of the indentation",
    "tenants:\n\u00a0\u00a0foo: { userServices: { Fax: 1 } }\n",
    '2:1 "\\u{a0}\\u{a0}foo": a no-break space (U+00A0) stands here: replace it with an ordinary space.',
  ],
  [
    "a no-break space after the colon of a service",
    "tenants:\n  foo:\n    userServices:\n      Fax:\u00a01\n",
    "3:5 tenants.foo.userServices: a no-break space (U+00A0) stands here: replace it with an ordinary space.",
  ],
  [
    "a missing space after the colon of a service",
    "tenants:\n  foo:\n    userServices:\n      Fax:1\n",
    "3:5 tenants.foo.userServices: expected `name: value`; is the space after the colon missing?",
  ],
  [
    "a missing space after a colon within braces",
    "tenants:\n  foo: { userServices: { Fax:1 } }\n",
    "2:26 tenants.foo.userServices.Fax:1: expected `name: value`; is the space after the colon missing?",
  ],
  [
    "a missing space after the colon of a tenant's only input",
    "tenants:\n  foo:\n    profile:standard\n",
    "2:3 tenants.foo: expected `name: value`; is the space after the colon missing?",
  ],
  [
    "two values on one line",
    "tenants: foo: 5\n",
    `1:10 a second \`name: value\` on one line: put it on its own line; ${COLON}`,
  ],
  [
    "a service whose name holds a colon, without quotes",
    tenant("userServices:", "  Call Center: Standard: 5"),
    `4:20 a second \`name: value\` on one line: put it on its own line; ${COLON}`,
  ],
  [
    "the same within braces",
    tenant("userServices: { Call Center: Standard: 5 }"),
    `3:34 inside { } and [ ] lists and maps are written with commas; ${COLON}`,
  ],
  [
    "a second document",
    "tenants: {}\n---\ntenants: {}\n",
    "2:1 a second document begins here: keep one, without `---` between two.",
  ],
  [
    "a quote that is not closed",
    'tenants:\n  foo: "a\n',
    "3:1 a closing quote, bracket, comma or space is missing before this place.",
  ],
];

const GOOD = `${customer(
  `applicationClientId: ${APP_ID}`,
  "applicationClientSecret: { config: contosoAppSecret }",
  "taskTimeout: 90s",
)}${tenant("groupServices: &a { Hunt Group: unlimited, Call Pickup: { unlimited: false, maximum: 5 } }", "userServices:", "  - { name: Call Waiting, allocated: 5 }")}`;

describe("what is wrong with a fleet file", () => {
  for (const [what, text, ...expected] of MISTAKES) {
    it(what, () => {
      const lines = linesOf(text);
      assert.deepEqual(
        lines,
        expected.map((line) => `licenses.yaml:${line}`),
      );
      assert.doesNotMatch(lines.join("\n"), /s3cr3t/);
    });
  }

  it("a key that is missing or no secret in the stack's configuration, where somebody can tell", () => {
    const text = customer(`applicationClientId: ${APP_ID}`, "applicationClientSecret: { config: contosoAppSecret }");
    const at = "licenses.yaml:7:5 customers.contoso.applicationClientSecret:";
    assert.deepEqual(linesOf(text), []);
    assert.deepEqual(
      linesOf(text, () => "secret"),
      [],
    );
    assert.deepEqual(
      linesOf(text, (key) => (key === "contosoAppSecret" ? "missing" : "secret")),
      [`${at} voice-licenses:contosoAppSecret is not in the stack's configuration: ${SET}.`],
    );
    assert.deepEqual(
      linesOf(text, () => "plain"),
      [
        `${at} voice-licenses:contosoAppSecret is in the stack's configuration, but not as a secret, so it lies there in clear text: ${SET}.`,
      ],
    );
  });

  it("proposes a key made of the resource's name", () => {
    const text = customer("applicationClientSecret: x").replace("contoso:", "Fabrikam (EU):");
    assert.match(linesOf(text)[1] ?? "", /--secret voice-licenses:Fabrikam-EUAppSecret`/);
  });

  it("in the order of the file, also where they were found in another", () => {
    const text = `${tenant("groupServices: { A: x }")}${customer().replace("50", "0")}nothing: 1\n`;
    assert.deepEqual(
      linesOf(text).map((line) => line.split(" ")[0]),
      ["licenses.yaml:3:22", "licenses.yaml:8:5", "licenses.yaml:9:1"],
    );
  });

  it("a mistake in something shared is told for each that shares it, and a long name is cut", () => {
    const long = "x".repeat(150);
    const text = `tenants:\n  a: &a { groupServices: { ${long}: -1 } }\n  b: *a\n`;
    assert.deepEqual(
      linesOf(text).map((line) => line.split(":").slice(1, 3).join(":")),
      ["a", "b"].map((name) => `2:28 tenants.${name}.groupServices.${"x".repeat(100)}…`),
    );
  });

  it("service names that Pulumi cannot carry, in any form", () => {
    for (const name of ["__proto__", "4dabf18193072939515e22adb298388d"]) {
      const refused = `tenants.foo.groupServices`;
      assert.deepEqual(linesOf(tenant(`groupServices: { ${name}: 1 }`)), [
        `licenses.yaml:3:22 ${refused}.${name}: Pulumi cannot carry a service of this name: remove it from the maps.`,
      ]);
      assert.deepEqual(linesOf(tenant(`groupServices: [{ name: ${name}, allocated: 1 }]`)), [
        `licenses.yaml:3:21 ${refused}.${name}: Pulumi cannot carry a service of this name: remove it from the maps.`,
      ]);
    }
  });

  const fold = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join("\n");

  for (const [where, text] of [
    [
      "customers",
      `customers:\n  b0: &b0 { x: 1 }\n${fold(60, (i) => `  b${i + 1}: &b${i + 1} { customerGuid: [*b${i}, *b${i}] }`)}`,
    ],
    [
      "services",
      `tenants:\n  foo:\n   groupServices:\n    s0: &s0 {}\n${fold(60, (i) => `    s${i + 1}: &s${i + 1} { a: *s${i}, b: *s${i} }`)}`,
    ],
    [
      "profiles",
      `profiles:\n  a0: &a0 [x,x,x,x,x,x,x,x,x]\n${fold(9, (i) => `  a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(",")}]`)}`,
    ],
    ["a key of no meaning", `x0: &x0 [a,a]\n${fold(60, (i) => `x${i + 1}: &x${i + 1} [*x${i}, *x${i}]`)}`],
    ["merge keys", `x: &x {${fold(2000, (i) => ` k${i}: 1,`)}}\ny:\n  <<: [${"*x,".repeat(5000)}]`],
  ] as const) {
    it(`refuses aliases that stand for too many values at once, under ${where}`, () => {
      const before = process.cpuUsage();
      const lines = linesOf(text);
      assert.ok(process.cpuUsage(before).user < 2_000_000);
      assert.equal(
        lines.filter((line) => line.includes("the aliases of this file stand for too many values")).length,
        1,
      );
    });
  }

  it("takes as many aliases as a large fleet needs", () => {
    const services = fold(100, (i) => `    S${i}: 1`);
    const text = `profiles:\n  p: &p\n    userServices: &s\n${services.replaceAll(/^/gm, "  ")}\ntenants:\n${fold(2000, (i) => `  t${i}: { userServices: *s }`)}`;
    const checked = checkFleet(text);
    assert.ok("fleet" in checked, JSON.stringify(checked).slice(0, 500));
    assert.equal(checked.fleet.tenants.length, 2000);
  });

  for (const [what, text] of [
    ["brackets", `customers: ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["brackets that are not closed", `customers: ${"[".repeat(20_000)}`],
    ["braces", "a: {".repeat(20_000)],
    ["dashes", `customers:\n  ${"- ".repeat(20_000)}x`],
    ["question marks", `${"? ".repeat(20_000)}x`],
    ["indentation", fold(3000, (i) => `${" ".repeat(i)}a:`)],
    ["aliases", `profiles:\n${fold(3000, (i) => `  a${i}: &a${i} { b: ${i === 0 ? "1" : `*a${i - 1}`} }`)}`],
  ] as const) {
    it(`refuses deep nesting at once, by ${what}`, () => {
      const before = process.cpuUsage();
      const lines = linesOf(text);
      assert.ok(process.cpuUsage(before).user < 2_000_000);
      assert.equal(
        lines.filter((line) => line.endsWith("lists and maps are nested too deeply here: at most 100 levels are read."))
          .length,
        1,
      );
    });
  }

  it("never throws, and always tells something where it refuses", () => {
    const words = "customers tenants contoso customerGuid licenseType groupServices config name allocated unlimited";
    const signs = [
      ": ",
      ":",
      "- ",
      "? ",
      "{",
      "}",
      "[",
      "]",
      ",",
      "\n",
      "\n  ",
      "\n    ",
      "\t",
      "|",
      ">",
      "'",
      '"',
      "#",
      "%",
      "---",
    ];
    const others = ["&a ", "*a", "<<: *a", "!!set ", "!x ", "~", "5", "", "__proto__", UNKNOWN_VALUE];
    const piece = fc.constantFrom(...words.split(" "), ...signs, ...others);
    const pieces = fc.array(piece, { maxLength: 40 }).map((all) => all.join(""));
    // A good file, of which some words are put in place of others.
    const good = GOOD.split(/\b/);
    const edits = fc.array(fc.tuple(fc.nat(good.length - 1), fc.oneof(piece, fc.constantFrom(...good))), {
      maxLength: 4,
    });
    const spoilt = edits.map((changes) => {
      const at = new Map(changes);
      return good.map((word, index) => at.get(index) ?? word).join("");
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), pieces, spoilt), (text) => {
        const checked = checkFleet(text);
        if ("mistakes" in checked) {
          assert.ok(checked.mistakes.length > 0);
          for (const line of mistakeLines("f", checked.mistakes)) {
            assert.match(line, /^(?:f:\d+:\d+ \S|… and \d+ more$)/);
            assert.doesNotMatch(line, /\p{Cc}/u);
          }
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe("names that are hard to see", () => {
  it("are warned of, with what was probably meant", () => {
    const checked = checkFleet(
      `profiles:
  p: { groupServices: { "Call\\u00a0Pickup": 1 } }
tenants:
  foo: { profile: p, userServices: { "Fax\\u200b": 1, "Voice  Mail": 2, "Hunt Group ": 3, Fine: 4 } }
  bar: { profile: p, tenantId: "b\\u00a0r" }
  "b\\u00adz": { userServices: [{ name: " X", allocated: 1 }] }
`,
    );
    assert.ok("fleet" in checked, JSON.stringify(checked));
    assert.deepEqual(mistakeLines("f", checked.warnings), [
      'f:2:25 profiles.p.groupServices."Call\\u{a0}Pickup": "Call\\u{a0}Pickup" holds a no-break space (U+00A0): is "Call Pickup" meant?',
      'f:4:38 tenants.foo.userServices."Fax\\u{200b}": "Fax\\u{200b}" holds a zero-width space (U+200B): is "Fax" meant?',
      'f:4:54 tenants.foo.userServices."Voice \\u{20}Mail": "Voice \\u{20}Mail" holds two spaces in a row: is "Voice Mail" meant?',
      'f:4:72 tenants.foo.userServices."Hunt Group\\u{20}": "Hunt Group\\u{20}" begins or ends with a space: is "Hunt Group" meant?',
      'f:5:22 tenants.bar.tenantId: "b\\u{a0}r" holds a no-break space (U+00A0): is "b r" meant?',
      'f:6:3 tenants."b\\u{ad}z": "b\\u{ad}z" holds a soft hyphen (U+00AD): is "bz" meant?',
      'f:6:32 tenants."b\\u{ad}z".userServices."\\u{20}X": "\\u{20}X" begins or ends with a space: is "X" meant?',
    ]);
  });
});

/** What `validate` warns of in tenants of these ids, by id. */
function warningsOf(...ids: string[]): Record<string, string> {
  const checked = checkFleet(
    JSON.stringify({
      tenants: Object.fromEntries(
        ids.map((tenantId, index) => [`t${index}`, { tenantId, userServices: { [`Fax${index}`]: 1 } }]),
      ),
    }),
  );
  assert.ok("fleet" in checked, JSON.stringify(checked));
  return Object.fromEntries(checked.warnings.map(({ path, message }) => [ids[Number(/\d+/.exec(path))]!, message]));
}

describe("tenant ids that went through a spreadsheet", () => {
  for (const [kind, ids] of Object.entries({
    "a number that a spreadsheet has shortened": ["4,92212E+11", "4.92212E+11", "5E+15", "4.9e+11"],
    "a number whose last digits a spreadsheet has replaced by zeros": ["4922123456789010", "492212345678901000"],
    "a date that a spreadsheet has made of an id": [
      "01-Mar",
      "1-Sept",
      "01. Mrz",
      "01.Okt",
      "Mar-01",
      "01.03.2026",
      "2026-03-01",
    ],
    "a row of totals, not a tenant": ["Total", "TOTAL", "Sum", "Grand total", "Subtotal:", "Totals", "Gesamt"],
  })) {
    it(`are warned of, as ${kind}`, () => {
      for (const id of ids) {
        assert.ok(warningsOf(id)[id]?.startsWith(`"${id}" looks like ${kind}: `), id);
      }
    });
  }

  it("are not suspected in ids as people give them", () => {
    const ids = ["1e3", "0x1F", "492212345678", "4922123456789012", "lab-01", "01-west", "12-hq", "Summit", "Totally"];
    assert.deepEqual(warningsOf(...ids, "marina-01", "dec-2000x", "10.1.2", "1.5", "3E5", "E+11", "may"), {});
  });
});

describe("tenant ids that differ in case only", () => {
  it("are warned of, with the place of the first", () => {
    assert.deepEqual(warningsOf("foo", "bar", "Foo", "foo", "FOO"), {
      Foo: '"Foo" differs only in case from the id of tenants.t0.tenantId on line 1: are they two tenants?',
      FOO: '"FOO" differs only in case from the id of tenants.t0.tenantId on line 1: are they two tenants?',
    });
  });
});
