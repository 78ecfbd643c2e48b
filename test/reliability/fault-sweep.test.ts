import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { type Declared, Stack, type StateEntry } from "./support/engine-model";
import { isNightly } from "../support/extent";
import { type FaultCase, faultCases, type RequestKind } from "./support/faults";
import { complaints } from "./support/invariants";
import { BOTH_EDGES_NIGHTLY, describeOn } from "./support/on-edges";
import { APP_SECRETS, GUIDS, mustUp, type Scenario, SCENARIOS, SEED } from "./support/scenarios";
import { type Disturbance, type Holdings, World } from "./support/world";

/** Every case in the nightly form; otherwise every so many-th of each scenario, which ones differing by scenario. */
const ONE_OF = isNightly ? 1 : 11;
/** At most so many of one scenario in a sample. */
const MOST_SAMPLED = 40;
const ONE_CRASH_OF = isNightly ? 1 : 5;
const only = process.env["VOICE_LICENSES_SWEEP_ONLY"];
/** Real time, for hanging requests alone: all other waits cost nothing. */
const HANG_TIMEOUT = "400ms";
const SECRETS = [...APP_SECRETS, "s3cret~Adatum-old"];

/** How a scenario goes without any fault. */
interface Golden {
  readonly requests: readonly RequestKind[];
  readonly sleeps: number;
  readonly before: Holdings;
  readonly holdings: Holdings;
  readonly state: readonly unknown[];
}

let tried = 0;

async function prepared(world: World, scenario: Scenario): Promise<{ stack: Stack; before: Holdings }> {
  world.reset();
  const stack = new Stack(world, { parallel: scenario.parallel === true });
  await scenario.prepare(world, stack);
  world.simulation.journal.reset();
  world.writes = [];
  world.disarm();
  return { stack, before: world.holdings() };
}

async function goldenRun(world: World, scenario: Scenario): Promise<Golden> {
  const { stack, before } = await prepared(world, scenario);
  const outcome = await scenario.run(stack);
  assert.deepEqual(outcome.errors, []);
  const requests = world.journal().map(({ api, method }) => ({ api, method }));
  const sleeps = world.sleepCount;
  const golden = { requests, sleeps, before, holdings: world.holdings(), state: essence(stack.state) };
  assert.deepEqual(complaints(world, before, scenario.touches, SECRETS, stack.state), []);
  await againWithoutRequests(world, scenario, stack, (text) => {
    throw new Error(text);
  });
  return golden;
}

/** State but for what differs from run to run. */
function essence(state: readonly StateEntry[]): unknown[] {
  return state
    .map(({ outputs, inputs, ...entry }) => {
      const kept = { ...outputs, lastTaskId: null, clientSecretExpiresAt: null, original: null };
      return { ...entry, inputs, outputs: kept };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function againWithoutRequests(
  world: World,
  scenario: Scenario,
  stack: Stack,
  complain: (text: string) => void,
): Promise<void> {
  if (scenario.name === "refresh") {
    return;
  }
  world.disarm();
  const last = scenario.program.length === 0 ? await stack.destroy() : await stack.up(scenario.program);
  if (!last.ok || world.requestCount > 0) {
    complain(
      `once it is done, another run makes ${world.requestCount} requests: ${[...last.steps, ...last.errors].join("; ")}`,
    );
  }
}

/** State must be readable at every point: on a copy, so that the real stack goes on as if nobody had looked. */
async function readable(world: World, stack: Stack, withDestroy: boolean): Promise<string[]> {
  const copy = new Stack(world);
  copy.state = structuredClone(stack.state).map((entry) => ({
    ...entry,
    outputs: { ...entry.outputs, onDestroy: "retain" },
  }));
  const names = copy.state.map(({ name }) => name);
  const writes = world.writes.length;
  const read = await copy.refresh();
  const wrong = [...read.errors.map((error) => `state cannot be refreshed: ${error}`)];
  if (
    !isDeepStrictEqual(
      copy.state.map(({ name }) => name),
      names,
    )
  ) {
    wrong.push(`refresh lost a resource: ${names.join(", ")} became ${copy.state.map(({ name }) => name).join(", ")}`);
  }
  if (world.writes.length !== writes) {
    wrong.push("refresh wrote");
  }
  const destroyed = withDestroy ? await copy.destroy() : undefined;
  return [...wrong, ...(destroyed?.errors ?? []).map((error) => `state cannot be destroyed: ${error}`)];
}

interface Case {
  readonly name: string;
  readonly isHang: boolean;
  readonly mustBeRiddenOut: boolean;
  readonly isCrash: boolean;
  /** Whether it ends the run: Ctrl-C in a wait or a read, where the requests come in the same order each time. */
  readonly endsRun: boolean;
  readonly refreshBetween: boolean;
  readonly arm: (world: World) => void;
}

async function tryCase(world: World, scenario: Scenario, golden: Golden, one: Case): Promise<string[]> {
  tried += 1;
  const wrong: string[] = [];
  const complain = (text: string): void => {
    wrong.push(text);
  };
  const { stack, before } = await prepared(world, scenario);
  world.settings = one.isHang
    ? { LIVE_PLATFORM_REQUEST_TIMEOUT: HANG_TIMEOUT, TENANT_GATEWAY_REQUEST_TIMEOUT: HANG_TIMEOUT }
    : one.isCrash
      ? { LIVE_PLATFORM_REQUEST_TIMEOUT: "1s", TENANT_GATEWAY_REQUEST_TIMEOUT: "1s" }
      : {};
  const names = stack.state.map(({ name }) => name);
  one.arm(world);
  const first = await scenario.run(stack);
  world.disarm();
  world.settings = {};
  if (one.name.includes("Retry-After")) {
    // The next process cannot know what this one was told; whoever runs it has read it.
    world.advance(3_700_000);
  }
  if (first.ok && one.endsRun && scenario.parallel !== true) {
    complain("the run went on after Ctrl-C");
  }
  if (!first.ok && one.mustBeRiddenOut) {
    complain(`it should have been ridden out: ${first.errors.join("\n")}`);
  }
  if (scenario.name === "refresh" && first.steps.some((step) => step.startsWith("gone"))) {
    complain("a failed read was taken for absence");
  }
  if (scenario.program.length > 0 && names.some((name) => !stack.state.some((entry) => entry.name === name))) {
    complain("a resource was dropped from state");
  }
  wrong.push(...(await readable(world, stack, one.refreshBetween)));
  if (!first.ok && one.refreshBetween && scenario.name !== "refresh") {
    const read = await stack.refresh();
    wrong.push(...read.errors.map((error) => `refresh after the fault: ${error}`));
  }
  if (!first.ok) {
    const second = await scenario.run(stack);
    if (!second.ok) {
      complain(`the run after the fault failed: ${second.errors.join("\n")}`);
    }
  }
  if (!isDeepStrictEqual(world.holdings(), golden.holdings)) {
    complain(`it ended in another state of the systems: ${JSON.stringify(world.holdings())}`);
  }
  const state = essence(stack.state);
  if (!isDeepStrictEqual(state, golden.state)) {
    complain(`it ended in another state: ${JSON.stringify(state)} and not ${JSON.stringify(golden.state)}`);
  }
  await againWithoutRequests(world, scenario, stack, complain);
  const found = complaints(world, before, scenario.touches, SECRETS, stack.state, one.isCrash);
  wrong.push(...(scenario.parallel === true ? found.filter((text) => !text.includes("before Retry-After")) : found));
  return wrong;
}

function faultCasesOf(golden: Golden, faults: readonly FaultCase[]): Case[] {
  return golden.requests.flatMap((request, number) =>
    faults
      .filter((fault) => fault.appliesTo(request))
      .flatMap((fault): Case[] =>
        [false, true].map((refreshBetween) => ({
          name: `request ${number} (${request.method} ${request.api}): ${fault.name}${refreshBetween ? ", then refresh" : ""}`,
          isHang: fault.name.includes("timed out"),
          isCrash: false,
          endsRun: false,
          mustBeRiddenOut: fault.isRiddenOut(request),
          refreshBetween,
          arm: (world) => {
            if (fault.fault === "refuse") {
              world.disturb({ kind: "refuse", request: number });
            } else {
              world.fault(number, fault.fault);
            }
          },
        })),
      ),
  );
}

/** Nothing works any more from one request on, until the run is over. */
function outageCasesOf(golden: Golden): Case[] {
  const outages: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ["dropped before", { kind: "dropBefore" }],
    ["dropped after", { kind: "dropAfter" }],
    ["401", { kind: "status", status: 401 }],
    ["500", { kind: "status", status: 500 }],
    ["500 after", { kind: "statusAfter", status: 500 }],
    ["503", { kind: "status", status: 503 }],
    ["503 Retry-After", { kind: "status", status: 503, retryAfter: 20 }],
    ["503 Retry-After of an hour", { kind: "status", status: 503, retryAfter: 3600 }],
    ["504 after", { kind: "statusAfter", status: 504 }],
    ["404 HTML", { kind: "status", status: 404, text: "<html></html>", contentType: "text/html" }],
    ["HTML", { kind: "malformed", how: "html" }],
    ["wrong types", { kind: "malformed", how: "wrongTypes" }],
  ];
  return golden.requests.flatMap((request, number) =>
    outages.flatMap(([name, fault]) =>
      [false, true].map((refreshBetween) => ({
        name: `from request ${number} (${request.method} ${request.api}) on: ${name}${refreshBetween ? ", then refresh" : ""}`,
        isHang: false,
        isCrash: false,
        endsRun: false,
        mustBeRiddenOut: false,
        refreshBetween,
        arm: (world: World) => {
          world.fault(number, fault, -1);
        },
      })),
    ),
  );
}

function crashCasesOf(golden: Golden): Case[] {
  const disturbances: Disturbance[] = [
    ...golden.requests.flatMap((_request, number): Disturbance[] => [
      { kind: "killBefore", request: number },
      { kind: "killAfter", request: number },
      { kind: "cancel", request: number },
    ]),
    ...Array.from({ length: golden.sleeps }, (_none, sleep): Disturbance => ({ kind: "killAsleep", sleep })),
    ...Array.from({ length: golden.sleeps }, (_none, sleep): Disturbance => ({ kind: "cancelAsleep", sleep })),
  ];
  const endsRun = (disturbance: Disturbance): boolean =>
    disturbance.kind === "cancelAsleep" ||
    (disturbance.kind === "cancel" && golden.requests[disturbance.request]?.method === "GET");
  return disturbances.flatMap((disturbance) =>
    [false, true].map((refreshBetween) => ({
      name: `${JSON.stringify(disturbance)}${refreshBetween ? ", then refresh" : ""}`,
      isHang: false,
      isCrash: true,
      endsRun: endsRun(disturbance),
      mustBeRiddenOut: false,
      refreshBetween,
      arm: (world: World) => {
        world.disturb(disturbance);
      },
    })),
  );
}

async function sweep(
  world: World,
  scenario: Scenario,
  casesOf: (golden: Golden) => Case[],
  oneOf: number,
): Promise<void> {
  const golden = await goldenRun(world, scenario);
  const cases = casesOf(golden);
  const every = isNightly ? 1 : Math.max(oneOf, Math.ceil(cases.length / MOST_SAMPLED));
  const offset = SCENARIOS.indexOf(scenario) % every;
  const failed: string[] = [];
  for (const [index, one] of cases.entries()) {
    const wanted = only === undefined ? index % every === offset : one.name.includes(only);
    if (wanted) {
      const wrong = await tryCase(world, scenario, golden, one);
      if (wrong.length > 0) {
        failed.push(`${scenario.name}, ${one.name}:\n    ${wrong.join("\n    ")}`);
      }
    }
  }
  assert.equal(failed.length, 0, `${failed.length} cases failed:\n${failed.join("\n")}`);
}

describeOn(BOTH_EDGES_NIGHTLY, "one fault in every request", function (edge) {
  this.timeout(3_600_000);
  let world: World;
  before(async () => {
    tried = 0;
    world = await World.start(SEED, edge);
  });
  after(async () => {
    await world.close();
    process.stdout.write(`      ${tried} cases of faults and crashes tried\n`);
  });

  for (const scenario of SCENARIOS) {
    it(`harms nothing: ${scenario.name}`, () =>
      sweep(world, scenario, (golden) => faultCasesOf(golden, faultCases(world.elsewhere)), ONE_OF));
  }
  for (const scenario of SCENARIOS) {
    it(`an outage harms nothing: ${scenario.name}`, () => sweep(world, scenario, outageCasesOf, ONE_OF));
  }
  for (const scenario of SCENARIOS) {
    it(`a crash harms nothing: ${scenario.name}`, () => sweep(world, scenario, crashCasesOf, ONE_CRASH_OF));
  }

  it("a PATCH that was done and answered with 500 is in state, so that taking it back is no longer the same", async () => {
    world.reset();
    const stack = new Stack(world);
    const program = (licenseType: string): Declared[] => [
      { name: "a", type: "customer", inputs: { customerGuid: GUIDS.adatum, licenseType, licensedUsersCount: 60 } },
    ];
    await mustUp(stack, program("OcPro"));
    world.simulation.faults.add({
      method: "PATCH",
      path: "",
      count: 1,
      skip: 0,
      fault: { kind: "statusAfter", status: 500 },
    });
    await stack.up(program("OcEssentialPlus"));
    assert.equal(world.holdings().customers[GUIDS.adatum]?.["licenseType"], 4);
    await mustUp(stack, program("OcPro"));
    assert.equal(world.holdings().customers[GUIDS.adatum]?.["licenseType"], 5);
  });
});
