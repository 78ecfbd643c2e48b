import assert from "node:assert/strict";
import { Agent, request } from "node:https";

import { startSimulator, type Simulator } from "../../simulator";
import { selfSigned } from "./self-signed";
import {
  admin,
  customerSeed,
  GUID,
  livePlatform,
  type LivePlatformClient,
  logIn,
  type RawReply,
  send,
  tokenForm,
  until,
} from "./support";

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

  for (const status of [520, 521, 522, 523, 524, 530]) {
    it(`answers ${status} after the effect`, async () => {
      await arm({ kind: "statusAfter", status });
      assert.equal((await patch()).status, status);
      assert.equal(await hasEffect(), true);
    });
  }

  it("answers the 404 of a proxy in JSON", async () => {
    const body = { message: "no Route matched with those values" };
    await arm({ kind: "status", status: 404, body }, { method: "GET" });
    const reply = await call("GET", PATCH);
    assert.deepEqual([reply.status, reply.json()], [404, body]);
  });

  it("garbleAfter: writes bytes that are no HTTP, after the effect", async () => {
    await arm({ kind: "garbleAfter" });
    await assert.rejects(patch(), /Parse Error/);
    assert.equal(await hasEffect(), true);
    assert.equal((await log())[0]?.status, null);
  });

  for (const [layer, message] of [
    ["http", /Parse Error/],
    ["tls", /SSL routines/],
  ] as const) {
    it(`garbleAfter: breaks the ${layer} layer of a connection over TLS, after the effect`, async () => {
      await simulator.close();
      const tls = selfSigned();
      const seed = customerSeed({ licenseType: 1, licensedUsersCount: 1 });
      simulator = await startSimulator({ tls, seed });
      const agent = new Agent({ ca: tls.cert });
      const ask = (method: string, path: string, headers: object, body?: string): Promise<string> =>
        new Promise((resolve, reject) => {
          const call = request(`${simulator.url}${path}`, { method, headers: { ...headers }, agent }, (reply) => {
            const chunks: Buffer[] = [];
            reply.on("data", (chunk: Buffer) => chunks.push(chunk));
            reply.once("end", () => {
              resolve(Buffer.concat(chunks).toString());
            });
          });
          call.once("error", reject);
          call.end(body);
        });
      const json = { "content-type": "application/json" };
      const tokenPath = new URL(simulator.environment["LIVE_PLATFORM_AUTH_URL"]!).pathname;
      const form = { "content-type": "application/x-www-form-urlencoded" };
      const reply = JSON.parse(await ask("POST", tokenPath, form, tokenForm(simulator))) as { access_token: string };
      const rule = JSON.stringify({ method: "PATCH", path: ".", fault: { kind: "garbleAfter", layer } });
      await ask("POST", "/_simulator/faults", json, rule);
      const headers = { ...json, authorization: `Bearer ${reply.access_token}` };
      const body = JSON.stringify({ licenseType: 2, licensedUsersCount: 9 });
      await assert.rejects(ask("PATCH", `/tenantui${PATCH}`, headers, body), message);
      assert.match(await ask("GET", "/_simulator/state", {}), /"licenseType":2,/);
      agent.destroy();
    });
  }

  it("empties the lists of an answer", async () => {
    await arm({ kind: "malformed", how: "emptyLists" }, { method: "GET", path: "/customer$" });
    assert.equal((await call("GET", "/api/v3/customer")).text, "[]");
    await arm({ kind: "malformed", how: "emptyLists" }, { method: "GET", path: "/tenants/" });
    await admin(simulator, "POST", "/tenants", { id: "foo" });
    const cookie = (await logIn(simulator)).headers["set-cookie"]!.map((text) => text.split(";")[0]).join("; ");
    assert.equal((await send(simulator, { path: "/api/v1/tenants/", headers: { cookie } })).text, '{"tenants":[]}');
  });

  it("writes an answer in ISO-8859-1", async () => {
    await admin(simulator, "PATCH", `/customers/${GUID}`, { fullName: "Café" });
    await arm({ kind: "malformed", how: "latin1" }, { method: "GET" });
    const reply = await call("GET", PATCH);
    assert.equal(reply.headers["content-type"], "application/json; charset=ISO-8859-1");
    assert.match(reply.text, /Caf\ufffd/);
    assert.equal(Number(reply.headers["content-length"]), Buffer.byteLength(reply.text.replace("\ufffd", "e")));
  });

  it("adds headers to an answer", async () => {
    const headers = { "Retry-After": "900", "Set-Cookie": ["a=1", "b=2"] };
    await arm({ kind: "headers", headers }, { method: "GET" });
    const reply = await call("GET", PATCH);
    assert.equal(reply.status, 200);
    assert.deepEqual([reply.headers["retry-after"], reply.headers["set-cookie"]], ["900", ["a=1", "b=2"]]);
  });

  it("answers the first rows of a list, and announces more in three ways", async () => {
    const other = "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601";
    await admin(simulator, "POST", "/customers", { guid: other, licenseType: 5 });
    const page = async (announcedBy: string): Promise<RawReply> => {
      await arm({ kind: "page", rows: 1, announcedBy }, { method: "GET", path: "/customer$" });
      return call("GET", "/api/v2/customer");
    };
    const row = { Id: GUID, ShortName: "d5253892", FullName: "d5253892", LicenseType: 1 };
    const [link, total, envelope] = [await page("link"), await page("totalCount"), await page("envelope")];
    assert.deepEqual(link.json(), [row]);
    assert.match(String(link.headers["link"]), /rel="next"/);
    assert.deepEqual([total.json(), total.headers["x-total-count"]], [[row], "2"]);
    assert.deepEqual(envelope.json(), { currentPage: 1, totalPages: 2, data: [row] });
  });

  it("edits what the systems hold when a request arrives, and lets the next fault fire", async () => {
    const edit = { customers: { [GUID]: { fullName: "Renamed" } }, settings: { taskDuration: "1h" } };
    await arm({ kind: "edit", ...edit }, { method: "GET" });
    await arm({ kind: "delay", ms: 0 }, { method: "GET" });
    const row = (await call("GET", PATCH)).json() as Record<string, unknown>;
    assert.equal(row["CustomerFullName"], "Renamed");
    const { settings } = (await admin(simulator, "GET", "/state")) as { settings: Record<string, unknown> };
    assert.equal(settings["taskDurationMs"], 3_600_000);
    assert.equal((await log())[0]?.fault, "edit (fault 1), delay 0 ms (fault 2)");
  });

  it("edits after a call has had its effect, where that is asked for", async () => {
    await arm({ kind: "edit", when: "after", customers: { [GUID]: { licenseType: 5 } } });
    assert.equal((await patch()).text, "1");
    const row = (await call("GET", PATCH)).json() as Record<string, unknown>;
    assert.deepEqual([row["LicenseType"], row["LicensedUsersCount"]], [5, 9]);
  });

  it("edits before a fault in place of the call, too", async () => {
    await arm({ kind: "edit", customers: { [GUID]: null } });
    await arm({ kind: "status", status: 503 });
    assert.equal((await patch()).status, 503);
    assert.equal((await call("GET", PATCH)).status, 404);
  });

  it("edits tenants, and removes them", async () => {
    await admin(simulator, "POST", "/tenants", { id: "foo", groupServices: { A: 1 } });
    await admin(simulator, "POST", "/tenants", { id: "bar" });
    await arm({ kind: "edit", tenants: { foo: { groupServices: { A: { currentlyAllocated: 1 } } }, bar: null } });
    await patch();
    const { tenants } = (await admin(simulator, "GET", "/state")) as {
      tenants: Record<string, { groupServices: Record<string, { currentlyAllocated: number }> }>;
    };
    assert.deepEqual(Object.keys(tenants), ["foo"]);
    assert.equal(tenants["foo"]?.groupServices["A"]?.currentlyAllocated, 1);
  });

  it("says so where an edit cannot be made", async () => {
    await arm({ kind: "edit", tenants: { nobody: {} } });
    const reply = await patch();
    assert.equal(reply.status, 500);
    assert.match(reply.text, /The simulator itself failed: There is no tenant nobody/);
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
