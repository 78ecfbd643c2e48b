import assert from "node:assert/strict";
import type { Properties } from "../../provider/resource/properties";
import type { Fault } from "../support/live-simulator";
import {
  APPLICATION,
  asState,
  GUID,
  OC_ESSENTIAL,
  REGISTRATION,
  SECRET,
  startWithCustomer,
  up,
} from "./support/customer";
import { checked, partial, refused, type World } from "./support/world";

const READ = "GET /api/v3/customer/*";
const PATCH = "PATCH /api/v3/customer/*";
const POST = "POST /api/v2/customer/*/action/upgrade";
const TASK = "GET /api/v2/task/tsk_185510";
const UPGRADE_PATH = "/action/upgrade$";
const CUSTOMER_PATH = `/api/v3/customer/${GUID}$`;

const PRO = { licenseType: "OcPro", licensedUsersCount: 50, ...REGISTRATION };

describe("the upgrade of a customer from OC Essential", () => {
  let world: World;
  afterEach(() => world.close());

  const start = async (customer: object = {}, settings: object = {}, environment = {}): Promise<void> => {
    world = await startWithCustomer(
      { ...OC_ESSENTIAL, ...customer },
      { taskDuration: "60s", ...settings },
      environment,
    );
  };
  /** The requests, a run of the same one told once. */
  const inShort = async (): Promise<string[]> =>
    (await world.requests()).filter((request, index, all) => request !== all[index - 1]);
  const countOf = async (request: string): Promise<number> =>
    (await world.requests()).filter((each) => each === request).length;

  describe("that goes well", () => {
    it("is a POST, a wait for its task, a look, a PATCH and a look", async () => {
      await start();
      const run = world.run();
      const state = await up(world, PRO, undefined, run);
      assert.deepEqual(await inShort(), [READ, POST, TASK, READ, PATCH, READ]);
      assert.deepEqual(await world.bodies("POST"), ['{"UpgradetoLicense":5,"licenseCount":50}']);
      assert.deepEqual(await world.bodies("PATCH"), [
        `{"customerFullName":"Contoso","licenseType":5,"licensedUsersCount":50,"applicationClientId":"${APPLICATION}","applicationClientSecret":"${SECRET}"}`,
      ]);
      assert.deepEqual(state, {
        customerGuid: GUID,
        ...PRO,
        customerFullName: "Contoso",
        customerShortName: "contoso",
        clientSecretExpiresAt: state["clientSecretExpiresAt"],
        lastTaskId: "tsk_185510",
      });
      assert.match(String(state["clientSecretExpiresAt"]), /^2028-03-01T12:01:/);
      assert.equal(run.writes, 2);
    });

    it("tells how the task stands, and for how long, a fifth of the time waited apart", async () => {
      await start();
      const run = world.run();
      await up(world, PRO, undefined, run);
      const [asked, first, ...rest] = run.progressed;
      assert.equal(asked, "POST upgrade OC Essential → OC Pro for 50 users");
      assert.equal(first, "In Progress, 2 s (task tsk_185510)");
      for (const line of rest.slice(0, -1)) {
        assert.match(line, /^In Progress, (?:\d+ s|1 min(?: \d+ s)?) \(task tsk_185510\)$/);
      }
      assert.match(rest.at(-1)!, /^PATCH App Registration none → /);
      assert.ok((await countOf(TASK)) <= 16, `${await countOf(TASK)} looks in a minute`);
      const overhead = world.clock.pauses.reduce((sum, pause) => sum + pause, 0) - 60_000;
      assert.ok(overhead <= 12_000, `${overhead} ms too long`);
    });

    it("is waited for as long where the clock of this machine is set back an hour meanwhile", async () => {
      await start();
      world.clock.in(20_000, () => {
        world.clock.setBack(3_600_000);
      });
      const run = world.run();
      const state = await up(world, PRO, undefined, run);
      assert.equal(state["licenseType"], "OcPro");
      assert.ok(world.clock.elapsed() < 80_000, `${world.clock.elapsed()} ms`);
      for (const line of [...run.progressed, ...run.told]) {
        assert.doesNotMatch(line, /-\d+ ms|\d h\b/);
      }
    });

    it("goes to OC Essential Plus too, with the declared full name in both bodies", async () => {
      await start();
      await up(world, { ...PRO, licenseType: 4, customerFullName: "Contoso Ltd" });
      assert.deepEqual(await world.bodies("POST"), [
        '{"customerFullName":"Contoso Ltd","UpgradetoLicense":4,"licenseCount":50}',
      ]);
      assert.match((await world.bodies("PATCH"))[0]!, /^\{"customerFullName":"Contoso Ltd","licenseType":4,/);
    });

    it("is for an existing resource as for a new one", async () => {
      await start({ licenseType: 5, licensedUsersCount: 50, ...REGISTRATION });
      const state = await up(world, PRO);
      // Somebody has put it back.
      await world.admin.patchCustomer(GUID, { licenseType: 3, licensedUsersCount: 35 });
      await world.admin.forgetRequests();
      await up(world, { ...PRO, licensedUsersCount: 60 }, state);
      assert.deepEqual(await inShort(), [READ, POST, TASK, READ, PATCH, READ]);
    });

    it("takes the number of OC Essential from the settings", async () => {
      await start({ licenseType: 6 }, { ocEssentialType: 6 }, { LIVE_PLATFORM_OC_ESSENTIAL_TYPE: "6" });
      assert.equal((await up(world, PRO))["licenseType"], "OcPro");
    });

    it("obeys the task's Retry-After", async () => {
      await start();
      await world.admin.faults({
        method: "GET",
        path: "/task/",
        fault: {
          kind: "status",
          status: 200,
          retryAfter: 45,
          body: { id: "tsk_185510", status: "In Progress" },
        },
      });
      await up(world, PRO);
      assert.ok(world.clock.pauses.includes(45_000), world.clock.pauses.join());
      assert.ok((await world.journal()).every(({ scolded }) => scolded === undefined));
    });
  });

  it("is refused before any write without an App Registration, or below the active users", async () => {
    await start();
    await refused(
      up(world, { licenseType: "OcPro", licensedUsersCount: 50 }),
      /^applicationClientId: an upgrade from OC Essential to OC Pro needs an App Registration/,
    );
    await refused(
      up(world, { ...PRO, licensedUsersCount: 30 }),
      /^licensedUsersCount: 30 is below the 35 licences in use/,
    );
    assert.deepEqual(await world.requests(), [READ, READ, `${READ}/licenseinfo`]);
  });

  describe("whose task fails", () => {
    it("says all that the platform says, and is asked for anew by the next up", async () => {
      await start({
        taskOutcome: "fail",
        taskDetails: ["No seats left", "Ask sales"],
        taskMessages: [{ level: "Error", message: "OC said 42." }],
      });
      const state = await partial(
        up(world, PRO),
        /^Task tsk_185510, the upgrade of customer d5253892-[-0-9a-f]+, failed: status "Failed"; details: No seats left; Ask sales; messages: Error: OC said 42\. Correct the cause; the next `pulumi up` looks at the customer and starts again\.$/,
      );
      assert.equal(state["pendingTask"], undefined);
      assert.equal(state["pendingPatch"], undefined);
      assert.equal(state["lastTaskId"], "tsk_185510");
      assert.equal(state["licenseType"], "OcEssential");
      assert.equal(state["applicationClientSecret"], undefined, "it was never sent");
      await world.admin.patchCustomer(GUID, { taskOutcome: "success" });
      await world.admin.forgetRequests();
      const done = await up(world, PRO, asState(state));
      assert.deepEqual(await inShort(), [READ, POST, "GET /api/v2/task/tsk_185511", READ, PATCH, READ]);
      assert.equal(done["lastTaskId"], "tsk_185511");
    });

    it("and repeats the secret that is declared, or in state: it is hidden, though this process has not sent it", async () => {
      await start({ taskOutcome: "fail", taskDetails: [`Cannot use ${SECRET}`] });
      await partial(up(world, PRO), /details: Cannot use \[secret\]; messages/);
      await world.close();

      // Of a task that an earlier process has started.
      await start({ taskOutcome: "fail", taskDetails: [`Cannot use ${SECRET} or the old secret of state`] });
      const state = asState(await partial(up(world, { ...PRO, taskTimeout: "10s" }), /is not finished after 10 s/));
      await partial(
        up(world.anotherProcess(), PRO, { ...state, applicationClientSecret: "the old secret of state" }),
        /details: Cannot use \[secret\] or \[secret\]; messages/,
      );
    });

    it("in a run after the one that started it, likewise", async () => {
      await start({ taskOutcome: "fail" });
      const state = await partial(up(world, { ...PRO, taskTimeout: "10s" }), /is not finished after 10 s/);
      const failed = await partial(up(world, PRO, asState(state)), /^Task tsk_185510, .* failed: status "Failed"/);
      assert.equal(failed["pendingTask"], undefined);
    });
  });

  describe("that takes longer than taskTimeout", () => {
    const PENDING = {
      version: 1,
      id: "tsk_185510",
      target: { licenseType: "OcPro", licensedUsersCount: 50 },
      sentAt: "2026-03-01T12:00:00.000Z",
    };

    it("is left in state, and the next up goes on with the same task", async () => {
      await start();
      const state = await partial(
        up(world, { ...PRO, taskTimeout: "30s" }),
        /^Task tsk_185510, the upgrade of customer d5253892-.*, is not finished after 30 s \(taskTimeout\)\. It goes on at the platform; the next `pulumi up` goes on waiting for the same task\.$/,
      );
      assert.deepEqual(state["pendingTask"], PENDING);
      assert.equal(world.clock.now(), Date.parse(PENDING.sentAt) + 30_000);
      await world.admin.forgetRequests();
      const run = world.run();
      const done = await up(world, PRO, asState(state), run);
      assert.deepEqual(await inShort(), [TASK, READ, PATCH, READ]);
      assert.equal(done["pendingTask"], undefined);
      assert.equal(done["pendingPatch"], undefined);
      assert.equal(done["lastTaskId"], "tsk_185510");
      const [resumed, upgraded, patched] = run.told;
      assert.equal(resumed, "resuming task tsk_185510 from an earlier run");
      assert.match(upgraded!, /^POST upgrade OC Essential → OC Pro for 50 users: task tsk_185510, 1 min \d+ s$/);
      assert.match(patched!, /^PATCH App Registration none → .*: done$/);
    });

    it("again and again, keeps its token, and no other task is started", async () => {
      await start({}, { taskDuration: "10m" });
      let state = await partial(up(world, { ...PRO, taskTimeout: "30s" }), /is not finished/);
      for (let again = 0; again < 3; again += 1) {
        // Nothing new to be saved: the engine keeps what it has.
        await refused(up(world, { ...PRO, taskTimeout: "30s" }, asState(state)), /is not finished after 30 s/);
      }
      state = await up(world, PRO, asState(state));
      assert.equal(await countOf(POST), 1);
      assert.equal(await countOf(PATCH), 1);
      assert.equal(state["licenseType"], "OcPro");
    });

    it("is waited for before what is declared by then is looked at", async () => {
      await start();
      const state = await partial(up(world, { ...PRO, taskTimeout: "30s" }), /is not finished/);
      await world.admin.forgetRequests();
      await up(world, { ...PRO, licenseType: "OcEssentialPlus", licensedUsersCount: 70 }, asState(state));
      assert.deepEqual(await inShort(), [TASK, READ, PATCH, READ]);
      assert.equal((await world.customer(GUID))["licenseType"], 4);
      assert.equal((await world.customer(GUID))["licensedUsersCount"], 70);
    });

    it("or whose poll fails: likewise", async () => {
      await start();
      await world.admin.faults({ method: "GET", path: "/task/", skip: 2, fault: { kind: "status", status: 500 } });
      const state = await partial(
        up(world, PRO),
        /Could not read task tsk_185510: GET .* answered 500.*Task tsk_185510 goes on at the platform, and the next `pulumi up` goes on with it\.$/,
      );
      assert.deepEqual(state["pendingTask"], PENDING);
      await up(world, PRO, asState(state));
      assert.equal(await countOf(POST), 1);
    });

    it("or whose wait is cancelled: likewise, at once", async () => {
      await start();
      const run = world.run();
      world.clock.in(20_000, () => {
        run.cancel();
      });
      const state = await partial(
        up(world, PRO, undefined, run),
        /^The run was cancelled\. Task tsk_185510 goes on at the platform, and the next `pulumi up` goes on with it\.$/,
      );
      assert.deepEqual(state["pendingTask"], PENDING);
      assert.equal(world.clock.now(), Date.parse(PENDING.sentAt) + 20_000);
    });
  });

  describe("whose task the platform forgets", () => {
    const forget = (): Promise<void> => world.admin.forgetTask("tsk_185510");

    it("for one look only: goes on", async () => {
      await start();
      await world.admin.faults({
        method: "GET",
        path: "/task/",
        skip: 1,
        fault: { kind: "status", status: 404, body: { title: "Not found", status: 404 } },
      });
      const run = world.run();
      await up(world, PRO, undefined, run);
      assert.ok(run.progressed.some((line) => /^not found, .* \(task tsk_185510\)$/.test(line)));
      assert.equal(await countOf(POST), 1);
    });

    it("is cleared, and asked for anew by the next up", async () => {
      await start();
      world.clock.in(10_000, forget);
      const state = await partial(
        up(world, PRO),
        /^The platform does not know task tsk_185510, .*, and after 10 min \(lostAnswerGrace\) the customer still holds OC Essential\. The next `pulumi up` looks again and starts again\.$/,
      );
      assert.equal(state["pendingTask"], undefined);
      assert.deepEqual((await world.requests()).slice(-4), [TASK, READ, TASK, READ]);
      assert.equal((await up(world, PRO, asState(state)))["licenseType"], "OcPro");
      assert.equal(await countOf(POST), 2);
    });

    it("after it has changed the type: the PATCH is still owed", async () => {
      await start();
      const state = await partial(up(world, { ...PRO, taskTimeout: "30s" }), /is not finished/);
      await world.admin.finishTasks();
      await forget();
      await world.admin.forgetRequests();
      const done = await up(world, PRO, asState(state));
      assert.deepEqual(await inShort(), [TASK, READ, PATCH, READ]);
      assert.equal(done["applicationClientSecret"], SECRET);
    });

    it("after it has changed the type, and nothing else is left to send: likewise", async () => {
      await start({ ...REGISTRATION, licensedUsersCount: 50 });
      const state = {
        ...(await partial(up(world, { ...PRO, taskTimeout: "30s" }), /is not finished/)),
        ...REGISTRATION,
      };
      await world.admin.finishTasks();
      await forget();
      await world.admin.forgetRequests();
      const done = await up(world, PRO, asState(state));
      assert.deepEqual(await inShort(), [TASK, READ, PATCH, READ]);
      assert.equal(done["pendingPatch"], undefined);
    });

    it("but answers with a page of a proxy: that is an error, and the task stays in state", async () => {
      await start();
      await world.admin.faults({
        method: "GET",
        path: "/task/",
        count: -1,
        fault: { kind: "status", status: 404, text: "<html>no such page</html>", contentType: "text/html" },
      });
      const state = await partial(up(world, PRO), /Could not read task tsk_185510: .* answered 404: an HTML page/);
      assert.ok(state["pendingTask"] !== undefined);
    });
  });

  describe("whose PATCH is still to come", () => {
    it("because it was refused: the next up sends just that", async () => {
      await start();
      await world.admin.faults({
        method: "PATCH",
        path: CUSTOMER_PATH,
        fault: { kind: "status", status: 400, body: { title: `Cannot validate ${SECRET}`, status: 400 } },
      });
      const state = await partial(
        up(world, PRO),
        /answered 400: Cannot validate \[secret\].* The PATCH that is owed is sent by the next `pulumi up`\.$/,
      );
      assert.equal(state["pendingTask"], undefined);
      assert.equal(state["pendingPatch"], true);
      assert.equal(state["lastTaskId"], "tsk_185510");
      assert.equal(state["applicationClientSecret"], undefined);
      await world.admin.forgetRequests();
      const done = await up(world, PRO, asState(state));
      assert.deepEqual(await world.requests(), [READ, PATCH, READ]);
      assert.equal(done["pendingPatch"], undefined);
      assert.equal(done["applicationClientSecret"], SECRET);
    });

    it("because the run was cancelled before it", async () => {
      await start();
      const run = world.run();
      const original = run.brake.bind(run);
      run.brake = (reductions) => {
        if (run.writes === 1) {
          run.cancel();
        }
        original(reductions);
      };
      const state = await partial(
        up(world, PRO, undefined, run),
        /^The run was cancelled\. The PATCH that is owed is sent by the next `pulumi up`\.$/,
      );
      assert.equal(state["pendingPatch"], true);
      assert.equal(await countOf(PATCH), 0);
    });

    it("or may have arrived: it is sent again, since the upgrade itself shows what it would", async () => {
      await start();
      await world.admin.faults({ method: "PATCH", path: CUSTOMER_PATH, fault: { kind: "dropBefore" } });
      await up(world, PRO);
      assert.equal(await countOf(PATCH), 2);
      assert.equal((await world.customer(GUID))["applicationClientId"], APPLICATION);
    });
  });

  describe("that the platform refuses with 409", () => {
    it("because another one runs: waits for that, then sends the PATCH", async () => {
      await start({}, { taskDuration: "30s" });
      // A run that was killed has asked before us.
      await partial(up(world, { ...PRO, taskTimeout: "1s" }), /is not finished/);
      await world.admin.forgetRequests();
      const run = world.run();
      const done = await up(world, PRO, undefined, run);
      assert.deepEqual(await inShort(), [READ, POST, READ, PATCH, READ]);
      assert.equal(done["licenseType"], "OcPro");
      assert.equal(done["pendingTask"], undefined);
      assert.match(
        run.warned[0]!,
        /^The customer is upgraded already, or being upgraded: waiting for that\. \(.*409: Tenant upgrade is already in progress/,
      );
      assert.match(run.progressed[1]!, /^waiting for an upgrade started elsewhere; still OC Essential after /);
      assert.match(run.told[0]!, /^POST upgrade OC Essential → OC Pro for 50 users: done elsewhere, /);
    });

    it("because it was upgraded a moment ago, to something else: goes on to the PATCH", async () => {
      await start();
      await world.admin.faults({
        method: "POST",
        path: UPGRADE_PATH,
        fault: {
          kind: "status",
          status: 409,
          body: { title: "Tenant is already upgraded: OC EssentialPlus", status: 409 },
        },
      });
      world.clock.in(5_000, () => world.admin.patchCustomer(GUID, { licenseType: 4, licensedUsersCount: 50 }));
      const done = await up(world, PRO);
      assert.equal(done["licenseType"], "OcPro");
      assert.equal(await countOf(POST), 1);
    });

    it("while the customer is given a service of the other family: that is refused, and nothing is owed", async () => {
      for (const before of [undefined, "state"]) {
        await start();
        const state =
          before === undefined ? undefined : { customerGuid: GUID, licenseType: "OcEssential", licensedUsersCount: 35 };
        await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault: { kind: "status", status: 409 } });
        world.clock.in(5_000, () => world.admin.patchCustomer(GUID, { licenseType: 2, licensedUsersCount: 50 }));
        const run = world.run();
        await refused(up(world, PRO, state, run), /no way from Hosted to OC Pro/);
        assert.match(
          run.told.join(),
          /^POST upgrade OC Essential → OC Pro for 50 users: overtaken, the customer now holds Hosted Pro, \d+ s$/,
        );
        assert.equal(await countOf(PATCH), 0);
        await world.close();
      }
      await start();
    });

    it("and does not upgrade: gives up after taskTimeout, and looks on with the next up", async () => {
      await start();
      await world.admin.faults({
        method: "POST",
        path: UPGRADE_PATH,
        fault: { kind: "status", status: 409, body: { title: "Busy", status: 409 } },
      });
      const state = await partial(
        up(world, { ...PRO, taskTimeout: "5m" }),
        /^The platform refuses to upgrade customer d5253892-.* \(409\), but it still holds OC Essential after 5 min \(taskTimeout\)\. The next `pulumi up` goes on looking\.$/,
      );
      assert.equal((state["pendingTask"] as Properties)["id"], null);
      const done = await up(world, PRO, asState(state));
      assert.equal(done["licenseType"], "OcPro");
    });
  });

  describe("of which the answer is lost", () => {
    const lost: readonly (readonly [string, Fault])[] = [
      ["a dropped connection", { kind: "dropAfter" }],
      ["502", { kind: "statusAfter", status: 502 }],
      ["503 without Retry-After", { kind: "statusAfter", status: 503 }],
      ["504", { kind: "statusAfter", status: 504 }],
      ["408", { kind: "statusAfter", status: 408 }],
      ["a page of a proxy", { kind: "malformed", how: "html" }],
      ["an answer without a task", { kind: "malformed", how: "wrongTypes" }],
    ];
    for (const [title, fault] of lost) {
      it(`is looked for, and not asked for twice, after ${title}`, async () => {
        await start();
        await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault });
        const run = world.run();
        const done = await up(world, PRO, undefined, run);
        assert.deepEqual(await inShort(), [READ, POST, READ, PATCH, READ]);
        assert.equal(done["licenseType"], "OcPro");
        assert.equal(done["pendingTask"], undefined);
        assert.equal(done["lastTaskId"], undefined);
        assert.match(run.warned[0]!, /^POST .*\/action\/upgrade .*: looking for its effect\.$/);
      });
    }

    it("keeps a full name that was edited meanwhile, and that nobody declares", async () => {
      await start();
      await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault: { kind: "dropAfter" } });
      world.clock.in(20_000, () => world.admin.patchCustomer(GUID, { fullName: "Edited" }));
      const done = await up(world, PRO);
      assert.equal(done["customerFullName"], "Edited");
    });

    it("because no answer came in time: likewise", async () => {
      await start({}, {}, { LIVE_PLATFORM_REQUEST_TIMEOUT: "150ms" });
      await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault: { kind: "hangAfter" } });
      const run = world.run();
      assert.equal((await up(world, PRO, undefined, run))["licenseType"], "OcPro");
      assert.equal(await countOf(POST), 1);
      assert.match(run.warned[0]!, /was not answered within 150 ms/);
    });

    it("and that never arrived: is asked for again when the grace is over, not before", async () => {
      await start();
      await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault: { kind: "dropBefore" } });
      await up(world, PRO);
      const posts = (await world.journal()).filter(({ method }) => method === "POST");
      assert.equal(posts.length, 2);
      const apart = Date.parse(posts[1]!.at) - Date.parse(posts[0]!.at);
      assert.ok(apart >= 600_000 && apart < 620_000, `${apart} ms`);
    });

    it("and that takes longer than the grace, is asked for again: the 409 is then waited out", async () => {
      await start({}, { taskDuration: "8m" }, { LIVE_PLATFORM_LOST_ANSWER_GRACE: "5m" });
      await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault: { kind: "dropAfter" } });
      const done = await up(world, PRO);
      assert.equal(await countOf(POST), 2);
      assert.equal(done["licenseType"], "OcPro");
    });

    it("longer than taskTimeout: is left in state, and looked for by the next up for the rest of the grace", async () => {
      await start({}, { taskDuration: "1h" });
      await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault: { kind: "dropBefore" } });
      const state = await partial(
        up(world, { ...PRO, taskTimeout: "4m" }),
        /^No trace of the upgrade of customer d5253892-.*, whose answer was lost, after 4 min \(taskTimeout\)\. The next `pulumi up` goes on looking\.$/,
      );
      assert.deepEqual(state["pendingTask"], {
        version: 1,
        id: null,
        target: { licenseType: "OcPro", licensedUsersCount: 50 },
        sentAt: "2026-03-01T12:00:00.000Z",
      });
      await refused(up(world, { ...PRO, taskTimeout: "4m" }, asState(state)), /No trace of the upgrade/);
      const later = await partial(
        up(world, { ...PRO, taskTimeout: "4m" }, asState(state)),
        /Task tsk_185510, .* is not finished/,
      );
      assert.equal((later["pendingTask"] as Properties)["id"], "tsk_185510");
      const posts = (await world.journal()).filter(({ method }) => method === "POST");
      assert.equal(posts.length, 2);
      assert.ok(Date.parse(posts[1]!.at) - Date.parse(posts[0]!.at) >= 600_000);
    });

    it("while the run is cancelled: is left in state", async () => {
      await start();
      await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault: { kind: "dropAfter" } });
      const run = world.run();
      world.clock.in(10_000, () => {
        run.cancel();
      });
      const state = await partial(
        up(world, PRO, undefined, run),
        /^The run was cancelled\. The upgrade goes on at the platform, and the next `pulumi up` goes on with it\.$/,
      );
      assert.equal((state["pendingTask"] as Properties)["id"], null);
      const done = await up(world, PRO, asState(state));
      assert.equal(done["licenseType"], "OcPro");
      assert.equal(await countOf(POST), 1);
    });

    it("and of which nothing is ever seen: is asked for three times, and then given up", async () => {
      await start();
      await world.admin.faults({ method: "POST", path: UPGRADE_PATH, count: -1, fault: { kind: "dropBefore" } });
      const state = await partial(
        up(world, PRO),
        /^The upgrade of customer d5253892-.* was asked for 3 times, and no trace of it was found\. Check the connection/,
      );
      assert.equal(await countOf(POST), 3);
      assert.equal(state["pendingTask"], undefined);
      assert.equal(state["unverified"], true);
      const lifecycle = world.customers();
      assert.equal(
        lifecycle.compare(asState(state), checked(lifecycle, { customerGuid: GUID, ...PRO })).changes,
        "remote",
      );
    });

    it("in a time that state tells wrongly: is taken for long ago", async () => {
      await start();
      const state = {
        customerGuid: GUID,
        licenseType: "OcEssential",
        pendingTask: {
          version: 1,
          id: null,
          target: { licenseType: "OcPro", licensedUsersCount: 50 },
          sentAt: "yesterday",
        },
      };
      assert.equal((await up(world, PRO, state))["licenseType"], "OcPro");
      assert.deepEqual(await inShort(), [READ, POST, TASK, READ, PATCH, READ]);
    });
  });

  describe("that the platform refuses otherwise", () => {
    for (const [status, said] of [
      [400, "ErrorTicket=4711"],
      [404, "No way"],
    ] as const) {
      it(`with ${status}: is not repeated, and says what the platform says`, async () => {
        await start();
        await world.admin.faults({
          method: "POST",
          path: UPGRADE_PATH,
          count: -1,
          fault: { kind: "status", status, body: { title: "No way", status: 500, detail: "ErrorTicket=4711" } },
        });
        await refused(
          up(world, PRO),
          new RegExp(`Could not upgrade customer ${GUID}: POST .* answered ${status}: .*${said}`),
        );
        assert.equal(await countOf(POST), 1);
      });
    }

    for (const status of [500, 598]) {
      it(`with ${status}, although it runs: is not repeated, its effect is waited for`, async () => {
        await start();
        const fault: Fault = { kind: "statusAfter", status, body: { title: "No way", detail: "ErrorTicket=4711" } };
        await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault });
        const run = world.run();
        assert.equal((await up(world, PRO, undefined, run))["licenseType"], "OcPro");
        assert.equal(await countOf(POST), 1);
        assert.match(run.warned.join(), /answered 5\d\d: No way; ErrorTicket=4711: looking for its effect/);
        assert.match(run.told.join(), /OC Pro for 50 users: done, though its answer was lost/);
      });

      it(`with ${status}, and it never runs: fails with what the platform said once the grace is over`, async () => {
        await start();
        const fault: Fault = { kind: "status", status, body: { title: "No way", detail: "ErrorTicket=4711" } };
        await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault });
        const state = await partial(up(world, PRO), /answered 5\d\d: No way; ErrorTicket=4711/);
        assert.equal(await countOf(POST), 1);
        assert.deepEqual([state["pendingTask"], state["unverified"]], [undefined, true]);
        assert.equal((await up(world, PRO, asState(state)))["licenseType"], "OcPro");
        assert.equal(await countOf(POST), 2);
      });
    }

    it("with 429, or 503 with Retry-After: is asked for again in its time", async () => {
      await start();
      await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault: { kind: "status", status: 429 } });
      await world.admin.faults({
        method: "POST",
        path: UPGRADE_PATH,
        fault: { kind: "status", status: 503, retryAfter: 20 },
      });
      assert.equal((await up(world, PRO))["licenseType"], "OcPro");
      assert.equal(await countOf(POST), 3);
      assert.ok((await world.journal()).every(({ scolded }) => scolded === undefined));
    });
  });
});
