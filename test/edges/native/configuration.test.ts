import assert from "node:assert/strict";
import { InstanceConfiguration } from "../../../provider/edges/native/instance-configuration";
import { UNKNOWN_VALUE } from "../../../provider/run/unknowns";
import { DEFAULT_PROVIDER, EXPLICIT_PROVIDER } from "../../support/native-plugin";

type Properties = Record<string, unknown>;

const GATEWAY = { baseUrl: "https://gw.example.com", username: "svc", password: "the-password" };

function problems(urn: string, raw: Properties, environment: Record<string, string> = {}): string[] {
  return new InstanceConfiguration(environment).check(urn, raw).mistakes.map(({ message }) => message);
}

describe("the configuration of a native provider", () => {
  it("takes a system's settings as an object and as its JSON text, and state holds the object", () => {
    for (const tenantGateway of [GATEWAY, JSON.stringify(GATEWAY)]) {
      const { inputs, mistakes } = new InstanceConfiguration({}).check(EXPLICIT_PROVIDER, { tenantGateway });
      assert.deepEqual(mistakes, []);
      assert.deepEqual(inputs, { tenantGateway: GATEWAY });
    }
  });

  it("takes the names that a Python program writes", () => {
    const tenantGateway = JSON.stringify({ base_url: GATEWAY.baseUrl, username: "svc", password: "the-password" });
    const { inputs, mistakes } = new InstanceConfiguration({}).check(EXPLICIT_PROVIDER, { tenantGateway });
    assert.deepEqual(mistakes, []);
    assert.deepEqual(inputs, { tenantGateway: GATEWAY });
  });

  it("takes numbers and flags as such and as texts", () => {
    const instance = new InstanceConfiguration({});
    instance.take(EXPLICIT_PROVIDER, { tenantGateway: { ...GATEWAY, maxRetries: 3, allowInsecureHttp: true } });
    assert.equal(instance.settings.configuration("tenantGateway:maxRetries"), "3");
    assert.equal(instance.settings.configuration("tenantGateway:allowInsecureHttp"), "true");
  });

  for (const [what, raw, expected] of [
    ["no object", { livePlatform: "nonsense" }, /^livePlatform must be an object/],
    ["a list", { tenantGateway: ["a"] }, /^tenantGateway must be an object/],
    [
      "an unknown key",
      { tenantGatway: GATEWAY },
      /^tenantGatway is not a key of this provider: did you mean tenantGateway\?/,
    ],
    [
      "an unknown setting",
      { tenantGateway: { ...GATEWAY, baseURL: "x" } },
      /^tenantGateway\.baseURL is not a setting: did you mean baseUrl\?/,
    ],
    [
      "a setting that is an object",
      { tenantGateway: { ...GATEWAY, username: {} } },
      /^tenantGateway\.username must be a text/,
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
    ["a wrong limit", { maxReductions: -1 }, /^voice-licenses:maxReductions must be a whole number/],
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
    instance.take(EXPLICIT_PROVIDER, { tenantGateway: GATEWAY });
    assert.deepEqual(instance.settings.environment, {});
    instance.take(DEFAULT_PROVIDER.replace("_0_1_0", ""), { tenantGateway: GATEWAY });
    assert.deepEqual(instance.settings.environment, environment);
  });

  it("holds the stack's limits on every instance, unless the instance has its own", () => {
    const instance = new InstanceConfiguration({ PULUMI_CONFIG: JSON.stringify({ maxReductions: "5" }) });
    instance.take(EXPLICIT_PROVIDER, {});
    assert.equal(instance.limits().maxReductions, 5);
    instance.take(EXPLICIT_PROVIDER, { maxReductions: 7 });
    assert.equal(instance.limits().maxReductions, 7);
  });

  it("refuses a configuration in state that cannot be read, when it is taken", () => {
    assert.throws(() => {
      new InstanceConfiguration({}).take(DEFAULT_PROVIDER, { livePlatform: "{" });
    }, /livePlatform must be an object/);
  });
});
