import assert from "node:assert/strict";
import { UNKNOWN_VALUE } from "../../../provider/resource/unknowns";
import { type Clock, systemClock } from "../../../provider/time/clock";
import { startForTests } from "../../support/live-simulator";
import { DEFAULT_PROVIDER, EXPLICIT_PROVIDER, NativePlugin, urnOf } from "../../support/native-plugin";
import { FakeEngine, PluginError, type Properties } from "../../support/plugin-host";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const APP_ID = "0fdc8122-e0b5-43ac-8433-54860113710d";
const SECRET = "pr18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW";
const CONTOSO = urnOf("CustomerServiceLicense", "contoso");
const FOO = urnOf("TenantServiceLicenses", "foo");

const CUSTOMER = {
  customerGuid: GUID.toUpperCase(),
  licenseType: "OcPro",
  licensedUsersCount: 50,
  applicationClientId: APP_ID,
  applicationClientSecret: SECRET,
};
const TENANT = { tenantId: "foo", groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5 } };

describe("the native plugin, driven over gRPC", () => {
  const live = startForTests();
  let engine: FakeEngine;
  let plugin: NativePlugin;
  const started: NativePlugin[] = [];

  const start = async (clock: Clock = live.clock, urn = DEFAULT_PROVIDER): Promise<NativePlugin> => {
    const environment = { ...live.environment, LIVE_PLATFORM_POLL_INTERVAL: "20ms" };
    const one = await NativePlugin.start(environment, engine.address, clock);
    started.push(one);
    await one.configure(urn, {});
    return one;
  };

  const startWithout = async (): Promise<NativePlugin> => {
    const one = await NativePlugin.start({}, engine.address);
    started.push(one);
    return one;
  };

  beforeEach(async () => {
    engine = await FakeEngine.start();
    plugin = await start();
    await live.admin.settings({ taskDuration: "200ms" });
  });
  afterEach(() => {
    for (const one of started.splice(0)) {
      one.stop();
    }
    engine.stop();
  });

  const calls = async (): Promise<string[]> => {
    const requests = await live.admin.requests("livePlatform", "gateway");
    await live.admin.forgetRequests();
    return requests.map(({ method, path }) => `${method} ${path}`);
  };
  const checked = async (urn: string, raw: Properties): Promise<Properties> => {
    const { inputs, failures } = await plugin.check(urn, raw);
    assert.deepEqual(failures, []);
    return inputs;
  };

  it("says what it can do, before and in Configure", async () => {
    assert.equal((await plugin.handshake()).getAcceptSecrets(), true);
    const configured = await plugin.configure(DEFAULT_PROVIDER, {});
    assert.equal(configured.getSupportspreview(), true);
    assert.equal(configured.getAcceptsecrets(), true);
    assert.equal(await plugin.version(), "0.1.0");
  });

  it("checks without a request: the normal form, with the secret marked", async () => {
    const { raw, inputs } = await plugin.check(CONTOSO, CUSTOMER);
    assert.deepEqual(inputs, { ...CUSTOMER, customerGuid: GUID });
    assert.deepEqual(raw["applicationClientSecret"], {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: SECRET,
    });
    assert.deepEqual(await calls(), []);
  });

  it("refuses what two resources declare, in Check", async () => {
    await checked(FOO, TENANT);
    const { failures } = await plugin.check(urnOf("TenantServiceLicenses", "other"), TENANT);
    assert.match(failures[0]?.reason ?? "", /groupServices\.Hunt Group.* is declared by foo too/);
  });

  it("previews a create: shows the calls on the resource's row, reads only, leaves what is computed unknown", async () => {
    const { id, outputs } = await plugin.create(CONTOSO, await checked(CONTOSO, CUSTOMER), { preview: true });
    assert.equal(id, GUID);
    assert.deepEqual(outputs, {
      ...CUSTOMER,
      customerGuid: GUID,
      customerFullName: UNKNOWN_VALUE,
      customerShortName: UNKNOWN_VALUE,
      clientSecretExpiresAt: UNKNOWN_VALUE,
      lastTaskId: UNKNOWN_VALUE,
    });
    const { urn } = await engine.line("contoso: POST upgrade OC Essential → OC Pro for 50 users, wait, PATCH");
    assert.equal(urn, CONTOSO);
    assert.ok((await calls()).every((call) => call.startsWith("GET ")));
  });

  it("lets unknown values pass in each input, in Check and in the preview of a create", async () => {
    for (const name of Object.keys(CUSTOMER)) {
      const inputs = await checked(CONTOSO, { ...CUSTOMER, [name]: UNKNOWN_VALUE });
      assert.equal(inputs[name], UNKNOWN_VALUE);
      const { outputs } = await plugin.create(CONTOSO, inputs, { preview: true });
      assert.equal(outputs[name], UNKNOWN_VALUE);
    }
    const inputs = await checked(FOO, { ...TENANT, groupServices: { "Hunt Group": UNKNOWN_VALUE } });
    await plugin.create(FOO, inputs, { preview: true });
    await plugin.create(FOO, await checked(FOO, { ...TENANT, tenantId: UNKNOWN_VALUE }), { preview: true });
  });

  it("refuses in preview what `up` would refuse, with the words of the plan", async () => {
    const inputs = await checked(FOO, { ...TENANT, groupServices: { "Hunt Groop": 1 } });
    await assert.rejects(plugin.create(FOO, inputs, { preview: true }), /groupServices\.Hunt Groop: .*Hunt Group/);
  });

  it("creates, with the secret marked in the outputs, and finds nothing to do afterwards", async () => {
    const inputs = await checked(CONTOSO, CUSTOMER);
    const { id, outputs, raw } = await plugin.create(CONTOSO, inputs);
    assert.equal(id, GUID);
    assert.equal(outputs["customerFullName"], "Contoso");
    assert.ok(!JSON.stringify({ ...raw, applicationClientSecret: undefined }).includes(SECRET));
    assert.equal((await engine.line(/In Progress/)).ephemeral, true);
    assert.deepEqual(await plugin.diff(CONTOSO, outputs, inputs, inputs), { changes: false, replaces: [], paths: {} });
  });

  it("shows in Diff the paths that differ, and which replace", async () => {
    const inputs = await checked(FOO, { ...TENANT, onDestroy: "unlicense" });
    const { outputs } = await plugin.create(FOO, inputs);
    const changed = await checked(FOO, { tenantId: "foo", groupServices: { "Hunt Group": 9, "Speed Dial 100": 1 } });
    assert.deepEqual(await plugin.diff(FOO, outputs, inputs, changed), {
      changes: true,
      replaces: [],
      paths: {
        'groupServices["Hunt Group"]': "UPDATE",
        'groupServices["Speed Dial 100"]': "ADD",
        'groupServices["Call Pickup"]': "DELETE",
        onDestroy: "DELETE",
      },
    });
    const moved = await checked(FOO, { ...TENANT, tenantId: "bar", onDestroy: "unlicense" });
    assert.deepEqual(await plugin.diff(FOO, outputs, inputs, moved), {
      changes: true,
      replaces: ["tenantId"],
      paths: { tenantId: "UPDATE_REPLACE" },
    });
  });

  it("leaves what is computed unknown in the preview of an update that goes to the system", async () => {
    const inputs = await checked(FOO, { ...TENANT, onDestroy: "unlicense" });
    const { id, outputs } = await plugin.create(FOO, inputs);
    const news = await checked(FOO, { tenantId: "foo", groupServices: { "Hunt Group": 9 } });
    assert.deepEqual(await plugin.update(FOO, id, outputs, news, { preview: true }), {
      tenantId: "foo",
      groupServices: { "Hunt Group": 9 },
      original: UNKNOWN_VALUE,
    });
  });

  it("knows the customer's names in the preview of an update, so that what is named after them is not to be replaced", async () => {
    const adopted = {
      customerGuid: "b1c95f27-08ad-4d63-8f4e-93e6a27d5c44",
      licenseType: "OcPro",
      licensedUsersCount: 60,
    };
    const { id, outputs } = await plugin.create(CONTOSO, await checked(CONTOSO, adopted));
    const news = await checked(CONTOSO, { ...adopted, licensedUsersCount: 70 });
    const previewed = await plugin.update(CONTOSO, id, outputs, news, { preview: true });
    assert.deepEqual(
      [previewed["customerShortName"], previewed["customerFullName"], previewed["lastTaskId"]],
      [outputs["customerShortName"], outputs["customerFullName"], UNKNOWN_VALUE],
    );
  });

  it("previews an update of a local setting without a request", async () => {
    const inputs = await checked(FOO, TENANT);
    const { id, outputs } = await plugin.create(FOO, inputs);
    await calls();
    const news = await checked(FOO, { ...TENANT, onDestroy: "restore" });
    const previewed = await plugin.update(FOO, id, outputs, news, { preview: true });
    assert.equal(previewed["onDestroy"], "restore");
    assert.deepEqual(previewed["original"], outputs["original"]);
    assert.deepEqual(await calls(), []);
  });

  it("reports state with a failure: the engine gets id, outputs and reason", async () => {
    await live.admin.settings({ taskOutcome: "fail" });
    const inputs = await checked(CONTOSO, CUSTOMER);
    await assert.rejects(plugin.create(CONTOSO, inputs), (error: unknown) => {
      assert.ok(error instanceof PluginError);
      assert.equal(error.partial?.id, GUID);
      assert.deepEqual(error.partial.reasons, [error.message]);
      assert.equal(error.partial.properties["customerGuid"], GUID);
      return true;
    });
  });

  it("takes the engine's time-out as that of tasks where the program gives none", async () => {
    await live.admin.settings({ taskDuration: "1h" });
    const inputs = await checked(CONTOSO, CUSTOMER);
    await assert.rejects(
      plugin.create(CONTOSO, inputs, { timeout: 90 }),
      /is not finished after 1 min 3\d s \(customTimeouts\)/,
    );
    const declared = await checked(CONTOSO, { ...CUSTOMER, taskTimeout: "5m" });
    await live.admin.reset();
    await live.admin.settings({ taskDuration: "1h" });
    await assert.rejects(
      plugin.create(CONTOSO, declared, { timeout: 90 }),
      /is not finished after 5 min .*\(taskTimeout\)/,
    );
  });

  it("ends every wait on Cancel, and leaves the task in state", async () => {
    await live.admin.settings({ taskDuration: "1h" });
    const waiting = await start(systemClock);
    const creating = waiting.create(CONTOSO, await checked(CONTOSO, CUSTOMER));
    creating.catch(() => undefined);
    await engine.line(/In Progress/);
    await waiting.cancel();
    await assert.rejects(creating, (error: unknown) => {
      assert.ok(error instanceof PluginError);
      assert.match(error.message, /cancelled/);
      assert.ok(error.partial?.properties["pendingTask"] !== undefined);
      return true;
    });
  });

  it("ends a lookup on Cancel, while the list of customers is on its way", async () => {
    await live.admin.faults({ path: "/api/v3/customer", fault: { kind: "delay", ms: 60_000 } });
    const waiting = await start(systemClock);
    const looking = waiting.invoke("voice-licenses:index:getCustomer", { shortName: "contoso" });
    looking.catch(() => undefined);
    while ((await live.admin.requests()).every(({ path }) => !path.endsWith("/customer"))) {
      // The request has not left yet.
    }
    await waiting.cancel();
    await assert.rejects(looking, /getCustomer: The run was cancelled\./);
  });

  it("imports a tenant with every service that is licensed, and then finds nothing to do", async () => {
    const { id, inputs, outputs } = await plugin.read(FOO, "foo");
    assert.equal(id, "foo");
    const group = inputs["groupServices"] as Properties;
    assert.ok(Object.keys(group).length > 0);
    assert.ok(Object.values(group).every((allocation) => allocation !== 0));
    const news = await checked(FOO, inputs);
    assert.deepEqual(news, inputs);
    assert.equal((await plugin.diff(FOO, outputs, inputs, news)).changes, false);
  });

  it("imports a customer by a GUID in any case, and adopts its secret without sending it", async () => {
    await plugin.create(CONTOSO, await checked(CONTOSO, CUSTOMER));
    await calls();
    const { id, inputs, outputs } = await plugin.read(CONTOSO, GUID.toUpperCase());
    assert.equal(id, GUID);
    assert.deepEqual(inputs, {
      customerGuid: GUID,
      licenseType: "OcPro",
      licensedUsersCount: 50,
      applicationClientId: APP_ID,
    });
    await engine.line(/^add applicationClientSecret/);
    await calls();
    const news = await checked(CONTOSO, CUSTOMER);
    const updated = await plugin.update(CONTOSO, id, outputs, news);
    assert.equal(updated["applicationClientSecret"], SECRET);
    assert.deepEqual(await calls(), [`GET /tenantui/api/v3/customer/${GUID}`]);
  });

  it("gives an import of what is not there an empty id", async () => {
    assert.equal((await plugin.read(FOO, "no-such-tenant")).id, "");
    assert.equal((await plugin.read(CONTOSO, "00000000-0000-4000-8000-000000000000")).id, "");
    await assert.rejects(plugin.read(FOO, ".."), /must be a tenant's id/);
    await assert.rejects(plugin.read(CONTOSO, "contoso"), /must be a UUID/);
  });

  it("does on Delete what the policy in state says", async () => {
    const inputs = await checked(FOO, { ...TENANT, onDestroy: "restore" });
    const { id, outputs } = await plugin.create(FOO, inputs);
    // The next run, in which no program declares anything.
    engine.stop();
    engine = await FakeEngine.start();
    const other = await start();
    await calls();
    await other.delete(FOO, id, outputs);
    assert.ok((await calls()).some((call) => call.startsWith("PUT ")));
  });

  it("looks up a customer by name with one list call a run", async () => {
    const found = await plugin.invoke("voice-licenses:index:getCustomer", { shortName: "contoso" });
    assert.equal(found["customerGuid"], GUID);
    await plugin.invoke("voice-licenses:index:getCustomer", { fullName: "Contoso" });
    assert.equal((await calls()).length, 1);
    await assert.rejects(
      plugin.invoke("voice-licenses:index:getCustomer", {}),
      /^Error: getCustomer: no name is given: give one name, such as getCustomer\(\{ shortName: "contoso" \}\)/,
    );
    await assert.rejects(
      plugin.invoke("voice-licenses:index:getCustomer", { shortName: "contosso" }),
      /getCustomer: there is no customer .* did you mean/,
    );
    await assert.rejects(plugin.invoke("voice-licenses:index:getNothing", {}), /has no function/);
  });

  it("says in a refresh how to bring in settings that state lacks, and with a program only how to set them", async () => {
    const outputs = { tenantId: "foo", groupServices: { "Call Pickup": 5 } };
    const HINT = /run `pulumi up` or `pulumi refresh --run-program` first/;
    const message = async (one: NativePlugin): Promise<string> => {
      await one.configure(DEFAULT_PROVIDER, {});
      return one.read(FOO, "foo", outputs).then(
        () => "",
        (error: unknown) => String(error),
      );
    };
    const [refreshing, running] = [await startWithout(), await startWithout()];
    assert.match(await message(refreshing), /TENANT_GATEWAY_BASE_URL in the environment/);
    assert.match(await message(refreshing), HINT);
    await running.checkConfig(DEFAULT_PROVIDER, {});
    assert.match(await message(running), /TENANT_GATEWAY_BASE_URL in the environment/);
    assert.doesNotMatch(await message(running), HINT);
  });

  it("keeps an instance apart from the environment", async () => {
    const instance = await start(live.clock, EXPLICIT_PROVIDER);
    await assert.rejects(
      instance.create(FOO, TENANT, { preview: true }),
      /tenantGateway\.baseUrl is missing: set it in the provider's inputs/,
    );
  });
});
