import { Cookie, CookieJar } from "tough-cookie";
import type { ApiCall, HttpApi } from "./transport/http-api";
import type { Redactor } from "./transport/redact";

/** The name and password of a gateway user. */
export interface GatewayLogin {
  readonly username: string;
  readonly password: string;
}

/** A login of the gateway, kept as its cookies. */
export interface GatewaySession {
  /** The `Cookie` header of a call, after a login where none is held. */
  cookies(signal?: AbortSignal): Promise<string>;
  /** The gateway refused this header: the next call logs in anew. */
  refused(cookies: string): void;
}

/** What a gateway answers to a login that no repetition makes right. */
const REFUSED = [400, 401, 403];

/** Logs in when a call needs it, once at a time and never again once it was refused, and keeps every cookie that came with the login (`POST /api/v1/login/`). */
export function gatewaySession(
  login: GatewayLogin,
  http: HttpApi,
  baseUrl: string,
  redactor: Redactor,
): GatewaySession {
  redactor.add(login.password);
  let current: string | undefined;
  let loggingIn: Promise<string> | undefined;
  let refusal: Error | undefined;

  const logIn = async (signal: AbortSignal | undefined): Promise<string> => {
    const call: ApiCall = {
      method: "POST",
      path: "/api/v1/login/",
      body: { username: login.username, password: login.password },
      repetition: "repeatable",
      doing: "log in to the tenant gateway",
      signal,
    };
    const answer = await http.send(call);
    if (answer.status < 200 || answer.status >= 300) {
      const failure = http.unexpected(
        answer,
        "Check tenantGateway:username and tenantGateway:password (TENANT_GATEWAY_USERNAME, TENANT_GATEWAY_PASSWORD).",
      );
      // Another try for each tenant with the same wrong password would lock the user out of the gateway.
      refusal = REFUSED.includes(answer.status) ? failure : undefined;
      throw failure;
    }
    const header = await cookieHeader(answer.cookies, new URL(baseUrl).origin, redactor);
    if (header === "") {
      throw http.unreadable(answer, "it set no cookie");
    }
    current = header;
    return header;
  };

  return {
    cookies(signal) {
      if (current !== undefined) {
        return Promise.resolve(current);
      }
      if (refusal !== undefined) {
        return Promise.reject(refusal);
      }
      loggingIn ??= logIn(signal).finally(() => {
        loggingIn = undefined;
      });
      return loggingIn;
    },
    refused(cookies) {
      if (current === cookies) {
        current = undefined;
      }
    },
  };
}

async function cookieHeader(lines: readonly string[], origin: string, redactor: Redactor): Promise<string> {
  const jar = new CookieJar();
  for (const line of lines) {
    const cookie = Cookie.parse(line, { loose: true });
    if (cookie !== undefined && cookie.key + cookie.value !== "") {
      redactor.add(cookie.value);
      // A cookie without Path would be bound to /api/v1/login by the letter of the standard, and one of a load balancer to a domain
      // that this process may know under another name. Both are meant for the calls that follow, to this host alone, and so is one
      // for https where the user has permitted plain http to this host.
      cookie.path = "/";
      cookie.domain = null;
      cookie.secure = false;
      await jar.setCookie(cookie, origin, { ignoreError: true });
    }
  }
  return jar.getCookieString(origin);
}
