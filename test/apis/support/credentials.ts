import { AuthorizedApi } from "../../../provider/systems/shared/authorized-api";
import { CredentialHolder, type CredentialSource, type Held } from "../../../provider/systems/shared/credential-holder";
import { fixedToken } from "../../../provider/systems/shared/fixed-token";
import type { HttpApi } from "../../../provider/systems/transport/http-api";
import { createRedactor } from "../../../provider/systems/transport/redact";
import { VirtualClock } from "../../support/virtual-clock";

/** A system whose calls carry `headers`, the number of refusals so far filled in for `#`. */
export function renewing(headers: Readonly<Record<string, string>>, endsWith403 = false): CredentialSource {
  let obtained = -1;
  return {
    obtain: () => {
      obtained += 1;
      const filled = Object.entries(headers).map(
        ([name, value]) => [name, value.replace("#", String(obtained))] as const,
      );
      return Promise.resolve({ credential: { headers: Object.fromEntries(filled) } });
    },
    renewal: { possible: true },
    endsWith403,
  };
}

/** A token that stays. */
export function token(text: string): CredentialSource {
  return fixedToken(text, createRedactor(), "Set a fresh one.");
}

/** A connection behind these credentials. */
export function authorized(http: HttpApi, source: CredentialSource, clock = new VirtualClock()): AuthorizedApi {
  return new AuthorizedApi(http, source, clock);
}

/** One header of a source's credentials, as calls would use it. */
interface HeldHeader {
  /** What the next call would carry. */
  readonly next: (signal?: AbortSignal) => Promise<string>;
  /** The system refused this one. */
  readonly refused: (text: string) => boolean;
}

/** The credentials of a source as calls would use them, one header of them. */
export function holding(source: CredentialSource, clock: VirtualClock, header: "Authorization" | "Cookie"): HeldHeader {
  const holder = new CredentialHolder(source, clock);
  const byText = new Map<string, Held>();
  return {
    next: async (signal?: AbortSignal): Promise<string> => {
      const held = await holder.get(signal);
      const text = (held.headers[header] ?? "").replace(/^Bearer /, "");
      byText.set(text, held);
      return text;
    },
    refused: (text: string): boolean => {
      const held = byText.get(text);
      return held !== undefined && holder.giveUp(held);
    },
  };
}
