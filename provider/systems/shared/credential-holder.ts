import type { Clock } from "../../time/clock";
import type { ApiError } from "../transport/api-error";

/** What authorises calls: a token, or the cookies of a session. */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>;
  /** From when on, by `Clock.elapsed`, another one is obtained before it is refused. None: it is used until it is refused. */
  readonly renewAt?: number;
  /** Good for one call only. */
  readonly once?: boolean;
}

/** What a system answered to a request for a credential. */
export type Obtained =
  | { readonly credential: Credential }
  /** Refused, and no repetition in this run helps: another try for each object would lock the user out. */
  | { readonly refused: ApiError };

/** How the credentials of one system are obtained, and what a refused one looks like. */
export interface CredentialSource {
  /** @throws {ApiError} where the request failed, so that the next call may try again. */
  obtain(signal: AbortSignal | undefined): Promise<Obtained>;
  /** Whether another credential can be obtained; otherwise, what to do about a refused one. */
  readonly renewal: { readonly possible: true } | { readonly possible: false; readonly advice: string };
  /** Whether the system may answer 403, and not only 401, to a credential that has ended. */
  readonly endsWith403: boolean;
}

/** A credential in use. */
export interface Held extends Credential {
  readonly since: number;
  /** Obtained because another one was refused. */
  readonly isReplacement: boolean;
  /** Whether a call with it has succeeded. */
  accepted: boolean;
  /** Whether a call was refused with it that had been refused with the one before: a matter of rights, which no login changes. */
  isContested: boolean;
}

/** For how long a contested credential is kept: by then it may have ended. */
const CONTESTED_FOR_MS = 60_000;

/** Holds the credential of one system: obtains one when a call needs it, one request at a time, and replaces one that was refused. */
export class CredentialHolder {
  private current: Held | undefined;
  private obtaining: Promise<Held> | undefined;
  private refusal: ApiError | undefined;
  private isReplacing = false;

  public constructor(
    private readonly source: CredentialSource,
    private readonly clock: Clock,
  ) {}

  /** A credential for the next call. */
  public async get(signal?: AbortSignal): Promise<Held> {
    const { current } = this;
    if (current !== undefined && this.clock.elapsed() < (current.renewAt ?? Infinity)) {
      return current;
    }
    if (this.refusal !== undefined) {
      throw this.refusal;
    }
    const isOthers = this.obtaining !== undefined;
    this.obtaining ??= this.obtain(signal).finally(() => {
      this.obtaining = undefined;
    });
    const held = await this.obtaining;
    return isOthers && held.once === true ? this.get(signal) : held;
  }

  /** Gives `held` up after a refusal; `false` where another one would be refused as well, so that it stays. */
  public giveUp(held: Held): boolean {
    if (this.current !== undefined && this.current !== held) {
      return true;
    }
    const isWorthIt = held.isContested
      ? held.accepted && this.clock.elapsed() - held.since >= CONTESTED_FOR_MS
      : held.accepted || !held.isReplacement;
    if (isWorthIt && (this.current === held || held.once === true)) {
      this.current = undefined;
      this.isReplacing = true;
    }
    return isWorthIt;
  }

  private async obtain(signal: AbortSignal | undefined): Promise<Held> {
    const isReplacement = this.isReplacing;
    const obtained = await this.source.obtain(signal);
    if ("refused" in obtained) {
      this.refusal = obtained.refused;
      throw obtained.refused;
    }
    const held = {
      ...obtained.credential,
      since: this.clock.elapsed(),
      isReplacement,
      accepted: false,
      isContested: false,
    };
    this.isReplacing = false;
    this.current = held.once === true ? undefined : held;
    return held;
  }
}
