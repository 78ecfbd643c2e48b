import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import type { HttpApi } from "../../../provider/systems/transport/http-api";
import { createRedactor } from "../../../provider/systems/transport/redact";
import { selfSigned } from "../../simulator/self-signed";
import { apiErrorOf, connect, PATCH, POST, PUT, READ } from "../support/http-apis";
import { serveForTests } from "../support/local-server";
import { proxyForTests, restoreProxyVariables, setProxyVariables } from "../support/proxy";
import { temporaryFiles } from "../support/temporary-file";

const EVERY_CALL = [READ, PUT, PATCH, POST];
const CREDENTIALS = { headers: { Authorization: "Bearer t0ken-of-the-platform", Cookie: "sessionid=s3ss10n" } };

describe("proxy", () => {
  const certificate = selfSigned();
  const secure = serveForTests(certificate);
  const plain = serveForTests();
  const proxy = proxyForTests();
  const file = temporaryFiles();
  restoreProxyVariables();

  function connectSecurely(baseUrl = secure.url): HttpApi {
    return connect(baseUrl, { caFile: file("ca.pem", certificate.cert) });
  }

  for (const variable of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"]) {
    it(`of ${variable} is a tunnel: it sees where a call goes, and nothing of it`, async () => {
      setProxyVariables({ [variable]: `http://127.0.0.1:${proxy.port}` });
      const api = connectSecurely();
      for (const call of EVERY_CALL) {
        assert.equal((await api.send({ ...call, ...CREDENTIALS })).status, 200);
      }
      assert.equal(secure.received.length, 4);
      assert.ok(secure.received.every(({ headers }) => headers.authorization === "Bearer t0ken-of-the-platform"));
      assert.ok(proxy.passed.length >= 1);
      for (const { method, target, headers } of proxy.passed) {
        assert.deepEqual([method, target], ["CONNECT", `127.0.0.1:${secure.port}`]);
        assert.equal(headers.authorization, undefined);
        assert.equal(headers.cookie, undefined);
      }
      assert.ok(!/t0ken|s3ss10n|thing/.test(proxy.seen()));
    });
  }

  it("gets the name and password of its address, and nobody else does", async () => {
    setProxyVariables({
      HTTPS_PROXY: `http://user:p4ss@127.0.0.1:${proxy.port}`,
      HTTP_PROXY: `http://user:p4ss@127.0.0.1:${proxy.port}`,
    });
    await connectSecurely().send(READ);
    await connect(plain.url).send(READ);
    const expected = `Basic ${Buffer.from("user:p4ss").toString("base64")}`;
    assert.deepEqual(
      proxy.passed.map(({ headers }) => headers["proxy-authorization"]),
      [expected, expected],
    );
    assert.ok(
      [...secure.received, ...plain.received].every(({ headers }) => headers["proxy-authorization"] === undefined),
    );
  });

  it("of HTTP_PROXY passes on what goes by plain http", async () => {
    setProxyVariables({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}` });
    const api = connect(plain.url);
    for (const call of EVERY_CALL) {
      assert.equal((await api.send(call)).status, 200);
    }
    assert.deepEqual(
      proxy.passed.map(({ target }) => target),
      EVERY_CALL.map(() => `${plain.url}/thing`),
    );
    assert.deepEqual(
      plain.received.map(({ body }) => body),
      ["", '{"a":1}', '{"a":1}', '{"a":1}'],
    );
    await connectSecurely().send(READ);
    assert.equal(proxy.passed.length, 4);
  });

  for (const without of ["127.0.0.1", "*", "example.com,127.0.0.1", "127.0.0.1:PORT"]) {
    it(`is not used for ${without} in NO_PROXY`, async () => {
      const address = `http://127.0.0.1:${proxy.port}`;
      setProxyVariables({ HTTPS_PROXY: address, NO_PROXY: without.replace("PORT", String(secure.port)) });
      await connectSecurely().send(READ);
      assert.equal(secure.received.length, 1);
      assert.deepEqual(proxy.passed, []);
    });
  }

  it("is used for what NO_PROXY does not name", async () => {
    setProxyVariables({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: "example.com,10.0.0.1" });
    await connectSecurely().send(READ);
    assert.equal(proxy.passed.length, 1);
  });

  it("cannot answer in the name of the host: the certificate must be the host's", async () => {
    setProxyVariables({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    proxy.leadsTo = secure.port;
    const api = connectSecurely("https://portal.example.com");
    for (const call of EVERY_CALL) {
      const error = await apiErrorOf(api.send({ ...call, ...CREDENTIALS }));
      assert.match(error.message, /The certificate of portal\.example\.com is not trusted/);
      assert.equal(error.lost, false);
    }
    assert.deepEqual(secure.received, []);
  });

  it("is taken for an HTTP proxy where its address has no scheme, and keeps its tunnel for the next call", async () => {
    setProxyVariables({ HTTPS_PROXY: `127.0.0.1:${proxy.port}` });
    const api = connectSecurely();
    for (const call of [READ, READ, PATCH]) {
      assert.equal((await api.send(call)).status, 200);
    }
    assert.deepEqual(
      proxy.passed.map(({ method }) => method),
      ["CONNECT"],
    );
  });

  for (const [user, password, written] of [
    ["DOM\\ain", "p@ss:w/rd", "DOM%5Cain:p%40ss%3Aw%2Frd"],
    ["user", "100%", "user:100%"],
    ["ünïcode", "pä ss", "%C3%BCn%C3%AFcode:p%C3%A4%20ss"],
  ] as const) {
    it(`gets user and password decoded, over TLS and plain http: ${written}`, async () => {
      const address = `http://${written}@127.0.0.1:${proxy.port}`;
      setProxyVariables({ HTTPS_PROXY: address, HTTP_PROXY: address });
      await connectSecurely().send(READ);
      await connect(plain.url).send(READ);
      const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
      assert.deepEqual(
        proxy.passed.map(({ headers }) => headers["proxy-authorization"]),
        [expected, expected],
      );
    });
  }

  for (const status of [401, 403, 407]) {
    it(`that refuses with ${status} gets neither body nor credentials, and is named as who refused`, async () => {
      setProxyVariables({ HTTPS_PROXY: `http://user:p4ss@127.0.0.1:${proxy.port}` });
      proxy.refuses = status;
      proxy.page = "<html>Access denied by policy</html>";
      const api = connectSecurely();
      for (const call of EVERY_CALL) {
        const error = await apiErrorOf(api.send({ ...call, ...CREDENTIALS }));
        assert.match(
          error.message,
          new RegExp(
            `${call.method} /thing was refused by the proxy 127.0.0.1:${proxy.port}, which answered ${status} to CONNECT 127.0.0.1:${secure.port}\\. `,
          ),
        );
        assert.deepEqual([error.trouble, error.status, error.lost], ["unreachable", undefined, false]);
        assert.ok(!/p4ss|t0ken|s3ss10n|credentials/.test(error.message), error.message);
      }
      assert.equal(proxy.passed.length, 4);
      assert.ok(!/t0ken|s3ss10n|"a":1/.test(proxy.seen()));
      assert.deepEqual(secure.received, []);
    });
  }

  it("that wants user and password gets advice on where to set them, over TLS and plain http", async () => {
    const address = `http://127.0.0.1:${proxy.port}`;
    setProxyVariables({ HTTPS_PROXY: address, HTTP_PROXY: address });
    proxy.refuses = 407;
    for (const [api, variable] of [
      [connectSecurely(), "HTTPS_PROXY"],
      [connect(plain.url), "HTTP_PROXY"],
    ] as const) {
      assert.ok(
        (await apiErrorOf(api.send(READ))).message.endsWith(
          `Set ${variable} to the proxy's address with user and password: http://user:password@127.0.0.1:${proxy.port} (special characters percent-encoded).`,
        ),
      );
    }
  });

  it("that refuses for its own reasons gets advice on permission and NO_PROXY", async () => {
    setProxyVariables({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    proxy.refuses = 403;
    assert.match(
      (await apiErrorOf(connectSecurely().send(READ))).message,
      /have the proxy permit 127\.0\.0\.1:\d+, or exempt 127\.0\.0\.1 by NO_PROXY\.$/,
    );
  });

  for (const status of [502, 503, 504]) {
    it(`that cannot reach the host (${status}) is asked again, even for what must not arrive twice`, async () => {
      setProxyVariables({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
      proxy.refuses = status;
      const api = connectSecurely();
      for (const call of EVERY_CALL) {
        proxy.passed.length = 0;
        const error = await apiErrorOf(api.send(call));
        assert.equal(proxy.passed.length, 6);
        assert.equal(error.lost, false);
        assert.match(error.message, new RegExp(`answered ${status} to CONNECT .* after 6 attempts`));
      }
    });
  }

  it("that never answers is given up in time, with nothing sent and no connection left open", async () => {
    setProxyVariables({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    proxy.hangs = true;
    const api = connect(secure.url, {
      caFile: file("ca.pem", certificate.cert),
      requestTimeoutMs: 60,
      maxRetries: 1,
    });
    const error = await apiErrorOf(api.send(POST));
    assert.match(error.message, /could not connect through the proxy 127\.0\.0\.1:\d+ \(ETIMEDOUT\) after 2 attempts/);
    assert.equal(error.lost, false);
    await proxy.left();
  });

  for (const scheme of ["socks4", "socks5h"]) {
    it(`of ${scheme}:// is refused by name`, async () => {
      setProxyVariables({ HTTPS_PROXY: `${scheme}://user:p4ss@127.0.0.1:${proxy.port}` });
      const error = await apiErrorOf(connectSecurely().send(POST));
      assert.match(error.message, /HTTPS_PROXY names a SOCKS proxy \(socks\w*:\/\/…\), which is not supported/);
      assert.equal(error.lost, false);
      assert.ok(!error.message.includes("p4ss"));
      assert.deepEqual(proxy.passed, []);
    });
  }

  it("that cannot be reached leaves nothing sent", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    setProxyVariables({ HTTPS_PROXY: `http://user:p4ss@127.0.0.1:${port}` });
    const error = await apiErrorOf(connectSecurely().send(POST));
    assert.equal(error.lost, false);
    assert.match(error.message, /could not connect through the proxy 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
    assert.ok(!error.message.includes("p4ss"));
  });

  for (const address of ["http://127.0.0.1:99999", "http://pro xy:3128", "http://[::1"]) {
    it(`of an impossible address, ${address}, is an error that names the variables`, async () => {
      setProxyVariables({ HTTPS_PROXY: address });
      const error = await apiErrorOf(connectSecurely().send(POST));
      assert.match(error.message, /proxy variables of the environment/);
      assert.equal(error.lost, false);
      assert.deepEqual(secure.received, []);
    });
  }

  it("is told no secret in a message", async () => {
    const redactor = createRedactor();
    redactor.add("t0ken-of-the-platform");
    setProxyVariables({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    proxy.refuses = 502;
    const error = await apiErrorOf(connect(secure.url, { redactor }).send({ ...READ, ...CREDENTIALS }));
    assert.match(error.message, /answered 502/);
    assert.ok(!error.message.includes("t0ken"));
  });
});
