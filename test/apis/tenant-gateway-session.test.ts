import assert from "node:assert/strict";
import { gatewaySession, type GatewaySession } from "../../provider/apis/tenant-gateway-session";
import { createRedactor, type Redactor } from "../../provider/apis/transport/redact";
import { VirtualClock } from "../support/virtual-clock";
import { apiErrorOf, connect } from "./support/http-apis";
import { answering, dropping, inTurn, serveForTests } from "./support/local-server";

const PASSWORD = 'gateway~p4ss"word';

describe("gateway session", () => {
  const server = serveForTests();

  function session({
    baseUrl = server.url,
    redactor = createRedactor(),
  }: { baseUrl?: string; redactor?: Redactor } = {}): GatewaySession {
    const http = connect(server.url, {
      clock: new VirtualClock(),
      redactor,
      name: "tenant gateway",
      baseUrlKey: "tenantGateway:baseUrl",
    });
    return gatewaySession({ username: "admin", password: PASSWORD }, http, baseUrl, redactor);
  }

  function setCookies(...lines: readonly string[]): void {
    server.script = answering(200, "{}", { "set-cookie": [...lines] });
  }

  it("begins with a login, byte for byte", async () => {
    setCookies("sessionid=s1; Path=/");
    await session().cookies();
    const [received] = server.received;
    assert.ok(received !== undefined);
    assert.deepEqual([received.method, received.path], ["POST", "/api/v1/login/"]);
    assert.equal(received.headers["content-type"], "application/json");
    assert.equal(received.headers.cookie, undefined);
    assert.equal(received.body, '{"username":"admin","password":"gateway~p4ss\\"word"}');
  });

  describe("cookies", () => {
    const table: readonly (readonly [what: string, lines: readonly string[], header: string])[] = [
      ["one", ["sessionid=s1; HttpOnly; Path=/"], "sessionid=s1"],
      ["all that came", ["sessionid=s1; Path=/", "SERVERID=node1; Path=/"], "sessionid=s1; SERVERID=node1"],
      ["one without a path", ["sessionid=s1"], "sessionid=s1"],
      ["one for the path of the login", ["sessionid=s1; Path=/api/v1/login"], "sessionid=s1"],
      ["one for a path elsewhere", ["sessionid=s1; Path=/portal"], "sessionid=s1"],
      ["one for a domain above", ["LB=n1; Domain=.example.com; Path=/"], "LB=n1"],
      ["one for https, over loopback", ["sessionid=s1; Secure; SameSite=Strict; Path=/"], "sessionid=s1"],
      ["one that lives for an hour", ["sessionid=s1; Max-Age=3600"], "sessionid=s1"],
      ["one that lives until a date", ["sessionid=s1; Expires=Wed, 01 Jan 2098 00:00:00 GMT"], "sessionid=s1"],
      [
        "none that was taken back",
        ["old=x; Max-Age=0", "older=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "sessionid=s1"],
        "sessionid=s1",
      ],
      ["the later of two of one name", ["sessionid=s1", "sessionid=s2"], "sessionid=s2"],
      ["one whose value holds =", ["sessionid=YWJj==; Path=/"], "sessionid=YWJj=="],
      ["one whose value is in quotation marks", ['sessionid="a b"; Path=/'], 'sessionid="a b"'],
      ["one whose value is empty beside others", ["empty=; Path=/", "sessionid=s1"], "empty=; sessionid=s1"],
      ["those among rubbish", ["", "=", ";;;", "sessionid=s1"], "sessionid=s1"],
    ];
    for (const [what, lines, header] of table) {
      it(`are ${what}`, async () => {
        setCookies(...lines);
        const sent = (await session().cookies()).split("; ").sort();
        assert.deepEqual(sent, header.split("; ").sort());
      });
    }

    for (const host of [
      "gateway.example.com",
      "gateway",
      "gateway.local",
      "localhost",
      "10.0.0.1",
      "[::1]",
      "co.uk",
      "foo.github.io",
    ]) {
      it(`are kept for a gateway at ${host}`, async () => {
        setCookies("sessionid=s1; Path=/; HttpOnly; Secure", "SERVERID=n1");
        const sent = await session({ baseUrl: `https://${host}/gateway` }).cookies();
        assert.deepEqual(sent.split("; ").sort(), ["SERVERID=n1", "sessionid=s1"]);
      });
    }

    it("are all kept over plain http, where that was permitted", async () => {
      setCookies("sessionid=s1; Path=/; HttpOnly; Secure", "SERVERID=n1");
      const sent = await session({ baseUrl: "http://gateway.example.com" }).cookies();
      assert.deepEqual(sent.split("; ").sort(), ["SERVERID=n1", "sessionid=s1"]);
    });

    it("are hidden from then on, and so is the password from the start", async () => {
      setCookies("sessionid=s3ss10n-1d; Path=/", "SERVERID=node-1");
      const redactor = createRedactor();
      const own = session({ redactor });
      assert.equal(redactor.redact(`${PASSWORD} s3ss10n-1d`), "[secret] s3ss10n-1d");
      await own.cookies();
      assert.equal(redactor.redact(`${PASSWORD} s3ss10n-1d node-1`), "[secret] [secret] [secret]");
    });
  });

  describe("login", () => {
    it("is one for fifty calls at a time", async () => {
      setCookies("sessionid=s1");
      const own = session();
      const headers = new Set(await Promise.all(Array.from({ length: 50 }, () => own.cookies())));
      assert.deepEqual([...headers], ["sessionid=s1"]);
      assert.equal(server.received.length, 1);
      await own.cookies();
      assert.equal(server.received.length, 1);
    });

    it("is done anew when its cookies were refused, once for all who used them", async () => {
      server.script = (received, response, number) => {
        answering(200, "{}", { "set-cookie": `sessionid=s${number}` })(received, response, number);
      };
      const own = session();
      const first = await own.cookies();
      own.refused(first);
      const second = await own.cookies();
      assert.deepEqual([first, second], ["sessionid=s1", "sessionid=s2"]);
      own.refused(first);
      assert.equal(await own.cookies(), second);
      assert.equal(server.received.length, 2);
    });

    it("is sent again after a passing fault", async () => {
      for (const script of [answering(503, "{}"), answering(429, "{}", { "retry-after": "1" }), dropping]) {
        server.received.length = 0;
        server.script = inTurn(script, answering(200, "{}", { "set-cookie": "sessionid=s1" }));
        assert.equal(await session().cookies(), "sessionid=s1");
        assert.equal(server.received.length, 2);
      }
    });

    it("that failed is done anew by the next call", async () => {
      server.script = inTurn(answering(500, "{}"), answering(200, "{}", { "set-cookie": "sessionid=s1" }));
      const own = session();
      await apiErrorOf(own.cookies());
      assert.equal(await own.cookies(), "sessionid=s1");
    });

    it("that was refused is not tried again for the next tenant, lest the gateway lock the user out", async () => {
      for (const status of [400, 401, 403]) {
        server.received.length = 0;
        server.script = inTurn(answering(status, "{}"), answering(200, "{}", { "set-cookie": "sessionid=s1" }));
        const own = session();
        const first = await apiErrorOf(own.cookies());
        assert.equal(await apiErrorOf(own.cookies()), first);
        assert.equal(server.received.length, 1);
      }
    });

    it("with a wrong password names the keys, and not the password", async () => {
      for (const status of [400, 401, 403]) {
        server.received.length = 0;
        server.script = answering(status, JSON.stringify({ details: `Wrong username or password ${PASSWORD}` }));
        const error = await apiErrorOf(session().cookies());
        assert.equal(
          error.message,
          `Could not log in to the tenant gateway: POST /api/v1/login/ answered ${status}: Wrong username or password [secret]. Check tenantGateway:username and tenantGateway:password (TENANT_GATEWAY_USERNAME, TENANT_GATEWAY_PASSWORD).`,
        );
        assert.equal(server.received.length, 1);
        assert.equal(error.lost, false);
      }
    });

    for (const [what, script] of [
      ["without a cookie", answering(200, "{}")],
      ["with cookies taken back", answering(200, "{}", { "set-cookie": "sessionid=; Max-Age=0" })],
      ["with a page", answering(200, "<html>", { "content-type": "text/html" })],
    ] as const) {
      it(`answered ${what} is an error`, async () => {
        server.script = script;
        const error = await apiErrorOf(session().cookies());
        assert.match(
          error.message,
          /POST \/api\/v1\/login\/ answered 200, but it set no cookie\. Check that tenantGateway:baseUrl/,
        );
        assert.equal(error.lost, false);
      });
    }

    it("that is redirected is an error", async () => {
      server.script = answering(302, "", { location: "/portal/?next=/api/v1/login/", "set-cookie": "csrf=1" });
      const error = await apiErrorOf(session().cookies());
      assert.match(error.message, /answered 302 with a redirect to \/portal\/, which is not followed/);
      assert.equal(error.lost, false);
    });

    it("is not begun for a cancelled run", async () => {
      await assert.rejects(session().cookies(AbortSignal.abort(new Error("Ctrl-C"))), /Ctrl-C/);
      assert.deepEqual(server.received, []);
    });
  });
});
