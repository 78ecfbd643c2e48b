import type { CredentialSource } from "./credential-holder";
import type { Redactor } from "../transport/redact";

/** A ready Bearer token, which cannot be renewed. `advice` says what to do about one that is refused. */
export function fixedToken(token: string, redactor: Redactor, advice: string): CredentialSource {
  redactor.add(token);
  return {
    obtain: () => Promise.resolve({ credential: { headers: bearer(token) } }),
    renewal: { possible: false, advice },
    endsWith403: false,
  };
}

/** The header that carries a token. */
export function bearer(token: string): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}
