/** The two kinds of services that a tenant is licensed for, as the gateway names them. */
export const SERVICE_KINDS = ["groupServices", "userServices"] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];
