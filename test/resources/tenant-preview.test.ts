import assert from "node:assert/strict";
import { shownMistake } from "../../provider/resource/mistake";
import { UNKNOWN_VALUE } from "../../provider/resource/unknowns";
import type { Properties } from "../../provider/resource/properties";
import type { Fault } from "../support/live-simulator";
import { claimText } from "../../provider/resource/claim";
import { claimOf } from "../../provider/tenant/allocation";
import { asState, startWithTenant } from "./support/tenant";
import { checked, type World } from "./support/world";

const READ = "GET /api/v1/tenants/foo/licenses/";
const PATH = "/tenants/foo/licenses/$";
const ADOPT = "nothing to send: adopts what is there";

describe("a tenant, previewed", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWithTenant({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
  });
  afterEach(async () => {
    const writes = (await world.journal()).filter(({ method }) => method !== "GET");
    await world.close();
    assert.deepEqual(writes, [], "a preview only reads");
  });

  /** What preview says: refusals as `path: message`, then the lines. */
  const preview = async (
    inputs: Properties,
    state?: Properties,
    lifecycle = world.tenants(),
    run = world.run(),
  ): Promise<string[]> => {
    const { refusals, lines } = await lifecycle.preview(checked(lifecycle, { tenantId: "foo", ...inputs }), state, run);
    assert.equal(run.writes, 0);
    return [...refusals.map((refusal) => shownMistake(refusal)), ...lines];
  };

  it("tells that it is adopted, or what would be sent", async () => {
    assert.deepEqual(await preview({ groupServices: { "Hunt Group": 3 } }), [ADOPT]);
    assert.deepEqual(
      await preview({ groupServices: { "Hunt Group": "unlimited" }, userServices: { "Speed Dial 8": 4 } }),
      ["PUT Hunt Group 3 → unlimited, Speed Dial 8 unlimited → 4"],
    );
    assert.deepEqual(await world.requests(), [READ, READ]);
  });

  it("uses what was read ahead, and reads no tenant twice", async () => {
    const lifecycle = world.tenants();
    const run = world.run();
    lifecycle.readAhead("foo", run);
    lifecycle.readAhead("foo", run);
    assert.deepEqual(await preview({ groupServices: { "Hunt Group": 3 } }, undefined, lifecycle, run), [ADOPT]);
    assert.deepEqual(await world.requests(), [READ]);
  });

  it("tells what went wrong in reading ahead where it is needed, and not before", async () => {
    const lifecycle = world.tenants();
    await world.admin.faults({ path: PATH, fault: { kind: "status", status: 500 } });
    lifecycle.readAhead("foo", world.run());
    await assert.rejects(preview({ groupServices: { "Hunt Group": 3 } }, undefined, lifecycle), /answered 500/);
    assert.deepEqual(await world.requests(), [READ]);
  });

  it("tells nothing where there is nothing to send for a resource in state", async () => {
    const state = { tenantId: "foo", groupServices: { "Hunt Group": 2 } };
    assert.deepEqual(await preview({ groupServices: { "Hunt Group": 3 } }, state), []);
  });

  it("refuses what up would refuse, each by its path", async () => {
    assert.deepEqual(
      await preview({ groupServices: { "Auto Attendant": 9, "Hunt Gruop": 1 }, userServices: { "Speed Dial 8": 0 } }),
      [
        "groupServices.Auto Attendant: 9 is below the 10 allocated now: declare 10 or more, free some, or set allowBelowUse.",
        "groupServices.Hunt Gruop: the gateway does not list this service for tenant foo: did you mean Hunt Group? (allowUnlisted sends it all the same)",
        "PUT Speed Dial 8 unlimited → 0",
      ],
    );
    assert.match(
      (await preview({ tenantId: "bar", groupServices: { A: 1 } }))[0]!,
      /^tenantId: there is no tenant bar on the gateway/,
    );
  });

  it("refuses what takes away licences that service packs hand out, declared or taken out", async () => {
    await world.admin.patchTenant("foo", { userServices: { "Speed Dial 8": { maximum: 10, packsAllocated: 7 } } });
    assert.deepEqual(await preview({ userServices: { "Speed Dial 8": 0 } }), [
      "userServices.Speed Dial 8: 0 is below the 7 handed out by service packs (0 allocated now): declare 7 or more, free some, or set allowBelowUse.",
    ]);
    const state = { tenantId: "foo", groupServices: { "Hunt Group": 3 }, userServices: { "Speed Dial 8": 10 } };
    assert.deepEqual(await preview({ groupServices: { "Hunt Group": 3 }, onServiceRemoved: "unlicense" }, state), [
      "removing Speed Dial 8 would unlicense 7 handed out by service packs (0 in use): free them, keep it, or use retain",
    ]);
  });

  it("refuses a service that could not be let go, and tells those that can", async () => {
    const state = {
      tenantId: "foo",
      groupServices: { "Call Pickup": 3, "Hunt Group": 3 },
      userServices: { "Speed Dial 8": "unlimited" },
    };
    assert.deepEqual(await preview({ groupServices: { "Hunt Group": 3 }, onServiceRemoved: "unlicense" }, state), [
      "removing Call Pickup would unlicense 2 in use: free them, keep it, or use retain",
      "PUT Speed Dial 8 unlimited → 0 (removed, unlicense)",
    ]);
  });

  it("names each service that is taken out and stays as it is, without a request where nothing is to be sent", async () => {
    const state = { tenantId: "foo", groupServices: { "Call Park": 1, "Hunt Group": 3 }, userServices: { X: 2 } };
    assert.deepEqual(await preview({ groupServices: { "Hunt Group": 3 } }, state), [
      "Call Park: no longer managed, stays at 1",
      "X: no longer managed, stays at 2",
    ]);
    assert.deepEqual(
      await preview(
        { groupServices: { "Hunt Group": 3 }, onDestroy: "unlicense" },
        {
          tenantId: "foo",
          groupServices: { "Hunt Group": 3 },
        },
      ),
      [],
    );
    assert.deepEqual(await world.requests(), []);
    assert.deepEqual(await preview({ groupServices: { "Hunt Group": 4 } }, state), [
      "PUT Hunt Group 3 → 4",
      "Call Park: no longer managed, stays at 0",
      "X: no longer managed, not listed by the gateway",
    ]);
  });

  it("tells what each service that is taken out is set to, and why", async () => {
    const state = {
      tenantId: "foo",
      groupServices: { "Call Park": 0, "Hunt Group": 3 },
      userServices: { "Speed Dial 8": "unlimited" },
      original: { groupServices: { "Call Park": 9 }, userServices: { "Speed Dial 8": 2 } },
    };
    assert.deepEqual(await preview({ groupServices: { "Hunt Group": 4 }, onServiceRemoved: "restore" }, state), [
      "PUT Hunt Group 3 → 4",
      "PUT Call Park 0 → 9 (removed, restore)",
      "PUT Speed Dial 8 unlimited → 2 (removed, restore)",
    ]);
    assert.deepEqual(await preview({ groupServices: { "Hunt Group": 3 }, onServiceRemoved: "unlicense" }, state), [
      "PUT Speed Dial 8 unlimited → 0 (removed, unlicense)",
      "Call Park: no longer managed, stays at 0",
    ]);
  });

  it("leaves alone what another resource declares", async () => {
    const state = { tenantId: "foo", groupServices: { "Call Park": 1, "Hunt Group": 3 } };
    const run = world.run();
    run.declared.add(claimText(claimOf("foo", "groupServices", "Call Park")));
    const inputs = { groupServices: { "Hunt Group": 3 }, onServiceRemoved: "unlicense" };
    assert.deepEqual(await preview(inputs, state, world.tenants(), run), [
      "left as they are, because this program declares them in another resource: groupServices.Call Park (other)",
    ]);
  });

  it("reads a tenant once, for refresh and all its resources together", async () => {
    const lifecycle = world.tenants();
    const state = { tenantId: "foo", groupServices: { "Hunt Group": 3 } };
    await lifecycle.read(state, world.run());
    await preview({ groupServices: { "Hunt Group": 4 } }, state, lifecycle);
    await preview({ groupServices: { "Call Park": 4 } }, undefined, lifecycle);
    assert.deepEqual(await world.requests(), [READ]);
  });

  describe("with values that are not known yet,", () => {
    it("asks for nothing where the tenant is not known", async () => {
      assert.deepEqual(await preview({ tenantId: UNKNOWN_VALUE, groupServices: { "Hunt Group": 4 } }), []);
      assert.deepEqual(await world.requests(), []);
    });

    it("plans for those that are known", async () => {
      assert.deepEqual(await preview({ groupServices: { "Hunt Group": UNKNOWN_VALUE, "Call Park": 2 } }), [
        "PUT Call Park 0 → 2",
      ]);
      assert.deepEqual(await preview({ groupServices: UNKNOWN_VALUE, userServices: { "Speed Dial 8": 1 } }), [
        "PUT Speed Dial 8 unlimited → 1",
      ]);
    });

    it("takes nothing for gone", async () => {
      const state = { tenantId: "foo", groupServices: { "Hunt Group": 3, "Call Park": 0 } };
      assert.deepEqual(await preview({ groupServices: UNKNOWN_VALUE, onServiceRemoved: "unlicense" }, state), []);
      assert.deepEqual(
        await preview({ groupServices: { "Hunt Group": 3 }, onServiceRemoved: UNKNOWN_VALUE }, state),
        [],
      );
    });

    it("does not refuse for a permission that is not known", async () => {
      assert.deepEqual(await preview({ groupServices: { "Auto Attendant": 9 }, allowBelowUse: UNKNOWN_VALUE }), [
        "PUT Auto Attendant 10 → 9",
      ]);
      assert.deepEqual(await preview({ groupServices: { New: 9 }, allowUnlisted: UNKNOWN_VALUE }), [
        "PUT New not listed → 9",
      ]);
    });

    it("passes each other field", async () => {
      for (const name of ["onServiceRemoved", "onDestroy"]) {
        assert.deepEqual(await preview({ groupServices: { "Hunt Group": 3 }, [name]: UNKNOWN_VALUE }), [ADOPT], name);
      }
    });
  });

  it("fails where the gateway cannot be asked", async () => {
    await world.admin.faults({
      path: "/login/",
      count: -1,
      fault: { kind: "status", status: 401, body: { details: "Nope" } },
    });
    await assert.rejects(
      preview({ groupServices: { "Hunt Group": 3 } }),
      /log in to the tenant gateway: .* TENANT_GATEWAY_PASSWORD/,
    );
  });
});

describe("a tenant, read", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWithTenant({}, {}, { TENANT_GATEWAY_MAX_RETRIES: "0" });
  });
  afterEach(() => world.close());

  const STATE = {
    tenantId: "foo",
    groupServices: { "Hunt Group": 3 },
    userServices: { "Speed Dial 8": "unlimited" },
    onDestroy: "restore",
    original: { groupServices: { "Hunt Group": 1 } },
  };
  const read = async (state: Properties = STATE): Promise<Properties | undefined> => {
    const reading = await world.tenants().read(state, world.run());
    return reading === undefined ? undefined : asState(reading.outputs);
  };

  it("is what its services are now, as outputs and as inputs", async () => {
    await world.admin.patchTenant("foo", {
      groupServices: { "Hunt Group": "unlimited" },
      userServices: { "Speed Dial 8": 2 },
    });
    const reading = await world.tenants().read(STATE, world.run());
    const now = { ...STATE, groupServices: { "Hunt Group": "unlimited" }, userServices: { "Speed Dial 8": 2 } };
    const { original, ...inputs } = now;
    assert.deepEqual(asState(reading!.outputs), now, JSON.stringify(original));
    assert.deepEqual(asState(reading!.inputs), inputs);
  });

  it("may have no service left", async () => {
    await world.admin.patchTenant("foo", {
      groupServices: { "Hunt Group": null },
      userServices: { "Speed Dial 8": null },
    });
    const { groupServices, userServices, ...rest } = STATE;
    assert.deepEqual(await read(), rest, JSON.stringify([groupServices, userServices]));
  });

  const LIST = "GET /api/v1/tenants/";
  const notFound = (fault: Fault): Promise<void> => world.admin.faults({ method: "GET", path: PATH, count: -1, fault });
  const list = (fault: Fault): Promise<void> => world.admin.faults({ path: "/tenants/$", count: -1, fault });
  const listing = (...ids: string[]): Fault => ({
    kind: "status",
    status: 200,
    body: { tenants: ids.map((tenantId) => ({ tenantId, name: tenantId, type: "Enterprise" })) },
  });

  const forms: readonly (readonly [string, Fault])[] = [
    ["the gateway's own words", { kind: "status", status: 404, body: { details: "Not found" } }],
    [
      "the words of an API gateway",
      { kind: "status", status: 404, body: { message: "no Route matched with those values" } },
    ],
    ["another framework's words", { kind: "status", status: 404, body: { detail: "Not found." } }],
    ["a bare text in JSON", { kind: "status", status: 404, body: "Not Found" }],
    ["an empty list", { kind: "status", status: 404, body: [] }],
    ["nothing", { kind: "status", status: 404, text: "" }],
    ["a page", { kind: "status", status: 404, text: "<html></html>", contentType: "text/html" }],
  ];
  for (const [title, fault] of forms) {
    it(`is not gone where 404 is answered with ${title}, and the list holds the tenant`, async () => {
      await notFound(fault);
      await assert.rejects(
        read(),
        /^Error: The gateway \(http:.*\) answers 404 for tenant foo, but still lists the tenant\. Check tenantGateway\.baseUrl .*`pulumi state delete <urn>`/,
      );
    });

    it(`is gone where 404 is answered with ${title}, and the list lacks the tenant`, async () => {
      await notFound(fault);
      await list(listing("Foo", "foo ", "bar"));
      assert.equal(await read(), undefined);
      assert.deepEqual(await world.requests(), [READ, LIST]);
    });
  }

  it("is gone where it was deleted", async () => {
    await world.addTenant({ id: "bar" });
    await world.admin.deleteTenant("foo");
    assert.equal(await read(), undefined);
    assert.deepEqual(await world.requests(), [READ, LIST]);
  });

  const doubts: readonly (readonly [string, Fault, RegExp])[] = [
    ["is empty", listing(), /and lists no tenant at all, which proves nothing\./],
    [
      "is refused",
      { kind: "status", status: 403, body: { details: "Not yours" } },
      /cannot be read: .*answered 403: Not yours/,
    ],
    ["is not found either", { kind: "status", status: 404, body: {} }, /cannot be read: .*answered 404/],
    ["fails", { kind: "status", status: 500, body: { details: "Boom" } }, /cannot be read: .*answered 500: Boom/],
    ["is no list", { kind: "status", status: 200, body: { tenants: null } }, /cannot be read: /],
    ["is a page", { kind: "malformed", how: "html" }, /cannot be read: .*HTML page/],
    ["cannot be reached", { kind: "dropBefore" }, /cannot be read: .*was cut off/],
    ...[201, 202, 203, 206, 207].map(
      (status) =>
        [
          `is answered with ${status}`,
          { kind: "status", status, body: { tenants: [{ tenantId: "bar" }] } },
          new RegExp(`proves nothing: .*answered ${status}, but the list of tenants is not complete`),
        ] as const,
    ),
    ...[{ errors: [{ code: "9", message: "Backend 2 failed" }] }, { partial: true }, { total: 1 }, { Tenants: [] }].map(
      (beside) =>
        [
          `has ${JSON.stringify(beside)} beside it`,
          { kind: "status", status: 200, body: { tenants: [{ tenantId: "bar" }], ...beside } },
          /proves nothing: .*the list of tenants is not complete: it has keys that are not documented: (?:errors|partial|total|Tenants)/,
        ] as const,
    ),
    [
      "has a row without an id",
      { kind: "status", status: 200, body: { tenants: [{ tenantId: "bar" }, { name: "?" }] } },
      /proves nothing: .*a tenant of the list cannot be read: tenantId: missing/,
    ],
  ];
  for (const [title, fault, message] of doubts) {
    it(`is not gone where the list ${title}: that is an error which names the tenant and the way out`, async () => {
      await notFound({ kind: "status", status: 404, body: { details: "Not found" } });
      await list(fault);
      const error = await read().then(
        () => assert.fail("it was read"),
        (reason: unknown) => String(reason),
      );
      assert.match(error, message);
      assert.match(error, /^Error: The gateway \(http:\/\/127\.0\.0\.1:\d+\) answers 404 for tenant foo, and /);
      assert.match(error, /remove it from the stack by hand: `pulumi state delete <urn>`/);
    });
  }

  it("is not gone where a header of the list speaks of pages or ranges", async () => {
    await world.addTenant({ id: "bar" });
    await world.admin.deleteTenant("foo");
    await list({ kind: "headers", headers: { "Content-Range": "items 0-0/*" } });
    await assert.rejects(read(), /proves nothing: .*is not complete: it has the header content-range/);
  });

  it("is gone where the list has nothing beside it but Core's record id", async () => {
    await world.addTenant({ id: "bar" });
    await world.admin.deleteTenant("foo");
    for (const auditKey of ["_internal_record_id", "_record_internal_id"] as const) {
      await world.admin.settings({ auditKey });
      assert.equal(await read(), undefined);
    }
  });

  it("is looked for in a list that is asked for once for all tenants, also where it is refused", async () => {
    for (const fault of [listing("bar"), { kind: "status", status: 400 } as const]) {
      await world.admin.forgetRequests();
      await world.admin.clearFaults();
      await list(fault);
      const lifecycle = world.tenants();
      const gone = ["a", "b", "c"].map((tenantId) => lifecycle.read({ ...STATE, tenantId }, world.run()));
      await Promise.allSettled(gone);
      await lifecycle.read({ ...STATE, tenantId: "d" }, world.run()).catch(() => undefined);
      assert.deepEqual(
        (await world.requests()).filter((request) => request === LIST),
        [LIST],
      );
    }
  });

  it("is looked for in the list again where that could not be reached before", async () => {
    await list({ kind: "dropBefore" });
    const lifecycle = world.tenants();
    const gone = { ...STATE, tenantId: "bar" };
    await assert.rejects(lifecycle.read(gone, world.run()), /was cut off/);
    await world.admin.clearFaults();
    assert.equal(await lifecycle.read(gone, world.run()), undefined);
  });

  it("is read although another service of it cannot be; a managed one is an error by its name", async () => {
    const row = (name: string, allocated: unknown): unknown => ({ name, allocated });
    await world.admin.faults({
      method: "GET",
      path: PATH,
      count: -1,
      fault: {
        kind: "status",
        status: 200,
        body: {
          groupServices: [
            row("Hunt Group", { unlimited: false, maximum: 3 }),
            row("Odd", { unlimited: false, maximum: -1 }),
          ],
          userServices: [row("Speed Dial 8", { unlimited: true })],
        },
      },
    });
    const lifecycle = world.tenants();
    const run = world.run();
    assert.deepEqual(asState((await lifecycle.read(STATE, run))!.outputs), STATE);
    await assert.rejects(
      lifecycle.read({ ...STATE, groupServices: { "Hunt Group": 3, Odd: 5 } }, run),
      /^Error: What the gateway lists for tenant foo cannot be read: groupServices\.Odd: /,
    );
  });

  const hunt = { name: "Hunt Group", allocated: { unlimited: false, maximum: 3 } };
  const incomplete: readonly (readonly [string, Fault, RegExp])[] = [
    ...[201, 202, 203, 206, 207].map(
      (status) =>
        [
          `is answered with ${status}`,
          { kind: "status", status, body: { groupServices: [hunt], userServices: [] } },
          new RegExp(`answered ${status}, but the gateway's answer is not complete: only a 200 holds all there is`),
        ] as const,
    ),
    [
      "has errors beside it",
      {
        kind: "status",
        status: 200,
        body: { groupServices: [hunt], userServices: [], errors: [{ message: "Backend 2 failed" }] },
      },
      /answered 200: Backend 2 failed; the gateway's answer is not complete: it has keys that are not documented: errors/,
    ],
    [
      "has paging beside it",
      { kind: "status", status: 200, body: { groupServices: [hunt], userServices: [], total: 2 } },
      /the gateway's answer is not complete: it has keys that are not documented: total/,
    ],
    [
      "lacks a kind",
      { kind: "status", status: 200, body: { groupServices: [hunt] } },
      /the gateway's answer is not complete: it has no list of userServices/,
    ],
  ];
  for (const [title, fault, reason] of incomplete) {
    it(`drops no service from state where the answer ${title}, and refuses one that is not listed with that reason`, async () => {
      await world.admin.faults({ method: "GET", path: PATH, count: -1, fault });
      const error = await read().then(
        () => assert.fail("it was read"),
        (failure: unknown) => String(failure),
      );
      assert.match(
        error,
        /^Error: What the gateway lists for tenant foo cannot be read: userServices\.Speed Dial 8: GET /,
      );
      assert.match(error, reason);
      const lifecycle = world.tenants();
      const inputs = { tenantId: "foo", groupServices: { "Hunt Group": 3 }, userServices: { "Speed Dial 8": 4 } };
      const { refusals } = await lifecycle.preview(checked(lifecycle, inputs), undefined, world.run());
      assert.deepEqual(
        refusals.map(({ path }) => path),
        [["userServices", "Speed Dial 8"]],
      );
      assert.match(refusals[0]?.message ?? "", reason);
      assert.ok(await read({ tenantId: "foo", groupServices: { "Hunt Group": 3 } }), "what is listed is read");
    });
  }

  it("drops no service from state where a header of the answer speaks of pages", async () => {
    await world.admin.patchTenant("foo", { userServices: { "Speed Dial 8": null } });
    await world.admin.faults({ path: PATH, fault: { kind: "headers", headers: { "X-Page": "1" } } });
    await assert.rejects(read(), /userServices\.Speed Dial 8: .* is not complete: it has the header x-page/);
    await world.admin.settings({ auditKey: "_internal_record_id" });
    assert.equal((await read())?.["userServices"], undefined, "Core's record id is documented");
  });

  it("drops no service from state where a row has lost its name", async () => {
    await world.admin.faults({ method: "GET", path: PATH, fault: { kind: "malformed", how: "wrongTypes" } });
    await assert.rejects(
      read(),
      /^Error: What the gateway lists for tenant foo cannot be read: groupServices\.Hunt Group: /,
    );
  });

  const table: readonly (readonly [string, Fault, RegExp])[] = [
    ["410 is answered", { kind: "status", status: 410, body: { details: "Gone" } }, /answered 410: Gone/],
    ["the answer is empty", { kind: "status", status: 200, body: {} }, /answered 200, but /],
    ["the answer is a page", { kind: "malformed", how: "html" }, /the body is an HTML page/],
    ["the connection breaks", { kind: "dropBefore" }, /was cut off/],
  ];
  for (const [title, fault, message] of table) {
    it(`is not gone where ${title}: that is an error`, async () => {
      await world.admin.faults({ method: "GET", path: PATH, count: -1, fault });
      await assert.rejects(read(), message);
    });
  }
});
