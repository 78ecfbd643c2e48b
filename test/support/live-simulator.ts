import type { JournalEntry, Simulator } from "../../simulator";
import type { FaultRule } from "../../simulator/faults";
import { launch } from "../../simulator/server";
import type { SettingsChange } from "../../simulator/settings";
import { VirtualClock } from "./virtual-clock";

export type { FaultRule } from "../../simulator/faults";

/** What goes wrong with a request, in the words of the simulator's admin route. */
export type Fault = FaultRule["fault"];

type ServicesByName = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Everything that the simulator holds. */
export interface SimulatorState {
  readonly customers: readonly Readonly<Record<string, unknown>>[];
  readonly tenants: Readonly<
    Record<string, Readonly<Record<"groupServices" | "userServices" | "servicePacks", ServicesByName>>>
  >;
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
}

/** The simulator's admin routes: what goes on behind the back of the code under test. */
export class SimulatorAdmin {
  public constructor(private readonly url: () => string) {}

  /** The log, or the part of it that went to these APIs. */
  public async requests(...apis: readonly JournalEntry["api"][]): Promise<JournalEntry[]> {
    const all = (await this.call("GET", "/requests")) as JournalEntry[];
    return apis.length === 0 ? all : all.filter(({ api }) => apis.includes(api));
  }

  /** The body of request `n`, byte for byte. */
  public async rawBody(n: number): Promise<string> {
    const reply = await fetch(`${this.url()}/_simulator/requests/raw?n=${n}`);
    return reply.text();
  }

  public async forgetRequests(): Promise<void> {
    await this.call("DELETE", "/requests");
  }

  public async faults(...rules: readonly FaultRule[]): Promise<void> {
    for (const rule of rules) {
      await this.call("POST", "/faults", rule);
    }
  }

  public async clearFaults(): Promise<void> {
    await this.call("DELETE", "/faults");
  }

  public async patchCustomer(guid: string, change: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call("PATCH", `/customers/${guid}`, change);
  }

  public async deleteCustomer(guid: string): Promise<void> {
    await this.call("DELETE", `/customers/${guid}`);
  }

  public async patchTenant(id: string, change: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call("PATCH", `/tenants/${encodeURIComponent(id)}`, change);
  }

  public async deleteTenant(id: string): Promise<void> {
    await this.call("DELETE", `/tenants/${encodeURIComponent(id)}`);
  }

  public async settings(change: SettingsChange): Promise<void> {
    await this.call("PATCH", "/settings", change);
  }

  public async state(): Promise<SimulatorState> {
    return (await this.call("GET", "/state")) as SimulatorState;
  }

  /** Every token and session is refused from now on. */
  public async revoke(): Promise<void> {
    await this.call("POST", "/revoke");
  }

  public async finishTasks(): Promise<void> {
    await this.call("POST", "/finish-tasks");
  }

  public async forgetTask(taskId: string): Promise<void> {
    await this.call("POST", "/forget-task", { taskId });
  }

  /** Back to the seed, with an empty log, no fault and the first settings. */
  public async reset(): Promise<void> {
    await this.call("POST", "/reset");
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(`${this.url()}/_simulator${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await reply.json();
    if (reply.status !== 200) {
      throw new Error(
        `The simulator's admin route ${method} ${path} answered ${reply.status}: ${JSON.stringify(answer)}`,
      );
    }
    return answer;
  }
}

/** A simulator for the tests of one `describe`, there from its first test to its last. */
export interface LiveSimulator {
  readonly url: string;
  /** The environment variables that point the provider at it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly admin: SimulatorAdmin;
  /** The one clock of simulator and provider: what the provider sleeps passes for the simulator too. */
  readonly clock: VirtualClock;
}

/**
 * Starts a simulator before the tests of the `describe` in which it is called, brings it back to its seed before each of them, and
 * closes it after the last.
 */
export function startForTests(seed?: unknown): LiveSimulator {
  let simulator: Simulator | undefined;
  const clock = new VirtualClock();
  const running = (): Simulator => {
    if (simulator === undefined) {
      throw new Error("The simulator runs only while tests do.");
    }
    return simulator;
  };
  const live: LiveSimulator = {
    get url() {
      return running().url;
    },
    get environment() {
      return running().environment;
    },
    admin: new SimulatorAdmin(() => running().url),
    clock,
  };
  before(async () => {
    simulator = await launch(seed === undefined ? {} : { seed }, clock.now);
  });
  beforeEach(async () => {
    await live.admin.reset();
    clock.pauses.length = 0;
    clock.chance = 0;
  });
  after(() => running().close());
  return live;
}
