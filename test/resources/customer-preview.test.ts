import { shownMistake } from "../../provider/resource/mistake";
import assert from "node:assert/strict";
import { UNKNOWN_VALUE } from "../../provider/resource/unknowns";
import type { Properties } from "../../provider/resource/properties";
import { APPLICATION, GUID, OC_ESSENTIAL, OC_PRO, REGISTRATION, startWithCustomer, up } from "./support/customer";
import { checked, World } from "./support/world";

const LIST = "GET /api/v3/customer";
const READ = "GET /api/v3/customer/*";
const PRO = { licenseType: "OcPro", licensedUsersCount: 50 };

describe("the preview of a customer", () => {
  let world: World;
  afterEach(async () => {
    const writes = (await world.journal()).filter(({ method }) => method !== "GET");
    await world.close();
    assert.deepEqual(writes, [], "a preview only reads");
  });

  /** What preview says: refusals as `path: message`, then the lines. */
  const preview = async (inputs: Properties, state?: Properties, lifecycle = world.customers()): Promise<string[]> => {
    const run = world.run();
    const { refusals, lines } = await lifecycle.preview(
      checked(lifecycle, { customerGuid: GUID, ...inputs }),
      state,
      run,
    );
    assert.equal(run.writes, 0);
    return [...refusals.map((refusal) => shownMistake(refusal)), ...lines];
  };
  const start = async (customer: object, environment = {}): Promise<void> => {
    world = await startWithCustomer(customer, {}, environment);
  };

  describe("that is new", () => {
    it("tells that it is adopted, from the list alone where no App Registration is declared", async () => {
      await start(OC_PRO);
      assert.deepEqual(await preview(PRO), ["nothing to send: adopts what is there"]);
      assert.deepEqual(await world.requests(), [LIST]);
    });

    it("looks at the customer itself where its App Registration decides", async () => {
      await start(OC_PRO);
      assert.deepEqual(await preview({ ...PRO, ...REGISTRATION }), ["nothing to send: adopts what is there"]);
      assert.deepEqual(await world.requests(), [LIST, READ]);
    });

    it("tells a PATCH, from what to what", async () => {
      await start({ ...OC_PRO, applicationClientId: null });
      assert.deepEqual(await preview({ ...PRO, ...REGISTRATION, licensedUsersCount: 60 }), [
        `PATCH users 50 → 60, App Registration none → ${APPLICATION}`,
      ]);
    });

    it("tells an upgrade from the list alone", async () => {
      await start(OC_ESSENTIAL);
      assert.deepEqual(await preview({ ...PRO, ...REGISTRATION }), [
        "POST upgrade OC Essential → OC Pro for 50 users, wait, PATCH",
      ]);
      assert.deepEqual(await world.requests(), [LIST]);
    });

    it("uses what was read ahead, one read each, and none where the list tells enough", async () => {
      await start(OC_PRO);
      const upgradable = GUID.replace(/^./, "1");
      await world.addCustomer({ ...OC_ESSENTIAL, guid: upgradable });
      const lifecycle = world.customers();
      const run = world.run();
      lifecycle.readAhead(GUID, run);
      lifecycle.readAhead(upgradable, run);
      assert.deepEqual(await preview({ ...PRO, ...REGISTRATION }, undefined, lifecycle), [
        "nothing to send: adopts what is there",
      ]);
      assert.deepEqual(await preview({ ...PRO, ...REGISTRATION, customerGuid: upgradable }, undefined, lifecycle), [
        "POST upgrade OC Essential → OC Pro for 50 users, wait, PATCH",
      ]);
      assert.deepEqual(await world.requests(), [LIST, READ]);
    });

    it("asks for the list once, however many customers there are", async () => {
      const guids = [1, 2, 3, 4, 5].map((n) => GUID.replace(/^./, String(n)));
      world = await World.start({ livePlatform: { customers: guids.map((guid) => ({ ...OC_PRO, guid })) } });
      const lifecycle = world.customers();
      await Promise.all(guids.map((customerGuid) => preview({ ...PRO, customerGuid }, undefined, lifecycle)));
      assert.deepEqual(await world.requests(), [LIST]);
    });

    const refusals: readonly [string, object, Properties, RegExp][] = [
      [
        "a move from Hosted to OC",
        { ...OC_PRO, licenseType: 1 },
        PRO,
        /^licenseType: the customer holds Hosted Essentials Plus, and .* to OC Pro: declare HostedEssentialsPlus or HostedPro\.$/,
      ],
      [
        "a move from OC to Hosted",
        OC_PRO,
        { ...PRO, licenseType: 2 },
        /^licenseType: the customer holds OC Pro, and .* to Hosted Pro: declare OcEssentialPlus or OcPro\.$/,
      ],
      [
        "an unknown type",
        { ...OC_PRO, licenseType: 7 },
        PRO,
        /^licenseType: the customer holds unknown licence type 7/,
      ],
      [
        "a customer without a licence type",
        { ...OC_PRO, licenseType: null },
        PRO,
        /^customerGuid: no licence has been applied/,
      ],
      [
        "a count below the licences in use",
        OC_PRO,
        { ...PRO, licensedUsersCount: 34 },
        /^licensedUsersCount: 34 is below the 35 licences in use: declare 35 or more, or set allowBelowUse\.$/,
      ],
      [
        "a missing App Registration",
        OC_ESSENTIAL,
        PRO,
        /^applicationClientId: an upgrade from OC Essential to OC Pro needs an App Registration: add/,
      ],
    ];
    for (const [title, customer, inputs, expected] of refusals) {
      it(`refuses ${title}`, async () => {
        await start(customer);
        const said = await preview(inputs);
        assert.equal(said.length, 1, said.join());
        assert.match(said[0]!, expected);
      });
    }

    it("refuses a customer that is not there, by three witnesses", async () => {
      await start(OC_PRO);
      const missing = GUID.replace("d", "e");
      assert.match(
        (await preview({ ...PRO, customerGuid: missing }))[0]!,
        /^customerGuid: there is no customer e5253892-/,
      );
      assert.deepEqual(await world.requests(), [LIST, READ, LIST]);
    });
  });

  describe("that is in state", () => {
    const STATE = { customerGuid: GUID, ...PRO };

    it("tells a PATCH and a refusal from the customer itself", async () => {
      await start(OC_PRO);
      assert.deepEqual(await preview({ ...PRO, licensedUsersCount: 60 }, STATE), ["PATCH users 50 → 60"]);
      assert.deepEqual(await preview({ ...PRO, licensedUsersCount: 34 }, STATE), [
        "licensedUsersCount: 34 is below the 35 licences in use: declare 35 or more, or set allowBelowUse.",
      ]);
      assert.deepEqual(await world.requests(), [READ, READ, `${READ}/licenseinfo`]);
    });

    it("tells nothing where there is nothing to send", async () => {
      await start({ ...OC_PRO, licensedUsersCount: 60 });
      assert.deepEqual(await preview({ ...PRO, licensedUsersCount: 60 }, STATE), []);
    });

    it("tells a new secret without telling it, and one that is to be sent again", async () => {
      await start(OC_PRO);
      const state = { ...STATE, ...REGISTRATION, resendSecret: "1" };
      const changed = { ...PRO, ...REGISTRATION, applicationClientSecret: "new secret", resendSecret: "1" };
      assert.deepEqual(await preview(changed, state), ["PATCH new App Registration secret"]);
      assert.deepEqual(await preview({ ...PRO, ...REGISTRATION, resendSecret: "2" }, state), [
        "PATCH App Registration again (resendSecret)",
      ]);
    });

    it("tells what is waited for, and a PATCH that is owed", async () => {
      await start(OC_ESSENTIAL);
      const pendingTask = {
        version: 1,
        id: "tsk_185510",
        target: PRO,
        sentAt: "2026-03-01T12:00:00.000Z",
      };
      const inputs = { ...PRO, ...REGISTRATION };
      assert.deepEqual(await preview(inputs, { ...STATE, pendingTask }), ["wait for task tsk_185510, then PATCH"]);
      assert.deepEqual(await preview(inputs, { ...STATE, pendingTask: { ...pendingTask, id: null } }), [
        "wait for the upgrade whose answer was lost, then PATCH",
      ]);
      await world.admin.patchCustomer(GUID, { licenseType: 5, licensedUsersCount: 50 });
      assert.deepEqual(await preview(PRO, { ...STATE, pendingPatch: true }), ["PATCH confirms OC Pro"]);
    });

    it("reads what refresh has read no second time, unless the App Registration is wanting in it", async () => {
      await start(OC_PRO);
      const lifecycle = world.customers();
      await lifecycle.read(STATE, world.run());
      assert.deepEqual(await preview({ ...PRO, licensedUsersCount: 60 }, STATE, lifecycle), ["PATCH users 50 → 60"]);
      assert.deepEqual(await world.requests(), [LIST]);
      await preview({ ...PRO, ...REGISTRATION }, STATE, lifecycle);
      assert.deepEqual(await world.requests(), [LIST, READ]);
      await lifecycle.read({ ...STATE, ...REGISTRATION }, world.run());
      await preview({ ...PRO, ...REGISTRATION }, { ...STATE, ...REGISTRATION }, lifecycle);
      assert.deepEqual(await world.requests(), [LIST, READ, READ]);
    });

    it("refuses a customer that refresh did not find a licence for", async () => {
      await start({ ...OC_PRO, licenseType: null });
      const lifecycle = world.customers();
      const reading = await lifecycle.read(STATE, world.run());
      assert.equal(reading?.outputs["licenseType"], undefined);
      assert.match((await preview(PRO, STATE, lifecycle))[0]!, /^customerGuid: no licence has been applied/);
    });
  });

  describe("with values that are not known yet", () => {
    it("asks for nothing where the customer is not known", async () => {
      await start(OC_PRO);
      assert.deepEqual(await preview({ ...PRO, customerGuid: UNKNOWN_VALUE }), []);
      assert.deepEqual(await world.requests(), []);
    });

    it("passes where type or count are not known, if the customer is there", async () => {
      await start(OC_PRO);
      assert.deepEqual(await preview({ ...PRO, licenseType: UNKNOWN_VALUE }), []);
      assert.deepEqual(await preview({ ...PRO, licensedUsersCount: UNKNOWN_VALUE }), []);
      const missing = GUID.replace("d", "e");
      assert.match(
        (await preview({ ...PRO, licensedUsersCount: UNKNOWN_VALUE, customerGuid: missing }))[0]!,
        /there is no customer/,
      );
    });

    it("refuses by what is known all the same", async () => {
      await start(OC_PRO);
      assert.match(
        (await preview({ licenseType: "HostedPro", licensedUsersCount: UNKNOWN_VALUE })).join(),
        /^licenseType: the customer holds OC Pro, and .* to Hosted Pro: declare OcEssentialPlus or OcPro\.$/,
      );
      assert.match(
        (await preview({ licenseType: UNKNOWN_VALUE, licensedUsersCount: 34 })).join(),
        /^licensedUsersCount: 34 is below the 35 licences in use/,
      );
      await world.admin.patchCustomer(GUID, { licenseType: 3 });
      assert.match(
        (await preview({ licenseType: UNKNOWN_VALUE, licensedUsersCount: 50 })).join(),
        /^applicationClientId: an upgrade from OC Essential needs an App Registration/,
      );
    });

    it("takes an App Registration that is not known for one", async () => {
      await start(OC_ESSENTIAL);
      const unknown = { applicationClientId: UNKNOWN_VALUE, applicationClientSecret: UNKNOWN_VALUE };
      assert.deepEqual(await preview({ ...PRO, ...unknown }), [
        "POST upgrade OC Essential → OC Pro for 50 users, wait, PATCH",
      ]);
      await world.admin.patchCustomer(GUID, { licenseType: 5, licensedUsersCount: 50 });
      assert.deepEqual(await preview({ ...PRO, ...unknown }, { customerGuid: GUID, ...PRO }), [
        "PATCH App Registration none → not known yet",
      ]);
    });

    it("does not refuse for a permission that is not known", async () => {
      await start(OC_PRO);
      assert.deepEqual(await preview({ ...PRO, licensedUsersCount: 34, allowBelowUse: UNKNOWN_VALUE }), [
        "PATCH users 50 → 34",
      ]);
    });

    it("passes each other field", async () => {
      await start(OC_PRO);
      for (const name of ["resendSecret", "customerFullName", "onDestroy", "taskTimeout"]) {
        assert.deepEqual(
          await preview({ ...PRO, [name]: UNKNOWN_VALUE }),
          ["nothing to send: adopts what is there"],
          name,
        );
      }
    });
  });

  it("fails, in one line, where the platform cannot be asked", async () => {
    await start(OC_PRO, { LIVE_PLATFORM_CLIENT_SECRET: "wrong-secret", LIVE_PLATFORM_MAX_RETRIES: "0" });
    await assert.rejects(preview(PRO), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /^[^\n]*get an access token[^\n]*LIVE_PLATFORM_CLIENT_SECRET[^\n]*$/);
      assert.doesNotMatch(error.message, /wrong-secret/);
      return true;
    });
  });

  it("tells in other words what up then does", async () => {
    await start(OC_PRO);
    const state = await up(world, { ...PRO, ...REGISTRATION });
    assert.deepEqual(await preview({ ...PRO, ...REGISTRATION }, state), []);
  });
});
