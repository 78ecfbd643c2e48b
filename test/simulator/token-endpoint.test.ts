import assert from "node:assert/strict";

import { startSimulator, type Simulator } from "../../simulator";
import { launch } from "../../simulator/server";
import { HandClock, requestToken, send, tokenForm } from "./support";

describe("simulator: the token endpoint", () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator();
  });

  afterEach(() => simulator.close());

  it("gives out a Bearer token with its lifetime", async () => {
    const reply = await requestToken(simulator, tokenForm(simulator));
    const { access_token: token, ...rest } = reply.json() as Record<string, unknown>;
    assert.deepEqual(rest, { token_type: "Bearer", expires_in: 3599 });
    assert.equal(typeof token, "string");
  });

  const refusals: readonly (readonly [string, Readonly<Record<string, string | undefined>>, number, RegExp])[] = [
    ["no grant_type", { grant_type: undefined }, 400, /AADSTS900144.*grant_type/],
    ["no client_id", { client_id: undefined }, 400, /AADSTS900144.*client_id/],
    ["no client_secret", { client_secret: undefined }, 400, /AADSTS900144.*client_secret/],
    ["no scope", { scope: undefined }, 400, /AADSTS900144.*scope/],
    ["another grant", { grant_type: "password" }, 400, /AADSTS70003/],
    ["an unknown client", { client_id: "nobody" }, 400, /AADSTS700016.*nobody/],
    ["a wrong secret", { client_secret: "wrong" }, 401, /AADSTS7000215/],
    ["another scope", { scope: "api://other/.default" }, 400, /AADSTS70011/],
    ["an unknown parameter", { resource: "x" }, 400, /Unexpected parameter 'resource'/],
  ];
  for (const [what, changes, status, description] of refusals) {
    it(`refuses ${what}`, async () => {
      const reply = await requestToken(simulator, tokenForm(simulator, changes));
      assert.equal(reply.status, status);
      assert.match(String((reply.json() as Record<string, unknown>)["error_description"]), description);
    });
  }

  it("refuses JSON, another directory and another method", async () => {
    const path = new URL(simulator.environment["LIVE_PLATFORM_AUTH_URL"]!).pathname;
    const body = tokenForm(simulator);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const json = { "content-type": "application/json" };
    assert.equal((await send(simulator, { method: "POST", path, headers: json, body: "{}" })).status, 400);
    const elsewhere = { method: "POST", path: "/elsewhere/oauth2/v2.0/token", headers: form, body };
    assert.match((await send(simulator, elsewhere)).text, /AADSTS90002/);
    assert.equal((await send(simulator, { method: "GET", path })).status, 405);
  });

  it("lets a token expire", async () => {
    await simulator.close();
    const clock = new HandClock();
    simulator = await launch({ seed: { livePlatform: { tokenLifetimeSeconds: 10 } } }, clock.now);
    const reply = (await requestToken(simulator, tokenForm(simulator))).json() as Record<string, unknown>;
    assert.equal(reply["expires_in"], 10);
    const headers = { authorization: `Bearer ${String(reply["access_token"])}` };
    const status = async (): Promise<number> =>
      (await send(simulator, { path: "/tenantui/api/v3/customer", headers })).status;
    clock.advance(9_999);
    assert.equal(await status(), 200);
    clock.advance(1);
    assert.equal(await status(), 401);
  });
});
