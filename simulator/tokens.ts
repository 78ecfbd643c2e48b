import { randomUUID } from "node:crypto";

/** Tokens or sessions of one kind, each with its end. */
export class Tokens {
  readonly #prefix: string;
  readonly #now: () => number;
  readonly #validUntil = new Map<string, number>();

  constructor(prefix: string, now: () => number) {
    this.#prefix = prefix;
    this.#now = now;
  }

  issue(lifetimeSeconds: number): string {
    const token = `${this.#prefix}-${randomUUID()}`;
    this.#validUntil.set(token, this.#now() + lifetimeSeconds * 1000);
    return token;
  }

  isValid(token: string | undefined): boolean {
    return token !== undefined && (this.#validUntil.get(token) ?? 0) > this.#now();
  }

  revokeAll(): void {
    this.#validUntil.clear();
  }
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
}
