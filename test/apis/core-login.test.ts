import assert from "node:assert/strict";
import { coreLogin } from "../../provider/systems/gateway/core-login";
import { TenantGateway } from "../../provider/systems/gateway/client";
import { createRedactor, type Redactor } from "../../provider/systems/transport/redact";
import { VirtualClock } from "../support/virtual-clock";
import { authorized } from "./support/credentials";
import { apiErrorOf, connect } from "./support/http-apis";
import { answering, type Script, serveForTests } from "./support/local-server";

const PASSWORD = "core~p4ssword";
const ADVICE = "Check the user.";
const WHERE = "Check the address.";
const LOGIN = "POST /api/v01/auth/login";
const RENEWAL = "GET /api/v01/auth/access_token";

describe("APIO Core", () => {
  const server = serveForTests();
  /** Access tokens that are accepted, and refresh tokens. */
  let accepted = new Set<string>();
  let login: Script = () => undefined;
  let renewal: Script = () => undefined;
  let issued = 0;

  function issue(fields: object = {}): Script {
    return (received, response, number) => {
      issued += 1;
      accepted = new Set([`access-${issued}`]);
      answering(200, JSON.stringify({ access_token: `access-${issued}`, ...fields }))(received, response, number);
    };
  }

  beforeEach(() => {
    accepted = new Set();
    issued = 0;
    login = issue({ refresh_token: "refresh-1", token: "machine" });
    renewal = issue();
    server.script = (received, response, number) => {
      const call = `${received.method} ${received.path}`;
      const bearer = received.headers.authorization?.replace("Bearer ", "") ?? "";
      if (call === LOGIN) {
        login(received, response, number);
      } else if (call === RENEWAL) {
        renewal(received, response, number);
      } else {
        const isGood = accepted.has(bearer);
        answering(isGood ? 200 : 401, isGood ? '{"tenants":[]}' : '{"error":"Token expired"}')(
          received,
          response,
          number,
        );
      }
    };
  });

  function gateway(redactor: Redactor = createRedactor()): TenantGateway {
    const http = connect(server.url, { redactor, name: "tenant gateway", baseUrlKey: "tenantGateway:baseUrl" });
    const source = coreLogin(
      { username: "admin", password: PASSWORD, advice: ADVICE, adviceWhereMissing: WHERE },
      http,
      redactor,
    );
    return new TenantGateway(authorized(http, source, new VirtualClock()), "/api/v01/p1");
  }

  function calls(): string[] {
    return server.received.map(
      ({ method, path, headers }) =>
        `${method} ${path}${headers.authorization === undefined ? "" : ` ${headers.authorization.replace("Bearer ", "")}`}`,
    );
  }

  const TENANTS = "GET /api/v01/p1/tenants/";

  it("is logged in to once, byte for byte, and each call carries its access token", async () => {
    const api = gateway();
    await Promise.all([api.listTenants(), api.listTenants()]);
    await api.listTenants();
    assert.deepEqual(calls(), [LOGIN, ...Array.from({ length: 3 }, () => `${TENANTS} access-1`)]);
    assert.equal(server.received[0]?.body, `{"username":"admin","password":"${PASSWORD}"}`);
  });

  it("renews an access token that has ended by its refresh token, which stays good", async () => {
    const api = gateway();
    await api.listTenants();
    for (let time = 0; time < 2; time += 1) {
      accepted.clear();
      await api.listTenants();
    }
    assert.deepEqual(calls(), [
      LOGIN,
      `${TENANTS} access-1`,
      `${TENANTS} access-1`,
      `${RENEWAL} refresh-1`,
      `${TENANTS} access-2`,
      `${TENANTS} access-2`,
      `${RENEWAL} refresh-1`,
      `${TENANTS} access-3`,
    ]);
  });

  it("uses the newer refresh token where a renewal brings one", async () => {
    renewal = issue({ refresh_token: "refresh-2" });
    const api = gateway();
    await api.listTenants();
    for (let time = 0; time < 2; time += 1) {
      accepted.clear();
      await api.listTenants();
    }
    assert.deepEqual(
      calls().filter((call) => call.startsWith(RENEWAL)),
      [`${RENEWAL} refresh-1`, `${RENEWAL} refresh-2`],
    );
  });

  for (const [what, script] of [
    ["refused", answering(401, '{"error":"Refresh token expired"}')],
    ["not found", answering(404, "{}")],
    ["answered without a token", answering(200, "{}")],
  ] as const) {
    it(`is logged in to again where the renewal is ${what}`, async () => {
      const api = gateway();
      await api.listTenants();
      accepted.clear();
      renewal = script;
      await api.listTenants();
      assert.deepEqual(
        calls().filter((call) => !call.startsWith(TENANTS)),
        [LOGIN, `${RENEWAL} refresh-1`, LOGIN],
      );
    });
  }

  it("is logged in to again where the login brought no refresh token", async () => {
    login = issue();
    const api = gateway();
    await api.listTenants();
    accepted.clear();
    await api.listTenants();
    assert.deepEqual(
      calls().filter((call) => !call.startsWith(TENANTS)),
      [LOGIN, LOGIN],
    );
  });

  it("costs one login and one renewal where it accepts none of its tokens", async () => {
    login = answering(200, '{"access_token":"never","refresh_token":"refresh-1"}');
    renewal = answering(200, '{"access_token":"neither"}');
    const api = gateway();
    for (let time = 0; time < 5; time += 1) {
      const error = await apiErrorOf(api.listTenants());
      assert.match(error.message, /answered 401: Token expired/);
    }
    assert.deepEqual(
      calls().filter((call) => !call.startsWith(TENANTS)),
      [LOGIN, `${RENEWAL} refresh-1`],
    );
  });

  it("that wants a second factor says so, once", async () => {
    login = answering(200, '{"2fa_payload":"p4yl0ad-secret","option":"totp"}');
    const api = gateway();
    for (let time = 0; time < 3; time += 1) {
      const error = await apiErrorOf(api.listTenants());
      assert.match(error.message, /^Could not log in to the tenant gateway: POST \/api\/v01\/auth\/login answered 200/);
      assert.match(error.message, /second factor, which a program cannot give\. Use a machine-to-machine token/);
      assert.ok(!error.message.includes("p4yl0ad"));
    }
    assert.deepEqual(calls(), [LOGIN]);
  });

  it("that wants a second factor shows nothing of its payload, in whatever form", async () => {
    for (const payload of [
      '{"2fa_payload":{"seed":"p4yl0ad-secret","pin":"831","code":831,"in":[{"x":"p4yl0ad"}]}}',
      '{"2FA_Payload":["p4yl0ad-secret"],"temporary":"p4yl0ad-other"}',
      '{"2fa_payload":831,"message":"p4yl0ad"}',
    ]) {
      login = answering(200, payload);
      const error = await apiErrorOf(gateway().listTenants());
      assert.match(error.message, /answered 200\. This user logs in with a second factor/);
      assert.doesNotMatch(error.message, /p4yl0ad|831/);
    }
  });

  it("that wants another password says so, once", async () => {
    login = answering(403, '{"error":"Password expired","error_code":1}');
    const api = gateway();
    for (let time = 0; time < 3; time += 1) {
      const error = await apiErrorOf(api.listTenants());
      assert.match(
        error.message,
        /answered 403: Password expired; error_code: 1\. The password of this user must be changed first/,
      );
    }
    assert.deepEqual(calls(), [LOGIN]);
  });

  it("that has no login names the keys of its address, and not those of the user", async () => {
    login = answering(404, '{"error":"no such path"}');
    const error = await apiErrorOf(gateway().listTenants());
    assert.ok(error.message.endsWith(`answered 404: no such path. ${WHERE}`), error.message);
  });

  it("that refuses the login is not asked again in this run", async () => {
    for (const status of [400, 401, 403]) {
      server.received.length = 0;
      login = answering(status, '{"error":"Invalid credentials"}');
      const api = gateway();
      for (let time = 0; time < 3; time += 1) {
        const error = await apiErrorOf(api.listTenants());
        assert.ok(error.message.endsWith(`answered ${status}: Invalid credentials. ${ADVICE}`), error.message);
      }
      assert.deepEqual(calls(), [LOGIN]);
    }
  });

  for (const body of ["{}", '{"access_token":""}', '{"access_token":"two words"}', "<html>", ""]) {
    it(`that answers the login with ${body === "" ? "nothing" : body} is an error`, async () => {
      login = answering(200, body);
      const error = await apiErrorOf(gateway().listTenants());
      assert.match(error.message, /answered 200, but the answer holds no access_token/);
    });
  }

  it("has its tokens and the password hidden", async () => {
    const redactor = createRedactor();
    await gateway(redactor).listTenants();
    assert.equal(redactor.redact(`${PASSWORD} access-1 refresh-1`), "[secret] [secret] [secret]");
  });
});
