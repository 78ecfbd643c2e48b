import { counted } from "../../text/count";
import type { AuthorizedApi } from "../shared/authorized-api";
import { gapOf, type Listed } from "../shared/complete-list";
import { isNoDate, readDate } from "../shared/dates";
import {
  customerAnswer,
  customerList,
  licenseInfoAnswer,
  type LicensesInUse,
  type LivePlatformCustomer,
  readCustomerRow,
  readLicensesInUse,
  taskAnswer,
  texts,
} from "./answers";
import type { ApiCall, HttpApi, Sending } from "../transport/http-api";
import { readAnswer, readOrAbsent, readSuccess } from "../transport/answer-body";
import type { OnWarning } from "../shared/warnings";
import { readWriteAnswer, taskIdOf } from "../shared/write-answer";

export type { LicensesInUse, LivePlatformCustomer } from "./answers";

/** Which names the PATCH uses for type and count: those of the page's example, or those of its table. */
type PatchFields = "example" | "table";
/** How the upgrade spells the licence type: the vendor's pages have both. */
type UpgradeFields = "UpgradetoLicense" | "upgradeToLicense";

/** How this Live Platform differs from others. */
export interface LivePlatformVariant {
  readonly patchFields: PatchFields;
  readonly upgradeFields: UpgradeFields;
  /** Path of a task below the base URL, with `{taskId}`. */
  readonly taskPath: string;
}

/** What a PATCH sets. */
export interface LivePlatformChange {
  readonly customerFullName?: string | undefined;
  readonly licenseType: number;
  readonly licensedUsersCount: number;
  readonly application?: { readonly clientId: string; readonly clientSecret: string } | undefined;
}

/** What a POST upgrade asks for. */
export interface LivePlatformUpgrade {
  readonly customerFullName?: string | undefined;
  readonly licenseType: number;
  readonly licensedUsersCount: number;
}

/** A task of the platform. */
export interface LivePlatformTask {
  readonly id: string;
  /** In the platform's own words: `In Progress`, `CompletedSuccess`, `Failed`… */
  readonly status: string;
  readonly details: readonly string[];
  readonly executionMessages: readonly string[];
  /** How long the platform wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

/** The AudioCodes Live Platform: the few calls that licences need. */
export class LivePlatform {
  private readonly http: HttpApi;
  private hasWarnedOfDate = false;

  public constructor(
    private readonly api: AuthorizedApi,
    private readonly variant: LivePlatformVariant,
    private readonly warn: OnWarning = () => undefined,
  ) {
    this.http = api.http;
  }

  /** Obtains an access token, and nothing else. */
  public logIn(signal: AbortSignal): Promise<void> {
    return this.api.logIn(signal);
  }

  /**
   * All services, in brief: without App Registrations (`Get Services Brief Details (V3)`). A row that cannot be read has a `problem`, and
   * each list gives one warning of them.
   */
  public async listCustomers(signal?: AbortSignal): Promise<Listed<LivePlatformCustomer>> {
    const call: ApiCall = { ...read("/api/v3/customer", "list the customers"), signal };
    const answer = await this.api.send(call);
    const rows = readSuccess(this.http, answer, customerList).map(readCustomerRow);
    this.warnOfOddRows(rows);
    return {
      rows: rows.map((row) => ({ ...row, applicationClientId: undefined, clientSecretExpirationDate: undefined })),
      ...gapOf(this.http, answer, "the list of customers"),
    };
  }

  /** One service with all details, or `undefined` where the platform answers 404 in its own form. */
  public async getCustomer(guid: string, signal?: AbortSignal): Promise<LivePlatformCustomer | undefined> {
    const call: ApiCall = { ...read(customerPath(guid), `read the licence of customer ${guid}`), signal };
    const answer = await this.api.send(call);
    const customer = readOrAbsent(this.http, answer, customerAnswer);
    if (customer === undefined) {
      return undefined;
    }
    if (customer.guid !== null && customer.guid.toLowerCase() !== guid.toLowerCase()) {
      throw this.http.unreadable(answer, `it describes another customer, ${customer.guid}`);
    }
    const expires = customer.clientSecretExpirationDate ?? "";
    if (!isNoDate(expires) && readDate(expires) === undefined) {
      this.warnOfDate(guid, expires);
    }
    return customer;
  }

  /** How many licences of a customer are in use, or `undefined` where the platform does not offer the call (`licenseinfo`). */
  public async licensesInUse(guid: string, signal?: AbortSignal): Promise<LicensesInUse | undefined> {
    const call: ApiCall = {
      ...read(`${customerPath(guid)}/licenseinfo`, `read the licences in use of customer ${guid}`),
      signal,
    };
    const answer = await this.api.send(call);
    return NOT_OFFERED.includes(answer.status)
      ? undefined
      : readLicensesInUse(readAnswer(this.http, answer, licenseInfoAnswer), guid);
  }

  /**
   * Sets type, count and App Registration (`Upgrade or Downgrade Service License`). Gives the id of the task in which the platform does
   * so, where it started one.
   * @throws {ApiError} with `lost` where it may or may not have been processed.
   */
  public async patchCustomer(
    guid: string,
    change: LivePlatformChange,
    sending: Sending = {},
  ): Promise<string | undefined> {
    const [typeField, countField] =
      this.variant.patchFields === "table"
        ? ["upgradeToLicense", "licenseCount"]
        : ["licenseType", "licensedUsersCount"];
    const call: ApiCall = {
      method: "PATCH",
      path: customerPath(guid),
      body: {
        ...(change.customerFullName === undefined ? {} : { customerFullName: change.customerFullName }),
        [typeField]: change.licenseType,
        [countField]: change.licensedUsersCount,
        ...(change.application === undefined
          ? {}
          : {
              applicationClientId: change.application.clientId,
              applicationClientSecret: change.application.clientSecret,
            }),
      },
      repetition: "once",
      doing: `change the licence of customer ${guid}`,
      ...sending,
    };
    const answer = this.http.succeeded(await this.api.send(call));
    const said = readWriteAnswer(answer);
    if (said.kind === "unclear") {
      throw this.http.unconfirmed(answer);
    }
    return said.kind === "task" ? said.id : undefined;
  }

  /**
   * Starts the upgrade of an Operator Connect Essential customer (`Upgrade Operator Connect Customer License`) and gives the task's id.
   * @throws {ApiError} with status 409 where it is upgraded already or being upgraded; with `lost` where the answer was lost.
   */
  public async upgradeCustomer(guid: string, upgrade: LivePlatformUpgrade, sending: Sending = {}): Promise<string> {
    const call: ApiCall = {
      method: "POST",
      path: `/api/v2/customer/${encodeURIComponent(guid)}/action/upgrade`,
      body: {
        ...(upgrade.customerFullName === undefined ? {} : { customerFullName: upgrade.customerFullName }),
        [this.variant.upgradeFields]: upgrade.licenseType,
        licenseCount: upgrade.licensedUsersCount,
      },
      repetition: "once",
      doing: `upgrade customer ${guid}`,
      ...sending,
    };
    const answer = this.http.succeeded(await this.api.send(call));
    const said = readWriteAnswer(answer);
    const id = said.kind === "task" ? said.id : said.kind === "done" ? taskIdOf(answer) : undefined;
    if (id === undefined) {
      throw said.kind === "unclear"
        ? this.http.unconfirmed(answer)
        : this.http.unreadable(answer, "the answer holds no task id");
    }
    return id;
  }

  /** The state of a task, or `undefined` where the platform does not know it (any more). */
  public async getTask(taskId: string, signal?: AbortSignal): Promise<LivePlatformTask | undefined> {
    const path = this.variant.taskPath.replaceAll("{taskId}", encodeURIComponent(taskId));
    const call: ApiCall = { ...read(path, `read task ${taskId}`), signal };
    const answer = await this.api.send(call);
    const task = readOrAbsent(this.http, answer, taskAnswer);
    if (task === undefined) {
      return undefined;
    }
    if (task.id !== undefined && task.id !== null && task.id.toLowerCase() !== taskId.toLowerCase()) {
      throw this.http.unreadable(answer, `it describes another task, ${task.id}`);
    }
    // A task may repeat what its request carried.
    const withoutSecrets = (text: string): string => this.http.redact(text);
    return {
      id: taskId,
      status: withoutSecrets(task.status),
      details: texts(task.details).map(withoutSecrets),
      executionMessages: texts(task.executionMessages).map(withoutSecrets),
      retryAfterMs: answer.retryAfterMs,
    };
  }

  private warnOfOddRows(rows: readonly LivePlatformCustomer[]): void {
    const odd = rows.flatMap(({ guid, shortName, fullName, problem }, index) =>
      problem === undefined ? [] : [`${shortName ?? fullName ?? guid ?? `row ${index + 1}`} (${problem})`],
    );
    if (odd.length > 0) {
      const more = odd.length > MOST_NAMED ? `, and ${odd.length - MOST_NAMED} more` : "";
      this.warn(
        `The Live Platform's list of customers has ${counted(odd.length, "row")} that cannot be read, and ${odd.length === 1 ? "is" : "are"} left out: ${odd.slice(0, MOST_NAMED).join(", ")}${more}.`,
      );
    }
  }

  /** Once: where one date has another form, all of them have. */
  private warnOfDate(guid: string, text: string): void {
    if (!this.hasWarnedOfDate) {
      this.hasWarnedOfDate = true;
      this.warn(
        `The Live Platform writes dates in a form that is not known: ClientSecretExpirationDate of customer ${guid} is "${text}". Such dates are left out.`,
      );
    }
  }
}

/** What a platform answers that does not offer a call, or not to this client. */
const NOT_OFFERED: readonly number[] = [403, 404, 405, 501];
/** How many rows a warning names. */
const MOST_NAMED = 3;

function customerPath(guid: string): string {
  return `/api/v3/customer/${encodeURIComponent(guid)}`;
}

function read(path: string, doing: string): ApiCall {
  return { method: "GET", path, repetition: "repeatable", doing };
}
