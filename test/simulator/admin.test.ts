import assert from "node:assert/strict";

import { startSimulator, type Simulator } from "../../simulator";
import { admin, gateway, GUID, livePlatform, logIn, send, until } from "./support";

interface State {
  readonly customers: readonly Record<string, unknown>[];
  readonly tenants: Readonly<
    Record<string, { readonly groupServices: Readonly<Record<string, Record<string, unknown>>> }>
  >;
  readonly settings: Readonly<Record<string, unknown>>;
}

const SEED = {
  livePlatform: {
    customers: [{ guid: GUID, licenseType: 1, licensedUsersCount: 5, applicationClientSecret: "clear" }],
  },
  gateway: { tenants: { foo: { groupServices: { A: 1, B: { unlimited: true, currentlyAllocated: 3 } } } } },
};

describe("simulator: admin routes", () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: SEED });
  });

  afterEach(() => simulator.close());

  function state(): Promise<State> {
    return admin(simulator, "GET", "/state") as Promise<State>;
  }

  it("edits a customer behind the API's back", async () => {
    const edit = { licenseType: 2, applicationClientSecret: null, fullName: "Renamed" };
    await admin(simulator, "PATCH", `/customers/${GUID.toUpperCase()}`, edit);
    const call = await livePlatform(simulator);
    const row = (await call("GET", `/api/v3/customer/${GUID}`)).json() as Record<string, unknown>;
    assert.deepEqual([row["LicenseType"], row["LicensedUsersCount"], row["CustomerFullName"]], [2, 5, "Renamed"]);
    assert.equal("ApplicationClientSecret" in row, false);
  });

  it("adds and removes customers", async () => {
    const guid = "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601";
    await admin(simulator, "POST", "/customers", { guid, licenseType: 5 });
    await assert.rejects(admin(simulator, "POST", "/customers", { guid, licenseType: 5 }), /409/);
    await admin(simulator, "DELETE", `/customers/${GUID}`);
    assert.deepEqual(
      (await state()).customers.map((customer) => customer["guid"]),
      [guid],
    );
    await assert.rejects(admin(simulator, "DELETE", `/customers/${GUID}`), /404/);
    await assert.rejects(admin(simulator, "PATCH", `/customers/${GUID}`, {}), /404/);
  });

  it("shows secrets in clear to tests, under one name", async () => {
    const [customer] = (await state()).customers;
    assert.equal(customer?.["applicationClientSecret"], "clear");
  });

  it("edits a tenant's services: changed, added, removed", async () => {
    const groupServices = { A: { unlimited: true }, B: { maximum: 9 }, C: 4 };
    await admin(simulator, "PATCH", "/tenants/foo", { groupServices });
    await admin(simulator, "PATCH", "/tenants/foo", { groupServices: { C: { currentlyAllocated: 2 }, A: null } });
    const services = (await state()).tenants["foo"]?.groupServices ?? {};
    assert.deepEqual(
      Object.entries(services).map(([name, service]) => [
        name,
        service["unlimited"],
        service["maximum"],
        service["currentlyAllocated"],
      ]),
      [
        ["B", false, 9, 3],
        ["C", false, 4, 2],
      ],
    );
  });

  it("changes nothing of a tenant when one of the edits is wrong", async () => {
    const groupServices = { A: 7, B: { maximum: -1 } };
    await assert.rejects(
      admin(simulator, "PATCH", "/tenants/foo", { groupServices }),
      /400.*groupServices\.B: maximum/,
    );
    assert.equal((await state()).tenants["foo"]?.groupServices["A"]?.["maximum"], 1);
  });

  it("adds and removes tenants", async () => {
    await admin(simulator, "POST", "/tenants", { id: "bar", userServices: { X: 1 } });
    await assert.rejects(admin(simulator, "POST", "/tenants", { id: "bar" }), /409/);
    await admin(simulator, "DELETE", "/tenants/foo");
    assert.deepEqual(Object.keys((await state()).tenants), ["bar"]);
    await assert.rejects(admin(simulator, "DELETE", "/tenants/foo"), /404/);
    await assert.rejects(admin(simulator, "PATCH", "/tenants/foo", {}), /404/);
    const call = await gateway(simulator);
    assert.equal((await call("GET", "foo")).status, 404);
  });

  it("goes back to the seed: objects, settings, faults, log, tokens and sessions", async () => {
    const { settings: before } = await state();
    const ask = await livePlatform(simulator);
    const manage = await gateway(simulator);
    await ask("PATCH", `/api/v3/customer/${GUID}`, { licenseType: 2, licensedUsersCount: 9 });
    await manage("PUT", "foo", { groupServices: [{ name: "A", allocated: { unlimited: true } }] });
    await admin(simulator, "PATCH", "/settings", { latencyMs: 1, taskDuration: "1h" });
    await admin(simulator, "POST", "/faults", { path: "nowhere", fault: { kind: "dropAfter" } });
    await admin(simulator, "POST", "/reset");
    const { customers, tenants, settings } = await state();
    assert.deepEqual([customers[0]?.["licenseType"], customers[0]?.["licensedUsersCount"]], [1, 5]);
    assert.equal(tenants["foo"]?.groupServices["A"]?.["maximum"], 1);
    assert.deepEqual([settings["latencyMs"], settings["taskDurationMs"]], [0, 5000]);
    assert.deepEqual(settings, before);
    assert.deepEqual(await admin(simulator, "GET", "/faults"), []);
    assert.deepEqual(await admin(simulator, "GET", "/requests"), []);
    assert.equal((await ask("GET", "/api/v3/customer")).status, 401);
    assert.equal((await manage("GET", "foo")).status, 401);
  });

  it("waits for the latency before it looks at a call", async () => {
    await admin(simulator, "PATCH", "/settings", { latencyMs: 30 });
    const start = performance.now();
    await logIn(simulator);
    assert.ok(performance.now() - start >= 25);
  });

  it("lets many calls wait at a time without a warning", async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => {
      warnings.push(message);
    };
    process.on("warning", onWarning);
    try {
      await admin(simulator, "PATCH", "/settings", { latencyMs: 30 });
      await Promise.all(Array.from({ length: 20 }, () => logIn(simulator)));
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(warnings, []);
    } finally {
      process.off("warning", onWarning);
    }
  });

  it("closes at once while calls wait for their latency", async () => {
    await admin(simulator, "PATCH", "/settings", { latencyMs: 3_600_000 });
    const pending = logIn(simulator).catch(() => "closed");
    await until(async () => ((await admin(simulator, "GET", "/requests")) as unknown[]).length === 1);
    await simulator.close();
    assert.equal(await pending, "closed");
  });

  it("is not logged, and says plainly what it cannot do", async () => {
    await assert.rejects(
      admin(simulator, "PATCH", "/settings", { taskDuration: "soon" }),
      /400.*taskDuration: write a duration/,
    );
    await assert.rejects(admin(simulator, "PATCH", "/settings", { speed: 1 }), /400.*speed/);
    await assert.rejects(admin(simulator, "PATCH", `/customers/${GUID}`, { licenceType: 1 }), /400.*licenceType/);
    await assert.rejects(admin(simulator, "GET", "/nothing"), /404.*GET \/_simulator\/nothing/);
    const broken = {
      method: "POST",
      path: "/_simulator/faults",
      headers: { "content-type": "application/json" },
      body: "{",
    };
    assert.deepEqual((await send(simulator, broken)).json(), { error: "The body is not JSON." });
    assert.deepEqual(await admin(simulator, "GET", "/requests"), []);
  });
});
