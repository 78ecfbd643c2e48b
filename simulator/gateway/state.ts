import { randomUUID } from "node:crypto";

import type { GatewaySeed, Service, ServicePack, TenantSeed } from "./seed";

/** The two kinds of service that can be licensed. */
export const SERVICE_KINDS = ["groupServices", "userServices"] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

/** A tenant with its services by name, in the order in which they are listed. */
export interface Tenant {
  readonly groupServices: Map<string, Service>;
  readonly userServices: Map<string, Service>;
  readonly servicePacks: Map<string, ServicePack>;
}

function tenantOf(seed: TenantSeed): Tenant {
  return {
    groupServices: new Map(Object.entries(seed.groupServices)),
    userServices: new Map(Object.entries(seed.userServices)),
    servicePacks: new Map(Object.entries(seed.servicePacks)),
  };
}

/** Tenants and sessions of the gateway. */
export class GatewayState {
  readonly seed: GatewaySeed;
  readonly #tenants = new Map<string, Tenant>();
  readonly #sessions = new Map<string, number>();
  readonly #now: () => number;

  constructor(seed: GatewaySeed, now: () => number) {
    this.seed = seed;
    this.#now = now;
    for (const [id, tenant] of Object.entries(seed.tenants)) {
      this.putTenant(id, tenant);
    }
  }

  openSession(): string {
    const id = `simulated-session-${randomUUID()}`;
    this.#sessions.set(id, this.#now() + this.seed.sessionLifetimeSeconds * 1000);
    return id;
  }

  isSessionValid(id: string): boolean {
    return (this.#sessions.get(id) ?? 0) > this.#now();
  }

  revokeSessions(): void {
    this.#sessions.clear();
  }

  tenant(id: string): Tenant | undefined {
    return this.#tenants.get(id);
  }

  tenants(): ReadonlyMap<string, Tenant> {
    return this.#tenants;
  }

  putTenant(id: string, seed: TenantSeed): void {
    this.#tenants.set(id, tenantOf(seed));
  }

  removeTenant(id: string): boolean {
    return this.#tenants.delete(id);
  }
}
