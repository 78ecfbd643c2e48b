import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";

import { readSeedFile, SeedError, startSimulator } from "../../simulator";
import { admin, GUID, livePlatform } from "./support";
import { selfSigned } from "./self-signed";

const customer = { guid: GUID, licenseType: 1 };

describe("simulator: the seed", () => {
  const wrong: readonly (readonly [seed: unknown, message: RegExp])[] = [
    ["text", /must be a map/],
    [{ livePlatfrom: {} }, /livePlatfrom/],
    [{ livePlatform: { customers: [customer, { licenseType: 1 }] } }, /livePlatform\.customers\[1\]\.guid: /],
    [{ livePlatform: { customers: [{ ...customer, guid: "42" }] } }, /customers\[0\]\.guid: write a UUID/],
    [{ livePlatform: { customers: [{ ...customer, licenseType: "Pro" }] } }, /customers\[0\]\.licenseType/],
    [{ livePlatform: { customers: [{ ...customer, licenceType: 1 }] } }, /customers\[0\]: .*licenceType/],
    [{ livePlatform: { customers: [customer, customer] } }, /customers\[1\]\.guid: a second customer/],
    [{ livePlatform: { customers: [{ ...customer, taskDuration: "5 s" }] } }, /taskDuration: write a duration/],
    [{ livePlatform: { taskDuration: "5" } }, /livePlatform\.taskDuration: write a duration/],
    [{ livePlatform: { clients: [] } }, /livePlatform\.clients/],
    [{ livePlatform: { patchFields: "both" } }, /livePlatform\.patchFields/],
    [
      { gateway: { tenants: { foo: { groupServices: { "Hunt Group": {} } } } } },
      /gateway\.tenants\.foo\.groupServices\.Hunt Group: /,
    ],
    [
      { gateway: { tenants: { foo: { userServices: { A: { unlimited: true, maximum: 1 } } } } } },
      /userServices\.A: write either/,
    ],
    [{ gateway: { tenants: { foo: { userServices: { A: "lots" } } } } }, /userServices\.A: /],
  ];
  for (const [seed, message] of wrong) {
    it(`refuses ${JSON.stringify(seed)} and names the path`, async () => {
      await assert.rejects(startSimulator({ seed }), (error: unknown) => {
        assert.ok(error instanceof SeedError);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("refuses a duration or latency of the caller that makes no sense", async () => {
    await assert.rejects(startSimulator({ taskDuration: "soon" }), /taskDuration: write a duration/);
    await assert.rejects(startSimulator({ latencyMs: -1 }), /latencyMs/);
  });

  it("lets the caller's duration and latency win, after a reset too", async () => {
    const simulator = await startSimulator({ seed: { latencyMs: 9 }, taskDuration: "2m", latencyMs: 0 });
    await admin(simulator, "POST", "/reset");
    const { settings } = (await admin(simulator, "GET", "/state")) as { settings: Record<string, unknown> };
    assert.deepEqual([settings["taskDurationMs"], settings["latencyMs"]], [120_000, 0]);
    await simulator.close();
  });

  it("is by default a demo with the documented customer and two tenants", async () => {
    const simulator = await startSimulator();
    const rows = (await (await livePlatform(simulator))("GET", "/api/v3/customer")).json() as Record<string, unknown>[];
    assert.deepEqual(
      rows.map((row) => [row["CustomerFullName"], row["LicenseType"]]),
      [
        ["Contoso", 3],
        ["Fabrikam", 1],
        ["Northwind Traders", 2],
        ["A. Datum Corporation", 5],
        ["Tailspin Toys", null],
      ],
    );
    const { tenants } = (await admin(simulator, "GET", "/state")) as {
      tenants: Record<string, { groupServices: object; userServices: object }>;
    };
    for (const id of ["foo", "bar"]) {
      assert.ok(Object.keys(tenants[id]!.groupServices).length >= 12);
      assert.ok(Object.keys(tenants[id]!.userServices).length >= 20);
    }
    await simulator.close();
  });

  describe("in a file", () => {
    let folder: string;
    let file: string;

    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), "seed-"));
      file = path.join(folder, "seed.yaml");
    });

    afterEach(() => {
      rmSync(folder, { recursive: true });
    });

    /** What reading the file complains of, without the folder. */
    function complaint(text: string): string {
      writeFileSync(file, text);
      try {
        readSeedFile(file);
      } catch (error) {
        assert.ok(error instanceof SeedError);
        return error.message.replaceAll(`${folder}${path.sep}`, "");
      }
      return "none";
    }

    it("that does not exist is named, with the reason", () => {
      assert.throws(() => readSeedFile(file), /seed\.yaml cannot be read; check its path: ENOENT/);
    });

    it("that is not UTF-8 is named, with what to do", () => {
      writeFileSync(file, Buffer.from("\ufeffgateway: {}\n", "utf16le"));
      assert.throws(() => readSeedFile(file), /seed\.yaml is not text in UTF-8: save it as such\.$/);
    });

    const mistakes: readonly (readonly [what: string, text: string, complaint: RegExp])[] = [
      ["an open bracket", "gateway:\n  tenants: [\n", /^seed\.yaml:\d+:\d+ This is not YAML: [^\n]+$/],
      ["a tab", "gateway:\n\ttenants: {}\n", /^seed\.yaml:2:1 This is not YAML: Tabs are not allowed as indentation$/],
      ["a key given twice", "gateway: {}\ngateway: {}\n", /^seed\.yaml:2:1 This is not YAML: Map keys must be unique$/],
      [
        "a name that is spelled wrongly",
        "livePlatform:\n  customers:\n    - guid: d5253892-1c1e-4b23-89d7-29d86734c31b\n      licenceType: 3\n",
        /^seed\.yaml:4:7 livePlatform\.customers\[0\]: unknown name "licenceType"; did you mean "licenseType"\?$/,
      ],
      ["a name that is none", "gateway:\n  cookies: 3\n", /^seed\.yaml:2:3 gateway: unknown name "cookies"$/],
      [
        "a name at the wrong level",
        "customers: []\n",
        /^seed\.yaml:1:1 "customers" does not belong here; docs\/development\/simulator\.md shows where it stands$/,
      ],
      [
        "aliases of aliases",
        `a: &a [${"x,".repeat(9)}]\n${["b", "c", "d", "e", "f"].map((name, index) => `${name}: &${name} [${`*${"abcde"[index] ?? ""},`.repeat(9)}]\n`).join("")}`,
        /^seed\.yaml cannot be read: Excessive alias count/,
      ],
      [
        "a service that is no allocation",
        "gateway:\n  tenants:\n    foo:\n      userServices:\n        3G/4G Continuity: lots\n",
        /^seed\.yaml:5:9 gateway\.tenants\.foo\.userServices\.3G\/4G Continuity: write `unlimited`, a whole number or a map such as /,
      ],
      [
        "a mistake behind an alias",
        "gateway:\n  tenants:\n    foo: &foo { groupServices: { A: 1 } }\n    bar: *foo\n    baz: &baz\n      type: Company\n",
        /^seed\.yaml:6:7 gateway\.tenants\.baz\.type: must be "ServiceProvider" or "Enterprise", not "Company"$/,
      ],
      [
        "something missing",
        "livePlatform:\n  customers:\n    - licenseType: 3\n",
        /^seed\.yaml:3:7 livePlatform\.customers\[0\]\.guid: is missing: write text$/,
      ],
      [
        "a tenant of nothing",
        "gateway:\n  tenants:\n    foo:\n",
        /^seed\.yaml:3:5 gateway\.tenants\.foo: must be a map, `name: value`, not null$/,
      ],
      ["a list", "- gateway\n", /^seed\.yaml:1:1 must be a map, `name: value`, not a list$/],
      ["a setting that is out of range", "latencyMs: -5\n", /^seed\.yaml:1:1 latencyMs: must be 0 or more, not -5$/],
      [
        "a number below 0 or another word",
        "gateway: { stock: { userServiceLicenses: [{ name: A, licensed: -1 }, { name: B, licensed: all }] } }\n",
        /licensed: must be 0 or more, not -1\n.*licensed: must be "unlimited" or a number, not "all"$/,
      ],
    ];
    for (const [what, text, expected] of mistakes) {
      it(`with ${what} is refused in one sentence with its line`, () => {
        assert.match(complaint(text), expected);
      });
    }

    for (const [what, text] of [
      ["nothing", ""],
      ["comments alone", "# to do\n"],
    ] as const) {
      it(`with ${what} is a mistake`, () => {
        assert.match(complaint(text), /^seed\.yaml is empty\. Write what the systems hold, at least `gateway: \{\}`; /);
      });
    }

    it("with many mistakes names the first three, in the order of the file, and counts the others", () => {
      const services = Array.from({ length: 300 }, (_, n) => `        S${n}: many\n`).join("");
      const lines = complaint(`gateway:\n  tenants:\n    foo:\n      groupServices:\n${services}`).split("\n");
      assert.deepEqual(
        lines.map((line) => line.split(" ")[0]),
        ["seed.yaml:5:9", "seed.yaml:6:9", "seed.yaml:7:9", "and"],
      );
      assert.equal(lines[3], "and 297 more mistakes");
    });

    it("takes names and tenant ids as they are written", () => {
      writeFileSync(file, "gateway: { tenants: { 0042: {}, 1e3: { userServices: { null: 1, yes: 2 } } } }\n");
      const seed = readSeedFile(file) as { gateway: { tenants: Record<string, { userServices?: object }> } };
      assert.deepEqual(Object.keys(seed.gateway.tenants), ["0042", "1e3"]);
      assert.deepEqual(Object.keys(seed.gateway.tenants["1e3"]?.userServices ?? {}), ["null", "yes"]);
    });
  });

  it("serves HTTPS where it is given a certificate", async () => {
    const tls = selfSigned();
    const simulator = await startSimulator({ tls });
    assert.match(simulator.url, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(simulator.environment["LIVE_PLATFORM_BASE_URL"], `${simulator.url}/tenantui`);
    const status = await new Promise((resolve, reject) => {
      const call = request(`${simulator.url}/_simulator/tasks`, { ca: tls.cert, agent: false }, (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      });
      call.once("error", reject);
      call.end();
    });
    assert.equal(status, 200);
    await simulator.close();
  });
});
