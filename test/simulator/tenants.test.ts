import assert from "node:assert/strict";

import { startSimulator, type Simulator } from "../../simulator";
import { admin, logIn, type RawReply, send } from "./support";

const SEED = {
  gateway: {
    tenants: {
      foo: { name: "Foo Ltd", type: "Enterprise" },
      bar: { resellerId: "acme" },
      shadow: { listed: false, groupServices: { A: 1 } },
    },
    stock: {
      licenseStrictness: "Strict",
      expirationDate: "2030-10-31 23:59:59 +0100",
      subscriberLicenses: [{ name: "Standard", licensed: 1000, used: 640 }],
      userServiceLicenses: [
        { name: "Call Waiting", licensed: "unlimited", used: 3 },
        { name: "3G/4G Continuity", licensed: 5, used: 7 },
      ],
    },
  },
};

describe("simulator: the list of tenants, and the stock", () => {
  let simulator: Simulator;
  let cookie: string;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: SEED });
    cookie = (await logIn(simulator)).headers["set-cookie"]!.map((text) => text.split(";")[0]).join("; ");
  });

  afterEach(() => simulator.close());

  function get(path: string): Promise<RawReply> {
    return send(simulator, { path: `/api/v1/${path}`, headers: { cookie } });
  }

  async function ids(): Promise<string[]> {
    return ((await get("tenants/")).json() as { tenants: { tenantId: string }[] }).tenants.map(
      ({ tenantId }) => tenantId,
    );
  }

  function set(settings: object): Promise<unknown> {
    return admin(simulator, "PATCH", "/settings", settings);
  }

  it("lists tenants in an object, with name and type", async () => {
    assert.deepEqual((await get("tenants/")).json(), {
      tenants: [
        { tenantId: "foo", name: "Foo Ltd", type: "Enterprise" },
        { tenantId: "bar", name: "bar", type: "ServiceProvider", resellerId: "acme" },
      ],
    });
  });

  it("shows a reseller's user its own tenants alone", async () => {
    await set({ reseller: "acme" });
    assert.deepEqual(await ids(), ["bar"]);
    assert.equal((await get("tenants/bar/licenses/")).status, 200);
    assert.equal((await get("tenants/foo/licenses/")).status, 404);
    await set({ reseller: null });
    assert.equal((await get("tenants/foo/licenses/")).status, 200);
  });

  it("can hide a tenant whose licences can be read", async () => {
    assert.equal((await get("tenants/shadow/licenses/")).status, 200);
    await admin(simulator, "PATCH", "/tenants/shadow", { listed: true, name: "Shadow" });
    assert.deepEqual(await ids(), ["foo", "bar", "shadow"]);
  });

  it("keeps what an edit of a tenant does not name", async () => {
    await admin(simulator, "PATCH", "/tenants/bar", { name: "Bar" });
    const { tenants } = (await get("tenants/")).json() as { tenants: unknown[] };
    assert.deepEqual(tenants[1], { tenantId: "bar", name: "Bar", type: "ServiceProvider", resellerId: "acme" });
  });

  it("refuses the list, and the licences stay readable, where that is set", async () => {
    await set({ tenantListAccess: "refuse" });
    assert.equal((await get("tenants/")).status, 403);
    assert.equal((await get("tenants/foo/licenses/")).status, 200);
  });

  it("refuses a list without a session, with a query, and other methods", async () => {
    assert.equal((await send(simulator, { path: "/api/v1/tenants/" })).status, 401);
    assert.equal((await get("tenants/?page=2")).status, 400);
    assert.equal(
      (await send(simulator, { method: "POST", path: "/api/v1/tenants/", headers: { cookie } })).status,
      405,
    );
  });

  it("shows the stock with numbers as text", async () => {
    assert.deepEqual((await get("system/licensing/")).json(), {
      licenseStrictness: "Strict",
      expirationDate: "2030-10-31 23:59:59 +0100",
      subscriberLicenses: [{ name: "Standard", licensed: "1000", used: "640", available: "360" }],
      groupServiceLicenses: [],
      virtualServiceLicenses: [],
      userServiceLicenses: [
        { name: "Call Waiting", licensed: "Unlimited", used: "3", available: "Unlimited" },
        { name: "3G/4G Continuity", licensed: "5", used: "7", available: "0" },
      ],
    });
  });

  it("refuses the stock to everybody but system administrators, where that is set", async () => {
    await set({ stockAccess: "refuse" });
    assert.equal((await get("system/licensing/")).status, 403);
    assert.deepEqual(await ids(), ["foo", "bar"]);
  });
});
