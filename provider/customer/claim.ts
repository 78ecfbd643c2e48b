import type { Claim } from "../resource/claim";

/** The claim to a customer: `guid` in any case, `null` where it is not known yet. */
export function claimOf(guid: string | null): Claim {
  return ["customer", guid?.toLowerCase() ?? null];
}
