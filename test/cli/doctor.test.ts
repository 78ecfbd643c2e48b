import assert from "node:assert/strict";
import { coreFinding, type GatewayWay } from "../../cli/commands/doctor/advice";
import { checkLines } from "../../cli/commands/doctor/check";
import { examine } from "../../cli/commands/doctor/examine";
import { tlsProblem } from "../../cli/commands/doctor/network";
import { answering, serveForTests, type Script } from "../apis/support/local-server";
import { proxyForTests, restoreProxyVariables } from "../apis/support/proxy";
import { temporaryFiles } from "../apis/support/temporary-file";
import { selfSigned } from "../simulator/self-signed";
import { startForTests } from "../support/live-simulator";

const GATEWAY = { TENANT_GATEWAY_USERNAME: "admin", TENANT_GATEWAY_PASSWORD: "gateway~s3cret" };

/** The lines that the doctor would print. */
async function lines(environment: Readonly<Record<string, string>>): Promise<string[]> {
  return checkLines(await examine(environment, () => undefined));
}

/** Answers by path. */
function routes(answers: Readonly<Record<string, Script>>): Script {
  return (received, response, number) => {
    const script = answers[`${received.method} ${received.path}`] ?? answering(404, "{}");
    script(received, response, number);
  };
}

describe("voice-licenses doctor", () => {
  const live = startForTests();
  const server = serveForTests();
  const certificate = selfSigned();
  const secure = serveForTests(certificate);
  const proxy = proxyForTests();
  const file = temporaryFiles();
  restoreProxyVariables();

  it("names the variables of both systems where neither is configured, and says that it reads no stack", async () => {
    assert.deepEqual(await lines({ LIVE_PLATFORM_BASE_URL: "" }), [
      `FAIL     both systems: settings: not configured. doctor reads the environment, not a stack's configuration: Live Platform needs LIVE_PLATFORM_BASE_URL, LIVE_PLATFORM_CLIENT_ID, LIVE_PLATFORM_CLIENT_SECRET, LIVE_PLATFORM_DIRECTORY_TENANT_ID; tenant gateway needs TENANT_GATEWAY_BASE_URL, TENANT_GATEWAY_USERNAME, TENANT_GATEWAY_PASSWORD. To export a value of a stack: export TENANT_GATEWAY_BASE_URL="$(pulumi config get --path voice-licenses:tenantGateway.baseUrl)"`,
    ]);
  });

  it("checks the Live Platform by its list of customers, and skips a gateway of which only a limit is set", async () => {
    const environment = Object.fromEntries(
      Object.entries(live.environment).filter(([name]) => name.startsWith("LIVE_PLATFORM")),
    );
    const { port } = new URL(live.url);
    assert.deepEqual(await lines({ ...environment, TENANT_GATEWAY_MAX_RETRIES: "1" }), [
      `ok       Live Platform: settings: http://127.0.0.1:${port}/tenantui, with client credentials`,
      "ok       Live Platform: proxy: none",
      "ok       Live Platform: name resolution: 127.0.0.1 is 127.0.0.1",
      "ok       token service: proxy: none",
      "ok       token service: name resolution: 127.0.0.1 is 127.0.0.1",
      "ok       Live Platform: login: an access token was obtained",
      "ok       Live Platform: customers: 5 customers",
      "skipped  tenant gateway: settings: not configured; it needs TENANT_GATEWAY_BASE_URL, TENANT_GATEWAY_USERNAME, TENANT_GATEWAY_PASSWORD in the environment",
    ]);
    assert.deepEqual(
      (await live.admin.requests()).map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, "*")}`),
      ["POST /*/oauth2/v2.0/token", "GET /tenantui/api/v3/customer"],
    );
  });

  it("checks a gateway behind APIO Core by its health, its prefix, the login and the list of tenants", async () => {
    server.script = routes({
      "GET /api/v01/health": answering(200, '{"status":"ok"}'),
      "GET /api/v01/system/configuration/public": answering(200, '{"gateways":[{"name":"Main","prefix":"p1"}]}'),
      "POST /api/v01/auth/login": answering(200, '{"access_token":"t0ken"}'),
      "GET /api/v01/p1/tenants/": answering(200, '{"tenants":[{"tenantId":"foo"}]}'),
    });
    const environment = {
      ...GATEWAY,
      TENANT_GATEWAY_BASE_URL: server.url,
      TENANT_GATEWAY_AUTHENTICATION: "core",
      TENANT_GATEWAY_API_PATH: "/api/v01/p1/",
    };
    const [, settings, , , ...others] = await lines(environment);
    assert.equal(settings, `ok       tenant gateway: settings: ${server.url}/api/v01/p1, with a login at APIO Core`);
    assert.deepEqual(others, [
      "ok       tenant gateway: APIO Core: its health is ok, and it has the gateway /api/v01/p1",
      "ok       tenant gateway: login: logged in",
      "ok       tenant gateway: tenants: 1 tenant",
    ]);
    const wrong = await lines({ ...environment, TENANT_GATEWAY_API_PATH: "/api/v01/p2" });
    assert.deepEqual(wrong.slice(4), [
      "FAIL     tenant gateway: APIO Core: it has no gateway at /api/v01/p2: set TENANT_GATEWAY_API_PATH to /api/v01/p1 (Main).",
      'skipped  tenant gateway: login, tenants: because "tenant gateway: APIO Core" failed',
    ]);
  });

  it("tries a ready token by the read, and says what to do where it is refused", async () => {
    server.script = routes({
      "GET /api/v01/health": answering(200, '{"status":"ok"}'),
      "GET /api/v01/p1/tenants/": answering(401, '{"error":"Expired"}'),
    });
    const found = await lines({
      TENANT_GATEWAY_BASE_URL: server.url,
      TENANT_GATEWAY_API_PATH: "/api/v01/p1",
      TENANT_GATEWAY_ACCESS_TOKEN: "m4chine-t0ken",
    });
    assert.deepEqual(found.slice(4), [
      "ok       tenant gateway: APIO Core: its health is ok; it does not show its gateways",
      "FAIL     tenant gateway: tenants: Could not list the tenants: GET /api/v01/p1/tenants/ answered 401: Expired. The access token is not accepted (any more): set a fresh TENANT_GATEWAY_ACCESS_TOKEN.",
    ]);
    assert.ok(!found.join("\n").includes("m4chine"));
  });

  it("names a wrong password by its variables, after one login", async () => {
    server.script = answering(401, '{"message":"Wrong password gateway~s3cret"}');
    const found = await lines({ ...GATEWAY, TENANT_GATEWAY_BASE_URL: server.url });
    assert.deepEqual(found.slice(4), [
      "FAIL     tenant gateway: login: Could not log in to the tenant gateway: POST /api/v1/login/ answered 401: Wrong password [secret]. Check TENANT_GATEWAY_USERNAME and TENANT_GATEWAY_PASSWORD.",
      'skipped  tenant gateway: tenants: because "tenant gateway: login" failed',
    ]);
    assert.deepEqual(
      server.received.map(({ method, path }) => `${method} ${path}`),
      ["POST /api/v1/login/", "GET /api/v01/health"],
    );
  });

  it("shows all settings that are missing or wrong, on the line of the settings", async () => {
    const found = await lines({ TENANT_GATEWAY_BASE_URL: "gateway", TENANT_GATEWAY_MAX_RETRIES: "many" });
    assert.equal(
      found[1],
      'FAIL     tenant gateway: settings: TENANT_GATEWAY_BASE_URL must be an address such as https://portal.example.com, not "gateway": set it in the environment. TENANT_GATEWAY_MAX_RETRIES must be a whole number from 0 to 100, not "many": set it in the environment. TENANT_GATEWAY_USERNAME is missing: set it in the environment. TENANT_GATEWAY_PASSWORD is missing: set it in the environment.',
    );
    assert.deepEqual(found.slice(2), [
      'skipped  tenant gateway: proxy, name resolution, TLS, APIO Core, login, tenants: because "tenant gateway: settings" failed',
    ]);
  });

  it("names a host that has no address", async () => {
    const found = await lines({ ...GATEWAY, TENANT_GATEWAY_BASE_URL: "https://gateway.invalid" });
    assert.match(
      found[3] ?? "",
      /^FAIL {5}tenant gateway: name resolution: gateway\.invalid cannot be resolved \(E\w+\): check TENANT_GATEWAY_BASE_URL/,
    );
    assert.deepEqual(found.slice(4), [
      'skipped  tenant gateway: TLS, APIO Core, login, tenants: because "tenant gateway: name resolution" failed',
    ]);
  });

  it("checks the certificate, with the authorities of caFile", async () => {
    secure.script = answering(200, '{"tenants":[]}', { "set-cookie": "sessionid=s1" });
    const environment = { ...GATEWAY, TENANT_GATEWAY_BASE_URL: secure.url };
    const untrusted = await lines(environment);
    assert.match(
      untrusted[4] ?? "",
      /^FAIL {5}tenant gateway: TLS: the certificate of 127\.0\.0\.1:\d+ is not trusted \(\w+\): set TENANT_GATEWAY_CA_FILE/,
    );
    const trusted = await lines({ ...environment, TENANT_GATEWAY_CA_FILE: file("ca.pem", certificate.cert) });
    assert.match(
      trusted[4] ?? "",
      /^ok {7}tenant gateway: TLS: TLSv1\.\d, certificate of .* by .*, until \d{4}-\d\d-\d\d$/,
    );
    assert.equal(trusted.at(-1), "ok       tenant gateway: tenants: 0 tenants");
  });

  it("names the proxy, which resolves the name of the host and through which the login goes", async () => {
    const HTTPS_PROXY = `http://user:hush@localhost:${proxy.port}`;
    const found = await lines({ ...GATEWAY, TENANT_GATEWAY_BASE_URL: "https://gateway.invalid", HTTPS_PROXY });
    assert.equal(found[2], `ok       tenant gateway: proxy: localhost:${proxy.port} (HTTPS_PROXY)`);
    assert.match(found[3] ?? "", /^(?:ok|FAIL) +tenant gateway: login: /);
    assert.deepEqual(
      await lines({ ...GATEWAY, TENANT_GATEWAY_BASE_URL: "https://gw.example.com", HTTPS_PROXY: "http://127.0.0.1:1" }),
      [
        "skipped  Live Platform: settings: not configured; it needs LIVE_PLATFORM_BASE_URL, LIVE_PLATFORM_CLIENT_ID, LIVE_PLATFORM_CLIENT_SECRET, LIVE_PLATFORM_DIRECTORY_TENANT_ID in the environment",
        "ok       tenant gateway: settings: https://gw.example.com/api/v1, with a login at the gateway",
        "FAIL     tenant gateway: proxy: 127.0.0.1:1 cannot be reached (ECONNREFUSED): check HTTPS_PROXY, or add gw.example.com to NO_PROXY if no proxy leads there.",
        'skipped  tenant gateway: name resolution, TLS, APIO Core, login, tenants: because "tenant gateway: proxy" failed',
      ],
    );
    const socks = await lines({ ...GATEWAY, TENANT_GATEWAY_BASE_URL: "https://x.invalid", HTTPS_PROXY: "socks5://p" });
    assert.match(socks[2] ?? "", /^FAIL {5}tenant gateway: proxy: HTTPS_PROXY names a SOCKS proxy/);
  });

  for (const [code, said] of [
    ["CERT_HAS_EXPIRED", /has expired: ask who runs it/],
    ["CERT_NOT_YET_VALID", /is not valid yet: check the clock/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /is for other names: check X_BASE_URL/],
    ["SELF_SIGNED_CERT_IN_CHAIN", /is not trusted \(SELF_SIGNED_CERT_IN_CHAIN\): set X_CA_FILE/],
    ["EPROTO", /does not speak TLS: check the port in X_BASE_URL/],
    ["ECONNREFUSED", /could not connect to x\.example:8443 \(ECONNREFUSED\): check X_BASE_URL/],
    [undefined, /could not connect to x\.example:8443 \(odd\)/],
  ] as const) {
    it(`says what to do about ${code ?? "any other failure"} of TLS`, () => {
      const error = Object.assign(new Error("odd"), code === undefined ? {} : { code });
      const host = { url: new URL("https://x.example:8443/a"), variable: "X_BASE_URL", caVariable: "X_CA_FILE" };
      assert.match(tlsProblem(error, host), said);
    });
  }

  const THROUGH_CORE: GatewayWay = {
    apiPath: "/api/v01/p1",
    baseUrl: "https://gw.example.com",
    authorization: { kind: "core" },
  };
  for (const [what, status, line] of [
    [
      "no Core",
      undefined,
      /^FAIL no APIO Core answers at https:\/\/gw\.example\.com\. Check TENANT_GATEWAY_BASE_URL, or /,
    ],
    ["a Core in trouble", { health: "degraded", gateways: undefined }, /^FAIL its health is "degraded"/],
    ["a Core that hides its gateways", { health: "OK", gateways: undefined }, /^ok its health is ok; it does not show/],
    ["a whole prefix", { health: "ok", gateways: [{ name: "A", prefix: "/api/v01/p1/" }] }, /^ok .*\/api\/v01\/p1$/],
    ["a Core without a gateway", { health: "ok", gateways: [] }, /^FAIL it has no gateway: ask who runs it\.$/],
  ] as const) {
    it(`judges ${what}`, () => {
      const finding = coreFinding(status, THROUGH_CORE);
      assert.match(`${finding.status} ${finding.detail}`, line);
    });
  }

  describe("finds out what is wrong with the way to a gateway", () => {
    const CORE = {
      "GET /api/v01/health": answering(200, '{"status":"ok"}'),
      "GET /api/v01/system/configuration/public": answering(200, '{"gateways":[{"name":"Main","prefix":"p1"}]}'),
    };
    const TOKEN = { TENANT_GATEWAY_ACCESS_TOKEN: "m4chine-t0ken" };
    const SET_PATH = "set TENANT_GATEWAY_API_PATH to /api/v01/p1 (Main)";
    const SET_LOGIN = "TENANT_GATEWAY_AUTHENTICATION to core";
    const notFound = answering(404, "<html></html>", { "content-type": "text/html" });
    for (const [what, settings, answers, advice] of [
      [
        "a token of Core where Core refuses the default path",
        TOKEN,
        { ...CORE, "GET /api/v1/tenants/": answering(401, '{"error":"Unauthorized"}') },
        `Core answers at ADDRESS: ${SET_PATH}.`,
      ],
      ["a token of Core where Core lacks the default path", TOKEN, CORE, `Core answers at ADDRESS: ${SET_PATH}.`],
      [
        "a token where a portal shows its page at the default path",
        TOKEN,
        { ...CORE, "GET /api/v1/tenants/": answering(200, "<html></html>") },
        `Core answers at ADDRESS: ${SET_PATH}.`,
      ],
      [
        "a token of a Core that hides its gateways",
        TOKEN,
        { "GET /api/v01/health": CORE["GET /api/v01/health"] },
        "set TENANT_GATEWAY_API_PATH to the path of your gateway, such as /api/v01/p1.",
      ],
      [
        "Core's path without its login",
        { ...GATEWAY, TENANT_GATEWAY_API_PATH: "/api/v01/p1" },
        CORE,
        `Core answers at ADDRESS: set ${SET_LOGIN}.`,
      ],
      [
        "Core's path without its login, which Core refuses",
        { ...GATEWAY, TENANT_GATEWAY_API_PATH: "/api/v01/p1" },
        { ...CORE, "POST /api/v01/p1/login/": answering(400, "{}") },
        `Core answers at ADDRESS: set ${SET_LOGIN}.`,
      ],
      ["a user of Core, and nothing of Core in the settings", GATEWAY, CORE, `${SET_PATH} and ${SET_LOGIN}.`],
      [
        "Core's login at a Core that hides its gateways, with the default path",
        { ...GATEWAY, TENANT_GATEWAY_AUTHENTICATION: "core" },
        {
          "GET /api/v01/health": CORE["GET /api/v01/health"],
          "POST /api/v01/auth/login": answering(200, '{"access_token":"t0ken"}'),
        },
        "set TENANT_GATEWAY_API_PATH to the path of your gateway, such as /api/v01/p1.",
      ],
      [
        "a wrong password at Core",
        { ...GATEWAY, TENANT_GATEWAY_AUTHENTICATION: "core", TENANT_GATEWAY_API_PATH: "/api/v01/p1" },
        { ...CORE, "POST /api/v01/auth/login": answering(401, "{}") },
        "Check TENANT_GATEWAY_USERNAME and TENANT_GATEWAY_PASSWORD.",
      ],
      [
        "a wrong password at a gateway that Core stands beside",
        GATEWAY,
        { ...CORE, "POST /api/v1/login/": answering(401, "{}") },
        "Check TENANT_GATEWAY_USERNAME and TENANT_GATEWAY_PASSWORD.",
      ],
      ["neither a gateway nor Core", GATEWAY, {}, "Check TENANT_GATEWAY_BASE_URL and TENANT_GATEWAY_API_PATH."],
      [
        "Core's settings where there is no Core",
        { ...GATEWAY, TENANT_GATEWAY_API_PATH: "/api/v01/p1" },
        { "GET /api/v01/health": notFound },
        "Check TENANT_GATEWAY_BASE_URL, or remove TENANT_GATEWAY_API_PATH if the gateway is reached without APIO Core.",
      ],
    ] as const) {
      it(what, async () => {
        server.script = routes(answers);
        const found = await lines({ ...settings, TENANT_GATEWAY_BASE_URL: server.url });
        const failures = found.filter((line) => line.startsWith("FAIL"));
        assert.equal(failures.length, 1, found.join("\n"));
        assert.ok(failures[0]?.endsWith(advice.replace("ADDRESS", server.url)), failures[0]);
        assert.ok(found.filter((line) => line.startsWith("skipped")).length <= 2, found.join("\n"));
      });
    }

    for (const [end, settings, advice] of [
      ["/api/v1", {}, "ends in /api/v1, and /api/v1 is added to it: set it to ADDRESS."],
      ["/api/v1/", TOKEN, "ends in /api/v1, and /api/v1 is added to it: set it to ADDRESS."],
      [
        "/api/v01/p1",
        { TENANT_GATEWAY_AUTHENTICATION: "core" },
        "ends in /api/v01/p1, and /api/v1 is added to it: set it to ADDRESS, and TENANT_GATEWAY_API_PATH to /api/v01/p1.",
      ],
      ["/apio/api", {}, "ends in /api, and /api/v1 is added to it: set it to ADDRESS/apio."],
      ["/tenantui", {}, "ends in /tenantui, and a gateway's address usually ends after the host: try ADDRESS."],
    ] as const) {
      it(`a base URL that ends in ${end}`, async () => {
        server.script = notFound;
        const found = await lines({ ...GATEWAY, ...settings, TENANT_GATEWAY_BASE_URL: server.url + end });
        const failures = found.filter((line) => line.startsWith("FAIL"));
        assert.equal(failures.length, 1, found.join("\n"));
        assert.ok(
          failures[0]?.endsWith(`TENANT_GATEWAY_BASE_URL ${advice.replace("ADDRESS", server.url)}`),
          failures[0],
        );
      });
    }
  });

  for (const [end, shown, answer] of [
    ["", "127.0.0.1:PORT", answering(404, "<html></html>")],
    ["/", "127.0.0.1:PORT", answering(200, "<!doctype html>")],
    ["/api/v3", "/api/v3", answering(401, "{}")],
    ["/tenantui/api", "/tenantui/api", answering(404, "{}")],
    ["/TenantUI", "/TenantUI", answering(404, "{}")],
  ] as const) {
    it(`says that the Live Platform's base URL ends in ${shown}, and should end in /tenantui`, async () => {
      server.script = answer;
      const found = await lines({ LIVE_PLATFORM_BASE_URL: server.url + end, LIVE_PLATFORM_ACCESS_TOKEN: "t0ken" });
      const advice = `LIVE_PLATFORM_BASE_URL ends in ${shown.replace("PORT", String(server.port))} and should end in /tenantui: set it to ${server.url}/tenantui.`;
      assert.ok(found.find((line) => line.startsWith("FAIL"))?.endsWith(advice), found.join("\n"));
    });
  }

  it("gives no advice on the address of a Live Platform that is overloaded", async () => {
    server.script = answering(503, "{}");
    const found = await lines({ LIVE_PLATFORM_BASE_URL: server.url, LIVE_PLATFORM_ACCESS_TOKEN: "t0ken" });
    assert.ok(!found.join("\n").includes("/tenantui"));
  });
});
