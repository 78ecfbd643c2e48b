import assert from "node:assert/strict";
import { gatewayLogin } from "../../provider/systems/gateway/login";
import { createRedactor, type Redactor } from "../../provider/systems/transport/redact";
import { VirtualClock } from "../support/virtual-clock";
import { holding } from "./support/credentials";
import { apiErrorOf, connect } from "./support/http-apis";
import { answering, dropping, inTurn, serveForTests } from "./support/local-server";

const ADVICE = "Check the user.";
const WHERE = "Check the address.";
/** Soon by the clock of the gateway, and long ago by that of this machine. */
const HOST_DATE = "Thu, 01 Jan 2004 00:00:00 GMT";
const SOON = "Thu, 01 Jan 2004 00:20:00 GMT";
const PASSWORD = 'gateway~p4ss"word';

describe("gateway login", () => {
  const server = serveForTests();

  function session({
    baseUrl = server.url,
    apiPath = "/api/v1",
    redactor = createRedactor(),
  }: { baseUrl?: string; apiPath?: string; redactor?: Redactor } = {}): ReturnType<typeof holding> {
    const clock = new VirtualClock();
    const http = connect(baseUrl, { clock, redactor, name: "tenant gateway", baseUrlKey: "tenantGateway:baseUrl" });
    const source = gatewayLogin(
      { username: "admin", password: PASSWORD, advice: ADVICE, adviceWhereMissing: WHERE },
      http,
      apiPath,
      redactor,
    );
    return holding(source, clock, "Cookie");
  }

  function setCookies(...lines: readonly string[]): void {
    server.script = answering(200, "{}", { "set-cookie": [...lines], date: HOST_DATE });
  }

  it("is below the setting apiPath", async () => {
    setCookies("sessionid=s1");
    await session({ apiPath: "/api/v01/p1" }).next();
    assert.equal(server.received[0]?.path, "/api/v01/p1/login/");
  });

  it("begins with a login, byte for byte", async () => {
    setCookies("sessionid=s1; Path=/");
    await session().next();
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
      ["one that lives until a date by the clock of the host", [`sessionid=s1; Expires=${SOON}`], "sessionid=s1"],
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
        const sent = (await session().next()).split("; ").sort();
        assert.deepEqual(sent, header.split("; ").sort());
      });
    }

    for (const [what, lines, header] of [
      [
        "the prefixes of names that browsers know",
        ["__Host-sessionid=s1; Secure; Path=/", "__Secure-SERVERID=n2; Secure; Domain=gw.example.com"],
        "__Host-sessionid=s1; __Secure-SERVERID=n2",
      ],
      ["a value that is encoded", ["sessionid=a%20b%3D"], "sessionid=a%20b%3D"],
    ] as const) {
      it(`keep ${what}`, async () => {
        setCookies(...lines);
        assert.equal(await session().next(), header);
      });
    }

    it("are no secret where they are ordinary words: no name is garbled by them", async () => {
      setCookies("sessionid=s3ss10n-1d; Path=/", "region=europe", "SERVERID=node-1", "zone=europe-west1-a");
      const redactor = createRedactor();
      await session({ redactor }).next();
      assert.equal(redactor.redact("europe-branch-1 node-1 s3ss10n-1d"), "europe-branch-1 node-1 [secret]");
    });

    it("are no secret where they are short or words, though it be the only one or have a session's name", async () => {
      for (const line of [
        "region=europe",
        "region=europe-west1-a",
        "SESSION_LANG=europe",
        "SESSION_LANG=european",
        "x=en-US",
      ]) {
        for (const lines of [[line], [line, "sessionid=s3ss10n-1d"]]) {
          setCookies(...lines);
          const redactor = createRedactor();
          await session({ redactor }).next();
          const text = `${line} of european branches in europe-west1-a`;
          assert.equal(redactor.redact(text), text);
        }
      }
    });

    it("are secrets where they look random, or are the only one", async () => {
      for (const [lines, secret] of [
        [["region=europe", "X=9f8c1b2a7d6e5f4c3b2a"], "9f8c1b2a7d6e5f4c3b2a"],
        [["region=europe", "X=0fdc8122-e0b5-43ac-8433-54860113710d"], "0fdc8122-e0b5-43ac-8433-54860113710d"],
        [["region=europe", "JSESSIONID=abc123de"], "abc123de"],
        [["region=europe", "__Host-sid=abc123de"], "abc123de"],
        [["x=9f8c1b2a7d"], "9f8c1b2a7d"],
        [["x=abcdefghijklmnopqrstuvwxyz"], "abcdefghijklmnopqrstuvwxyz"],
      ] as const) {
        setCookies(...lines);
        const redactor = createRedactor();
        await session({ redactor }).next();
        assert.equal(redactor.redact(`in europe: ${secret}`), "in europe: [secret]");
      }
    });

    it("are hidden from then on, and so is the password from the start", async () => {
      setCookies("sessionid=s3ss10n-1d; Path=/");
      const redactor = createRedactor();
      const own = session({ redactor });
      assert.equal(redactor.redact(`${PASSWORD} s3ss10n-1d`), "[secret] s3ss10n-1d");
      await own.next();
      assert.equal(redactor.redact(`${PASSWORD} s3ss10n-1d`), "[secret] [secret]");
    });
  });

  describe("login", () => {
    it("is one for fifty calls at a time", async () => {
      setCookies("sessionid=s1");
      const own = session();
      const headers = new Set(await Promise.all(Array.from({ length: 50 }, () => own.next())));
      assert.deepEqual([...headers], ["sessionid=s1"]);
      assert.equal(server.received.length, 1);
      await own.next();
      assert.equal(server.received.length, 1);
    });

    it("is done anew when its cookies were refused, once for all who used them", async () => {
      server.script = (received, response, number) => {
        answering(200, "{}", { "set-cookie": `sessionid=s${number}` })(received, response, number);
      };
      const own = session();
      const first = await own.next();
      own.refused(first);
      const second = await own.next();
      assert.deepEqual([first, second], ["sessionid=s1", "sessionid=s2"]);
      own.refused(first);
      assert.equal(await own.next(), second);
      assert.equal(server.received.length, 2);
    });

    it("is sent again after a passing fault", async () => {
      for (const script of [answering(503, "{}"), answering(429, "{}", { "retry-after": "1" }), dropping]) {
        server.received.length = 0;
        server.script = inTurn(script, answering(200, "{}", { "set-cookie": "sessionid=s1" }));
        assert.equal(await session().next(), "sessionid=s1");
        assert.equal(server.received.length, 2);
      }
    });

    it("that failed is done anew by the next call", async () => {
      server.script = inTurn(answering(500, "{}"), answering(200, "{}", { "set-cookie": "sessionid=s1" }));
      const own = session();
      await apiErrorOf(own.next());
      assert.equal(await own.next(), "sessionid=s1");
    });

    it("that was refused is not tried again for the next tenant, lest the gateway lock the user out", async () => {
      for (const status of [400, 401, 403]) {
        server.received.length = 0;
        server.script = inTurn(answering(status, "{}"), answering(200, "{}", { "set-cookie": "sessionid=s1" }));
        const own = session();
        const first = await apiErrorOf(own.next());
        assert.equal(await apiErrorOf(own.next()), first);
        assert.equal(server.received.length, 1);
      }
    });

    it("that is not there names the keys of its address, and not those of the user", async () => {
      server.script = answering(404, '{"details":"no such path"}');
      const error = await apiErrorOf(session().next());
      assert.ok(error.message.endsWith(`answered 404: no such path. ${WHERE}`), error.message);
    });

    it("with a wrong password names the keys, and not the password", async () => {
      for (const status of [400, 401, 403]) {
        server.received.length = 0;
        server.script = answering(status, JSON.stringify({ details: `Wrong username or password ${PASSWORD}` }));
        const error = await apiErrorOf(session().next());
        assert.equal(
          error.message,
          `Could not log in to the tenant gateway: POST /api/v1/login/ answered ${status}: Wrong username or password [secret]. ${ADVICE}`,
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
        const error = await apiErrorOf(session().next());
        assert.match(
          error.message,
          /POST \/api\/v1\/login\/ answered 200, but it set no cookie\. Check that tenantGateway:baseUrl/,
        );
        assert.equal(error.lost, false);
      });
    }

    it("that is redirected is an error", async () => {
      server.script = answering(302, "", { location: "/portal/?next=/api/v1/login/", "set-cookie": "csrf=1" });
      const error = await apiErrorOf(session().next());
      assert.match(error.message, /answered 302 with a redirect to \/portal\/, which is not followed/);
      assert.equal(error.lost, false);
    });

    it("is not begun for a cancelled run", async () => {
      await assert.rejects(session().next(AbortSignal.abort(new Error("Ctrl-C"))), /Ctrl-C/);
      assert.deepEqual(server.received, []);
    });
  });
});
