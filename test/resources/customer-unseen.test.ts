import assert from "node:assert/strict";
import type { Properties } from "../../provider/resource/properties";
import type { Fault } from "../support/live-simulator";
import {
  asState,
  GUID,
  OC_ESSENTIAL,
  OC_PRO,
  OTHER_APPLICATION,
  REGISTRATION,
  startWithCustomer,
  up,
} from "./support/customer";
import { checked, partial, refused, type World } from "./support/world";

const READ = "GET /api/v3/customer/*";
const PATCH = "PATCH /api/v3/customer/*";
const POST = "POST /api/v2/customer/*/action/upgrade";
const PATH = `/api/v3/customer/${GUID}$`;
const UPGRADE_PATH = "/action/upgrade$";
const TASK_PATH = "/api/v2/task/";
const PRO = { licenseType: "OcPro", licensedUsersCount: 50 };

describe("what a customer's licence became, when it was not seen", () => {
  let world: World;
  afterEach(() => world.close());

  const start = async (customer: object = OC_PRO, settings: object = {}, environment = {}): Promise<void> => {
    world = await startWithCustomer(customer, settings, environment);
  };
  const countOf = async (request: string): Promise<number> =>
    (await world.requests()).filter((each) => each === request).length;
  const held = async (name: string): Promise<unknown> => (await world.customer(GUID))[name];
  const blind = (skip = 1): Promise<void> =>
    world.admin.faults({ method: "GET", path: PATH, skip, count: -1, fault: { kind: "dropBefore" } });
  /** The reads after the next `skip` ones show the customer as it was, so many times. */
  const stale = (body: object, count: number, skip = 0): Promise<void> =>
    world.admin.faults({
      method: "GET",
      path: PATH,
      skip,
      count,
      fault: { kind: "status", status: 200, body: { UmpCustomerGuid: GUID, CustomerFullName: "Contoso", ...body } },
    });

  describe("after a PATCH that was done, while no read succeeds", () => {
    const answers: readonly (readonly [string, Fault | undefined])[] = [
      ["accepted", undefined],
      ["a dropped connection", { kind: "dropAfter" }],
      ["504", { kind: "statusAfter", status: 504 }],
      ["500", { kind: "statusAfter", status: 500 }],
      ["a page", { kind: "malformed", how: "html" }],
    ];
    for (const [title, fault] of answers) {
      it(`is put back by the earlier program with another taskTimeout: ${title}`, async () => {
        await start(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
        const before = await up(world, PRO);
        if (fault !== undefined) {
          await world.admin.faults({ method: "PATCH", path: PATH, fault });
        }
        await blind();
        const run = world.run();
        const state = asState(
          await partial(up(world, { ...PRO, licensedUsersCount: 500 }, before, run), /GET .* was cut off/),
        );
        assert.deepEqual(run.told, ["PATCH users 50 → 500: not verified"]);
        assert.equal(await held("licensedUsersCount"), 500);
        assert.deepEqual([state["unverified"], state["licensedUsersCount"]], [true, 50]);
        await world.admin.clearFaults();
        const lifecycle = world.customers();
        const inputs = checked(lifecycle, { customerGuid: GUID, ...PRO, taskTimeout: "90s" });
        assert.equal(lifecycle.compare(state, inputs).changes, "remote");
        const preview = await lifecycle.preview(inputs, state, world.run());
        assert.deepEqual(preview.lines, ["PATCH users 500 → 50"]);
        const done = await up(world, { ...PRO, taskTimeout: "90s" }, state);
        assert.equal(await held("licensedUsersCount"), 50);
        assert.equal(done["unverified"], undefined);
      });
    }

    it("stays unverified when the next run sees nothing either", async () => {
      await start(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
      await blind();
      const state = asState(await partial(up(world, { ...PRO, licensedUsersCount: 500 }), /GET .* was cut off/));
      await refused(up(world, { ...PRO, taskTimeout: "90s" }, state), /GET .* was cut off/);
    });

    it("costs one look and no write where it is as declared", async () => {
      await start(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
      await blind();
      const inputs = { ...PRO, licensedUsersCount: 500 };
      const state = asState(await partial(up(world, inputs), /GET .* was cut off/));
      await world.admin.clearFaults();
      const lifecycle = world.customers();
      const preview = await lifecycle.preview(
        checked(lifecycle, { customerGuid: GUID, ...inputs }),
        state,
        world.run(),
      );
      assert.deepEqual(preview.lines, ["nothing to send: verifies the last write"]);
      await world.admin.forgetRequests();
      const done = await up(world, inputs, state);
      assert.deepEqual(await world.requests(), [READ]);
      assert.equal(done["unverified"], undefined);
      assert.equal(done["licensedUsersCount"], 500);
    });

    it("is planned with its refusals once it is seen", async () => {
      await start(OC_PRO, {}, { LIVE_PLATFORM_MAX_RETRIES: "0" });
      await blind();
      const state = asState(await partial(up(world, { ...PRO, licensedUsersCount: 500 }), /GET .* was cut off/));
      await world.admin.clearFaults();
      await world.admin.patchCustomer(GUID, { activeUserCount: 80 });
      await refused(up(world, PRO, state), /^licensedUsersCount: 50 is below the 80 licences in use/);
    });
  });

  describe("when somebody changed the customer during the wait for an upgrade", () => {
    const waits: readonly (readonly [string, (fault: (rule: object) => Promise<void>) => Promise<void>])[] = [
      ["its task", () => Promise.resolve()],
      [
        "409",
        (fault) =>
          fault({ kind: "status", status: 409, body: { title: "Tenant upgrade is in progress", status: 409 } }),
      ],
      ["a lost answer", (fault) => fault({ kind: "dropAfter" })],
      [
        "a forgotten task",
        () => {
          world.clock.in(5_000, () => world.admin.forgetTask("tsk_185510"));
          return Promise.resolve();
        },
      ],
    ];
    const edits: readonly (readonly [string, Properties, RegExp])[] = [
      ["to Hosted Pro", { licenseType: 2 }, /^licenseType: the customer holds Hosted Pro, and the platform has no way/],
      ["to a type that nobody knows", { licenseType: 7 }, /^licenseType: the customer holds unknown licence type 7/],
      [
        "so that more users are active",
        { licenseType: 5, licensedUsersCount: 100, activeUserCount: 80 },
        /^licensedUsersCount: 50 is below the 80 licences in use/,
      ],
    ];
    for (const [wait, prepare] of waits) {
      const isUnanswered = wait === "409" || wait === "a lost answer";
      for (const [edit, change, message] of edits) {
        it(`sends no PATCH: ${wait}, ${edit}`, async () => {
          await start(OC_ESSENTIAL, { taskDuration: "60s" });
          await prepare((fault) => world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault: fault as Fault }));
          world.clock.in(4_000, async () => {
            await world.admin.patchCustomer(GUID, change);
            // The task itself, where there is one, must not put it back.
            await world.admin.patchCustomer(GUID, { taskOutcome: "fail" });
          });
          if (wait === "its task") {
            await world.admin.faults({
              method: "GET",
              path: TASK_PATH,
              skip: 2,
              count: -1,
              fault: { kind: "status", status: 200, body: { id: "tsk_185510", status: "CompletedSuccess" } },
            });
          }
          const run = world.run();
          const isOvertaken = isUnanswered && change["licenseType"] !== 5;
          const work = up(world, { ...PRO, ...REGISTRATION }, undefined, run);
          if (isOvertaken) {
            // No upgrade leads there, so none is known to have been done: nothing is owed.
            await refused(work, message);
            assert.doesNotMatch(run.told.join(), /done/);
          } else {
            const state = await partial(work, message);
            assert.equal(state["pendingTask"], undefined);
            assert.equal(state["pendingPatch"], true);
          }
          assert.equal(await countOf(PATCH), 0);
          assert.equal(await countOf(POST), 1);
          assert.equal(run.writes, 1);
        });
      }
    }

    it("sends the name of the last look before the PATCH, where none is declared", async () => {
      await start(OC_ESSENTIAL, { taskDuration: "60s" });
      world.clock.in(20_000, () => world.admin.patchCustomer(GUID, { fullName: "Contoso Renamed" }));
      const done = await up(world, { ...PRO, ...REGISTRATION });
      assert.match((await world.bodies("PATCH"))[0]!, /^\{"customerFullName":"Contoso Renamed",/);
      assert.equal(done["customerFullName"], "Contoso Renamed");
    });

    it("asks the brake about what is there then", async () => {
      await start(OC_ESSENTIAL, { taskDuration: "60s" });
      await world.admin.faults({ method: "POST", path: UPGRADE_PATH, fault: { kind: "dropAfter" } });
      world.clock.in(4_000, () => world.admin.patchCustomer(GUID, { licenseType: 5, licensedUsersCount: 90 }));
      const run = world.run();
      await up(world, { ...PRO, ...REGISTRATION, allowBelowUse: true }, undefined, run);
      assert.deepEqual(
        run.reductions.map((reductions) => reductions.map(({ change }) => change)),
        [[], ["90 → 50"]],
      );
    });
  });

  describe("when an upgrade's task succeeded, and the customer is shown as it was", () => {
    const ESSENTIAL = { LicenseType: 3, LicensedUsersCount: 35, ActiveUserCount: 35 };
    const inputs = { ...PRO, ...REGISTRATION };

    it("waits for the type, and does not ask for a second upgrade", async () => {
      await start(OC_ESSENTIAL, { taskDuration: "10s" });
      await stale(ESSENTIAL, 5, 1);
      await up(world, inputs);
      assert.equal(await countOf(POST), 1);
      assert.equal(await countOf(PATCH), 1);
    });

    it("waits for it when the task was resumed, too", async () => {
      await start(OC_ESSENTIAL, { taskDuration: "60s" });
      const state = asState(await partial(up(world, { ...inputs, taskTimeout: "10s" }), /is not finished/));
      await world.admin.finishTasks();
      await stale(ESSENTIAL, 1);
      const done = await up(world, inputs, state);
      assert.equal(await countOf(POST), 1);
      assert.equal(done["licenseType"], "OcPro");
    });

    it("fails after verifyTimeout with the task in state, and never asks for a second upgrade while the task says success", async () => {
      await start(OC_ESSENTIAL, { taskDuration: "10s" });
      await stale(ESSENTIAL, -1, 1);
      const run = world.run();
      let state = asState(
        await partial(
          up(world, inputs, undefined, run),
          /^Task tsk_185510, .* succeeded, but after 30 s \(verifyTimeout\) the customer still holds OC Essential\. The next `pulumi up` looks again and does not ask/,
        ),
      );
      assert.match(run.told.join(), /task tsk_185510 succeeded, not visible yet, /);
      assert.equal((state["pendingTask"] as Properties)["id"], "tsk_185510");
      assert.deepEqual([state["lastTaskId"], state["unverified"]], ["tsk_185510", true]);
      for (let again = 0; again < 3; again += 1) {
        world.clock.advance(3_600_000);
        await refused(up(world, inputs, state), /succeeded, but after 30 s/);
      }
      assert.equal(await countOf(POST), 1);
      await world.admin.clearFaults();
      state = await up(world, inputs, state);
      assert.equal(await countOf(POST), 1);
      assert.deepEqual(
        [state["licenseType"], state["pendingTask"], state["unverified"]],
        ["OcPro", undefined, undefined],
      );
    });
  });

  describe("when a task ends in words of its own", () => {
    const says = (status: string): Fault => ({ kind: "status", status: 200, body: { id: "tsk_185510", status } });
    for (const word of ["Completed", "Succeeded", "Done", "CompletedWithWarnings"]) {
      it(`takes ${word} for a success`, async () => {
        await start(OC_ESSENTIAL, { taskDuration: "10s" });
        await world.admin.faults({ method: "GET", path: TASK_PATH, skip: 4, count: -1, fault: says(word) });
        await up(world, { ...PRO, ...REGISTRATION });
        assert.ok(world.clock.now() - Date.parse("2026-03-01T12:00:00Z") < 60_000);
      });
    }
    for (const word of ["TimedOut", "Rejected", "Skipped"]) {
      it(`takes ${word} for a failure`, async () => {
        await start(OC_ESSENTIAL, { taskDuration: "60s" });
        await world.admin.faults({ method: "GET", path: TASK_PATH, skip: 1, count: -1, fault: says(word) });
        await partial(up(world, { ...PRO, ...REGISTRATION }), new RegExp(`failed: status "${word}"`));
      });
    }
    for (const word of ["Archived", "Phase 2", "3"]) {
      it(`looks at the customer now and then where it says ${JSON.stringify(word)}, and its type ends the wait`, async () => {
        await start(OC_ESSENTIAL, { taskDuration: "60s" });
        await world.admin.faults({ method: "GET", path: TASK_PATH, count: -1, fault: says(word) });
        const run = world.run();
        const done = await up(world, { ...PRO, ...REGISTRATION }, undefined, run);
        assert.equal(done["licenseType"], "OcPro");
        assert.ok(world.clock.now() - Date.parse("2026-03-01T12:00:00Z") < 120_000);
        const tasks = await countOf("GET /api/v2/task/tsk_185510");
        assert.ok((await countOf(READ)) <= tasks / 3 + 5, "the task is what is looked at most");
        assert.ok(run.progressed.some((line) => line.startsWith(`${word}, `)));
      });
    }

    it("shows nothing of it that could garble a terminal", async () => {
      await start(OC_ESSENTIAL, { taskDuration: "60s" });
      const status = "Failed\u001b[31m\u202e";
      await world.admin.faults({
        method: "GET",
        path: TASK_PATH,
        fault: {
          kind: "status",
          status: 200,
          body: { id: "tsk_185510", status, details: ["a\nb\u001b]0;x\u0007"], executionMessages: ["\u202ec"] },
        },
      });
      await partial(
        up(world, { ...PRO, ...REGISTRATION }),
        /failed: status "Failed\\u\{1b\}\[31m\\u\{202e\}"; details: a\\u\{a\}b\\u\{1b\}\]0;x\\u\{7\}; messages: \\u\{202e\}c\. Correct/,
      );
    });
  });

  describe("when a PATCH starts a task", () => {
    const PATCH_TASK = "tsk_777";
    const answered = (answer: unknown, kind: "statusAfter" | "status" = "statusAfter"): Promise<void> =>
      world.admin.faults({ method: "PATCH", path: PATH, fault: { kind, status: 200, body: answer } });
    const task = (status: string, count: number, details: string[] = []): Promise<void> =>
      world.admin.faults({
        method: "GET",
        path: `/task/${PATCH_TASK}$`,
        count,
        fault: { kind: "status", status: 200, body: { id: PATCH_TASK, status, details } },
      });

    it("waits for it, and verifies", async () => {
      await start();
      await answered(PATCH_TASK);
      await task("In Progress", 3);
      await task("CompletedSuccess", 1);
      const run = world.run();
      const done = await up(world, { ...PRO, licensedUsersCount: 60 }, undefined, run);
      assert.equal(done["licensedUsersCount"], 60);
      assert.equal(done["lastTaskId"], PATCH_TASK);
      assert.equal(done["pendingTask"], undefined);
      assert.equal(await countOf(PATCH), 1);
      assert.match(run.told.join(), /^PATCH users 50 → 60: task tsk_777, \d+ s$/);
    });

    it("fails where the task fails, and sends it again with the next up", async () => {
      await start();
      const before = await up(world, { ...PRO, ...REGISTRATION });
      await answered(PATCH_TASK, "status");
      await task("Failed", 1, ["The secret is not valid"]);
      const inputs = { ...PRO, ...REGISTRATION, applicationClientSecret: "new secret" };
      const run = world.run();
      const state = await partial(
        up(world, inputs, before, run),
        /^Task tsk_777, the change of customer d5253892-.*, failed: status "Failed"; details: The secret is not valid\. Correct the cause/,
      );
      assert.deepEqual([state["pendingPatch"], state["unverified"], state["pendingTask"]], [true, true, undefined]);
      assert.match(run.told.join(), /^PATCH new App Registration secret: task tsk_777, \d+ s, failed$/);
      await up(world, inputs, asState(state));
      assert.equal(await held("applicationClientSecret"), "new secret");
    });

    it("that takes longer than taskTimeout: the next up goes on waiting, and sends nothing again", async () => {
      await start();
      await answered(PATCH_TASK);
      await task("In Progress", 10_000);
      const inputs = { ...PRO, licensedUsersCount: 60 };
      const state = asState(
        await partial(up(world, { ...inputs, taskTimeout: "30s" }), /^Task tsk_777, .* is not finished after 30 s/),
      );
      assert.deepEqual(state["pendingTask"], {
        version: 1,
        id: PATCH_TASK,
        call: "PATCH",
        target: { licenseType: "OcPro", licensedUsersCount: 60 },
        sentAt: "2026-03-01T12:00:00.000Z",
      });
      const lifecycle = world.customers();
      const preview = await lifecycle.preview(
        checked(lifecycle, { customerGuid: GUID, ...inputs }),
        state,
        world.run(),
      );
      assert.deepEqual(preview.lines, ["wait for task tsk_777"]);
      await world.admin.clearFaults();
      await task("Done", 1);
      const run = world.run();
      const done = await up(world, inputs, state, run);
      assert.equal(await countOf(PATCH), 1);
      assert.deepEqual([done["pendingTask"], done["unverified"]], [undefined, undefined]);
      assert.match(
        run.told.join("\n"),
        /^resuming task tsk_777 from an earlier run\nPATCH OC Pro, 60 users: task tsk_777, \d+ s$/,
      );
    });

    it("that the platform forgets: looks whether it is done", async () => {
      await start();
      await answered(PATCH_TASK);
      const done = await up(world, { ...PRO, licensedUsersCount: 60 });
      assert.equal(done["licensedUsersCount"], 60);
      assert.equal(await countOf(PATCH), 1);
    });
  });

  describe("when its full name comes back in another form", () => {
    for (const [title, declared, kept] of [
      ["trimmed", "Contoso ", "Contoso"],
      ["with white space collapsed", "Contoso   Ltd", "Contoso Ltd"],
      ["in another Unicode form", "Cafe\u0301", "Caf\u00e9"],
    ] as const) {
      it(`takes it for the same: ${title}`, async () => {
        await start({ ...OC_PRO, fullName: kept });
        const inputs = { ...PRO, customerFullName: declared };
        const state = await up(world, inputs);
        assert.deepEqual(await world.requests(), [READ]);
        const lifecycle = world.customers();
        assert.equal(
          lifecycle.compare(asState(state), checked(lifecycle, { customerGuid: GUID, ...inputs })).changes,
          "none",
        );
      });
    }

    it("shows any other difference with what cannot be seen escaped", async () => {
      await start({ ...OC_PRO, fullName: "A &amp; B\u200b", ignorePatch: true });
      await partial(
        up(world, { ...PRO, customerFullName: "A\u00a0& B" }),
        /is not visible yet after .*: full name "A &amp; B\\u\{200b\}" → "A\\u\{a0\}& B"\./,
      );
    });
  });

  describe("when characters of a full name were lost on the way", () => {
    it("sends no such name back", async () => {
      await start({ ...OC_PRO, fullName: "Caf\ufffd" });
      await up(world, { ...PRO, licensedUsersCount: 60 });
      assert.deepEqual(await world.bodies("PATCH"), ['{"licenseType":5,"licensedUsersCount":60}']);
    });

    it("refuses to be given one", async () => {
      await start();
      await refused(
        up(world, { ...PRO, customerFullName: "Caf\ufffd" }),
        /^customerFullName: "Caf.*" holds U\+FFFD, which stands for a character that was lost: write the name as it is\.$/,
      );
      assert.equal(await countOf(PATCH), 0);
    });
  });

  describe("when a PATCH is answered with a success of another form", () => {
    const answered = (fault: {
      readonly status?: number;
      readonly text?: string;
      readonly body?: unknown;
    }): Promise<void> =>
      world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "statusAfter", status: 200, ...fault } });
    const inputs = { ...PRO, ...REGISTRATION, applicationClientSecret: "new secret" };

    for (const [title, fault] of [
      ["204", { status: 204, text: "" }],
      ["200 without a body", { text: "" }],
      ["an object without an error", { body: { id: GUID, licenseType: 5 } }],
    ] as const) {
      it(`takes ${title} for done, though only the secret changed`, async () => {
        await start();
        const before = await up(world, { ...PRO, ...REGISTRATION });
        await answered(fault);
        const state = await up(world, inputs, before);
        assert.equal(await countOf(PATCH), 1);
        assert.deepEqual(
          [state["applicationClientSecret"], state["unverified"], state["pendingPatch"]],
          ["new secret", undefined, undefined],
        );
      });
    }

    for (const body of [
      { error: { code: "InvalidSecret" } },
      { success: false },
      "Error: customer is locked",
    ] as const) {
      it(`sends ${JSON.stringify(body)} to people, once, and keeps the secret owed`, async () => {
        await start();
        const before = await up(world, { ...PRO, ...REGISTRATION });
        await answered({ body });
        const state = await partial(up(world, inputs, before), /PATCH .* answered 200/);
        assert.equal(await countOf(PATCH), 1);
        assert.deepEqual(
          [state["applicationClientSecret"], state["unverified"], state["pendingPatch"]],
          [REGISTRATION.applicationClientSecret, true, true],
        );
        await up(world, inputs, asState(state));
        assert.equal(await held("applicationClientSecret"), "new secret");
      });

      it(`reads back what a visible change became after ${JSON.stringify(body)}`, async () => {
        await start();
        await answered({ body });
        const run = world.run();
        const state = await up(world, { ...PRO, licensedUsersCount: 60 }, undefined, run);
        assert.equal(state["licensedUsersCount"], 60);
        assert.match(
          run.warned.join(),
          /^PATCH \/tenantui\/api\/v3\/customer\/\S+ answered 200: [^.]*, which does not confirm the change, but reading back shows it done\.$/,
        );
        assert.deepEqual(run.told, ["PATCH users 50 → 60: done, though its answer did not say so"]);
      });
    }
  });

  it("does not ask again for an upgrade that is answered with an error in a success", async () => {
    await start(OC_ESSENTIAL, {}, { LIVE_PLATFORM_LOST_ANSWER_GRACE: "1m" });
    await world.admin.faults({
      method: "POST",
      path: UPGRADE_PATH,
      count: -1,
      fault: { kind: "status", status: 200, body: { error: { code: "NoSeats" } } },
    });
    const state = await partial(up(world, { ...PRO, ...REGISTRATION }), /POST .* answered 200.*NoSeats/);
    assert.equal(await countOf(POST), 1);
    assert.deepEqual([state["pendingTask"], state["unverified"]], [undefined, true]);
  });

  describe("when a count is lowered", () => {
    const inUse = (currentlyLicensed: number | null): Promise<void> =>
      world.admin.faults({
        method: "GET",
        path: "/licenseinfo$",
        count: -1,
        fault: {
          kind: "status",
          status: 200,
          body: [{ currentlyLicensed, acquiredLicenses: 50, umpCustomerGuid: GUID }],
        },
      });
    const preview = async (inputs: Properties): Promise<string[]> => {
      const lifecycle = world.customers();
      const { refusals, lines } = await lifecycle.preview(
        checked(lifecycle, { customerGuid: GUID, ...inputs }),
        { customerGuid: GUID, ...PRO },
        world.run(),
      );
      return [...refusals.map(({ message }) => message), ...lines];
    };

    it("is refused below the licences in use, in preview and up, whatever the active users are", async () => {
      await start({ ...OC_PRO, activeUserCount: 10 });
      await inUse(24);
      const words = "20 is below the 24 licences in use: declare 24 or more, or set allowBelowUse.";
      assert.deepEqual(await preview({ ...PRO, licensedUsersCount: 20 }), [words]);
      await refused(
        up(world, { ...PRO, licensedUsersCount: 20 }),
        /^licensedUsersCount: 20 is below the 24 licences in use/,
      );
      assert.deepEqual(await preview({ ...PRO, licensedUsersCount: 24 }), ["PATCH users 50 → 24"]);
      assert.deepEqual(await preview({ ...PRO, licensedUsersCount: 20, allowBelowUse: true }), ["PATCH users 50 → 20"]);
    });

    it("goes by the licences in use where they are fewer than the active users", async () => {
      await start({ ...OC_PRO, activeUserCount: 45 }, { belowActiveUsers: "accept" });
      await inUse(24);
      assert.equal((await up(world, { ...PRO, licensedUsersCount: 30 }))["licensedUsersCount"], 30);
    });

    it("goes by the active users where the platform does not count the licences in use, or does not offer the call", async () => {
      await start();
      const refusal = ["34 is below the 35 active users: declare 35 or more, or set allowBelowUse."];
      await inUse(null);
      assert.deepEqual(await preview({ ...PRO, licensedUsersCount: 34 }), refusal);
      for (const status of [403, 404]) {
        await world.admin.clearFaults();
        await world.admin.faults({ method: "GET", path: "/licenseinfo$", fault: { kind: "status", status } });
        assert.deepEqual(await preview({ ...PRO, licensedUsersCount: 34 }), refusal);
      }
    });

    it("is the only time that the licences in use are asked for", async () => {
      await start();
      await inUse(24);
      const state = await up(world, { ...PRO, licensedUsersCount: 60 });
      await up(world, { ...PRO, licensedUsersCount: 60, licenseType: "OcEssentialPlus" }, asState(state));
      assert.ok((await world.requests()).every((request) => !request.endsWith("licenseinfo")));
    });
  });

  it("leaves one line a call, with how it ended", async () => {
    await start(OC_ESSENTIAL, { taskDuration: "60s" });
    const run = world.run();
    const state = await up(world, { ...PRO, ...REGISTRATION }, undefined, run);
    assert.equal(run.told.length, 2);
    assert.match(run.told[0]!, /^POST upgrade OC Essential → OC Pro for 50 users: task tsk_185510, 1 min(?: \d+ s)?$/);
    assert.match(run.told[1]!, /^PATCH App Registration none → .*: done$/);
    const second = world.run();
    await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "dropBefore" } });
    await up(world, { ...PRO, ...REGISTRATION, licensedUsersCount: 60 }, asState(state), second);
    assert.deepEqual(second.told, ["PATCH users 50 → 60: its answer was lost", "PATCH users 50 → 60: done"]);
    const third = world.run();
    await world.admin.faults({ method: "PATCH", path: PATH, fault: { kind: "status", status: 400, body: "No" } });
    await assert.rejects(up(world, { ...PRO, ...REGISTRATION, licensedUsersCount: 70 }, asState(state), third));
    assert.deepEqual(third.told, ["PATCH users 60 → 70: answered 400"]);
  });

  it("keeps drift of the App Registration apart from what was sent", async () => {
    await start();
    const state = await up(world, { ...PRO, ...REGISTRATION });
    await world.admin.patchCustomer(GUID, { applicationClientId: OTHER_APPLICATION });
    const lifecycle = world.customers();
    const reading = (await lifecycle.read(state, world.run()))!;
    assert.equal(reading.outputs["applicationClientId"], OTHER_APPLICATION);
  });
});
