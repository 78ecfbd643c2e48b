/**
 * What a program imports: two resources, the provider instances that serve them, their arguments, and the types that these are made of.
 * The licences of a whole fleet can also be declared by a file: see `pulumi-voice-licenses/fleet`.
 */
export { CustomerServiceLicense, type CustomerServiceLicenseArgs } from "./program/generated/customer-service-license";
export type { Customer } from "./resources/customer-service-license/customer-lookup";
export type { CustomerQuery } from "./resources/customer-service-license/customer-lookup";
export { type CustomerLookupOptions, getCustomer, getCustomerOutput } from "./program/get-customer";
export { Provider } from "./program/provider";
export type {
  ConnectionArgs,
  LivePlatformArgs,
  ProviderArgs,
  TenantGatewayArgs,
} from "./program/generated/provider-args";
export { LicenseType, type ObservedLicenseType } from "./resources/customer-service-license/license-type";
export type { PendingTask } from "./resources/customer-service-license/state";
export {
  type RemovalPolicy,
  TenantServiceLicenses,
  type TenantServiceLicensesArgs,
} from "./program/generated/tenant-service-licenses";
export type { AllocationMap, LicenseAllocation, LicenseAllocations } from "./program/allocations";
export type { Allocation } from "./resources/tenant-service-licenses/allocation";
export type { Duration } from "./time/duration";
