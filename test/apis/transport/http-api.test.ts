import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { type ApiCall, HttpApi } from "../../../provider/systems/transport/http-api";
import { createRedactor } from "../../../provider/systems/transport/redact";
import { LONGEST_RETRY_AFTER_MS } from "../../../provider/systems/transport/retry-policy";
import { asOneWork } from "../../../provider/systems/transport/work";
import { VirtualClock } from "../../support/virtual-clock";
import { apiErrorOf, connect, PATCH, POST, PUT, READ } from "../support/http-apis";
import { answering, dropping, hanging, inTurn, type Script, serveForTests } from "../support/local-server";

const EVERY_CALL: readonly ApiCall[] = [READ, PUT, PATCH, POST];
const WRITES: readonly ApiCall[] = [PUT, PATCH, POST];
/** The login, and the request for a token: a POST that changes nothing. */
const LOGIN: ApiCall = { ...POST, repetition: "repeatable", doing: "log in" };

const ok = answering(200, '{"fine":true}');

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("HTTP", () => {
  const server = serveForTests();

  describe("request", () => {
    it("carries its JSON byte for byte, its type and its headers, for a GET too", async () => {
      for (const method of ["GET", "PUT", "PATCH", "POST"] as const) {
        const body = { name: "3G/4G “Continuity” é", maximum: 0, deep: { unlimited: true } };
        await connect(server.url).send({ ...READ, method, body, headers: { Cookie: "a=b; c=d" } });
        const received = server.received.at(-1);
        assert.equal(received?.method, method);
        assert.equal(received.body, '{"name":"3G/4G “Continuity” é","maximum":0,"deep":{"unlimited":true}}');
        assert.equal(received.headers["content-type"], "application/json");
        assert.equal(received.headers["content-length"], String(Buffer.byteLength(received.body)));
        assert.equal(received.headers.cookie, "a=b; c=d");
        assert.equal(received.headers.accept, "application/json");
      }
    });

    it("carries a form as a form", async () => {
      await connect(server.url).send({ ...LOGIN, body: new URLSearchParams({ scope: "api://9d/.default", a: "é &" }) });
      assert.equal(server.received[0]?.headers["content-type"], "application/x-www-form-urlencoded");
      assert.equal(server.received[0].body, "scope=api%3A%2F%2F9d%2F.default&a=%C3%A9+%26");
    });

    it("carries neither body nor type where there is none", async () => {
      await connect(server.url).send(READ);
      assert.equal(server.received[0]?.body, "");
      assert.equal(server.received[0].headers["content-type"], undefined);
    });

    it("goes to the path below the base URL, as it is", async () => {
      const paths = ["/api/v1/tenants/a%2Fb/licenses/", "//else.where/x", "//127.0.0.1:1/x", "/a//b", "/a?b=c", "/"];
      for (const path of paths) {
        await connect(`${server.url}/base`).send({ ...READ, path });
      }
      assert.deepEqual(
        server.received.map(({ path }) => path),
        paths.map((path) => `/base${path}`),
      );
    });

    it("keeps its connection for the next one, but gives what must not arrive twice one of its own", async () => {
      const ports = new Set<number>();
      server.script = (received, response, number) => {
        ports.add(response.socket?.remotePort ?? 0);
        ok(received, response, number);
      };
      const api = connect(server.url);
      for (const call of [READ, PUT, PATCH, READ]) {
        await api.send(call);
      }
      assert.equal(ports.size, 1);
      await api.send(POST);
      assert.equal(ports.size, 2);
      await api.send(READ);
      assert.equal(ports.size, 2);
    });
  });

  it("says at once of a request that HTTP cannot carry that it could not be sent", async () => {
    for (const call of EVERY_CALL) {
      const clock = new VirtualClock();
      const error = await apiErrorOf(connect(server.url, { clock }).send({ ...call, headers: { "a name": "x" } }));
      assert.match(error.message, /could not be sent: .*a name/);
      assert.deepEqual([error.lost, clock.pauses, server.received], [false, [], []]);
    }
  });

  describe("answer", () => {
    it("is given whatever its status, with its text and JSON", async () => {
      for (const status of [200, 201, 204, 207, 304, 400, 401, 403, 404, 409, 416, 422, 500, 501, 505]) {
        server.script = answering(status, status === 204 || status === 304 ? "" : '{"a":[1]}');
        for (const call of EVERY_CALL) {
          const answer = await connect(server.url).send(call);
          assert.equal(answer.status, status);
          assert.deepEqual(answer.json, status === 204 || status === 304 ? undefined : { a: [1] });
        }
      }
    });

    it("is text where it is no JSON, and JSON of every kind", async () => {
      const bodies: readonly (readonly [string, unknown])[] = [
        ["1", 1],
        ['"tsk_185510"', "tsk_185510"],
        ["null", null],
        ["", undefined],
        ["tsk_185510", undefined],
        ["<html>", undefined],
        ['{"a":', undefined],
        ["é", undefined],
        ["\ufeff[1]", [1]],
      ];
      for (const [text, json] of bodies) {
        server.script = answering(200, text);
        const answer = await connect(server.url).send(READ);
        assert.equal(answer.text, text.replace("\ufeff", ""));
        assert.deepEqual(answer.json, json);
      }
    });

    it("is read compressed, and with all its cookies", async () => {
      server.script = (_received, response) => {
        response.writeHead(200, { "content-encoding": "gzip", "set-cookie": ["a=1; Path=/", "b=2"] });
        response.end(gzipSync('{"a":1}'));
      };
      const answer = await connect(server.url).send(READ);
      assert.deepEqual(answer.json, { a: 1 });
      assert.deepEqual(answer.cookies, ["a=1; Path=/", "b=2"]);
      server.script = ok;
      assert.deepEqual((await connect(server.url).send(READ)).cookies, []);
    });

    it("is read by its charset, or as UTF-8", async () => {
      for (const [type, bytes] of [
        ["application/json", Buffer.from('"Café"', "utf8")],
        ["application/json; charset=utf-8", Buffer.from('"Café"', "utf8")],
        ["application/json; charset=ISO-8859-1", Buffer.from('"Café"', "latin1")],
        ['text/plain; charset="windows-1252"', Buffer.from('"Café"', "latin1")],
        ["application/json;charset=utf-16le", Buffer.from('"Café"', "utf16le")],
        ["application/json; charset=utf-16", Buffer.from('\ufeff"Café"', "utf16le")],
        ["application/json; charset=UTF-16BE", Buffer.from('\ufeff"Café"', "utf16le").swap16()],
        ["application/json; charset=klingon", Buffer.from('"Café"', "utf8")],
      ] as const) {
        server.script = (_received, response) => {
          response.writeHead(200, { "content-type": type });
          response.end(bytes);
        };
        assert.equal((await connect(server.url).send(READ)).json, "Café", type);
      }
    });

    it("labelled ISO-8859-1 has what Windows writes in place of control characters", async () => {
      for (const charset of ["windows-1252", "ISO-8859-1", "latin1"]) {
        server.script = (_received, response) => {
          response.writeHead(200, { "content-type": `application/json; charset=${charset}` });
          response.end(Buffer.from([0x22, 0x43, 0xe9, 0x20, 0x96, 0x20, 0x80, 0x9f, 0x22]));
        };
        assert.equal((await connect(server.url).send(READ)).json, "Cé – €Ÿ", charset);
      }
    });

    it("that switches protocols is none: the request ends with its time", async () => {
      server.script = (_received, response) => {
        response.socket?.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
      };
      const error = await apiErrorOf(connect(server.url, { maxRetries: 0, requestTimeoutMs: 100 }).send(READ));
      assert.match(error.message, /was not answered within 100 ms/);
    });

    it("carries its call and its headers", async () => {
      server.script = answering(200, "[]", { Link: '<https://x/?page=2>; rel="next"', "X-Total-Count": "250" });
      const answer = await connect(server.url).send(READ);
      assert.equal(answer.call, READ);
      assert.equal(answer.headers["link"], '<https://x/?page=2>; rel="next"');
      assert.equal(answer.headers["x-total-count"], "250");
      assert.equal(answer.headers["content-type"], "application/json");
      assert.equal(answer.headers["x-next-page"], undefined);
    });

    it("tells its Retry-After", async () => {
      server.script = answering(200, "{}", { "retry-after": "7" });
      assert.equal((await connect(server.url).send(READ)).retryAfterMs, 7000);
      server.script = answering(200, "{}", { "retry-after": "soon" });
      assert.equal((await connect(server.url).send(READ)).retryAfterMs, undefined);
    });
  });

  describe("sent again", () => {
    const transient: readonly (readonly [what: string, script: Script])[] = [
      ...[408, 429, 502, 503, 504, 520, 521, 522, 523, 524, 530].map(
        (status) => [String(status), answering(status, "{}")] as const,
      ),
      ["dropped connection", dropping],
      ["answer that is no HTTP", (_received, response) => response.socket?.end("SSH-2.0-OpenSSH_9.6\r\n")],
      [
        "answer with a broken head",
        (_received, response) => response.socket?.end("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}"),
      ],
      [
        "answer with a head too large",
        (_received, response) => response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n{}`),
      ],
      [
        "answer cut off",
        (_received, response) => response.socket?.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
      ],
      [
        "answer whose compression is broken",
        (_received, response) => {
          response.writeHead(200, { "content-encoding": "gzip" });
          response.end("this is no gzip");
        },
      ],
    ];
    for (const [what, script] of transient) {
      for (const call of [READ, PUT, LOGIN]) {
        it(`after ${what}: ${call.method} (${call.repetition})`, async () => {
          server.script = inTurn(script, script, ok);
          assert.equal((await connect(server.url).send(call)).status, 200);
          assert.equal(server.received.length, 3);
        });
      }
      if (what !== "429") {
        for (const call of [PATCH, POST]) {
          it(`never after ${what}, where it must be known whether it arrived: ${call.method}`, async () => {
            server.script = inTurn(script, ok);
            const error = await apiErrorOf(connect(server.url).send(call));
            assert.equal(error.lost, true);
            assert.equal(server.received.length, 1);
          });
        }
      }
    }

    for (const call of EVERY_CALL) {
      it(`when no connection was made: ${call.method}`, async () => {
        const port = await closedPort();
        const clock = new VirtualClock();
        const error = await apiErrorOf(connect(`http://127.0.0.1:${port}`, { clock }).send(call));
        assert.equal(error.lost, false);
        assert.equal(error.trouble, "unreachable");
        assert.match(error.message, /could not connect \(ECONNREFUSED\) after 6 attempts\. /);
        assert.deepEqual(clock.pauses, [375, 750, 1500, 3000, 6000]);
      });
    }

    it("when the host's name is not known, or leads nowhere", async () => {
      for (const host of ["no-such-host.invalid", "localhost:1"]) {
        const error = await apiErrorOf(connect(`http://${host}`, { maxRetries: 0 }).send(POST));
        assert.match(error.message, /could not connect \((?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED)\)\. /);
        assert.equal(error.lost, false);
      }
    });

    for (const call of [PATCH, POST]) {
      for (const [what, status, headers] of [
        ["429", 429, {}],
        ["429 with Retry-After", 429, { "retry-after": "2" }],
        ["503 with Retry-After", 503, { "retry-after": "2" }],
      ] as const) {
        it(`after ${what}, because it was not taken: ${call.method}`, async () => {
          server.script = inTurn(answering(status, "{}", headers), ok);
          assert.equal((await connect(server.url).send(call)).status, 200);
          assert.equal(server.received.length, 2);
        });
      }
    }

    it("never after 500", async () => {
      server.script = inTurn(answering(500, "{}", { "retry-after": "1" }), ok);
      for (const call of EVERY_CALL) {
        server.received.length = 0;
        assert.equal((await connect(server.url).send(call)).status, 500);
        assert.equal(server.received.length, 1);
      }
    });

    it("with doubling pauses, as often as maxRetries says", async () => {
      for (const maxRetries of [0, 1, 3]) {
        server.received.length = 0;
        server.script = answering(502, '{"title":"Bad Gateway"}');
        const clock = new VirtualClock();
        const error = await apiErrorOf(connect(server.url, { maxRetries, clock }).send(READ));
        assert.equal(server.received.length, maxRetries + 1);
        assert.deepEqual(clock.pauses, [375, 750, 1500].slice(0, maxRetries));
        assert.equal(error.status, 502);
        assert.match(
          error.message,
          maxRetries === 0 ? /answered 502: Bad Gateway\./ : /answered 502 after \d attempts: Bad/,
        );
      }
    });
  });

  describe("Retry-After", () => {
    /** What the clock showed when each request came. */
    function arrivals(clock: VirtualClock, script: Script): number[] {
      const start = clock.now();
      const times: number[] = [];
      server.script = (received, response, number) => {
        times.push(clock.now() - start);
        script(received, response, number);
      };
      return times;
    }

    for (const [header, waited] of [
      ["3", 3000],
      ["0", 375],
      ["600", 600_000],
      ["Sun, 01 Mar 2026 12:00:30 GMT", 30_000],
      ["Sun, 01 Mar 2026 11:00:00 GMT", 375],
      ["rubbish", 375],
    ] as const) {
      it(`of ${header} is waited for`, async () => {
        const clock = new VirtualClock();
        const date = "Sun, 01 Mar 2026 12:00:00 GMT";
        const times = arrivals(clock, inTurn(answering(429, "{}", { "retry-after": header, date }), ok));
        await connect(server.url, { clock }).send(READ);
        assert.deepEqual(times, [0, waited]);
      });
    }

    for (const [retryAfter, date] of [
      ["Sun, 01 Mar 2026 13:00:30 GMT", "Sun, 01 Mar 2026 13:00:00 GMT"],
      ["Sun, 01 Mar 2026 11:00:30 GMT", "Sun, 01 Mar 2026 11:00:00 GMT"],
      ["Sunday, 01-Mar-26 13:00:30 GMT", "Sun Mar  1 13:00:00 2026"],
      ["Sun, 01 Mar 2026 12:00:30 GMT", "today"],
      ["30", "Sun, 01 Mar 2026 13:00:00 GMT"],
    ] as const) {
      it(`of ${retryAfter} is 30 s by the clock of the host, which answers at ${date}`, async () => {
        const clock = new VirtualClock();
        const times = arrivals(clock, inTurn(answering(503, "{}", { "retry-after": retryAfter, date }), ok));
        await connect(server.url, { clock }).send(READ);
        assert.deepEqual(times, [0, 30_000]);
      });
    }

    it("as a date is measured by the clock of this machine where the answer has no date", async () => {
      const clock = new VirtualClock();
      const times: number[] = [];
      server.script = (_received, response, number) => {
        times.push(clock.now());
        response.sendDate = false;
        response.writeHead(number === 1 ? 503 : 200, { "retry-after": "Sun, 01 Mar 2026 12:00:30 GMT" });
        response.end("{}");
      };
      await connect(server.url, { clock }).send(READ);
      assert.deepEqual(times, [Date.parse("2026-03-01T12:00:00Z"), Date.parse("2026-03-01T12:00:30Z")]);
    });

    it("of more than ten minutes ends the call at once, and every other one until it is over", async () => {
      const clock = new VirtualClock();
      const times = arrivals(clock, inTurn(answering(503, "{}", { "retry-after": "3600" }), ok));
      const api = connect(server.url, { clock });
      for (const call of EVERY_CALL) {
        const error = await apiErrorOf(api.send(call));
        assert.equal(error.lost, false);
        assert.match(error.message, /ask(?:s|ed) to be left alone for (?:another )?1 h/);
      }
      clock.advance(3_600_000 - LONGEST_RETRY_AFTER_MS);
      await api.send(READ);
      assert.deepEqual(times, [0, 3_600_000]);
    });

    it("ends when it said, though the clock of this machine is set back an hour meanwhile", async () => {
      const clock = new VirtualClock();
      server.script = inTurn(answering(503, "{}", { "retry-after": "30" }), ok);
      clock.in(10_000, () => {
        clock.setBack(3_600_000);
      });
      const api = connect(server.url, { clock });
      await Promise.all([api.send(READ), api.send(READ)]);
      assert.deepEqual(clock.pauses, [30_000]);
    });

    for (const status of [429, 503]) {
      it(`of a ${status} holds back all other calls`, async () => {
        const clock = new VirtualClock();
        const times = arrivals(clock, inTurn(answering(status, "{}", { "retry-after": "5" }), ok));
        const api = connect(server.url, { clock });
        await api.send(READ);
        await Promise.all([api.send(READ), api.send(PATCH), api.send(POST)]);
        assert.ok(times.slice(1).every((time) => time >= 5000));
      });
    }

    for (const status of [200, 202, 404, 500]) {
      it(`of a ${status} holds back nothing: it is for the caller alone`, async () => {
        const clock = new VirtualClock();
        const times = arrivals(clock, inTurn(answering(status, "{}", { "retry-after": "900" }), ok));
        const api = connect(server.url, { clock });
        assert.equal((await api.send(READ)).retryAfterMs, 900_000);
        await Promise.all([api.send(READ), api.send(PATCH), api.send(POST)]);
        assert.deepEqual(times, [0, 0, 0, 0]);
      });
    }

    it("of a 502 lengthens the pause of its own call only", async () => {
      const clock = new VirtualClock();
      const times = arrivals(clock, inTurn(answering(502, "{}", { "retry-after": "5" }), ok));
      await connect(server.url, { clock }).send(READ);
      assert.deepEqual(times, [0, 5000]);
    });

    it("that is absent from a 429 holds back all other calls for the usual pause", async () => {
      const clock = new VirtualClock();
      const times = arrivals(clock, inTurn(answering(429, "{}"), ok));
      const api = connect(server.url, { clock });
      await Promise.all([api.send(READ), api.send(READ)]);
      assert.ok(times.length >= 3 && times.slice(2).every((time) => time >= 375), times.join());
    });
  });

  describe("a write that may have been processed before", () => {
    it("stays lost, whatever the later attempts meet", async () => {
      for (const then of [answering(400, "{}"), answering(401, "{}"), answering(500, "{}")]) {
        server.received.length = 0;
        server.script = inTurn(answering(504, "{}"), then);
        const api = connect(server.url);
        const answer = await api.send(PUT);
        assert.equal(answer.mayBeDone, true);
        assert.equal(api.unexpected(answer).lost, true);
      }
      for (const then of [answering(429, "{}"), answering(429, "{}", { "retry-after": "3600" })]) {
        server.received.length = 0;
        server.script = inTurn(dropping, then);
        assert.equal((await apiErrorOf(connect(server.url).send(PUT))).lost, true);
      }
    });

    it("is not lost where it is a read or a login, or where every attempt was refused", async () => {
      server.script = inTurn(answering(504, "{}"), answering(400, "{}"));
      for (const call of [READ, LOGIN]) {
        server.received.length = 0;
        assert.equal((await connect(server.url).send(call)).mayBeDone, false);
      }
      server.received.length = 0;
      server.script = inTurn(answering(429, "{}"), answering(400, "{}"));
      assert.equal((await connect(server.url).send(PUT)).mayBeDone, false);
    });

    it("is lost where the run is cancelled meanwhile", async () => {
      for (const call of WRITES) {
        const cancelled = new AbortController();
        server.script = (received, response, number) => {
          cancelled.abort(new Error("Ctrl-C"));
          dropping(received, response, number);
        };
        assert.equal((await apiErrorOf(connect(server.url).send({ ...call, signal: cancelled.signal }))).lost, true);
      }
    });
  });

  describe("progress", () => {
    it("says after the first failed attempt what is tried again, and until when", async () => {
      const lines: string[] = [];
      const clock = new VirtualClock();
      const until = new Date(clock.now() + 19_375).toTimeString().slice(0, 8);
      server.script = inTurn(answering(502, "{}"), answering(502, "{}"), dropping, ok);
      const report = (line: string): void => {
        lines.push(line);
      };
      await asOneWork(report, () => connect(server.url, { clock }).send(READ));
      assert.equal(lines[0], `answered 502; trying again until ${until}: read thing 7`);
      assert.match(lines[1] ?? "", /^was cut off \(ECONNRESET\); trying again until \d\d:\d\d:\d\d: read thing 7$/);
      assert.equal(lines.length, 2);
    });

    it("goes to whoever made the call, of several that share a host", async () => {
      server.script = inTurn(answering(502, "{}"), answering(502, "{}"), ok);
      const api = connect(server.url);
      const lines: string[] = [];
      await Promise.all(
        ["first", "second"].map((name) =>
          asOneWork(
            (line) => lines.push(`${name}: ${line}`),
            () => api.send({ ...READ, doing: `read ${name}` }),
          ),
        ),
      );
      assert.deepEqual(
        lines.map((line) => line.replace(/ answered .*:/, "")).sort((a, b) => a.localeCompare(b)),
        ["first: read first", "second: read second"],
      );
    });

    it("says nothing of a call that is answered, or that is not tried again", async () => {
      const lines: string[] = [];
      await asOneWork(
        (line) => lines.push(line),
        async () => {
          await connect(server.url).send(READ);
          server.script = answering(504, "{}");
          await apiErrorOf(connect(server.url).send(POST));
          await apiErrorOf(connect(server.url, { maxRetries: 0 }).send(READ));
        },
      );
      assert.deepEqual(lines, []);
    });
  });

  describe("time-out", () => {
    const limit = { requestTimeoutMs: 60, maxRetries: 1 };

    it("bounds a call that is never answered", async () => {
      server.script = hanging;
      for (const call of EVERY_CALL) {
        server.received.length = 0;
        const error = await apiErrorOf(connect(server.url, limit).send(call));
        const isOnce = call.repetition === "once";
        assert.match(
          error.message,
          isOnce ? /was not answered within 60 ms\./ : /not answered within 60 ms, in 2 attempts\./,
        );
        assert.equal(server.received.length, isOnce ? 1 : 2);
        assert.equal(error.lost, call !== READ, call.method);
        assert.equal(error.trouble, "unreachable");
      }
    });

    it("bounds an answer that drips in for ever", async () => {
      server.script = (_received, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(" "), 10);
        response.once("close", () => {
          clearInterval(drip);
        });
      };
      const error = await apiErrorOf(connect(server.url, limit).send(READ));
      assert.match(error.message, /not answered within 60 ms/);
    });

    it("leaves alone what is slow but in time", async () => {
      server.script = (received, response, number) => {
        setTimeout(() => {
          ok(received, response, number);
        }, 20);
      };
      assert.equal((await connect(server.url).send(POST)).status, 200);
    });
  });

  describe("redirect", () => {
    const elsewhere = serveForTests();

    for (const status of [301, 302, 303, 307, 308]) {
      it(`${status} is not followed, and nothing is sent elsewhere`, async () => {
        server.script = answering(status, "", { location: `${elsewhere.url}/portal?token=abc#x` });
        for (const call of [...EVERY_CALL, LOGIN]) {
          const error = await apiErrorOf(
            connect(server.url).send({ ...call, headers: { Authorization: "Bearer t0ken" } }),
          );
          assert.match(
            error.message,
            new RegExp(`answered ${status} with a redirect to ${elsewhere.url}/portal, which is not followed`),
          );
          assert.match(error.message, /Set livePlatform:baseUrl to the address of the Live Platform itself\.$/);
          assert.ok(!error.message.includes("token=abc"));
          assert.equal(error.lost, call !== LOGIN && call !== READ);
        }
        assert.equal(server.received.length, 5);
        assert.deepEqual(elsewhere.received, []);
      });
    }

    it("without a place to go is an error too", async () => {
      server.script = answering(302, "");
      assert.match(
        (await apiErrorOf(connect(server.url).send(READ))).message,
        /answered 302 with a redirect, which is not/,
      );
    });
  });

  describe("a cancelled run", () => {
    const stop = new Error("Ctrl-C");

    it("sends nothing more", async () => {
      for (const call of EVERY_CALL) {
        await assert.rejects(connect(server.url).send({ ...call, signal: AbortSignal.abort(stop) }), stop);
      }
      assert.deepEqual(server.received, []);
    });

    it("sends no write that is cancelled while it is asked whether the engine is still there", async () => {
      for (const call of WRITES) {
        const controller = new AbortController();
        const assertWanted = (): Promise<void> => {
          controller.abort(stop);
          return Promise.resolve();
        };
        const guard = { assertWanted, plannedAt: 0, attempts: 0 };
        await assert.rejects(connect(server.url).send({ ...call, guard, signal: controller.signal }), stop);
      }
      assert.deepEqual(server.received, []);
    });

    it("gives up a read at once", async () => {
      const controller = new AbortController();
      server.script = () => {
        controller.abort(stop);
      };
      await assert.rejects(connect(server.url).send({ ...READ, signal: controller.signal }), stop);
    });

    it("lets a write that is under way be answered", async () => {
      for (const call of WRITES) {
        const controller = new AbortController();
        server.script = (received, response, number) => {
          controller.abort(stop);
          setTimeout(() => {
            ok(received, response, number);
          }, 20);
        };
        assert.equal((await connect(server.url).send({ ...call, signal: controller.signal })).status, 200);
      }
    });

    it("does not send a failed write again, nor wait to", async () => {
      const controller = new AbortController();
      server.script = (received, response, number) => {
        controller.abort(stop);
        answering(503, "{}", { "retry-after": "60" })(received, response, number);
      };
      for (const call of WRITES) {
        server.received.length = 0;
        await assert.rejects(connect(server.url).send({ ...call, signal: controller.signal }), stop);
      }
    });
  });

  describe("error", () => {
    it("names the object, the call, what was said, and what to do next, for every status", async () => {
      const advice: readonly (readonly [status: number, advice: RegExp])[] = [
        [400, /Correct what the Live Platform rejects, and run it again\.$/],
        [401, /The Live Platform does not accept the credentials for this: check them and their permissions\.$/],
        [403, /does not accept the credentials/],
        [404, /Check livePlatform:baseUrl \(http:\/\/127\.0\.0\.1:\d+\/base\) and that the object exists\.$/],
        [409, /Correct what/],
        [422, /Correct what/],
        [500, /The Live Platform failed: run it again\. If it fails again, report the answer to its support\.$/],
        [501, /report the answer to its support/],
      ];
      for (const [status, expected] of advice) {
        server.script = answering(status, '{"title":"Oh no","detail":"ErrorTicket=03a9"}');
        const api = connect(`${server.url}/base`);
        const answer = await api.send(READ);
        const error = api.unexpected(answer);
        assert.ok(
          error.message.startsWith(
            `Could not read thing 7: GET /base/thing answered ${status}: Oh no; ErrorTicket=03a9. `,
          ),
        );
        assert.match(error.message, expected);
        assert.equal(error.status, status);
        assert.equal(error.trouble, status === 401 || status === 403 ? "credentials" : "status");
        assert.equal(error.lost, false);
        assert.equal(api.unexpected(answer, "Do this.").message.endsWith("Oh no; ErrorTicket=03a9. Do this."), true);
      }
    });

    it("gives advice on an overloaded host, with the time where it was told", async () => {
      server.script = answering(429, "{}");
      const bare = await apiErrorOf(connect(server.url, { maxRetries: 0 }).send(READ));
      assert.match(
        bare.message,
        /The Live Platform is overloaded: run it again later, or lower requestsPerSecond and maxConcurrency\.$/,
      );
      server.script = answering(429, "{}", { "retry-after": "90" });
      const told = await apiErrorOf(connect(server.url, { maxRetries: 0 }).send(READ));
      assert.match(told.message, /The Live Platform asks to be left alone for 1 min 30 s: run it again then\.$/);
    });

    it("says of a lost write that it may have been done, and of the next run that it looks", async () => {
      server.script = answering(504, '{"title":"Gateway Timeout"}');
      const error = await apiErrorOf(connect(server.url).send(POST));
      assert.equal(
        error.message,
        "Could not upgrade thing 7: POST /thing answered 504: Gateway Timeout. The Live Platform may or may not have done it: run `pulumi up` again, it looks first.",
      );
    });

    it("of an unreadable answer tells why, and that a write may have been done", async () => {
      server.script = answering(200, "<html>Sign in</html>");
      const api = connect(server.url);
      for (const call of [...EVERY_CALL, LOGIN]) {
        const error = api.unreadable(await api.send(call), "the body is an HTML page");
        assert.match(
          error.message,
          /answered 200, but the body is an HTML page\. Check that livePlatform:baseUrl \(http.*\) is the Live Platform and that no proxy answers in its place\.$/,
        );
        assert.equal(error.lost, call !== READ && call !== LOGIN, `${call.method} ${call.repetition}`);
      }
    });

    it("holds no secret, however the host repeats it, and however long its answer is", async () => {
      const secret = "pr18Q~Fk0b+CZdK7/dd4jZ vZ";
      const redactor = createRedactor();
      redactor.add(secret);
      for (const said of [
        secret,
        encodeURIComponent(secret),
        Buffer.from(secret).toString("base64"),
        `${"x".repeat(590)}${secret}`,
      ]) {
        for (const status of [400, 502]) {
          for (const body of [JSON.stringify({ title: said }), said, `{"cut": "${said}`]) {
            server.script = answering(status, body);
            const api = connect(server.url, { redactor, maxRetries: 0 });
            const error = await api.send(READ).then(
              (answer) => api.unexpected(answer),
              (failure: unknown) => failure,
            );
            assert.ok(error instanceof Error && /answered (?:400|502)/.test(error.message));
            for (const part of ["pr18Q", "ZdK7", Buffer.from("pr18Q~").toString("base64")]) {
              assert.ok(!error.message.includes(part), error.message);
            }
          }
        }
      }
      server.script = answering(302, "", { location: `https://x.example/${encodeURIComponent(secret)}` });
      assert.ok(!(await apiErrorOf(connect(server.url, { redactor }).send(READ))).message.includes("pr18Q"));
    });
  });

  describe("log of requests", () => {
    it("tells each attempt with its outcome and its time, and neither bodies nor credentials", async () => {
      const lines: string[] = [];
      server.script = inTurn(answering(503, "{}"), dropping, ok);
      const api = connect(server.url, { onRequest: (line) => lines.push(line) });
      await api.send({ ...READ, path: "/thing?q=1", headers: { Authorization: "Bearer t0ken" } });
      assert.deepEqual(lines, [
        "Live Platform: GET /thing → 503, 0 ms",
        "Live Platform: GET /thing → ECONNRESET, 0 ms",
        "Live Platform: GET /thing → 200, 0 ms",
      ]);
    });
  });

  describe("limits", () => {
    it("of concurrency hold for the host, not for one call", async () => {
      let inFlight = 0;
      let most = 0;
      server.script = (received, response, number) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        setTimeout(() => {
          inFlight -= 1;
          ok(received, response, number);
        }, 5);
      };
      const api = connect(server.url, { maxConcurrency: 3 });
      await Promise.all(Array.from({ length: 20 }, () => api.send(READ)));
      assert.equal(most, 3);
      assert.equal(server.received.length, 20);
    });

    it("of the host's own, of 10 in 10 s, fail no call of a hundred", async () => {
      const clock = new VirtualClock();
      const windows = new Map<number, number>();
      server.script = (received, response, number) => {
        const window = Math.floor(clock.now() / 10_000);
        const used = windows.get(window) ?? 0;
        windows.set(window, used + 1);
        const seconds = Math.ceil(((window + 1) * 10_000 - clock.now()) / 1000);
        (used < 10 ? ok : answering(429, "{}", { "retry-after": String(seconds) }))(received, response, number);
      };
      const api = connect(server.url, { clock });
      const answers = await Promise.all(Array.from({ length: 100 }, () => api.send(READ)));
      assert.ok(answers.every(({ status }) => status === 200));
    });
  });

  it("reports how long a request took, though the clock of this machine is set back meanwhile", async () => {
    const clock = new VirtualClock();
    const lines: string[] = [];
    server.script = (received, response, number) => {
      clock.advance(1500);
      clock.setBack(3_600_000);
      ok(received, response, number);
    };
    await connect(server.url, { clock, onRequest: (line) => lines.push(line) }).send(READ);
    assert.deepEqual(lines, ["Live Platform: GET /thing → 200, 2 s"]);
  });

  it("cannot be made with a file of authorities that is not there", () => {
    assert.throws(() => new HttpApi({ ...optionsOf(), caFile: "/no/such/file.pem" }), /\/no\/such\/file\.pem/);
  });
});

function optionsOf(): ConstructorParameters<typeof HttpApi>[0] {
  return {
    name: "Live Platform",
    baseUrl: "https://127.0.0.1",
    baseUrlKey: "livePlatform:baseUrl",
    requestTimeoutMs: 1000,
    maxRetries: 0,
    maxConcurrency: 1,
    clock: new VirtualClock(),
    redactor: createRedactor(),
  };
}
