import { z } from "zod";

import { type Answer, type Call, json } from "../exchange";
import { GatewayError } from "./errors";
import { readObject, refuseQuery, valid } from "./request";
import type { GatewayState } from "./state";

/** The load balancer's cookie: the server that knows the session, so that no other one can serve it. */
const NODE_COOKIE = "SERVERID";
const NODE = "node1";

const loginSchema = z.strictObject({ username: z.string(), password: z.string() });

/** The gateway's own login. */
export function logIn(call: Call, state: GatewayState): Answer {
  refuseQuery(call);
  const { username, password } = valid(loginSchema.safeParse(readObject(call)));
  if (!state.hasUser(username, password)) {
    throw new GatewayError(401, "Wrong username or password");
  }
  const session = state.sessions.issue(state.settings.sessionLifetimeSeconds);
  // INVENTED: the empty object; only status and cookies are documented.
  return json(200, {}, { "set-cookie": [`sessionid=${session}; HttpOnly; Path=/`, `${NODE_COOKIE}=${NODE}; Path=/`] });
}

function cookiesOf(call: Call): ReadonlyMap<string, string> {
  const pairs = (call.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return new Map(pairs.map((pair) => [pair.split("=", 1)[0] ?? "", pair.slice(pair.indexOf("=") + 1)]));
}

/** Lets a call pass that brings the cookies of a login. */
export function requireSession(call: Call, state: GatewayState): void {
  const cookies = cookiesOf(call);
  if (cookies.get(NODE_COOKIE) !== NODE || !state.sessions.isValid(cookies.get("sessionid"))) {
    throw new GatewayError(401, "Authentication credentials were not provided");
  }
}
