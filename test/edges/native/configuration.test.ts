import assert from "node:assert/strict";
import { InstanceConfiguration } from "../../../provider/hosts/native/instance-configuration";
import { secret } from "../../../provider/hosts/native/values";
import { UNKNOWN_VALUE } from "../../../provider/resource/unknowns";
import { nameOf } from "../../../provider/resource/urn";
import { DEFAULT_PROVIDER, EXPLICIT_PROVIDER } from "../../support/native-plugin";

type Properties = Record<string, unknown>;

const GATEWAY = { baseUrl: "https://gw.example.com", username: "svc", password: "the-password" };

const SECRET = new Set(["livePlatform", "tenantGateway"]);

function problems(urn: string, raw: Properties, environment: Record<string, string> = {}): string[] {
  return new InstanceConfiguration(environment).check(urn, raw).mistakes.map(({ message }) => message);
}

function named(name: string): string {
  return EXPLICIT_PROVIDER.replace("::west", `::${name}`);
}

describe("the configuration of a native provider", () => {
  it("takes a system's settings as an object and as its JSON text, and state holds the object", () => {
    for (const tenantGateway of [GATEWAY, JSON.stringify(GATEWAY)]) {
      const { inputs, mistakes } = new InstanceConfiguration({}).check(EXPLICIT_PROVIDER, { tenantGateway });
      assert.deepEqual(mistakes, []);
      assert.deepEqual(inputs, { tenantGateway: secret(GATEWAY) });
    }
  });

  it("takes the names that a Python program writes", () => {
    const tenantGateway = JSON.stringify({ base_url: GATEWAY.baseUrl, username: "svc", password: "the-password" });
    const { inputs, mistakes } = new InstanceConfiguration({}).check(EXPLICIT_PROVIDER, { tenantGateway });
    assert.deepEqual(mistakes, []);
    assert.deepEqual(inputs, { tenantGateway: secret(GATEWAY) });
  });

  it("takes numbers and flags as such and as texts", () => {
    const instance = new InstanceConfiguration({});
    instance.take(EXPLICIT_PROVIDER, { tenantGateway: { ...GATEWAY, maxRetries: 3, allowInsecureHttp: true } }, SECRET);
    assert.equal(instance.settings.configuration("tenantGateway:maxRetries"), "3");
    assert.equal(instance.settings.configuration("tenantGateway:allowInsecureHttp"), "true");
  });

  for (const [what, raw, expected] of [
    ["no object", { livePlatform: "nonsense" }, /^livePlatform must be an object/],
    ["a list", { tenantGateway: ["a"] }, /^tenantGateway must be an object/],
    ["an unknown key", { tenantGatway: GATEWAY }, /^tenantGatway is not a setting: did you mean tenantGateway\?/],
    [
      "an unknown setting",
      { tenantGateway: { ...GATEWAY, baseURL: "x" } },
      /^tenantGateway\.baseURL is not a setting: did you mean baseUrl\?/,
    ],
    [
      "a setting like no other",
      { tenantGateway: { ...GATEWAY, clientId: "x" } },
      /^tenantGateway\.clientId is not a setting; the settings are baseUrl, apiPath, /,
    ],
    [
      "a setting that is an object",
      { tenantGateway: { ...GATEWAY, username: {} } },
      /^tenantGateway\.username must be a string, a number or a boolean/,
    ],
    [
      "a missing setting",
      { tenantGateway: { ...GATEWAY, password: undefined } },
      /^tenantGateway\.password is missing: set it in the provider's inputs\./,
    ],
    [
      "a wrong setting",
      { tenantGateway: { ...GATEWAY, baseUrl: "http://gw.example.com" } },
      /^tenantGateway\.baseUrl must begin with https/,
    ],
    [
      "a wrong limit",
      { maxReductions: -1 },
      /^maxReductions must be a whole number .*: set it in the provider's inputs\.$/,
    ],
  ] as const) {
    it(`refuses ${what}, by its name`, () => {
      const found = problems(EXPLICIT_PROVIDER, raw);
      assert.ok(
        found.some((problem) => expected.test(problem)),
        found.join("\n"),
      );
      assert.ok(!found.join("\n").includes("the-password"));
    });
  }

  it("says for the default provider how to set a key in the stack, secrets as such", () => {
    const [problem] = problems(DEFAULT_PROVIDER, { tenantGateway: { ...GATEWAY, password: undefined } });
    assert.match(problem ?? "", /pulumi config set --secret --path 'voice-licenses:tenantGateway\.password' …/);
    assert.match(problem ?? "", /TENANT_GATEWAY_PASSWORD/);
    const [limit] = problems(DEFAULT_PROVIDER, { maxReductions: -1 });
    assert.match(
      limit ?? "",
      /^voice-licenses:maxReductions must be .*: `pulumi config set voice-licenses:maxReductions …`, or set /,
    );
  });

  it("refuses a credential that the stack's configuration holds in clear text, and says how to make it a secret", () => {
    const take = (urn: string, raw: Properties, ...secrets: string[]): void => {
      new InstanceConfiguration({}).take(urn, raw, new Set(secrets));
    };
    assert.throws(() => {
      take(DEFAULT_PROVIDER, { tenantGateway: GATEWAY });
    }, /^Error: tenantGateway\.password is in the stack's configuration, but not as a secret, and lies there in clear text: run `pulumi config set --secret --path 'voice-licenses:tenantGateway\.password'` and enter it there\.$/);
    assert.throws(() => {
      take(DEFAULT_PROVIDER, { livePlatform: { accessToken: "the-token" }, tenantGateway: GATEWAY }, "tenantGateway");
    }, /^Error: livePlatform\.accessToken is in the stack/);
    take(DEFAULT_PROVIDER, { tenantGateway: GATEWAY }, "tenantGateway");
    take(DEFAULT_PROVIDER, { tenantGateway: { baseUrl: GATEWAY.baseUrl, username: "svc" } });
    take(EXPLICIT_PROVIDER, { tenantGateway: GATEWAY });
  });

  it("leaves alone what a project that is called as the package has in the stack, unless it is like a key of the provider", () => {
    const ofProject = { contosoAppSecret: "hush", file: "licenses.yaml" };
    const { inputs, mistakes } = new InstanceConfiguration({}).check(DEFAULT_PROVIDER, {
      ...ofProject,
      maxReductions: 5,
    });
    assert.deepEqual([inputs, mistakes], [{ maxReductions: 5 }, []], "and it does not reach the provider's state");
    assert.deepEqual(problems(DEFAULT_PROVIDER, { maxLicencesRemoved: "5" }), [
      "voice-licenses:maxLicencesRemoved is not a setting: did you mean voice-licenses:maxLicensesRemoved?",
    ]);
    assert.deepEqual(problems(EXPLICIT_PROVIDER, { file: "licenses.yaml" }), [
      "file is not a setting; the settings are livePlatform, tenantGateway, maxReductions, maxLicensesRemoved.",
    ]);
  });

  it("marks all settings of an instance as secret, and of the stack's just the credentials", () => {
    const inputs = (urn: string): Properties =>
      new InstanceConfiguration({}).check(urn, { tenantGateway: GATEWAY }).inputs;
    assert.deepEqual(inputs(EXPLICIT_PROVIDER), { tenantGateway: secret(GATEWAY) });
    assert.deepEqual(inputs(DEFAULT_PROVIDER), { tenantGateway: { ...GATEWAY, password: secret("the-password") } });
  });

  for (const name of ["default_2", "default_west", "default_0_3", "west::default", "west::default_0_1_0"]) {
    it(`keeps the environment from an instance that a program calls \`${name}\``, () => {
      const instance = new InstanceConfiguration({ TENANT_GATEWAY_PASSWORD: "of another platform" });
      const urn = named(name);
      assert.deepEqual(instance.check(urn, { tenantGateway: GATEWAY }).inputs, { tenantGateway: secret(GATEWAY) });
      instance.take(urn, { tenantGateway: GATEWAY }, SECRET);
      assert.deepEqual(instance.settings.environment, {});
      assert.equal(instance.label, `provider ${name}`);
    });
  }

  for (const name of [
    "default",
    "default_0_3_0",
    "default_0_3_0_alpha_1_x-y_build",
    "default_0_3_0_https_/get.example.com_8443/plugins",
    "default_github_/api.github.com/owner/repository",
  ]) {
    it(`fills in the default provider by the engine's name for it, \`${name}\``, () => {
      const environment = { TENANT_GATEWAY_PASSWORD: "the-password" };
      const instance = new InstanceConfiguration(environment);
      instance.take(named(name), { tenantGateway: { baseUrl: GATEWAY.baseUrl } }, SECRET);
      assert.deepEqual(instance.settings.environment, environment);
      assert.equal(instance.label, "the default provider");
    });
  }

  it("refuses an instance that has the default provider's name but not the stack's configuration", () => {
    const stack = { maxReductions: "3", tenantGateway: '{"baseUrl":"https://gw.example.com","username":"svc"}' };
    const environment = { PULUMI_CONFIG: JSON.stringify(stack), TENANT_GATEWAY_PASSWORD: "of another platform" };
    const elsewhere = { ...GATEWAY, baseUrl: "https://elsewhere.example.com" };
    for (const urn of [named("default"), DEFAULT_PROVIDER]) {
      for (const raw of [
        { tenantGateway: elsewhere },
        { ...stack, tenantGateway: elsewhere },
        { maxReductions: "3" },
      ]) {
        assert.deepEqual(problems(urn, raw, environment), [
          `provider ${nameOf(urn)} has the name that Pulumi gives the default provider, which gets its credentials from the environment: give this instance another name.`,
        ]);
      }
      assert.equal(problems(urn, { ...stack, tenantGateway: UNKNOWN_VALUE }, environment).length, 1);
      assert.deepEqual(problems(urn, { ...stack, version: "0.1.0" }, environment), []);
      assert.deepEqual(problems(urn, { tenantGateway: elsewhere }, { PULUMI_CONFIG: "{}" }).length, 1);
    }
  });

  it("takes the provider of `pulumi do`, which has no name, for the default provider unless it has credentials of its own", () => {
    const environment = { TENANT_GATEWAY_PASSWORD: "of another platform", PULUMI_CONFIG: "{}" };
    const instance = new InstanceConfiguration(environment);
    for (const raw of [{}, { tenantGateway: { baseUrl: GATEWAY.baseUrl } }]) {
      instance.take(named(""), raw, SECRET);
      assert.deepEqual(instance.settings.environment, environment);
    }
    instance.take(named(""), { tenantGateway: GATEWAY }, new Set());
    assert.deepEqual(instance.settings.environment, {});
  });

  it("has an address for each system in one spelling, where it is known", () => {
    const instance = new InstanceConfiguration({ LIVE_PLATFORM_BASE_URL: "https://API.example.com:443/tenantui" });
    instance.take(DEFAULT_PROVIDER, { tenantGateway: { baseUrl: "https://gw.example.com/" } }, SECRET);
    assert.equal(instance.addressOf("tenantGateway"), "https://gw.example.com/api/v1");
    assert.equal(instance.addressOf("livePlatform"), "https://api.example.com/tenantui");
    const behindCore = { baseUrl: "https://gw.example.com", apiPath: "/api/v01/p1/" };
    instance.take(EXPLICIT_PROVIDER, { tenantGateway: behindCore }, SECRET);
    assert.equal(instance.addressOf("tenantGateway"), "https://gw.example.com/api/v01/p1");
    instance.take(EXPLICIT_PROVIDER, { tenantGateway: UNKNOWN_VALUE }, SECRET);
    assert.equal(instance.addressOf("tenantGateway"), undefined);
    assert.equal(instance.addressOf("livePlatform"), undefined);
  });

  it("does not look at a system that is not configured, nor at one of which a setting is not known yet", () => {
    assert.deepEqual(problems(DEFAULT_PROVIDER, {}), []);
    assert.deepEqual(problems(EXPLICIT_PROVIDER, { tenantGateway: { baseUrl: UNKNOWN_VALUE } }), []);
    assert.deepEqual(problems(EXPLICIT_PROVIDER, { tenantGateway: UNKNOWN_VALUE, maxReductions: UNKNOWN_VALUE }), []);
  });

  it("fills the default provider from the environment, which wins for credentials; an instance from nowhere", () => {
    const environment = {
      TENANT_GATEWAY_PASSWORD: "rotated",
      TENANT_GATEWAY_BASE_URL: "https://elsewhere.example.com",
    };
    assert.deepEqual(problems(DEFAULT_PROVIDER, { tenantGateway: { username: "svc" } }, environment), []);
    assert.equal(problems(EXPLICIT_PROVIDER, { tenantGateway: { username: "svc" } }, environment).length, 2);
    const instance = new InstanceConfiguration(environment);
    instance.take(EXPLICIT_PROVIDER, { tenantGateway: GATEWAY }, SECRET);
    assert.deepEqual(instance.settings.environment, {});
    instance.take(DEFAULT_PROVIDER.replace("_0_1_0", ""), { tenantGateway: GATEWAY }, SECRET);
    assert.deepEqual(instance.settings.environment, environment);
  });

  it("holds the stack's limits on every instance, unless the instance has its own", () => {
    const instance = new InstanceConfiguration({ PULUMI_CONFIG: JSON.stringify({ maxReductions: "5" }) });
    instance.take(EXPLICIT_PROVIDER, {}, SECRET);
    assert.equal(instance.limits().maxReductions, 5);
    instance.take(EXPLICIT_PROVIDER, { maxReductions: 7 }, SECRET);
    assert.equal(instance.limits().maxReductions, 7);
  });

  it("refuses a configuration in state that cannot be read, when it is taken", () => {
    assert.throws(() => {
      new InstanceConfiguration({}).take(DEFAULT_PROVIDER, { livePlatform: "{" }, SECRET);
    }, /livePlatform must be an object/);
  });
});
