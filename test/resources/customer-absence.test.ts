import assert from "node:assert/strict";
import type { Properties } from "../../provider/resource/properties";
import {
  APPLICATION,
  asState,
  GUID,
  OC_PRO,
  OTHER_APPLICATION,
  REGISTRATION,
  startWithCustomer,
  up,
} from "./support/customer";
import type { Fault, FaultRule } from "../support/live-simulator";
import { World } from "./support/world";

const LIST = "GET /api/v3/customer";
const READ = "GET /api/v3/customer/*";
const OTHER_GUID = GUID.replace("d", "e");
const PRO = { licenseType: "OcPro", licensedUsersCount: 50 };
const STATE = { customerGuid: GUID, ...PRO };
const CUSTOMER_PATH = `/api/v3/customer/${GUID}$`;
const LIST_PATH = "/api/v3/customer$";
const NOT_FOUND: Fault = { kind: "status", status: 404, body: { title: "Customer not found", status: 404 } };
const HTML_404: Fault = { kind: "status", status: 404, text: "<!DOCTYPE html><html></html>", contentType: "text/html" };

describe("a customer, read", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWithCustomer(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
  });
  afterEach(() => world.close());

  const read = async (state: Properties): Promise<Properties | undefined> => {
    const reading = await world.customers().read(state, world.run());
    return reading === undefined ? undefined : asState(reading.outputs);
  };
  const withFaults = async (...rules: FaultRule[]): Promise<void> => {
    for (const rule of rules) {
      await world.admin.faults({ method: "GET", count: -1, ...rule });
    }
  };

  it("is what is there now, as outputs and as inputs, by one list call without an App Registration", async () => {
    await world.admin.patchCustomer(GUID, { licenseType: 4, licensedUsersCount: 60, fullName: "Edited" });
    const reading = await world.customers().read(STATE, world.run());
    assert.deepEqual(asState(reading!.outputs), {
      customerGuid: GUID,
      licenseType: "OcEssentialPlus",
      licensedUsersCount: 60,
      customerFullName: "Edited",
      customerShortName: "contoso",
    });
    assert.deepEqual(reading!.inputs, { customerGuid: GUID, licenseType: "OcEssentialPlus", licensedUsersCount: 60 });
    assert.deepEqual(await world.requests(), [LIST]);
  });

  it("tells types that cannot be declared", async () => {
    for (const [code, type] of [
      [0, "HostedEssentials"],
      [3, "OcEssential"],
      [7, "Unknown(7)"],
    ] as const) {
      await world.admin.patchCustomer(GUID, { licenseType: code });
      assert.equal((await read(STATE))?.["licenseType"], type);
    }
    await world.admin.patchCustomer(GUID, { licenseType: 0 });
    assert.equal((await read(STATE))?.["licensedUsersCount"], undefined);
  });

  it("tells that there is no licence any more, and that nothing but the licence is gone", async () => {
    const noLicense = { UmpCustomerGuid: null, LicenseType: null };
    await withFaults({ path: CUSTOMER_PATH, fault: { kind: "status", status: 200, body: noLicense } });
    const state = { ...STATE, ...REGISTRATION, customerFullName: "Contoso", onDestroy: "downgrade" };
    assert.deepEqual(await read(state), {
      customerGuid: GUID,
      ...REGISTRATION,
      customerFullName: "Contoso",
      onDestroy: "downgrade",
    });
  });

  it("can be compared whatever was read, as the engine does when it refreshes once more", async () => {
    const lifecycle = world.customers();
    for (const licenseType of [0, 3, 7, null]) {
      await world.admin.patchCustomer(GUID, { licenseType });
      const { inputs, outputs } = (await world.customers().read(STATE, world.run()))!;
      assert.deepEqual(lifecycle.compare(asState(outputs), asState(inputs)), { changes: "none", replaces: [] });
      assert.deepEqual(lifecycle.compare(asState(outputs), STATE), { changes: "remote", replaces: [] });
      assert.deepEqual(lifecycle.compare(STATE, asState(inputs)), { changes: "remote", replaces: [] });
      const preview = await lifecycle.preview(asState(inputs), asState(outputs), world.run());
      assert.deepEqual(preview.lines, []);
    }
  });

  it("tells an App Registration that was replaced, or taken away, as far as the platform tells", async () => {
    const state = await up(world, { ...PRO, ...REGISTRATION });
    assert.equal((await read(state))?.["applicationClientId"], APPLICATION);
    await world.admin.patchCustomer(GUID, { applicationClientId: OTHER_APPLICATION });
    assert.equal((await read(state))?.["applicationClientId"], OTHER_APPLICATION);
    await withFaults({
      path: CUSTOMER_PATH,
      fault: {
        kind: "status",
        status: 200,
        body: { UmpCustomerGuid: GUID, LicenseType: 5, LicensedUsersCount: 50, ApplicationClientId: "" },
      },
    });
    assert.equal((await read(state))?.["applicationClientId"], undefined);
  });

  it("tells that its App Registration is gone, where the platform no longer names one", async () => {
    const state = await up(world, { ...PRO, ...REGISTRATION });
    await world.admin.patchCustomer(GUID, { applicationClientId: null, applicationClientSecret: null });
    const lifecycle = world.customers();
    const reading = (await lifecycle.read(state, world.run()))!;
    assert.equal(reading.outputs["applicationClientId"], undefined);
    assert.equal(lifecycle.compare(asState(reading.outputs), { ...STATE, ...REGISTRATION }).changes, "remote");
    await up(world, { ...PRO, ...REGISTRATION }, asState(reading.outputs));
    assert.equal((await world.customer(GUID))["applicationClientId"], APPLICATION);
  });

  it("is verified by being read, and keeps a PATCH that is owed", async () => {
    const outputs = await read({ ...STATE, unverified: true, pendingPatch: true });
    assert.equal(outputs?.["unverified"], undefined);
    assert.equal(outputs?.["pendingPatch"], true);
  });

  it("is read by itself where its App Registration is managed, and another's is not", async () => {
    await read({ ...STATE, ...REGISTRATION });
    assert.deepEqual(await world.requests(), [READ]);
  });

  it("keeps unfinished work in state", async () => {
    const pendingTask = { version: 1, id: null, target: PRO, sentAt: "2026-03-01T12:00:00.000Z" };
    const outputs = await read({ ...STATE, pendingTask, pendingPatch: true, lastTaskId: "tsk_1" });
    assert.deepEqual(outputs?.["pendingTask"], pendingTask);
    assert.equal(outputs["pendingPatch"], true);
    assert.equal(outputs["lastTaskId"], "tsk_1");
  });

  it("costs one list call for all customers", async () => {
    const lifecycle = world.customers();
    for (let n = 1; n <= 5; n += 1) {
      await world.addCustomer({ ...OC_PRO, guid: GUID.replace(/^./, String(n)) });
    }
    for (let n = 1; n <= 5; n += 1) {
      await lifecycle.read({ ...STATE, customerGuid: GUID.replace(/^./, String(n)) }, world.run());
    }
    assert.deepEqual(await world.requests(), [LIST]);
  });

  describe("is gone", () => {
    it("where its own call answers 404 and the list has others but not it", async () => {
      await world.addCustomer({ ...OC_PRO, guid: OTHER_GUID });
      await world.admin.deleteCustomer(GUID);
      assert.equal(await read({ ...STATE, ...REGISTRATION }), undefined);
      assert.deepEqual(await world.requests(), [READ, LIST]);
      assert.equal(await read(STATE), undefined);
    });
  });

  describe("is not gone", () => {
    const table: readonly [string, FaultRule[], RegExp][] = [
      [
        "where its own call answers 404 and the list is empty",
        [
          { path: CUSTOMER_PATH, fault: NOT_FOUND },
          { path: LIST_PATH, fault: { kind: "status", status: 200, body: [] } },
        ],
        /its list of customers is empty, which proves nothing: check livePlatform\.baseUrl \(http.*`pulumi state delete <URN>`/,
      ],
      [
        "where its own call answers 404 and the list holds leads alone",
        [
          { path: CUSTOMER_PATH, fault: NOT_FOUND },
          {
            path: LIST_PATH,
            fault: { kind: "status", status: 200, body: [{ UmpCustomerGuid: null, LicenseType: null }] },
          },
        ],
        /its list of customers is empty, which proves nothing/,
      ],
      [
        "where its own call answers 404 and the list names it",
        [{ path: CUSTOMER_PATH, fault: NOT_FOUND }],
        /The Live Platform lists customer d5253892-.*, but answers 404 when asked for it: check livePlatform\.baseUrl/,
      ],
      [
        "where its own call answers 404 with a page",
        [{ path: CUSTOMER_PATH, fault: HTML_404 }],
        /answered 404: an HTML page.*Check livePlatform\.baseUrl \(http:.*\)/,
      ],
      [
        "where its own call answers 404 without a word",
        [{ path: CUSTOMER_PATH, fault: { kind: "status", status: 404, text: "" } }],
        /answered 404.*Check livePlatform\.baseUrl/,
      ],
      [
        "where the list cannot be had",
        [
          { path: CUSTOMER_PATH, fault: NOT_FOUND },
          { path: LIST_PATH, fault: { kind: "status", status: 500 } },
        ],
        /answers 404 for customer d5253892-.*, and nothing else confirms it\. Could not list the customers: .* answered 500.*`pulumi state delete <URN>`/,
      ],
      [
        "where the list answers 404 too",
        [
          { path: CUSTOMER_PATH, fault: NOT_FOUND },
          { path: LIST_PATH, fault: NOT_FOUND },
        ],
        /Could not list the customers: .* answered 404.*Check livePlatform\.baseUrl/,
      ],
      [
        "where the list is a page",
        [
          { path: CUSTOMER_PATH, fault: NOT_FOUND },
          { path: LIST_PATH, fault: { kind: "malformed", how: "html" } },
        ],
        /answered 200, but the body is an HTML page.*no proxy answers in its place/,
      ],
      ...[201, 202, 203, 206, 207].map((status): [string, FaultRule[], RegExp] => [
        `where the list is answered with ${status}`,
        [
          { path: CUSTOMER_PATH, fault: NOT_FOUND },
          {
            path: LIST_PATH,
            fault: { kind: "status", status, body: [{ UmpCustomerGuid: OTHER_GUID, LicenseType: 5 }] },
          },
        ],
        new RegExp(`nothing else confirms it\\. .* answered ${status}, but the list of customers is not complete`),
      ]),
      [
        "where the list is of another kind",
        [
          { path: CUSTOMER_PATH, fault: NOT_FOUND },
          { path: LIST_PATH, fault: { kind: "status", status: 200, body: {} } },
        ],
        /expected array, received object/,
      ],
      [
        "where the credentials are refused",
        [{ path: CUSTOMER_PATH, fault: { kind: "status", status: 403, body: { title: "Forbidden", status: 403 } } }],
        /answered 403: Forbidden.*does not accept the credentials/,
      ],
      [
        "where the platform is not to be reached",
        [{ path: CUSTOMER_PATH, fault: { kind: "dropBefore" } }],
        /was cut off.*Check that livePlatform\.baseUrl \(http/,
      ],
      [
        "where the answer is about another customer",
        [
          {
            path: CUSTOMER_PATH,
            fault: { kind: "status", status: 200, body: { UmpCustomerGuid: APPLICATION, LicenseType: 5 } },
          },
        ],
        /it describes another customer/,
      ],
    ];
    for (const [title, faults, message] of table) {
      it(title, async () => {
        await withFaults(...faults);
        await assert.rejects(read({ ...STATE, ...REGISTRATION }), message);
      });
    }

    for (const [name, value] of [
      ["Content-Range", "items 0-0/*"],
      ["X-Total-Count", "1"],
      ["Link", '<?page=1>; rel="last"'],
    ] as const) {
      it(`where the list has the header ${name}: ${value}`, async () => {
        await world.addCustomer({ ...OC_PRO, guid: OTHER_GUID });
        await world.admin.deleteCustomer(GUID);
        await withFaults({ path: LIST_PATH, fault: { kind: "headers", headers: { [name]: value } } });
        await assert.rejects(
          read(STATE),
          new RegExp(`nothing else confirms it\\. .*is not complete: it has the header ${name.toLowerCase()}`),
        );
      });
    }

    it("where the base URL is another one", async () => {
      await world.close();
      world = await startWithCustomer(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
      const { url } = world.simulator;
      const elsewhere = await World.start(
        {},
        { ...world.simulator.environment, LIVE_PLATFORM_BASE_URL: `${url}/somewhere/else` },
      );
      await assert.rejects(
        elsewhere.customers().read(STATE, elsewhere.run()),
        /livePlatform\.baseUrl \(http.*somewhere\/else\)/,
      );
      await elsewhere.close();
    });
  });
});
