import { randomUUID } from "node:crypto";

import { durationSchema } from "../duration";
import type { Settings } from "../seed";
import { type Customer, customerSchema, type Lead, type LivePlatformSeed } from "./seed";

/** The licence that an upgrade leads to. */
interface UpgradeTarget {
  readonly licenseType: number;
  readonly licensedUsersCount: number;
  readonly customerFullName: string | undefined;
}

/** One upgrade at work, or ended. */
export interface Task {
  readonly id: string;
  readonly customerGuid: string;
  readonly target: UpgradeTarget;
  readonly startedAt: number;
  completesAt: number;
  readonly outcome: "success" | "fail";
  readonly details: readonly string[];
  readonly messages: readonly { readonly level: string; readonly message: string }[];
  status: "In Progress" | "CompletedSuccess" | "Failed";
}

const FIRST_TASK_NUMBER = 185_510;

/** Customers, tasks and tokens of Live Platform. Tasks are brought up to date by the clock whenever something is read. */
export class LivePlatformState {
  readonly seed: LivePlatformSeed;
  readonly leads: readonly Lead[];
  readonly #customers = new Map<string, Customer>();
  readonly #tasks = new Map<string, Task>();
  readonly #tokens = new Map<string, number>();
  readonly #settings: Settings;
  readonly #now: () => number;
  #nextTaskNumber = FIRST_TASK_NUMBER;

  constructor(seed: LivePlatformSeed, settings: Settings, now: () => number) {
    this.seed = seed;
    this.leads = seed.leads;
    this.#settings = settings;
    this.#now = now;
    for (const customer of seed.customers) {
      this.#customers.set(customer.guid, customer);
    }
  }

  get tokenLifetimeSeconds(): number {
    return this.#settings.tokenLifetimeSeconds;
  }

  issueToken(): string {
    const token = `simulated-token-${randomUUID()}`;
    this.#tokens.set(token, this.#now() + this.#settings.tokenLifetimeSeconds * 1000);
    return token;
  }

  isTokenValid(token: string): boolean {
    return (this.#tokens.get(token) ?? 0) > this.#now();
  }

  revokeTokens(): void {
    this.#tokens.clear();
  }

  customers(): readonly Customer[] {
    this.#settle();
    return [...this.#customers.values()];
  }

  /** The customer with this GUID, in any case. */
  customer(guid: string): Customer | undefined {
    this.#settle();
    return this.#customers.get(guid.toLowerCase());
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

  tasks(): readonly Task[] {
    this.#settle();
    return [...this.#tasks.values()];
  }

  task(id: string): Task | undefined {
    this.#settle();
    return this.#tasks.get(id);
  }

  runningTask(customerGuid: string): Task | undefined {
    return this.tasks().find((task) => task.customerGuid === customerGuid && task.status === "In Progress");
  }

  startUpgrade(customer: Customer, target: UpgradeTarget): Task {
    const startedAt = this.#now();
    const duration =
      customer.taskDuration === null ? this.#settings.taskDurationMs : durationSchema.parse(customer.taskDuration);
    const task: Task = {
      id: `tsk_${this.#nextTaskNumber++}`,
      customerGuid: customer.guid,
      target,
      startedAt,
      completesAt: startedAt + duration,
      outcome: customer.taskOutcome ?? this.#settings.taskOutcome,
      details: customer.taskDetails,
      messages: customer.taskMessages,
      status: "In Progress",
    };
    this.#tasks.set(task.id, task);
    return task;
  }

  forgetTask(id: string): boolean {
    return this.#tasks.delete(id);
  }

  /** Brings all running tasks to their end at once. */
  finishTasks(): number {
    const running = this.tasks().filter((task) => task.status === "In Progress");
    for (const task of running) {
      task.completesAt = this.#now();
    }
    this.#settle();
    return running.length;
  }

  #settle(): void {
    for (const task of this.#tasks.values()) {
      if (task.status === "In Progress" && this.#now() >= task.completesAt) {
        this.#complete(task);
      }
    }
  }

  #complete(task: Task): void {
    task.status = task.outcome === "success" ? "CompletedSuccess" : "Failed";
    const customer = this.#customers.get(task.customerGuid);
    if (customer === undefined || task.outcome === "fail") {
      return;
    }
    customer.licenseType = task.target.licenseType;
    customer.licensedUsersCount = task.target.licensedUsersCount;
    customer.fullName = task.target.customerFullName ?? customer.fullName;
    customer.appRegistrationOwed = customer.applicationClientId === null;
  }
}
