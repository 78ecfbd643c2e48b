import { durationSchema } from "../duration";
import type { Settings } from "../settings";
import type { Customer } from "./seed";

/** The licence that a PATCH or an upgrade leads to. */
export interface LicenseChange {
  readonly licenseType: number;
  readonly licensedUsersCount: number;
  readonly customerFullName?: string | undefined;
  readonly applicationClientId?: string | undefined;
  readonly applicationClientSecret?: string | undefined;
}

/** What a task does to a customer. */
export type TaskKind = "upgrade" | "patch";

/** One task, running or ended. */
export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  readonly customerGuid: string;
  readonly target: LicenseChange;
  readonly startedAt: number;
  completesAt: number;
  readonly outcome: "success" | "fail";
  readonly details: readonly string[];
  readonly messages: readonly { readonly level: string; readonly message: string }[];
  status: "running" | "success" | "failed";
}

/** The tasks of Live Platform. They are brought up to date by the clock whenever something is read. */
export class Tasks {
  readonly #settings: Settings;
  readonly #now: () => number;
  readonly #onSuccess: (task: Task) => void;
  readonly #tasks = new Map<string, Task>();
  #lastNumber = 0;

  constructor(settings: Settings, now: () => number, onSuccess: (task: Task) => void) {
    this.#settings = settings;
    this.#now = now;
    this.#onSuccess = onSuccess;
  }

  start(kind: TaskKind, prefix: "tsk" | "wst", customer: Customer, target: LicenseChange): Task {
    const startedAt = this.#now();
    this.#lastNumber = Math.max(this.#lastNumber + 1, this.#settings.firstTaskNumber);
    const duration =
      customer.taskDuration === null ? this.#settings.taskDuration : durationSchema.parse(customer.taskDuration);
    const task: Task = {
      id: `${prefix}_${this.#lastNumber}`,
      kind,
      customerGuid: customer.guid,
      target,
      startedAt,
      completesAt: startedAt + duration,
      outcome: customer.taskOutcome ?? this.#settings.taskOutcome,
      details: customer.taskDetails,
      messages: customer.taskMessages,
      status: "running",
    };
    this.#tasks.set(task.id, task);
    return task;
  }

  all(): readonly Task[] {
    this.settle();
    return [...this.#tasks.values()];
  }

  get(id: string): Task | undefined {
    this.settle();
    return this.#tasks.get(id);
  }

  /** The upgrade of this customer that is not over yet. */
  runningUpgrade(customerGuid: string): Task | undefined {
    return this.all().find(
      (task) => task.kind === "upgrade" && task.customerGuid === customerGuid && task.status === "running",
    );
  }

  forget(id: string): boolean {
    return this.#tasks.delete(id);
  }

  /** Brings all running tasks to their end at once. */
  finish(): number {
    const running = this.all().filter((task) => task.status === "running");
    for (const task of running) {
      task.completesAt = this.#now();
    }
    this.settle();
    return running.length;
  }

  settle(): void {
    for (const task of this.#tasks.values()) {
      if (task.status !== "running" || this.#now() < task.completesAt) {
        continue;
      }
      task.status = task.outcome === "success" ? "success" : "failed";
      if (task.status === "success") {
        this.#onSuccess(task);
      }
    }
  }
}
