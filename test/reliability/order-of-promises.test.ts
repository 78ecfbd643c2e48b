import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import fc from "fast-check";
import { AuthorizedApi } from "../../provider/systems/shared/authorized-api";
import type { CredentialSource } from "../../provider/systems/shared/credential-holder";
import { coreLogin } from "../../provider/systems/gateway/core-login";
import { fixedToken } from "../../provider/systems/shared/fixed-token";
import { gatewayLogin } from "../../provider/systems/gateway/login";
import { clientCredentials } from "../../provider/systems/live-platform/credentials";
import { type GatewayChange, TenantGateway } from "../../provider/systems/gateway/client";
import { HostGate } from "../../provider/systems/transport/host-gate";
import type { ApiCall, HttpApi } from "../../provider/systems/transport/http-api";
import { createRedactor } from "../../provider/systems/transport/redact";
import { licenseResource } from "../../provider/resource/definition";
import { tenantServiceLicenses } from "../../provider/tenant/definition";
import type { Claim } from "../../provider/resource/claim";
import { Declarations } from "../../provider/resource/declarations";
import { ReductionBrake } from "../../provider/resource/reduction-brake";
import { RunBoard } from "../../provider/resource/run-board";
import { readTenantGatewaySettings } from "../../provider/systems/settings";
import type { Clock } from "../../provider/time/clock";
import { FakeRun } from "../resources/support/fake-run";
import { urnOf } from "../support/native-plugin";
import { anyOrder, type Order, OrderedClock } from "./support/order";
import { type Exchange, type OrderedAnswer, OrderedApi } from "./support/ordered-api";

const stop = new Error("Ctrl-C");

/** A signal that is aborted when the order says so. */
function abortedBy(order: Order, label: string): AbortSignal {
  const controller = new AbortController();
  void order.step(label).then(() => {
    controller.abort(stop);
  });
  return controller.signal;
}

describe("order of promises: what the resources of one plugin share", () => {
  describe("the gate", () => {
    it("lets no more through than it may, everybody at last, and nobody who has given up", async () => {
      const requests = fc.array(fc.record({ givesUp: fc.boolean(), holdMs: fc.constantFrom(0, 0, 0, 1000) }), {
        minLength: 1,
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(anyOrder, fc.integer({ min: 1, max: 4 }), requests, async (order, maxConcurrency, all) => {
          const clock = new OrderedClock(order);
          const gate = new HostGate({ maxConcurrency }, clock);
          let [inFlight, heldUntil] = [0, 0];
          const request = async (index: number, givesUp: boolean, holdMs: number): Promise<void> => {
            const signal = givesUp ? abortedBy(order, `${index} gives up`) : undefined;
            await order.step(`${index} comes`);
            await gate.run(async () => {
              assert.notEqual(signal?.aborted, true, `${index} was sent after it had been given up`);
              assert.ok(clock.elapsed() >= heldUntil, `${index} was sent while the host was to be left alone`);
              inFlight += 1;
              assert.ok(inFlight <= maxConcurrency, `${inFlight} in flight`);
              await order.step(`${index} is answered`);
              inFlight -= 1;
              gate.hold(holdMs);
              const until = holdMs === 0 ? 0 : clock.elapsed() + holdMs;
              // Whoever was admitted in the same turn of the event loop was so before the hold.
              setImmediate(() => {
                heldUntil = Math.max(heldUntil, until);
              });
            }, signal);
          };
          const ends = await order.until(
            Promise.allSettled(all.map(({ givesUp, holdMs }, index) => request(index, givesUp, holdMs))),
          );
          for (const [index, end] of ends.entries()) {
            if (end.status === "rejected") {
              assert.equal(end.reason, stop);
              assert.ok(all[index]?.givesUp);
            }
          }
        }),
      );
    });
  });

  describe("the login", () => {
    const user = { username: "demo", password: "pass word", advice: "Check it.", adviceWhereMissing: "Check it." };
    const client = {
      clientId: "id",
      clientSecret: "client secret",
      authUrl: "https://host.example.com/token",
      scope: "scope",
      advice: "Check it.",
    };
    const token = (name: string, number: number): OrderedAnswer => ({
      status: 200,
      json: { access_token: `${name}${number}`, token_type: "Bearer", expires_in: 3600 },
    });
    interface Form {
      readonly source: (http: HttpApi, clock: Clock) => CredentialSource;
      readonly answer: (number: number) => OrderedAnswer;
    }
    const forms: Readonly<Record<string, Form>> = {
      "of the gateway": {
        source: (http) => gatewayLogin(user, http, "/api/v1", createRedactor()),
        answer: (number) => ({ status: 200, json: {}, cookies: [`sessionid=good${number}; Path=/`] }),
      },
      "of APIO Core": {
        source: (http) => coreLogin(user, http, createRedactor()),
        answer: (number) => token("good", number),
      },
      "of the Live Platform": {
        source: (http, clock) => clientCredentials(client, http, clock, createRedactor()),
        answer: (number) => token("good", number),
      },
    };

    for (const [name, { source, answer }] of Object.entries(forms)) {
      it(`${name} is one for all who come meanwhile, another one where it has ended, and tried again only after a failure`, async () => {
        await fc.assert(
          fc.asyncProperty(
            anyOrder,
            fc.integer({ min: 1, max: 6 }),
            fc.boolean(),
            fc.boolean(),
            async (order, callers, isEnding, isFailing) => {
              const clock = new OrderedClock(order);
              let [logins, valid, endings] = [0, 0, 0];
              const failure = new Error("the login failed");
              const isLogin = ({ method }: ApiCall): boolean => method === "POST";
              const http = new OrderedApi(order, clock, (call) => {
                if (isLogin(call)) {
                  logins += 1;
                  if (isFailing && logins === 1) {
                    throw failure;
                  }
                  valid = logins;
                  return answer(valid);
                }
                return { status: JSON.stringify(call.headers).includes(`good${valid}"`) ? 200 : 401, json: {} };
              });
              const api = new AuthorizedApi(http, source(http, clock), clock);
              if (isEnding) {
                void order.step("the session ends").then(() => {
                  endings += valid === 0 ? 0 : 1;
                  valid = 0;
                });
              }
              let hasFailed = false;
              const call = async (index: number): Promise<void> => {
                await order.step(`${index} comes`);
                const isAfterFailure = hasFailed;
                try {
                  const { status } = await api.send({
                    method: "GET",
                    path: `/${index}`,
                    repetition: "repeatable",
                    doing: "read",
                  });
                  assert.equal(status, 200);
                } catch (error) {
                  assert.equal(error, failure);
                  assert.ok(!isAfterFailure, `${index} came after the login had failed, and was not tried again`);
                  hasFailed = true;
                }
              };
              await order.until(Promise.all(Array.from({ length: callers }, (_, index) => call(index))));
              assert.equal(hasFailed, isFailing);
              assert.ok(logins <= 1 + endings + (isFailing ? 1 : 0), `${logins} logins`);
            },
          ),
        );
      });
    }
  });

  describe("the form of reading", () => {
    const fates = fc.array(fc.constantFrom("read", "read", "missing", "cancelled", "broken"), {
      minLength: 1,
      maxLength: 8,
    });

    it("is learnt by one read at a time, each of which gets its own answer", async () => {
      await fc.assert(
        fc.asyncProperty(anyOrder, fc.boolean(), fates, async (order, takesBody, tenants) => {
          const broken = new Error("no answer");
          const clock = new OrderedClock(order);
          let [reads, refused] = [0, 0];
          const http = new OrderedApi(order, clock, ({ path: url, body }) => {
            reads += 1;
            const tenant = /tenants\/(\d+)\//.exec(url)?.[1] ?? "";
            const fate = tenants[Number(tenant)];
            if (body !== undefined && !takesBody) {
              refused += 1;
              return { status: 405, json: {} };
            }
            if (fate === "broken") {
              throw broken;
            }
            const allocated = { unlimited: false, maximum: Number(tenant) };
            return fate === "missing"
              ? { status: 404, json: {} }
              : { status: 200, json: { groupServices: [{ name: "Call Park", allocated }] } };
          });
          const api = new AuthorizedApi(http, fixedToken("token", createRedactor(), ""), clock);
          const gateway = new TenantGateway(api, "/api/v1");
          const ends = await order.until(
            Promise.allSettled(
              tenants.map(async (fate, index) => {
                const signal = fate === "cancelled" ? abortedBy(order, `${index} is cancelled`) : undefined;
                await order.step(`${index} begins`);
                const licenses = await gateway.getLicenses(String(index), signal);
                return licenses?.groupServices.map(({ allocated }) => allocated);
              }),
            ),
          );
          for (const [index, end] of ends.entries()) {
            const fate = tenants[index];
            const shown = { unlimited: false, maximum: index };
            if (end.status === "fulfilled") {
              assert.deepEqual(end.value, fate === "missing" ? undefined : [shown]);
              assert.notEqual(fate, "broken");
            } else {
              assert.ok(fate === "broken" || fate === "cancelled", String(end.reason));
              assert.equal(end.reason, fate === "broken" ? broken : stop);
            }
          }
          // What tells nothing of the form leaves it to the next; only where the gateway is in trouble, nobody waits for another.
          const others = tenants.filter((fate) => fate !== "read").length;
          if (!tenants.includes("broken")) {
            assert.ok(refused <= 1 + others, `${refused} reads were sent in a form that is refused`);
            assert.ok(reads <= tenants.length + refused, `${reads} reads`);
          }
        }),
      );
    });
  });

  describe("the claims", () => {
    const HUNT: Claim = ["tenant", "foo", "groupServices.Hunt Group"];
    const PARK: Claim = ["tenant", "foo", "groupServices.Call Park"];
    const [giver, taker] = ["giver", "taker"].map((name) => urnOf("TenantServiceLicenses", name));
    assert.ok(giver !== undefined && taker !== undefined);
    const address = "https://gw.example.com";

    it("never let go of what is declared, in this process or another, before or after it is asked", async () => {
      const cases = fc.record({
        isDeclared: fc.constantFrom(true, true, false),
        stepsBefore: fc.constantFrom(0, 3, 40),
        isElsewhere: fc.boolean(),
        moment: fc.constantFrom("update", "end"),
        known: fc.constantFrom("announced", "previewed", "not at all"),
      });
      await fc.assert(
        fc.asyncProperty(anyOrder, cases, async (order, { isDeclared, stepsBefore, isElsewhere, moment, known }) => {
          const folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-order-"));
          try {
            const clock = new OrderedClock(order);
            const cli = { id: "cli", pid: process.pid, command: "up", isLimited: false } as const;
            const boardOf = (engine: string): RunBoard => new RunBoard({ engine, cli, folder });
            const plugin = (engine: string, label: string): Declarations => {
              const instance = { label: () => label, addressOf: () => address };
              return new Declarations({ clock, board: boardOf(engine), cli, instance });
            };
            const declare = (by: Declarations, owner: string, claim: Claim): unknown =>
              by.declare({ owner, system: "tenantGateway", claims: [claim] });
            const program: readonly (readonly [string, Claim])[] = [
              [giver, PARK],
              ...(isDeclared ? [[taker, HUNT] as const] : []),
            ];
            const preview = plugin("127.0.0.1:1", "the default provider");
            const announcements = boardOf("127.0.0.1:2");
            for (const [owner, claim] of program) {
              if (known === "previewed") {
                declare(preview, owner, claim);
              } else if (known === "announced") {
                const name = owner.split("::").slice(2).join("::");
                const announced = { stage: "announced", owner: name, instance: "x", address, claims: [claim] };
                announcements.write(JSON.stringify(announced));
              }
            }

            const ours = plugin("127.0.0.1:2", "the default provider");
            const theirs = isElsewhere ? plugin("127.0.0.1:2", "provider west") : ours;
            let hasDeclared = false;
            let lastCheckedAt = 0;
            const taking = async (): Promise<void> => {
              for (let step = 0; step <= stepsBefore; step += 1) {
                await order.step("the program goes on to the taker");
              }
              if (isDeclared) {
                declare(theirs, taker, HUNT);
                hasDeclared = true;
                lastCheckedAt = clock.elapsed();
              }
            };
            const declaring = taking();
            const lettingGo = async (): Promise<void> => {
              await order.step("the giver is checked");
              declare(ours, giver, PARK);
              lastCheckedAt = clock.elapsed();
              await (moment === "end" ? declaring : order.step("the giver lets go"));
              const asked = { claims: [HUNT], system: "tenantGateway", moment } as const;
              const [verdict] = await ours.whoDeclares(asked, new AbortController().signal);
              const mustKnow = isDeclared && (known !== "not at all" || hasDeclared);
              assert.equal(verdict?.kind, mustKnow ? "declared" : "nobody");
              if (moment === "update" && known === "not at all" && verdict.kind === "nobody") {
                assert.ok(clock.elapsed() - lastCheckedAt >= 3000, "the program may still have been declaring");
              }
            };
            await order.until(Promise.all([declaring, lettingGo()]));
          } finally {
            rmSync(folder, { recursive: true, force: true });
          }
        }),
      );
    });
  });

  describe("the brake", () => {
    it("lets no more go in sum than it may, and refuses nothing that there is room for", async () => {
      const limit = fc.option(fc.nat({ max: 6 }), { nil: undefined });
      const resources = fc.array(
        fc.record({ units: fc.integer({ min: 1, max: 4 }), tries: fc.integer({ min: 1, max: 3 }) }),
        {
          minLength: 1,
          maxLength: 8,
        },
      );
      await fc.assert(
        fc.asyncProperty(anyOrder, limit, limit, resources, async (order, maxReductions, maxLicensesRemoved, all) => {
          const brake = new ReductionBrake(() => ({ maxReductions, maxLicensesRemoved }));
          const gone = new Map<string, number>();
          const isRoomFor = (more: number): boolean => {
            const sum = [...gone.values()].reduce((total, units) => total + units, more);
            return gone.size + 1 <= (maxReductions ?? Infinity) && sum <= (maxLicensesRemoved ?? Infinity);
          };
          const reduce = async (object: string, units: number, tries: number): Promise<void> => {
            for (let attempt = 0; attempt < tries; attempt += 1) {
              await order.step(`${object} is to be reduced by ${units}`);
              const refusal = brake.refusal(object, object, [{ property: "count", change: "less", units }]);
              assert.equal(refusal === undefined, gone.has(object) || isRoomFor(units), refusal ?? "not refused");
              if (refusal === undefined) {
                gone.set(object, units);
              }
            }
          };
          await order.until(Promise.all(all.map(({ units, tries }, index) => reduce(`o${index}`, units, tries))));
        }),
      );
    });
  });

  describe("the read-back", () => {
    const settings = readTenantGatewaySettings({
      configuration: () => undefined,
      environment: { TENANT_GATEWAY_BASE_URL: "https://host.example.com", TENANT_GATEWAY_ACCESS_TOKEN: "token" },
    });

    it("of each write begins after its answer, and no two writes to a tenant are under way together", async () => {
      const writers = fc.array(fc.record({ tenantId: fc.constantFrom("foo", "bar"), lag: fc.nat({ max: 2 }) }), {
        minLength: 1,
        maxLength: 5,
      });
      await fc.assert(
        fc.asyncProperty(anyOrder, writers, async (order, all) => {
          const clock = new OrderedClock(order);
          const host = new LaggingGateway(all.map(({ lag }) => lag));
          const http = new OrderedApi(order, clock, (call) => host.serve(call));
          const authorized = new AuthorizedApi(http, fixedToken("token", createRedactor(), ""), clock);
          const api = new TenantGateway(authorized, "/api/v1");
          const tenants = licenseResource(
            tenantServiceLicenses(() => ({ api, settings })),
            () => undefined,
          );
          const write = async (index: number, tenantId: string): Promise<void> => {
            const service = `Service ${index}`;
            const { inputs } = tenants.check({ tenantId, groupServices: { [service]: 7 } });
            const run = new FakeRun(clock);
            await tenants.preview(inputs, undefined, run);
            await order.step(`${service} is to be written`);
            const outputs = await tenants.apply(inputs, undefined, run);
            const end = http.moment();
            assert.deepEqual(outputs["groupServices"], { [service]: 7 });
            const of = (method: string): Exchange[] =>
              http.exchanges.filter(({ call }) => call.method === method && call.path.includes(`/${tenantId}/`));
            const own = of("PUT").filter(({ call }) => JSON.stringify(call.body).includes(`"${service}"`));
            assert.equal(own.length, 1, `${service} was sent ${own.length} times`);
            const after = own[0]?.ended ?? Infinity;
            assert.ok(
              of("GET").some(({ began, ended }) => began > after && ended < end),
              `${service} was not read back`,
            );
          };
          await order.until(Promise.all(all.map(({ tenantId }, index) => write(index, tenantId))));
          const puts = http.exchanges.filter(({ call }) => call.method === "PUT");
          for (const [index, { call, ended }] of puts.entries()) {
            const next = puts.slice(index + 1).find((other) => other.call.path === call.path);
            assert.ok(next === undefined || next.began > ended, `two PUTs at a time: ${call.path}`);
          }
        }),
      );
    });
  });
});

/** A gateway of which the services of any tenant are 0 at first; each write shows after some reads that do not show it. */
class LaggingGateway {
  private readonly held = new Map<string, Map<string, number>>();
  private readonly late: { readonly path: string; readonly name: string; reads: number }[] = [];

  /** @param lags How many reads do not show a write of `Service 0`, `Service 1`, … */
  public constructor(private readonly lags: readonly number[]) {}

  public serve({ method, path: url, body }: ApiCall): OrderedAnswer {
    const key = url.split("?")[0] ?? "";
    const held = this.held.get(key) ?? new Map(this.lags.map((_lag, index) => [`Service ${index}`, 0]));
    this.held.set(key, held);
    if (method === "PUT") {
      for (const { name, allocated } of (body as GatewayChange).groupServices ?? []) {
        held.set(name, "maximum" in allocated ? allocated.maximum : Infinity);
        this.late.push({ path: key, name, reads: this.lags[Number(name.replace(/\D/g, ""))] ?? 0 });
      }
      return { status: 200, json: {} };
    }
    const hidden = this.late.filter((one) => one.path === key && one.reads > 0);
    for (const one of hidden) {
      one.reads -= 1;
    }
    const groupServices = [...held].map(([name, maximum]) => ({
      name,
      allocated: { unlimited: false, maximum: hidden.some((one) => one.name === name) ? 0 : maximum },
    }));
    return { status: 200, json: { groupServices } };
  }
}
