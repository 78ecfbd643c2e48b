import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { customerDetails } from "../../simulator/live-platform/rows";
import { isNightly } from "../support/extent";
import { type Declared, Stack } from "./support/engine-model";
import { faultCases, type RequestKind } from "./support/faults";
import { complaints } from "./support/invariants";
import { BOTH_EDGES_NIGHTLY, describeOn } from "./support/on-edges";
import { APP_SECRETS, GUIDS, mustUp, SEED } from "./support/scenarios";
import { type Disturbance, type Holdings, World } from "./support/world";

/** Of the cases of a pair, each so many-th is tried in a sample. */
const ONE_OF = isNightly ? 1 : 9;
const OLD_SECRET = "s3cret~Adatum-old";
const SECRET = "applicationClientSecret";
const SECRETS = [...APP_SECRETS, OLD_SECRET];

const adatum = (more: Readonly<Record<string, unknown>> = {}): Declared => ({
  name: "adatum",
  type: "customer",
  inputs: {
    customerGuid: GUIDS.adatum,
    licenseType: "OcPro",
    licensedUsersCount: 60,
    applicationClientId: "9e37b5d1-62c8-4a0f-bd74-1f6a3c8e5044",
    applicationClientSecret: OLD_SECRET,
    ...more,
  },
});
const fabrikam = (more: Readonly<Record<string, unknown>> = {}): Declared => ({
  name: "fabrikam",
  type: "customer",
  inputs: {
    customerGuid: GUIDS.fabrikam,
    licenseType: "HostedEssentialsPlus",
    licensedUsersCount: 40,
    customerFullName: "fabrikam",
    ...more,
  },
});
const contoso: Declared = {
  name: "contoso",
  type: "customer",
  inputs: {
    customerGuid: GUIDS.contoso,
    licenseType: "OcPro",
    licensedUsersCount: 50,
    applicationClientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
    applicationClientSecret: APP_SECRETS[0],
  },
};

/** A change, and the program before it. */
interface Pair {
  readonly name: string;
  readonly guid: string;
  readonly first: Declared;
  readonly then: Declared;
}

const PAIRS: readonly Pair[] = [
  { name: "more users", guid: GUIDS.adatum, first: adatum(), then: adatum({ licensedUsersCount: 75 }) },
  {
    name: "everything at once",
    guid: GUIDS.adatum,
    first: adatum({ customerFullName: "adatum" }),
    then: adatum({
      licenseType: "OcEssentialPlus",
      licensedUsersCount: 50,
      applicationClientSecret: APP_SECRETS[1],
      customerFullName: "Adatum Ltd",
    }),
  },
  {
    name: "a new secret",
    guid: GUIDS.adatum,
    first: adatum(),
    then: adatum({ applicationClientSecret: APP_SECRETS[1] }),
  },
  {
    name: "Hosted up",
    guid: GUIDS.fabrikam,
    first: fabrikam(),
    then: fabrikam({ licenseType: "HostedPro", licensedUsersCount: 45, customerFullName: "Fabrikam Inc." }),
  },
];

/** The same program, apart from a setting that needs no request. */
function withTimeout(declared: Declared): Declared {
  return { ...declared, inputs: { ...declared.inputs, taskTimeout: "29m" } };
}

interface Case {
  readonly name: string;
  /** Whether the process dies, so that it saves nothing. */
  readonly isCrash: boolean;
  readonly arm: (world: World) => void;
}

describeOn(BOTH_EDGES_NIGHTLY, "a write whose effect was not seen", function (edge) {
  this.timeout(3_600_000);
  let world: World;
  let tried = 0;
  before(async () => {
    world = await World.start(SEED, edge);
  });
  after(async () => {
    await world.close();
    process.stdout.write(`      ${tried} cases of unseen writes tried\n`);
  });

  async function begin(program: readonly Declared[]): Promise<{ stack: Stack; before: Holdings }> {
    world.reset();
    const stack = new Stack(world);
    await mustUp(stack, program);
    world.simulation.journal.reset();
    world.writes = [];
    world.disarm();
    return { stack, before: world.holdings() };
  }

  async function requestsOf(first: readonly Declared[], then: readonly Declared[]): Promise<RequestKind[]> {
    const { stack } = await begin(first);
    await mustUp(stack, then);
    return world.journal().map(({ api, method }) => ({ api, method }));
  }

  async function assertSettled(stack: Stack, program: readonly Declared[]): Promise<string[]> {
    world.disarm();
    const last = await stack.up(program);
    const left = stack.state.flatMap(({ name, outputs }) =>
      ["unverified", "pendingPatch", "pendingTask"]
        .filter((key) => outputs[key] !== undefined)
        .map((key) => `${name}: ${key} is left`),
    );
    return [
      ...last.errors,
      ...(world.requestCount > 0 ? [`a run with nothing to do made ${world.requestCount} requests`] : []),
      ...left,
    ];
  }

  function casesOf(requests: readonly RequestKind[]): Case[] {
    const faults = requests.flatMap((request, number) =>
      faultCases(world.elsewhere)
        .filter(({ appliesTo, name, fault }) => fault !== "refuse" && !name.includes("timed out") && appliesTo(request))
        .flatMap(({ name, fault }): Case[] => [
          {
            name: `request ${number} (${request.method}): ${name}`,
            isCrash: false,
            arm: () => {
              world.fault(number, fault);
            },
          },
          {
            name: `request ${number} (${request.method}): ${name}, and nothing can be read any more`,
            isCrash: false,
            arm: () => {
              world.fault(number, fault);
              world.fault(number, { kind: "dropBefore" }, -1);
            },
          },
        ]),
    );
    const crashes = requests.flatMap((_request, number) =>
      (["killBefore", "killAfter", "cancel"] as const).map((kind): Case => {
        const disturbance: Disturbance = { kind, request: number };
        return {
          name: JSON.stringify(disturbance),
          isCrash: kind !== "cancel",
          arm: () => {
            world.disturb(disturbance);
          },
        };
      }),
    );
    return [...faults, ...crashes];
  }

  for (const [index, pair] of PAIRS.entries()) {
    it(`is undone by the earlier program, whatever else changed in it: ${pair.name}`, async () => {
      const requests = await requestsOf([pair.first], [pair.then]);
      // Nobody can look at a secret: what may have been replaced is sent again, and what a killed process sent stays.
      const isMasked = pair.first.inputs[SECRET] !== pair.then.inputs[SECRET];
      const failed: string[] = [];
      for (const [number, one] of casesOf(requests).entries()) {
        if (number % ONE_OF !== index % ONE_OF || (isMasked && one.isCrash)) {
          continue;
        }
        tried += 1;
        const { stack, before } = await begin([pair.first]);
        one.arm(world);
        await stack.up([pair.then]);
        world.disarm();
        world.advance(3_700_000);
        if (one.isCrash) {
          // What a killed process did lies in no state: only a refresh shows it.
          await stack.refresh();
        }
        const program = [withTimeout(pair.first)];
        const back = await stack.up(program);
        const wrong = [
          ...back.errors,
          ...(isDeepStrictEqual(world.holdings(), before)
            ? []
            : [`the systems hold something else: ${JSON.stringify(world.holdings().customers[pair.guid])}`]),
          ...(await assertSettled(stack, program)),
          ...complaints(world, before, [`customer ${pair.guid}`], SECRETS, stack.state, true).filter(
            (text) => !(isMasked && text.includes("changed nothing")),
          ),
        ];
        if (wrong.length > 0) {
          failed.push(`${one.name}:\n    ${wrong.join("\n    ")}`);
        }
      }
      assert.equal(failed.length, 0, `${failed.length} cases failed:\n${failed.join("\n")}`);
    });
  }

  describe("because reads lag behind", () => {
    const lagging: readonly { name: string; guid: string; first: readonly Declared[]; then: Declared }[] = [
      ...PAIRS.map(({ name, guid, first, then }) => ({ name, guid, first: [first], then })),
      { name: "an upgrade", guid: GUIDS.contoso, first: [], then: contoso },
    ];
    for (const { name, guid, first, then } of lagging) {
      for (const reads of [1, 3, 8, 12]) {
        it(`is waited for, and done once: ${name}, ${reads} reads late`, async () => {
          tried += 1;
          const requests = await requestsOf(first, [then]);
          const write = requests.findIndex(({ api, method }) => api === "livePlatform" && method !== "GET");
          const { stack, before } = await begin(first);
          const held = world.simulation.livePlatform.customer(guid);
          assert.ok(held !== undefined);
          world.simulation.faults.add({
            method: "GET",
            path: `/api/v3/customer/${guid}$`,
            skip: requests.slice(0, write).filter(({ api, method }) => api === "livePlatform" && method === "GET")
              .length,
            count: reads,
            fault: { kind: "status", status: 200, body: customerDetails(held) },
          });
          const outcome = await stack.up([then]);
          assert.ok(outcome.ok || reads > 8, outcome.errors.join());
          if (!outcome.ok) {
            assert.match(outcome.errors.join(), /not visible yet after 30 s|still holds OC Essential/);
            await mustUp(stack, [then]);
          }
          assert.deepEqual(await assertSettled(stack, [then]), []);
          assert.deepEqual(complaints(world, before, [`customer ${guid}`], SECRETS, stack.state), []);
          const posts = world.writes.filter(({ entry }) => entry.method === "POST").length;
          assert.equal(posts, guid === GUIDS.contoso ? 1 : 0);
        });
      }
    }
  });

  describe("because somebody edited the customer meanwhile", () => {
    const edits: readonly { name: string; edit: Readonly<Record<string, unknown>>; isRefused: boolean }[] = [
      { name: "a new name", edit: { fullName: "Renamed" }, isRefused: false },
      { name: "another family", edit: { licenseType: 2, licensedUsersCount: 35 }, isRefused: true },
      { name: "an unknown type", edit: { licenseType: 7 }, isRefused: true },
      { name: "more active users", edit: { licensedUsersCount: 100, activeUserCount: 90 }, isRefused: true },
    ];
    for (const { name, edit, isRefused } of edits) {
      it(`is planned again before the next call: ${name}`, async () => {
        const requests = await requestsOf([], [contoso]);
        const patch = requests.findLastIndex(({ method }) => method === "PATCH");
        for (const [number, { api, method }] of requests.entries()) {
          // Between the last look and a write nobody can know of an edit.
          if (api !== "livePlatform" || method !== "GET" || number > patch) {
            continue;
          }
          tried += 1;
          const { stack } = await begin([]);
          world.editBefore(number, () => {
            const held = world.simulation.livePlatform.customer(GUIDS.contoso);
            assert.ok(held !== undefined);
            world.simulation.livePlatform.editCustomer(held, edit);
            for (const task of world.simulation.livePlatform.tasks.all()) {
              // What was edited stays so.
              Object.assign(task.target, edit);
            }
          });
          const outcome = await stack.up([contoso]);
          const patches = world.writes.filter(({ entry }) => entry.method === "PATCH");
          if (isRefused) {
            assert.ok(!outcome.ok, `request ${number}`);
            assert.deepEqual(patches, [], `request ${number}: ${outcome.errors.join()}`);
          } else {
            assert.deepEqual(outcome.errors, []);
            assert.equal(world.holdings().customers[GUIDS.contoso]?.["fullName"], "Renamed");
          }
        }
      });
    }
  });
});
