import { type Answer, type Call, json, type Route } from "../exchange";
import type { LivePlatformState } from "./state";

const FIELDS: ReadonlySet<string> = new Set(["grant_type", "client_id", "client_secret", "scope"]);

function refuse(status: number, error: string, code: number, description: string): Answer {
  return json(status, { error, error_description: `AADSTS${code}: ${description}`, error_codes: [code] });
}

function grant(call: Call, state: LivePlatformState): Answer {
  const { seed } = state;
  if (call.params["directory"]?.toLowerCase() !== seed.directoryTenantId.toLowerCase()) {
    return refuse(400, "invalid_request", 90002, `Tenant '${call.params["directory"] ?? ""}' not found.`);
  }
  if (!/^application\/x-www-form-urlencoded(?:;.*)?$/i.test(call.contentType ?? "")) {
    return refuse(400, "invalid_request", 900561, "The endpoint only accepts application/x-www-form-urlencoded POSTs.");
  }
  const form = new URLSearchParams(call.body);
  for (const name of FIELDS) {
    if ((form.get(name) ?? "") === "") {
      return refuse(
        400,
        "invalid_request",
        900144,
        `The request body must contain the following parameter: '${name}'.`,
      );
    }
  }
  const names = [...form.keys()];
  const unexpected = names.find((name, index) => !FIELDS.has(name) || names.indexOf(name) !== index);
  if (unexpected !== undefined || call.query !== "") {
    // INVENTED: Entra ignores what it does not know; here a slip of the client is to be seen.
    return refuse(400, "invalid_request", 9000410, `Unexpected parameter '${unexpected ?? call.query}'.`);
  }
  if (form.get("grant_type") !== "client_credentials") {
    return refuse(400, "unsupported_grant_type", 70003, `The app requested an unsupported grant type.`);
  }
  const client = seed.clients.find(({ id }) => id === form.get("client_id"));
  if (client === undefined) {
    const id = form.get("client_id") ?? "";
    return refuse(
      400,
      "unauthorized_client",
      700016,
      `Application with identifier '${id}' was not found in the directory.`,
    );
  }
  if (client.secret !== form.get("client_secret")) {
    return refuse(401, "invalid_client", 7000215, "Invalid client secret provided.");
  }
  if (form.get("scope") !== seed.scope) {
    return refuse(400, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.");
  }
  return json(200, {
    token_type: "Bearer",
    expires_in: state.settings.tokenLifetimeSeconds,
    access_token: state.tokens.issue(state.settings.tokenLifetimeSeconds),
  });
}

/** The directory's token endpoint: OAuth 2.0 client credentials. */
export function tokenRoutes(state: () => LivePlatformState): readonly Route[] {
  return [
    {
      api: "token",
      method: "POST",
      url: "/:directory/oauth2/v2.0/token",
      endpoint: (call) => grant(call, state()),
    },
  ];
}
