import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { declareFleet } from "../../fleet";
import { getCustomer, getCustomerOutput, Provider, type ProviderArgs, TenantServiceLicenses } from "../../provider";
import { ALL_SETTINGS } from "../../provider/systems/settings/table";

const WEST = "https://gw.west.example.com";

interface Registered {
  readonly type: string;
  readonly inputs: Record<string, unknown>;
  readonly provider: string | undefined;
}

interface Context {
  readonly readAhead: string;
}

/** A secret as it goes to the engine. */
const secret = (value: string): unknown => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** A raw provider resource, as a program may make one without our class. */
class RawProvider extends pulumi.ProviderResource {}

describe("provider instances, in a program", () => {
  const registered = new Map<string, Registered>();

  beforeEach(async () => {
    registered.clear();
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs, provider }) => {
          registered.set(name, { type, inputs: inputs as Record<string, unknown>, provider });
          return { id: `${name}-id`, state: inputs as Record<string, unknown> };
        },
        call: () => ({}),
      },
      "shop",
      "dev",
      true,
    );
  });
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    delete process.env["TENANT_GATEWAY_BASE_URL"];
  });

  const settled = async (...resources: pulumi.Resource[]): Promise<void> => {
    await Promise.all(resources.map((resource) => new Promise((resolve) => resource.urn.apply(resolve))));
  };
  const gateway = (name: string, baseUrl: pulumi.Input<string>): Provider =>
    new Provider(name, { tenantGateway: { baseUrl, username: "svc", password: "hush" } });
  const tenant = (name: string, provider?: pulumi.ProviderResource, tenantId = "foo"): TenantServiceLicenses =>
    new TenantServiceLicenses(
      name,
      { tenantId, groupServices: { "Hunt Group": 1 } },
      provider === undefined ? {} : { provider },
    );
  const contextOf = (name: string): Context => registered.get(name)?.inputs["__context"] as Context;

  it("have the settings of a stack as inputs, all as texts, and a mark", async () => {
    const west = new Provider("west", {
      livePlatform: {
        baseUrl: "https://west.example.com/tenantui",
        directoryTenantId: "west.example.com",
        clientId: "id",
        clientSecret: pulumi.secret("hush"),
        ocEssentialType: 7,
        allowInsecureHttp: false,
      },
      tenantGateway: { baseUrl: pulumi.output(WEST), accessToken: "hush too", requestsPerSecond: 2.5 },
      maxReductions: 3,
    });
    await settled(west);
    const { type, inputs } = registered.get("west") ?? assert.fail("not registered");
    assert.equal(type, "pulumi:providers:pulumi-nodejs");
    assert.deepEqual(inputs, {
      "livePlatform:baseUrl": "https://west.example.com/tenantui",
      "livePlatform:directoryTenantId": "west.example.com",
      "livePlatform:clientId": secret("id"),
      "livePlatform:clientSecret": secret("hush"),
      "livePlatform:ocEssentialType": "7",
      "livePlatform:allowInsecureHttp": "false",
      "tenantGateway:baseUrl": WEST,
      "tenantGateway:accessToken": secret("hush too"),
      "tenantGateway:requestsPerSecond": "2.5",
      "voice-licenses:maxReductions": "3",
      "voice-licenses:instance": "true",
    });
    assert.equal(Provider.isInstance(west), true);
    assert.equal(Provider.isInstance(new RawProvider("pulumi-nodejs", "raw", {})), false);
  });

  it("take every setting that there is", async () => {
    const all = (prefix: string): object =>
      Object.fromEntries(
        ALL_SETTINGS.filter((setting) => setting.prefix === prefix).map(({ name }) => [name, `value of ${name}`]),
      );
    await settled(
      new Provider("all", { livePlatform: all("livePlatform"), tenantGateway: all("tenantGateway") } as ProviderArgs),
    );
    const inputs = registered.get("all")?.inputs ?? {};
    for (const { key, prefix, name, credential } of ALL_SETTINGS.filter(({ prefix }) => prefix !== "voice-licenses")) {
      const value = `value of ${name}`;
      assert.deepEqual(inputs[key], credential === true ? secret(value) : value, `${prefix}.${name}`);
    }
  });

  it("take the stack's limits over, unless they name their own", async () => {
    pulumi.runtime.setAllConfig({ "voice-licenses:maxReductions": "5", "voice-licenses:maxLicensesRemoved": "40" });
    const tenantGateway = { baseUrl: WEST, accessToken: "hush" };
    await settled(new Provider("plain", { tenantGateway }), new Provider("own", { tenantGateway, maxReductions: 0 }));
    const limits = (name: string): unknown[] =>
      ["maxReductions", "maxLicensesRemoved"].map((limit) => registered.get(name)?.inputs[`voice-licenses:${limit}`]);
    assert.deepEqual(limits("plain"), ["5", "40"]);
    assert.deepEqual(limits("own"), ["0", "40"]);
  });

  it("refuse what is no argument, so that a misspelt setting does not count as not given", () => {
    const refusals: readonly (readonly [object, RegExp])[] = [
      [{}, /Provider west: give it a livePlatform, a tenantGateway, or both/],
      [{ liveplatform: {} }, /Provider west: liveplatform is not a setting: did you mean livePlatform\?/],
      [
        { tenantGateway: { baseURL: WEST, user: "svc" }, maxReduction: 1 },
        /^Provider west: tenantGateway\.baseURL is .*baseUrl\?\nProvider west: tenantGateway\.user is .*username\?\nProvider west: maxReduction is .*maxReductions\?$/,
      ],
      [{ tenantGateway: {} }, /Provider west: tenantGateway needs a baseUrl/],
      [
        { tenantGateway: { baseUrl: WEST, user: "svc" } },
        /tenantGateway\.user is not a setting: did you mean username\?/,
      ],
      [{ tenantGateway: { baseUrl: WEST, clientId: "x" } }, /tenantGateway\.clientId is not a setting/],
      [
        { tenantGateway: { baseUrl: WEST, pasword: "x" } },
        /tenantGateway\.pasword is not a setting: did you mean password\?$/,
      ],
    ];
    for (const [args, message] of refusals) {
      assert.throws(() => new Provider("west", args), { message });
    }
    assert.equal(registered.size, 0);
  });

  it("are resources: a text in place of one is refused", () => {
    const options = { provider: "west" } as object;
    assert.throws(() => new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { A: 1 } }, options), {
      message: "provider must be a provider resource, such as a Provider of pulumi-voice-licenses.",
    });
    assert.equal(registered.size, 0);
  });

  it("serve the resources that name them, or whose parent does", async () => {
    const west = gateway("west", WEST);
    class Site extends pulumi.ComponentResource {}
    const site = new Site("shop:index:Site", "site", {}, { providers: [west] });
    await settled(
      tenant("named", west),
      new TenantServiceLicenses("inherited", { tenantId: "bar", groupServices: { A: 1 } }, { parent: site }),
      tenant("default", undefined, "baz"),
    );
    assert.match(registered.get("named")?.provider ?? "", /::west::west-id$/);
    assert.match(registered.get("inherited")?.provider ?? "", /::west::west-id$/);
    assert.equal(registered.get("default")?.provider ?? "", "");
    // Each has a plugin process of its own, which reads ahead what it serves.
    assert.equal(contextOf("named").readAhead, '["foo","bar"]');
    assert.equal(contextOf("inherited").readAhead, '["bar","foo"]');
    assert.equal(contextOf("default").readAhead, '["baz"]');
  });

  it("take a whole fleet file", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-instances-"));
    try {
      const file = path.join(folder, "west.yaml");
      writeFileSync(file, "tenants:\n  foo:\n    groupServices: { Hunt Group: 5 }\n");
      await settled(...Object.values(declareFleet(file, { provider: gateway("west", WEST) }).tenants));
      assert.match(registered.get("foo")?.provider ?? "", /::west::west-id$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("getCustomer, called from JavaScript", () => {
  const lookUp = (query: unknown, options?: unknown): Promise<unknown> =>
    Promise.resolve(Reflect.apply(getCustomer, undefined, [query, options]));

  it("says what is missing", async () => {
    const refusals: readonly (readonly [unknown, RegExp])[] = [
      [undefined, /^getCustomer: no name is given: give one name, such as getCustomer\(\{ shortName: "contoso" \}\)/],
      ["contoso", /no name is given/],
      [{}, /no name is given/],
      [{ shortName: undefined }, /no name is given/],
      [{ name: "x" }, /^getCustomer: name is not a name of a customer: give one name/],
      [{ shortName: "" }, /shortName must be a string that is not empty/],
      [{ shortName: 7 }, /shortName must be a string/],
      [{ shortName: "a", fullName: "b" }, /more than one name is given/],
    ];
    for (const [query, message] of refusals) {
      await assert.rejects(lookUp(query), { message });
    }
    await assert.rejects(lookUp({ shortName: "a" }, { provider: "west" }), {
      message: "getCustomer: provider must be a Provider of pulumi-voice-licenses.",
    });
  });

  it("says so in an output as well, and of a query that becomes known", async () => {
    const failed = new Promise((_resolve, reject) => {
      const customer = getCustomerOutput(pulumi.output({}) as pulumi.Input<{ shortName: string }>);
      (Reflect.get(customer, "promise") as () => Promise<unknown>).call(customer).catch(reject);
    });
    await assert.rejects(failed, /getCustomer: no name is given/);
  });
});
