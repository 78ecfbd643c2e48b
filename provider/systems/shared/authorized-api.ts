import type { Clock } from "../../time/clock";
import { CredentialHolder, type CredentialSource, type Held } from "./credential-holder";
import type { ApiAnswer, ApiCall, HttpApi } from "../transport/http-api";

/** How one call differs from others. */
export interface AuthorizedCallOptions {
  /** Not every user may make this call: a 403 says nothing of the credential, and a refusal that stays is an answer like others. */
  readonly mayBeRefused?: boolean;
  /** A 403 to this call may be about something else than rights and sessions. */
  readonly mayBeForbidden?: boolean;
}

/**
 * One system behind its credentials. A credential that is refused is replaced once; a replacement that is refused too is final, so that
 * wrong rights cost two logins, and not one an object.
 */
export class AuthorizedApi {
  private readonly holder: CredentialHolder;

  public constructor(
    public readonly http: HttpApi,
    private readonly source: CredentialSource,
    clock: Clock,
  ) {
    this.holder = new CredentialHolder(source, clock);
  }

  /** Obtains a credential, if none is held: a login, and nothing else. */
  public async logIn(signal?: AbortSignal): Promise<void> {
    await this.holder.get(signal);
  }

  /** Sends a call with a credential, and again with another one where it was refused: it was not processed, not even an upgrade. */
  public async send(call: ApiCall, options: AuthorizedCallOptions = {}): Promise<ApiAnswer> {
    const first = await this.holder.get(call.signal);
    const answer = await this.sendWith(call, first);
    if (!this.isRefused(answer, first, options)) {
      return answer;
    }
    if (!this.source.renewal.possible && options.mayBeRefused === true) {
      return answer;
    }
    if (!this.source.renewal.possible) {
      throw this.http.unexpected(answer, this.source.renewal.advice);
    }
    if (!this.holder.giveUp(first)) {
      return answer;
    }
    const second = await this.holder.get(call.signal);
    const again = await this.sendWith(call, second);
    second.isContested ||= again.status === 401 || again.status === 403;
    return again;
  }

  private async sendWith(call: ApiCall, held: Held): Promise<ApiAnswer> {
    const answer = await this.http.send({ ...call, headers: { ...call.headers, ...held.headers } });
    held.accepted ||= answer.status >= 200 && answer.status < 300;
    return answer;
  }

  private isRefused(
    { status }: ApiAnswer,
    held: Held,
    { mayBeRefused = false, mayBeForbidden = mayBeRefused }: AuthorizedCallOptions,
  ): boolean {
    // A 403 to the very first call is about rights; after a success it may be a session that has ended.
    return status === 401 || (status === 403 && this.source.endsWith403 && held.accepted && !mayBeForbidden);
  }
}
