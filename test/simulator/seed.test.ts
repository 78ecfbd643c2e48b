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
    ["text", /expected object/],
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

  it("names the file, and the line that is not YAML", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "seed-"));
    const file = path.join(folder, "seed.yaml");
    assert.throws(() => readSeedFile(file), /seed\.yaml cannot be read; check its path: ENOENT/);
    writeFileSync(file, "gateway:\n  tenants: [\n");
    assert.throws(() => readSeedFile(file), /seed\.yaml, line \d+ is not YAML: /);
    rmSync(folder, { recursive: true });
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
