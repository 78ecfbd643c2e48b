/** Keys of the stack's configuration that hold a secret and must be one there. In a file of its own, because every program loads it. */
export const SECRET_KEYS = ["livePlatform:clientSecret", "livePlatform:accessToken", "tenantGateway:password"] as const;
