import assert from "node:assert/strict";

import { startSimulator, type Simulator } from "../../simulator";
import { VENDOR_EXAMPLES, type VendorExample, vendorExample } from "../fixtures/vendor";
import { admin, customerSeed, gateway, GUID, livePlatform, logIn, type RawReply, send } from "./support";

const TICKET = /ErrorTicket=[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The tenant of the gateway's example reply. */
const LISTED = {
  servicePacks: { All_Services: { maximumAllowed: { maximum: 2 }, allocated: { maximum: 2 } } },
  groupServices: {
    "Account/Authorization Codes": { unlimited: true, currentlyAllocated: 2 },
    "Auto Attendant": { maximum: 10, currentlyAllocated: 10 },
    "Call Park": 0,
  },
  userServices: {
    "3G/4G Continuity": 0,
    "Advice Of Charge": { unlimited: true, currentlyAllocated: 17, packsAllocated: 7 },
  },
};

/** The tenant of the gateway's example update. */
const UPDATED = {
  groupServices: { "Call Pickup": 1, "Hunt Group": 1 },
  userServices: { "Anonymous Call Rejection": 1, "Call Forwarding Always": 1, "Call Forwarding Busy": 1 },
};

/** Compares as JSON text, so that the order of fields counts; an ErrorTicket is any ticket. */
function assertAnswers(reply: RawReply, example: VendorExample): void {
  assert.equal(reply.status, example.status);
  const expected: unknown = JSON.parse(example.text);
  const neutral = (text: string): string => text.replace(TICKET, "ErrorTicket=*");
  assert.equal(neutral(reply.text), neutral(JSON.stringify(expected)));
}

describe("simulator: the examples of the vendors' pages", () => {
  let simulator: Simulator;

  async function start(seed: unknown): Promise<void> {
    simulator = await startSimulator({ seed });
  }

  afterEach(() => simulator.close());

  async function sendUpgrade(name: string): Promise<void> {
    const example = vendorExample(name);
    const reply = await (
      await livePlatform(simulator)
    )("POST", `/api/v2/customer/${GUID}/action/upgrade`, example.text);
    assertAnswers(reply, vendorExample(example.answer!));
  }

  it("upgrades with the example's body and shows the example's task", async () => {
    await start(customerSeed({ licenseType: 3 }));
    await sendUpgrade("upgrade-request");
    await admin(simulator, "POST", "/finish-tasks");
    const call = await livePlatform(simulator);
    assertAnswers(await call("GET", "/api/v2/task/tsk_185510"), vendorExample("task-reply"));
    const customer = (await call("GET", `/api/v3/customer/${GUID}`)).json() as Record<string, unknown>;
    assert.deepEqual([customer["LicenseType"], customer["LicensedUsersCount"]], [5, 50]);
  });

  it("answers the example's 409 for a customer that is upgraded already", async () => {
    await start(customerSeed({ licenseType: 4 }));
    const call = await livePlatform(simulator);
    const reply = await call("POST", `/api/v2/customer/${GUID}/action/upgrade`, vendorExample("upgrade-request").text);
    assertAnswers(reply, vendorExample("upgrade-conflict-error"));
  });

  it("answers the example's 404 for a GUID that it does not know", async () => {
    await start({});
    const call = await livePlatform(simulator);
    const reply = await call("POST", `/api/v2/customer/${GUID}/action/upgrade`, vendorExample("upgrade-request").text);
    assertAnswers(reply, vendorExample("upgrade-not-found-error"));
  });

  it("answers a wrong licence type as the page prints it under 400", async () => {
    await start(customerSeed({ licenseType: 3 }));
    await sendUpgrade("upgrade-wrong-value-request");
  });

  it("answers the unclosed example as the page prints it under 500", async () => {
    await start(customerSeed({ licenseType: 3 }));
    await sendUpgrade("upgrade-nonexistent-value-request");
  });

  for (const name of ["patch-request", "patch-wrong-value-request"]) {
    it(`answers ${name} as printed, no-break spaces and all`, async () => {
      await start(customerSeed({ licenseType: 4 }));
      const { text, answer, status } = vendorExample(name);
      const reply = await (await livePlatform(simulator))("PATCH", `/api/v3/customer/${GUID}`, text);
      assert.equal(reply.status, status);
      assert.equal(reply.text, vendorExample(answer!).text);
    });
  }

  for (const { name, tenant } of [
    { name: "licenses-get-request", tenant: LISTED },
    { name: "licenses-put-request", tenant: UPDATED },
  ]) {
    it(`answers ${name} as printed, with the content type in quotation marks`, async () => {
      await start({ gateway: { tenants: { foo: tenant } } });
      const { method, path, text, contentType, answer } = vendorExample(name);
      const cookies = (await logIn(simulator)).headers["set-cookie"]!.map((cookie) => cookie.split(";")[0]);
      const headers = { cookie: cookies.join("; "), "content-type": contentType! };
      assertAnswers(await send(simulator, { method, path, headers, body: text }), vendorExample(answer!));
    });
  }

  it("holds afterwards what the example's update set", async () => {
    await start({ gateway: { tenants: { foo: UPDATED } } });
    const call = await gateway(simulator);
    await call("PUT", "foo", vendorExample("licenses-put-request").text);
    assert.deepEqual((await call("GET", "foo")).json(), {
      groupServices: [
        { name: "Call Pickup", allocated: { unlimited: false, maximum: 5 }, currentlyAllocated: 0 },
        { name: "Hunt Group", allocated: { unlimited: true }, currentlyAllocated: 0 },
      ],
      userServices: [
        { name: "Anonymous Call Rejection", allocated: { unlimited: false, maximum: 0 } },
        { name: "Call Forwarding Always", allocated: { unlimited: true }, currentlyAllocated: 0 },
        { name: "Call Forwarding Busy", allocated: { unlimited: false, maximum: 7 }, currentlyAllocated: 0 },
      ],
    });
  });

  it("covers each request among the examples", async () => {
    await start({});
    const requests = VENDOR_EXAMPLES.filter(({ kind }) => kind === "request").map(({ name }) => name);
    assert.equal(requests.length, 7);
  });
});
