import { z } from "zod";
import type { Clock } from "../time/clock";
import type { ApiCall, HttpApi } from "./transport/http-api";
import type { Redactor } from "./transport/redact";

/** Gives the Bearer token for a call, and hears when one was refused. */
export interface LivePlatformCredentials {
  /** A token that is good for the next request. */
  token(signal?: AbortSignal): Promise<string>;
  /** The platform refused this token; gives `true` where another one can be had. */
  refused(token: string): boolean;
}

/** A ready token, which cannot be renewed. */
export function fixedToken(token: string, redactor: Redactor): LivePlatformCredentials {
  redactor.add(token);
  return { token: () => Promise.resolve(token), refused: () => false };
}

/** OAuth 2.0 client credentials of Microsoft Entra ID. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where tokens are had, whole: `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`. */
  readonly authUrl: string;
  readonly scope: string;
}

const tokenAnswer = z.object({
  // Visible ASCII characters: what a header can carry.
  access_token: z.string().regex(/^[!-~]+$/),
  expires_in: z.coerce.number().positive().optional(),
});

/** Where the answer does not say how long its token lives: Entra's own shortest, in seconds. */
const UNSTATED_LIFETIME_S = 300;
/** A token is renewed when it has no more than this left, in milliseconds, or a tenth of its life if that is less. */
const RENEW_BEFORE_MS = 60_000;

/** Tokens by client credentials, one request at a time, renewed before they expire. */
export function clientCredentials(
  credentials: ClientCredentials,
  http: HttpApi,
  clock: Clock,
  redactor: Redactor,
): LivePlatformCredentials {
  redactor.add(credentials.clientSecret);
  let current: { token: string; renewAt: number } | undefined;
  let asking: Promise<string> | undefined;

  const ask = async (signal: AbortSignal | undefined): Promise<string> => {
    const call: ApiCall = {
      method: "POST",
      path: new URL(credentials.authUrl).pathname + new URL(credentials.authUrl).search,
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
    if (answer.status !== 200) {
      throw http.unexpected(
        answer,
        "Check livePlatform:clientId and livePlatform:clientSecret (LIVE_PLATFORM_CLIENT_ID, LIVE_PLATFORM_CLIENT_SECRET), the directory tenant and the scope.",
      );
    }
    const parsed = tokenAnswer.safeParse(answer.json);
    if (!parsed.success) {
      throw http.unreadable(answer, "the answer holds no access_token");
    }
    const token = parsed.data.access_token;
    const lifetime = (parsed.data.expires_in ?? UNSTATED_LIFETIME_S) * 1000;
    redactor.add(token);
    current = { token, renewAt: clock.now() + lifetime - Math.min(RENEW_BEFORE_MS, lifetime / 10) };
    return token;
  };

  return {
    token(signal) {
      if (current !== undefined && clock.now() < current.renewAt) {
        return Promise.resolve(current.token);
      }
      asking ??= ask(signal).finally(() => {
        asking = undefined;
      });
      return asking;
    },
    refused(token) {
      if (current?.token === token) {
        current = undefined;
      }
      return true;
    },
  };
}
