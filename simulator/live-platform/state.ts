import { LateWrites } from "../late-writes";
import type { Settings } from "../settings";
import { Tokens } from "../tokens";
import { type Customer, customerSchema, type Lead, type LivePlatformSeed } from "./seed";
import { type LicenseChange, type Task, Tasks } from "./tasks";

/** Customers, tasks and tokens of Live Platform. */
export class LivePlatformState {
  readonly seed: LivePlatformSeed;
  readonly leads: readonly Lead[];
  readonly settings: Settings;
  readonly now: () => number;
  readonly tokens: Tokens;
  readonly tasks: Tasks;
  readonly #customers = new Map<string, Customer>();
  readonly #lateWrites: LateWrites<Customer>;

  constructor(seed: LivePlatformSeed, settings: Settings, now: () => number) {
    this.seed = seed;
    this.leads = seed.leads;
    this.settings = settings;
    this.now = now;
    this.tokens = new Tokens("simulated-token", now);
    this.tasks = new Tasks(settings, now, (task) => {
      this.#complete(task);
    });
    this.#lateWrites = new LateWrites(now);
    for (const customer of seed.customers) {
      this.putCustomer(customer);
    }
  }

  /** The customers as they are. */
  customers(): readonly Customer[] {
    this.tasks.settle();
    return [...this.#customers.values()];
  }

  /** The customers as reads show them. */
  shownCustomers(): readonly Customer[] {
    return this.customers().map((customer) => this.shown(customer));
  }

  /** The customer with this GUID, in any case, as it is. */
  customer(guid: string): Customer | undefined {
    this.tasks.settle();
    return this.#customers.get(guid.toLowerCase());
  }

  /** The customer as reads show it. */
  shown(customer: Customer): Customer {
    return this.#lateWrites.shown(customer.guid, customer);
  }

  putCustomer(customer: Customer): void {
    this.#customers.set(customer.guid, customer);
  }

  /** Merges an edit into a customer and checks the whole again. */
  editCustomer(
    current: Customer,
    edit: Readonly<Record<string, unknown>>,
  ): ReturnType<typeof customerSchema.safeParse> {
    const result = customerSchema.safeParse({ ...current, ...edit });
    if (result.success) {
      this.#customers.delete(current.guid);
      this.#customers.set(result.data.guid, result.data);
    }
    return result;
  }

  removeCustomer(guid: string): boolean {
    return this.#customers.delete(guid.toLowerCase());
  }

  /** Gives a customer another licence; reads show it when the setting `visibleAfterMs` has passed since `at`. */
  change(customer: Customer, change: LicenseChange, at: number): void {
    this.#lateWrites.note(customer.guid, structuredClone(customer), at + this.settings.visibleAfterMs);
    customer.licenseType = change.licenseType;
    customer.licensedUsersCount = change.licensedUsersCount;
    customer.fullName = change.customerFullName ?? customer.fullName;
    if (change.applicationClientSecret === undefined) {
      // INVENTED: what becomes of an App Registration that a PATCH leaves out.
      if (this.settings.patchWithoutRegistration === "clear") {
        customer.applicationClientId = null;
        customer.applicationClientSecret = null;
        customer.clientSecretExpirationDate = null;
      }
      return;
    }
    if (change.applicationClientSecret !== customer.applicationClientSecret) {
      customer.clientSecretExpirationDate = expirationText(this.now());
    }
    customer.applicationClientId = change.applicationClientId ?? null;
    customer.applicationClientSecret = change.applicationClientSecret;
    customer.appRegistrationOwed = false;
  }

  #complete(task: Task): void {
    const customer = this.#customers.get(task.customerGuid);
    if (customer === undefined) {
      return;
    }
    this.change(customer, task.target, task.completesAt);
    if (task.kind === "upgrade") {
      customer.appRegistrationOwed = customer.applicationClientId === null;
    }
  }
}

/** INVENTED: that a new secret is valid for two years; the text's form is the documented one. */
function expirationText(now: number): string {
  const date = new Date(now);
  date.setUTCFullYear(date.getUTCFullYear() + 2);
  return date
    .toLocaleString("en-US", { timeZone: "UTC" })
    .replace(",", "")
    .replace(/\s(?=[AP]M)/, " ");
}
