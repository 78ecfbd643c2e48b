import { z } from "zod";

/** How the gateway and APIO Core behave, apart from what they hold. All of it can be changed while the simulator runs. */
export const gatewaySettings = {
  /** How long a session of the gateway's own login is valid; no page says. */
  sessionLifetimeSeconds: z.number().positive().default(3600),
  /** How long Core's access token is valid; the vendor says "minutes". */
  accessTokenLifetimeSeconds: z.number().positive().default(300),
  /** How long Core's refresh token is valid; no page says. */
  refreshTokenLifetimeSeconds: z.number().positive().default(3600),
  /** Whether the machine-to-machine tokens of users are valid; an administrator can let them expire. */
  machineTokens: z.enum(["valid", "expired"]).default("valid"),
  /** What Core's login answers to a right password. */
  coreLogin: z.enum(["tokens", "twoFactor", "passwordChange"]).default("tokens"),
  /** The reseller whose users all callers are: they see its tenants only. */
  reseller: z.string().min(1).nullable().default(null),
  tenantListAccess: z.enum(["allow", "refuse"]).default("allow"),
  /** Whether the caller is a system administrator, who alone may see the platform's stock. */
  stockAccess: z.enum(["allow", "refuse"]).default("allow"),
  /** What becomes of a GET with a body: a content delivery network answers 403, a load balancer 400, both in HTML. */
  getBody: z.enum(["accept", "forbidden", "badRequest"]).default("accept"),
  /** What a maximum below `currentlyAllocated` or `packsAllocated` does; no page says. */
  belowCurrentlyAllocated: z.enum(["refuse", "accept"]).default("refuse"),
  /** How a PUT answers where a service is refused: a list of results with 207 or 400, or the error of BroadWorks. */
  refusedServices: z.enum(["results207", "results400", "broadworks"]).default("results207"),
  /** Whether the errors of BroadWorks are a list or an object with the keys "0", "1", … */
  broadworksErrors: z.enum(["keyed", "list"]).default("keyed"),
  /** The word for a service that was updated. */
  updatedStatus: z.string().default("updated"),
  /** The form of errors: the documented one, or one of the older ones. */
  errorShape: z.enum(["errors", "details", "list", "text"]).default("errors"),
  /** The key that auditing adds to every reply. */
  auditKey: z.enum(["none", "_internal_record_id", "_record_internal_id"]).default("none"),
};
