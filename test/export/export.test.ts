import assert from "node:assert/strict";
import * as path from "node:path";
import { createContext, runInContext } from "node:vm";
import fc from "fast-check";
import { parse } from "yaml";
import ts from "typescript";
import { toFleet, type ExportedFleet } from "../../cli/export/exported-fleet";
import { type ExportedValue, isSecretKey } from "../../cli/export/exported-object";
import type { Section } from "../../provider/kinds";
import type { HeldFleet } from "../../cli/inventory/kinds";
import { fleetTypeScript } from "../../cli/export/fleet-typescript";
import { fleetYaml } from "../../cli/export/fleet-yaml";
import { resourceNames, secretKey } from "../../cli/export/names";
import { checkFleet } from "../../fleet/check-fleet";
import type { ObservedService } from "../../provider/tenant/plan";
import { cutOff } from "../../provider/text/shown";

const EVERYTHING = {
  isWanted: () => true,
  onlyLicensed: false,
  isClaimed: () => false,
};

const ODD_NAMES = [
  "constructor",
  "valueOf",
  "yes",
  "null",
  "~",
  "0042",
  "0x1F",
  "1e3",
  "-",
  "- a",
  "a: b",
  "a #b",
  "#a",
  "'",
  '"',
  "\\",
  "{a}",
  "[a]",
  "&a",
  "*a",
  "!!str a",
  "%a",
  "@a",
  "`a`",
  "|",
  ">",
  "? a",
  ": a",
  "true",
  "3G/4G Continuity",
  "Señal 😀",
  "株式会社 コントソ",
  "ООО «Йогурт»",
  "שלום",
  "\u202eRTL",
  "a\u2028b",
  "a".repeat(70),
  "<<",
  "=",
  "${a}",
  "a ",
  " a",
];
const oddName = fc.oneof(
  fc.constantFrom(...ODD_NAMES.map((name) => name.trim())),
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => text.trim() === text && !/\p{Cc}|\p{Cs}/u.test(text))
    // No service can be called so, and fast-check tries such names on purpose.
    .filter((text) => text !== "__proto__"),
);
const guid = fc.uuid();
const customer = fc.record({
  guid,
  shortName: fc.option(oddName),
  fullName: fc.option(oddName),
  licenseType: fc.constantFrom(
    "HostedEssentials",
    "HostedEssentialsPlus",
    "HostedPro",
    "OcEssential",
    "OcEssentialPlus",
    "OcPro",
    "Unknown(7)",
  ),
  licensedUsersCount: fc.option(fc.integer({ min: 0, max: 1000 }), { freq: 9 }),
  applicationClientId: fc.option(fc.uuid()),
});
const allocation = fc.oneof(fc.constant("unlimited" as const), fc.integer({ min: 0, max: 99 }));
const services = fc.array(fc.tuple(oddName, allocation), { maxLength: 5 });
const tenant = fc.record({
  tenantId: fc.constantFrom<string>("foo", "0042", "yes", "__proto__", "a b", "Ünï"),
  groupServices: services,
  userServices: services,
});
const systems = fc.record({
  customers: fc.uniqueArray(customer, { maxLength: 6, selector: (one) => one.guid }),
  tenants: fc.uniqueArray(tenant, { maxLength: 3, selector: (one) => one.tenantId }),
});
type Systems = typeof systems extends fc.Arbitrary<infer T> ? T : never;

function entries({ customers, tenants }: Systems): HeldFleet {
  const observed = (list: readonly (readonly [string, "unlimited" | number])[]): ReadonlyMap<string, ObservedService> =>
    new Map(list.map(([name, value]) => [name, { allocation: value, inUse: 0, inPacks: 0 }]));
  return {
    customers: customers.map(({ guid: id, ...rest }) => ({
      guid: id,
      customer: { ...rest, activeUserCount: 0, clientSecretExpiresAt: undefined },
    })),
    tenants: tenants.map(({ tenantId, groupServices, userServices }) => ({
      tenantId,
      name: null,
      type: null,
      odd: [],
      servicePacks: [],
      services: { groupServices: observed(groupServices), userServices: observed(userServices) },
    })),
  };
}

/** What a fleet declares, in one form for both formats. */
function declared({ sections }: ExportedFleet): unknown {
  const inputs = (section: Section): [string, ReadonlyMap<string, ExportedValue>][] =>
    (sections.get(section) ?? []).map((object) => [object.name, new Map(object.inputs)]);
  const services = (value: ExportedValue | undefined): unknown[] => (value instanceof Map ? [...value] : []);
  return {
    customers: inputs("customers").map(([name, of]) => [
      name,
      of.get("customerGuid"),
      of.get("licenseType"),
      of.get("licensedUsersCount"),
      of.get("applicationClientId"),
      [of.get("applicationClientSecret")].flatMap((value) =>
        value !== undefined && isSecretKey(value) ? value.secretKey : [],
      )[0],
    ]),
    tenants: inputs("tenants").map(([name, of]) => [
      name,
      services(of.get("groupServices")),
      services(of.get("userServices")),
    ]),
  };
}

/** What the compiler finds wrong with a program that is written against this package. */
function compilerMessages(program: string): string[] {
  const root = path.resolve(__dirname, "../..");
  const file = path.join(__dirname, "exported-program.ts");
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    isolatedModules: true,
    skipLibCheck: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    module: ts.ModuleKind.Node16,
    target: ts.ScriptTarget.ES2022,
    types: ["node"],
    paths: { "pulumi-voice-licenses": [path.join(root, "provider", "index.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? program : readFile(name));
  host.getSourceFile = (name, target, ...rest) =>
    name === file ? ts.createSourceFile(name, program, target) : getSourceFile(name, target, ...rest);
  const compiled = ts.createProgram([file], options, host);
  return [...compiled.getGlobalDiagnostics(), ...ts.getPreEmitDiagnostics(compiled, compiled.getSourceFile(file))].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"),
  );
}

describe("an exported fleet", () => {
  it("as YAML is read back as it was, whatever the names", () => {
    fc.assert(
      fc.property(systems, (world) => {
        const fleet = toFleet(entries(world), EVERYTHING);
        const text = fleetYaml(fleet);
        const read = checkFleet(text);
        assert.ok("fleet" in read, `${JSON.stringify(read)}\n${text}`);
        const sorted = (of: ReadonlyMap<string, unknown>): unknown[] => [...of];
        assert.deepEqual(
          {
            customers: read.fleet.customers.map(({ name, inputs, secretKey: key }) => [
              name,
              inputs.customerGuid,
              inputs.licenseType,
              inputs.licensedUsersCount,
              inputs.applicationClientId,
              key,
            ]),
            tenants: read.fleet.tenants.map(({ inputs }) => [
              inputs.tenantId,
              sorted(inputs.services.groupServices),
              sorted(inputs.services.userServices),
            ]),
          },
          declared(fleet),
        );
        // Any other reader of YAML takes every name for a text too.
        assert.doesNotThrow(() => parse(text) as unknown);
      }),
      { numRuns: 300 },
    );
  });

  it("as TypeScript declares the same", () => {
    fc.assert(
      fc.property(systems, (world) => {
        const fleet = toFleet(entries(world), EVERYTHING);
        const { outputText, diagnostics } = ts.transpileModule(fleetTypeScript(fleet), {
          compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
          reportDiagnostics: true,
        });
        assert.deepEqual(diagnostics, []);
        const made: { customers: unknown[]; tenants: unknown[] } = { customers: [], tenants: [] };
        const pairs = (of: object | undefined): unknown[] =>
          Object.keys(of ?? {}).map((name): unknown[] => [name, Reflect.get(of ?? {}, name) as unknown]);
        function CustomerServiceLicense(name: string, args: Record<string, unknown>): void {
          made.customers.push([
            name,
            args["customerGuid"],
            args["licenseType"],
            args["licensedUsersCount"],
            args["applicationClientId"],
            args["applicationClientSecret"],
          ]);
        }
        function TenantServiceLicenses(
          _name: string,
          args: { tenantId: string; groupServices?: object; userServices?: object },
        ): void {
          made.tenants.push([args.tenantId, pairs(args.groupServices), pairs(args.userServices)]);
        }
        class Config {
          public readonly requireSecret = (key: string): string => key;
        }
        const modules = {
          "@pulumi/pulumi": { Config },
          "pulumi-voice-licenses": { CustomerServiceLicense, TenantServiceLicenses },
        };
        runInContext(
          outputText,
          createContext({ exports: {}, require: (name: keyof typeof modules) => modules[name] }),
        );
        const inOrder = (value: unknown): unknown =>
          JSON.parse(
            JSON.stringify(value, (_key, item: unknown) =>
              Array.isArray(item) && item.every(Array.isArray) ? [...(item as unknown[][])].sort() : item,
            ),
          );
        assert.deepEqual(inOrder(made), inOrder(declared(fleet)));
      }),
      { numRuns: 100 },
    );
  });

  it("as TypeScript is correct for the compiler at its strictest, whatever the services are called", function () {
    this.timeout(60_000);
    const names = [
      ...ODD_NAMES.map((name) => name.trim()),
      ...Object.getOwnPropertyNames(Object.prototype),
      "*/",
      "//",
    ];
    const each = (value: "unlimited" | number): [string, "unlimited" | number][] =>
      [...new Set(names)].filter((name) => name !== "__proto__").map((name) => [name, value]);
    const program = fleetTypeScript(
      toFleet(
        entries({
          customers: [
            {
              guid: "d5253892-1c1e-4b23-89d7-29d86734c31b",
              shortName: "contoso",
              fullName: "*/ `${x}` // \u2028 evil",
              licenseType: "OcPro",
              licensedUsersCount: 5,
              applicationClientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
            },
          ],
          tenants: [{ tenantId: "foo", groupServices: each("unlimited"), userServices: each(5) }],
        }),
        EVERYTHING,
      ),
    );
    assert.deepEqual(compilerMessages(program), []);
    assert.doesNotMatch(program, /[\p{Cf}\u2028\u2029]/u);
    assert.notDeepEqual(compilerMessages(program.replace('"OcPro"', '"OcEssential"')), []);
  });

  it("is the same text for the same systems, in whatever order they are listed", () => {
    fc.assert(
      fc.property(systems, (world) => {
        const backwards = { customers: [...world.customers].reverse(), tenants: [...world.tenants].reverse() };
        assert.equal(
          fleetYaml(toFleet(entries(world), EVERYTHING)),
          fleetYaml(toFleet(entries(backwards), EVERYTHING)),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("tells in comments what cannot be declared, and no name breaks out of them", () => {
    const odd = "x\n  evil: 1\u2028y";
    const { customers } = entries({
      customers: [
        {
          guid: "d5253892-1c1e-4b23-89d7-29d86734c31b",
          shortName: null,
          fullName: odd,
          licenseType: "OcEssential",
          licensedUsersCount: 35,
          applicationClientId: null,
        },
        {
          guid: "e5253892-1c1e-4b23-89d7-29d86734c31b",
          shortName: "b",
          fullName: odd,
          licenseType: "OcPro",
          licensedUsersCount: 35,
          applicationClientId: null,
        },
      ],
      tenants: [],
    });
    const text = fleetYaml(toFleet({ customers, tenants: [] }, EVERYTHING));
    assert.match(
      text,
      /^#\s+x\\u\{a\} {2}evil: 1\\u\{2028\}y \(d5253892-1c1e-4b23-89d7-29d86734c31b\): OC Essential, 35 users$/m,
    );
    assert.deepEqual(Object.keys((parse(text) as { customers: object }).customers), ["b"]);
    assert.match(
      fleetYaml(toFleet({ customers: customers.slice(0, 1), tenants: [] }, EVERYTHING)),
      /^#\s+x\\u\{a\} {2}evil/m,
    );
    assert.ok("fleet" in checkFleet(fleetYaml(toFleet({ customers: customers.slice(0, 1), tenants: [] }, EVERYTHING))));
  });

  it("writes what can be declared of an odd customer or tenant, and says what it leaves out", () => {
    const { customers, tenants } = entries({
      customers: [
        {
          guid: "d5253892-1c1e-4b23-89d7-29d86734c31b",
          shortName: "a",
          fullName: null,
          licenseType: "OcPro",
          licensedUsersCount: 5,
          applicationClientId: "not\na UUID",
        },
        {
          guid: "e5253892-1c1e-4b23-89d7-29d86734c31b",
          shortName: "b",
          fullName: null,
          licenseType: "OcPro",
          licensedUsersCount: 3_000_000_000,
          applicationClientId: null,
        },
        {
          guid: "no-guid",
          shortName: "c",
          fullName: null,
          licenseType: "OcPro",
          licensedUsersCount: 5,
          applicationClientId: null,
        },
      ],
      tenants: [
        {
          tenantId: "t",
          groupServices: [
            ["Fine", 1],
            ["a\nb", 2],
            ["x".repeat(300), 3],
          ],
          userServices: [["Many", 3_000_000_000]],
        },
      ],
    });
    const odd = [{ kind: "userServices" as const, name: "Broken", problem: "allocated.maximum: expected number" }];
    const fleet = toFleet({ customers, tenants: tenants.map((one) => ({ ...one, odd })) }, EVERYTHING);
    for (const [text, sign] of [
      [fleetYaml(fleet), "#"],
      [fleetTypeScript(fleet), "//"],
    ] as const) {
      for (const line of [
        `${sign}   b (e5253892-1c1e-4b23-89d7-29d86734c31b): OC Pro, 3000000000 users; licensedUsersCount: must be at most 2147483647, not 3000000000.`,
        `${sign}   c (no-guid): OC Pro, 5 users; customerGuid: must be a UUID such as d5253892-1c1e-4b23-89d7-29d86734c31b, not "no-guid".`,
        `${sign}   customer a, applicationClientId: "not\\u{a}a UUID" must be a UUID such as d5253892-1c1e-4b23-89d7-29d86734c31b`,
        `${sign}   tenant t, groupServices."a\\u{a}b": a service's name must not hold control characters.`,
        `${sign}   tenant t, userServices.Broken: the gateway's row cannot be read (allocated.maximum: expected number)`,
      ]) {
        assert.ok(text.includes(`${line}\n`), `${line}\n${text}`);
      }
    }
    assert.equal(fleet.leftOut.length, 7);
    const checked = checkFleet(fleetYaml(fleet));
    assert.ok("fleet" in checked, JSON.stringify(checked));
    assert.deepEqual(
      [
        checked.fleet.customers.map(({ name }) => name),
        [...(checked.fleet.tenants[0]?.inputs.services.groupServices ?? [])],
      ],
      [["a"], [["Fine", 1]]],
    );
  });

  it("leaves out what is not wanted, not licensed, or declared already", () => {
    const world: Systems = {
      customers: [],
      tenants: [
        {
          tenantId: "foo",
          groupServices: [
            ["A", 0],
            ["B", 1],
          ],
          userServices: [["C", "unlimited"]],
        },
        { tenantId: "lab", groupServices: [["A", 5]], userServices: [] },
        { tenantId: "idle", groupServices: [["A", 0]], userServices: [] },
      ],
    };
    const fleet = toFleet(entries(world), {
      ...EVERYTHING,
      isWanted: ([id]) => id !== "lab",
      onlyLicensed: true,
      isClaimed: (declaration) => declaration === "tenant foo: userServices.C",
    });
    assert.deepEqual(declared(fleet), { customers: [], tenants: [["foo", [["B", 1]], []]] });
  });
});

describe("names of exported customers", () => {
  const name = (
    shortName: string | null,
    fullName: string | null = null,
    id = "d5253892-1c1e-4b23-89d7-29d86734c31b",
  ): string | undefined => resourceNames([{ guid: id, shortName, fullName }]).get(id);

  it("are small letters, digits and hyphens, Latin ones without accents", () => {
    assert.equal(name("Contoso"), "contoso");
    assert.equal(name("A. Datum & Söhne GmbH"), "a-datum-sohne-gmbh");
    assert.equal(name("Straße"), "strasse");
    assert.equal(name("", "Full Name"), "full-name");
    assert.equal(name(null, null), "d5253892-1c1e-4b23-89d7-29d86734c31b");
    assert.equal(secretKey("a-datum-inc"), "aDatumIncAppSecret");
    assert.equal(secretKey("a-datum-2"), "aDatum_2AppSecret");
  });

  const scripts: readonly (readonly [string, string])[] = [
    ["株式会社 コントソ", "株式会社-コントソ"],
    ["㈱ｶﾞｲﾄﾞ", "株-ガイド"],
    ["ООО «Йогурт»", "ооо-йогурт"],
    ["קונטוסו בע״מ", "קונטוסו-בע-מ"],
    ["شركة كونتوسو", "شركة-كونتوسو"],
    ["हिन्दी कंपनी", "हिन्दी-कंपनी"],
    ["บริษัท น้ำ", "บริษัท-น้ำ"],
    ["한국 전자", "한국-전자"],
    ["Ελληνική ΑΕ", "ελληνική-αε"],
    ["Ørsted İşbank", "ørsted-isbank"],
    ["☎️ Con\u00adtoso 🏢", "contoso"],
    ["東京".repeat(40), "東京".repeat(25)],
    [`x${"𠮷".repeat(40)}`, `x${"𠮷".repeat(24)}`],
  ];
  for (const [text, expected] of scripts) {
    it(`keep the letters of any script: ${cutOff(text, 12)}`, () => {
      assert.equal(name(text), expected.normalize("NFKC"));
    });
  }

  it("are the GUID where no letter and no digit is left", () => {
    for (const text of ["", "…!", "\u200f\u200e", "\u3164", "☎️", "\u0301"]) {
      assert.equal(name(text, "Full Name"), "full-name");
      assert.equal(name(text, text), "d5253892-1c1e-4b23-89d7-29d86734c31b");
    }
  });

  it("are told apart by their GUIDs where they come to the same, each in the same way", () => {
    const named = [
      { guid: "11111111-0000-4000-8000-000000000001", shortName: "Same", fullName: null },
      { guid: "22222222-0000-4000-8000-000000000002", shortName: "same!", fullName: null },
      { guid: "22222222-0000-4000-8000-000000000003", shortName: "same", fullName: null },
    ];
    assert.deepEqual(
      [...resourceNames(named).values()],
      ["same-11111111", "same-22222222-0000-4000-8000-000000000002", "same-22222222-0000-4000-8000-000000000003"],
    );
  });

  // GUIDs with few beginnings, and names that look like what the function makes of others.
  const alikeGuid = fc
    .constantFrom("11111111", "22222222")
    .chain((start) => fc.constantFrom("1", "2", "3").map((end) => `${start}-0000-4000-8000-00000000000${end}`));
  const alikeName = fc
    .tuple(fc.constantFrom("same", "a1", "a-1", "a 1", "A1", "x".repeat(90)), fc.option(alikeGuid), fc.nat({ max: 36 }))
    .map(([text, id, end]) => (id === null ? text : `${text}-${id.slice(0, end)}`));
  const alike = fc.record({ guid: alikeGuid, shortName: fc.option(alikeName), fullName: fc.option(alikeGuid) });

  it("are never the same, nor are the keys of their secrets, and each can stand in a fleet file", () => {
    const customers = fc.uniqueArray(fc.oneof(customer, alike), { selector: (one) => one.guid });
    fc.assert(
      fc.property(customers, (some) => {
        const names = [...resourceNames(some).values()];
        const keys = names.map(secretKey);
        assert.equal(new Set(names).size, some.length, names.join(" "));
        assert.equal(new Set(keys).size, some.length, keys.join(" "));
        for (const key of keys) {
          assert.match(key, /^[\p{L}\p{M}\p{N}_-]{1,100}$/u);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("do not hang on the order of the list", () => {
    fc.assert(
      fc.property(fc.uniqueArray(alike, { selector: (one) => one.guid }), (some) => {
        const names = resourceNames(some);
        const backwards = resourceNames([...some].reverse());
        assert.deepEqual(
          some.map(({ guid: id }) => names.get(id)),
          some.map(({ guid: id }) => backwards.get(id)),
        );
      }),
    );
  });

  it("are told apart where one has the name that another's GUID would make", () => {
    const [a, b, c] = [
      "22222222-0000-4000-8000-000000000002",
      "22222222-0000-4000-8000-000000000003",
      "33333333-0000-4000-8000-000000000003",
    ];
    const named = [
      { guid: a, shortName: "same", fullName: null },
      { guid: b, shortName: "same", fullName: null },
      { guid: c, shortName: `same-${a}`, fullName: null },
    ];
    assert.deepEqual([...resourceNames(named).values()], [`same-${a}`, `same-${b}`, `same-${a}-33333333`]);
  });
});
