import assert from "node:assert/strict";

import { startSimulator, type Simulator } from "../../simulator";
import { admin, gateway, type GatewayClient, logIn, send } from "./support";

const LICENSES = "/api/v1/tenants/foo/licenses/";

describe("simulator: the gateway", () => {
  let simulator: Simulator;
  let call: GatewayClient;

  async function start(tenant: object, settings: object = {}): Promise<void> {
    simulator = await startSimulator({ seed: { gateway: { tenants: { foo: tenant }, ...settings } } });
    call = await gateway(simulator);
  }

  afterEach(() => simulator.close());

  const put = (name: string, allocated: unknown): object => ({ groupServices: [{ name, allocated }] });

  async function allocations(): Promise<unknown> {
    const { groupServices } = (await call("GET", "foo")).json() as {
      groupServices: { name: string; allocated: unknown }[];
    };
    return Object.fromEntries(groupServices.map(({ name, allocated }) => [name, allocated]));
  }

  it("wants both cookies of the login", async () => {
    await start({});
    const [session, node] = (await logIn(simulator)).headers["set-cookie"]!;
    assert.match(session!, /^sessionid=[^;]+; HttpOnly; Path=\/$/);
    assert.match(node!, /^SERVERID=node1; Path=\/$/);
    const status = async (...cookies: string[]): Promise<number> => {
      const cookie = cookies.map((text) => text.split(";")[0]).join("; ");
      return (await send(simulator, { path: LICENSES, headers: { cookie } })).status;
    };
    assert.equal(await status(session!, node!), 200);
    assert.equal(await status(node!, session!), 200);
    assert.equal(await status(session!), 401);
    assert.equal(await status(node!), 401);
    assert.equal(await status(session!, "SERVERID=node2"), 401);
    assert.equal(await status(), 401);
    await admin(simulator, "POST", "/revoke");
    assert.equal(await status(session!, node!), 401);
  });

  it("refuses a wrong password and an odd login", async () => {
    await start({});
    const reply = await logIn(simulator, "wrong");
    assert.equal(reply.status, 401);
    assert.deepEqual(reply.json(), {
      errors: [{ code: 401, message: "Wrong username or password", details: null }],
    });
    const login = (body: string, type = "application/json", path = "/api/v1/login/"): Promise<{ status: number }> =>
      send(simulator, { method: "POST", path, headers: { "content-type": type }, body });
    assert.equal((await login("")).status, 416);
    assert.equal((await login("[]")).status, 416);
    assert.equal((await login('{"username":"x"}')).status, 400);
    assert.equal((await login("{}", "text/plain")).status, 415);
    assert.equal((await login("{}", "application/json", "/api/v1/login")).status, 404);
    assert.equal((await send(simulator, { path: "/api/v1/login/" })).status, 405);
  });

  it("lists service packs only where asked, and use only where there is some", async () => {
    await start({
      groupServices: { Off: 0, "Off but used": { maximum: 0, currentlyAllocated: 2 }, On: 3 },
      userServices: { Packed: { unlimited: true, packsAllocated: 1 } },
      servicePacks: { Gold: { description: "d", maximumAllowed: "unlimited", allocated: 4, currentlyAllocated: 1 } },
    });
    const listed = {
      groupServices: [
        { name: "Off", allocated: { unlimited: false, maximum: 0 } },
        { name: "Off but used", allocated: { unlimited: false, maximum: 0 }, currentlyAllocated: 2 },
        { name: "On", allocated: { unlimited: false, maximum: 3 }, currentlyAllocated: 0 },
      ],
      userServices: [{ name: "Packed", allocated: { unlimited: true }, currentlyAllocated: 0, packsAllocated: 1 }],
    };
    const pack = { name: "Gold", description: "d", maximumAllowed: { unlimited: true } };
    const servicePacks = [{ ...pack, allocated: { unlimited: false, maximum: 4 }, currentlyAllocated: 1 }];
    assert.deepEqual((await call("GET", "foo")).json(), listed);
    assert.deepEqual((await call("GET", "foo", { includeServicePacks: false })).json(), listed);
    assert.deepEqual((await call("GET", "foo", { includeServicePacks: true })).json(), { servicePacks, ...listed });
  });

  const refusedReads: readonly (readonly [body: string, status: number])[] = [
    ["[]", 416],
    ["nonsense", 416],
    ['{"includeServicePacks":"yes"}', 400],
    ['{"include":true}', 400],
  ];
  for (const [body, status] of refusedReads) {
    it(`answers ${status} to a GET with ${body}`, async () => {
      await start({});
      assert.equal((await call("GET", "foo", body)).status, status);
    });
  }

  const refusedUpdates: readonly (readonly [body: unknown, status: number])[] = [
    ["", 416],
    ["{}", 416],
    ["[]", 416],
    ['{"groupServices":', 416],
    [{ groupServices: [] }, 400],
    [{ servicePacks: [] }, 400],
    [{ groupServices: { A: { unlimited: true } } }, 400],
    [put("A", { unlimited: false }), 400],
    [put("A", { unlimited: true, maximum: 5 }), 400],
    [put("A", { maximum: 5 }), 400],
    [put("A", { unlimited: false, maximum: -1 }), 400],
    [put("A", { unlimited: false, maximum: "5" }), 400],
    [put("A", { unlimited: "true" }), 400],
    [{ groupServices: [{ name: "A", allocated: { unlimited: true }, currentlyAllocated: 1 }] }, 400],
    [
      {
        groupServices: [
          { name: "A", allocated: { unlimited: true } },
          { name: "A", allocated: { unlimited: true } },
        ],
      },
      400,
    ],
  ];
  for (const [body, status] of refusedUpdates) {
    it(`answers ${status} to a PUT of ${JSON.stringify(body)}, and changes nothing`, async () => {
      await start({ groupServices: { A: 1 } });
      assert.equal((await call("PUT", "foo", body)).status, status);
      assert.deepEqual(await allocations(), { A: { unlimited: false, maximum: 1 } });
    });
  }

  it("changes only what a PUT names, and answers only the kinds that it names", async () => {
    await start({ groupServices: { A: 1, B: 2, C: "unlimited" }, userServices: { D: 4 } });
    const reply = await call("PUT", "foo", put("C", { unlimited: false, maximum: 7 }));
    assert.deepEqual([reply.status, reply.json()], [200, { groupServices: [{ name: "C", status: "updated" }] }]);
    assert.deepEqual(await allocations(), {
      A: { unlimited: false, maximum: 1 },
      B: { unlimited: false, maximum: 2 },
      C: { unlimited: false, maximum: 7 },
    });
  });

  it("updates the others where one fails, and says 207", async () => {
    await start({
      groupServices: {
        Good: 1,
        Bad: { maximum: 1, failOnUpdate: "locked" },
        Used: { maximum: 9, currentlyAllocated: 8 },
      },
    });
    const unlimited = { unlimited: true };
    const reply = await call("PUT", "foo", {
      groupServices: [
        { name: "Bad", allocated: unlimited },
        { name: "Used", allocated: { unlimited: false, maximum: 7 } },
        { name: "Unknown", allocated: unlimited },
        { name: "Good", allocated: unlimited },
      ],
    });
    assert.equal(reply.status, 207);
    assert.deepEqual(reply.json(), {
      groupServices: [
        { name: "Bad", status: "failed", details: "locked" },
        { name: "Used", status: "rejected", details: "maximum 7 is below the 8 allocated" },
        { name: "Unknown", status: "failed", details: "Unknown service" },
        { name: "Good", status: "updated" },
      ],
    });
    assert.deepEqual(await allocations(), {
      Good: unlimited,
      Bad: { unlimited: false, maximum: 1 },
      Used: { unlimited: false, maximum: 9 },
    });
  });

  it("can lie: a service that stays as it is, and one that the reply leaves out", async () => {
    await start({
      groupServices: { Stuck: { maximum: 1, ignoreUpdate: true }, Silent: { maximum: 1, omitFromReply: true } },
    });
    const stuck = await call("PUT", "foo", put("Stuck", { unlimited: true }));
    assert.deepEqual(stuck.json(), { groupServices: [{ name: "Stuck", status: "updated" }] });
    assert.deepEqual((await call("PUT", "foo", put("Silent", { unlimited: true }))).json(), { groupServices: [] });
    assert.deepEqual(await allocations(), { Stuck: { unlimited: false, maximum: 1 }, Silent: { unlimited: true } });
  });

  it("lets a maximum go below what is allocated where the seed says so", async () => {
    const tenant = { groupServices: { A: { maximum: 9, currentlyAllocated: 8 } } };
    await start(tenant, { belowCurrentlyAllocated: "accept" });
    assert.equal((await call("PUT", "foo", put("A", { unlimited: false, maximum: 1 }))).status, 200);
  });

  it("counts what service packs hand out as allocated, by the larger of the two figures", async () => {
    await start({ userServices: { A: { maximum: 10, currentlyAllocated: 2, packsAllocated: 7 } } });
    const update = (maximum: number): object => ({
      userServices: [{ name: "A", allocated: { unlimited: false, maximum } }],
    });
    const refused = { name: "A", status: "rejected", details: "maximum 6 is below the 7 allocated" };
    assert.deepEqual((await call("PUT", "foo", update(6))).json(), { userServices: [refused] });
    assert.equal((await call("PUT", "foo", update(7))).status, 200);
  });

  it("answers an unknown tenant with JSON, and a path without its slash with HTML", async () => {
    await start({});
    const unknown = await call("GET", "nobody");
    assert.equal(unknown.status, 404);
    assert.match(unknown.text, /"message":"Tenant 'nobody' not found"/);
    const wrong = await send(simulator, { path: "/api/v1/tenants/foo/licenses" });
    assert.equal(wrong.status, 404);
    assert.match(wrong.headers["content-type"]!, /html/);
  });

  it("knows tenants whose ids need encoding", async () => {
    await start({});
    await admin(simulator, "POST", "/tenants", { id: "a/b é", groupServices: { A: 1 } });
    assert.equal((await call("GET", encodeURIComponent("a/b é"))).status, 200);
  });

  it("refuses a query, another method and another content type", async () => {
    await start({ groupServices: { A: 1 } });
    assert.equal((await call("POST", "foo", {})).status, 405);
    const cookie = (await logIn(simulator)).headers["set-cookie"]!.map((text) => text.split(";")[0]).join("; ");
    assert.equal((await send(simulator, { path: `${LICENSES}?all=1`, headers: { cookie } })).status, 400);
    const headers = { cookie, "content-type": "text/json" };
    assert.equal((await send(simulator, { method: "PUT", path: LICENSES, headers, body: "{}" })).status, 415);
  });
});
