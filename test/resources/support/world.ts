import assert from "node:assert/strict";
import { createRedactor, type Redactor } from "../../../provider/systems/transport/redact";
import { PartialFailure } from "../../../provider/resource/failures";
import type { LicenseResource } from "../../../provider/resource/license-resource";
import type { Properties } from "../../../provider/resource/properties";
import { customerServiceLicense } from "../../../provider/customer/definition";
import { licenseResource } from "../../../provider/resource/definition";
import { tenantServiceLicenses } from "../../../provider/tenant/definition";
import { Systems } from "../../../provider/systems/systems";
import type { JournalEntry, Simulator } from "../../../simulator";
import { launch } from "../../../simulator/server";
import { admin } from "../../simulator/support";
import { SimulatorAdmin } from "../../support/live-simulator";
import { VirtualClock } from "../../support/virtual-clock";
import { FakeRun } from "./fake-run";

/** Both systems simulated, the provider connected to them over HTTP, and one clock for all three. */
export class World {
  public readonly admin: SimulatorAdmin;

  private constructor(
    public readonly simulator: Simulator,
    public readonly clock: VirtualClock,
    public readonly systems: Systems,
    private readonly redactor: Redactor,
  ) {
    this.admin = new SimulatorAdmin(() => simulator.url);
  }

  public static async start(seed: unknown, environment: Readonly<Record<string, string>> = {}): Promise<World> {
    const clock = new VirtualClock();
    const simulator = await launch({ seed }, clock.elsewhere);
    return World.connected(simulator, clock, environment);
  }

  private static connected(
    simulator: Simulator,
    clock: VirtualClock,
    environment: Readonly<Record<string, string>>,
  ): World {
    const redactor = createRedactor();
    const systems = new Systems({
      configuration: () => undefined,
      environment: { ...simulator.environment, ...environment },
      clock,
      redactor,
    });
    return new World(simulator, clock, systems, redactor);
  }

  /** The same world as another process sees it, which has sent nothing yet and knows no secret. */
  public anotherProcess(): World {
    return World.connected(this.simulator, this.clock, {});
  }

  public close(): Promise<void> {
    return this.simulator.close();
  }

  public run(): FakeRun {
    return new FakeRun(this.clock);
  }

  /** The customers' lifecycle as a process of its own has it: what an earlier one saw is forgotten. */
  public customers(): LicenseResource {
    return licenseResource(
      customerServiceLicense(() => this.systems.livePlatform()),
      this.hide,
    );
  }

  /** The tenants' lifecycle as a process of its own has it. */
  public tenants(): LicenseResource {
    return licenseResource(
      tenantServiceLicenses(() => this.systems.tenantGateway()),
      this.hide,
    );
  }

  private readonly hide = (secret: string): void => {
    this.redactor.add(secret);
  };

  public async addCustomer(customer: object): Promise<void> {
    await admin(this.simulator, "POST", "/customers", customer);
  }

  public async addTenant(tenant: object): Promise<void> {
    await admin(this.simulator, "POST", "/tenants", tenant);
  }

  /** The log of requests to the two APIs; tokens and logins are another story. */
  public journal(): Promise<JournalEntry[]> {
    return this.admin.requests("livePlatform", "gateway", "unknown");
  }

  /** The requests as `GET /api/v3/customer`, the customer's GUID left out of them. */
  public async requests(): Promise<string[]> {
    return (await this.journal()).map(
      ({ method, path }) => `${method} ${path.replace("/tenantui", "").replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "*")}`,
    );
  }

  /** The bodies of the requests with this method, byte for byte. */
  public async bodies(method: string): Promise<string[]> {
    const entries = (await this.journal()).filter((entry) => entry.method === method);
    return Promise.all(entries.map(({ n }) => this.admin.rawBody(n)));
  }

  /** What the Live Platform really holds of a customer. */
  public async customer(guid: string): Promise<Readonly<Record<string, unknown>>> {
    const { customers } = await this.admin.state();
    const found = customers.find((customer) => customer["guid"] === guid);
    assert.ok(found !== undefined);
    return found;
  }

  /** What the gateway really holds of a tenant: each service as `unlimited` or its maximum. */
  public async tenant(id: string): Promise<Record<string, Record<string, unknown>>> {
    const { tenants } = await this.admin.state();
    return Object.fromEntries(
      (["groupServices", "userServices"] as const).map((kind) => [
        kind,
        Object.fromEntries(
          Object.entries(tenants[id]?.[kind] ?? {}).map(([name, { unlimited, maximum }]) => [
            name,
            unlimited === true ? "unlimited" : maximum,
          ]),
        ),
      ]),
    );
  }
}

/** Checks inputs as the engine would before it hands them on. */
export function checked(resource: LicenseResource, raw: Properties): Properties {
  const { inputs, mistakes } = resource.check(raw);
  assert.deepEqual(mistakes, []);
  return inputs;
}

/** The state that a failed piece of work leaves, once its message is as expected. */
export async function partial(work: Promise<unknown>, message: RegExp): Promise<Properties> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof PartialFailure, `no partial failure: ${String(error)}`);
    assert.match(error.message, message);
    return error.outputs;
  }
  return assert.fail("nothing failed");
}

/** Fails where work succeeds, or leaves state although nothing was done. */
export async function refused(work: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof Error);
    assert.ok(!(error instanceof PartialFailure), `unexpected state: ${error.message}`);
    assert.match(error.message, message);
    return true;
  });
}
