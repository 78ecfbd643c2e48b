/**
 * What a program imports: two resources, the provider instances that serve them, their arguments, and the types that these are made of.
 * The licences of a whole fleet can also be declared by a file: see `pulumi-voice-licenses/fleet`.
 */
export { CustomerServiceLicense } from "./program/customer-service-license";
export type { CustomerServiceLicenseArgs } from "./resources/customer-service-license/arguments";
export type { Customer } from "./resources/customer-service-license/customer-lookup";
export type { CustomerQuery } from "./resources/customer-service-license/customer-lookup";
export { type CustomerLookupOptions, getCustomer, getCustomerOutput } from "./program/get-customer";
export {
  type ConnectionArgs,
  type LivePlatformArgs,
  Provider,
  type ProviderArgs,
  type TenantGatewayArgs,
} from "./program/provider";
export { LicenseType, type ObservedLicenseType } from "./resources/customer-service-license/license-type";
export type { PendingTask } from "./resources/customer-service-license/state";
export { type AllocationMap, TenantServiceLicenses } from "./program/tenant-service-licenses";
export type {
  LicenseAllocation,
  LicenseAllocations,
  RemovalPolicy,
  TenantServiceLicensesArgs,
} from "./resources/tenant-service-licenses/arguments";
export type { Allocation } from "./resources/tenant-service-licenses/allocation";
export type { Duration } from "./time/duration";
