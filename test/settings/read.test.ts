import assert from "node:assert/strict";
import path from "node:path";
import fc from "fast-check";
import {
  ALL_SETTINGS,
  type Environment,
  type LivePlatformSettings,
  type NamedSetting,
  problemsOf,
  readLivePlatformSettings,
  readReductionLimits,
  readTenantGatewaySettings,
  SettingsError,
  type SettingsSource,
  type TenantGatewaySettings,
} from "../../provider/systems/settings";
import { temporaryFiles } from "../apis/support/temporary-file";
import { selfSigned } from "../simulator/self-signed";

type Values = Readonly<Record<string, string>>;

/** The least that each API needs. */
const PLATFORM: Values = {
  baseUrl: "https://portal.example.com/tenantui",
  clientId: "7d1f6c52-3f0e-4a53-9d55-0a1c5e8b2f10",
  clientSecret: "client-s3cret",
  directoryTenantId: "3c9a7a1e-58c4-4a0b-8a5e-6f2d5b7c9e01",
};
const GATEWAY: Values = { baseUrl: "https://gateway.example.com", username: "admin", password: "gateway-s3cret" };

/** Each key with the environment variable that stands for it, as the public contract has them. */
const VARIABLES: Readonly<Record<string, string>> = {
  "livePlatform:baseUrl": "LIVE_PLATFORM_BASE_URL",
  "livePlatform:clientId": "LIVE_PLATFORM_CLIENT_ID",
  "livePlatform:clientSecret": "LIVE_PLATFORM_CLIENT_SECRET",
  "livePlatform:directoryTenantId": "LIVE_PLATFORM_DIRECTORY_TENANT_ID",
  "livePlatform:authUrl": "LIVE_PLATFORM_AUTH_URL",
  "livePlatform:scope": "LIVE_PLATFORM_SCOPE",
  "livePlatform:accessToken": "LIVE_PLATFORM_ACCESS_TOKEN",
  "livePlatform:patchFields": "LIVE_PLATFORM_PATCH_FIELDS",
  "livePlatform:taskPath": "LIVE_PLATFORM_TASK_PATH",
  "livePlatform:ocEssentialType": "LIVE_PLATFORM_OC_ESSENTIAL_TYPE",
  "livePlatform:pollInterval": "LIVE_PLATFORM_POLL_INTERVAL",
  "livePlatform:lostAnswerGrace": "LIVE_PLATFORM_LOST_ANSWER_GRACE",
  "livePlatform:upgradeFields": "LIVE_PLATFORM_UPGRADE_FIELDS",
  "tenantGateway:apiPath": "TENANT_GATEWAY_API_PATH",
  "tenantGateway:authentication": "TENANT_GATEWAY_AUTHENTICATION",
  "tenantGateway:accessToken": "TENANT_GATEWAY_ACCESS_TOKEN",
  "tenantGateway:baseUrl": "TENANT_GATEWAY_BASE_URL",
  "tenantGateway:username": "TENANT_GATEWAY_USERNAME",
  "tenantGateway:password": "TENANT_GATEWAY_PASSWORD",
  ...Object.fromEntries(
    [
      ["requestTimeout", "REQUEST_TIMEOUT"],
      ["maxRetries", "MAX_RETRIES"],
      ["maxConcurrency", "MAX_CONCURRENCY"],
      ["verifyTimeout", "VERIFY_TIMEOUT"],
      ["requestsPerSecond", "REQUESTS_PER_SECOND"],
      ["caFile", "CA_FILE"],
      ["allowInsecureHttp", "ALLOW_INSECURE_HTTP"],
    ].flatMap(([name, variable]) => [
      [`livePlatform:${name}`, `LIVE_PLATFORM_${variable}`],
      [`tenantGateway:${name}`, `TENANT_GATEWAY_${variable}`],
    ]),
  ),
};

function variableOf(key: string): string {
  return VARIABLES[key] ?? assert.fail(`no variable for ${key}`);
}

function environmentOf(prefix: string, values: Values): Environment {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [variableOf(`${prefix}:${name}`), value]));
}

/** The platform's settings from the stack, which has the least that is needed unless it is given as empty. */
function platform(values: Values, environment: Environment = {}): LivePlatformSettings {
  const stack: Values = { ...PLATFORM, ...values };
  return readLivePlatformSettings({
    configuration: (key) => stack[key.replace(/^livePlatform:/, "")],
    environment,
  });
}

function gateway(values: Values, environment: Environment = {}): TenantGatewaySettings {
  const stack: Values = { ...GATEWAY, ...values };
  return readTenantGatewaySettings({
    configuration: (key) => stack[key.replace(/^tenantGateway:/, "")],
    environment,
  });
}

/** The lines of the error with which settings are refused. */
function problems(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    assert.equal(error.name, "SettingsError");
    return error.message.split("\n");
  }
  return assert.fail("nothing was refused");
}

function assertRefused(key: string, value: string, complaint: RegExp): void {
  const [prefix, name = ""] = key.split(":");
  const lines = problems(() => (prefix === "livePlatform" ? platform({ [name]: value }) : gateway({ [name]: value })));
  assert.equal(lines.length, 1, lines.join("\n"));
  const [line = ""] = lines;
  const path = key.replace(":", ".");
  assert.ok(line.startsWith(`${path} `), line);
  assert.match(line, complaint);
  const secret = ["clientSecret", "accessToken", "password"].includes(name) ? "--secret " : "";
  assert.ok(
    line.endsWith(
      `: \`pulumi config set ${secret}--path 'voice-licenses:${path}' …\`, or set ${variableOf(key)} in the environment.`,
    ),
    line,
  );
}

describe("settings", () => {
  const file = temporaryFiles();

  describe("by default", () => {
    it("are as the public contract has them", () => {
      assert.deepEqual(platform({}), {
        baseUrl: "https://portal.example.com/tenantui",
        baseUrlKey: "livePlatform.baseUrl",
        hasStack: true,
        requestTimeoutMs: 30_000,
        maxRetries: 5,
        maxConcurrency: 16,
        requestsPerSecond: undefined,
        caFile: undefined,
        verifyTimeoutMs: 30_000,
        authorization: {
          kind: "clientCredentials",
          clientId: "7d1f6c52-3f0e-4a53-9d55-0a1c5e8b2f10",
          clientSecret: "client-s3cret",
          authUrl: "https://login.microsoftonline.com/3c9a7a1e-58c4-4a0b-8a5e-6f2d5b7c9e01/oauth2/v2.0/token",
          scope: "api://9d576dc4-b85d-4571-880e-4c6ed4c08c31/.default",
        },
        patchFields: "example",
        upgradeFields: "UpgradetoLicense",
        taskPath: "/api/v2/task/{taskId}",
        ocEssentialType: 3,
        pollIntervalMs: 2000,
        lostAnswerGraceMs: 600_000,
      });
      assert.deepEqual(gateway({}), {
        baseUrl: "https://gateway.example.com",
        baseUrlKey: "tenantGateway.baseUrl",
        hasStack: true,
        requestTimeoutMs: 30_000,
        maxRetries: 5,
        maxConcurrency: 16,
        requestsPerSecond: undefined,
        caFile: undefined,
        verifyTimeoutMs: 30_000,
        apiPath: "/api/v1",
        authorization: { kind: "gateway", username: "admin", password: "gateway-s3cret" },
      });
    });
  });

  describe("given", () => {
    const { cert } = selfSigned();
    const given: readonly (readonly [name: string, text: string, value: unknown])[] = [
      ["baseUrl", "https://other.example.com/ui", "https://other.example.com/ui"],
      ["requestTimeout", "500ms", 500],
      ["maxRetries", "0", 0],
      ["maxRetries", "100", 100],
      ["maxConcurrency", "1", 1],
      ["maxConcurrency", "1000", 1000],
      ["requestsPerSecond", "0.5", 0.5],
      ["requestsPerSecond", "10000", 10_000],
      ["patchFields", "table", "table"],
      ["taskPath", "/api/v3/task/{taskId}/status", "/api/v3/task/{taskId}/status"],
      ["ocEssentialType", "0", 0],
      ["ocEssentialType", "99", 99],
      ["pollInterval", "250ms", 250],
      ["lostAnswerGrace", "24h", 86_400_000],
    ];
    for (const [name, text, value] of given) {
      it(`${name} ${text} is taken from the stack, and from the environment`, () => {
        const fields: Readonly<Record<string, string>> = {
          requestTimeout: "requestTimeoutMs",
          pollInterval: "pollIntervalMs",
          lostAnswerGrace: "lostAnswerGraceMs",
        };
        const field = fields[name] ?? name;
        assert.equal(Reflect.get(platform({ [name]: text }), field), value);
        const without = name === "baseUrl" ? { baseUrl: "" } : {};
        assert.equal(Reflect.get(platform(without, environmentOf("livePlatform", { [name]: text })), field), value);
        if (Reflect.has(gateway({}), field)) {
          assert.equal(Reflect.get(gateway({ [name]: text }), field), value);
          assert.equal(Reflect.get(gateway(without, environmentOf("tenantGateway", { [name]: text })), field), value);
        }
      });
    }

    it("caFile is a file of certificates", () => {
      const caFile = file("ca.pem", `# a comment\n${cert}\n${selfSigned().cert}`);
      assert.equal(platform({ caFile }).caFile, caFile);
      assert.equal(gateway({}, environmentOf("tenantGateway", { caFile })).caFile, caFile);
    });

    for (const [given, read] of [
      ["/api/v01/p1", "/api/v01/p1"],
      ["/api/v01/p1/", "/api/v01/p1"],
      [" /api/v1 ", "/api/v1"],
      ["/gateway-2.0/~x", "/gateway-2.0/~x"],
    ] as const) {
      it(`apiPath ${JSON.stringify(given)} is ${read}`, () => {
        assert.equal(gateway({ apiPath: given }).apiPath, read);
        assert.equal(gateway({}, environmentOf("tenantGateway", { apiPath: given })).apiPath, read);
      });
    }

    it("authentication chooses the login of the gateway", () => {
      const user = { username: "admin", password: "gateway-s3cret" };
      assert.deepEqual(gateway({ authentication: "core" }).authorization, { kind: "core", ...user });
      assert.deepEqual(gateway({ authentication: "gateway" }).authorization, { kind: "gateway", ...user });
    });

    it("an access token of the gateway needs neither authentication nor a user", () => {
      const expected = { kind: "accessToken", accessToken: "m2m-t0ken" };
      const none = { username: "", password: "" };
      assert.deepEqual(gateway({ ...none, accessToken: "m2m-t0ken" }).authorization, expected);
      assert.deepEqual(gateway({ authentication: "core", accessToken: "m2m-t0ken\n" }).authorization, expected);
    });

    it("upgradeFields is one of two spellings", () => {
      assert.equal(platform({ upgradeFields: "upgradeToLicense" }).upgradeFields, "upgradeToLicense");
    });

    it("an access token makes client credentials needless, right or wrong", () => {
      const expected = { kind: "accessToken", accessToken: "eyJ0.eyJh.c2ln" };
      const none = { clientId: "", clientSecret: "", directoryTenantId: "" };
      assert.deepEqual(platform({ ...none, accessToken: "eyJ0.eyJh.c2ln" }).authorization, expected);
      assert.deepEqual(platform({ accessToken: "eyJ0.eyJh.c2ln", authUrl: "nonsense" }).authorization, expected);
    });

    it("authUrl overrides the directory tenant, which is then not needed", () => {
      const { authorization } = platform({ authUrl: "https://sts.example.com/oauth?", directoryTenantId: "" });
      assert.equal(
        authorization.kind === "clientCredentials" && authorization.authUrl,
        "https://sts.example.com/oauth",
      );
    });

    it("a directory tenant may be a domain name", () => {
      const { authorization } = platform({ directoryTenantId: "contoso.onmicrosoft.com" });
      assert.equal(
        authorization.kind === "clientCredentials" && authorization.authUrl,
        "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token",
      );
    });

    it("spaces and line ends around a value are no part of it, except in a password", () => {
      const { authorization, maxRetries } = platform({
        maxRetries: " 3 ",
        clientId: " id\n",
        clientSecret: "hush-hush\n",
      });
      assert.equal(maxRetries, 3);
      assert.ok(authorization.kind === "clientCredentials");
      assert.deepEqual([authorization.clientId, authorization.clientSecret], ["id", "hush-hush"]);
      assert.deepEqual(gateway({ username: " admin \n", password: " hush hush \r\n" }).authorization, {
        kind: "gateway",
        username: "admin",
        password: " hush hush ",
      });
    });
  });

  describe("address", () => {
    const taken: readonly (readonly [given: string, read: string])[] = [
      ["https://portal.example.com", "https://portal.example.com"],
      ["https://portal.example.com/", "https://portal.example.com"],
      ["https://portal.example.com/tenantui///", "https://portal.example.com/tenantui"],
      ["https://portal.example.com:8443/a/b/", "https://portal.example.com:8443/a/b"],
      ["HTTPS://Portal.Example.COM/TenantUI", "https://portal.example.com/TenantUI"],
      [" https://portal.example.com ", "https://portal.example.com"],
      ["https:portal.example.com/x", "https://portal.example.com/x"],
      ["https://portal.example.com/a/../b", "https://portal.example.com/b"],
      ["https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x"],
      ["https://bücher.example/x", "https://xn--bcher-kva.example/x"],
      ["https://portal.example.com/a b", "https://portal.example.com/a%20b"],
      ["http://localhost:8080/", "http://localhost:8080"],
      ["http://127.0.0.1", "http://127.0.0.1"],
      ["http://127.1.2.3:1", "http://127.1.2.3:1"],
      ["http://[::1]:5000/x", "http://[::1]:5000/x"],
      // Other spellings of loopback.
      ["http://127.1/", "http://127.0.0.1"],
      ["http://0x7f.0.0.1/", "http://127.0.0.1"],
    ];
    for (const [given, read] of taken) {
      it(`${JSON.stringify(given)} is ${read}`, () => {
        assert.equal(platform({ baseUrl: given }).baseUrl, read);
        assert.equal(gateway({ baseUrl: given }).baseUrl, read);
        const { authorization } = platform({ authUrl: given });
        assert.ok(authorization.kind === "clientCredentials");
        assert.equal(new URL(authorization.authUrl).origin, new URL(read).origin);
      });
    }

    const HTTP = /must begin with https:\/\/, because credentials travel over it \(allowInsecureHttp permits http\)/;
    const refused: readonly (readonly [given: string, complaint: RegExp])[] = [
      ["portal.example.com", /must be an address such as https:\/\/portal\.example\.com, not "portal\.example\.com"/],
      ["https://", /must be an address/],
      ["https://a b.example", /must be an address/],
      ["https://x:99999", /must be an address/],
      ["nonsense", /must be an address/],
      ["ftp://portal.example.com", /must begin with https:\/\/, not "ftp:/],
      ["file:///etc/passwd", /must begin with https:\/\//],
      ["localhost:8080", /must begin with https:\/\//],
      ["https://portal.example.com/?tenant=1", /must not hold a query or fragment/],
      ["https://portal.example.com/#top", /must not hold a query or fragment/],
      ["http://portal.example.com", HTTP],
      ["http://10.0.0.1", HTTP],
      ["http://0.0.0.0", HTTP],
      ["http://[::2]", HTTP],
      ["http://127.0.0.1.example.com", HTTP],
      ["http://localhost.example.com", HTTP],
      ["http://example.com/127.0.0.1", HTTP],
      ["http://128.0.0.1", HTTP],
    ];
    for (const [given, complaint] of refused) {
      it(`${given} is refused`, () => {
        assertRefused("livePlatform:baseUrl", given, complaint);
        assertRefused("tenantGateway:baseUrl", given, complaint);
        assertRefused("livePlatform:authUrl", given, complaint);
      });
    }

    for (const given of [
      "https://admin:hush-hush@portal.example.com",
      "https://hush-hush@portal.example.com/x",
      "https://admin:hush-hush@portal.example.com:99999",
      "https://admin:hush-hush@por tal",
      "http://admin:hush-hush@portal.example.com",
      "admin:hush-hush@portal.example.com",
      "https://portal.example.com/?token=hush-hush",
      "https://portal.example.com/x?token=hush-hush#hush-hush",
      "https://por tal/?token=hush-hush",
      "https://admin:hush/hush-hush@portal.example.com",
    ]) {
      it(`${given} is refused without showing what may be a password`, () => {
        for (const key of ["livePlatform:baseUrl", "tenantGateway:baseUrl", "livePlatform:authUrl"]) {
          const [prefix, name = ""] = key.split(":");
          const lines = problems(() =>
            prefix === "livePlatform" ? platform({ [name]: given }) : gateway({ [name]: given }),
          );
          const [line = "", ...others] = lines;
          assert.deepEqual(others, []);
          assert.ok(line.startsWith(`${key.replace(":", ".")} must `), line);
          assert.ok(!line.includes("hush"), line);
        }
      });
    }

    it("by plain http is permitted by allowInsecureHttp, each API for itself", () => {
      const http = { baseUrl: "http://10.0.0.1/x", allowInsecureHttp: "true" };
      assert.equal(platform({ ...http, authUrl: "http://10.0.0.2/token" }).baseUrl, "http://10.0.0.1/x");
      assert.equal(gateway(http).baseUrl, "http://10.0.0.1/x");
      const elsewhere = environmentOf("tenantGateway", { allowInsecureHttp: "true" });
      assert.match(problems(() => platform({ baseUrl: "http://10.0.0.1" }, elsewhere))[0] ?? "", HTTP);
      assertRefused("livePlatform:allowInsecureHttp", "yes", /must be true or false, not "yes"/);
    });
  });

  describe("wrong", () => {
    const wrong: Readonly<Record<string, readonly (readonly [value: string, complaint: RegExp])[]>> = {
      requestTimeout: [
        ["30", /must be a time such as 500ms, 90s, 30m or 2h, up to a day, not "30"/],
        ["0s", /must be a time/],
        ["25h", /must be a time/],
        ["-1s", /must be a time/],
        ["for ever", /must be a time/],
        ["30\u200bs", /must be a time .*, not "30\\u\{200b\}s"/],
      ],
      maxRetries: [
        ["-1", /must be a whole number from 0 to 100, not "-1"/],
        ["101", /from 0 to 100/],
        ["1.5", /from 0 to 100/],
        ["1e1", /from 0 to 100/],
        ["NaN", /from 0 to 100/],
        ["٣", /from 0 to 100/],
        ["9".repeat(400), /from 0 to 100/],
      ],
      maxConcurrency: [
        ["0", /must be a whole number from 1 to 1000, not "0"/],
        ["1001", /from 1 to 1000/],
        ["Infinity", /from 1 to 1000/],
      ],
      requestsPerSecond: [
        ["0", /must be a number above 0 and up to 10000, not "0"/],
        ["0.000", /above 0/],
        ["10001", /up to 10000/],
        ["10/s", /above 0/],
        ["-1", /above 0/],
        ["1e9", /above 0/],
      ],
      caFile: [
        [
          "/no/such/file.pem",
          /must be a file of certificates in PEM form that can be read, not "\/no\/such\/file\.pem"/,
        ],
        [path.resolve(__dirname), /must be a file of certificates/],
        [__filename, /must be a file of certificates in PEM form: it holds no certificate in PEM form/],
        ["ca\u0000.pem", /control characters/],
      ],
    };
    for (const [name, cases] of Object.entries(wrong)) {
      for (const [value, complaint] of cases) {
        it(`${name} ${JSON.stringify(value.slice(0, 40))} is refused`, () => {
          assertRefused(`livePlatform:${name}`, value, complaint);
          assertRefused(`tenantGateway:${name}`, value, complaint);
        });
      }
    }

    const ownWrong: readonly (readonly [key: string, value: string, complaint: RegExp])[] = [
      ["livePlatform:patchFields", "both", /must be example or table, not "both"/],
      ["livePlatform:patchFields", "Table", /must be example or table/],
      ["livePlatform:taskPath", "api/v2/task/{taskId}", /must be a path that begins with \//],
      ["livePlatform:taskPath", "/api/v2/task", /must hold \{taskId\}/],
      ["livePlatform:taskPath", "/api/v2/task/{id}", /must hold \{taskId\}/],
      ["livePlatform:taskPath", "/api/../admin/{taskId}", /must hold \{taskId\}|\.\./],
      ["livePlatform:taskPath", "//else.where/{taskId}", /must be a path that begins with \//],
      ["livePlatform:taskPath", "/api//task/{taskId}", /must be a path that begins with \//],
      ["livePlatform:taskPath", "https://else.where/{taskId}", /must be a path that begins with \//],
      ["livePlatform:taskPath", "/task?id={taskId}", /must be a path that begins with \//],
      ["livePlatform:taskPath", "/task/{taskId}#x", /must be a path that begins with \//],
      ["livePlatform:taskPath", "/task/%2e%2e/{taskId}", /must be a path that begins with \//],
      ["livePlatform:taskPath", "/task/./{taskId}", /must be a path that begins with \/|must hold/],
      ["livePlatform:upgradeFields", "UpgradeToLicense", /must be UpgradetoLicense or upgradeToLicense, not "Upg/],
      ["tenantGateway:authentication", "basic", /must be gateway or core, not "basic"/],
      ["tenantGateway:apiPath", "api/v1", /must be a path that begins with \//],
      ["tenantGateway:apiPath", "/api/../admin", /must be a path that begins with \//],
      ["tenantGateway:apiPath", "/api/..", /must be a path that begins with \//],
      ["tenantGateway:apiPath", "/api//v1", /must be a path that begins with \//],
      ["tenantGateway:apiPath", "//else.where/api", /must be a path that begins with \//],
      ["tenantGateway:apiPath", "https://else.where/api/v1", /must be a path that begins with \//],
      ["tenantGateway:apiPath", "/api/v1?x=1", /must be a path that begins with \//],
      ["tenantGateway:apiPath", "/api/v1#x", /must be a path that begins with \//],
      ["tenantGateway:apiPath", "/api/%2e%2e/v1", /must be a path that begins with \//],
      ["tenantGateway:apiPath", "/api/v 1", /must be a path that begins with \//],
      ["tenantGateway:apiPath", "/api/{proxy}", /must not hold \{ or \}/],
      ["tenantGateway:accessToken", "two words", /must consist of visible ASCII characters/],
      ["livePlatform:ocEssentialType", "three", /must be a whole number from 0 to 99, not "three"/],
      ["livePlatform:ocEssentialType", "100", /from 0 to 99/],
      ["livePlatform:pollInterval", "0s", /must be a time/],
      ["livePlatform:pollInterval", "2", /must be a time/],
      ["livePlatform:lostAnswerGrace", "a while", /must be a time/],
      ["livePlatform:directoryTenantId", "a/b", /must be a directory tenant's id or domain name, not "a\/b"/],
      ["livePlatform:directoryTenantId", "../common", /must be a directory tenant's id/],
      ["livePlatform:directoryTenantId", "..", /must be a directory tenant's id/],
      ["livePlatform:directoryTenantId", "a b", /must be a directory tenant's id/],
    ];
    for (const [key, value, complaint] of ownWrong) {
      it(`${key} ${JSON.stringify(value)} is refused`, () => {
        assertRefused(key, value, complaint);
      });
    }

    for (const type of ["1", "2", "4", "5"]) {
      it(`livePlatform:ocEssentialType ${type}, which is another licence type, is refused`, () => {
        assertRefused("livePlatform:ocEssentialType", type, /must not be 1, 2, 4 or 5/);
      });
    }

    for (const accessToken of ["two words", "té", "tok\u0007en", "☺☺☺☺"]) {
      it(`livePlatform:accessToken ${JSON.stringify(accessToken)}, which fits no header, is refused and not shown`, () => {
        const [line = "", ...others] = problems(() => platform({ accessToken }));
        assert.deepEqual(others, []);
        assert.match(
          line,
          /^livePlatform\.accessToken must .*`pulumi config set --secret --path 'voice-licenses:livePlatform\.accessToken' …`, or set LIVE_PLATFORM_ACCESS_TOKEN/,
        );
        assert.ok(!line.includes(accessToken));
      });
    }

    for (const [key, value] of [
      ["livePlatform:clientId", " "],
      ["livePlatform:clientSecret", " "],
      ["livePlatform:accessToken", " \n"],
      ["tenantGateway:username", " "],
      ["tenantGateway:password", "\r\n"],
      ["livePlatform:scope", " "],
    ] as const) {
      it(`${key} of nothing but space is refused`, () => {
        assertRefused(key, value, /must not be empty[:,]/);
      });
    }
  });

  describe("missing", () => {
    const missing: readonly (readonly [key: string, others: Values])[] = [
      ["livePlatform:baseUrl", {}],
      ["livePlatform:clientId", {}],
      ["livePlatform:clientSecret", {}],
      ["livePlatform:directoryTenantId", {}],
      ["tenantGateway:baseUrl", {}],
      ["tenantGateway:username", {}],
      ["tenantGateway:password", {}],
    ];
    for (const [key] of missing) {
      it(`${key} is named with its environment variable`, () => {
        assertRefused(key, "", / is missing: /);
      });
    }

    it("all are named at once, with whatever else is wrong", () => {
      const nothing = (): undefined => undefined;
      assert.deepEqual(
        problems(() =>
          readLivePlatformSettings({
            configuration: nothing,
            environment: { LIVE_PLATFORM_MAX_RETRIES: "many", LIVE_PLATFORM_PATCH_FIELDS: "x" },
          }),
        )
          .map((line) => line.split(" ")[0])
          .sort(),
        [
          "livePlatform.baseUrl",
          "livePlatform.clientId",
          "livePlatform.clientSecret",
          "livePlatform.directoryTenantId",
          "livePlatform.maxRetries",
          "livePlatform.patchFields",
        ],
      );
      assert.deepEqual(
        problems(() => readTenantGatewaySettings({ configuration: nothing, environment: {} })).map(
          (line) => line.split(" ")[0],
        ),
        ["tenantGateway.baseUrl", "tenantGateway.username", "tenantGateway.password"],
      );
    });

    it("a flag that is wrong is complained of once, although two addresses depend on it", () => {
      const lines = problems(() =>
        platform({ allowInsecureHttp: "maybe", baseUrl: "http://10.0.0.1", authUrl: "http://10.0.0.2" }),
      );
      assert.equal(lines.filter((line) => line.startsWith("livePlatform.allowInsecureHttp")).length, 1);
    });
  });

  describe("precedence", () => {
    const values: Readonly<Record<string, readonly [string, string]>> = {
      baseUrl: ["https://stack.example", "https://environment.example"],
      scope: ["stack", "environment"],
      taskPath: ["/stack/{taskId}", "/environment/{taskId}"],
      patchFields: ["example", "table"],
      maxRetries: ["1", "2"],
    };
    for (const [name, [stack, environment]] of Object.entries(values)) {
      it(`of the stack for ${name}`, () => {
        const both = platform({ [name]: stack }, environmentOf("livePlatform", { [name]: environment }));
        const alone = platform({ [name]: stack });
        assert.deepEqual(both, alone);
        const fallback = platform({ [name]: "" }, environmentOf("livePlatform", { [name]: environment }));
        assert.notDeepEqual(fallback, alone);
      });
    }

    for (const [prefix, name] of [
      ["livePlatform", "clientId"],
      ["livePlatform", "clientSecret"],
      ["livePlatform", "accessToken"],
      ["tenantGateway", "username"],
      ["tenantGateway", "password"],
      ["tenantGateway", "accessToken"],
    ] as const) {
      it(`of the environment for the credential ${prefix}:${name}, unless it is empty there`, () => {
        const read = (stack: string, environment: string): string =>
          JSON.stringify(
            prefix === "livePlatform"
              ? platform({ [name]: stack }, environmentOf(prefix, { [name]: environment }))
              : gateway({ [name]: stack }, environmentOf(prefix, { [name]: environment })),
          );
        assert.ok(read("of-stack", "of-environment").includes('"of-environment"'));
        assert.ok(!read("of-stack", "of-environment").includes("of-stack"));
        assert.ok(read("of-stack", "").includes('"of-stack"'));
        assert.ok(read("", "of-environment").includes('"of-environment"'));
      });
    }

    it("of an access token in the stack over client credentials in the environment", () => {
      const environment = environmentOf("livePlatform", { clientId: "id", clientSecret: "hush-hush" });
      assert.equal(platform({ accessToken: "t0ken" }, environment).authorization.kind, "accessToken");
    });
  });

  describe("whatever is given", () => {
    const names = Object.keys(VARIABLES).map((key) => key.split(":")[1] ?? "");
    const rubbish = fc.oneof(
      fc.string({ unit: "binary", maxLength: 50 }),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.constantFrom("__proto__", "constructor", "../..", "%2f", "http://[", "x".repeat(10_000), "\ud800"),
    );

    it("is read or refused by name, and no credential is ever shown", () => {
      const secrets = { clientSecret: "hush-hush-1", accessToken: "hush-hush 2", password: "hush-hush-3" };
      fc.assert(
        fc.property(
          fc.dictionary(fc.constantFrom(...names), rubbish, { maxKeys: 6 }),
          fc.boolean(),
          (given, withToken) => {
            const stack: Values = { ...given, ...secrets, ...(withToken ? {} : { accessToken: "" }) };
            for (const read of [readLivePlatformSettings, readTenantGatewaySettings]) {
              try {
                read({ configuration: (key) => stack[key.split(":")[1] ?? ""], environment: {} });
              } catch (error) {
                assert.ok(error instanceof SettingsError, String(error));
                assert.ok(!error.message.includes("hush-hush"));
                for (const line of error.message.split("\n")) {
                  assert.match(line, /^(?:livePlatform|tenantGateway)\.\w+ .* in the environment\.$/su);
                }
              }
            }
          },
        ),
        { numRuns: 300 },
      );
    });

    it("an address that is taken leads where it says, by https or to loopback", () => {
      fc.assert(
        fc.property(
          fc.oneof(
            rubbish,
            fc.webUrl().map((url) => url.replace("https", "http")),
          ),
          (baseUrl) => {
            let read: string;
            try {
              read = gateway({ baseUrl }).baseUrl;
            } catch {
              return;
            }
            if (baseUrl.trim() !== "") {
              const url = new URL(`${read}/api/v1/login/`);
              assert.ok(
                url.protocol === "https:" ||
                  ["localhost", "[::1]"].includes(url.hostname) ||
                  url.hostname.startsWith("127."),
              );
              assert.equal(url.href, `${read}/api/v1/login/`);
              assert.equal(url.username + url.password + url.search + url.hash, "");
            }
          },
        ),
        { numRuns: 500 },
      );
    });
  });
});

describe("settings of the command line", () => {
  it("are named by their variables, all that are missing at once", () => {
    const source: SettingsSource = { configuration: () => undefined, environment: {}, audience: "commandLine" };
    assert.deepEqual(
      problems(() => readLivePlatformSettings(source)),
      ["BASE_URL", "CLIENT_ID", "CLIENT_SECRET", "DIRECTORY_TENANT_ID"].map(
        (name) => `LIVE_PLATFORM_${name} is missing: set it in the environment.`,
      ),
    );
    assert.deepEqual(
      problems(() => readTenantGatewaySettings(source)),
      ["BASE_URL", "USERNAME", "PASSWORD"].map(
        (name) => `TENANT_GATEWAY_${name} is missing: set it in the environment.`,
      ),
    );
    assert.deepEqual(
      problems(() =>
        readTenantGatewaySettings({
          ...source,
          environment: { ...environmentOf("tenantGateway", GATEWAY), TENANT_GATEWAY_API_PATH: "x" },
        }),
      ),
      [
        'TENANT_GATEWAY_API_PATH must be a path that begins with /, without // and .., not "x": set it in the environment.',
      ],
    );
  });
});

describe("settings that are missing or wrong", () => {
  it("are values too, so that others can word what to do", () => {
    const source: SettingsSource = {
      configuration: (key) => (key === "tenantGateway:maxRetries" ? "many" : undefined),
      environment: { TENANT_GATEWAY_BASE_URL: "https://gateway.example.com", TENANT_GATEWAY_USERNAME: "admin" },
    };
    const found = problemsOf(() => readTenantGatewaySettings(source));
    assert.equal(found.length, 2);
    assert.deepEqual(
      found,
      problems(() => readTenantGatewaySettings(source)),
    );
    assert.deepEqual(
      problemsOf(() => 1),
      [],
    );
    assert.throws(
      () =>
        problemsOf(() => {
          throw new Error("another");
        }),
      /another/,
    );
  });
});

describe("table of settings", () => {
  it("has the keys and variables of the public contract", () => {
    assert.deepEqual(Object.fromEntries(ALL_SETTINGS.map(({ key, variable }) => [key, variable])), {
      ...VARIABLES,
      "voice-licenses:maxReductions": "VOICE_LICENSES_MAX_REDUCTIONS",
      "voice-licenses:maxLicensesRemoved": "VOICE_LICENSES_MAX_LICENSES_REMOVED",
    });
  });

  it("has the credentials, and which of them are secrets", () => {
    const keys = (list: readonly NamedSetting[]): string[] => list.map(({ key }) => key).sort();
    assert.deepEqual(keys(ALL_SETTINGS.filter(({ credential }) => credential === true)), [
      "livePlatform:accessToken",
      "livePlatform:clientId",
      "livePlatform:clientSecret",
      "tenantGateway:accessToken",
      "tenantGateway:password",
      "tenantGateway:username",
    ]);
    assert.deepEqual(keys(ALL_SETTINGS.filter(({ secret }) => secret === true)), [
      "livePlatform:accessToken",
      "livePlatform:clientSecret",
      "tenantGateway:accessToken",
      "tenantGateway:password",
    ]);
  });
});

for (const [name, variable] of [
  ["maxReductions", "VOICE_LICENSES_MAX_REDUCTIONS"],
  ["maxLicensesRemoved", "VOICE_LICENSES_MAX_LICENSES_REMOVED"],
] as const) {
  describe(`voice-licenses:${name}`, () => {
    const read = (stack: string | undefined, environment?: string): number | undefined =>
      readReductionLimits({
        configuration: (key) => (key === `voice-licenses:${name}` ? stack : undefined),
        environment: environment === undefined ? {} : { [variable]: environment },
      })[name];

    it("is any number where it is not set; the stack wins over the environment", () => {
      assert.equal(read(undefined), undefined);
      assert.equal(read(undefined, ""), undefined);
      assert.equal(read("0"), 0);
      assert.equal(read(undefined, "25"), 25);
      assert.equal(read("10", "25"), 10);
    });

    it("does not take the brake off where the stack has it empty", () => {
      assert.throws(() => read("", "25"), {
        message: `voice-licenses:${name} is empty: give it a number, or remove it with \`pulumi config rm voice-licenses:${name}\`.`,
      });
    });

    it("is a whole number", () => {
      for (const wrong of ["few", "-1", "1.5", "1e3", "9999999999"]) {
        assert.throws(() => read(wrong), {
          name: "SettingsError",
          message: `voice-licenses:${name} must be a whole number from 0 to 999999999, not ${JSON.stringify(wrong)}: \`pulumi config set voice-licenses:${name} …\`, or set ${variable} in the environment.`,
        });
      }
    });
  });
}
