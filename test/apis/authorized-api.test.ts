import assert from "node:assert/strict";
import type { AuthorizedApi } from "../../provider/systems/shared/authorized-api";
import type { CredentialSource } from "../../provider/systems/shared/credential-holder";
import { VirtualClock } from "../support/virtual-clock";
import { authorized, renewing, token } from "./support/credentials";
import { apiErrorOf, connect, POST, READ } from "./support/http-apis";
import { answering, serveForTests, type Script } from "./support/local-server";

describe("credentials that are refused", () => {
  const server = serveForTests();

  function api(endsWith403: boolean, clock = new VirtualClock()): AuthorizedApi {
    return authorized(connect(server.url, { clock }), renewing({ Authorization: "Bearer t#" }, endsWith403), clock);
  }

  /** Answers by the number of the token, and by the path. */
  function byToken(status: (number: number, path: string) => number): Script {
    return (received, response, number) => {
      const used = Number(/\d+$/.exec(received.headers.authorization ?? "")?.[0]);
      answering(status(used, received.path), "{}")(received, response, number);
    };
  }

  /** The credentials of all requests, in their order. */
  function tokens(): string {
    return server.received.map(({ headers }) => headers.authorization?.replace("Bearer ", "")).join(" ");
  }

  const read = async (one: AuthorizedApi, path = "/thing"): Promise<number> =>
    (await one.send({ ...READ, path })).status;

  it("are replaced once after 401, and the call is made again, even one that must not arrive twice", async () => {
    for (const call of [READ, POST]) {
      server.received.length = 0;
      server.script = byToken((number) => (number === 0 ? 401 : 200));
      assert.equal((await api(false).send(call)).status, 200);
      assert.equal(tokens(), "t0 t1");
    }
  });

  for (const [objects, concurrent] of [
    [30, false],
    [30, true],
  ] as const) {
    it(`cost two logins for ${objects} objects, ${concurrent ? "read at a time" : "one after the other"}, while a 401 lasts`, async () => {
      server.script = answering(401, "{}");
      const one = api(true);
      const all = Array.from({ length: objects }, (_, index) => `/${index}`);
      const statuses: number[] = [];
      if (concurrent) {
        statuses.push(...(await Promise.all(all.map((path) => read(one, path)))));
      }
      for (const path of all) {
        statuses.push(await read(one, path));
      }
      assert.deepEqual([...new Set(statuses)], [401]);
      assert.deepEqual([...new Set(tokens().split(" "))], ["t0", "t1"]);
    });
  }

  it("are not replaced after a 403 to the first call, which is about rights", async () => {
    server.script = answering(403, "{}");
    const one = api(true);
    assert.deepEqual([await read(one), await read(one)], [403, 403]);
    assert.equal(tokens(), "t0 t0");
  });

  it("are replaced once after a 403 that follows a success: the session has ended", async () => {
    let ended = false;
    server.script = byToken((number) => (ended && number === 0 ? 403 : 200));
    const one = api(true);
    await read(one);
    ended = true;
    assert.equal(await read(one), 200);
    assert.equal(tokens(), "t0 t0 t1");
  });

  it("are kept where a 403 stays, and each object costs one request from then on", async () => {
    server.script = byToken((_number, path) => (path.startsWith("/forbidden") ? 403 : 200));
    const one = api(true);
    for (const path of ["/a", "/forbidden/1", "/b", "/forbidden/2", "/c", "/forbidden/3"]) {
      assert.equal(await read(one, path), path.startsWith("/forbidden") ? 403 : 200);
    }
    assert.equal(tokens(), "t0 t0 t1 t1 t1 t1 t1");
  });

  it("may have ended a minute after a refusal that stayed, and are replaced then", async () => {
    const clock = new VirtualClock();
    let ended = false;
    server.script = byToken((number, path) => (path === "/forbidden" ? 401 : ended && number === 1 ? 401 : 200));
    const one = api(true, clock);
    await read(one);
    assert.equal(await read(one, "/forbidden"), 401);
    assert.equal(await read(one), 200);
    ended = true;
    clock.advance(59_999);
    assert.equal(await read(one), 401);
    clock.advance(1);
    assert.equal(await read(one), 200);
    assert.equal(tokens(), "t0 t0 t1 t1 t1 t1 t2");
  });

  it("are replaced as often as they end", async () => {
    let good = 0;
    server.script = byToken((number) => (number < good ? 401 : 200));
    const one = api(false);
    for (good = 0; good < 4; good += 1) {
      assert.equal(await read(one), 200);
    }
    assert.equal(tokens(), "t0 t0 t1 t1 t2 t2 t3");
  });

  it("are replaced once for fifty calls at a time", async () => {
    server.script = byToken((number) => (number === 0 ? 401 : 200));
    const one = api(false);
    const statuses = await Promise.all(Array.from({ length: 50 }, () => read(one)));
    assert.ok(statuses.every((status) => status === 200));
    assert.deepEqual([...new Set(tokens().split(" "))].sort(), ["t0", "t1"]);
  });

  it("are no matter of a 403 where the system does not end them so", async () => {
    server.script = byToken((_number, path) => (path === "/forbidden" ? 403 : 200));
    const one = api(false);
    await read(one);
    assert.equal(await read(one, "/forbidden"), 403);
    assert.equal(tokens(), "t0 t0");
  });

  it("are no matter of a 403 that the call expects", async () => {
    server.script = byToken((_number, path) => (path === "/forbidden" ? 403 : 200));
    const one = api(true);
    await read(one);
    assert.equal((await one.send({ ...READ, path: "/forbidden" }, { mayBeRefused: true })).status, 403);
    assert.equal(tokens(), "t0 t0");
  });

  it("are told of with what to do where they cannot be replaced", async () => {
    server.script = answering(401, '{"title":"Unauthorized"}');
    const fixed = authorized(connect(server.url), token("fixed"));
    assert.equal((await fixed.send(READ, { mayBeRefused: true })).status, 401);
    server.received.length = 0;
    const error = await apiErrorOf(fixed.send(READ));
    assert.match(error.message, /answered 401: Unauthorized\. Set a fresh one\.$/);
    assert.equal(server.received.length, 1);
  });

  it("are asked for again after a failure, and never again after a refusal", async () => {
    const outcomes = ["fail", "refuse", "give"];
    const refusal = await apiErrorOf(
      connect(server.url)
        .send(READ)
        .then((answer) => {
          throw connect(server.url).unexpected(answer, "Check it.");
        }),
    );
    const source: CredentialSource = {
      obtain: () => {
        const outcome = outcomes.shift();
        return outcome === "fail" ? Promise.reject(new Error("down")) : Promise.resolve({ refused: refusal });
      },
      renewal: { possible: true },
      endsWith403: false,
    };
    const one = authorized(connect(server.url), source);
    await assert.rejects(one.logIn(), /down/);
    assert.equal(await apiErrorOf(one.logIn()), refusal);
    assert.equal(await apiErrorOf(one.logIn()), refusal);
    assert.deepEqual(outcomes, ["give"]);
  });
});
