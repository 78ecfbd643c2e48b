import assert from "node:assert/strict";

import { startSimulator, type Simulator } from "../../simulator";
import { launch } from "../../simulator/server";
import { admin, customerSeed, GUID, HandClock, livePlatform, type LivePlatformClient, send } from "./support";

const CLIENT_ID = "0fdc8122-e0b5-43ac-8433-54860113710d";
const PATCH = `/api/v3/customer/${GUID}`;
const UPGRADE = `/api/v2/customer/${GUID}/action/upgrade`;

describe("simulator: Live Platform", () => {
  let simulator: Simulator;
  let call: LivePlatformClient;

  async function start(seed: unknown): Promise<void> {
    simulator = await startSimulator({ seed });
    call = await livePlatform(simulator);
  }

  afterEach(() => simulator.close());

  async function customer(): Promise<Record<string, unknown>> {
    return (await call("GET", PATCH)).json() as Record<string, unknown>;
  }

  it("shows a customer's fields by all three reading calls, the secret masked", async () => {
    await start(
      customerSeed(
        {
          shortName: "c",
          fullName: "C",
          licenseType: 1,
          licensedUsersCount: 9,
          activeUserCount: 4,
          applicationClientId: CLIENT_ID,
          applicationClientSecret: "long-secret-6",
          clientSecretExpirationDate: "2/18/2027 8:39:26 AM",
        },
        { leads: [{ shortName: "l", fullName: "L" }] },
      ),
    );
    const row = {
      UmpCustomerGuid: GUID,
      CustomerShortName: "c",
      CustomerFullName: "C",
      LicenseType: 1,
      LicensedUsersCount: 9,
      MsTenantId: null,
      ActiveUserCount: 4,
      LiveHubActiveUsersCount: 0,
      LiveHubSimpleUsersCount: 0,
    };
    const details = { ApplicationClientId: CLIENT_ID, ApplicationClientSecret: "~-6" };
    assert.deepEqual(await customer(), { ...row, ...details, ClientSecretExpirationDate: "2/18/2027 8:39:26 AM" });
    const [first, lead, ...others] = (await call("GET", "/api/v3/customer")).json() as Record<string, unknown>[];
    assert.deepEqual(first, row);
    assert.equal(lead?.["UmpCustomerGuid"], null);
    assert.deepEqual(others, []);
    assert.deepEqual((await call("GET", "/api/v2/customer")).json(), [
      { Id: GUID, ShortName: "c", FullName: "C", LicenseType: 1 },
      { Id: null, ShortName: "l", FullName: "L", LicenseType: null },
    ]);
  });

  it("has no count for Hosted Essentials", async () => {
    await start(customerSeed({ licenseType: 0, licensedUsersCount: 4 }));
    assert.equal((await customer())["LicensedUsersCount"], null);
  });

  it("matches a GUID in any case and returns it in lower case", async () => {
    await start(customerSeed({ guid: GUID.toUpperCase(), licenseType: 1 }));
    const reply = await call("GET", `/api/v3/customer/${GUID.toUpperCase()}`);
    assert.equal((reply.json() as Record<string, unknown>)["UmpCustomerGuid"], GUID);
  });

  it("changes what a PATCH says, and dates a new secret in US text", async () => {
    const clock = new HandClock();
    simulator = await launch({ seed: customerSeed({ licenseType: 1, licensedUsersCount: 3 }) }, clock.now);
    call = await livePlatform(simulator);
    const body = { customerFullName: "New", licenseType: 2, licensedUsersCount: 7, applicationClientId: CLIENT_ID };
    const reply = await call("PATCH", PATCH, { ...body, applicationClientSecret: "new-secret-ab" });
    assert.equal(reply.text, "1");
    const { CustomerFullName, LicenseType, LicensedUsersCount, ...rest } = await customer();
    assert.deepEqual([CustomerFullName, LicenseType, LicensedUsersCount], ["New", 2, 7]);
    assert.equal(rest["ApplicationClientSecret"], "~ab");
    assert.equal(rest["ClientSecretExpirationDate"], "3/1/2028 12:00:00 PM");
  });

  const moves: readonly (readonly [from: number | null, to: number, isAllowed: boolean])[] = [
    [1, 1, true],
    [1, 2, true],
    [2, 1, true],
    [4, 5, true],
    [5, 4, true],
    [1, 5, false],
    [5, 2, false],
    [3, 4, false],
    [3, 3, false],
    [0, 1, false],
    [1, 0, false],
    [2, 7, false],
    [null, 1, false],
    [7, 1, false],
  ];
  for (const [from, to, isAllowed] of moves) {
    it(`${isAllowed ? "accepts" : "refuses"} a PATCH from ${from ?? "no type"} to ${to}`, async () => {
      await start(customerSeed({ licenseType: from, licensedUsersCount: 1 }));
      const reply = await call("PATCH", PATCH, { licenseType: to, licensedUsersCount: 1 });
      assert.deepEqual([reply.status, reply.json()], isAllowed ? [200, 1] : [400, "Invalid change for License Type!"]);
    });
  }

  it("accepts Hosted Essentials to Plus where the seed says so", async () => {
    await start(customerSeed({ licenseType: 0 }, { hostedEssentialsPatch: "accept" }));
    assert.equal((await call("PATCH", PATCH, { licenseType: 1, licensedUsersCount: 1 })).status, 200);
  });

  const refusedPatches: Readonly<Record<string, unknown>> = {
    "an unknown field": { licenseType: 2, licensedUsersCount: 1, extra: true },
    "a text for the type": { licenseType: "2", licensedUsersCount: 1 },
    "a fraction for the count": { licenseType: 2, licensedUsersCount: 1.5 },
    "a count of 0": { licenseType: 2, licensedUsersCount: 0 },
    "no count": { licenseType: 2 },
    "no type": { licensedUsersCount: 1 },
    "the table's names": { upgradeToLicense: 2, licenseCount: 1 },
    "a mix of names": { licenseType: 2, licenseCount: 1 },
    "PascalCase names": { LicenseType: 2, LicensedUsersCount: 1 },
    "a null name": { licenseType: 2, licensedUsersCount: 1, customerFullName: null },
    "a client id that is no UUID": {
      licenseType: 2,
      licensedUsersCount: 1,
      applicationClientId: "x",
      applicationClientSecret: "y",
    },
    "half an App Registration": { licenseType: 2, licensedUsersCount: 1, applicationClientId: CLIENT_ID },
    "a count below the active users": { licenseType: 2, licensedUsersCount: 1, customerFullName: "below" },
    "an array": [],
    "no JSON": "{",
  };
  for (const [what, body] of Object.entries(refusedPatches)) {
    it(`refuses a PATCH with ${what}, and changes nothing`, async () => {
      await start(
        customerSeed({ licenseType: 1, licensedUsersCount: 5, activeUserCount: what.includes("active") ? 4 : 0 }),
      );
      const before = await customer();
      assert.equal((await call("PATCH", PATCH, body)).status, 400);
      assert.deepEqual(await customer(), before);
    });
  }

  it("takes the table's names where the seed says so, and no longer the example's", async () => {
    await start(customerSeed({ licenseType: 1 }, { patchFields: "table" }));
    assert.equal((await call("PATCH", PATCH, { upgradeToLicense: 2, licenseCount: 3 })).status, 200);
    assert.equal((await customer())["LicensedUsersCount"], 3);
    assert.equal((await call("PATCH", PATCH, { licenseType: 2, licensedUsersCount: 3 })).status, 400);
    assert.equal((await call("PATCH", PATCH, { upgradeToLicense: 7 })).json(), "Invalid change for License Type!");
  });

  it("lets the count go below the active users where the seed says so", async () => {
    await start(customerSeed({ licenseType: 1, activeUserCount: 9 }, { belowActiveUsers: "accept" }));
    assert.equal((await call("PATCH", PATCH, { licenseType: 1, licensedUsersCount: 3 })).status, 200);
  });

  it("can answer a PATCH and change nothing", async () => {
    await start(customerSeed({ licenseType: 1, ignorePatch: true }));
    assert.equal((await call("PATCH", PATCH, { licenseType: 2, licensedUsersCount: 3 })).text, "1");
    assert.equal((await customer())["LicenseType"], 1);
  });

  const upgrades: readonly (readonly [body: unknown, from: number, status: number, title: RegExp])[] = [
    [{ UpgradetoLicense: 5 }, 3, 400, /licenseCount/],
    [{ UpgradetoLicense: 5, licenseCount: 5, licenseType: 5 }, 3, 400, /licenseType/],
    [{ UpgradetoLicense: "5", licenseCount: 5 }, 3, 400, /UpgradetoLicense/],
    [{ UpgradetoLicense: 2, licenseCount: 5 }, 3, 400, /Parameter 's'/],
    [{ UpgradetoLicense: 7, licenseCount: 5 }, 3, 500, /Parameter 'element'/],
    [{ upgradeToLicense: 5, licenseCount: 5 }, 3, 400, /Parameter 's'/],
    [{ UpgradetoLicense: 5, licenseCount: 5 }, 5, 409, /^Tenant is already upgraded: OC Pro$/],
    [{ UpgradetoLicense: 5, licenseCount: 5 }, 1, 400, /Only an OC Essential/],
    [{ UpgradetoLicense: 5, licenseCount: 1 }, 3, 400, /below the 2 licenses in use/],
  ];
  for (const [body, from, status, title] of upgrades) {
    it(`answers ${status} to ${JSON.stringify(body)} on type ${from}, and starts no task`, async () => {
      await start(customerSeed({ licenseType: from, activeUserCount: 2 }));
      const reply = await call("POST", UPGRADE, body);
      assert.equal(reply.status, status);
      assert.match(String((reply.json() as Record<string, unknown>)["title"]), title);
      assert.deepEqual(await admin(simulator, "GET", "/tasks"), []);
    });
  }

  it("upgrades from another number for OC Essential where the seed says so", async () => {
    await start(customerSeed({ licenseType: 6 }, { ocEssentialType: 6 }));
    assert.equal((await call("POST", UPGRADE, { UpgradetoLicense: 4, licenseCount: 5 })).status, 200);
  });

  it("answers 404 with the documented words for a customer that it does not know", async () => {
    await start({});
    for (const method of ["GET", "PATCH"]) {
      const reply = await call(method, PATCH, method === "GET" ? undefined : {});
      assert.deepEqual(reply.json(), { title: `Customer with id: ${GUID} not found`, status: 404 });
    }
  });

  it("never deletes: 405, and the log shows who asked", async () => {
    await start(customerSeed({ licenseType: 1 }));
    assert.equal((await call("DELETE", `/api/v2/customer/${GUID}`)).status, 405);
    assert.equal((await call("DELETE", PATCH)).status, 405);
    const log = (await admin(simulator, "GET", "/requests")) as { method: string; status: number }[];
    assert.deepEqual(
      log.filter(({ method }) => method === "DELETE").map(({ status }) => status),
      [405, 405],
    );
    assert.equal((await customer())["LicenseType"], 1);
  });

  it("refuses a query, a body on a GET, another content type and an unknown path", async () => {
    await start(customerSeed({ licenseType: 1 }));
    assert.equal((await call("GET", "/api/v3/customer?page=2")).status, 400);
    assert.equal((await call("GET", "/api/v3/customer", {})).status, 400);
    assert.equal((await call("PATCH", PATCH)).status, 415);
    const unknown = await call("GET", "/api/v3/customers");
    assert.equal(unknown.status, 404);
    assert.match(unknown.headers["content-type"]!, /html/);
    assert.equal((await call("GET", "/api/v3/customer/")).status, 404);
  });

  it("wants a valid Bearer token for each call", async () => {
    await start(customerSeed({ licenseType: 1 }));
    for (const authorization of [undefined, "Bearer nonsense", "Basic abc"]) {
      const headers = authorization === undefined ? {} : { authorization };
      assert.equal((await send(simulator, { path: "/tenantui/api/v3/customer", headers })).status, 401);
    }
    assert.equal((await call("GET", "/api/v3/customer")).status, 200);
    await admin(simulator, "POST", "/revoke");
    assert.equal((await call("GET", "/api/v3/customer")).status, 401);
  });
});
