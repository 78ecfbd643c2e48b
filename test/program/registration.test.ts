import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CustomerServiceLicense, LicenseType, TenantServiceLicenses } from "../../provider";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

describe("the resource classes, in a program", () => {
  const registered: Registered[] = [];
  before(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => {
          registered.push({ type, name, inputs: inputs as Record<string, unknown> });
          return { id: name, state: inputs as Record<string, unknown> };
        },
        call: () => ({}),
      },
      "project",
      "stack",
      true,
    );
  });
  afterEach(() => {
    registered.length = 0;
    pulumi.runtime.setAllConfig({});
  });

  const settled = async (...resources: pulumi.Resource[]): Promise<void> => {
    await Promise.all(resources.map((resource) => new Promise((resolve) => resource.urn.apply(resolve))));
  };

  it("leave it to the provider to say what is wrong with a map that is null", async () => {
    const args = { tenantId: "foo", groupServices: null, userServices: { A: 1 } } as object;
    await settled(Reflect.construct(TenantServiceLicenses, ["foo", args]) as TenantServiceLicenses);
    assert.deepEqual(
      registered.map(({ name }) => name),
      ["foo"],
    );
  });

  it("register under their tokens, with a short constant loader and a context, and wrap the secret", async () => {
    const contoso = new CustomerServiceLicense("contoso", {
      customerGuid: GUID,
      licenseType: LicenseType.OcPro,
      licensedUsersCount: 50,
      applicationClientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
      applicationClientSecret: "a plain string",
    });
    const foo = new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": "unlimited" } });
    await settled(contoso, foo);
    const [customer, tenant] = [
      registered.find(({ name }) => name === "contoso"),
      registered.find(({ name }) => name === "foo"),
    ];
    assert.equal(customer?.type, "pulumi-nodejs:dynamic/voice-licenses:CustomerServiceLicense");
    assert.equal(tenant?.type, "pulumi-nodejs:dynamic/voice-licenses:TenantServiceLicenses");
    for (const resource of [customer, tenant]) {
      assert.ok(String(resource.inputs["__provider"]).length <= 120);
    }
    assert.deepEqual(customer.inputs["__context"], {
      name: "contoso",
      urn: "urn:pulumi:stack::project::pulumi-nodejs:dynamic/voice-licenses:CustomerServiceLicense::contoso",
      preview: true,
      instance: "the default provider",
      readAhead: JSON.stringify([GUID]),
      limits: {},
      keptInputs: [],
    });
    assert.equal(await pulumi.isSecret(contoso.applicationClientSecret), true);
    assert.equal(CustomerServiceLicense.isInstance(contoso), true);
    assert.equal(CustomerServiceLicense.isInstance(foo), false);
    assert.equal(TenantServiceLicenses.isInstance(foo), true);
    assert.equal(TenantServiceLicenses.isInstance(undefined), false);
  });

  it("bring the objects near their own that preview would read by themselves, those that follow first", async () => {
    const GUIDS = [1, 2, 3].map((n) => GUID.replace(/^./, String(n)));
    await settled(
      ...["x", "y", "z"].map(
        (tenantId, n) =>
          new TenantServiceLicenses(tenantId, {
            tenantId: n === 1 ? pulumi.output(tenantId) : tenantId,
            groupServices: { A: 1 },
          }),
      ),
      ...GUIDS.map(
        (customerGuid, n) =>
          new CustomerServiceLicense(`customer-${n}`, {
            customerGuid: customerGuid.toUpperCase(),
            licenseType: LicenseType.OcPro,
            licensedUsersCount: 1,
            // Without an App Registration the list tells enough.
            ...(n === 0 ? {} : { applicationClientId: GUID, applicationClientSecret: "hush" }),
          }),
      ),
    );
    const told = registered.map(({ inputs }) => (inputs["__context"] as Record<string, unknown>)["readAhead"]);
    const [, one, two] = GUIDS;
    assert.deepEqual(
      // Other tests have announced some before.
      told.map((text) => (JSON.parse(String(text)) as string[]).filter((id) => ["x", "y", "z", one, two].includes(id))),
      [["x", "z"], [], ["z", "x"], [], [one, two], [two, one]],
    );
  });

  it("write `*` in ignoreChanges out, which would take the context away, and hand on what is kept", async () => {
    const args = { tenantId: "kept", groupServices: { A: 1 } };
    const all = [
      "tenantId",
      "groupServices",
      "userServices",
      "onServiceRemoved",
      "onDestroy",
      "allowBelowUse",
      "allowUnlisted",
    ];
    const tenant = (name: string, ignoreChanges: string[]): TenantServiceLicenses =>
      new TenantServiceLicenses(name, args, { ignoreChanges });
    await settled(tenant("everything", ["*"]), tenant("some", ["groupServices", 'userServices["Fax"]']));
    const kept = (name: string): unknown =>
      (registered.find((one) => one.name === name)?.inputs["__context"] as Record<string, unknown>)["keptInputs"];
    assert.deepEqual(kept("everything"), all);
    assert.deepEqual(kept("some"), ["groupServices", 'userServices["Fax"]']);
  });

  it("hand on the limits of the stack's configuration, which only the default provider is configured with", async () => {
    pulumi.runtime.setAllConfig({ "voice-licenses:maxReductions": "5", "voice-licenses:maxLicensesRemoved": "40" });
    await settled(new TenantServiceLicenses("limited", { tenantId: "limited", groupServices: { A: 1 } }));
    assert.deepEqual((registered[0]?.inputs["__context"] as Record<string, unknown>)["limits"], {
      "voice-licenses:maxReductions": "5",
      "voice-licenses:maxLicensesRemoved": "40",
    });
  });

  it("refuse a credential that is no secret of the stack, with the line to run", () => {
    pulumi.runtime.setAllConfig({ "livePlatform:clientSecret": "plain" });
    assert.throws(
      () => new CustomerServiceLicense("c", { customerGuid: GUID, licenseType: 5, licensedUsersCount: 1 }),
      /pulumi config set --secret livePlatform:clientSecret/,
    );
    assert.equal(registered.length, 0);
    pulumi.runtime.setAllConfig({ "livePlatform:clientSecret": "hidden" }, ["livePlatform:clientSecret"]);
    new CustomerServiceLicense("d", { customerGuid: GUID, licenseType: 5, licensedUsersCount: 1 });
  });

  it("refuse a credential in an object that holds no secret of the stack, with the line to run", () => {
    const tenantGateway = JSON.stringify({ baseUrl: "https://gw.example.com", password: "plain" });
    const declare = (): unknown => new TenantServiceLicenses("t", { tenantId: "t", groupServices: { A: 1 } });
    pulumi.runtime.setAllConfig({ "voice-licenses:tenantGateway": tenantGateway });
    assert.throws(declare, /pulumi config set --secret --path 'voice-licenses:tenantGateway\.password'/);
    assert.equal(registered.length, 0);
    pulumi.runtime.setAllConfig({ "voice-licenses:tenantGateway": tenantGateway }, ["voice-licenses:tenantGateway"]);
    declare();
  });

  it("refuse a key or a variable that no table knows, before anything is registered", () => {
    const declare = (): unknown => new TenantServiceLicenses("t", { tenantId: "t", groupServices: { A: 1 } });
    pulumi.runtime.setAllConfig({ "voice-licenses:maxReduction": "1", "tenantGateway:requestPerSecond": "2" });
    process.env["VOICE_LICENSES_MAX_REDUCTION"] = "1";
    try {
      assert.throws(declare, {
        message:
          "voice-licenses:maxReduction is not a setting: did you mean voice-licenses:maxReductions?\n" +
          "tenantGateway:requestPerSecond is not a setting: did you mean tenantGateway:requestsPerSecond?\n" +
          "VOICE_LICENSES_MAX_REDUCTION is not a setting: did you mean VOICE_LICENSES_MAX_REDUCTIONS?",
      });
    } finally {
      delete process.env["VOICE_LICENSES_MAX_REDUCTION"];
    }
    assert.equal(registered.length, 0);
  });

  it("refuse the option import, which declaring makes needless", () => {
    const refused = (name: string): { name: string; message: string } => ({
      name: "Error",
      message: `${name}: the option import is not needed: declaring an object that exists adopts it, and sends nothing where nothing differs. Remove the option.`,
    });
    assert.throws(
      () => new TenantServiceLicenses("t", { tenantId: "foo", groupServices: { A: 1 } }, { import: "foo" }),
      refused("TenantServiceLicenses t"),
    );
    assert.throws(
      () =>
        new CustomerServiceLicense(
          "c",
          { customerGuid: GUID, licenseType: 5, licensedUsersCount: 1 },
          { import: GUID },
        ),
      refused("CustomerServiceLicense c"),
    );
    assert.equal(registered.length, 0);
  });

  it("say that customTimeouts has no effect", async () => {
    const warnings: string[] = [];
    const original = pulumi.log.warn;
    Object.defineProperty(pulumi.log, "warn", {
      configurable: true,
      value: (message: string) => {
        warnings.push(message);
        return Promise.resolve();
      },
    });
    try {
      await settled(
        new TenantServiceLicenses(
          "t",
          { tenantId: "t", groupServices: { A: 1 } },
          { customTimeouts: { create: "5m" } },
        ),
      );
    } finally {
      Object.defineProperty(pulumi.log, "warn", { configurable: true, value: original });
    }
    assert.match(warnings.join(), /customTimeouts has no effect/);
  });
});
