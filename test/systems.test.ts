import assert from "node:assert/strict";
import { createRedactor } from "../provider/systems/transport/redact";
import { SettingsError } from "../provider/systems/settings";
import { Systems, type SystemsOptions } from "../provider/systems/systems";
import { apiErrorOf } from "./apis/support/http-apis";
import { answering, hanging, serveForTests } from "./apis/support/local-server";
import { temporaryFiles } from "./apis/support/temporary-file";
import { selfSigned } from "./simulator/self-signed";
import { startForTests } from "./support/live-simulator";
import { VirtualClock } from "./support/virtual-clock";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

/** Both systems, with nothing configured but what is given. */
function connect(environment: Readonly<Record<string, string>>, more: Partial<SystemsOptions> = {}): Systems {
  return new Systems({
    configuration: () => undefined,
    environment,
    clock: new VirtualClock(),
    redactor: createRedactor(),
    ...more,
  });
}

describe("systems", () => {
  const live = startForTests();
  const platformServer = serveForTests();
  const tokenServer = serveForTests();
  const certificate = selfSigned();
  const secureServer = serveForTests(certificate);
  const file = temporaryFiles();

  beforeEach(() => {
    platformServer.script = answering(200, "[]");
    tokenServer.script = answering(200, '{"access_token":"the-token","expires_in":3600}');
  });

  /** The environment of a platform and a token service that are two servers. */
  function twoServers(): Record<string, string> {
    return {
      LIVE_PLATFORM_BASE_URL: `${platformServer.url}/tenantui/`,
      LIVE_PLATFORM_AUTH_URL: `${tokenServer.url}/directory/token`,
      LIVE_PLATFORM_CLIENT_ID: "client",
      LIVE_PLATFORM_CLIENT_SECRET: "client-s3cret",
    };
  }

  it("are connected when they are first needed, each once, and each by its own settings alone", () => {
    const platform = (name: string): boolean => name.startsWith("LIVE_PLATFORM");
    const entries = Object.entries(live.environment);
    const one = connect(Object.fromEntries(entries.filter(([name]) => platform(name))));
    assert.equal(one.livePlatform(), one.livePlatform());
    assert.throws(() => one.tenantGateway(), SettingsError);
    const other = connect(Object.fromEntries(entries.filter(([name]) => !platform(name))));
    assert.equal(other.tenantGateway(), other.tenantGateway());
    assert.throws(() => other.livePlatform(), SettingsError);
  });

  it("say what is missing, again and again, until it is there", () => {
    const configuration = new Map<string, string>();
    const systems = connect({}, { configuration: (key) => configuration.get(key) });
    for (let time = 0; time < 2; time += 1) {
      assert.throws(() => systems.tenantGateway(), /tenantGateway\.baseUrl is missing: .*TENANT_GATEWAY_BASE_URL/);
    }
    configuration.set("tenantGateway:baseUrl", "https://gateway.example.com/");
    configuration.set("tenantGateway:username", "admin");
    configuration.set("tenantGateway:password", "hush-hush");
    assert.equal(systems.tenantGateway().settings.baseUrl, "https://gateway.example.com");
  });

  it("are both reached with what they need", async () => {
    const systems = connect(live.environment, { clock: live.clock });
    assert.equal((await systems.livePlatform().api.getCustomer(GUID))?.shortName, "contoso");
    assert.ok((await systems.tenantGateway().api.getLicenses("foo")) !== undefined);
    assert.deepEqual(
      (await live.admin.requests()).map(({ api, status }) => `${api} ${status ?? "none"}`),
      ["token 200", "livePlatform 200", "login 200", "gateway 200"],
    );
  });

  it("hide their secrets as soon as they are connected", async () => {
    const redactor = createRedactor();
    const systems = connect(live.environment, { redactor, clock: live.clock });
    await systems.livePlatform().api.listCustomers();
    systems.tenantGateway();
    const secrets = [live.environment["LIVE_PLATFORM_CLIENT_SECRET"], live.environment["TENANT_GATEWAY_PASSWORD"]];
    assert.equal(redactor.redact(secrets.join(" ")), "[secret] [secret]");
  });

  it("tell each request, with the name of the system that it goes to", async () => {
    const lines: string[] = [];
    const systems = connect(live.environment, { clock: live.clock, onRequest: (line) => lines.push(line) });
    await systems.livePlatform().api.listCustomers();
    await systems.tenantGateway().api.getLicenses("foo");
    assert.deepEqual(
      lines.map((line) => line.replace(/[0-9a-f-]{36}/, "*")),
      [
        "token service: POST /*/oauth2/v2.0/token → 200, 0 ms",
        "Live Platform: GET /tenantui/api/v3/customer → 200, 0 ms",
        "tenant gateway: POST /api/v1/login/ → 200, 0 ms",
        "tenant gateway: GET /api/v1/tenants/foo/licenses/ → 200, 0 ms",
      ],
    );
  });

  it("use a ready access token without asking for one", async () => {
    const { LIVE_PLATFORM_BASE_URL = "" } = twoServers();
    await connect({ LIVE_PLATFORM_BASE_URL, LIVE_PLATFORM_ACCESS_TOKEN: "ready-token" })
      .livePlatform()
      .api.listCustomers();
    assert.equal(platformServer.received[0]?.headers.authorization, "Bearer ready-token");
    assert.deepEqual(tokenServer.received, []);
  });

  it("send the secret to the token service alone, and the token to the platform alone", async () => {
    await connect(twoServers()).livePlatform().api.listCustomers();
    assert.deepEqual(
      [tokenServer.received, platformServer.received].map((received) =>
        received.map(({ method, path }) => `${method} ${path}`),
      ),
      [["POST /directory/token"], ["GET /tenantui/api/v3/customer"]],
    );
    assert.equal(tokenServer.received[0]?.headers.authorization, undefined);
    assert.ok(!JSON.stringify(platformServer.received).includes("client-s3cret"));
  });

  it("let a Retry-After of the token service hold back the token service alone", async () => {
    const clock = new VirtualClock();
    tokenServer.script = answering(200, '{"access_token":"the-token","expires_in":3600}', { "retry-after": "60" });
    await connect(twoServers(), { clock }).livePlatform().api.listCustomers();
    assert.deepEqual(clock.pauses, []);
  });

  it("give the token service's own address where it is in trouble", async () => {
    tokenServer.script = answering(503, "{}");
    const environment = { ...twoServers(), LIVE_PLATFORM_MAX_RETRIES: "0" };
    const error = await apiErrorOf(connect(environment).livePlatform().api.listCustomers());
    assert.match(
      error.message,
      /^Could not get an access token for the Live Platform: POST \/directory\/token answered 503\. The token service is overloaded/,
    );
    tokenServer.script = answering(302, "", { location: "https://elsewhere.example" });
    const redirected = await apiErrorOf(connect(environment).livePlatform().api.listCustomers());
    assert.match(redirected.message, /Set livePlatform\.authUrl to the address of the token service itself\.$/);
  });

  it("keep to their limits: time-out, retries, concurrency, rate", async () => {
    platformServer.script = hanging;
    const hurried = { ...twoServers(), LIVE_PLATFORM_REQUEST_TIMEOUT: "80ms", LIVE_PLATFORM_MAX_RETRIES: "1" };
    const error = await apiErrorOf(connect(hurried).livePlatform().api.listCustomers());
    assert.match(error.message, /was not answered within 80 ms, in 2 attempts/);

    let inFlight = 0;
    let most = 0;
    const held: (() => void)[] = [];
    platformServer.script = (_received, response) => {
      most = Math.max(most, (inFlight += 1));
      held.push(() => {
        inFlight -= 1;
        response.end("[]");
      });
      // Answered two by two, so that there are two at a time if there may be.
      if (held.length === 2) {
        held.splice(0).forEach((answer) => {
          answer();
        });
      }
    };
    const narrow = connect({ ...twoServers(), LIVE_PLATFORM_MAX_CONCURRENCY: "2" }).livePlatform().api;
    await Promise.all(Array.from({ length: 10 }, () => narrow.listCustomers()));
    assert.equal(most, 2);

    platformServer.script = answering(200, "[]");
    const clock = new VirtualClock();
    const start = clock.now();
    const slow = connect({ ...twoServers(), LIVE_PLATFORM_REQUESTS_PER_SECOND: "2" }, { clock }).livePlatform().api;
    await Promise.all(Array.from({ length: 9 }, () => slow.listCustomers()));
    assert.equal(clock.now() - start, 4000);
  });

  it("trust caFile for the token service too", async () => {
    secureServer.script = answering(200, '{"access_token":"the-token"}');
    const environment = { ...twoServers(), LIVE_PLATFORM_AUTH_URL: `${secureServer.url}/token` };
    const error = await apiErrorOf(connect(environment).livePlatform().api.listCustomers());
    assert.match(error.message, /is not trusted: set livePlatform\.caFile to a PEM file with its authority\.$/);
    const LIVE_PLATFORM_CA_FILE = file("ca.pem", certificate.cert);
    await connect({ ...environment, LIVE_PLATFORM_CA_FILE })
      .livePlatform()
      .api.listCustomers();
    assert.equal(secureServer.received.length, 1);
  });

  it("name settings as their audience has them", async () => {
    platformServer.script = answering(404, "<html>");
    for (const [audience, name] of [
      ["stack", "livePlatform.baseUrl"],
      ["commandLine", "LIVE_PLATFORM_BASE_URL"],
      ["instance", "livePlatform.baseUrl"],
    ] as const) {
      const { api } = connect(twoServers(), { audience }).livePlatform();
      assert.match((await apiErrorOf(api.listCustomers())).message, new RegExp(`Check ${name} \\(http`));
      tokenServer.script = answering(401, "{}");
      const refused = await apiErrorOf(connect(twoServers(), { audience }).livePlatform().api.listCustomers());
      assert.match(
        refused.message,
        new RegExp(`Check ${name.replace(/baseUrl$/, "clientId").replace("BASE_URL", "CLIENT_ID")} and `),
      );
      tokenServer.script = answering(200, '{"access_token":"the-token","expires_in":3600}');
    }
  });

  it("pass on what the clients notice, once", async () => {
    const lines: string[] = [];
    platformServer.script = answering(200, '[{"CustomerShortName":"odd\\u001b"}]');
    const { api } = connect(twoServers(), { onWarning: (line) => lines.push(line) }).livePlatform();
    await api.listCustomers();
    await api.listCustomers();
    assert.equal(lines.length, 1);
    assert.match(
      lines[0] ?? "",
      /^The Live Platform's list of customers has 1 row that cannot be read, and is left out: odd\\u\{1b\} \(/,
    );
  });
});
