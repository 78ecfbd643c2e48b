import { isPlainObject } from "../../text/plain-object";
import { counted } from "../../text/count";
import { unlessAborted } from "../../time/clock";
import { type CoreStatus, readCoreStatus } from "./core-status";
import type { AuthorizedApi, AuthorizedCallOptions } from "../shared/authorized-api";
import { gapOf, type Listed } from "../shared/complete-list";
import {
  type GatewayChange,
  type GatewayLicenses,
  type GatewayResult,
  type GatewayStock,
  type GatewayTenant,
  licensesAnswer,
  type OddService,
  readLicenses,
  readResults,
  stockAnswer,
  tenantRow,
  tenantsAnswer,
} from "./answers";
import { SERVICE_KINDS } from "./service-kinds";
import { formProblem, readAnswer, readSuccess } from "../transport/answer-body";
import { looksLikeHtml } from "../transport/error-in-body";
import type { ApiAnswer, ApiCall, HttpApi, Sending } from "../transport/http-api";
import type { OnWarning } from "../shared/warnings";
import { readWriteAnswer } from "../shared/write-answer";

export type {
  GatewayAllocation,
  GatewayChange,
  GatewayLicenses,
  GatewayResult,
  GatewayServicePack,
  GatewayStock,
  GatewayTenant,
  OddService,
  StockItem,
} from "./answers";

/** The gateway's tenants, as far as their rows can be read. */
export interface ListedTenants extends Listed<GatewayTenant> {
  /** What is wrong with each row that cannot be read: its id may be anyone's, so that beside it nobody's absence is proven. */
  readonly unreadable: readonly string[];
}

/** How the licences of a tenant are asked for: the page shows a GET with a body, the vendor's own client sends the query. */
type ReadForm = "body" | "query";
type SendInForm = (form: ReadForm, options?: AuthorizedCallOptions) => Promise<ApiAnswer>;

/** The BroadWorks gateway: reading and updating the service licences of a tenant, by itself or behind APIO Core. */
export class TenantGateway {
  private readonly http: HttpApi;
  /** The form that this gateway, and what stands before it, lets through; not known before the first answer. */
  private readForm: ReadForm | undefined;
  /** The read that finds it out; gives whether the next one that waits may try where it did not. */
  private learning: Promise<boolean> | undefined;

  /** @param apiPath Where its paths begin, below the base URL: `/api/v1`, or `/api/v01/p1` behind APIO Core. */
  public constructor(
    private readonly api: AuthorizedApi,
    private readonly apiPath: string,
    private readonly warn: OnWarning = () => undefined,
  ) {
    this.http = api.http;
  }

  /**
   * The services of a tenant, or `undefined` where the gateway, or whatever answers for it, says 404: whether there is such a tenant,
   * {@link listTenants} tells (`List services licenses available`).
   */
  public async getLicenses(tenantId: string, signal?: AbortSignal): Promise<GatewayLicenses | undefined> {
    const answer = await this.readLicenses(tenantId, signal);
    if (answer.status === 404) {
      return undefined;
    }
    const licenses = readLicenses(readSuccess(this.http, answer, licensesAnswer));
    if (licenses.odd.length > 0) {
      this.warn(oddServices(tenantId, licenses.odd));
    }
    const { gap } = gapOf(this.http, answer, "the gateway's answer", {
      lists: SERVICE_KINDS,
      others: ["servicePacks"],
    });
    return gap === undefined ? licenses : { ...licenses, gap: gap.outcome };
  }

  /**
   * Changes the named services and no other (`Update available services licenses`); gives what the gateway says of each, which is
   * nothing where it answers without a body. Whether it was done, reading back tells.
   * @throws {ApiError} where the whole update was refused, or with `lost` where it is not known what was done.
   */
  public async putLicenses(tenantId: string, change: GatewayChange, sending: Sending = {}): Promise<GatewayResult[]> {
    const answer = await this.api.send({
      method: "PUT",
      path: this.licensesPath(tenantId),
      body: change,
      repetition: "repeatable",
      doing: `update the service licences of tenant ${tenantId}`,
      ...sending,
    });
    const results = readResults(answer.json, change);
    if (answer.status === 400 && results !== undefined && results.length > 0) {
      return results;
    }
    this.http.succeeded(answer);
    if (results !== undefined && results.length > 0) {
      return results;
    }
    if (readWriteAnswer(answer).kind === "unclear" || (results === undefined && isPlainObject(answer.json))) {
      throw this.http.unconfirmed(answer);
    }
    return [];
  }

  /** The tenants that this user may see. */
  public async listTenants(signal?: AbortSignal): Promise<ListedTenants> {
    const answer = await this.api.send({ ...read(`${this.apiPath}/tenants/`, "list the tenants"), signal });
    const rows = readSuccess(this.http, answer, tenantsAnswer).tenants.map((row) => tenantRow.safeParse(row));
    return {
      rows: rows.flatMap((row) => (row.success ? [row.data] : [])),
      unreadable: rows.flatMap((row) => (row.success ? [] : [formProblem(row.error)])),
      ...gapOf(this.http, answer, "the list of tenants", { lists: ["tenants"] }),
    };
  }

  /** Logs in, and nothing else. */
  public logIn(signal: AbortSignal): Promise<void> {
    return this.api.logIn(signal);
  }

  /** How APIO Core is; `undefined` where the gateway is reached without it. */
  public coreStatus(signal: AbortSignal): Promise<CoreStatus | undefined> {
    return readCoreStatus(this.http, signal);
  }

  /** The platform's own licences, or `undefined` where this user may not see them, or the gateway does not offer them. */
  public async stock(signal?: AbortSignal): Promise<GatewayStock | undefined> {
    const call: ApiCall = { ...read(`${this.apiPath}/system/licensing/`, "read the platform's own licences"), signal };
    const answer = await this.api.send(call, { mayBeRefused: true });
    return [401, 403, 404].includes(answer.status) ? undefined : readAnswer(this.http, answer, stockAnswer);
  }

  /** Reads in the form that this gateway lets through. The first read learns it, and the others wait for that. */
  private async readLicenses(tenantId: string, signal: AbortSignal | undefined): Promise<ApiAnswer> {
    const send: SendInForm = (form, options) => {
      const call = read(this.licensesPath(tenantId), `read the service licences of tenant ${tenantId}`);
      return this.api.send(
        form === "body"
          ? { ...call, signal, body: { includeServicePacks: true } }
          : { ...call, signal, path: `${call.path}?includeServicePacks=true` },
        options,
      );
    };
    while (this.readForm === undefined && this.learning !== undefined) {
      const mayLearnNext = await unlessAborted(this.learning, signal);
      if (!mayLearnNext) {
        break;
      }
    }
    if (this.readForm !== undefined) {
      return send(this.readForm);
    }
    const answer = this.learnForm(send);
    this.learning = answer
      .then(
        () => true,
        // A gateway in trouble costs every read its retries: those are not for one read after the other.
        () => signal?.aborted === true,
      )
      .finally(() => {
        this.learning = undefined;
      });
    return answer;
  }

  /** Sends the documented form, and the other one where something on the way does not let a GET with a body through. */
  private async learnForm(send: SendInForm): Promise<ApiAnswer> {
    // While the form is not known, a 403 may be for the body: it says nothing of the session.
    const answer = await send("body", { mayBeForbidden: true });
    if (!mayBeForItsBody(answer)) {
      if (answer.status === 200) {
        this.readForm ??= "body";
      }
      return answer;
    }
    const without = await send("query");
    if (without.status === 200 && !looksLikeHtml(without.text)) {
      this.readForm ??= "query";
      return without;
    }
    if (without.status === 404) {
      // Let through to who knows the tenants, and this one is not among them.
      return without;
    }
    // Not for its body, then: the first answer says why. Where both are alike, no other tenant's will be for it either.
    this.readForm ??= without.status === answer.status ? "body" : undefined;
    return answer;
  }

  private licensesPath(tenantId: string): string {
    return `${this.apiPath}/tenants/${encodeURIComponent(tenantId)}/licenses/`;
  }
}

function read(path: string, doing: string): ApiCall {
  return { method: "GET", path, repetition: "repeatable", doing };
}

/** What a gateway, or a proxy, balancer or CDN before it, may answer to a GET only because it carries a body. */
const REFUSES_BODY: readonly number[] = [400, 403, 405, 406, 411, 413, 414, 415, 416, 417, 422, 431, 501];

function mayBeForItsBody({ status, text }: ApiAnswer): boolean {
  return REFUSES_BODY.includes(status) || (status === 200 && looksLikeHtml(text));
}

/** How many rows a warning names. */
const MOST_NAMED = 3;

function oddServices(tenantId: string, odd: readonly OddService[]): string {
  const named = odd
    .slice(0, MOST_NAMED)
    .map(({ name, problem }) => `${name === "" ? "a row without a name" : name} (${problem})`);
  const more = odd.length > MOST_NAMED ? `, and ${odd.length - MOST_NAMED} more` : "";
  return `Tenant ${tenantId}: ${counted(odd.length, "service")} of the gateway's list cannot be read and ${odd.length === 1 ? "is" : "are"} left out: ${named.join(", ")}${more}.`;
}
