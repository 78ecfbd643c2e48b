import assert from "node:assert/strict";

import { startSimulator, type Simulator } from "../../simulator";
import { admin, customerSeed, GUID, livePlatform, type LivePlatformClient, type RawReply, until } from "./support";

const PATCH = `/api/v3/customer/${GUID}`;
const HUNG = Symbol("hung");

interface Logged {
  readonly method: string;
  readonly status: number | null;
  readonly fault?: string;
}

describe("simulator: faults", () => {
  let simulator: Simulator;
  let call: LivePlatformClient;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: customerSeed({ licenseType: 1, licensedUsersCount: 1 }) });
    call = await livePlatform(simulator);
    await admin(simulator, "DELETE", "/requests");
  });

  afterEach(() => simulator.close());

  function arm(fault: object, rule: object = {}): Promise<unknown> {
    return admin(simulator, "POST", "/faults", { method: "PATCH", path: "/customer/", ...rule, fault });
  }

  function patch(): Promise<RawReply> {
    return call("PATCH", PATCH, { licenseType: 2, licensedUsersCount: 9 });
  }

  async function hasEffect(): Promise<boolean> {
    const { customers } = (await admin(simulator, "GET", "/state")) as { customers: { licenseType: number }[] };
    return customers[0]?.licenseType === 2;
  }

  function log(): Promise<Logged[]> {
    return admin(simulator, "GET", "/requests") as Promise<Logged[]>;
  }

  it("answers a status in place of the call", async () => {
    await arm({ kind: "status", status: 503, retryAfter: 7, body: { title: "Busy" } });
    const reply = await patch();
    assert.deepEqual([reply.status, reply.headers["retry-after"], reply.json()], [503, "7", { title: "Busy" }]);
    assert.equal(await hasEffect(), false);
    assert.equal((await log())[0]?.fault, "status 503 (fault 1)");
  });

  it("answers a status with text, a type and a date to come back", async () => {
    const retryAfter = "Wed, 21 Oct 2099 07:28:00 GMT";
    await arm({ kind: "status", status: 429, retryAfter, text: "<p>slow</p>", contentType: "text/html" });
    const reply = await patch();
    assert.equal(reply.text, "<p>slow</p>");
    assert.deepEqual([reply.headers["retry-after"], reply.headers["content-type"]], [retryAfter, "text/html"]);
  });

  it("answers a status after the effect", async () => {
    await arm({ kind: "statusAfter", status: 502 });
    assert.equal((await patch()).status, 502);
    assert.equal(await hasEffect(), true);
  });

  for (const [kind, effect] of [
    ["dropBefore", false],
    ["dropAfter", true],
  ] as const) {
    it(`${kind}: drops the connection, ${effect ? "after" : "before"} the effect`, async () => {
      await arm({ kind });
      await assert.rejects(patch(), /socket hang up|ECONNRESET/);
      assert.equal(await hasEffect(), effect);
      assert.equal((await log())[0]?.status, null);
    });
  }

  for (const [kind, effect] of [
    ["hangBefore", false],
    ["hangAfter", true],
  ] as const) {
    it(`${kind}: never answers, and does not keep the simulator from closing`, async () => {
      await arm({ kind });
      const pending = patch().then(
        (reply) => reply.status,
        () => HUNG,
      );
      await until(async () => (await log()).length === 1);
      assert.equal(await hasEffect(), effect);
      await simulator.close();
      assert.equal(await pending, HUNG);
    });
  }

  const malformed: Readonly<Record<string, RegExp>> = {
    html: /^<!DOCTYPE html>/,
    empty: /^$/,
    truncated: /^\{$/,
    wrongTypes: /^"forty-two"$/,
  };
  for (const [how, text] of Object.entries(malformed)) {
    it(`malformed ${how}: works, and answers 200 with what cannot be read`, async () => {
      await arm({ kind: "malformed", how });
      const reply = await patch();
      assert.equal(reply.status, 200);
      assert.match(reply.text, text);
      assert.equal(await hasEffect(), true);
    });
  }

  it("gives fields wrong types and keeps the shape", async () => {
    await arm({ kind: "malformed", how: "wrongTypes" }, { method: "GET" });
    const row = (await call("GET", PATCH)).json() as Record<string, unknown>;
    assert.deepEqual([row["UmpCustomerGuid"], row["LicenseType"], row["MsTenantId"]], [42, "forty-two", []]);
  });

  it("cuts a longer body in half", async () => {
    await arm({ kind: "malformed", how: "truncated" }, { method: "GET" });
    const reply = await call("GET", PATCH);
    assert.match(reply.text, /^\{"UmpCustomerGuid"/);
    assert.throws(() => reply.json());
  });

  it("redirects", async () => {
    await arm({ kind: "redirect", location: "http://127.0.0.1:9/" });
    const reply = await patch();
    assert.deepEqual([reply.status, reply.headers.location], [302, "http://127.0.0.1:9/"]);
    assert.equal(await hasEffect(), false);
  });

  it("delays, and lets the next fault fire on the same request", async () => {
    await arm({ kind: "delay", ms: 30 }, { count: 2 });
    await arm({ kind: "status", status: 500 });
    const start = performance.now();
    assert.equal((await patch()).status, 500);
    assert.ok(performance.now() - start >= 25);
    assert.equal((await patch()).status, 200);
    assert.equal((await log())[0]?.fault, "delay 30 ms (fault 1), status 500 (fault 2)");
  });

  it("fires as often as asked, after as many as are to be skipped", async () => {
    await arm({ kind: "status", status: 500 }, { count: 2, skip: 1 });
    const statuses = [];
    for (let n = 0; n < 5; n += 1) {
      statuses.push((await patch()).status);
    }
    assert.deepEqual(statuses, [200, 500, 500, 200, 200]);
    const [armed] = (await admin(simulator, "GET", "/faults")) as { fired: number }[];
    assert.equal(armed?.fired, 2);
  });

  it("fires for ever with -1, until cleared", async () => {
    await arm({ kind: "status", status: 500 }, { count: -1 });
    assert.deepEqual([(await patch()).status, (await patch()).status], [500, 500]);
    await admin(simulator, "DELETE", "/faults");
    assert.equal((await patch()).status, 200);
  });

  it("fires for its method and path only", async () => {
    await arm({ kind: "status", status: 500 }, { count: -1 });
    await admin(simulator, "POST", "/faults", { path: "/v2/customer$", fault: { kind: "status", status: 501 } });
    assert.equal((await call("GET", PATCH)).status, 200);
    assert.equal((await call("GET", "/api/v2/customer")).status, 501);
  });

  const refused: readonly (readonly [object, RegExp])[] = [
    [{ path: "(", fault: { kind: "dropAfter" } }, /path: not a regular expression/],
    [{ path: ".", fault: { kind: "explode" } }, /fault\.kind/],
    [{ path: ".", fault: { kind: "status" } }, /fault\.status/],
    [{ path: ".", count: 0, fault: { kind: "dropAfter" } }, /count: /],
    [{ path: ".", times: 1, fault: { kind: "dropAfter" } }, /times/],
  ];
  for (const [rule, message] of refused) {
    it(`refuses the rule ${JSON.stringify(rule)}`, async () => {
      await assert.rejects(admin(simulator, "POST", "/faults", rule), message);
    });
  }
});
