import assert from "node:assert/strict";
import { fixedToken } from "../../provider/systems/shared/fixed-token";
import { type ClientCredentials, clientCredentials } from "../../provider/systems/live-platform/credentials";
import { createRedactor, MOST_TOKENS, type Redactor } from "../../provider/systems/transport/redact";
import { startForTests } from "../support/live-simulator";
import { VirtualClock } from "../support/virtual-clock";
import { holding } from "./support/credentials";
import { apiErrorOf, connect } from "./support/http-apis";
import { answering, dropping, hanging, inTurn, serveForTests } from "./support/local-server";

const ADVICE = "Check the client.";
const SECRET = "cl1ent~S3cret+/&=";

describe("client credentials", () => {
  const server = serveForTests();

  /** Credentials at the server of this test, as the provider makes them. */
  function credentials(
    changes: Partial<ClientCredentials> = {},
    { clock = new VirtualClock(), redactor = createRedactor() }: { clock?: VirtualClock; redactor?: Redactor } = {},
  ): ReturnType<typeof holding> {
    const given: ClientCredentials = {
      clientId: "client",
      clientSecret: SECRET,
      authUrl: `${server.url}/directory/oauth2/v2.0/token`,
      scope: "api://9d/.default",
      advice: ADVICE,
      ...changes,
    };
    const http = connect(new URL(given.authUrl).origin, {
      clock,
      redactor,
      name: "token service",
      baseUrlKey: "livePlatform:authUrl",
      requestTimeoutMs: 200,
    });
    return holding(clientCredentials(given, http, clock, redactor), clock, "Authorization");
  }

  /** Answers with tokens `token-1`, `token-2`… of this life. */
  function giveTokens(life: object = { expires_in: 3600 }): void {
    server.script = (received, response, number) => {
      const body = { token_type: "Bearer", ...life, access_token: `token-${number}` };
      answering(200, JSON.stringify(body))(received, response, number);
    };
  }

  it("are sent as a form, byte for byte", async () => {
    giveTokens();
    assert.equal(await credentials().next(), "token-1");
    const [received] = server.received;
    assert.ok(received !== undefined);
    assert.deepEqual([received.method, received.path], ["POST", "/directory/oauth2/v2.0/token"]);
    assert.equal(received.headers["content-type"], "application/x-www-form-urlencoded");
    assert.equal(
      received.body,
      "grant_type=client_credentials&client_id=client&client_secret=cl1ent%7ES3cret%2B%2F%26%3D&scope=api%3A%2F%2F9d%2F.default",
    );
  });

  it("go to a path of any form at the token service's own host", async () => {
    giveTokens();
    for (const path of ["/", "/token", "//else.where/token", "/a%2Fb/token"]) {
      await credentials({ authUrl: server.url + path }).next();
    }
    assert.deepEqual(
      server.received.map(({ path }) => path),
      ["/", "/token", "//else.where/token", "/a%2Fb/token"],
    );
  });

  describe("token", () => {
    it("is asked for once and used until a minute before its end", async () => {
      giveTokens();
      const clock = new VirtualClock();
      const own = credentials({}, { clock });
      assert.equal(await own.next(), "token-1");
      clock.advance(3540_000 - 1);
      assert.equal(await own.next(), "token-1");
      clock.advance(1);
      assert.equal(await own.next(), "token-2");
      assert.equal(await own.next(), "token-2");
      assert.equal(server.received.length, 2);
    });

    for (const [expiresIn, usedForMs] of [
      [100, 90_000],
      [1, 900],
      ["3600", 3_540_000],
      [undefined, 270_000],
      [null, 270_000],
      ["", 270_000],
      ["soon", 270_000],
    ] as const) {
      it(`with a life of ${expiresIn === undefined ? "unstated length" : JSON.stringify(expiresIn)} is used for ${usedForMs} ms`, async () => {
        giveTokens(expiresIn === undefined ? {} : { expires_in: expiresIn });
        const clock = new VirtualClock();
        const own = credentials({}, { clock });
        await own.next();
        clock.advance(usedForMs - 1);
        assert.equal(await own.next(), "token-1");
        clock.advance(1);
        assert.equal(await own.next(), "token-2");
      });
    }

    it("is renewed in time where the clock of this machine is set back an hour", async () => {
      giveTokens();
      const clock = new VirtualClock();
      const own = credentials({}, { clock });
      assert.equal(await own.next(), "token-1");
      clock.setBack(3_600_000);
      clock.advance(3_540_000);
      assert.equal(await own.next(), "token-2");
    });

    it("is asked for once by fifty calls at a time, at first and at its end", async () => {
      giveTokens();
      const clock = new VirtualClock();
      const own = credentials({}, { clock });
      const fifty = async (): Promise<string[]> => [
        ...new Set(await Promise.all(Array.from({ length: 50 }, () => own.next()))),
      ];
      assert.deepEqual(await fifty(), ["token-1"]);
      clock.advance(3_600_000);
      assert.deepEqual(await fifty(), ["token-2"]);
      assert.equal(server.received.length, 2);
    });

    it("that was refused is not used again; one that is newer already is kept", async () => {
      giveTokens();
      const own = credentials();
      const first = await own.next();
      assert.equal(own.refused(first), true);
      assert.equal(await own.next(), "token-2");
      assert.equal(own.refused(first), true);
      assert.equal(await own.next(), "token-2");
    });

    it("that lives for no time is used once, by each of the calls at a time", async () => {
      for (const expiresIn of [0, "0", -5]) {
        server.received.length = 0;
        giveTokens({ expires_in: expiresIn });
        const own = credentials();
        const three = await Promise.all([own.next(), own.next(), own.next()]);
        assert.deepEqual(three.sort(), ["token-1", "token-2", "token-3"]);
        assert.equal(await own.next(), "token-4");
      }
    });

    it("that lives for no time is forgotten in the end, so that the calls of a large fleet do not fill the memory", async () => {
      giveTokens({ expires_in: 0 });
      const redactor = createRedactor();
      const own = credentials({}, { redactor });
      for (let call = 0; call <= MOST_TOKENS; call += 1) {
        await own.next();
      }
      assert.equal(redactor.redact("token-1; token-2;"), "token-1; [secret];");
    });

    it("that is refused is not asked for again, lest the directory lock the client out", async () => {
      for (const status of [400, 401, 403]) {
        server.received.length = 0;
        server.script = answering(status, '{"error":"invalid_client"}');
        const own = credentials();
        const first = await apiErrorOf(own.next());
        assert.equal(await apiErrorOf(own.next()), first);
        assert.equal(server.received.length, 1);
      }
    });

    it("that could not be obtained is asked for again by the next call", async () => {
      server.script = inTurn(answering(400, '{"error":"temporarily_unavailable"}'), (received, response, number) => {
        answering(200, `{"access_token":"token-${number}"}`)(received, response, number);
      });
      const own = credentials();
      await Promise.all([apiErrorOf(own.next()), apiErrorOf(own.next())]);
      assert.equal(server.received.length, 1);
      assert.equal(await own.next(), "token-2");
    });

    it("is hidden from then on, and so is the client's secret from the start", async () => {
      giveTokens();
      const redactor = createRedactor();
      const own = credentials({}, { redactor });
      assert.equal(redactor.redact(`${SECRET} token-1`), "[secret] token-1");
      await own.next();
      assert.equal(redactor.redact(`${encodeURIComponent(SECRET)} token-1`), "[secret] [secret]");
    });
  });

  describe("request", () => {
    for (const [what, script] of [
      ["429", answering(429, "{}")],
      ["503 with Retry-After", answering(503, "{}", { "retry-after": "3" })],
      ["502", answering(502, "<html>")],
      ["a dropped connection", dropping],
      ["a time-out", hanging],
    ] as const) {
      it(`is sent again after ${what}`, async () => {
        server.script = inTurn(script, answering(200, '{"access_token":"good-token","expires_in":3600}'));
        assert.equal(await credentials().next(), "good-token");
        assert.equal(server.received.length, 2);
      });
    }

    for (const [status, error, code] of [
      [400, "unauthorized_client", "AADSTS700016: Application with identifier 'client' was not found"],
      [401, "invalid_client", "AADSTS7000215: Invalid client secret provided"],
      [400, "invalid_scope", "AADSTS70011: The provided value for 'scope' is not valid"],
    ] as const) {
      it(`that is refused with ${error} names the keys, in one line, and not the secret`, async () => {
        const description = `${code} ${SECRET}.\r\nTrace ID: 1\r\nTimestamp: 2026-03-01`;
        server.script = answering(status, JSON.stringify({ error, error_description: description }));
        const failure = await apiErrorOf(credentials().next());
        assert.equal(
          failure.message,
          `Could not get an access token for the Live Platform: POST /directory/oauth2/v2.0/token answered ${status}: ${error}; ${code} [secret]. Trace ID: 1 Timestamp: 2026-03-01. ${ADVICE}`,
        );
        assert.equal(server.received.length, 1);
        assert.equal(failure.lost, false);
      });
    }

    for (const [status, body] of [
      [500, { error: "server_error", error_description: "AADSTS90033: A transient error has occurred." }],
      [500, {}],
      [501, "<html>"],
      [400, { error: "server_error" }],
      [400, { error: "temporarily_unavailable", error_description: "AADSTS90038: Try again later." }],
      [401, { error: "temporarily_unavailable" }],
    ] as const) {
      it(`that fails with ${status} ${JSON.stringify(body)} says that the service failed, and nothing of the secret`, async () => {
        server.script = answering(status, typeof body === "string" ? body : JSON.stringify(body));
        const own = credentials();
        const failure = await apiErrorOf(own.next());
        assert.match(
          failure.message,
          new RegExp(`answered ${status}.*\\. The token service failed: run it again\\. If it fails`),
        );
        assert.ok(!failure.message.includes(ADVICE));
        await apiErrorOf(own.next());
        assert.equal(server.received.length, 2);
      });
    }

    it("that is not found names the address, and not the secret", async () => {
      server.script = answering(404, "{}");
      assert.match((await apiErrorOf(credentials().next())).message, /answered 404\. Check livePlatform:authUrl \(/);
    });

    for (const [what, body] of [
      ["nothing", ""],
      ["HTML", "<html>Sign in</html>"],
      ["no token", '{"token_type":"Bearer"}'],
      ["an empty token", '{"access_token":""}'],
      ["a token that is no text", '{"access_token":{}}'],
      ["a token that fits no header", '{"access_token":"two words\\n"}'],
    ] as const) {
      it(`answered with ${what} is an error, of which no upgrade can be thought to have been done`, async () => {
        server.script = answering(200, body);
        const error = await apiErrorOf(credentials().next());
        assert.match(
          error.message,
          /answered 200, but the answer holds no access_token\. Check that livePlatform:authUrl/,
        );
        assert.equal(error.lost, false);
        assert.ok(!error.message.includes("abcdef"));
      });
    }

    it("that is redirected is an error, of which no upgrade can be thought to have been done", async () => {
      server.script = answering(302, "", { location: "https://login.example.com/" });
      const error = await apiErrorOf(credentials().next());
      assert.match(
        error.message,
        /answered 302 with a redirect to https:\/\/login\.example\.com\/, which is not followed\. Set livePlatform:authUrl/,
      );
      assert.equal(error.lost, false);
    });

    it("that is not answered is bounded", async () => {
      server.script = hanging;
      const own = credentials();
      await assert.rejects(own.next(AbortSignal.timeout(300)));
    });

    it("is not begun for a cancelled run", async () => {
      await assert.rejects(credentials().next(AbortSignal.abort(new Error("Ctrl-C"))), /Ctrl-C/);
      assert.deepEqual(server.received, []);
    });
  });

  describe("at the simulator", () => {
    const live = startForTests();

    it("get tokens that the Live Platform takes", async () => {
      const { LIVE_PLATFORM_AUTH_URL: authUrl = "", LIVE_PLATFORM_CLIENT_ID: clientId = "" } = live.environment;
      const given = { authUrl, clientId, advice: ADVICE, scope: "api://9d576dc4-b85d-4571-880e-4c6ed4c08c31/.default" };
      const right = { ...given, clientSecret: live.environment["LIVE_PLATFORM_CLIENT_SECRET"] ?? "" };
      const token = await credentials(right).next();
      const reply = await fetch(`${live.url}/tenantui/api/v3/customer`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(reply.status, 200);
      const wrong = await apiErrorOf(credentials({ ...right, clientSecret: "wrong-secret" }).next());
      assert.match(wrong.message, /invalid_client; AADSTS7000215.*Check the client\./);
      assert.ok(!wrong.message.includes("wrong-secret"));
    });
  });
});

describe("fixed token", () => {
  it("is used as it is, hidden, and cannot be renewed", async () => {
    const redactor = createRedactor();
    const source = fixedToken("fixed-token", redactor, "Set another one.");
    assert.equal(await holding(source, new VirtualClock(), "Authorization").next(), "fixed-token");
    assert.deepEqual(source.renewal, { possible: false, advice: "Set another one." });
    assert.equal(redactor.redact("Bearer fixed-token"), "Bearer [secret]");
  });
});
