import * as z from "zod";
import { isPlainObject } from "../../text/plain-object";
import type { Clock } from "../../time/clock";
import type { CredentialSource } from "../shared/credential-holder";
import { bearer } from "../shared/fixed-token";
import type { ApiAnswer, ApiCall, HttpApi } from "../transport/http-api";
import type { Redactor } from "../transport/redact";

/** OAuth 2.0 client credentials of Microsoft Entra ID. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The whole token URL: `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`. */
  readonly authUrl: string;
  readonly scope: string;
  /** What to do where it is refused: `Check livePlatform:clientId and …`. */
  readonly advice: string;
}

const tokenAnswer = z.object({
  // Visible ASCII characters: what a header can carry.
  access_token: z.string().regex(/^[!-~]+$/),
  expires_in: z.unknown().optional(),
});

const ADVICE_FOR_ITS_FAILURE =
  "The token service failed: run it again. If it fails again, report the answer to its support.";

/** Where the answer does not say how long its token lives: Entra's own shortest, in seconds. */
const UNSTATED_LIFETIME_S = 300;
/** A token is renewed when it has no more than this left, in milliseconds, or a tenth of its life if that is less. */
const RENEW_BEFORE_MS = 60_000;

/** Tokens by client credentials, renewed before they expire. */
export function clientCredentials(
  credentials: ClientCredentials,
  http: HttpApi,
  clock: Clock,
  redactor: Redactor,
): CredentialSource {
  redactor.add(credentials.clientSecret);
  const hideToken = redactor.forTokens();
  const { pathname, search } = new URL(credentials.authUrl);
  return {
    renewal: { possible: true },
    endsWith403: false,
    async obtain(signal) {
      const call: ApiCall = {
        method: "POST",
        path: pathname + search,
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: credentials.clientId,
          client_secret: credentials.clientSecret,
          scope: credentials.scope,
        }),
        repetition: "repeatable",
        doing: "get an access token for the Live Platform",
        signal,
      };
      const answer = await http.send(call);
      if (isItsFailure(answer)) {
        throw http.unexpected(answer, ADVICE_FOR_ITS_FAILURE);
      }
      if ([400, 401, 403].includes(answer.status)) {
        return { refused: http.unexpected(answer, credentials.advice) };
      }
      if (answer.status !== 200) {
        throw http.unexpected(answer);
      }
      const parsed = tokenAnswer.safeParse(answer.json);
      if (!parsed.success) {
        throw http.unreadable(answer, "the answer holds no access_token");
      }
      const token = parsed.data.access_token;
      hideToken(token);
      const lifetimeMs = lifetimeSeconds(parsed.data.expires_in) * 1000;
      return {
        credential: {
          headers: bearer(token),
          renewAt: clock.elapsed() + lifetimeMs - Math.min(RENEW_BEFORE_MS, lifetimeMs / 10),
          once: lifetimeMs === 0,
        },
      };
    },
  };
}

/** Whether the token service itself failed, which it may answer with any status (RFC 6749 has these words where no status can be chosen). */
function isItsFailure({ status, json }: ApiAnswer): boolean {
  const error = isPlainObject(json) ? json["error"] : undefined;
  return status >= 500 || error === "server_error" || error === "temporarily_unavailable";
}

/** How long a token lives. One that lives for no time is good for the call that it was asked for. */
function lifetimeSeconds(expiresIn: unknown): number {
  const isGiven = typeof expiresIn === "number" || (typeof expiresIn === "string" && expiresIn.trim() !== "");
  const seconds = isGiven ? Number(expiresIn) : NaN;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : UNSTATED_LIFETIME_S;
}
