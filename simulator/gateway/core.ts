import { z } from "zod";

import { type Answer, type Call, json } from "../exchange";
import { isJsonContentType, parseJson } from "../strict-json";
import { bearerToken } from "../tokens";
import { CoreError } from "./errors";
import type { GatewayState } from "./state";

/** Where APIO Core serves its own calls, and below which it serves the gateways. */
export const CORE = "/api/v01";

const loginSchema = z.strictObject({ username: z.string(), password: z.string() });

function refuseQueryAndBody(call: Call): void {
  if (call.query !== "" || call.body !== "") {
    throw new CoreError(400, "This call takes no query and no body");
  }
}

/** Core's login. The names of its replies are documented or from the vendor's client. INVENTED: the words of its errors. */
export function coreLogIn(call: Call, state: GatewayState): Answer {
  const { settings, seed } = state;
  const parsed = parseJson(call.body);
  const credentials = loginSchema.safeParse(parsed.ok ? parsed.value : undefined);
  if (call.query !== "" || !isJsonContentType(call.contentType) || !credentials.success) {
    throw new CoreError(400, "The login takes a JSON object with username and password, and nothing else");
  }
  const { username, password } = credentials.data;
  if (!state.hasUser(username, password)) {
    throw new CoreError(401, "Invalid credentials");
  }
  switch (settings.coreLogin) {
    case "twoFactor":
      return json(200, { "2fa_payload": "simulated-second-factor", option: "totp" });
    case "passwordChange":
      throw new CoreError(403, "Password must be changed", { error_code: 1 });
    case "tokens": {
      const token = seed.users.find((user) => user.username === username)?.token;
      return json(200, {
        access_token: state.accessTokens.issue(settings.accessTokenLifetimeSeconds),
        refresh_token: state.refreshTokens.issue(settings.refreshTokenLifetimeSeconds),
        ...(token === undefined ? {} : { token }),
      });
    }
  }
}

/** A new access token for a refresh token. INVENTED: that the refresh token stays as it is. */
export function renewAccessToken(call: Call, state: GatewayState): Answer {
  if (!state.refreshTokens.isValid(bearerToken(call.headers.authorization))) {
    throw new CoreError(401, "Invalid or expired refresh token");
  }
  refuseQueryAndBody(call);
  return json(200, { access_token: state.accessTokens.issue(state.settings.accessTokenLifetimeSeconds) });
}

/** Lets a call to a gateway pass that brings an access token, or a user's machine-to-machine token. */
export function requireBearer(call: Call, state: GatewayState): void {
  const token = bearerToken(call.headers.authorization);
  if (!state.accessTokens.isValid(token) && !state.isMachineToken(token)) {
    throw new CoreError(401, "Missing, invalid or expired token");
  }
}

export function health(call: Call): Answer {
  refuseQueryAndBody(call);
  return json(200, { status: "ok" });
}

/** The list of gateways. INVENTED: that a prefix is written as a whole path. */
export function publicConfiguration(call: Call, { seed }: GatewayState): Answer {
  refuseQueryAndBody(call);
  return json(200, { gateways: [{ name: seed.proxyName, prefix: `${CORE}/${seed.proxyName}/` }] });
}
