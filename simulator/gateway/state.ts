import { LateWrites } from "../late-writes";
import type { Settings } from "../settings";
import { Tokens } from "../tokens";
import type { GatewaySeed, Service, ServicePack, TenantDetails, TenantSeed } from "./seed";

/** The two kinds of service that can be licensed. */
export const SERVICE_KINDS = ["groupServices", "userServices"] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

/** A tenant with its services by name, in the order in which they are listed. */
export interface Tenant {
  readonly id: string;
  details: TenantDetails;
  readonly groupServices: Map<string, Service>;
  readonly userServices: Map<string, Service>;
  readonly servicePacks: Map<string, ServicePack>;
}

function tenantOf(id: string, { groupServices, userServices, servicePacks, ...details }: TenantSeed): Tenant {
  return {
    id,
    details,
    groupServices: new Map(Object.entries(groupServices)),
    userServices: new Map(Object.entries(userServices)),
    servicePacks: new Map(Object.entries(servicePacks)),
  };
}

/** Tenants, sessions and tokens of the gateway and of APIO Core. */
export class GatewayState {
  readonly seed: GatewaySeed;
  readonly settings: Settings;
  readonly sessions: Tokens;
  readonly accessTokens: Tokens;
  readonly refreshTokens: Tokens;
  readonly #tenants = new Map<string, Tenant>();
  readonly #lateWrites: LateWrites<Tenant>;
  readonly #now: () => number;
  #nextRecord = 1;

  constructor(seed: GatewaySeed, settings: Settings, now: () => number) {
    this.seed = seed;
    this.settings = settings;
    this.sessions = new Tokens("simulated-session", now);
    this.accessTokens = new Tokens("simulated-access-token", now);
    this.refreshTokens = new Tokens("simulated-refresh-token", now);
    this.#lateWrites = new LateWrites(now);
    this.#now = now;
    for (const [id, tenant] of Object.entries(seed.tenants)) {
      this.putTenant(id, tenant);
    }
  }

  hasUser(username: string, password: string): boolean {
    return this.seed.users.some((user) => user.username === username && user.password === password);
  }

  isMachineToken(token: string | undefined): boolean {
    return this.settings.machineTokens === "valid" && this.seed.users.some((user) => user.token === token);
  }

  /** Ends all sessions, access tokens and refresh tokens; a machine-to-machine token stays. */
  revoke(): void {
    for (const tokens of [this.sessions, this.accessTokens, this.refreshTokens]) {
      tokens.revokeAll();
    }
  }

  /** The tenant as it is. */
  tenant(id: string): Tenant | undefined {
    return this.#tenants.get(id);
  }

  /** The tenant as reads show it. */
  shown(tenant: Tenant): Tenant {
    return this.#lateWrites.shown(tenant.id, tenant);
  }

  /** Whether the caller may see the tenant. */
  isVisible({ details }: Tenant): boolean {
    return this.settings.reseller === null || details.resellerId === this.settings.reseller;
  }

  tenants(): ReadonlyMap<string, Tenant> {
    return this.#tenants;
  }

  putTenant(id: string, seed: TenantSeed): void {
    this.#tenants.set(id, tenantOf(id, seed));
  }

  removeTenant(id: string): boolean {
    return this.#tenants.delete(id);
  }

  /** To be called before a tenant is written to: reads go on showing what it holds now, as the settings say. */
  beforeWrite(tenant: Tenant): void {
    this.#lateWrites.note(tenant.id, structuredClone(tenant), this.#now() + this.settings.visibleAfterMs);
  }

  /** The id of the next record of the audit. */
  nextRecordId(): string {
    return `record-${this.#nextRecord++}`;
  }
}
