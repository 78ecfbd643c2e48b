import assert from "node:assert/strict";
import {
  ALL_SETTINGS,
  readLivePlatformSettings,
  readReductionLimits,
  readTenantGatewaySettings,
  settingsFrom,
  SettingsError,
  type SettingsSource,
} from "../../provider/systems/settings";
import { unknownInputs } from "../../provider/systems/settings/given";

type Raw = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string>>;

const GATEWAY = { baseUrl: "https://gw.example.com", username: "svc", password: "hush-hush" };

function stack(raw: Raw, environment: Environment = {}, secrets?: readonly string[]): SettingsSource {
  return settingsFrom(raw, {
    audience: "stack",
    environment,
    project: "fleet",
    isSecret: secrets === undefined ? undefined : (key) => secrets.includes(key),
  });
}

function instance(raw: Raw, environment: Environment = {}): SettingsSource {
  return settingsFrom(raw, { audience: "instance", environment });
}

/** The texts of all settings that a source has. */
function texts({ configuration }: SettingsSource): Record<string, string> {
  const entries = ALL_SETTINGS.map(({ key }) => [key, configuration(key)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

const OLDER = Object.fromEntries(Object.entries(GATEWAY).map(([name, value]) => [`tenantGateway:${name}`, value]));

describe("settings in a stack's configuration", () => {
  for (const [form, raw] of [
    ["an object", { "voice-licenses:tenantGateway": GATEWAY }],
    ["the JSON text of an object", { "voice-licenses:tenantGateway": JSON.stringify(GATEWAY) }],
    ["keys of their own", OLDER],
    ["an object and keys of their own", { ...OLDER, "voice-licenses:tenantGateway": { baseUrl: GATEWAY.baseUrl } }],
  ] as const) {
    it(`are the same as ${form}`, () => {
      const source = stack(raw);
      assert.deepEqual(source.problems, []);
      assert.deepEqual(texts(source), OLDER);
    });
  }

  it("may be numbers and flags, as `pulumi config set --path` writes them", () => {
    const source = stack({
      "voice-licenses:tenantGateway": '{"maxRetries":3,"requestsPerSecond":0.5,"allowInsecureHttp":true}',
    });
    assert.deepEqual(source.problems, []);
    assert.deepEqual(texts(source), {
      "tenantGateway:maxRetries": "3",
      "tenantGateway:requestsPerSecond": "0.5",
      "tenantGateway:allowInsecureHttp": "true",
    });
  });

  it("count as not given where they are empty or null", () => {
    const source = stack({
      "tenantGateway:baseUrl": "",
      "voice-licenses:livePlatform": "",
      "voice-licenses:tenantGateway": { baseUrl: "https://gw.example.com", username: null, password: "" },
    });
    assert.deepEqual(source.problems, []);
    assert.deepEqual(texts(source), { "tenantGateway:baseUrl": "https://gw.example.com" });
  });

  for (const [what, raw, problem] of [
    ["no object", { "voice-licenses:livePlatform": "nonsense" }, /^livePlatform must be an object of settings/],
    ["a list", { "voice-licenses:tenantGateway": "[1]" }, /^tenantGateway must be an object of settings/],
    [
      "a setting that is an object",
      { "voice-licenses:tenantGateway": { username: { a: "hush-hush" } } },
      /^tenantGateway\.username must be a string, a number or a boolean\.$/,
    ],
  ] as const) {
    it(`are refused where they hold ${what}, without showing it`, () => {
      const [found = "", ...others] = stack(raw).problems ?? [];
      assert.deepEqual(others, []);
      assert.match(found, problem);
      assert.ok(!found.includes("hush"));
    });
  }

  it("are refused by both names where they are given in both ways with different values, which are not shown", () => {
    const both = { ...OLDER, "voice-licenses:tenantGateway": { ...GATEWAY, password: "hush-hush-2", maxRetries: 1 } };
    assert.deepEqual(stack(both).problems, [
      "tenantGateway:password and voice-licenses:tenantGateway.password have different values: keep one of them, " +
        "such as with `pulumi config rm tenantGateway:password`.",
    ]);
    const turned = Object.fromEntries(Object.entries(both).reverse());
    assert.deepEqual(stack(turned).problems, stack(both).problems, "whichever comes first");
    const numbers = { "tenantGateway:maxRetries": "1", "voice-licenses:tenantGateway": { maxRetries: 1 } };
    assert.deepEqual(stack(numbers).problems, [], "one value in two spellings of JSON");
  });

  it("name a wrong one as the stack has it, with the line that sets it there", () => {
    const lines = (raw: Raw): string => {
      try {
        readTenantGatewaySettings(stack(raw));
        return "";
      } catch (error) {
        return error instanceof SettingsError ? error.message : assert.fail(String(error));
      }
    };
    assert.match(
      lines({ ...OLDER, "tenantGateway:maxRetries": "many" }),
      /^tenantGateway:maxRetries must be .*: `pulumi config set tenantGateway:maxRetries …`, or set TENANT_GATEWAY_MAX_RETRIES/,
    );
    assert.match(
      lines({ "voice-licenses:tenantGateway": { ...GATEWAY, maxRetries: "many" } }),
      /^tenantGateway\.maxRetries must be .*: `pulumi config set --path 'voice-licenses:tenantGateway\.maxRetries' …`, or set /,
    );
  });

  it("are refused where a credential is not a secret, with the line that makes it one", () => {
    const both = { "livePlatform:accessToken": "hush", "voice-licenses:tenantGateway": JSON.stringify(GATEWAY) };
    const plain = (...secrets: string[]): readonly string[] => stack(both, {}, secrets).problems ?? [];
    const refused = (name: string, line: string): string =>
      `${name} is in the stack's configuration, but not as a secret, and lies there in clear text: run \`${line}\` and enter it there.`;
    const ofGateway = refused(
      "tenantGateway.password",
      "pulumi config set --secret --path 'voice-licenses:tenantGateway.password'",
    );
    const ofPlatform = refused("livePlatform:accessToken", "pulumi config set --secret livePlatform:accessToken");
    assert.deepEqual(plain(), [ofPlatform, ofGateway]);
    assert.deepEqual(plain("voice-licenses:tenantGateway"), [ofPlatform]);
    assert.deepEqual(plain("livePlatform:accessToken", "voice-licenses:tenantGateway"), []);
    assert.deepEqual(stack(both).problems, [], "where it is not known, nothing is refused without cause");
  });

  it("that are wrong as a whole are refused by every reader", () => {
    const source = stack({ "voice-licenses:maxReduction": "1", "voice-licenses:tenantGateway": GATEWAY });
    for (const read of [readTenantGatewaySettings, readLivePlatformSettings, readReductionLimits]) {
      assert.throws(() => read(source), /^SettingsError: voice-licenses:maxReduction is not a setting/m);
    }
  });
});

describe("names that no table knows", () => {
  const near: readonly (readonly [given: string, named: string])[] = [
    ["tenantGateway:requestPerSecond", "tenantGateway:requestsPerSecond"],
    ["tenantGateway:Password", "tenantGateway:password"],
    ["tenantGateway:user", "tenantGateway:username"],
    ["livePlatform:baseURL", "livePlatform:baseUrl"],
    ["livePlatform:maxRetry", "livePlatform:maxRetries"],
    ["livePlatform:tenantId", "livePlatform:directoryTenantId"],
    ["voice-licenses:maxReduction", "voice-licenses:maxReductions"],
    ["voice-licenses:MaxReductions", "voice-licenses:maxReductions"],
    ["voice-licenses:max-reductions", "voice-licenses:maxReductions"],
    ["voice-licenses:maxLicencesRemoved", "voice-licenses:maxLicensesRemoved"],
    ["voice-licenses:maxLicenseReductions", "voice-licenses:maxReductions"],
    ["voice-licenses:tenantgateway", "voice-licenses:tenantGateway"],
    ["voice-licenses:livePlatfrom", "voice-licenses:livePlatform"],
    ["voice-licenses:shards", "voice-licenses:shard"],
    ["voice-licences:maxReductions", "voice-licenses:maxReductions"],
    ["voice-licences:tenantGateway", "voice-licenses:tenantGateway"],
    ["tenantgateway:requestsPerSecond", "tenantGateway:requestsPerSecond"],
  ];
  for (const [key, named] of near) {
    it(`${key} is refused, and ${named} offered`, () => {
      assert.deepEqual(stack({ [key]: "1" }).problems, [`${key} is not a setting: did you mean ${named}?`]);
    });
  }

  for (const [key, problem] of [
    ["tenantGateway:comment", /^tenantGateway:comment is not a setting; the settings are baseUrl, apiPath, /],
    ["livePlatform:", /^livePlatform: is not a setting; the settings are baseUrl, clientId, /],
    ["livePlatform:a\u0007b", /^"livePlatform:a\\u\{7\}b" is not a setting/],
  ] as const) {
    it(`${JSON.stringify(key)} is refused with all settings, because it resembles none`, () => {
      assert.match((stack({ [key]: "1" }).problems ?? []).join("\n"), problem);
    });
  }

  it("are refused in an object too", () => {
    assert.deepEqual(stack({ "voice-licenses:tenantGateway": { ...GATEWAY, maxRetrys: 1 } }).problems, [
      "tenantGateway.maxRetrys is not a setting: did you mean maxRetries?",
    ]);
  });

  it("of a program are left alone", () => {
    const own = ["contosoAppSecret", "file", "shard", "allowEmpty", "platform", "site", "title", "region", "tenants"];
    for (const key of [
      ...own.map((name) => `voice-licenses:${name}`),
      "fleet:maxReductions",
      "aws:region",
      "shop:baseUrl",
    ]) {
      assert.deepEqual(stack({ [key]: "x" }).problems, [], key);
    }
    const ownProject = { audience: "stack", environment: {}, project: "live-platform" } as const;
    assert.deepEqual(settingsFrom({ "live-platform:baseUrl": "x" }, ownProject).problems, []);
    assert.equal(stack({ "live-platform:baseUrl": "x" }).problems?.length, 1);
  });
});

describe("environment variables that no table knows", () => {
  for (const [variable, named] of [
    ["VOICE_LICENSES_MAX_REDUCTION", "VOICE_LICENSES_MAX_REDUCTIONS"],
    ["VOICE_LICENSES_MAX_LICENCES_REMOVED", "VOICE_LICENSES_MAX_LICENSES_REMOVED"],
    ["VOICE_LICENSES_MAX_REDUCTIONS_PER_RUN", "VOICE_LICENSES_MAX_REDUCTIONS"],
    ["VOICE_LICENCES_MAX_REDUCTIONS", "VOICE_LICENSES_MAX_REDUCTIONS"],
    ["VOICE_LICENSES_WEBHOOK", "VOICE_LICENSES_WEBHOOK_URL"],
    ["TENANT_GATEWAY_REQUEST_PER_SECOND", "TENANT_GATEWAY_REQUESTS_PER_SECOND"],
    ["TENANT_GATEWAY_USER", "TENANT_GATEWAY_USERNAME"],
    ["TENANTGATEWAY_PASSWORD", "TENANT_GATEWAY_PASSWORD"],
    ["LIVE_PLATFORM_BASEURL", "LIVE_PLATFORM_BASE_URL"],
    ["LIVE_PLATFORM_MAX_RETRY", "LIVE_PLATFORM_MAX_RETRIES"],
  ] as const) {
    it(`${variable} is refused, and ${named} offered`, () => {
      for (const source of [stack({}, { [variable]: "1" }), instance({}, { [variable]: "1" })]) {
        const [problem = "", ...others] = source.problems ?? [];
        assert.deepEqual(others, []);
        assert.ok(problem.startsWith(`${variable} is not a setting: did you mean `), problem);
        assert.ok(problem.includes(named), problem);
      }
    });
  }

  it("are left alone where they are a script's, a Kubernetes service's, or empty", () => {
    const others = [
      ...["DEBUG", "WEBHOOK_URL", "SEED", "SWEEP_ONLY", "RECORD_STATES", "PLUGIN", "PULUMI_VERSION", "TEAM"].map(
        (name) => `VOICE_LICENSES_${name}`,
      ),
      ...["SERVICE_HOST", "PORT", "PORT_443_TCP_ADDR", "WEST_PASSWORD", "PASSWORD_FILE", "WEST_BASE_URL"].map(
        (name) => `TENANT_GATEWAY_${name}`,
      ),
      "LIVE_PLATFORM_NAME",
      "WEST_LIVE_PLATFORM_BASE_URL",
      "PATH",
    ];
    for (const variable of [...others, ...ALL_SETTINGS.map((setting) => setting.variable)]) {
      assert.deepEqual(stack({}, { [variable]: "1" }).problems, [], variable);
    }
    assert.deepEqual(stack({}, { VOICE_LICENSES_MAX_REDUCTION: "" }).problems, []);
  });
});

describe("settings of a provider instance", () => {
  const inputs = {
    "voice-licenses:livePlatform": {
      baseUrl: "https://platform.example.com",
      accessToken: "t",
      maxRetries: 3,
      allowInsecureHttp: true,
    },
    "voice-licenses:tenantGateway": { baseUrl: "http://10.0.0.1", accessToken: "t", allowInsecureHttp: "true" },
    "voice-licenses:maxReductions": 5,
  };

  it("are its inputs alone, as texts, numbers and flags", () => {
    const source = instance(inputs, { TENANT_GATEWAY_API_PATH: "/elsewhere" });
    assert.deepEqual(source.problems, []);
    assert.equal(readLivePlatformSettings(source).maxRetries, 3);
    const { baseUrl, apiPath } = readTenantGatewaySettings(source);
    assert.deepEqual([baseUrl, apiPath], ["http://10.0.0.1", "/api/v1"]);
    assert.deepEqual(readReductionLimits(source), { maxReductions: 5, maxLicensesRemoved: undefined });
  });

  it("are named as its inputs, however its plugin process gets them", () => {
    for (const raw of [{ "voice-licenses:tenantGateway": { baseUrl: "x" } }, { "tenantGateway:baseUrl": "x" }]) {
      assert.throws(() => readTenantGatewaySettings(instance(raw)), {
        message:
          'tenantGateway.baseUrl must be an address such as https://portal.example.com, not "x": set it in the provider\'s inputs.\n' +
          "tenantGateway.username is missing: set it in the provider's inputs.\n" +
          "tenantGateway.password is missing: set it in the provider's inputs.",
      });
    }
  });

  it("are refused where a name is not an input", () => {
    const problems = [
      "tenantGateway.baseURL is not a setting: did you mean baseUrl?",
      "tenantGateway.user is not a setting: did you mean username?",
      "maxReduction is not a setting: did you mean maxReductions?",
      "file is not a setting; the settings are livePlatform, tenantGateway, maxReductions, maxLicensesRemoved.",
    ];
    const wrong = { tenantGateway: { baseURL: "x", user: "y" }, maxReduction: 1, file: "f" };
    assert.deepEqual(unknownInputs(wrong), problems);
    const byKey = Object.fromEntries(Object.entries(wrong).map(([name, value]) => [`voice-licenses:${name}`, value]));
    assert.deepEqual(instance(byKey).problems, problems);
  });
});
