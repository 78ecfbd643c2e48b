import assert from "node:assert/strict";
import type { Properties } from "../../provider/resource/properties";
import type { Fault } from "../support/live-simulator";
import { asState, HELD, startWithTenant, up } from "./support/tenant";
import { checked, partial, refused, World } from "./support/world";

const READ = "GET /api/v1/tenants/foo/licenses/";
const PUT = "PUT /api/v1/tenants/foo/licenses/";
const PATH = "/tenants/foo/licenses/$";

const WANTED = {
  groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5 },
  userServices: { "Call Forwarding Busy": 7, "Anonymous Call Rejection": 0 },
};
const ORIGINAL = {
  groupServices: { "Call Pickup": 3, "Hunt Group": 3 },
  userServices: { "Anonymous Call Rejection": 10, "Call Forwarding Busy": 50 },
};

describe("a tenant's licences at the gateway", () => {
  let world: World;
  afterEach(() => world.close());

  const start = async (...args: Parameters<typeof startWithTenant>): Promise<void> => {
    world = await startWithTenant(...args);
  };

  describe("that are as declared", () => {
    it("are adopted by one read, without a write", async () => {
      await start();
      const run = world.run();
      const state = await up(world, { groupServices: { "Hunt Group": 3 } }, undefined, run);
      assert.deepEqual(await world.requests(), [READ]);
      assert.deepEqual(await world.bodies("GET"), ['{"includeServicePacks":true}']);
      assert.deepEqual(state, {
        tenantId: "foo",
        groupServices: { "Hunt Group": 3 },
        original: { groupServices: { "Hunt Group": 3 } },
      });
      assert.equal(run.writes, 0);
    });

    it("cost nothing when they are declared again, and read back without a difference", async () => {
      await start();
      const state = await up(world, { ...WANTED, onDestroy: "restore" });
      await world.admin.forgetRequests();
      const lifecycle = world.tenants();
      const declared = checked(lifecycle, { tenantId: "foo", ...WANTED, onDestroy: "restore" });
      assert.deepEqual(lifecycle.compare(state, declared), { changes: "none", replaces: [] });
      assert.deepEqual(await world.requests(), []);
      const reading = await lifecycle.read(state, world.run());
      assert.deepEqual(asState(reading!.outputs), state);
      assert.deepEqual(asState(reading!.inputs), declared);
    });

    it("may be more than half used, or below use, if they are so already", async () => {
      await start({ groupServices: { "Auto Attendant": { maximum: 5, currentlyAllocated: 10 } } });
      await up(world, { groupServices: { "Auto Attendant": 5 } });
      assert.deepEqual(await world.requests(), [READ]);
    });
  });

  describe("that are not as declared", () => {
    it("are changed by one PUT between two reads, which names nothing else", async () => {
      await start();
      const state = await up(world, {
        ...WANTED,
        groupServices: { ...WANTED.groupServices, "Auto Attendant": 10 },
      });
      assert.deepEqual(await world.requests(), [READ, PUT, READ]);
      assert.deepEqual(await world.bodies("PUT"), [
        '{"groupServices":[{"name":"Call Pickup","allocated":{"unlimited":false,"maximum":5}},{"name":"Hunt Group","allocated":{"unlimited":true}}],' +
          '"userServices":[{"name":"Anonymous Call Rejection","allocated":{"unlimited":false,"maximum":0}},{"name":"Call Forwarding Busy","allocated":{"unlimited":false,"maximum":7}}]}',
      ]);
      assert.deepEqual(await world.tenant("foo"), {
        groupServices: { ...HELD.groupServices, ...WANTED.groupServices },
        userServices: { ...HELD.userServices, ...WANTED.userServices },
      });
      assert.deepEqual(state["original"], {
        ...ORIGINAL,
        groupServices: { "Auto Attendant": 10, ...ORIGINAL.groupServices },
      });
    });

    it("are changed without a word of a kind in which nothing differs", async () => {
      await start();
      await up(world, { userServices: { "Speed Dial 8": 4 }, groupServices: { "Hunt Group": 3 } });
      assert.deepEqual(await world.bodies("PUT"), [
        '{"userServices":[{"name":"Speed Dial 8","allocated":{"unlimited":false,"maximum":4}}]}',
      ]);
    });

    it("keep what was found first, however often they change", async () => {
      await start();
      let state = await up(world, { groupServices: { "Hunt Group": 5 } });
      state = await up(world, { groupServices: { "Hunt Group": 7, "Call Pickup": 9 } }, state);
      assert.deepEqual(state["original"], { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
    });

    it("refuse before any write what the plan refuses, all at once", async () => {
      await start();
      await refused(
        up(world, { groupServices: { "Auto Attendant": 9, "Hunt Gruop": 1, "Hunt Group": 4 } }),
        /^groupServices\.Auto Attendant: 9 is below the 10 allocated now.*\ngroupServices\.Hunt Gruop: the gateway does not list this service.*did you mean Hunt Group\?/,
      );
      assert.deepEqual(await world.requests(), [READ]);
    });

    it("may go below use where that is asked for", async () => {
      await start({}, { belowCurrentlyAllocated: "accept" });
      const state = await up(world, { groupServices: { "Auto Attendant": 9 }, allowBelowUse: true });
      assert.deepEqual(state["groupServices"], { "Auto Attendant": 9 });
    });

    it("refuse a tenant that is not there", async () => {
      await start();
      await refused(
        up(world, { tenantId: "bar", ...WANTED }),
        /^tenantId: there is no tenant bar on the gateway \(http.*\): check tenantId and tenantGateway.baseUrl\.$/,
      );
      assert.deepEqual(await world.requests(), ["GET /api/v1/tenants/bar/licenses/", "GET /api/v1/tenants/"]);
    });

    it("are found under a tenant whose id needs encoding", async () => {
      const id = "Ärger & Söhne";
      world = await World.start({ gateway: { tenants: { [id]: { groupServices: { A: 1 } } } } });
      await up(world, { tenantId: id, groupServices: { A: 2 } });
      assert.deepEqual(await world.tenant(id), { groupServices: { A: 2 }, userServices: {} });
    });
  });

  describe("that the gateway does not list", () => {
    it("are sent where that is asked for, and are as declared if the gateway takes them", async () => {
      await start();
      await world.admin.faults({
        method: "PUT",
        path: PATH,
        fault: { kind: "status", status: 200, body: { groupServices: [{ name: "New", status: "updated" }] } },
      });
      const inputs = { groupServices: { New: 4 }, allowUnlisted: true };
      const state = await up(world, inputs);
      assert.deepEqual(state, { tenantId: "foo", ...inputs, original: {} });
      const reading = await world.tenants().read(state, world.run());
      assert.deepEqual(asState(reading!.outputs), state);
      await world.admin.forgetRequests();
      // Nothing tells that it is not so.
      await up(world, inputs, { ...state, allowBelowUse: true });
      assert.deepEqual(await world.bodies("PUT"), []);
    });

    it("fail where the gateway does not take them, and are not in state", async () => {
      await start();
      const state = await partial(
        up(world, { groupServices: { New: 4, "Hunt Group": 4 }, allowUnlisted: true }),
        /^Tenant foo: 1 service is not as declared; all others are\.\n {2}groupServices\.New: the gateway answered "failed" \(Unknown service\); it is not listed, not 4$/,
      );
      assert.deepEqual(state["groupServices"], { "Hunt Group": 4 });
      assert.deepEqual(state["original"], { groupServices: { "Hunt Group": 3 } });
    });

    it("any more, are dropped by refresh, so that the next preview refuses them", async () => {
      await start();
      const state = await up(world, WANTED);
      await world.admin.patchTenant("foo", { groupServices: { "Hunt Group": null } });
      const reading = await world.tenants().read(state, world.run());
      assert.deepEqual(reading!.outputs["groupServices"], { "Call Pickup": 5 });
      assert.deepEqual(reading!.inputs["groupServices"], { "Call Pickup": 5 });
      await refused(
        up(world, WANTED, asState(reading!.outputs)),
        /groupServices\.Hunt Group: the gateway does not list this service/,
      );
    });
  });

  describe("of which some fail", () => {
    const expectOthersDone = async (state: Properties, failed: string, held: unknown): Promise<void> => {
      const groupServices = { "Call Park": 2, "Call Pickup": 5, "Hunt Group": 6 };
      assert.deepEqual(state["groupServices"], { ...groupServices, [failed]: held });
      assert.deepEqual(state["original"], { groupServices: { "Call Park": 0, "Call Pickup": 3, "Hunt Group": 3 } });
      const lifecycle = world.tenants();
      assert.equal(
        lifecycle.compare(asState(state), checked(lifecycle, { tenantId: "foo", groupServices })).changes,
        "remote",
      );
      assert.equal((await world.journal()).filter(({ method }) => method === "PUT").length, 1);
    };
    const inputs = { groupServices: { "Call Park": 2, "Call Pickup": 5, "Hunt Group": 6 } };

    it("because the gateway says so (207): they are named, the others are done", async () => {
      await start({ groupServices: { "Call Pickup": { maximum: 3, failOnUpdate: "No capacity" } } });
      const state = await partial(
        up(world, inputs),
        /^Tenant foo: 1 service is not as declared; all others are\.\n {2}groupServices\.Call Pickup: the gateway answered "failed" \(No capacity\); it is 3, not 5$/,
      );
      await expectOthersDone(state, "Call Pickup", 3);
      assert.deepEqual(await world.requests(), [READ, PUT, READ]);
    });

    it("because its answer leaves one out", async () => {
      await start({ groupServices: { "Call Pickup": { maximum: 3, omitFromReply: true, ignoreUpdate: true } } });
      const state = await partial(
        up(world, inputs),
        /\n {2}groupServices\.Call Pickup: the gateway's answer leaves it out; it is 3, not 5$/,
      );
      await expectOthersDone(state, "Call Pickup", 3);
      assert.equal(state["unverified"], true);
    });

    it("because one reads back differently, even after verifyTimeout", async () => {
      await start(
        { groupServices: { "Call Pickup": { maximum: 3, ignoreUpdate: true } } },
        {},
        { TENANT_GATEWAY_VERIFY_TIMEOUT: "5s" },
      );
      const before = world.clock.now();
      const state = await partial(
        up(world, inputs),
        / 1 service is not verified as declared\. The next `pulumi up` reads the tenant first\.\n {2}groupServices\.Call Pickup: the gateway answered "updated", but after 5 s it still reads 3, not 5$/,
      );
      await expectOthersDone(state, "Call Pickup", 3);
      assert.deepEqual(await world.requests(), [READ, PUT, READ, READ, READ, READ, READ, READ]);
      assert.equal(world.clock.now() - before, 5000);
      assert.equal(state["unverified"], true);
    });

    it("because one of each kind has the same name: they are told apart", async () => {
      world = await World.start({
        gateway: {
          tenants: { foo: { groupServices: { Both: 1 }, userServices: { Both: { maximum: 1, failOnUpdate: "x" } } } },
        },
      });
      const state = await partial(
        up(world, { groupServices: { Both: 2 }, userServices: { Both: 2 } }),
        /^Tenant foo: 1 service is .*\n {2}userServices\.Both: the gateway answered "failed"/,
      );
      assert.deepEqual([state["groupServices"], state["userServices"]], [{ Both: 2 }, { Both: 1 }]);
    });

    it("are tried again by the next up, and only they", async () => {
      await start({ groupServices: { "Call Pickup": { maximum: 3, failOnUpdate: "No capacity" } } });
      const state = await partial(up(world, inputs), /Call Pickup/);
      await world.admin.patchTenant("foo", { groupServices: { "Call Pickup": { failOnUpdate: null } } });
      await world.admin.forgetRequests();
      const next = await up(world, inputs, asState(state));
      assert.deepEqual(await world.bodies("PUT"), [
        '{"groupServices":[{"name":"Call Pickup","allocated":{"unlimited":false,"maximum":5}}]}',
      ]);
      assert.deepEqual(next["groupServices"], inputs.groupServices);
      assert.deepEqual((next["original"] as Properties)["groupServices"], {
        "Call Park": 0,
        "Call Pickup": 3,
        "Hunt Group": 3,
      });
    });

    it("are read back late: they are read again", async () => {
      await start({ groupServices: { "Call Pickup": { maximum: 3, ignoreUpdate: true } } });
      world.clock.in(20_000, () =>
        world.admin.patchTenant("foo", { groupServices: { "Call Pickup": { maximum: 5 } } }),
      );
      const before = world.clock.now();
      const state = await up(world, inputs);
      assert.deepEqual(state["groupServices"], inputs.groupServices);
      assert.equal(state["unverified"], undefined);
      assert.equal((await world.bodies("PUT")).length, 1);
      assert.ok(world.clock.now() - before < 26_000);
    });
  });

  describe("whose PUT gets no good answer", () => {
    const inputs = { groupServices: { "Call Pickup": 5, "Hunt Group": 6 } };
    const again: readonly (readonly [string, Fault])[] = [
      ["a connection dropped before its effect", { kind: "dropBefore" }],
      ["a connection dropped after its effect", { kind: "dropAfter" }],
      ["408", { kind: "status", status: 408 }],
      ["429", { kind: "status", status: 429 }],
      ["502 after its effect", { kind: "statusAfter", status: 502 }],
      ["503 with Retry-After", { kind: "status", status: 503, retryAfter: 5 }],
      ["504", { kind: "status", status: 504 }],
    ];
    for (const [title, fault] of again) {
      it(`is sent again after ${title}: absolute values do no harm twice`, async () => {
        await start();
        await world.admin.faults({ method: "PUT", path: PATH, fault });
        const state = await up(world, inputs);
        assert.deepEqual(await world.requests(), [READ, PUT, PUT, READ]);
        assert.deepEqual(state["groupServices"], inputs.groupServices);
        assert.ok((await world.journal()).every(({ scolded }) => scolded === undefined));
      });
    }

    for (const status of [400, 403, 404, 406, 409, 410, 416, 422, 429]) {
      it(`fails after ${status}, which says that nothing was done: state stays as it is`, async () => {
        await start({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
        await world.admin.faults({
          method: "PUT",
          path: PATH,
          count: -1,
          fault: { kind: "status", status, body: { details: "No way" } },
        });
        await refused(
          up(world, inputs),
          new RegExp(
            `^Could not update the service licences of tenant foo: PUT /api/v1/tenants/foo/licenses/ answered ${status}: No way\\.`,
          ),
        );
        // A session may end with a 403: that is tried once more with a new one.
        assert.deepEqual(await world.requests(), status === 403 ? [READ, PUT, PUT, READ] : [READ, PUT, READ]);
      });
    }

    it("is done where a try before the one that was refused had its effect", async () => {
      await start();
      await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "dropAfter" } });
      await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "status", status: 400 } });
      const run = world.run();
      const state = await up(world, inputs, undefined, run);
      assert.deepEqual(state["original"], { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
      assert.match(run.warned.join(), /answered 400.*, but reading back shows it done\.$/);
    });

    it("and neither gets reading back: state says that the update is unverified", async () => {
      await start();
      await world.admin.faults({ path: PATH, count: -1, skip: 1, fault: { kind: "status", status: 403 } });
      const state = await partial(
        up(world, inputs),
        /^Could not update .* PUT .* answered 403.* Reading back failed too: .* GET .* answered 403.*\n {2}groupServices\.Call Pickup: it was 3, and should now be 5\n/,
      );
      assert.deepEqual(state["groupServices"], { "Call Pickup": 3, "Hunt Group": 3 });
      assert.equal(state["unverified"], true);
    });

    const unclear: readonly (readonly [string, Fault, RegExp])[] = [
      ["500", { kind: "statusAfter", status: 500, body: { details: "Boom" } }, /answered 500: Boom/],
      ["502 again and again", { kind: "statusAfter", status: 502 }, /answered 502/],
      ["408 again and again", { kind: "statusAfter", status: 408 }, /answered 408/],
      ["a dropped connection, again and again", { kind: "dropAfter" }, /was cut off/],
      ["a page of a proxy", { kind: "malformed", how: "html" }, /an HTML page/],
      ["half an answer", { kind: "malformed", how: "truncated" }, /does not confirm the change/],
    ];
    for (const [title, fault, message] of unclear) {
      it(`is done where reading back shows all of it, after ${title}, and a warning says so`, async () => {
        await start({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "1" });
        await world.admin.faults({ method: "PUT", path: PATH, count: -1, fault });
        const run = world.run();
        const state = await up(world, inputs, undefined, run);
        assert.deepEqual(state["groupServices"], inputs.groupServices);
        assert.deepEqual(state["original"], { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
        assert.equal(run.warned.length, 1);
        assert.match(run.warned[0]!, message);
        assert.match(run.warned[0]!, /, but reading back shows it done\.$/);
      });
    }

    it("and was done in part: state tells what is there, and what was found first", async () => {
      await start({ groupServices: { "Call Pickup": { maximum: 3, ignoreUpdate: true } } });
      await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "statusAfter", status: 500 } });
      const state = await partial(up(world, inputs), /answered 500/);
      assert.deepEqual(state["groupServices"], { "Call Pickup": 3, "Hunt Group": 6 });
      assert.deepEqual(state["original"], { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
    });

    it("and nothing of it shows: state tells what is there, since a 500 says nothing of what was done", async () => {
      await start();
      await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "status", status: 500 } });
      const state = await partial(up(world, inputs), /PUT .* answered 500/);
      assert.deepEqual(state["groupServices"], { "Call Pickup": 3, "Hunt Group": 3 });
      assert.equal((await world.bodies("PUT")).length, 1);
    });

    it("and cannot be looked at: state tells what was there before", async () => {
      await start({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
      await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "dropAfter" } });
      await world.admin.faults({ method: "GET", path: PATH, skip: 1, fault: { kind: "status", status: 500 } });
      const state = await partial(up(world, inputs), /PUT .* was cut off/);
      assert.deepEqual(state["groupServices"], { "Call Pickup": 3, "Hunt Group": 3 });
      const next = await up(world, inputs, asState(state));
      assert.deepEqual(next["original"], { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
      assert.equal((await world.bodies("PUT")).length, 1);
    });

    const unseen: readonly (readonly [string, Fault | undefined, RegExp, RegExp])[] = [
      [
        "says updated",
        undefined,
        /: accepted, not visible yet$/,
        /answered "updated", but after 30 s it still reads 3/,
      ],
      [
        "says nothing of any service",
        { kind: "statusAfter", status: 200, body: {} },
        /: accepted, not visible yet$/,
        /the gateway accepted it, but after 30 s it still reads 3/,
      ],
      [
        "refuses one of two",
        {
          kind: "statusAfter",
          status: 207,
          body: {
            groupServices: [
              { name: "Call Pickup", status: "updated" },
              { name: "Hunt Group", status: "failed" },
            ],
          },
        },
        /: accepted in part, not visible yet$/,
        /Hunt Group: the gateway answered "failed"; it is 3, not 6/,
      ],
      [
        "is lost",
        { kind: "dropAfter" },
        /: its answer was lost, whether it was done is not known$/,
        /Call Pickup: its answer was lost; it is 3, not 5\n/,
      ],
      [
        "is a 500",
        { kind: "statusAfter", status: 500 },
        /: the gateway answered 500, whether it was done is not known$/,
        /Call Pickup: the gateway answered 500; it is 3, not 5\n/,
      ],
      [
        "is a page of a proxy",
        { kind: "malformed", how: "html" },
        /: its answer does not confirm it, whether it was done is not known$/,
        /Call Pickup: its answer does not confirm it; it is 3, not 5\n/,
      ],
    ];
    for (const [title, fault, row, message] of unseen) {
      it(`or one that ${title}, and nothing of it shows: neither the row nor the error says that it was not done`, async () => {
        const ignored = { maximum: 3, ignoreUpdate: true };
        await start(
          { groupServices: { "Call Pickup": ignored, "Hunt Group": ignored } },
          {},
          {
            TENANT_GATEWAY_MAX_RETRIES: "0",
          },
        );
        await world.admin.faults(...(fault === undefined ? [] : [{ method: "PUT", path: PATH, fault }]));
        const run = world.run();
        const state = await partial(up(world, inputs, undefined, run), message);
        assert.equal(state["unverified"], true);
        assert.match(run.told.join(), row);
      });
    }

    it("but one that says done, and cannot be verified: state tells what was there before", async () => {
      await start();
      await world.admin.faults({ method: "GET", path: PATH, skip: 1, fault: { kind: "status", status: 500 } });
      const state = await partial(
        up(world, inputs),
        /^The update was sent, but could not be verified\. Could not read .* answered 500/,
      );
      assert.deepEqual(state["groupServices"], { "Call Pickup": 3, "Hunt Group": 3 });
      assert.deepEqual(state["original"], { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } });
    });

    it("because the run is cancelled before the gateway took it: nothing is left", async () => {
      await start();
      await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "status", status: 429, retryAfter: 60 } });
      const run = world.run();
      world.clock.in(10_000, () => {
        run.cancel();
      });
      await refused(up(world, inputs, undefined, run), /^The run was cancelled\.$/);
    });

    it("because the run was cancelled before it: nothing is sent, and nothing is left", async () => {
      await start();
      const run = world.run();
      run.assertWanted = () => Promise.reject(new Error("The run was cancelled."));
      await refused(up(world, inputs, undefined, run), /^The run was cancelled\.$/);
      assert.deepEqual(await world.requests(), [READ]);
    });
  });

  describe("that the gateway reports in its own words", () => {
    const inputs = { groupServices: { "Call Pickup": 5, "Hunt Group": 6 }, userServices: { "Speed Dial 8": 4 } };
    const rows = (status: unknown, rename = (name: string): string => name): Properties => ({
      groupServices: [
        { name: rename("Call Pickup"), status },
        { name: rename("Hunt Group"), status },
      ],
      userServices: [{ name: rename("Speed Dial 8"), status }],
    });
    const answered = async (status: number, body: unknown): Promise<void> => {
      await start({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
      await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "statusAfter", status, body } });
    };
    const silent: readonly (readonly [string, unknown])[] = [
      ['"Updated"', rows("Updated")],
      ['"OK"', rows("OK")],
      ['"Success"', rows("Success")],
      ["names in another case", rows("updated", (name) => name.toUpperCase())],
      ["nothing of any service", {}],
    ];
    for (const [title, body] of silent) {
      it(`are done where they read back so: ${title}`, async () => {
        await answered(200, body);
        const run = world.run();
        const state = await up(world, inputs, undefined, run);
        assert.deepEqual(state["groupServices"], inputs.groupServices);
        assert.equal(state["unverified"], undefined);
        assert.deepEqual(run.warned, []);
        assert.deepEqual(run.told, ["PUT Call Pickup 3 → 5, Hunt Group 3 → 6, Speed Dial 8 unlimited → 4: done"]);
        assert.deepEqual(await world.requests(), [READ, PUT, READ]);
      });
    }

    const loud: readonly (readonly [string, number, unknown])[] = [
      ["a status that is no text", 200, rows(7)],
      ["no status", 200, rows(undefined)],
      ["a word that nobody knows", 207, rows("Zaktualizowano\u001b[2J")],
      ["failures", 200, rows("failed")],
      ["no list", 200, "OK"],
      ["a 400 with a list", 400, rows("failed")],
      ["a 409", 409, { details: "Busy" }],
    ];
    for (const [title, status, body] of loud) {
      it(`are done where they read back so, with one warning: ${title}`, async () => {
        await answered(status, body);
        const run = world.run();
        const state = await up(world, inputs, undefined, run);
        assert.deepEqual(state["userServices"], inputs.userServices);
        assert.equal(state["unverified"], undefined);
        assert.equal(run.warned.length, 1);
        assert.match(run.warned[0]!, /, but reading back shows it done\.$/);
        assert.doesNotMatch(run.warned[0]!, /\p{Cc}/u);
        assert.equal((await world.bodies("PUT")).length, 1);
      });
    }

    it("are named with these words where they do not read back so, and no others", async () => {
      await start({ groupServices: { "Call Pickup": { maximum: 3, ignoreUpdate: true } } });
      await world.admin.faults({
        method: "PUT",
        path: PATH,
        fault: { kind: "statusAfter", status: 207, body: rows("rejected\u001b[2J by policy") },
      });
      const run = world.run();
      const state = await partial(
        up(world, inputs, undefined, run),
        /^Tenant foo: 1 service is not as declared; all others are\.\n {2}groupServices\.Call Pickup: the gateway answered "rejected\\u\{1b\}\[2J by policy"; it is 3, not 5$/,
      );
      assert.deepEqual(state["groupServices"], { "Call Pickup": 3, "Hunt Group": 6 });
      assert.equal(state["unverified"], undefined);
      assert.deepEqual(run.told, [
        "PUT Call Pickup 3 → 5, Hunt Group 3 → 6, Speed Dial 8 unlimited → 4: 2 of 3 services done",
      ]);
      // What it says that it has not done, and what is not done, is not waited for.
      assert.deepEqual(await world.requests(), [READ, PUT, READ]);
    });
  });

  describe("whose last update is unverified", () => {
    const declared = { groupServices: { "Call Pickup": 5, "Hunt Group": 6 } };
    const first = { groupServices: { "Call Pickup": 3, "Hunt Group": 3 } };
    /** State of a first `up` with what is there, and of a second one that was done although nothing could be read after it. */
    const unverified = async (changes: Properties = declared): Promise<Properties> => {
      await start({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
      const state = await up(world, first);
      await world.admin.faults({
        method: "GET",
        path: PATH,
        skip: 1,
        count: 1,
        fault: { kind: "status", status: 500 },
      });
      const next = await partial(up(world, changes, state), /^The update was sent, but could not be verified\./);
      assert.equal(next["unverified"], true);
      assert.deepEqual(next["groupServices"], first.groupServices);
      await world.admin.clearFaults();
      await world.admin.forgetRequests();
      return asState(next);
    };
    const compare = (state: Properties, inputs: Properties): string => {
      const lifecycle = world.tenants();
      return lifecycle.compare(state, checked(lifecycle, { tenantId: "foo", ...inputs })).changes;
    };

    const programs: readonly (readonly [string, Properties])[] = [
      ["the program was taken back", first],
      ["only a local setting changes", { ...first, onDestroy: "unlicense" }],
      ["a service is taken out", { groupServices: { "Hunt Group": 3 } }],
    ];
    for (const [title, inputs] of programs) {
      it(`are read before anything else, and sent where they differ, where ${title}`, async () => {
        const state = await unverified();
        assert.equal(compare(state, inputs), "remote");
        const next = await up(world, inputs, state);
        const held = (await world.tenant("foo"))["groupServices"]!;
        assert.deepEqual(next["groupServices"], inputs["groupServices"]);
        assert.equal(next["unverified"], undefined);
        for (const [name, value] of Object.entries(inputs["groupServices"] as Properties)) {
          assert.equal(held[name], value, name);
        }
        assert.deepEqual(await world.requests(), [READ, PUT, READ]);
        assert.equal(compare(next, inputs), "none");
      });
    }

    it("are read, and nothing is sent, where the update was done", async () => {
      const state = await unverified();
      const next = await up(world, declared, state);
      assert.deepEqual(next["groupServices"], declared.groupServices);
      assert.equal(next["unverified"], undefined);
      assert.deepEqual(next["original"], first);
      assert.deepEqual(await world.requests(), [READ]);
    });

    it("stay unverified where reading fails, or the plan is refused", async () => {
      const state = await unverified();
      await world.admin.faults({ method: "GET", path: PATH, fault: { kind: "status", status: 500 } });
      await refused(up(world, first, state), /answered 500/);
      await refused(up(world, { groupServices: { "Call Pickup": 1 } }, state), /is below the 2 allocated now/);
      assert.deepEqual(await world.bodies("PUT"), []);
    });

    it("are verified by refresh", async () => {
      const state = await unverified();
      const reading = await world.tenants().read(state, world.run());
      assert.deepEqual(reading!.outputs["groupServices"], declared.groupServices);
      assert.equal(reading!.outputs["unverified"], undefined);
      assert.equal(reading!.inputs["unverified"], undefined);
    });

    it("are shown by preview as what they are now, also where nothing is to be sent", async () => {
      const state = await unverified();
      const lifecycle = world.tenants();
      const lines = async (inputs: Properties): Promise<readonly string[]> =>
        (await lifecycle.preview(checked(lifecycle, { tenantId: "foo", ...inputs }), state, world.run())).lines;
      assert.deepEqual(await lines(declared), [
        "nothing to send: the last update, which could not be verified, is done",
      ]);
      assert.deepEqual(await lines(first), ["PUT Call Pickup 5 → 3, Hunt Group 6 → 3"]);
    });

    it("because they did not show in time, are looked at by the next up", async () => {
      await start(
        { groupServices: { "Call Pickup": { maximum: 3, ignoreUpdate: true } } },
        {},
        { TENANT_GATEWAY_VERIFY_TIMEOUT: "2s" },
      );
      const state = await partial(up(world, declared), /but after 2 s it still reads 3, not 5$/);
      assert.equal(state["unverified"], true);
      await world.admin.patchTenant("foo", { groupServices: { "Call Pickup": { maximum: 5 } } });
      await world.admin.forgetRequests();
      const next = await up(world, declared, asState(state));
      assert.deepEqual(await world.requests(), [READ]);
      assert.equal(next["unverified"], undefined);
    });

    it("show late, after the program was taken back: that is waited for, and undone", async () => {
      await start({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
      const state = await up(world, first);
      await world.admin.settings({ visibleAfterMs: 20_000 });
      await world.admin.faults({ method: "GET", path: PATH, skip: 1, fault: { kind: "status", status: 500 } });
      const next = asState(await partial(up(world, declared, state), /could not be verified/));
      const back = await up(world, first, next);
      assert.equal(back["unverified"], undefined);
      assert.deepEqual((await world.tenant("foo"))["groupServices"], HELD.groupServices);
      assert.equal((await world.bodies("PUT")).length, 2);
    });

    it("never show, after the program was taken back: nothing is sent", async () => {
      await start({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
      const state = await up(world, first);
      await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "dropBefore" } });
      await world.admin.faults({ method: "GET", path: PATH, skip: 1, fault: { kind: "status", status: 500 } });
      const next = asState(await partial(up(world, declared, state), /was cut off/));
      await world.admin.forgetRequests();
      const before = world.clock.now();
      const back = await up(world, first, next);
      assert.deepEqual(back, state);
      assert.equal(world.clock.now() - before, 30_000);
      assert.deepEqual(await world.bodies("PUT"), []);
    });

    it("because the connection was lost, and then show: that is waited for", async () => {
      await start({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
      await world.admin.faults({ method: "PUT", path: PATH, fault: { kind: "dropBefore" } });
      world.clock.in(12_000, () =>
        world.admin.patchTenant("foo", {
          groupServices: { "Call Pickup": { maximum: 5 }, "Hunt Group": { maximum: 6 } },
        }),
      );
      const run = world.run();
      const state = await up(world, declared, undefined, run);
      assert.equal(state["unverified"], undefined);
      assert.match(run.warned.join(), /was cut off.*, but reading back shows it done\.$/);
    });
  });

  describe("whose local settings change", () => {
    it("make no request", async () => {
      await start();
      const state = await up(world, WANTED);
      await world.admin.forgetRequests();
      const next = await up(
        world,
        { ...WANTED, onServiceRemoved: "restore", onDestroy: "unlicense", allowBelowUse: true, allowUnlisted: true },
        state,
      );
      assert.deepEqual(await world.requests(), []);
      assert.deepEqual(next, {
        ...state,
        onServiceRemoved: "restore",
        onDestroy: "unlicense",
        allowBelowUse: true,
        allowUnlisted: true,
      });
    });
  });

  describe("by several resources at once", () => {
    it("are never put at the same time for one tenant, and are for two", async () => {
      const services = { A: 1, B: 1, C: 1, D: 1 };
      world = await World.start({
        gateway: { tenants: { foo: { groupServices: services }, bar: { groupServices: services } } },
        latencyMs: 25,
      });
      const lifecycle = world.tenants();
      const apply = (tenantId: string, name: string): Promise<Properties> =>
        lifecycle.apply(checked(lifecycle, { tenantId, groupServices: { [name]: 2 } }), undefined, world.run());
      await Promise.all(["A", "B", "C", "D"].flatMap((name) => [apply("foo", name), apply("bar", name)]));
      const puts = (await world.journal()).filter(({ method }) => method === "PUT");
      assert.equal(puts.length, 8);
      assert.deepEqual(
        puts.map(({ inFlightSameTenant }) => inFlightSameTenant),
        puts.map(() => 0),
      );
      const order = puts.map(({ path }) => path);
      assert.notDeepEqual(order, [...order].sort(), "tenants do not wait for each other");
      for (const tenant of ["foo", "bar"]) {
        assert.deepEqual((await world.tenant(tenant))["groupServices"], { A: 2, B: 2, C: 2, D: 2 });
      }
    });

    it("do not stop where one fails", async () => {
      await start();
      const lifecycle = world.tenants();
      const apply = (groupServices: Properties): Promise<Properties> =>
        lifecycle.apply(checked(lifecycle, { tenantId: "foo", groupServices }), undefined, world.run());
      const [bad, good] = await Promise.allSettled([apply({ "Auto Attendant": 1 }), apply({ "Hunt Group": 9 })]);
      assert.equal(bad.status, "rejected");
      assert.equal(good.status, "fulfilled");
    });
  });
});
