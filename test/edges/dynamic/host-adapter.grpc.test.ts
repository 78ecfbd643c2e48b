import assert from "node:assert/strict";
import { startSimulator, type Simulator } from "../../../simulator";
import { UNKNOWN_VALUE } from "../../../provider/resource/unknowns";
import { FakeEngine, LOADERS, PluginError, PluginHost, type Properties } from "../../support/plugin-host";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const ADATUM = "b1c95f27-08ad-4d63-8f4e-93e6a27d5c44";
const APP_ID = "0fdc8122-e0b5-43ac-8433-54860113710d";
const SECRET = "pr18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW";

const CUSTOMER = {
  __provider: LOADERS.customer,
  customerGuid: GUID.toUpperCase(),
  licenseType: 5,
  licensedUsersCount: 50,
  applicationClientId: APP_ID,
  applicationClientSecret: SECRET,
};
const TENANT = {
  __provider: LOADERS.tenant,
  tenantId: "foo",
  groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5 },
};

function context(name: string, preview: boolean, type = "CustomerServiceLicense"): Properties {
  return { __context: { name, urn: `urn:pulumi:test::p::${type}::${name}`, preview } };
}

describe("the dynamic host, driven over gRPC", function () {
  this.timeout(30_000);
  let simulator: Simulator;
  let engine: FakeEngine;
  let host: PluginHost;

  const admin = async (method: string, route: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${simulator.url}/_simulator${route}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    return answer.json();
  };
  const requests = async (): Promise<{ api: string; method: string; path: string }[]> => {
    const recorded = (await admin("GET", "/requests")) as { api: string; method: string; path: string }[];
    await admin("DELETE", "/requests");
    return recorded;
  };

  beforeEach(async () => {
    simulator = await startSimulator();
    engine = await FakeEngine.start();
    host = await PluginHost.start({ ...simulator.environment, LIVE_PLATFORM_POLL_INTERVAL: "100ms" }, engine.address);
    await admin("PATCH", "/settings", { taskDuration: "200ms" });
  });
  afterEach(async () => {
    await host.stop();
    engine.stop();
    await simulator.close();
  });

  it("takes settings from the object in the stack's configuration, which arrives as a text", async () => {
    const tenantGateway = { baseUrl: "https://gw.invalid", maxRetries: 0 };
    await host.configure({ "voice-licenses:tenantGateway": JSON.stringify(tenantGateway) });
    await assert.rejects(host.read("foo", TENANT), /Check that tenantGateway\.baseUrl \(https:\/\/gw\.invalid\)/);
  });

  it("refuses in a refresh and a destroy a key that no table knows, before anything is asked", async () => {
    await host.configure({
      "voice-licenses:maxReduction": "0",
      "tenantGateway:requestPerSecond": "2",
      "aws:region": "x",
    });
    const state = { ...TENANT, onDestroy: "unlicense" };
    for (const call of [host.read("foo", state), host.delete("foo", state)]) {
      await assert.rejects(call, (error: unknown) => {
        assert.ok(error instanceof PluginError);
        assert.match(error.message, /voice-licenses:maxReduction is not a setting: .*voice-licenses:maxReductions\?/);
        assert.match(error.message, /tenantGateway:requestPerSecond is not a setting: .*:requestsPerSecond\?/);
        assert.match(error.message, /run `pulumi up` or `pulumi refresh --run-program` first/);
        return true;
      });
    }
    assert.deepEqual(await requests(), []);
  });

  it("checks: normal form, no hidden input in the result, nothing read in the update phase", async () => {
    const { inputs, failures } = await host.check({}, { ...CUSTOMER, ...context("contoso", false) });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, { ...CUSTOMER, customerGuid: GUID, licenseType: "OcPro" });
    const bare = await host.check({}, TENANT);
    assert.deepEqual(bare.inputs, TENANT);
    assert.deepEqual(await requests(), []);
  });

  it("lets an unknown value pass in each field, in check and in diff, in preview and without", async () => {
    const created = await host.create((await host.check({}, { ...CUSTOMER, ...context("it", false) })).inputs);
    for (const [type, whole] of [
      [
        "CustomerServiceLicense",
        {
          ...CUSTOMER,
          resendSecret: "1",
          customerFullName: "C",
          onDestroy: "retain",
          taskTimeout: "5m",
          allowBelowUse: false,
        },
      ],
      [
        "TenantServiceLicenses",
        {
          ...TENANT,
          userServices: { "Speed Dial 8": 3 },
          onServiceRemoved: "retain",
          onDestroy: "retain",
          allowBelowUse: true,
          allowUnlisted: true,
        },
      ],
    ] as const) {
      for (const field of Object.keys(whole).filter((name) => name !== "__provider")) {
        for (const preview of [true, false]) {
          const news = { ...whole, [field]: UNKNOWN_VALUE, ...context("it", preview, type) };
          const { inputs, failures } = await host.check({}, { ...news, ...uniqueObject(field, type) });
          assert.deepEqual(failures, [], `${type}.${field}`);
          assert.equal(inputs[field], UNKNOWN_VALUE, `${type}.${field}`);
        }
      }
    }
    const partly = {
      ...TENANT,
      groupServices: { "Hunt Group": UNKNOWN_VALUE, "Call Pickup": { unlimited: false, maximum: UNKNOWN_VALUE } },
    };
    const { inputs, failures } = await host.check({}, { ...partly, ...context("it", true, "TenantServiceLicenses") });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs["groupServices"], { "Call Pickup": UNKNOWN_VALUE, "Hunt Group": UNKNOWN_VALUE });
    const changed = await host.diff(created.id, created.outputs, {
      ...created.outputs,
      licensedUsersCount: UNKNOWN_VALUE,
    });
    assert.deepEqual(changed, { changes: true, replaces: [] });
  });

  it("creates, and gives outputs that hold no undefined, only what was declared and what is told", async () => {
    const { inputs } = await host.check({}, { ...CUSTOMER, ...context("contoso", false) });
    const { id, outputs } = await host.create(inputs);
    assert.equal(id, GUID);
    const { lastTaskId, clientSecretExpiresAt, ...rest } = outputs;
    assert.deepEqual(rest, { ...inputs, customerFullName: "Contoso", customerShortName: "contoso" });
    assert.match(String(lastTaskId), /^tsk_/);
    assert.ok(!Number.isNaN(Date.parse(String(clientSecretExpiresAt))));
    assert.deepEqual(await host.diff(id, outputs, inputs), { changes: false, replaces: [] });
  });

  it("shows progress on the resource's own row, without a trace, and the plan once, in preview only", async () => {
    const { inputs } = await host.check({}, { ...CUSTOMER, ...context("contoso", true) });
    await host.check({}, { ...CUSTOMER, ...context("contoso", true) });
    const plan = engine.lines.filter(({ message }) => message.startsWith("contoso: POST upgrade"));
    assert.deepEqual(
      plan.map(({ message, urn, ephemeral }) => ({ message, urn, ephemeral })),
      [
        {
          message: "contoso: POST upgrade OC Essential → OC Pro for 50 users, wait, PATCH",
          urn: "urn:pulumi:test::p::CustomerServiceLicense::contoso",
          ephemeral: false,
        },
      ],
    );
    await host.create(inputs);
    const progress = engine.lines.filter(({ message }) => /^In Progress, .* \(task tsk_\d+\)$/.test(message));
    assert.ok(progress.length > 0);
    for (const line of progress) {
      assert.equal(line.ephemeral, true);
      assert.equal(line.urn, "urn:pulumi:test::p::CustomerServiceLicense::contoso");
    }
  });

  it("refuses in preview what is declared twice, and serves new customers by one list call", async () => {
    const other = {
      ...CUSTOMER,
      customerGuid: ADATUM,
      licensedUsersCount: 60,
      applicationClientId: undefined,
      applicationClientSecret: undefined,
    };
    const defined = Object.fromEntries(Object.entries(other).filter(([, value]) => value !== undefined));
    assert.deepEqual((await host.check({}, { ...defined, ...context("adatum", true) })).failures, []);
    assert.deepEqual((await host.check({}, { ...CUSTOMER, ...context("contoso", true) })).failures, []);
    const { failures } = await host.check({}, { ...defined, ...context("twin", true) });
    assert.deepEqual(failures, [
      { property: "", reason: `customer ${ADATUM} is declared by adatum too: keep one of the two.` },
    ]);
    const reads = (await requests()).filter(({ api }) => api === "livePlatform");
    assert.deepEqual(
      reads.map(({ path }) => path),
      ["/tenantui/api/v3/customer"],
    );
  });

  it("reports a partial failure with id, properties and __provider, and encrypts nothing away", async () => {
    await admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { failOnUpdate: "no" } } });
    const { inputs } = await host.check({}, TENANT);
    await assert.rejects(host.create(inputs), (error: unknown) => {
      assert.ok(error instanceof PluginError);
      assert.equal(error.partial?.id, "foo");
      assert.equal(error.partial.properties["__provider"], LOADERS.tenant);
      assert.deepEqual(error.partial.properties["groupServices"], { "Call Pickup": 5, "Hunt Group": 3 });
      assert.deepEqual(error.partial.properties["original"], { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
      assert.match(error.partial.reasons[0] ?? "", /groupServices\.Hunt Group/);
      return true;
    });
  });

  it("gives an ordinary error, without state, where nothing was done", async () => {
    const { inputs } = await host.check({}, { ...TENANT, groupServices: { "Auto Attendant": 1 } });
    await assert.rejects(host.create(inputs), (error: unknown) => {
      assert.ok(error instanceof PluginError);
      assert.equal(error.partial, undefined);
      assert.match(error.message, /groupServices\.Auto Attendant: 1 is below the 10 allocated now/);
      return true;
    });
    assert.ok(!(await requests()).some(({ method }) => method === "PUT"));
  });

  it("reads inputs as well as outputs, and tells absence by an empty id", async () => {
    const { inputs } = await host.check({}, TENANT);
    const { outputs } = await host.create(inputs);
    await admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { maximum: 8 } } });
    const reading = await host.read("foo", outputs);
    assert.equal(reading.id, "foo");
    assert.deepEqual(reading.inputs, { ...TENANT, groupServices: { "Call Pickup": 5, "Hunt Group": 8 } });
    assert.deepEqual(reading.outputs["original"], outputs["original"]);
    await admin("DELETE", "/tenants/foo");
    assert.equal((await host.read("foo", outputs)).id, "");
  });

  it("ends a wait when the engine cancels, with the task saved, and goes on with it later", async () => {
    await admin("PATCH", "/settings", { taskDuration: "1h" });
    const { inputs } = await host.check({}, { ...CUSTOMER, ...context("contoso", false) });
    const creating = host.create(inputs);
    creating.catch(() => undefined);
    while (!engine.lines.some(({ message }) => message.includes("In Progress"))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await host.cancel();
    let state: Properties = {};
    await assert.rejects(creating, (error: unknown) => {
      assert.ok(error instanceof PluginError);
      assert.ok(error.partial !== undefined);
      state = error.partial.properties;
      return true;
    });
    const pending = state["pendingTask"] as { id: string };
    assert.match(pending.id, /^tsk_/);
    assert.equal(state["applicationClientSecret"], undefined, "state holds a secret only once it was sent");
    assert.deepEqual(await host.diff(GUID, state, inputs), { changes: true, replaces: [] });

    await admin("POST", "/finish-tasks");
    const fresh = await PluginHost.start(
      { ...simulator.environment, LIVE_PLATFORM_POLL_INTERVAL: "100ms" },
      engine.address,
    );
    try {
      const outputs = await fresh.update(GUID, state, inputs);
      assert.equal(outputs["licenseType"], "OcPro");
      assert.equal(outputs["lastTaskId"], pending.id);
      assert.equal(outputs["pendingTask"], undefined);
    } finally {
      await fresh.stop();
    }
    const upgrades = (await requests()).filter(({ method, path }) => method === "POST" && path.endsWith("/upgrade"));
    assert.equal(upgrades.length, 1);
  });

  it("writes nothing more once the engine is gone", async () => {
    const { inputs } = await host.check({}, TENANT);
    const { outputs } = await host.create(inputs);
    engine.stop();
    await requests();
    await assert.rejects(
      host.update("foo", outputs, { ...inputs, groupServices: { "Hunt Group": 9, "Call Pickup": 5 } }),
      /engine that asked for this is gone/,
    );
    assert.ok(!(await requests()).some(({ method }) => method === "PUT"));
  });

  it("prints no stack trace and no secret", async () => {
    await admin("POST", "/faults", {
      path: "customer",
      count: -1,
      fault: { kind: "status", status: 400, body: { title: `no ${SECRET} no` } },
    });
    const { inputs } = await host.check({}, CUSTOMER);
    await assert.rejects(host.create(inputs));
    await assert.rejects(host.read(GUID, inputs));
    await assert.rejects(host.diff(GUID, { ...inputs, pendingTask: { version: 2 } }, inputs), /newer version/);
    assert.doesNotMatch(host.output(), /\n\s+at /);
    assert.ok(!host.output().includes(SECRET));
  });
});

/** An unknown field apart, every case is about another object, so that nothing is declared twice. */
function uniqueObject(field: string, type: string): Properties {
  if (field === "customerGuid" || field === "tenantId") {
    return {};
  }
  return type === "CustomerServiceLicense" ? { customerGuid: GUID } : { tenantId: "foo" };
}
