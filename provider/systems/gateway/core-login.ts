import * as z from "zod";
import { isPlainObject } from "../../text/plain-object";
import { fold } from "../transport/any-case";
import type { Credential, CredentialSource, Obtained } from "../shared/credential-holder";
import { bearer } from "../shared/fixed-token";
import { adviceForFailed, type GatewayUser, LOGIN_REFUSED } from "./login";
import type { ApiAnswer, ApiCall, HttpApi } from "../transport/http-api";
import type { Redactor } from "../transport/redact";

/** Where APIO Core itself answers, whatever the prefix of the gateway behind it. */
export const CORE_PATH = "/api/v01";

/** Visible ASCII characters: what a header can carry. */
const token = z.string().regex(/^[!-~]+$/);
const tokensAnswer = z.object({ access_token: token, refresh_token: token.nullish().catch(undefined) });

const MACHINE_TOKEN = "Use a machine-to-machine token as accessToken, or a user without a second factor.";

/** Access tokens of APIO Core: a login, then renewals with its refresh token, and another login where that has ended too. */
export function coreLogin(user: GatewayUser, http: HttpApi, redactor: Redactor): CredentialSource {
  redactor.add(user.password);
  const hideToken = redactor.forTokens();
  let refreshToken: string | undefined;

  const keep = (tokens: z.infer<typeof tokensAnswer>): Credential => {
    hideToken(tokens.access_token);
    if (typeof tokens.refresh_token === "string") {
      hideToken(tokens.refresh_token);
      refreshToken = tokens.refresh_token;
    }
    return { headers: bearer(tokens.access_token) };
  };

  /** Another access token, or `undefined` where only a login helps. */
  const renew = async (refresh: string, signal: AbortSignal | undefined): Promise<Credential | undefined> => {
    const answer = await http.send({
      method: "GET",
      path: `${CORE_PATH}/auth/access_token`,
      headers: bearer(refresh),
      repetition: "repeatable",
      doing: "renew the access token of the tenant gateway",
      signal,
    });
    const parsed = tokensAnswer.safeParse(answer.json);
    return answer.status === 200 && parsed.success ? keep(parsed.data) : undefined;
  };

  const logIn = async (signal: AbortSignal | undefined): Promise<Obtained> => {
    const call: ApiCall = {
      method: "POST",
      path: `${CORE_PATH}/auth/login`,
      body: { username: user.username, password: user.password },
      repetition: "repeatable",
      doing: "log in to the tenant gateway",
      signal,
    };
    const answer = await http.send(call);
    if (LOGIN_REFUSED.includes(answer.status)) {
      return { refused: http.unexpected(answer, adviceFor(answer, user)) };
    }
    http.succeeded(answer, adviceForFailed(answer, user));
    const secondFactor = isPlainObject(answer.json) ? fold(answer.json).get("2fa_payload") : undefined;
    if (secondFactor !== undefined) {
      textsIn(secondFactor).forEach(hideToken);
      return {
        refused: http.unexpected(
          // Whatever it holds is for the second step of a login, and nothing that an error should show.
          { ...answer, text: "", json: undefined },
          `This user logs in with a second factor, which a program cannot give. ${MACHINE_TOKEN}`,
        ),
      };
    }
    const parsed = tokensAnswer.safeParse(answer.json);
    if (!parsed.success) {
      throw http.unreadable(answer, "the answer holds no access_token");
    }
    return { credential: keep(parsed.data) };
  };

  return {
    renewal: { possible: true },
    endsWith403: true,
    async obtain(signal) {
      const refresh = refreshToken;
      // Used up, whatever comes of it: a refresh token that was refused is not tried again.
      refreshToken = undefined;
      const renewed = refresh === undefined ? undefined : await renew(refresh, signal);
      if (renewed === undefined) {
        return logIn(signal);
      }
      refreshToken ??= refresh;
      return { credential: renewed };
    },
  };
}

/** All texts within a value, at whatever depth. */
function textsIn(value: unknown): string[] {
  if (typeof value === "object" && value !== null) {
    return Object.values(value).flatMap(textsIn);
  }
  return typeof value === "string" ? [value] : [];
}

function adviceFor({ status, json }: ApiAnswer, user: GatewayUser): string {
  const mustChange = status === 403 && isPlainObject(json) && String(fold(json).get("error_code")) === "1";
  return mustChange
    ? `The password of this user must be changed first: log in to the portal with it once, and set the new one. ${user.advice}`
    : user.advice;
}
