import assert from "node:assert/strict";

import type { JournalEntry, Simulator } from "../../simulator";
import { launch } from "../../simulator/server";
import {
  admin,
  customerSeed,
  gateway,
  GUID,
  HandClock,
  livePlatform,
  logIn,
  requestToken,
  send,
  tokenForm,
  until,
} from "./support";

const SEED = {
  ...(customerSeed({ licenseType: 1 }) as object),
  gateway: { tenants: { foo: { groupServices: { A: 1 } }, bar: { groupServices: { A: 1 } } } },
};
const UPDATE = { groupServices: [{ name: "A", allocated: { unlimited: true } }] };

describe("simulator: the log of requests", () => {
  let simulator: Simulator;
  let clock: HandClock;
  let told: JournalEntry[];

  beforeEach(async () => {
    clock = new HandClock();
    told = [];
    simulator = await launch({ seed: SEED, onRequest: (entry) => told.push(entry) }, clock.now);
  });

  afterEach(() => simulator.close());

  function log(query = ""): Promise<JournalEntry[]> {
    return admin(simulator, "GET", `/requests${query}`) as Promise<JournalEntry[]>;
  }

  it("keeps what was asked and answered, in order, without secrets", async () => {
    const call = await livePlatform(simulator);
    const app = { applicationClientId: GUID, applicationClientSecret: "s3cret-app" };
    const body = { licenseType: 2, licensedUsersCount: 1, ...app };
    await call("PATCH", `/api/v3/customer/${GUID}`, body);
    await call("PATCH", `/api/v3/customer/${GUID}`, '{"applicationClientSecret": "s3cret-app", unclosed');
    await logIn(simulator, "s3cret-password");
    await send(simulator, { path: "/elsewhere?x=1&y" });
    const entries = await log();
    assert.doesNotMatch(JSON.stringify(entries), /s3cret|simulator-client-secret/);
    assert.deepEqual(
      entries.map(({ n, api, method, path, query, status }) => [n, api, method, path, query, status]),
      [
        [1, "token", "POST", new URL(simulator.environment["LIVE_PLATFORM_AUTH_URL"]!).pathname, "", 200],
        [2, "livePlatform", "PATCH", `/tenantui/api/v3/customer/${GUID}`, "", 200],
        [3, "livePlatform", "PATCH", `/tenantui/api/v3/customer/${GUID}`, "", 400],
        [4, "login", "POST", "/api/v1/login/", "", 401],
        [5, "unknown", "GET", "/elsewhere", "x=1&y", 404],
      ],
    );
    assert.deepEqual(entries[1]?.body, { ...body, applicationClientSecret: "[secret]" });
    assert.equal(entries[1].at, "2026-03-01T12:00:00.000Z");
    assert.equal(entries[2]?.body, '{"applicationClientSecret": "[secret]", unclosed');
    assert.equal(entries[4]?.body, null);
  });

  it("gives raw bodies to the byte", async () => {
    const call = await livePlatform(simulator);
    const body = '{ "licenseType" : 2,\n\t"é": "\\u00e9" }';
    await call("PATCH", `/api/v3/customer/${GUID}`, body);
    assert.equal((await send(simulator, { path: "/_simulator/requests/raw?n=2" })).text, body);
    assert.equal((await send(simulator, { path: "/_simulator/requests/raw?n=9" })).status, 404);
    assert.equal((await send(simulator, { path: "/_simulator/requests/raw?n=x" })).status, 400);
  });

  it("shows what came since a number, and counts on after it was cleared", async () => {
    for (let n = 0; n < 3; n += 1) {
      await logIn(simulator);
    }
    assert.deepEqual(
      (await log("?since=2")).map(({ n }) => n),
      [3],
    );
    await admin(simulator, "DELETE", "/requests");
    assert.deepEqual(await log(), []);
    await logIn(simulator);
    assert.deepEqual(
      (await log()).map(({ n }) => n),
      [4],
    );
  });

  it("tells the caller of each request, once, when it is done", async () => {
    await logIn(simulator);
    await until(() => Promise.resolve(told.length === 1));
    assert.deepEqual([told[0]?.path, told[0]?.status], ["/api/v1/login/", 200]);
  });

  it("scolds whoever calls a host again before Retry-After is over", async () => {
    const rule = { path: "/login/", fault: { kind: "status", status: 429, retryAfter: 2 } };
    await admin(simulator, "POST", "/faults", rule);
    await logIn(simulator);
    clock.advance(500);
    const call = await gateway(simulator);
    await requestToken(simulator, tokenForm(simulator));
    clock.advance(1_500);
    await call("GET", "foo");
    assert.deepEqual(
      (await log()).map(({ path, scolded }) => [path.split("/").at(-2), scolded]),
      [
        ["login", undefined],
        ["login", "called again 1500 ms before Retry-After"],
        ["v2.0", undefined],
        ["licenses", undefined],
      ],
    );
  });

  it("scolds for a date as well", async () => {
    const retryAfter = new Date(clock.now() + 60_000).toUTCString();
    await admin(simulator, "POST", "/faults", { path: ".", fault: { kind: "status", status: 503, retryAfter } });
    await logIn(simulator);
    await logIn(simulator);
    assert.equal((await log())[1]?.scolded, "called again 60000 ms before Retry-After");
  });

  it("dates its answers by the simulator's clock", async () => {
    clock.advance(3_600_000);
    assert.equal((await logIn(simulator)).headers.date, new Date(clock.now()).toUTCString());
  });

  it("forgets who was told to wait, at a reset", async () => {
    const rule = { path: ".", fault: { kind: "status", status: 503, retryAfter: 60 } };
    await admin(simulator, "POST", "/faults", rule);
    await logIn(simulator);
    await admin(simulator, "POST", "/reset");
    await logIn(simulator);
    const entries = await log();
    assert.deepEqual(
      entries.map(({ n, scolded }) => [n, scolded]),
      [[1, undefined]],
    );
  });

  it("counts the other PUTs at work on the same tenant", async () => {
    const call = await gateway(simulator);
    const rule = { method: "PUT", path: "foo", count: 2, fault: { kind: "hangBefore" } };
    await admin(simulator, "POST", "/faults", rule);
    const hung = [call("PUT", "foo", UPDATE), call("PUT", "foo", UPDATE)].map((pending) =>
      pending.catch(() => undefined),
    );
    const puts = async (): Promise<JournalEntry[]> => (await log()).filter(({ method }) => method === "PUT");
    await until(async () => (await puts()).length === 2);
    await call("PUT", "foo", UPDATE);
    await call("PUT", "bar", UPDATE);
    assert.deepEqual(
      (await puts()).map(({ inFlightSameTenant }) => inFlightSameTenant),
      [0, 1, 2, 0],
    );
    await simulator.close();
    await Promise.all(hung);
  });

  it("refuses more than the rate allows, for each host by itself", async () => {
    await admin(simulator, "PATCH", "/settings", { rateLimitPerSecond: 2 });
    const statuses = [];
    for (let n = 0; n < 3; n += 1) {
      statuses.push((await logIn(simulator)).status);
    }
    assert.deepEqual(statuses, [200, 200, 429]);
    assert.equal((await requestToken(simulator, tokenForm(simulator))).status, 200);
    clock.advance(1_000);
    const reply = await logIn(simulator);
    assert.equal(reply.status, 200);
    assert.deepEqual(
      (await log()).map(({ scolded }) => scolded),
      [undefined, undefined, undefined, undefined, undefined],
    );
  });
});
