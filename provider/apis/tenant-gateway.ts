import { z } from "zod";
import type { GatewaySession } from "./tenant-gateway-session";
import { bodyProblem, readOrAbsent } from "./transport/answer-body";
import type { ApiAnswer, ApiCall, HttpApi } from "./transport/http-api";
import { SERVICE_KINDS, type ServiceKind } from "./service-kinds";

/** An allocation as the gateway writes it; `maximum` is there where `unlimited` is false, and 0 means not licensed. */
export type GatewayAllocation = { readonly unlimited: true } | { readonly unlimited: false; readonly maximum: number };

/** A service as the gateway lists it. */
interface GatewayService {
  readonly name: string;
  readonly allocated: GatewayAllocation;
  /** Licences in use; absent on services that are not licensed. */
  readonly currentlyAllocated: number | undefined;
}

/** All services of a tenant, by kind. */
export type GatewayLicenses = Readonly<Record<ServiceKind, readonly GatewayService[]>>;

/** What a PUT sets: just the services that are to change. */
export type GatewayChange = Readonly<
  Partial<Record<ServiceKind, readonly { readonly name: string; readonly allocated: GatewayAllocation }[]>>
>;

/** What the gateway says it did with one service; only `updated` is a success. */
export interface GatewayResult {
  readonly kind: ServiceKind;
  readonly name: string;
  readonly status: string;
}

const service = z.object({
  name: z.string().min(1),
  allocated: z.union([
    z.object({ unlimited: z.literal(true) }).transform(() => ({ unlimited: true as const })),
    z.object({ unlimited: z.literal(false), maximum: z.number().int().min(0) }),
  ]),
  currentlyAllocated: z.number().int().min(0).nullish(),
});

const licensesAnswer = z
  .object({ groupServices: z.array(service).optional(), userServices: z.array(service).optional() })
  // An object with neither kind is no list of services, whatever else it is.
  .refine(
    ({ groupServices, userServices }) => groupServices !== undefined || userServices !== undefined,
    "it lists no services",
  );

const results = z.array(z.object({ name: z.string(), status: z.unknown().optional() })).optional();
const putAnswer = z.object({ groupServices: results, userServices: results });

/** The BroadWorks gateway: reading and updating the service licences of a tenant. */
export class TenantGateway {
  public constructor(
    private readonly http: HttpApi,
    private readonly session: GatewaySession,
  ) {}

  /** The services of a tenant, or `undefined` where the gateway answers 404 in its own form (`List services licenses available`). */
  public async getLicenses(tenantId: string, signal?: AbortSignal): Promise<GatewayLicenses | undefined> {
    const call: ApiCall = {
      method: "GET",
      path: licensesPath(tenantId),
      // The page shows a GET with a body.
      body: { includeServicePacks: true },
      repetition: "repeatable",
      doing: `read the service licences of tenant ${tenantId}`,
      signal,
    };
    const listed = readOrAbsent(this.http, await this.send(call), licensesAnswer);
    return listed === undefined
      ? undefined
      : { groupServices: toServices(listed.groupServices), userServices: toServices(listed.userServices) };
  }

  /**
   * Changes the named services and no other (`Update available services licenses`); gives what the gateway says of each.
   * @throws {ApiError} where the whole update was refused, or with `lost` where it is not known what was done.
   */
  public async putLicenses(tenantId: string, change: GatewayChange, signal?: AbortSignal): Promise<GatewayResult[]> {
    const call: ApiCall = {
      method: "PUT",
      path: licensesPath(tenantId),
      body: change,
      repetition: "repeatable",
      doing: `update the service licences of tenant ${tenantId}`,
      signal,
    };
    const answer = await this.send(call);
    this.http.succeeded(answer);
    const parsed = putAnswer.safeParse(answer.json);
    if (!parsed.success) {
      throw this.http.unreadable(answer, bodyProblem(answer, parsed.error));
    }
    return SERVICE_KINDS.flatMap((kind) =>
      (parsed.data[kind] ?? []).map(({ name, status }) => ({
        kind,
        name,
        status: typeof status === "string" ? status : JSON.stringify(status ?? null),
      })),
    );
  }

  private async send(call: ApiCall): Promise<ApiAnswer> {
    const cookies = await this.session.cookies(call.signal);
    const answer = await this.http.send(withCookies(call, cookies));
    if (answer.status !== 401) {
      return answer;
    }
    this.session.refused(cookies);
    return this.http.send(withCookies(call, await this.session.cookies(call.signal)));
  }
}

function licensesPath(tenantId: string): string {
  return `/api/v1/tenants/${encodeURIComponent(tenantId)}/licenses/`;
}

function withCookies(call: ApiCall, cookies: string): ApiCall {
  return { ...call, headers: { ...call.headers, Cookie: cookies } };
}

function toServices(services: z.infer<typeof licensesAnswer>["groupServices"]): GatewayService[] {
  return (services ?? []).map((listed) => ({
    name: listed.name,
    allocated: listed.allocated,
    currentlyAllocated: listed.currentlyAllocated ?? undefined,
  }));
}
