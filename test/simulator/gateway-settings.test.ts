import assert from "node:assert/strict";

import type { Simulator } from "../../simulator";
import { launch } from "../../simulator/server";
import { admin, gateway, type GatewayClient, HandClock, logIn, logInToCore, type RawReply, send } from "./support";

const LICENSES = "/api/v1/tenants/foo/licenses/";
const TENANT = {
  groupServices: {
    Good: 1,
    Bad: { maximum: 1, failOnUpdate: "locked" },
    Later: 1,
  },
  servicePacks: { Gold: { maximumAllowed: "unlimited", allocated: 4, currentlyAllocated: 1 } },
};
const UNLIMITED = { unlimited: true };
const UPDATE = { groupServices: ["Good", "Bad", "Later"].map((name) => ({ name, allocated: UNLIMITED })) };

describe("simulator: how the gateway can be set to behave", () => {
  let simulator: Simulator;
  let call: GatewayClient;
  let clock: HandClock;

  async function start(settings: object = {}, tenant: object = {}): Promise<void> {
    clock = new HandClock();
    const seed = { gateway: { tenants: { foo: { ...TENANT, ...tenant } }, ...settings } };
    simulator = await launch({ seed }, clock.now);
    call = await gateway(simulator);
  }

  afterEach(() => simulator.close());

  async function held(): Promise<unknown[]> {
    const { tenants } = (await admin(simulator, "GET", "/state")) as {
      tenants: Record<string, { groupServices: Record<string, { unlimited: boolean }> }>;
    };
    return Object.entries(tenants["foo"]!.groupServices).flatMap(([name, { unlimited }]) => (unlimited ? [name] : []));
  }

  async function query(text: string, body?: string): Promise<RawReply> {
    const cookie = (await logIn(simulator)).headers["set-cookie"]!.map((part) => part.split(";")[0]).join("; ");
    const headers = { cookie, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    return send(simulator, { path: `${LICENSES}${text}`, headers, ...(body === undefined ? {} : { body }) });
  }

  describe("a GET of licences", () => {
    it("takes the query of the vendor's client in place of the body", async () => {
      await start();
      const inBody = await call("GET", "foo", { includeServicePacks: true });
      assert.equal((await query("?includeServicePacks=true")).text, inBody.text);
      assert.deepEqual(Object.keys((await query("?includeServicePacks=false")).json() as object), [
        "groupServices",
        "userServices",
      ]);
    });

    for (const text of ["?includeServicePacks=yes", "?includeServicePacks", "?includeServicePacks=true&page=2"]) {
      it(`refuses ${text}`, async () => {
        await start();
        assert.equal((await query(text)).status, 400);
      });
    }

    it("refuses body and query together", async () => {
      await start();
      assert.equal((await query("?includeServicePacks=true", '{"includeServicePacks":true}')).status, 400);
    });

    for (const [getBody, status] of [
      ["forbidden", 403],
      ["badRequest", 400],
    ] as const) {
      it(`with a body is answered ${status} by a web page where getBody is ${getBody}, and passes with a query`, async () => {
        await start({ getBody });
        const refused = await call("GET", "foo", { includeServicePacks: true });
        assert.equal(refused.status, status);
        assert.match(refused.headers["content-type"]!, /html/);
        assert.equal((await query("?includeServicePacks=true")).status, 200);
        assert.equal((await call("GET", "foo")).status, 200);
      });
    }

    it("shows service packs with their limits and use", async () => {
      await start();
      const { servicePacks } = (await query("?includeServicePacks=true")).json() as { servicePacks: unknown };
      assert.deepEqual(servicePacks, [
        {
          name: "Gold",
          description: "",
          maximumAllowed: UNLIMITED,
          allocated: { unlimited: false, maximum: 4 },
          currentlyAllocated: 1,
        },
      ]);
    });
  });

  describe("a PUT in which one service is refused", () => {
    const results = [
      { name: "Good", status: "updated" },
      { name: "Bad", status: "failed", details: "locked" },
      { name: "Later", status: "updated" },
    ];
    for (const [refusedServices, status] of [
      ["results207", 207],
      ["results400", 400],
    ] as const) {
      it(`is answered ${status} with all results where refusedServices is ${refusedServices}`, async () => {
        await start({ refusedServices });
        const reply = await call("PUT", "foo", UPDATE);
        assert.deepEqual([reply.status, reply.json()], [status, { groupServices: results }]);
        assert.deepEqual(await held(), ["Good", "Later"]);
      });
    }

    for (const [broadworksErrors, isList] of [
      ["keyed", false],
      ["list", true],
    ] as const) {
      it(`is answered with the error of BroadWorks, ${broadworksErrors}, and done up to that service`, async () => {
        await start({ refusedServices: "broadworks", broadworksErrors });
        const reply = await call("PUT", "foo", UPDATE);
        assert.equal(reply.status, 400);
        const { errors } = reply.json() as {
          errors: { details: { errors: Record<string, Record<string, unknown>> } }[];
        };
        const inner = errors[0]!.details.errors;
        assert.equal(Array.isArray(inner), isList);
        assert.deepEqual(Object.keys(inner["0"]!), ["error_code", "level", "summary", "detail"]);
        assert.match(String(inner["0"]!["summary"]), /Bad: locked/);
        assert.deepEqual(await held(), ["Good"]);
      });
    }
  });

  it("lets BroadWorks refuse every PUT to a tenant, and changes nothing", async () => {
    await start({}, { refuseUpdate: "Service provider is being migrated" });
    const reply = await call("PUT", "foo", UPDATE);
    assert.equal(reply.status, 400);
    assert.match(reply.text, /"summary":"\[Error 4962\] Service provider is being migrated"/);
    assert.deepEqual(await held(), []);
    await admin(simulator, "PATCH", "/tenants/foo", { refuseUpdate: null });
    assert.equal((await call("PUT", "foo", UPDATE)).status, 207);
  });

  it("uses another word for what was updated, where that is set", async () => {
    await start({ updatedStatus: "OK" });
    const reply = await call("PUT", "foo", { groupServices: [{ name: "Good", allocated: UNLIMITED }] });
    assert.deepEqual([reply.status, reply.json()], [200, { groupServices: [{ name: "Good", status: "OK" }] }]);
  });

  it("shows an accepted PUT late, where that is set", async () => {
    await start();
    await admin(simulator, "PATCH", "/settings", { visibleAfterMs: 20_000 });
    await call("PUT", "foo", UPDATE);
    assert.deepEqual(await held(), ["Good", "Later"]);
    const shown = async (): Promise<boolean> => (await call("GET", "foo")).text.includes('"unlimited":true');
    clock.advance(19_999);
    assert.equal(await shown(), false);
    clock.advance(1);
    assert.equal(await shown(), true);
  });

  const shapes: readonly (readonly [shape: string, body: string])[] = [
    ["errors", `{"errors":[{"code":404,"message":"Tenant 'nobody' not found","details":null}]}`],
    ["details", `{"details":"Tenant 'nobody' not found"}`],
    ["list", `[{"code":404,"message":"Tenant 'nobody' not found"}]`],
    ["text", "Tenant 'nobody' not found"],
  ];
  for (const [errorShape, body] of shapes) {
    it(`writes an error as ${body} where errorShape is ${errorShape}`, async () => {
      await start({ errorShape });
      const reply = await call("GET", "nobody");
      assert.deepEqual([reply.status, reply.text], [404, body]);
    });
  }

  for (const auditKey of ["_internal_record_id", "_record_internal_id"]) {
    it(`adds ${auditKey} to every reply, errors too, each with its own id`, async () => {
      await start({ auditKey });
      const replies = [
        await call("GET", "foo"),
        await call("PUT", "foo", UPDATE),
        await call("GET", "nobody"),
        await logIn(simulator, "wrong"),
        await logInToCore(simulator),
      ];
      const ids = replies.map((reply) => (reply.json() as Record<string, unknown>)[auditKey]);
      assert.ok(ids.every((id) => typeof id === "string"));
      assert.equal(new Set(ids).size, ids.length);
    });
  }
});
