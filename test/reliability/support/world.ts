import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import {
  type Agent,
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { EngineCommand } from "../../../provider/resource/engine-process";
import { type Clock, throwIfAborted } from "../../../provider/time/clock";
import { ExchangeServer } from "../../../simulator/exchange-server";
import { faultRuleSchema } from "../../../simulator/faults";
import type { JournalEntry } from "../../../simulator/journal";
import { Simulation } from "../../../simulator/simulation";
import { FakeEngine } from "../../support/plugin-host";
import { DynamicEdge } from "./dynamic-edge";
import type { Edge, EdgeName } from "./edge";
import { NativeEdge } from "./native-edge";
import type { Order } from "./order";
import { CLOSED_PORT, type RequestTap } from "./request-tap";

/** What goes wrong on this side of the wire, by the number of the request or of the sleep (from 0) since it was armed. */
export type Disturbance =
  /** The connection is refused. */
  | { readonly kind: "refuse"; readonly request: number }
  /** The process dies before the request leaves. */
  | { readonly kind: "killBefore"; readonly request: number }
  /** The process dies when the request has had its effect, before its answer is used. */
  | { readonly kind: "killAfter"; readonly request: number }
  /** The process dies while it waits. */
  | { readonly kind: "killAsleep"; readonly sleep: number }
  /** Ctrl-C as the request leaves. */
  | { readonly kind: "cancel"; readonly request: number }
  /** Ctrl-C while it waits. */
  | { readonly kind: "cancelAsleep"; readonly sleep: number };

/** A write as it happened to the systems, seen from inside. */
export interface Write {
  readonly entry: JournalEntry;
  readonly body: string;
  /** What both systems held before and after, as JSON. */
  readonly before: string;
  after: string;
}

/** What both systems hold of licences, apart from what the clock does. */
export interface Holdings {
  readonly customers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly tenants: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

const START = Date.parse("2026-03-01T12:00:00Z");

/** The plugin process is gone. */
export class Crashed extends Error {
  public constructor() {
    super("The plugin was killed.");
  }
}

/** Both systems simulated, one clock that costs no time for them and for the provider, and everything seen from inside. */
export class World {
  public readonly environment: Readonly<Record<string, string>>;
  /** Settings that a case adds, as environment variables. */
  public settings: Readonly<Record<string, string>> = {};
  /** Stack configuration, as the host hands it over. */
  public configuration: Readonly<Record<string, string>> = {};
  /** In which requests arrive, answers leave and sleepers wake; each at once where there is none. */
  public order: Order | undefined;
  public writes: Write[] = [];
  /** Each secret that any side has come to hold. */
  public readonly secrets = new Set<string>();
  /** Every text that left a session: log lines, request lines, errors. */
  public texts: string[] = [];
  /** Requests that reached a host to which none should go. */
  public strays = 0;
  private time = START;
  private disturbance: Disturbance | undefined;
  private edit: { readonly request: number; readonly happen: () => void } | undefined;
  private requests = 0;
  private sleeps = 0;
  /** Ctrl-C, until the plugin has heard of it. */
  private cancelling = Promise.resolve();

  private constructor(
    public readonly simulation: Simulation,
    public readonly url: string,
    /** Where redirects lead. */
    public readonly elsewhere: string,
    /** The engine, which shows what the native plugin logs. */
    public readonly engine: FakeEngine,
    public readonly edge: EdgeName,
    private readonly servers: (() => Promise<void>)[],
  ) {
    const { livePlatform, gateway } = simulation.seed;
    const [client] = livePlatform.clients;
    const [user] = gateway.users;
    this.environment = {
      LIVE_PLATFORM_BASE_URL: `${url}/tenantui`,
      LIVE_PLATFORM_AUTH_URL: `${url}/${livePlatform.directoryTenantId}/oauth2/v2.0/token`,
      LIVE_PLATFORM_CLIENT_ID: client?.id ?? "",
      LIVE_PLATFORM_CLIENT_SECRET: client?.secret ?? "",
      TENANT_GATEWAY_BASE_URL: url,
      TENANT_GATEWAY_USERNAME: user?.username ?? "",
      TENANT_GATEWAY_PASSWORD: user?.password ?? "",
    };
    this.spy();
    this.reset();
  }

  public static async start(seed: unknown, edge: EdgeName = "dynamic"): Promise<World> {
    const made: { world?: World } = {};
    const simulation = new Simulation(
      seed,
      () => undefined,
      () => made.world?.time ?? START,
      () => undefined,
    );
    const exchange = new ExchangeServer(simulation);
    const systems = createServer((request, response) => {
      void (made.world?.arrival(request, response) ?? Promise.resolve()).then(() => exchange.handle(request, response));
    });
    const url = `http://127.0.0.1:${await listening(systems)}`;
    const elsewhere = createServer((_request, response) => {
      if (made.world !== undefined) {
        made.world.strays += 1;
      }
      response.end("{}");
    });
    const port = await listening(elsewhere);
    const engine = await FakeEngine.start((message) => {
      made.world?.texts.push(message);
      return Promise.resolve();
    });
    const world = new World(simulation, url, `http://127.0.0.1:${port}/elsewhere`, engine, edge, [
      () => {
        exchange.stop();
        return closed(systems);
      },
      () => closed(elsewhere),
      () => {
        engine.stop();
        return Promise.resolve();
      },
    ]);
    made.world = world;
    return world;
  }

  public async close(): Promise<void> {
    for (const close of this.servers) {
      await close();
    }
  }

  /** Back to the seed; the clock goes on, so that what is left of an earlier case cannot be mistaken for this one's. */
  public reset(): void {
    this.time = START;
    this.simulation.reset();
    this.writes = [];
    this.texts = [];
    this.engine.lines.length = 0;
    this.strays = 0;
    this.settings = {};
    this.configuration = {};
    this.order = undefined;
    this.secrets.clear();
    for (const name of ["LIVE_PLATFORM_CLIENT_SECRET", "TENANT_GATEWAY_PASSWORD"]) {
      this.secrets.add(this.environment[name] ?? "");
    }
    this.disarm();
  }

  public now(): number {
    return this.time;
  }

  public advance(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** From now on request `skip` (from 0) meets this fault of the simulator. */
  public fault(skip: number, fault: unknown, count = 1): void {
    this.simulation.faults.add(faultRuleSchema.parse({ path: "", skip, count, fault }));
  }

  public disturb(disturbance: Disturbance): void {
    this.requests = 0;
    this.sleeps = 0;
    this.disturbance = disturbance;
    if (disturbance.kind === "killAfter") {
      this.fault(disturbance.request, { kind: "dropAfter" });
    }
  }

  /** Somebody changes the systems by hand just before this request (from 0) leaves. */
  public editBefore(request: number, happen: () => void): void {
    this.requests = 0;
    this.edit = { request, happen };
  }

  /** Nothing goes wrong any more. */
  public disarm(): void {
    this.requests = 0;
    this.sleeps = 0;
    this.disturbance = undefined;
    this.edit = undefined;
    this.simulation.faults.clear();
  }

  /** How many requests left since the last `disarm` or `disturb`. */
  public get requestCount(): number {
    return this.requests;
  }

  public get sleepCount(): number {
    return this.sleeps;
  }

  public journal(): readonly JournalEntry[] {
    return this.simulation.journal.since(0);
  }

  public holdings(): Holdings {
    const { livePlatform, gateway } = this.simulation;
    const tenants = [...gateway.tenants()].map(([id, { groupServices, userServices }]) => {
      const kind = (
        services: ReadonlyMap<string, { unlimited: boolean; maximum: number | null }>,
      ): Record<string, unknown> =>
        Object.fromEntries(
          [...services].map(([name, { unlimited, maximum }]) => [name, unlimited ? "unlimited" : maximum] as const),
        );
      return [id, { groupServices: kind(groupServices), userServices: kind(userServices) }] as const;
    });
    const customers = livePlatform
      .customers()
      .map(
        ({ guid, fullName, licenseType, licensedUsersCount, applicationClientId, applicationClientSecret }) =>
          [guid, { fullName, licenseType, licensedUsersCount, applicationClientId, applicationClientSecret }] as const,
      );
    return { customers: Object.fromEntries(customers), tenants: Object.fromEntries(tenants) };
  }

  /** One plugin process. */
  public session(command: EngineCommand): Session {
    return new Session(this, command);
  }

  /** @internal */
  public onRequest(session: Session, request: ClientRequest, send: (port?: number) => void): void {
    if (session.isDead) {
      return;
    }
    const number = this.requests;
    this.requests += 1;
    const { disturbance, edit } = this;
    if (edit?.request === number) {
      edit.happen();
    }
    if (disturbance === undefined || !("request" in disturbance) || disturbance.request !== number) {
      send();
      return;
    }
    switch (disturbance.kind) {
      case "refuse":
        send(CLOSED_PORT);
        return;
      case "killBefore":
        session.kill();
        return;
      case "cancel":
        send();
        this.cancelling = session.cancel();
        return;
      case "killAfter":
        request.prependOnceListener("error", () => {
          session.kill();
        });
        send();
        return;
    }
  }

  /** @internal */
  public async onSleep(session: Session, milliseconds: number): Promise<void> {
    if (session.isDead) {
      return never();
    }
    const number = this.sleeps;
    this.sleeps += 1;
    const { disturbance } = this;
    if (disturbance !== undefined && "sleep" in disturbance && disturbance.sleep === number) {
      if (disturbance.kind === "killAsleep") {
        session.kill();
        return never();
      }
      await session.cancel();
      return;
    }
    const end = this.time + milliseconds;
    if (this.order !== undefined) {
      await this.order.step(`${milliseconds} ms are over`);
      this.time = Math.max(this.time, end);
      return;
    }
    this.time = end;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  /** Resolves when the systems are to see a request; holds its answer back as long as the order says. */
  private async arrival({ method = "", url = "" }: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.cancelling;
    const { order } = this;
    if (order === undefined) {
      return;
    }
    await order.step(`arrives: ${method} ${url}`);
    const end: unknown = Reflect.get(response, "end");
    Reflect.set(response, "end", (...given: unknown[]): unknown => {
      void order.step(`is answered: ${method} ${url}`).then(() => {
        if (typeof end === "function") {
          Reflect.apply(end, response, given);
        }
      });
      return response;
    });
  }

  /** Effects happen in the same tick in which a request is logged: what there is before and after it can be told. */
  private spy(): void {
    const { journal } = this.simulation;
    const open = journal.open.bind(journal);
    journal.open = (api, call) => {
      const entry = open(api, call);
      const token = /^Bearer (.+)$/.exec(call.headers.authorization ?? "")?.[1];
      const session = /sessionid=([^;]+)/.exec(call.headers.cookie ?? "")?.[1];
      for (const secret of [token, session]) {
        if (secret !== undefined) {
          this.secrets.add(secret);
        }
      }
      if (["POST", "PATCH", "PUT", "DELETE"].includes(call.method) && api !== "token" && api !== "login") {
        const before = JSON.stringify(this.holdings());
        const write: Write = { entry, body: call.body, before, after: before };
        this.writes.push(write);
        process.nextTick(() => {
          write.after = JSON.stringify(this.holdings());
        });
      }
      return entry;
    };
  }
}

/** One plugin process: everything in it is new, and gone with it. */
export class Session {
  public readonly edge: Edge;
  public isDead = false;
  private readonly tap: RequestTap;
  private readonly inFlight = new Set<ClientRequest>();
  private readonly death: Promise<never>;
  private die: () => void = () => undefined;

  /** Each run has an engine of its own, and so a place of its own where its processes meet. */
  private readonly folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-run-"));

  public constructor(world: World, command: EngineCommand) {
    this.death = new Promise<never>((_resolve, reject) => {
      this.die = () => {
        reject(new Crashed());
      };
    });
    this.death.catch(() => undefined);
    this.tap = {
      agents: new Set<Agent>(),
      onRequest: (request: ClientRequest, send: (port?: number) => void): void => {
        world.onRequest(this, request, (port) => {
          this.inFlight.add(request);
          request.once("close", () => {
            this.inFlight.delete(request);
          });
          send(port);
        });
      },
    };
    const clock: Clock = {
      now: () => world.now(),
      elapsed: () => world.now(),
      random: () => 0.5,
      sleep: async (milliseconds, signal) => {
        throwIfAborted(signal);
        await world.onSleep(this, milliseconds);
        throwIfAborted(signal);
      },
    };
    this.edge = new (world.edge === "native" ? NativeEdge : DynamicEdge)({
      clock,
      engine: world.engine.address,
      cli: { id: "cli", pid: process.pid, command, isLimited: false },
      meetingFolder: this.folder,
      environment: { ...world.environment, ...world.settings },
      configuration: world.configuration,
      tap: this.tap,
      say: (text) => world.texts.push(text),
    });
  }

  /** What the engine tells a plugin on Ctrl-C. */
  public cancel(): Promise<void> {
    return this.edge.cancel();
  }

  /** From now on nothing leaves this process and nothing comes of it. */
  public kill(): void {
    this.isDead = true;
    this.die();
    this.edge.stop();
  }

  /** Runs a call of the engine; rejects with {@link Crashed} where the process dies meanwhile. */
  public async call<T>(work: () => Promise<T>): Promise<T> {
    if (this.isDead) {
      throw new Crashed();
    }
    return Promise.race([this.death, work()]);
  }

  /** Ends the process. What had left before it died arrives first: no later phase is to be taken for its sender. */
  public async close(): Promise<void> {
    for (const request of this.isDead ? this.inFlight : []) {
      if (!request.closed) {
        await once(request, "close");
      }
    }
    for (const agent of this.tap.agents) {
      agent.destroy();
    }
    this.edge.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a dead process waits for. */
function never(): Promise<void> {
  return new Promise(() => undefined);
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address: string | AddressInfo | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => {
      resolve();
    });
  });
}
