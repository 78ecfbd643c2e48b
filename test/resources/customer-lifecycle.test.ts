import assert from "node:assert/strict";
import type { Properties } from "../../provider/resource/properties";
import type { Fault } from "../support/live-simulator";
import {
  APPLICATION,
  asState,
  GUID,
  OC_PRO,
  OTHER_APPLICATION,
  REGISTRATION,
  SECRET,
  startWithCustomer,
  up,
} from "./support/customer";
import { checked, partial, refused, type World } from "./support/world";

const READ = "GET /api/v3/customer/*";
const IN_USE = "GET /api/v3/customer/*/licenseinfo";
const PATCH = "PATCH /api/v3/customer/*";
const PATH = `/api/v3/customer/${GUID}$`;

const OTHER_GUID = GUID.replace("d", "e");
const PRO = { licenseType: "OcPro", licensedUsersCount: 50 };

describe("a customer's licence at the Live Platform", () => {
  let world: World;
  afterEach(() => world.close());

  const start = async (customer: object = OC_PRO, settings: object = {}, environment = {}): Promise<void> => {
    world = await startWithCustomer(customer, settings, environment);
  };

  describe("that is as declared", () => {
    it("is adopted by one read, without a write", async () => {
      await start();
      const run = world.run();
      const state = await up(world, PRO, undefined, run);
      assert.deepEqual(await world.requests(), [READ]);
      assert.deepEqual(state, {
        customerGuid: GUID,
        ...PRO,
        customerFullName: "Contoso",
        customerShortName: "contoso",
        clientSecretExpiresAt: "2027-02-18T08:39:26.000Z",
      });
      assert.equal(run.writes, 0);
      assert.deepEqual([run.told, run.warned, run.progressed], [[], [], []]);
    });

    it("is adopted with its App Registration, whose secret is taken as declared, and a line says so", async () => {
      await start();
      const run = world.run();
      const state = await up(
        world,
        { ...PRO, ...REGISTRATION, applicationClientSecret: "another one" },
        undefined,
        run,
      );
      assert.deepEqual(await world.requests(), [READ]);
      assert.equal(state["applicationClientSecret"], "another one");
      assert.equal(run.told.length, 1);
      assert.match(
        run.told[0]!,
        /^adopted; the secret was not sent, because the platform does not show the current one\. Change resendSecret/,
      );
      assert.doesNotMatch(run.told[0]!, /another one/);
    });

    it("is adopted in whatever case its GUID and client id are written", async () => {
      await start();
      await up(world, {
        ...PRO,
        customerGuid: GUID.toUpperCase(),
        ...REGISTRATION,
        applicationClientId: APPLICATION.toUpperCase(),
      });
      assert.deepEqual(await world.requests(), [READ]);
    });

    it("costs nothing when it is declared again, and reads back without a difference", async () => {
      await start();
      const inputs = { ...PRO, ...REGISTRATION, taskTimeout: "90s", customerFullName: "Contoso" };
      const state = await up(world, inputs);
      await world.admin.forgetRequests();
      const lifecycle = world.customers();
      const declared = checked(lifecycle, { customerGuid: GUID, ...inputs });
      assert.deepEqual(lifecycle.compare(state, declared), { changes: "none", replaces: [] });
      assert.deepEqual(await world.requests(), []);
      const reading = await lifecycle.read(state, world.run());
      assert.deepEqual(asState(reading!.outputs), state);
      assert.deepEqual(asState(reading!.inputs), declared);
      assert.deepEqual(await world.requests(), [READ]);
    });
  });

  describe("that is not as declared", () => {
    it("is changed by one PATCH between two reads, all fields in the page's order", async () => {
      await start();
      const state = await up(world, { ...PRO, licensedUsersCount: 60, ...REGISTRATION });
      assert.deepEqual(await world.requests(), [READ, PATCH, READ]);
      assert.deepEqual(await world.bodies("PATCH"), [
        `{"customerFullName":"Contoso","licenseType":5,"licensedUsersCount":60,"applicationClientId":"${APPLICATION}","applicationClientSecret":"${SECRET}"}`,
      ]);
      assert.equal((await world.customer(GUID))["licensedUsersCount"], 60);
      assert.equal(state["licensedUsersCount"], 60);
      assert.equal(state["applicationClientSecret"], SECRET);
    });

    it("is changed without an App Registration where none is declared", async () => {
      await start({ ...OC_PRO, licenseType: 2 });
      await up(world, { licenseType: 1, licensedUsersCount: 40 });
      assert.deepEqual(await world.bodies("PATCH"), [
        '{"customerFullName":"Contoso","licenseType":1,"licensedUsersCount":40}',
      ]);
    });

    for (const [from, to, name] of [
      [1, 2, "HostedPro"],
      [2, 1, "HostedEssentialsPlus"],
      [4, 5, "OcPro"],
      [5, 4, "OcEssentialPlus"],
    ] as const) {
      it(`is moved from licence type ${from} to ${to}`, async () => {
        await start({ ...OC_PRO, licenseType: from });
        const state = await up(world, { ...PRO, licenseType: name });
        assert.deepEqual(await world.requests(), [READ, PATCH, READ]);
        assert.equal((await world.customer(GUID))["licenseType"], to);
        assert.equal(state["licenseType"], name);
      });
    }

    it("is moved from Hosted Essentials where the platform lets it, and left where it does not", async () => {
      const essentials = { ...OC_PRO, licenseType: 0, activeUserCount: 0 };
      await start(essentials, { hostedEssentialsPatch: "accept" });
      assert.equal((await up(world, { ...PRO, licenseType: "HostedPro" }))["licenseType"], "HostedPro");
      await world.close();
      await start(essentials);
      await refused(
        up(world, { ...PRO, licenseType: "HostedPro" }),
        /PATCH .* answered 400: Invalid change for License Type!\./,
      );
      assert.deepEqual(await world.requests(), [READ, PATCH]);
    });

    it("is changed under the names of the page's table where a setting says so", async () => {
      await start(OC_PRO, { patchFields: "table" }, { LIVE_PLATFORM_PATCH_FIELDS: "table" });
      await up(world, { ...PRO, licensedUsersCount: 60 });
      assert.deepEqual(await world.bodies("PATCH"), [
        '{"customerFullName":"Contoso","upgradeToLicense":5,"licenseCount":60}',
      ]);
    });

    it("has its full name kept as declared, or as it is found, and left out where there is none", async () => {
      await start();
      const state = await up(world, { ...PRO, customerFullName: "Contoso Ltd" });
      assert.deepEqual(await world.bodies("PATCH"), [
        '{"customerFullName":"Contoso Ltd","licenseType":5,"licensedUsersCount":50}',
      ]);
      assert.equal(state["customerFullName"], "Contoso Ltd");
      await world.admin.patchCustomer(GUID, { fullName: "Edited" });
      const lifecycle = world.customers();
      const declared = checked(lifecycle, { customerGuid: GUID, ...PRO, customerFullName: "Contoso Ltd" });
      const reading = await lifecycle.read(state, world.run());
      assert.equal(lifecycle.compare(reading!.outputs, declared).changes, "remote");
      // No longer declared, it is left as it is.
      assert.equal(
        (await up(world, { ...PRO, licensedUsersCount: 51 }, asState(reading!.outputs)))["customerFullName"],
        "Edited",
      );
    });

    it("refuses before any write what the plan refuses", async () => {
      await start();
      await refused(up(world, { ...PRO, licenseType: "HostedPro" }), /^licenseType: the customer holds OC Pro/);
      await refused(
        up(world, { ...PRO, licensedUsersCount: 34 }),
        /^licensedUsersCount: 34 is below the 35 licences in use/,
      );
      assert.deepEqual(await world.requests(), [READ, READ, IN_USE]);
    });

    it("may go below its active users where that is asked for", async () => {
      await start(OC_PRO, { belowActiveUsers: "accept" });
      const state = await up(world, { ...PRO, licensedUsersCount: 34, allowBelowUse: true });
      assert.equal(state["licensedUsersCount"], 34);
    });

    it("refuses a customer without a licence, and one that is not there", async () => {
      await start({ ...OC_PRO, licenseType: null });
      await refused(up(world, PRO), /^customerGuid: no licence has been applied to customer/);
      await world.addCustomer({ ...OC_PRO, guid: OTHER_GUID });
      await world.admin.deleteCustomer(GUID);
      await refused(
        up(world, PRO),
        /^customerGuid: there is no customer d5253892.* check customerGuid and livePlatform.baseUrl\.$/,
      );
      assert.deepEqual(await world.requests(), [READ, READ, "GET /api/v3/customer"]);
    });
  });

  describe("whose App Registration", () => {
    it("has a new secret: it is sent", async () => {
      await start();
      const state = await up(world, { ...PRO, ...REGISTRATION });
      await world.admin.forgetRequests();
      const next = await up(world, { ...PRO, ...REGISTRATION, applicationClientSecret: "new secret" }, state);
      assert.deepEqual(await world.requests(), [READ, PATCH, READ]);
      assert.equal(next["applicationClientSecret"], "new secret");
      assert.equal((await world.customer(GUID))["applicationClientSecret"], "new secret");
    });

    it("is to be sent again: it is, once", async () => {
      await start();
      const state = await up(world, { ...PRO, ...REGISTRATION });
      await world.admin.patchCustomer(GUID, { applicationClientSecret: "changed behind" });
      await world.admin.forgetRequests();
      const next = await up(world, { ...PRO, ...REGISTRATION, resendSecret: "1" }, state);
      assert.equal((await world.customer(GUID))["applicationClientSecret"], SECRET);
      assert.deepEqual(await world.requests(), [READ, PATCH, READ]);
      await up(world, { ...PRO, ...REGISTRATION, resendSecret: "1" }, next);
      assert.equal((await world.bodies("PATCH")).length, 1);
    });

    it("was replaced behind our back: it is put right, and refresh shows it", async () => {
      await start();
      const state = await up(world, { ...PRO, ...REGISTRATION });
      await world.admin.patchCustomer(GUID, { applicationClientId: OTHER_APPLICATION });
      const lifecycle = world.customers();
      const reading = await lifecycle.read(state, world.run());
      assert.equal(reading!.inputs["applicationClientId"], OTHER_APPLICATION);
      const declared = checked(lifecycle, { customerGuid: GUID, ...PRO, ...REGISTRATION });
      assert.equal(lifecycle.compare(reading!.outputs, declared).changes, "remote");
      await up(world, { ...PRO, ...REGISTRATION }, asState(reading!.outputs));
      assert.equal((await world.customer(GUID))["applicationClientId"], APPLICATION);
    });

    it("is taken out of the program: nothing is sent, and state forgets it", async () => {
      await start();
      const state = await up(world, { ...PRO, ...REGISTRATION, resendSecret: "1" });
      await world.admin.forgetRequests();
      const next = await up(world, PRO, state);
      assert.deepEqual(await world.requests(), []);
      for (const name of ["applicationClientId", "applicationClientSecret", "resendSecret"]) {
        assert.equal(next[name], undefined);
      }
    });

    it("is refused by the platform: no secret in the message, and state keeps the old one", async () => {
      await start();
      const state = await up(world, { ...PRO, ...REGISTRATION });
      await world.admin.faults({
        method: "PATCH",
        path: PATH,
        fault: { kind: "status", status: 400, body: { title: "Bad secret brand-new-secret", status: 400 } },
      });
      await refused(
        up(world, { ...PRO, ...REGISTRATION, applicationClientSecret: "brand-new-secret" }, state),
        /answered 400: Bad secret \[secret\]\. Correct what the Live Platform rejects/,
      );
    });
  });

  describe("whose local settings change", () => {
    it("makes no request, and keeps all else in state", async () => {
      await start();
      const state = await up(world, { ...PRO, ...REGISTRATION, taskTimeout: "90s" });
      await world.admin.forgetRequests();
      const next = await up(
        world,
        { ...PRO, ...REGISTRATION, onDestroy: "downgrade", allowBelowUse: true, customerFullName: "Contoso" },
        state,
      );
      assert.deepEqual(await world.requests(), []);
      const { taskTimeout, ...kept } = state;
      assert.deepEqual(
        next,
        { ...kept, onDestroy: "downgrade", allowBelowUse: true, customerFullNameDeclared: true },
        String(taskTimeout),
      );
    });
  });

  describe("whose PATCH gets no good answer", () => {
    const lost: readonly (readonly [string, Fault])[] = [
      ["a dropped connection", { kind: "dropAfter" }],
      ["502", { kind: "statusAfter", status: 502 }],
      ["503 without Retry-After", { kind: "statusAfter", status: 503 }],
      ["504", { kind: "statusAfter", status: 504 }],
      ["408", { kind: "statusAfter", status: 408 }],
      [
        "a page of a proxy",
        { kind: "statusAfter", status: 200, text: "<html>Sign in</html>", contentType: "text/html" },
      ],
      ["an empty body", { kind: "statusAfter", status: 200, text: "" }],
    ];
    for (const [title, fault] of lost) {
      it(`is done where reading back shows it, after ${title}`, async () => {
        await start();
        await world.admin.faults({ method: "PATCH", path: PATH, fault });
        const state = await up(world, { ...PRO, licensedUsersCount: 60 });
        assert.deepEqual(await world.requests(), [READ, PATCH, READ]);
        assert.equal(state["licensedUsersCount"], 60);
        assert.equal(state["pendingPatch"], undefined);
      });
    }

    const undone: readonly (readonly [string, Fault])[] = [
      ["a dropped connection", { kind: "dropBefore" }],
      ["502", { kind: "status", status: 502 }],
      ["504", { kind: "status", status: 504 }],
      ["408", { kind: "status", status: 408 }],
    ];
    for (const [title, fault] of undone) {
      it(`is sent again where reading back does not show it, after ${title}`, async () => {
        await start();
        await world.admin.faults({ method: "PATCH", path: PATH, fault });
        await up(world, { ...PRO, licensedUsersCount: 60 });
        assert.deepEqual(await world.requests(), [READ, PATCH, READ, PATCH, READ]);
        assert.equal((await world.customer(GUID))["licensedUsersCount"], 60);
      });
    }

    it("is planned and sent again after 429, and after 503 with Retry-After, not before its time", async () => {
      await start();
      await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "status", status: 429, retryAfter: 7 } });
      await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "status", status: 503, retryAfter: 3 } });
      await up(world, { ...PRO, licensedUsersCount: 60 });
      assert.deepEqual(await world.requests(), [READ, PATCH, READ, PATCH, PATCH, READ]);
      assert.ok((await world.journal()).every(({ scolded }) => scolded === undefined));
      assert.ok(world.clock.pauses.some((pause) => pause >= 7000));
    });

    it("is sent again where the platform tells no App Registration, which is no proof of it", async () => {
      await start({ ...OC_PRO, applicationClientId: null, applicationClientSecret: null });
      await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "dropBefore" } });
      await up(world, { ...PRO, ...REGISTRATION });
      assert.deepEqual(await world.requests(), [READ, PATCH, READ, PATCH, READ]);
      assert.equal((await world.customer(GUID))["applicationClientId"], APPLICATION);
    });

    it("is owed where only the secret changed, since nothing visible tells whether it arrived", async () => {
      await start(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
      const state = await up(world, { ...PRO, ...REGISTRATION });
      await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "dropBefore" } });
      const inputs = { ...PRO, ...REGISTRATION, applicationClientSecret: "new secret" };
      const owed = await partial(up(world, inputs, state), /The PATCH that is owed is sent by the next `pulumi up`\.$/);
      assert.equal(owed["pendingPatch"], true);
      assert.equal(owed["applicationClientSecret"], SECRET);
      const lifecycle = world.customers();
      assert.equal(lifecycle.compare(owed, checked(lifecycle, { customerGuid: GUID, ...inputs })).changes, "remote");
      const done = await up(world, inputs, asState(owed));
      assert.equal(done["pendingPatch"], undefined);
      assert.equal(done["applicationClientSecret"], "new secret");
      assert.equal((await world.customer(GUID))["applicationClientSecret"], "new secret");
    });

    it("is sent again, with the same secret, where only the secret changed and there are tries left", async () => {
      await start();
      const state = await up(world, { ...PRO, ...REGISTRATION });
      await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "dropAfter" } });
      const inputs = { ...PRO, ...REGISTRATION, applicationClientSecret: "new secret" };
      const done = await up(world, inputs, state);
      assert.equal(done["pendingPatch"], undefined);
      assert.equal((await world.bodies("PATCH")).length, 2);
    });

    it("is sent by the next up where it is owed, though nothing differs", async () => {
      await start();
      const state = { ...(await up(world, { ...PRO, ...REGISTRATION })), pendingPatch: true };
      await world.admin.forgetRequests();
      const done = await up(world, { ...PRO, ...REGISTRATION }, state);
      assert.deepEqual(await world.requests(), [READ, PATCH, READ]);
      assert.equal(done["pendingPatch"], undefined);
    });

    it("gives up after the configured tries, unverified in state", async () => {
      await start(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "2" });
      await world.admin.faults({ method: "PATCH", path: PATH, count: -1, fault: { kind: "dropBefore" } });
      const owed = await partial(up(world, { ...PRO, licensedUsersCount: 60 }), /PATCH .* was cut off/);
      assert.equal((await world.bodies("PATCH")).length, 3);
      assert.equal(owed["unverified"], true);
      assert.equal(owed["pendingPatch"], undefined);
      assert.equal(owed["licensedUsersCount"], 50);
      await world.admin.clearFaults();
      const done = await up(world, { ...PRO, licensedUsersCount: 60 }, asState(owed));
      assert.equal(done["licensedUsersCount"], 60);
      assert.equal(done["unverified"], undefined);
    });

    it("leaves state where looking for its effect fails too", async () => {
      await start(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
      await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "dropAfter" } });
      await world.admin.faults({ method: "GET", path: PATH, skip: 1, fault: { kind: "status", status: 500 } });
      const unseen = await partial(
        up(world, { ...PRO, licensedUsersCount: 60 }),
        /GET .* answered 500.* Whether the change took effect is not known; the next `pulumi up` looks first\.$/,
      );
      assert.equal(unseen["unverified"], true);
      assert.equal(unseen["licensedUsersCount"], 50);
      await world.admin.forgetRequests();
      // It had arrived: one look tells.
      const done = await up(world, { ...PRO, licensedUsersCount: 60 }, asState(unseen));
      assert.deepEqual(await world.requests(), [READ]);
      assert.equal(done["unverified"], undefined);
      assert.equal(done["licensedUsersCount"], 60);
    });

    it("but a 500 although it was done: reading back shows it, and a warning says so", async () => {
      await start();
      await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "statusAfter", status: 500 } });
      const run = world.run();
      const state = await up(world, { ...PRO, licensedUsersCount: 60 }, undefined, run);
      assert.equal(state["licensedUsersCount"], 60);
      assert.equal((await world.bodies("PATCH")).length, 1);
      assert.match(run.warned.join(), /^PATCH \/.* answered 500: .*, but reading back shows it done\.$/);
    });

    it("but a 500 where only the secret changed: it is owed", async () => {
      await start();
      const inputs = { ...PRO, ...REGISTRATION };
      const state = await up(world, inputs);
      await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "statusAfter", status: 500 } });
      const changed = { ...inputs, applicationClientSecret: "new secret" };
      const owed = await partial(up(world, changed, state), /answered 500/);
      assert.equal(owed["applicationClientSecret"], SECRET);
      assert.equal(owed["pendingPatch"], true);
      // Taken back: what the platform holds by now is not known, so that the old one is sent again.
      await up(world, inputs, asState(owed));
      assert.equal((await world.customer(GUID))["applicationClientSecret"], SECRET);
    });

    it("but a 500, and then no look succeeds: unverified", async () => {
      await start(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
      const state = await up(world, PRO);
      await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "statusAfter", status: 500 } });
      await world.admin.faults({ method: "GET", path: PATH, skip: 1, fault: { kind: "status", status: 403 } });
      const unseen = await partial(up(world, { ...PRO, licensedUsersCount: 60 }, state), /GET .* answered 403/);
      assert.equal(unseen["unverified"], true);
      assert.equal((await up(world, PRO, asState(unseen)))["licensedUsersCount"], 50);
      assert.equal((await world.customer(GUID))["licensedUsersCount"], 50);
    });

    for (const status of [400, 401, 403, 404, 409, 422]) {
      it(`fails at once after ${status}, which says that nothing was done`, async () => {
        await start();
        await world.admin.faults({
          method: "PATCH",
          path: PATH,
          count: -1,
          fault: { kind: "status", status, body: { title: "No way", status, detail: "ErrorTicket=4711" } },
        });
        await refused(
          up(world, { ...PRO, licensedUsersCount: 60 }),
          new RegExp(
            `Could not change the licence of customer ${GUID}: PATCH /tenantui/api/v3/customer/${GUID} answered ${status}: No way; ErrorTicket=4711\\.`,
          ),
        );
        // A refused token is renewed once.
        assert.equal((await world.bodies("PATCH")).length, status === 401 ? 2 : 1);
      });
    }
  });

  describe("that is read back", () => {
    it("later than it takes effect: it is read again until it shows", async () => {
      await start({ ...OC_PRO, ignorePatch: true });
      const run = world.run();
      world.clock.in(20_000, () => world.admin.patchCustomer(GUID, { licensedUsersCount: 60 }));
      const state = await up(world, { ...PRO, licensedUsersCount: 60 }, undefined, run);
      assert.equal(state["licensedUsersCount"], 60);
      assert.equal(state["unverified"], undefined);
      assert.equal((await world.bodies("PATCH")).length, 1);
      assert.deepEqual(run.told, ["PATCH users 50 → 60: done"]);
    });

    it("and stays different for verifyTimeout: it fails, unverified, and the next up looks first", async () => {
      await start({ ...OC_PRO, ignorePatch: true });
      const before = world.clock.now();
      const inputs = { ...PRO, licenseType: "OcEssentialPlus", licensedUsersCount: 60, ...REGISTRATION };
      const run = world.run();
      const state = await partial(
        up(world, inputs, undefined, run),
        /^The platform accepted the change of customer d5253892-.*, but it is not visible yet after 30 s \(verifyTimeout\): OC Pro → OC Essential Plus, users 50 → 60\. The next `pulumi up` looks again/,
      );
      assert.ok(world.clock.now() - before >= 30_000 && world.clock.now() - before <= 31_000);
      assert.deepEqual(run.told, ["PATCH OC Pro → OC Essential Plus, users 50 → 60: accepted, not visible yet"]);
      assert.equal(state["licenseType"], "OcPro");
      assert.equal(state["licensedUsersCount"], 50);
      assert.equal(state["applicationClientSecret"], SECRET);
      assert.equal(state["pendingPatch"], undefined);
      assert.equal(state["unverified"], true);
      const lifecycle = world.customers();
      assert.equal(lifecycle.compare(state, checked(lifecycle, { customerGuid: GUID, ...inputs })).changes, "remote");
      await world.admin.patchCustomer(GUID, { licenseType: 4, licensedUsersCount: 60 });
      await world.admin.forgetRequests();
      const done = await up(world, inputs, asState(state));
      assert.deepEqual(await world.requests(), [READ]);
      assert.equal(done["unverified"], undefined);
    });

    it("with another App Registration: state tells what is there, so that a refresh does not hide it", async () => {
      await start({ ...OC_PRO, applicationClientId: OTHER_APPLICATION, ignorePatch: true });
      const inputs = { ...PRO, ...REGISTRATION };
      const state = await partial(
        up(world, inputs),
        /is not visible yet after 30 s \(verifyTimeout\): App Registration 2b6e1f0d-/,
      );
      const lifecycle = world.customers();
      const reading = await lifecycle.read(asState(state), world.run());
      const declared = checked(lifecycle, { customerGuid: GUID, ...inputs });
      assert.equal(lifecycle.compare(asState(reading!.outputs), declared).changes, "remote");
    });

    it("and fails to be: state tells that the PATCH was sent, and that it is unverified", async () => {
      await start(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
      await world.admin.faults({ method: "GET", path: PATH, skip: 1, fault: { kind: "malformed", how: "html" } });
      const state = await partial(
        up(world, { ...PRO, ...REGISTRATION, licensedUsersCount: 60 }),
        /answered 200, but the body is an HTML page/,
      );
      assert.equal(state["applicationClientSecret"], SECRET);
      assert.equal(state["licensedUsersCount"], 50);
      assert.equal(state["pendingPatch"], undefined);
      assert.equal(state["unverified"], true);
      await up(world, { ...PRO, ...REGISTRATION, licensedUsersCount: 60 }, asState(state));
      assert.equal((await world.bodies("PATCH")).length, 1);
    });
  });

  describe("when the run is cancelled", () => {
    it("before the write, nothing is sent and nothing is left", async () => {
      await start();
      const run = world.run();
      run.assertWanted = () => {
        run.cancel();
        return Promise.reject(new Error("The run was cancelled."));
      };
      await refused(up(world, { ...PRO, licensedUsersCount: 60 }, undefined, run), /The run was cancelled/);
      assert.deepEqual(await world.requests(), [READ]);
    });

    it("while it is read back, state tells what was sent", async () => {
      await start({ ...OC_PRO, ignorePatch: true });
      const run = world.run();
      world.clock.in(500, () => {
        run.cancel();
      });
      const state = await partial(
        up(world, { ...PRO, ...REGISTRATION, licensedUsersCount: 60 }, undefined, run),
        /The run was cancelled/,
      );
      assert.equal(state["applicationClientSecret"], SECRET);
    });
  });

  it("is the same state, whichever way it was reached", async () => {
    await start({ ...OC_PRO, licensedUsersCount: 40, clientSecretExpirationDate: null });
    const inputs: Properties = { ...PRO, ...REGISTRATION };
    const changed = await up(world, inputs);
    assert.deepEqual(await up(world, inputs), changed);
    assert.deepEqual(await up(world, inputs, changed), changed);
  });
});
