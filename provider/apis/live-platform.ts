import { z } from "zod";
import type { LivePlatformCredentials } from "./live-platform-credentials";
import type { ApiAnswer, ApiCall, HttpApi } from "./transport/http-api";
import { readAnswer, readOrAbsent } from "./transport/answer-body";
import { looksLikeHtml } from "./transport/api-error";

/** Which names the PATCH uses for type and count: those of the page's example, or those of its table. */
type PatchFields = "example" | "table";

/** How this Live Platform differs from others. */
export interface LivePlatformVariant {
  readonly patchFields: PatchFields;
  /** Path of a task below the base URL, with `{taskId}`. */
  readonly taskPath: string;
}

/** A customer's service as the platform tells it. `undefined`: the platform did not say; `null`: it says that there is none. */
export interface LivePlatformCustomer {
  readonly guid: string | null;
  readonly shortName: string | null;
  readonly fullName: string | null;
  /** 0 to 5, see the licence types; `null` where no licence has been applied. */
  readonly licenseType: number | null;
  readonly licensedUsersCount: number | null;
  readonly activeUserCount: number | null;
  readonly applicationClientId: string | null | undefined;
  /** US text, for example `2/18/2027 8:39:26 AM`. */
  readonly clientSecretExpirationDate: string | null | undefined;
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

const textOrNone = z.string().nullish();
const countOrNone = z.number().int().nullish();

const customerAnswer = z.object({
  UmpCustomerGuid: z.string().nullable(),
  CustomerShortName: textOrNone,
  CustomerFullName: textOrNone,
  LicenseType: z.number().int().nullable(),
  LicensedUsersCount: countOrNone,
  ActiveUserCount: countOrNone,
  ApplicationClientId: textOrNone,
  ClientSecretExpirationDate: textOrNone,
});

const taskIdAnswer = z.union([
  z.string().trim().min(1).max(200),
  z.object({ jobId: z.string().trim().min(1).max(200) }).transform((job) => job.jobId),
]);

const taskAnswer = z.object({
  id: textOrNone,
  status: z.string().min(1),
  details: z.unknown().optional(),
  executionMessages: z.unknown().optional(),
});

/** The AudioCodes Live Platform: the few calls that licences need. */
export class LivePlatform {
  public constructor(
    private readonly http: HttpApi,
    private readonly credentials: LivePlatformCredentials,
    private readonly variant: LivePlatformVariant,
  ) {}

  /** All services, in brief: without App Registrations (`Get Services Brief Details (V3)`). */
  public async listCustomers(signal?: AbortSignal): Promise<LivePlatformCustomer[]> {
    const call: ApiCall = { ...read("/api/v3/customer", "list the customers"), signal };
    const rows = readAnswer(this.http, await this.send(call), z.array(customerAnswer));
    return rows.map((row) => ({
      ...toCustomer(row),
      applicationClientId: undefined,
      clientSecretExpirationDate: undefined,
    }));
  }

  /** One service with all details, or `undefined` where the platform answers 404 in its own form. */
  public async getCustomer(guid: string, signal?: AbortSignal): Promise<LivePlatformCustomer | undefined> {
    const call: ApiCall = {
      ...read(`/api/v3/customer/${encodeURIComponent(guid)}`, `read the licence of customer ${guid}`),
      signal,
    };
    const answer = await this.send(call);
    const row = readOrAbsent(this.http, answer, customerAnswer);
    if (row === undefined) {
      return undefined;
    }
    const customer = toCustomer(row);
    if (customer.guid !== null && customer.guid.toLowerCase() !== guid.toLowerCase()) {
      throw this.http.unreadable(answer, `it tells of another customer, ${customer.guid}`);
    }
    return customer;
  }

  /**
   * Sets type, count and App Registration (`Upgrade or Downgrade Service License`).
   * @throws {ApiError} with `lost` where it may or may not have been processed.
   */
  public async patchCustomer(guid: string, change: LivePlatformChange, signal?: AbortSignal): Promise<void> {
    if (change.application !== undefined) {
      // The platform may repeat in an error what it was sent.
      this.http.hide(change.application.clientSecret);
    }
    const [typeField, countField] =
      this.variant.patchFields === "table"
        ? ["upgradeToLicense", "licenseCount"]
        : ["licenseType", "licensedUsersCount"];
    const call: ApiCall = {
      method: "PATCH",
      path: `/api/v3/customer/${encodeURIComponent(guid)}`,
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
      signal,
    };
    const answer = await this.send(call);
    this.http.succeeded(answer);
    // "1" is the only answer that the page shows; anything else is verified by reading back, but a page is no answer at all.
    if (answer.text.trim() === "" || looksLikeHtml(answer.text)) {
      throw this.http.unreadable(answer, "the body is none of the platform's");
    }
  }

  /**
   * Starts the upgrade of an Operator Connect Essential customer (`Upgrade Operator Connect Customer License`) and gives the task's id.
   * @throws {ApiError} with status 409 where it is upgraded already or being upgraded; with `lost` where the answer was lost.
   */
  public async upgradeCustomer(guid: string, upgrade: LivePlatformUpgrade, signal?: AbortSignal): Promise<string> {
    const call: ApiCall = {
      method: "POST",
      path: `/api/v2/customer/${encodeURIComponent(guid)}/action/upgrade`,
      body: {
        ...(upgrade.customerFullName === undefined ? {} : { customerFullName: upgrade.customerFullName }),
        UpgradetoLicense: upgrade.licenseType,
        licenseCount: upgrade.licensedUsersCount,
      },
      repetition: "once",
      doing: `upgrade customer ${guid}`,
      signal,
    };
    const answer = await this.send(call);
    this.http.succeeded(answer);
    const parsed = taskIdAnswer.safeParse(answer.json);
    if (!parsed.success) {
      throw this.http.unreadable(answer, "the answer holds no task id");
    }
    return parsed.data;
  }

  /** The state of a task, or `undefined` where the platform does not know it (any more). */
  public async getTask(taskId: string, signal?: AbortSignal): Promise<LivePlatformTask | undefined> {
    const path = this.variant.taskPath.replaceAll("{taskId}", encodeURIComponent(taskId));
    const call: ApiCall = { ...read(path, `read task ${taskId}`), signal };
    const answer = await this.send(call);
    const task = readOrAbsent(this.http, answer, taskAnswer);
    if (task === undefined) {
      return undefined;
    }
    return {
      id: taskId,
      status: task.status,
      details: texts(task.details),
      executionMessages: texts(task.executionMessages),
      retryAfterMs: answer.retryAfterMs,
    };
  }

  private async send(call: ApiCall): Promise<ApiAnswer> {
    const token = await this.credentials.token(call.signal);
    const answer = await this.http.send(withToken(call, token));
    if (answer.status !== 401) {
      return answer;
    }
    // A refused token means that nothing was done, so that even an upgrade may be sent again.
    if (!this.credentials.refused(token)) {
      throw this.http.unexpected(
        answer,
        "The access token is not accepted (any more): set a fresh livePlatform:accessToken (LIVE_PLATFORM_ACCESS_TOKEN).",
      );
    }
    return this.http.send(withToken(call, await this.credentials.token(call.signal)));
  }
}

function read(path: string, doing: string): ApiCall {
  return { method: "GET", path, repetition: "repeatable", doing };
}

function withToken(call: ApiCall, token: string): ApiCall {
  return { ...call, headers: { ...call.headers, Authorization: `Bearer ${token}` } };
}

function toCustomer(row: z.infer<typeof customerAnswer>): LivePlatformCustomer {
  return {
    guid: row.UmpCustomerGuid,
    shortName: row.CustomerShortName ?? null,
    fullName: row.CustomerFullName ?? null,
    licenseType: row.LicenseType,
    licensedUsersCount: row.LicensedUsersCount ?? null,
    activeUserCount: row.ActiveUserCount ?? null,
    applicationClientId: row.ApplicationClientId === "" ? null : row.ApplicationClientId,
    clientSecretExpirationDate: row.ClientSecretExpirationDate,
  };
}

function texts(value: unknown): string[] {
  if (!Array.isArray(value)) {
    return typeof value === "string" && value !== "" ? [value] : [];
  }
  return value.flatMap((item: unknown) => {
    if (typeof item === "string") {
      return item === "" ? [] : [item];
    }
    const message = z.object({ level: z.string().optional(), message: z.string() }).safeParse(item);
    if (message.success) {
      return [
        message.data.level === undefined ? message.data.message : `${message.data.level}: ${message.data.message}`,
      ];
    }
    return item === null || item === undefined ? [] : [JSON.stringify(item)];
  });
}
