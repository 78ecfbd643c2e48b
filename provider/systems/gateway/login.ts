import type { CredentialSource } from "../shared/credential-holder";
import { cookieHeader, secretValues, sessionCookies } from "./cookies";
import type { ApiAnswer, ApiCall, HttpApi } from "../transport/http-api";
import type { Redactor } from "../transport/redact";

/** A user of the gateway, and what to do where its login is refused. */
export interface GatewayUser {
  readonly username: string;
  readonly password: string;
  /** `Check tenantGateway:username and …`. */
  readonly advice: string;
  /** What to do where no login is found: `Check tenantGateway:baseUrl and …`. */
  readonly adviceWhereMissing: string;
}

/** What a gateway answers to a login that no repetition makes right. */
export const LOGIN_REFUSED: readonly number[] = [400, 401, 403];

/** What to do about a login that failed without being refused; `undefined` where the status alone says it. */
export function adviceForFailed({ status }: ApiAnswer, { adviceWhereMissing }: GatewayUser): string | undefined {
  return status === 404 ? adviceWhereMissing : undefined;
}

/** Sessions of a gateway that is reached directly: a login at `{apiPath}/login/`, and every cookie that came with it. */
export function gatewayLogin(user: GatewayUser, http: HttpApi, apiPath: string, redactor: Redactor): CredentialSource {
  redactor.add(user.password);
  const hideCookie = redactor.forTokens();
  return {
    renewal: { possible: true },
    endsWith403: true,
    async obtain(signal) {
      const call: ApiCall = {
        method: "POST",
        path: `${apiPath}/login/`,
        body: { username: user.username, password: user.password },
        repetition: "repeatable",
        doing: "log in to the tenant gateway",
        signal,
      };
      const answer = await http.send(call);
      if (LOGIN_REFUSED.includes(answer.status)) {
        return { refused: http.unexpected(answer, user.advice) };
      }
      const cookies = sessionCookies(http.succeeded(answer, adviceForFailed(answer, user)).cookies, answer.hostTime);
      if (cookies.size === 0) {
        throw http.unreadable(answer, "it set no cookie");
      }
      secretValues(cookies).forEach(hideCookie);
      return { credential: { headers: { Cookie: cookieHeader(cookies) } } };
    },
  };
}
