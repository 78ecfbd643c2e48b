import assert from "node:assert/strict";

import { startSimulator, type Simulator } from "../../simulator";
import { launch } from "../../simulator/server";
import { admin, getWithToken, HandClock, logIn, logInToCore, send } from "./support";

const TENANTS = "/api/v01/p1/tenants/";
const RENEWAL = "/api/v01/auth/access_token";

interface CoreTokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token?: string;
}

describe("simulator: APIO Core in front of the gateway", () => {
  let simulator: Simulator;
  let clock: HandClock;

  async function start(gateway: object = {}): Promise<void> {
    clock = new HandClock();
    simulator = await launch(
      { seed: { gateway: { tenants: { foo: { groupServices: { A: 1 } } }, ...gateway } } },
      clock.now,
    );
  }

  afterEach(() => simulator.close());

  async function tokens(): Promise<CoreTokens> {
    const reply = await logInToCore(simulator);
    assert.equal(reply.status, 200);
    return reply.json() as CoreTokens;
  }

  async function status(path: string, token?: string): Promise<number> {
    return (await getWithToken(simulator, path, token)).status;
  }

  it("logs in with tokens, which open the gateway's calls below its prefix", async () => {
    await start();
    const { access_token: access } = await tokens();
    const licenses = await getWithToken(simulator, `${TENANTS}foo/licenses/`, access);
    assert.deepEqual((licenses.json() as Record<string, unknown>)["groupServices"], [
      { name: "A", allocated: { unlimited: false, maximum: 1 }, currentlyAllocated: 0 },
    ]);
    const body = JSON.stringify({ groupServices: [{ name: "A", allocated: { unlimited: true } }] });
    const headers = { authorization: `Bearer ${access}`, "content-type": "application/json" };
    const put = await send(simulator, { method: "PUT", path: `${TENANTS}foo/licenses/`, headers, body });
    assert.deepEqual(put.json(), { groupServices: [{ name: "A", status: "updated" }] });
    assert.equal(await status(TENANTS, access), 200);
    assert.equal(await status("/api/v01/p1/system/licensing/", access), 200);
  });

  it("takes each way's own credential only", async () => {
    await start();
    const { access_token: access, refresh_token: refresh } = await tokens();
    const cookie = (await logIn(simulator)).headers["set-cookie"]!.map((text) => text.split(";")[0]).join("; ");
    assert.equal((await send(simulator, { path: "/api/v1/tenants/", headers: { cookie } })).status, 200);
    assert.equal((await send(simulator, { path: TENANTS, headers: { cookie } })).status, 401);
    assert.equal(await status("/api/v1/tenants/", access), 401);
    assert.equal(await status(TENANTS, refresh), 401);
    assert.equal(await status(RENEWAL, access), 401);
    assert.deepEqual(Object.keys((await getWithToken(simulator, TENANTS)).json() as object), ["error"]);
  });

  it("renews an expired access token until the refresh token expires too", async () => {
    await start({ accessTokenLifetimeSeconds: 10, refreshTokenLifetimeSeconds: 25 });
    const { access_token: first, refresh_token: refresh } = await tokens();
    clock.advance(9_999);
    assert.equal(await status(TENANTS, first), 200);
    clock.advance(1);
    assert.equal(await status(TENANTS, first), 401);
    const renewed = await getWithToken(simulator, RENEWAL, refresh);
    assert.deepEqual(Object.keys(renewed.json() as object), ["access_token"]);
    const { access_token: second } = renewed.json() as CoreTokens;
    assert.notEqual(second, first);
    assert.equal(await status(TENANTS, second), 200);
    clock.advance(15_000);
    assert.equal(await status(RENEWAL, refresh), 401);
  });

  it("revokes tokens of either kind, and lets the next login in", async () => {
    await start();
    const { access_token: access, refresh_token: refresh } = await tokens();
    await admin(simulator, "POST", "/revoke");
    assert.deepEqual([await status(TENANTS, access), await status(RENEWAL, refresh)], [401, 401]);
    assert.equal(await status(TENANTS, (await tokens()).access_token), 200);
  });

  it("takes a user's machine-to-machine token until an administrator lets it expire", async () => {
    await start({ users: [{ username: "u", password: "p", token: "machine" }] });
    assert.equal((await tokens()).token, "machine");
    assert.equal(await status(TENANTS, "machine"), 200);
    await admin(simulator, "PATCH", "/settings", { machineTokens: "expired" });
    assert.equal(await status(TENANTS, "machine"), 401);
  });

  it("gives no machine-to-machine token to a user without one", async () => {
    await start({ users: [{ username: "u", password: "p" }] });
    assert.deepEqual(Object.keys(await tokens()), ["access_token", "refresh_token"]);
  });

  it("asks for a second factor with 200 and without a token, where that is set", async () => {
    await start({ coreLogin: "twoFactor" });
    const reply = await logInToCore(simulator);
    assert.equal(reply.status, 200);
    assert.deepEqual(Object.keys(reply.json() as object), ["2fa_payload", "option"]);
    assert.equal((await logInToCore(simulator, { password: "wrong" })).status, 401);
  });

  it("asks for a new password with 403 and error_code 1, where that is set", async () => {
    await start({ coreLogin: "passwordChange" });
    const reply = await logInToCore(simulator);
    assert.equal(reply.status, 403);
    assert.deepEqual(reply.json(), { error: "Password must be changed", error_code: 1 });
  });

  const refusedLogins: readonly (readonly [
    what: string,
    changes: Readonly<Record<string, unknown>>,
    status: number,
  ])[] = [
    ["a wrong password", { password: "wrong" }, 401],
    ["an unknown user", { username: "nobody" }, 401],
    ["another key", { domain: "x" }, 400],
    ["no password", { password: undefined }, 400],
  ];
  for (const [what, changes, expected] of refusedLogins) {
    it(`refuses a login with ${what}, in Core's own form`, async () => {
      await start();
      const reply = await logInToCore(simulator, changes);
      assert.equal(reply.status, expected);
      assert.deepEqual(Object.keys(reply.json() as object), ["error"]);
    });
  }

  it("shows its health and its gateways to everybody", async () => {
    await start({ proxyName: "bw-lab" });
    assert.deepEqual((await getWithToken(simulator, "/api/v01/health")).json(), { status: "ok" });
    assert.deepEqual((await getWithToken(simulator, "/api/v01/system/configuration/public")).json(), {
      gateways: [{ name: "bw-lab", prefix: "/api/v01/bw-lab/" }],
    });
  });

  it("serves the gateway below the name of its proxy alone", async () => {
    await start({ proxyName: "bw-lab" });
    const { access_token: access } = await tokens();
    assert.equal(await status("/api/v01/bw-lab/tenants/", access), 200);
    assert.equal(await status(TENANTS, access), 404);
  });

  for (const path of [
    "tenants",
    "tenants/foo/licenses",
    "tenants/foo/licenses?includeServicePacks=true",
    "system/licensing",
  ]) {
    it(`has no ${path}: the slash at the end is missing`, async () => {
      await start();
      const { access_token: access } = await tokens();
      assert.equal(await status(`/api/v01/p1/${path}`, access), 404);
    });
  }

  it("names calls of its login in the log as those of the gateway's", async () => {
    await start();
    const { refresh_token: refresh } = await tokens();
    await getWithToken(simulator, RENEWAL, refresh);
    const log = (await admin(simulator, "GET", "/requests")) as { api: string; body: unknown }[];
    assert.deepEqual(
      log.map(({ api }) => api),
      ["login", "login"],
    );
    assert.equal((log[0]?.body as Record<string, unknown>)["password"], "[secret]");
  });

  it("serves both ways at the same time with the demo seed", async () => {
    simulator = await startSimulator();
    assert.equal((await logIn(simulator)).status, 200);
    assert.equal(await status(TENANTS, (await tokens()).access_token), 200);
  });
});
